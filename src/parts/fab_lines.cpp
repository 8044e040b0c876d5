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

/// What conversions take from the line of a product, as terms of the left side of its row.
std::vector<Term> converted(const Compile& c, const Entry& fab, std::string_view product) {
  std::vector<Term> terms;
  if (!fab.has("conversions")) return terms;
  const auto add = [&](CapacityId id, double coefficient) {
    if (coefficient == 0) return;
    terms.push_back({.kind = TermKind::online, .id = id.value, .coefficient = c.builder.constant(coefficient)});
  };
  for (const Entry& conversion : fab.records("conversions")) {
    const CapacityId left = c.builder.find_capacity(name_of("leave", fab, conversion));
    const CapacityId back = c.builder.find_capacity(name_of("convert", fab, conversion));
    if (!left.valid() || !back.valid()) continue;
    const double lost = conversion.number("lost");
    if (conversion.text("from") == product) {
      add(left, lost);
      add(back, 1 - lost);
    }
    if (conversion.text("to") == product) add(back, -1);
  }
  return terms;
}

void add_line_row(const Compile& c, const Entry& fab, const std::string& product, std::string_view prefix,
                  const std::vector<ProcessId>& starts, Series most) {
  std::vector<Term> terms = converted(c, fab, product);
  const Series per_month = c.builder.constant(1.0 / c.builder.calendar().months_per_period);
  for (const ProcessId id : starts) {
    terms.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = per_month});
  }
  add_row(c, {.name = std::string(prefix) + "_" + product + "@" + fab.name,
              .kind = "fab",
              .unit = "wafer/month",
              .terms = std::move(terms),
              .lower = {},
              .upper = most,
              .provenance = provenance(fab, "lines")});
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
      if (is_sound(c, fab, conversion)) add_conversion(c, fab, conversion);
    }
  }
  if (!fab.has("lines") || c.diagnostics.has_errors()) return;
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& share = fab.series("programme_share_max");
  for (const Entry& line : fab.records("lines")) {
    const ProcessId starts = c.builder.find_process("fab_" + line.text("product") + "@" + fab.name);
    if (!starts.valid()) continue;
    add_line_row(c, fab, line.text("product"), "line", {starts}, c.builder.by_period([&](int t) {
      return monthly(calendar, line.series("capacity"), t) * share.at(calendar, t, 0);
    }));
  }
}

void add_shared_line(const Compile& c, const Entry& fab, const std::string& product,
                     const std::vector<ProcessId>& starts) {
  const Entry* line = line_of(fab, product);
  if (line == nullptr) return;
  const Calendar& calendar = c.builder.calendar();
  add_line_row(c, fab, product, "shared_line", starts,
               c.builder.by_period([&](int t) { return monthly(calendar, line->series("capacity"), t); }));
}

}  // namespace beltline
