#include "parts/allocation.h"

#include <algorithm>
#include <map>

#include "parts/order_rules.h"

namespace beltline {
namespace {

double wanted(const Model& model, DemandId id, int t) {
  return model.at(model.demands[id.index()].quantity, t);
}

/// The first claim that wants anything in a period, to which the others compare; none where nobody does.
std::size_t yardstick(const Model& model, const std::vector<Ask>& claims, int t) {
  std::size_t i = 0;
  while (i < claims.size() && wanted(model, claims[i].demand, t) <= 0) ++i;
  return i;
}

/// unserved_d / wanted_d − unserved_y / wanted_y = 0, y the yardstick of the period.
void add_pro_rata(const Compile& c, const std::vector<Ask>& claims, const std::string& name,
                  const Provenance& provenance) {
  const Model& model = c.builder.model();
  for (std::size_t d = 1; d < claims.size(); ++d) {
    const auto coefficient = [&](std::size_t own) {
      return c.builder.by_period([&](int t) {
        const std::size_t y = yardstick(model, claims, t);
        const double amount = wanted(model, claims[own].demand, t);
        if (y >= d || amount <= 0 || wanted(model, claims[d].demand, t) <= 0) return 0.0;
        return (own == d ? 1 : own == y ? -1 : 0) / amount;
      });
    };
    Row row{.name = "allocation_" + name + "_" + std::to_string(d), .kind = "allocation", .unit = "1"};
    for (std::size_t i = 0; i <= d; ++i) {
      row.terms.push_back({.kind = TermKind::unserved, .id = claims[i].demand.value, .coefficient = coefficient(i)});
    }
    row.lower = row.upper = c.builder.constant(0);
    row.provenance = provenance;
    add_row(c, std::move(row));
  }
}

void add_priority(const Compile& c, const std::vector<Ask>& claims, const std::string& name,
                  const Provenance& provenance) {
  const Model& model = c.builder.model();
  std::map<int64_t, std::vector<DemandId>> classes;
  for (const Ask& claim : claims) classes[claim.priority].push_back(claim.demand);
  if (classes.size() < 2) return;
  const Demand& any = model.demands[claims.front().demand.index()];
  const std::string unit = model.commodities[any.commodity.index()].unit;
  const PlaceId place = any.place;
  const auto sum = [&](const std::vector<DemandId>& list) {
    return c.builder.by_period([&](int t) {
      double all = 0;
      for (const DemandId id : list) all += wanted(model, id, t);
      return all;
    });
  };
  const auto unserved = [&](const std::vector<DemandId>& list) {
    std::vector<Term> terms;
    for (const DemandId id : list) terms.push_back({.kind = TermKind::unserved, .id = id.value});
    return terms;
  };
  for (auto earlier = classes.begin(), later = std::next(earlier); later != classes.end(); ++earlier, ++later) {
    const std::string number = std::to_string(later->first);
    const CapacityId choice = add_choice(c, "turn_" + name + "_" + number, place, provenance);
    const Series of_later = sum(later->second), of_earlier = sum(earlier->second);
    // unserved of the later + wanted · g ≥ wanted: without a choice it gets nothing
    std::vector<Term> terms = unserved(later->second);
    terms.push_back({.kind = TermKind::online, .id = choice.value, .coefficient = of_later});
    add_row(c, {.name = "allocation_" + name + "_" + number + "_turn",
                .kind = "allocation",
                .unit = unit,
                .terms = std::move(terms),
                .lower = of_later,
                .upper = {},
                .provenance = provenance});
    // unserved of the earlier + wanted · g ≤ wanted: with it, nobody before it lacks anything
    terms = unserved(earlier->second);
    terms.push_back({.kind = TermKind::online, .id = choice.value, .coefficient = of_earlier});
    add_row(c, {.name = "allocation_" + name + "_" + number + "_before",
                .kind = "allocation",
                .unit = unit,
                .terms = std::move(terms),
                .lower = {},
                .upper = of_earlier,
                .provenance = provenance});
  }
}

}  // namespace

void allocate(const Compile& c, std::string_view rule, const std::vector<Ask>& claims, const std::string& name,
              const Provenance& provenance) {
  if (claims.size() < 2) return;
  if (rule == "pro_rata") add_pro_rata(c, claims, name, provenance);
  if (rule == "priority") add_priority(c, claims, name, provenance);
}

}  // namespace beltline
