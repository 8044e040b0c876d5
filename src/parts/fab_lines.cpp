#include "parts/fab_lines.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/memory_chain.h"
#include "parts/order_rules.h"

namespace beltline {
namespace {

const Entry* line_of(const Entry& fab, std::string_view product) {
  if (!fab.has("lines")) return nullptr;
  const std::vector<Entry>& lines = fab.records("lines");
  const auto found = std::ranges::find_if(lines, [&](const Entry& line) { return line.text("product") == product; });
  return found == lines.end() ? nullptr : &*found;
}

std::string name_of(std::string_view verb, const Entry& fab, const Entry& conversion) {
  return std::string(verb) + "_" + conversion.text("from") + "_" + conversion.text("to") + "@" + fab.name;
}

void check_lines(const Compile& c, const Entry& fab) {
  std::vector<std::string> seen;
  for (const Entry& line : fab.records("lines")) {
    const std::string& product = line.text("product");
    if (!contains(fab.names("products"), product)) {
      add_contradiction(
          c, {line.where("product"), "a line of fab '" + fab.name + "' names a product that it does not make", product,
              "one of its products", "add it to products, or leave the record out"});
    }
    if (contains(seen, product)) {
      add_contradiction(c, {line.where("product"), "a product has two lines in fab '" + fab.name + "'", product,
                            "each product once", "add their capacities"});
    }
    seen.push_back(product);
  }
}

/// Whether the conversion leads from one line of the fab to another, each pair once.
bool is_sound(const Compile& c, const Entry& fab, const Entry& conversion) {
  for (const std::string_view key : {"from", "to"}) {
    if (line_of(fab, conversion.text(key)) != nullptr) continue;
    add_contradiction(c,
                      {conversion.where(key), "a conversion of fab '" + fab.name + "' names a product without a line",
                       conversion.text(key), "a product of its lines", "add the line, with capacity 0 if it has none"});
    return false;
  }
  if (conversion.text("from") == conversion.text("to")) {
    add_contradiction(c, {conversion.where("to"), "a conversion of fab '" + fab.name + "' leads to where it begins",
                          conversion.text("to"), "another product", "write another product into to"});
    return false;
  }
  if (!c.builder.find_capacity(name_of("leave", fab, conversion)).valid()) return true;
  add_contradiction(
      c, {conversion.where("to"), "fab '" + fab.name + "' has one conversion twice",
          conversion.text("from") + " to " + conversion.text("to"), "each pair of products once", "add up their max"});
  return false;
}

Capacity frame(const Compile& c, const Entry& fab, const Entry& conversion, std::string_view verb) {
  Capacity capacity;
  capacity.name = name_of(verb, fab, conversion);
  capacity.place = place_of(c, fab, "place");
  capacity.owner = party_of(c, fab, "owner");
  capacity.unit = "wafer/month";
  capacity.kind = "conversion";
  capacity.total_max = conversion.number("max");
  capacity.earliest_order = first_period(c, conversion, "earliest");
  capacity.provenance = provenance(fab, "conversions");
  return capacity;
}

/// What is taken off at once and what is back after the downtime, in step.
void add_conversion(const Compile& c, const Entry& fab, const Entry& conversion) {
  Capacity leave = frame(c, fab, conversion, "leave");
  Capacity back = frame(c, fab, conversion, "convert");
  back.lead = lead_periods(c, conversion, "downtime");
  back.capex = level_series(c, conversion.quantity("cost"));
  const CapacityId left = c.builder.add(std::move(leave));
  const CapacityId returned = c.builder.add(std::move(back));
  const Series zero = c.builder.constant(0);
  add_row(c, {.name = name_of("conversion", fab, conversion),
              .kind = "conversion",
              .unit = "wafer/month",
              .terms = {{.kind = TermKind::order, .id = left.value, .coefficient = {}},
                        {.kind = TermKind::order, .id = returned.value, .coefficient = c.builder.constant(-1)}},
              .lower = zero,
              .upper = zero,
              .provenance = provenance(fab, "conversions")});
}

/// How much of a line's room one unit converted takes from t on: what is under way and what is back, of one conversion.
struct Taken {
  CapacityId capacity;
  double wafers = 0;   // a month
  bool always = true;  // false: nothing, and no range leads to anything
};

/// What conversions take from the line of a product, and what they give to it.
std::vector<Taken> converted(const Compile& c, const Entry& fab, std::string_view product) {
  std::vector<Taken> out;
  if (!fab.has("conversions")) return out;
  for (const Entry& conversion : fab.records("conversions")) {
    const CapacityId left = c.builder.find_capacity(name_of("leave", fab, conversion));
    const CapacityId back = c.builder.find_capacity(name_of("convert", fab, conversion));
    if (!left.valid() || !back.valid()) continue;
    const Quantity& lost = conversion.quantity("lost");
    const bool may_differ = lost.low < lost.high;
    if (conversion.text("from") == product) {
      out.push_back({left, -lost.mode, may_differ || lost.mode != 0});
      out.push_back({back, lost.mode - 1, may_differ || lost.mode != 1});
    }
    if (conversion.text("to") == product) out.push_back({back, 1});
  }
  std::erase_if(out, [](const Taken& each) { return !each.always; });
  return out;
}

/// The line's room for wafers as a good of the month: what has it offers it, what is converted stands on it, and every
/// start takes of it.
/// @param family  of the good; `most` wafers a month
void add_line(const Compile& c, const Entry& fab, const std::string& product, std::string_view family,
              const std::vector<ProcessId>& starts, Series most) {
  const CommodityId room = ensure_commodity(c, family, product + "_" + fab.name);
  const PlaceId place = place_of(c, fab, "place");
  const double months = c.builder.calendar().months_per_period;
  Capacity line;
  line.name = std::string(family) + "_" + product + "@" + fab.name;
  line.place = place;
  line.owner = party_of(c, fab, "owner");
  line.unit = "wafer/month";
  line.kind = "fab";
  line.existing = most;
  line.buildable = false;
  line.stand_flows.push_back({.commodity = room, .place = place, .rate = c.builder.constant(months)});
  line.provenance = provenance(fab, "lines");
  c.builder.add(std::move(line));
  for (const Taken& each : converted(c, fab, product)) {
    const Series rate = c.builder.constant(each.wafers * months);
    c.builder.model().capacities[each.capacity.index()].stand_flows.push_back(
        {.commodity = room, .place = place, .rate = rate});
  }
  for (const ProcessId id : starts) {
    c.builder.model().processes[id.index()].flows.push_back(
        {.commodity = room, .place = place, .rate = c.builder.constant(-1)});
  }
}

/// Starts lost while a line stands still: lost · (left − back).
void add_lost(const Compile& c, const Entry& fab, const Entry& conversion) {
  const CapacityId left = c.builder.find_capacity(name_of("leave", fab, conversion));
  const CapacityId back = c.builder.find_capacity(name_of("convert", fab, conversion));
  if (!left.valid() || !back.valid()) return;
  const double lost = conversion.number("lost");
  Measure measure;
  measure.table = "memory";
  measure.name = name_of("conversion_lost", fab, conversion);
  measure.unit = "wafer/month";
  measure.place = place_of(c, fab, "place");
  measure.terms = {{.kind = TermKind::online, .id = left.value, .coefficient = c.builder.constant(lost)},
                   {.kind = TermKind::online, .id = back.value, .coefficient = c.builder.constant(-lost)}};
  measure.provenance = provenance(fab, "conversions");
  c.builder.add(std::move(measure));
}

}  // namespace

constinit const std::array<Attribute, 2> kLineFields = {
    Attribute{.key = "product",
              .kind = Kind::reference,
              .target = "product",
              .required = true,
              .description = "A product of the fab."},
    Attribute{.key = "capacity",
              .kind = Kind::series,
              .unit = "wafer/month",
              .required = true,
              .min = 0,
              .description = "Wafer starts that its line has, all customers together."},
};

constinit const std::array<Attribute, 7> kConversionFields = {
    Attribute{.key = "from",
              .kind = Kind::reference,
              .target = "product",
              .required = true,
              .description = "Product whose line is converted."},
    Attribute{.key = "to",
              .kind = Kind::reference,
              .target = "product",
              .required = true,
              .description = "Product that it makes then."},
    Attribute{.key = "max",
              .kind = Kind::quantity,
              .unit = "wafer/month",
              .required = true,
              .min = 0,
              .description = "Most that may be converted in all."},
    Attribute{.key = "downtime",
              .kind = Kind::duration,
              .required = true,
              .description = "From the old product's last wafer to the new one's first, on the tools that are lost."},
    Attribute{.key = "lost",
              .kind = Kind::quantity,
              .unit = "",
              .fallback = "1",
              .min = 0,
              .max = 1,
              .description = "Share of the converted starts lost during the downtime; the rest goes on with the old "
                             "product until then."},
    Attribute{.key = "cost",
              .kind = Kind::quantity,
              .unit = "USD/(wafer/month)",
              .fallback = "\"0 USD/(wafer/month)\"",
              .min = 0,
              .description = "Tools and work."},
    Attribute{.key = "earliest", .kind = Kind::month, .description = "First month in which it may begin."},
};

void add_fab_lines(const Compile& c, const Entry& fab) {
  if (fab.has("lines")) check_lines(c, fab);
  if (fab.has("conversions")) {
    for (const Entry& conversion : fab.records("conversions")) {
      if (!is_sound(c, fab, conversion)) continue;
      add_conversion(c, fab, conversion);
      add_lost(c, fab, conversion);
    }
  }
  if (!fab.has("lines") || c.diagnostics.has_errors()) return;
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& share = fab.series("programme_share_max");
  for (const Entry& line : fab.records("lines")) {
    const ProcessId starts = c.builder.find_process("fab_" + line.text("product") + "@" + fab.name);
    if (!starts.valid()) continue;
    add_line(c, fab, line.text("product"), "fab_line", {starts}, c.builder.by_period([&](int t) {
      return monthly(calendar, line.series("capacity"), t) * share.at(calendar, t, 0);
    }));
  }
}

void add_shared_line(const Compile& c, const Entry& fab, const std::string& product,
                     const std::vector<ProcessId>& starts) {
  const Entry* line = line_of(fab, product);
  if (line == nullptr) return;
  const Calendar& calendar = c.builder.calendar();
  add_line(c, fab, product, "shared_fab_line", starts,
           c.builder.by_period([&](int t) { return monthly(calendar, line->series("capacity"), t); }));
}

}  // namespace beltline
