#include "parts/assembly.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/bill.h"
#include "parts/common.h"
#include "parts/goods.h"
#include "parts/network_names.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "makes", .kind = Kind::reference, .target = "item", .required = true, .description = "What it puts out."},
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where it is put together; parts are taken here."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "Who does it."},
    {.key = "parts",
     .kind = Kind::records,
     .required = true,
     .fields = kPartFields,
     .description = "What one takes, each begun one whether good or not."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "Most that is begun a month. Absent: no limit."},
    {.key = "yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good ones over those begun."},
    {.key = "cost", .kind = Kind::series, .unit = "*", .min = 0, .description = "Work on one, besides its parts; USD."},
    {.key = "lead",
     .kind = Kind::duration,
     .fallback = "\"0 month\"",
     .description = "From parts to a tested item, at the place of delivery."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where the item is then. Default: `place`."},
};

/// Items that are parts of themselves: "tray > board > tray". A walk in depth without recursion, because a scenario may
/// chain as many items as it likes.
class LoopFinder {
 public:
  explicit LoopFinder(const Compile& c) : c_(c) {
    for (const Entry& assembly : c.spec.entries("assembly")) {
      auto& parts = parts_[assembly.text("makes")];
      for (const Entry& part : assembly.records("parts")) {
        if (part.has("item")) parts.push_back(&part);
      }
    }
  }

  /// Reports each part that closes a loop.
  /// @cost O(parts · log items)
  void report() {
    for (const auto& [item, parts] : parts_) {
      if (!seen_.contains(item)) walk(item);
    }
  }

 private:
  struct Step {
    std::string item;
    std::size_t next = 0;  // part to look at
  };

  void enter(const std::string& item) {
    seen_.insert(item);
    depth_[item] = path_.size();
    path_.push_back({item});
  }

  void walk(const std::string& from) {
    enter(from);
    while (!path_.empty()) {
      const auto found = parts_.find(path_.back().item);
      if (found == parts_.end() || path_.back().next == found->second.size()) {
        depth_.erase(path_.back().item);
        path_.pop_back();
        continue;
      }
      const Entry& part = *found->second[path_.back().next++];
      const std::string& item = part.text("item");
      if (const auto open = depth_.find(item); open != depth_.end()) {
        tell(part, open->second);
      } else if (!seen_.contains(item)) {
        enter(item);
      }
    }
  }

  void tell(const Entry& part, std::size_t begin) {
    constexpr std::size_t kNamesMax = 12;  // of a longer loop the first and the last are told
    const std::size_t size = path_.size() - begin;
    std::string names;
    for (std::size_t i = 0; i < size; ++i) {
      if (size > kNamesMax && i == kNamesMax / 2) names += "… > ";
      const bool is_told = size <= kNamesMax || i < kNamesMax / 2 || i >= size - kNamesMax / 2;
      if (is_told) names += path_[begin + i].item + " > ";
    }
    names += path_[begin].item;
    c_.diagnostics.add({.code = Code::bill_loop,
                        .origin = part.where("item"),
                        .message = "item '" + path_[begin].item + "' is a part of itself",
                        .found = names,
                        .expected = "parts that are made before what they are parts of",
                        .help = "leave this part out, or make it by another way"});
  }

  const Compile& c_;
  std::map<std::string, std::vector<const Entry*>> parts_;  // of each item that is made
  std::set<std::string> seen_;
  std::map<std::string, std::size_t> depth_;  // of the items on the path
  std::vector<Step> path_;
};

void compile_assembly(const Compile& c, const Entry& assembly) {
  const CommodityId commodity = c.builder.find_commodity(item_commodity(assembly.text("makes")));
  if (!commodity.valid()) return;
  const Good good{.commodity = commodity,
                  .name = assembly.text("makes"),
                  .unit = c.builder.model().commodities[commodity.index()].unit};
  const PlaceId place = place_of(c, assembly, "place");
  const PlaceId to = assembly.has("delivers_to") ? place_of(c, assembly, "delivers_to") : place;
  const std::vector<BillInput> inputs = add_bill(c, assembly, "parts", place, false);
  Process process;
  process.name = "make_" + assembly.name + "@" + assembly.text("place");
  if (is_process_taken(c, assembly, process.name)) return;
  process.place = place;
  process.owner = party_of(c, assembly, "owner");
  process.grain = Grain::amount;
  process.unit = good.unit;
  process.kind = "assembly";
  for (const BillInput& input : inputs) {
    process.flows.push_back({.commodity = input.commodity, .place = place, .rate = c.builder.by_period([&](int t) {
                               return -c.builder.model().at(input.rate, t);
                             })});
  }
  process.flows.push_back({.commodity = commodity,
                           .place = to,
                           .rate = level_series(c, assembly.series("yield")),
                           .lag = lead_periods(c, assembly, "lead")});
  process.upper = amounts_of(c, assembly, "capacity", good);
  process.cost = price_of(c, assembly, "cost", good);
  process.provenance = provenance(assembly);
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  add_stock(c, good, to, assembly);
  add_measure(c, assembly, place, owner,
              {.table = "supply",
               .name = "made_" + assembly.name,
               .unit = good.unit,
               .kind = TermKind::activity,
               .id = id.value});
}

}  // namespace

constinit const Section kAssemblySection = {
    .name = "assembly",
    .title = "Assembly",
    .description =
        "Parts become an item, which may be a part itself:\n\n"
        "    begun[t] ≤ capacity[t]\n"
        "    item[t + lead] = begun[t] · yield[t]\n\n"
        "Parts, alternates and engineering changes as in a `bill`. No item may be a part of itself, however many "
        "assemblies lie between.",
    .attributes = kAttributes,
};

void compile_assemblies(const Compile& c) {
  LoopFinder(c).report();
  for (const Entry& assembly : c.spec.entries("assembly")) compile_assembly(c, assembly);
}

}  // namespace beltline
