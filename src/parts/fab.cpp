#include "parts/fab.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/fab_capacity.h"
#include "parts/fab_lines.h"
#include "parts/memory_chain.h"
#include "parts/product.h"
#include "parts/qualification.h"

namespace beltline {
namespace {

/// The two rows a wafer start may stand in.
struct Lines {
  CapacityId wafers;
  CapacityId hbm;  // invalid: no limit of its own
};

/// What one capacity of a fab is made from.
struct LineKeys {
  std::string name;
  std::string_view capacity;                                   // key it stands under
  double (*of)(const Calendar&, const Entry&, int) = nullptr;  // wafers a month in period t, all customers
  const SeriesValue& share;
  std::string_view expansion;
};

CapacityId add_line(const Compile& c, const Entry& fab, const LineKeys& keys) {
  const Calendar& calendar = c.builder.calendar();
  Capacity line;
  line.name = keys.name;
  line.place = place_of(c, fab, "place");
  line.owner = party_of(c, fab, "owner");
  line.unit = "wafer/month";
  line.kind = "fab";
  // the programme's part of it: expansions are the programme's own, so the share must not cut them
  line.existing = c.builder.by_period([&](int t) { return keys.of(calendar, fab, t) * keys.share.at(calendar, t, 0); });
  line.buildable = fab.has(keys.expansion) && fab.number(keys.expansion) > 0;
  if (line.buildable) {
    line.total_max = fab.number(keys.expansion);
    line.lead = lead_periods(c, fab, "expansion_lead");
    line.capex = level_series(c, fab.quantity("expansion_capex"));
  }
  line.provenance = provenance(fab, keys.capacity);
  return c.builder.add(std::move(line));
}

const SeriesValue& hbm_share(const Entry& fab) {
  return fab.series(fab.has("hbm_share_max") ? "hbm_share_max" : "programme_share_max");
}

Lines add_lines(const Compile& c, const Entry& fab) {
  Lines lines;
  lines.wafers = add_line(
      c, fab, {"wspm@" + fab.name, "capacity", wafer_capacity, fab.series("programme_share_max"), "expansion_max"});
  if (fab.has("hbm_max")) {
    lines.hbm = add_line(c, fab, {"tsv@" + fab.name, "hbm_max", hbm_capacity, hbm_share(fab), "expansion_hbm_max"});
  }
  return lines;
}

/// Wafers of the product that may be started for the programme in a period; 0 before its first month.
Series starts_max(const Compile& c, const Entry& fab, const Entry& product) {
  const Calendar& calendar = c.builder.calendar();
  const int first = first_period(c, product, "earliest");
  const SeriesValue* mix = nullptr;
  if (fab.has("mix")) {
    for (const Entry& record : fab.records("mix")) {
      if (record.text("product") == product.name) mix = &record.series("starts_max");
    }
  }
  if (first == 0 && mix == nullptr) return {};
  const SeriesValue& share = is_hbm(product) ? hbm_share(fab) : fab.series("programme_share_max");
  const double expansion = fab.has("expansion_max") ? fab.number("expansion_max") : 0;
  return c.builder.by_period([&](int t) {
    if (t < first) return 0.0;
    // without a limit of its own, all that the fab can start
    const double wspm = mix != nullptr ? monthly(calendar, *mix, t) * share.at(calendar, t, 0)
                                       : wafer_capacity(calendar, fab, t) + expansion;
    return wspm * calendar.months_per_period;
  });
}

PlaceId output_place(const Compile& c, const Entry& fab, const Entry& product) {
  return is_hbm(product) ? stacking_place(c, fab) : host_place(c, product);
}

/// What a wafer of each product gives, by period: the same in every fab, and so computed once.
class Outputs {
 public:
  Series of(const Compile& c, const Entry& product) {
    const auto [found, is_new] = by_product_.try_emplace(product.name);
    if (is_new) {
      const Calendar& calendar = c.builder.calendar();
      found->second = c.builder.by_period([&](int t) { return output_per_wafer(calendar, product, t); });
    }
    return found->second;
  }

 private:
  std::map<std::string, Series> by_product_;
};

/// What the product's buyer pays the maker per wafer started.
/// @param output  what a wafer gives
void add_payments(const Compile& c, const Entry& product, Series output, Process& process) {
  const Calendar& calendar = c.builder.calendar();
  const PartyId buyer = party_of(c, product, "buyer");
  if (product.has("wafer_price")) {
    add_payment(process, {buyer, process.owner, level_series(c, product.series("wafer_price")), "wafers"});
  }
  if (product.has("price") && !is_hbm(product)) {
    const SeriesValue& per_unit = product.series("price");
    const Model& model = c.builder.model();
    const Series price = c.builder.by_period([&](int t) { return per_unit.at(calendar, t, 0) * model.at(output, t); });
    add_payment(process, {buyer, process.owner, price, "host memory"});
  }
}

ProcessId add_starts(const Compile& c, const Entry& fab, const Entry& product, const Lines& lines, PlaceId to,
                     Outputs& outputs) {
  const Calendar& calendar = c.builder.calendar();
  const Series output = outputs.of(c, product);
  const Series per_month = c.builder.constant(1.0 / calendar.months_per_period);
  Process process;
  process.name = "fab_" + product.name + "@" + fab.name;
  process.place = place_of(c, fab, "place");
  process.owner = party_of(c, fab, "owner");
  process.grain = Grain::amount;
  process.unit = "wafer";
  process.kind = "fab";
  add_output(c, process,
             {.commodity = product_commodity(c, product),
              .place = to,
              .rate = output,
              .lag = lead_periods(c, product, "cycle_time")},
             qualified_period(c, product));
  process.uses.push_back({lines.wafers, per_month});
  if (is_hbm(product) && lines.hbm.valid()) process.uses.push_back({lines.hbm, per_month});
  process.upper = starts_max(c, fab, product);
  add_payments(c, product, output, process);
  process.provenance = provenance(fab);
  return c.builder.add(std::move(process));
}

/// Records of `mix` and `backlog` must name products of the fab, each once.
void check_records(const Compile& c, const Entry& fab, std::string_view key) {
  if (!fab.has(key)) return;
  std::vector<std::string> seen;
  for (const Entry& record : fab.records(key)) {
    const std::string& product = record.text("product");
    if (!contains(fab.names("products"), product)) {
      add_contradiction(c, {record.where("product"),
                            std::string(key) + " of fab '" + fab.name + "' names a product that it does not make",
                            product, "one of its products", "add it to products, or leave the record out"});
    }
    if (contains(seen, product)) {
      add_contradiction(
          c, {record.where("product"), std::string(key) + " of fab '" + fab.name + "' names a product twice", product,
              "each product once", "leave out one of the two"});
    }
    seen.push_back(product);
  }
}

void add_backlogs(const Compile& c, const Entry& fab, Outputs& outputs) {
  if (!fab.has("backlog")) return;
  for (const Entry& record : fab.records("backlog")) {
    const Entry* product = c.spec.find("product", record.text("product"));
    if (product == nullptr) continue;
    const PlaceId to = output_place(c, fab, *product);
    const std::string name = "backlog_" + product->name + "@" + fab.name;
    if (!to.valid() || c.builder.find_process(name).valid()) continue;
    add_backlog(c,
                {.name = name,
                 .unit = "wafer",
                 .commodity = product_commodity(c, *product),
                 .place = to,
                 .owner = party_of(c, fab, "owner"),
                 .rate = record.quantity("starts"),
                 .lag = lead_periods(c, *product, "cycle_time"),
                 .output = outputs.of(c, *product),
                 .first_use = qualified_period(c, *product)},
                fab);
  }
}

/// Starts by family, of the whole, of each maker and of each fab.
class StartMeasures {
 public:
  void add(const Entry& fab, PlaceId place, PartyId owner, bool hbm, ProcessId process) {
    const auto f = static_cast<std::size_t>(hbm ? 0 : 1);
    all_[f].push_back(process);
    by_owner_[owner][f].push_back(process);
    auto& one = by_fab_[fab.name];
    one.place = place;
    one.owner = owner;
    one.entry = &fab;
    one.processes[f].push_back(process);
  }

  void finish(const Compile& c) const {
    constexpr std::array<std::string_view, 2> kFamilies = {"hbm", "host"};
    for (std::size_t f = 0; f < 2; ++f) {
      const std::string name = "wafer_starts_" + std::string(kFamilies[f]);
      add_measure(c, {.name = name}, all_[f]);
      for (const auto& [owner, processes] : by_owner_) {
        if (owner.valid()) add_measure(c, {.name = name, .party = owner}, processes[f]);
      }
      for (const auto& [fab, one] : by_fab_) {
        add_measure(
            c, {.name = name + "@" + fab, .place = one.place, .party = one.owner, .provenance = provenance(*one.entry)},
            one.processes[f]);
      }
    }
    std::vector<ProcessId> both = all_[0];
    both.insert(both.end(), all_[1].begin(), all_[1].end());
    add_measure(c, {.name = "wafer_starts"}, both);
  }

 private:
  struct One {
    PlaceId place;
    PartyId owner;
    const Entry* entry = nullptr;
    std::array<std::vector<ProcessId>, 2> processes;
  };

  static void add_measure(const Compile& c, Measure measure, std::span<const ProcessId> processes) {
    measure.table = "memory";
    measure.unit = "wafer/month";
    add_monthly_measure(c, std::move(measure), processes);
  }

  std::array<std::vector<ProcessId>, 2> all_;
  std::map<PartyId, std::array<std::vector<ProcessId>, 2>> by_owner_;
  std::map<std::string, One> by_fab_;
};

void compile_fab(const Compile& c, const Entry& fab, StartMeasures& measures, Outputs& outputs) {
  const Calendar& calendar = c.builder.calendar();
  check_records(c, fab, "mix");
  check_records(c, fab, "backlog");
  check_ramps(c, fab);
  const Lines lines = add_lines(c, fab);
  bool any_hbm = false;
  for (const std::string& name : fab.names("products")) {
    const Entry* product = c.spec.find("product", name);
    if (product == nullptr) continue;
    any_hbm = any_hbm || is_hbm(*product);
    const PlaceId to = output_place(c, fab, *product);
    // a product listed twice is made once
    if (!to.valid() || c.builder.find_process("fab_" + name + "@" + fab.name).valid()) continue;
    const ProcessId process = add_starts(c, fab, *product, lines, to, outputs);
    add_inventory(c, product_commodity(c, *product), to,
                  kHoldingShare * calendar.months_per_period * product_value(calendar, *product), *product);
    measures.add(fab, place_of(c, fab, "place"), party_of(c, fab, "owner"), is_hbm(*product), process);
  }
  if (fab.has("hbm_max") && !any_hbm) {
    add_contradiction(c, {fab.where("hbm_max"),
                          "fab '" + fab.name + "' has HBM capacity but makes no HBM product",
                          {},
                          "a product of family hbm among its products",
                          "leave hbm_max out"});
  }
  if (fab.has("hbm_share_max") && !fab.has("hbm_max") && !fab.has("mix")) {
    c.diagnostics.add({.code = Code::unused,
                       .severity = Severity::warning,
                       .origin = fab.where("hbm_share_max"),
                       .message = "hbm_share_max of fab '" + fab.name + "' has no effect without hbm_max or mix",
                       .found = {},
                       .expected = "hbm_max",
                       .help = "write the share as programme_share_max where all of the fab is HBM"});
  }
  add_fab_lines(c, fab);
  add_backlogs(c, fab, outputs);
}

}  // namespace

PlaceId stacking_place(const Compile& c, const Entry& fab) {
  return place_of(c, fab, fab.has("stack_place") ? "stack_place" : "place");
}

PlaceId host_place(const Compile& c, const Entry& product) {
  return place_or_only(c, product, "delivers_to", {.section = "rack", .key = "place"});
}

Supply die_supply(const Compile& c, std::string_view product, PlaceId place) {
  Supply supply;
  for (const Entry& fab : c.spec.entries("fab")) {
    if (!contains(fab.names("products"), product)) continue;
    supply.made = true;
    supply.arrives = supply.arrives || stacking_place(c, fab) == place;
  }
  return supply;
}

void compile_fabs(const Compile& c) {
  StartMeasures measures;
  Outputs outputs;
  for (const Entry& fab : c.spec.entries("fab")) compile_fab(c, fab, measures, outputs);
  measures.finish(c);
}

}  // namespace beltline
