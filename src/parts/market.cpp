#include "parts/market.h"

#include <limits>
#include <map>

#include "parts/common.h"
#include "parts/fab_capacity.h"
#include "parts/fab_lines.h"
#include "parts/memory_chain.h"
#include "parts/order_rules.h"
#include "parts/product.h"

namespace beltline {
namespace {

/// What is started of one product at a fab: for the programme and for markets.
struct Starts {
  std::map<std::string, std::vector<ProcessId>> by_product;
  std::vector<ProcessId> all;
  std::vector<ProcessId> hbm;
};

Starts starts_at(const Compile& c, const Entry& fab, const std::vector<Market>& markets) {
  Starts starts;
  const auto note = [&](const Entry& product, ProcessId id) {
    if (!id.valid()) return;
    starts.by_product[product.name].push_back(id);
    starts.all.push_back(id);
    if (is_hbm(product)) starts.hbm.push_back(id);
  };
  for (const Entry& product : c.spec.entries("product")) {
    if (!contains(fab.names("products"), product.name)) continue;
    note(product, c.builder.find_process("fab_" + product.name + "@" + fab.name));
    for (const Market& market : markets) {
      if (market.product->name == product.name) note(product, c.builder.find_process(market.name + "@" + fab.name));
    }
  }
  return starts;
}

/// Σ starts / months − expansions ≤ most.
void add_shared(const Compile& c, const Entry& fab, const std::string& name, const std::vector<ProcessId>& starts,
                std::string_view expansion, Series most) {
  const Series per_month = c.builder.constant(1.0 / c.builder.calendar().months_per_period);
  Row row{.name = name + "@" + fab.name, .kind = "fab", .unit = "wafer/month"};
  for (const ProcessId id : starts) {
    row.terms.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = per_month});
  }
  const CapacityId line =
      expansion.empty() ? CapacityId() : c.builder.find_capacity(std::string(expansion) + "@" + fab.name);
  if (line.valid() && c.builder.model().capacities[line.index()].buildable) {
    row.terms.push_back({.kind = TermKind::built, .id = line.value, .coefficient = c.builder.constant(-1)});
  }
  row.upper = most;
  row.provenance = provenance(fab, "capacity");
  add_row(c, std::move(row));
}

}  // namespace

PlaceId add_market(const Compile& c, const Market& market) {
  const PlaceId place = place_of(c, *market.fabs.front(), "place");
  const CommodityId commodity = c.builder.add(Commodity{.name = market.name,
                                                        .unit = "wafer",
                                                        .grain = Grain::amount,
                                                        .disposable = false,
                                                        .titles = {},
                                                        .provenance = provenance(*market.product)});
  const int first = first_period(c, *market.product, "earliest");
  for (const Entry* fab : market.fabs) {
    Process process;
    process.name = market.name + "@" + fab->name;
    process.place = place_of(c, *fab, "place");
    process.owner = party_of(c, *fab, "owner");
    process.grain = Grain::amount;
    process.unit = "wafer";
    process.kind = "market";
    process.flows.push_back({.commodity = commodity, .place = place, .rate = c.builder.constant(1)});
    if (first > 0) {
      process.upper =
          c.builder.by_period([&](int t) { return t < first ? 0.0 : std::numeric_limits<double>::infinity(); });
    }
    process.provenance = provenance(*fab);
    c.builder.add(std::move(process));
  }
  return place;
}

void add_shared_rows(const Compile& c, const std::vector<Market>& markets) {
  const Calendar& calendar = c.builder.calendar();
  std::map<std::string, const Entry*> fabs;
  for (const Market& market : markets) {
    for (const Entry* fab : market.fabs) fabs.emplace(fab->name, fab);
  }
  for (const auto& [name, fab] : fabs) {
    const Starts starts = starts_at(c, *fab, markets);
    add_shared(c, *fab, "shared", starts.all, "wspm",
               c.builder.by_period([&](int t) { return wafer_capacity(calendar, *fab, t); }));
    if (fab->has("hbm_max") && !starts.hbm.empty()) {
      add_shared(c, *fab, "shared_hbm", starts.hbm, "tsv",
                 c.builder.by_period([&](int t) { return hbm_capacity(calendar, *fab, t); }));
    }
    for (const auto& [product, ids] : starts.by_product) add_shared_line(c, *fab, product, ids);
    if (!fab->has("mix")) continue;
    for (const Entry& record : fab->records("mix")) {
      const auto found = starts.by_product.find(record.text("product"));
      if (found == starts.by_product.end()) continue;
      add_shared(c, *fab, "shared_" + found->first, found->second, {},
                 c.builder.by_period([&](int t) { return monthly(calendar, record.series("starts_max"), t); }));
    }
  }
}

}  // namespace beltline
