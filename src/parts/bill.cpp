#include "parts/bill.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr double kRounding = 1e-9;  // of shares that add up

/// One part, or one alternate of a part, of a bill.
struct PartLine {
  const Entry* record = nullptr;
  Good good;
  double amount = 0;  // of a part; of an alternate that of what it stands in for
  double ratio = 1;
  int first = 0;  // periods in which it is in force
  int last = 0;

  [[nodiscard]] bool holds(int t) const { return t >= first && t <= last; }
};

struct PartSlot {
  PartLine main;
  std::vector<PartLine> alternates;

  /// Whether the part is needed in a period: itself or an alternate is in force.
  [[nodiscard]] bool holds(int t) const {
    return main.holds(t) || std::ranges::any_of(alternates, [&](const PartLine& line) { return line.holds(t); });
  }
};

std::string owner_of(const Entry& entry) {
  return std::string(entry.section->name) + " '" + entry.name + "'";
}

/// Periods of `from` and `until`, both inclusive; none where they end before they begin.
bool set_window(const Compile& c, const Entry& owner, PartLine& line) {
  const Calendar& calendar = c.builder.calendar();
  const Entry& record = *line.record;
  line.last = calendar.period_count - 1;
  if (record.has("from") && record.has("until") && record.month("until") < record.month("from")) {
    fault(c, Code::empty_window, record, "until",
          {.message = "part '" + line.good.name + "' of " + owner_of(owner) + " ends before it begins",
           .found = to_string(record.month("until")),
           .expected = to_string(record.month("from")) + " or later",
           .help = "write a later until, or an earlier from"});
    return false;
  }
  if (record.has("from")) line.first = calendar.period_of(record.month("from"));
  if (record.has("until")) line.last = calendar.period_of(record.month("until"));
  return true;
}

/// The parts of a bill by what they are; alternates stand beside the part that they stand in for.
class BillReader {
 public:
  BillReader(const Compile& c, const Entry& owner, std::string_view key) : c_(c), owner_(owner), key_(key) {}

  std::optional<std::vector<PartSlot>> read() {
    for (const Entry& record : owner_.records(key_)) read_line(record);
    for (const auto& [part, lines] : alternates_) {
      const auto found = places_.find(part);
      if (found == places_.end()) {
        no_such_part(part, *lines.front().record);
        continue;
      }
      PartSlot& slot = slots_[found->second];
      slot.alternates = lines;
      for (PartLine& line : slot.alternates) line.amount = slot.main.amount;
      check_shares(slot);
      warn_if_uncovered(slot);
    }
    if (is_faulty_) return std::nullopt;
    return std::move(slots_);
  }

 private:
  void read_line(const Entry& record) {
    const std::optional<Good> good = good_of(c_, record, "a part of " + owner_of(owner_));
    if (!good) {
      is_faulty_ = true;
      return;
    }
    PartLine line{.record = &record, .good = *good};
    is_faulty_ |= !set_window(c_, owner_, line);
    if (record.has("instead_of")) {
      line.ratio = record.number("ratio");
      refuse(record, "amount", "an alternate takes the amount of what it stands in for");
      if (good->name == record.text("instead_of")) {
        complain(record, "instead_of", Code::inconsistent,
                 "an alternate of " + owner_of(owner_) + " stands in for itself", good->name, "another part",
                 "name the part that it may stand in for, or leave the record out");
        return;
      }
      alternates_[record.text("instead_of")].push_back(line);
      return;
    }
    for (const std::string_view key : {"ratio", "share", "share_min"}) refuse(record, key, "only an alternate has it");
    if (places_.contains(good->name)) {
      complain(record, record.has("item") ? "item" : "commodity", Code::inconsistent,
               "part '" + good->name + "' stands twice in " + owner_of(owner_), good->name, "each part once",
               "add up their amounts, or write instead_of in one of them");
      return;
    }
    if (!record.has("amount")) {
      complain(record, "amount", Code::missing_key,
               "part '" + good->name + "' of " + owner_of(owner_) + " has no amount", {},
               "how much of it one unit takes", "add amount = 1");
      return;
    }
    const std::optional<double> amount = amount_of(c_, record, "amount", *good);
    is_faulty_ |= !amount;
    line.amount = amount.value_or(0);
    places_.emplace(good->name, slots_.size());
    slots_.push_back({.main = line, .alternates = {}});
  }

  void refuse(const Entry& record, std::string_view key, const std::string& why) {
    // a default was not written
    if (!record.has(key) || record.value(key).is_default) return;
    complain(record, key, Code::inconsistent,
             std::string(key) + " of a part of " + owner_of(owner_) + " has no meaning", {}, why,
             "leave out " + std::string(key));
  }

  void no_such_part(const std::string& part, const Entry& record) {
    complain(record, "instead_of", Code::dangling_reference,
             "an alternate of " + owner_of(owner_) + " stands in for no part of it", part,
             "the name of one of its parts", "name a part that the same bill has");
  }

  /// In every period the alternates in force may together cover no more than the whole.
  void check_shares(const PartSlot& slot) {
    for (int t = 0; t < c_.builder.calendar().period_count; ++t) {
      double most = 0;
      for (const PartLine& line : slot.alternates) {
        if (!line.holds(t)) continue;
        most += line.record->number("share");
        if (line.record->number("share_min") > line.record->number("share")) {
          complain(*line.record, "share_min", Code::inconsistent,
                   "share_min of an alternate of '" + slot.main.good.name + "' is above its share",
                   std::to_string(line.record->number("share_min")),
                   "at most " + std::to_string(line.record->number("share")), "lower the one or raise the other");
          return;
        }
      }
      if (most <= 1 + kRounding) continue;
      complain(*slot.alternates.back().record, "share", Code::alternates_above_one,
               "alternates of '" + slot.main.good.name + "' in " + owner_of(owner_) + " add up to more than 1",
               std::to_string(most) + " in " + c_.builder.calendar().label(t), "shares that add up to at most 1",
               "write smaller shares, or until and from that do not overlap");
      return;
    }
  }

  /// Where a part has ended and its alternates may not cover all, nothing can be made: that is worth a word.
  void warn_if_uncovered(const PartSlot& slot) {
    for (int t = 0; t < c_.builder.calendar().period_count; ++t) {
      if (slot.main.holds(t) || !slot.holds(t)) continue;
      double most = 0;
      for (const PartLine& line : slot.alternates) most += line.holds(t) ? line.record->number("share") : 0;
      if (most >= 1 - kRounding) continue;
      c_.diagnostics.add({.code = Code::inconsistent,
                          .severity = Severity::warning,
                          .origin = slot.alternates.back().record->where("share"),
                          .message = "nothing can be made of " + owner_of(owner_) + " while part '" +
                                     slot.main.good.name + "' is out of force and its alternates may not cover all",
                          .found = std::to_string(most) + " in " + c_.builder.calendar().label(t),
                          .expected = "shares that add up to 1",
                          .help = "write share = 1 for what replaces the part, or end its alternates with it"});
      return;
    }
  }

  void complain(const Entry& record, std::string_view key, Code code, std::string message, std::string found,
                std::string expected, std::string help) {
    is_faulty_ = true;
    c_.diagnostics.add({.code = code,
                        .origin = record.where(key),
                        .message = std::move(message),
                        .found = std::move(found),
                        .expected = std::move(expected),
                        .help = std::move(help)});
  }

  const Compile& c_;
  const Entry& owner_;
  std::string_view key_;
  std::vector<PartSlot> slots_;
  std::map<std::string, std::size_t> places_;                // of parts in slots_, by name
  std::map<std::string, std::vector<PartLine>> alternates_;  // by what they stand in for
  bool is_faulty_ = false;
};

/// Processes and limits of a part that may be covered in several ways.
class SlotBuilder {
 public:
  SlotBuilder(const Compile& c, const Entry& owner, const PartSlot& slot, PlaceId place)
      : c_(c), owner_(owner), slot_(slot), place_(place), suffix_("@" + c.builder.model().places[place.index()].name) {}

  CommodityId build() {
    const std::string name = "part_" + owner_.name + "_" + slot_.main.good.name;
    part_ = c_.builder.find_commodity(name);
    if (!part_.valid()) {
      part_ = c_.builder.add(Commodity{
          .name = name, .unit = slot_.main.good.unit, .grain = Grain::amount, .titles = {}, .provenance = origin()});
    }
    if (is_built()) return part_;
    add_use(slot_.main);
    for (const PartLine& line : slot_.alternates) add_use(line);
    for (std::size_t i = 0; i < slot_.alternates.size(); ++i) add_shares(slot_.alternates[i], uses_[i + 1]);
    return part_;
  }

  /// For orders, which cannot tell months apart: while neither the part nor an alternate is in force nothing is needed.
  void waive() {
    Process process = frame("waive_" + owner_.name + "_" + slot_.main.good.name + suffix_);
    if (c_.builder.find_process(process.name).valid()) return;
    process.flows.push_back({.commodity = part_, .place = place_, .rate = c_.builder.constant(1)});
    process.upper = c_.builder.by_period([&](int t) { return slot_.holds(t) ? 0.0 : kNoLimit; });
    c_.builder.add(std::move(process));
  }

 private:
  static constexpr double kNoLimit = std::numeric_limits<double>::infinity();

  [[nodiscard]] Provenance origin() const { return provenance(owner_); }

  [[nodiscard]] Process frame(std::string name) const {
    Process process;
    process.name = std::move(name);
    process.place = place_;
    process.grain = Grain::amount;
    process.unit = slot_.main.good.unit;
    process.kind = "part";
    process.provenance = origin();
    return process;
  }

  struct Use {
    ProcessId id;
    std::string name;  // "racks_switch@plant": what its process and limits are called after their first word
  };

  /// Another process of the bill at the place took the part already.
  [[nodiscard]] bool is_built() const {
    return std::ranges::any_of(c_.builder.model().processes, [&](const Process& process) {
      return process.kind == "part" && std::ranges::any_of(process.flows, [&](const Flow& flow) {
               return flow.commodity == part_ && flow.place == place_;
             });
    });
  }

  /// One good may stand in for two parts, or for one in two ways by date: each use has a name of its own.
  [[nodiscard]] std::string free_name(const PartLine& line) const {
    const auto is_free = [&](const std::string& name) { return !c_.builder.find_process("use_" + name).valid(); };
    const std::string plain = owner_.name + "_" + line.good.name;
    if (is_free(plain + suffix_)) return plain + suffix_;
    const std::string full = plain + "_for_" + slot_.main.good.name;
    std::string name = full + suffix_;
    for (int i = 2; !is_free(name); ++i) name = full + "_" + std::to_string(i) + suffix_;
    return name;
  }

  void add_use(const PartLine& line) {
    const std::string name = free_name(line);
    Process process = frame("use_" + name);
    process.flows.push_back(
        {.commodity = line.good.commodity, .place = place_, .rate = c_.builder.constant(-line.ratio)});
    process.flows.push_back({.commodity = part_, .place = place_, .rate = c_.builder.constant(1)});
    const int last = c_.builder.calendar().period_count - 1;
    if (line.first > 0 || line.last < last) {
      process.upper = c_.builder.by_period([&](int t) { return line.holds(t) ? kNoLimit : 0.0; });
    }
    uses_.push_back({c_.builder.add(std::move(process)), name});
  }

  /// use ≤ share · all uses, and ≥ share_min · all uses.
  void add_shares(const PartLine& line, const Use& own) {
    const auto limit = [&](std::string_view what, double share, bool is_upper) {
      Limit row;
      row.name = std::string(what) + "_" + own.name;
      row.unit = slot_.main.good.unit;
      row.kind = "share";
      for (const Use& use : uses_) {
        row.terms.push_back({.kind = TermKind::activity,
                             .id = use.id.value,
                             .coefficient = c_.builder.constant((use.id == own.id ? 1 : 0) - share)});
      }
      (is_upper ? row.upper : row.lower) = c_.builder.constant(0);
      row.provenance = origin();
      c_.builder.add(std::move(row));
    };
    if (const double share = line.record->number("share"); share < 1) limit("share", share, true);
    const double least = line.record->number("share_min");
    if (least <= 0) return;
    limit("share_min", least, false);
    // where it is not in force it cannot be asked for
    Limit& row = c_.builder.model().limits.back();
    row.first = std::max(line.first, 0);
    row.last = line.last;
  }

  const Compile& c_;
  const Entry& owner_;
  const PartSlot& slot_;
  PlaceId place_;
  std::string suffix_;
  CommodityId part_;
  std::vector<Use> uses_;
};

template <class Entities>
std::vector<std::size_t> named(const Entities& entities, std::string_view pattern) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (matches(pattern, entities[i].name)) found.push_back(i);
  }
  return found;
}

void add_to_process(const Compile& c, const Entry& bill, std::size_t index) {
  Process& process = c.builder.model().processes[index];
  if (process.grain == Grain::rate) {
    fault(c, Code::grain_mismatch, bill, "process",
          {.message = "bill '" + bill.name + "' names process '" + process.name + "', which is a rate",
           .found = "a rate in " + process.unit,
           .expected = "an amount",
           .help = "name a process that makes pieces, or a capacity"});
    return;
  }
  const PlaceId place = bill.has("place") ? place_of(c, bill, "place") : process.place;
  for (const BillInput& input : add_bill(c, bill, "parts", place, false)) {
    const Series taken = c.builder.by_period([&](int t) { return -c.builder.model().at(input.rate, t); });
    // adding processes may have moved them
    c.builder.model().processes[index].flows.push_back({.commodity = input.commodity, .place = place, .rate = taken});
  }
}

void add_to_capacity(const Compile& c, const Entry& bill, std::size_t index) {
  const Capacity& capacity = c.builder.model().capacities[index];
  const PlaceId place = bill.has("place") ? place_of(c, bill, "place") : capacity.place;
  const int offset = lead_periods(c, bill, "after");
  for (const BillInput& input : add_bill(c, bill, "parts", place, true)) {
    c.builder.model().capacities[index].build_flows.push_back({.commodity = input.commodity,
                                                               .place = place,
                                                               .amount = -c.builder.model().at(input.rate, 0),
                                                               .offset = offset});
  }
}

void compile_bill(const Compile& c, const Entry& bill) {
  const bool has_process = bill.has("process");
  if (has_process == bill.has("capacity")) {
    c.diagnostics.add({.code = has_process ? Code::inconsistent : Code::missing_key,
                       .origin = has_process ? bill.where("capacity") : bill.origin,
                       .message = "bill '" + bill.name + "' needs either process or capacity",
                       .found = has_process ? "both" : "neither",
                       .expected = "one of them",
                       .help = "add process = \"assemble_*\" or capacity = \"hall@*\""});
    return;
  }
  const std::string_view key = has_process ? "process" : "capacity";
  const Model& model = c.builder.model();
  const auto found = has_process ? named(model.processes, bill.text(key)) : named(model.capacities, bill.text(key));
  if (found.empty()) {
    fault(c, Code::dangling_reference, bill, key,
          {.message = std::string(key) + " of bill '" + bill.name + "' fits nothing",
           .found = bill.text(key),
           .expected = "the name of a " + std::string(key) + ", or a pattern with '*' that fits one",
           .help = "write a name that the tables of a plan show, or a pattern"});
  }
  for (const std::size_t index : found) {
    if (has_process) {
      add_to_process(c, bill, index);
    } else {
      add_to_capacity(c, bill, index);
    }
    if (c.diagnostics.has_errors()) return;  // what one tells, all would tell
  }
}

}  // namespace

std::vector<BillInput> add_bill(const Compile& c, const Entry& entry, std::string_view key, PlaceId place,
                                bool constant) {
  const std::optional<std::vector<PartSlot>> slots = BillReader(c, entry, key).read();
  std::vector<BillInput> inputs;
  if (!slots || !place.valid()) return inputs;
  const int last = c.builder.calendar().period_count - 1;
  for (const PartSlot& slot : *slots) {
    const bool has_window = slot.main.first > 0 || slot.main.last < last;
    add_stock(c, slot.main.good, place, entry);
    for (const PartLine& line : slot.alternates) add_stock(c, line.good, place, entry);
    if (slot.alternates.empty() && !(constant && has_window)) {
      const double amount = slot.main.amount;
      inputs.push_back(
          {slot.main.good.commodity, c.builder.by_period([&](int t) { return slot.main.holds(t) ? amount : 0.0; })});
      continue;
    }
    SlotBuilder builder(c, entry, slot, place);
    const CommodityId part = builder.build();
    const double amount = slot.main.amount;
    bool is_always = true;
    for (int t = 0; t <= last; ++t) is_always = is_always && slot.holds(t);
    if (constant && !is_always) builder.waive();
    inputs.push_back({part, constant || is_always ? c.builder.constant(amount) : c.builder.by_period([&](int t) {
                        return slot.holds(t) ? amount : 0.0;
                      })});
  }
  return inputs;
}

void compile_bills(const Compile& c) {
  for (const Entry& bill : c.spec.entries("bill")) compile_bill(c, bill);
}

}  // namespace beltline
