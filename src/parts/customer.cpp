#include "parts/customer.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/allocation.h"
#include "parts/common.h"
#include "parts/goods.h"
#include "parts/market.h"
#include "parts/memory_chain.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr Attribute kDemandFields[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .description = "A DRAM product: wafers of it, by the month in which they are started."},
    {.key = "fabs",
     .kind = Kind::references,
     .target = "fab",
     .description = "Of a product: fabs that may start them. Default: all that make it."},
    {.key = "item", .kind = Kind::reference, .target = "item", .description = "Instead of a product: an item."},
    {.key = "commodity",
     .description =
         "Instead: another good, by the name that tables show: `accelerator_gb300`, `equipment_transformer`."},
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .description = "Of an item or commodity: where it is taken."},
    {.key = "quantity",
     .kind = Kind::series,
     .unit = "*",
     .required = true,
     .min = 0,
     .description = "What it wants a month: `wafer/month` of a product, the good's unit a month of others."},
    {.key = "value",
     .kind = Kind::series,
     .unit = "*",
     .required = true,
     .min = 0,
     .description = "What is lost where one is not served, USD per wafer or unit."},
    {.key = "priority",
     .kind = Kind::integer,
     .fallback = "1",
     .min = 1,
     .description = "The lowest is served first, where the item or product is allocated by `priority`."},
};

constexpr Attribute kAttributes[] = {
    {.key = "party", .kind = Kind::reference, .target = "party", .description = "Who it is."},
    {.key = "demand",
     .kind = Kind::records,
     .required = true,
     .fields = kDemandFields,
     .description = "What it wants, each good once."},
};

/// Claims on one node, and by which rule it is shared.
struct Node {
  std::string rule;
  std::vector<Ask> claims;
  Provenance provenance;
};

class Customers {
 public:
  explicit Customers(const Compile& c) : c_(c) {}

  void compile() {
    for (const Entry& customer : c_.spec.entries("customer")) {
      for (const Entry& record : customer.records("demand")) {
        if (record.has("product")) {
          add_product(customer, record);
        } else {
          add_good(customer, record);
        }
      }
    }
    add_shared_rows(c_, markets_);
    for (const auto& [name, node] : nodes_) allocate(c_, node.rule, node.claims, name, node.provenance);
  }

 private:
  void add_product(const Entry& customer, const Entry& record) {
    for (const std::string_view key : {"item", "commodity", "place"}) {
      if (record.has(key)) {
        contradict(record, key, "customer '" + customer.name + "' wants a product and tells " + std::string(key),
                   std::string(key), "product alone, with fabs where it matters", "leave out " + std::string(key));
        return;
      }
    }
    const Entry* product = c_.spec.find("product", record.text("product"));
    if (product == nullptr) return;
    Market market{.name = "market_" + product->name, .product = product, .fabs = fabs_of(customer, record, *product)};
    if (market.fabs.empty()) return;
    if (record.has("fabs")) market.name += "_" + customer.name;
    const Good wafers{.commodity = {}, .name = product->name, .unit = "wafer"};
    Demand demand = frame(customer, record, "customer_" + customer.name + "_" + product->name, wafers);
    if (is_second(record, "product", customer, demand.name)) return;
    const auto [place, is_new] = places_.try_emplace(market.name);
    if (is_new) {
      place->second = add_market(c_, market);
      markets_.push_back(market);
    }
    demand.commodity = c_.builder.find_commodity(market.name);
    demand.place = place->second;
    claim(std::move(demand), record, market.name, product->text("allocation"), *product);
  }

  void add_good(const Entry& customer, const Entry& record) {
    const std::optional<Good> good = good_of(c_, record, "a demand of customer '" + customer.name + "'");
    if (!good) return;
    if (record.has("fabs")) {
      contradict(record, "fabs", "customer '" + customer.name + "' names fabs of what is no product", good->name,
                 "place, where it is taken", "leave out fabs");
      return;
    }
    if (!record.has("place")) {
      c_.diagnostics.add(
          {.code = Code::missing_key,
           .origin = record.origin,
           .message = "customer '" + customer.name + "' does not say where it takes '" + good->name + "'",
           .found = {},
           .expected = "place = \"PLACE\"",
           .help = "add the place to which it is delivered"});
      return;
    }
    const std::string name = good->name + "@" + record.text("place");
    Demand demand = frame(customer, record, "customer_" + customer.name + "_" + name, *good);
    if (is_second(record, record.has("item") ? "item" : "commodity", customer, demand.name)) return;
    demand.commodity = good->commodity;
    demand.place = place_of(c_, record, "place");
    const Entry* item = record.has("item") ? c_.spec.find("item", good->name) : nullptr;
    claim(std::move(demand), record, name, item == nullptr ? "value" : item->text("allocation"),
          item == nullptr ? customer : *item);
  }

  /// Name, party, quantity and value; what the good is comes later.
  Demand frame(const Entry& customer, const Entry& record, std::string name, const Good& good) {
    Demand demand;
    demand.name = std::move(name);
    demand.party = party_of(c_, customer, "party");
    demand.quantity = amounts_of(c_, record, "quantity", good);
    demand.unserved_cost = price_of(c_, record, "value", good);
    demand.provenance = provenance(customer);
    return demand;
  }

  void claim(Demand demand, const Entry& record, const std::string& node, const std::string& rule,
             const Entry& ruled_by) {
    if (!demand.quantity.present() || !demand.unserved_cost.present()) return;  // of another dimension: told already
    Node& shared = nodes_[node];
    shared.rule = rule;
    shared.provenance = provenance(ruled_by, "allocation");
    shared.claims.push_back({.demand = c_.builder.add(std::move(demand)), .priority = record.integer("priority")});
  }

  std::vector<const Entry*> fabs_of(const Entry& customer, const Entry& record, const Entry& product) {
    std::vector<const Entry*> fabs;
    for (const Entry& fab : c_.spec.entries("fab")) {
      const bool makes = contains(fab.names("products"), product.name);
      const bool is_named = !record.has("fabs") || contains(record.names("fabs"), fab.name);
      if (makes && is_named) fabs.push_back(&fab);
      if (!makes && is_named && record.has("fabs")) {
        contradict(record, "fabs", "customer '" + customer.name + "' wants '" + product.name + "' of a fab without it",
                   fab.name, "fabs that make it", "leave the fab out, or add the product to those it makes");
        return {};
      }
    }
    if (fabs.empty()) {
      contradict(record, "product", "customer '" + customer.name + "' wants a product that no fab makes", product.name,
                 "a product of a fab", "add it to products of a fab, or leave this demand out");
    }
    return fabs;
  }

  bool is_second(const Entry& record, std::string_view key, const Entry& customer, const std::string& name) {
    if (names_.insert(name).second) return false;
    contradict(record, key, "customer '" + customer.name + "' wants one good twice", record.text(key), "each good once",
               "add up the quantities");
    return true;
  }

  void contradict(const Entry& record, std::string_view key, std::string message, std::string found,
                  std::string expected, std::string help) {
    c_.diagnostics.add({.code = Code::inconsistent,
                        .origin = record.where(key),
                        .message = std::move(message),
                        .found = std::move(found),
                        .expected = std::move(expected),
                        .help = std::move(help)});
  }

  const Compile& c_;
  std::map<std::string, Node> nodes_;
  std::set<std::string> names_;            // of demands
  std::map<std::string, PlaceId> places_;  // of markets by name
  std::vector<Market> markets_;
};

}  // namespace

constinit const Section kCustomerSection = {
    .name = "customer",
    .title = "Other customer",
    .description =
        "Who else wants what the programme wants, and what is lost if it does not get it. A fab's "
        "`programme_share_max` "
        "says what the programme may have at most; with customers the plan shows what it takes from whom:\n\n"
        "    Σ_p (programme[p,t] + customers[p,t]) ≤ capacity[t] + expansions\n"
        "    served[t] + displaced[t] = wanted[t],   displaced[t] costs value[t]\n\n"
        "The table `displaced` has wanted, served and displaced by customer, good and period. In `min_cost` the plan "
        "weighs what is lost against the programme's own need; in `max_compute` and `earliest` the programme comes "
        "first, and the customers share what is left.",
    .attributes = kAttributes,
};

void compile_customers(const Compile& c) {
  Customers(c).compile();
}

}  // namespace beltline
