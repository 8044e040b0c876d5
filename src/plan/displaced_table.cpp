// The table of customers: what they wanted, what they got, and what the plan took from them.
#include <algorithm>
#include <string_view>

#include "plan/table_rows.h"

namespace beltline {
namespace {

/// Demands of section `customer`; the programme's own seats and tokens are no customers of the same goods.
constexpr std::string_view kSection = "customer.";

bool is_customer(const Demand& demand) {
  return demand.provenance.entry.starts_with(kSection);
}

/// What it wants, as the scenario calls it: the end of "customer_phones_ddr5", or of "customer_phones_switch@plant".
std::string wanted_good(const Demand& demand) {
  const std::size_t head = std::string_view("customer_").size() + demand.provenance.entry.size() - kSection.size() + 1;
  const std::string good = demand.name.substr(std::min(head, demand.name.size()));
  return good.substr(0, good.find('@'));
}

}  // namespace

std::optional<Table> displaced_table(const Model& m, const Plan& plan) {
  Table table = make("displaced", "Who else wanted the same goods, and what they did not get",
                     {{"customer", "text", "entry of the scenario"},
                      {"party", "text", ""},
                      {"product", "text", "good that is wanted"},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", ""},
                      {"wanted", "", "in `unit`"},
                      {"served", "", ""},
                      {"displaced", "", "wanted, not served"},
                      {"lost", "USD", "value of what is displaced, undiscounted"}});
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    const Demand& demand = m.demands[d];
    if (!is_customer(demand)) continue;
    const Commodity& commodity = m.commodities[demand.commodity.index()];
    for (int t = 0; t < m.period_count(); ++t) {
      const double wanted = m.at(demand.quantity, t);
      const double displaced = plan.unserved.at(d, t);
      if (wanted < kTiny) continue;
      const std::string cells[] = {demand.provenance.entry.substr(kSection.size()),
                                   party_name(m, demand.party),
                                   wanted_good(demand),
                                   place_name(m, demand.place),
                                   m.calendar.label(t),
                                   commodity.unit};
      for (std::size_t i = 0; i < std::size(cells); ++i) texts(table, i).push_back(cells[i]);
      const double row[] = {wanted, wanted - displaced, displaced, displaced * m.at_or(demand.unserved_cost, 0, t)};
      for (std::size_t i = 0; i < std::size(row); ++i) numbers(table, std::size(cells) + i).push_back(row[i]);
    }
  }
  if (texts(table, 0).empty()) return std::nullopt;
  return table;
}

}  // namespace beltline
