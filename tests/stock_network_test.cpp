// Textbook problems of stock, planned by the network itself: lots, the order quantity, the newsvendor, a serial chain.
// Each is held against the formula of src/stock, and that against the textbook in the room's own tests.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "stock/lot_sizing.h"
#include "stock/newsvendor.h"
#include "stock/order_quantity.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using stock::LotSizing;

/// A shop that orders lots: a module that stands for one month is an order.
std::string shop(const LotSizing& problem) {
  double all = 0;
  for (const double units : problem.demand) all += units;
  return fmt::format(R"([calendar]
start = "2000-01"
periods = {}
slices_per_day = 1
[objective]
discount_rate = 0
[place.shop]
[commodity.product]
unit = "unit"
[demand.sales]
commodity = "product"
place = "shop"
quantity = {{values = [{}], unit = "unit"}}
[store.stock]
commodity = "product"
place = "shop"
holding_cost = {{values = [{}], unit = "USD/unit/month"}}
[capacity.orders]
place = "shop"
unit = "slot"
module_size = "1 slot"
life = "1 month"
salvage = false
capex = {{values = [{}], unit = "USD/slot"}}
[process.purchase]
place = "shop"
unit = "unit"
cost = {{values = [{}], unit = "USD/unit"}}
flows = [{{commodity = "product", rate = 1}}]
uses = [{{capacity = "orders", use = "{} slot/unit"}}]
)",
                     problem.demand.size(), fmt::join(problem.demand, ", "), fmt::join(problem.holding, ", "),
                     fmt::join(problem.order, ", "), fmt::join(problem.unit, ", "), 1 / all);
}

double planned_cost(const std::string& scenario) {
  const Compiled compiled = compile_texts({{.path = "scenario.toml", .text = scenario}}, {});
  if (!compiled.model) {
    ADD_FAILURE() << render(compiled.diagnostics, compiled.files);
    return 0;
  }
  const auto plan = make_plan(*compiled.model, {.mip_gap_max = 1e-9});
  if (!plan) {
    ADD_FAILURE() << plan.error().message;
    return 0;
  }
  EXPECT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified);
  return plan->cost_usd;
}

LotSizing steady(std::vector<double> demand, double order, double holding) {
  const std::size_t count = demand.size();
  return {.demand = std::move(demand),
          .order = std::vector<double>(count, order),
          .unit = std::vector<double>(count, 0.0),
          .holding = std::vector<double>(count, holding)};
}

TEST(StockNetwork, SnyderAndShensLots) {
  // Snyder & Shen 2019, example 3.9: 1380
  const LotSizing problem = steady({90, 120, 80, 70}, 500, 2);
  EXPECT_NEAR(planned_cost(shop(problem)), 1380, 1e-6);
  EXPECT_NEAR(stock::wagner_whitin(problem).cost, 1380, 1e-9);
}

TEST(StockNetwork, LotsWithPricesThatChange) {
  const LotSizing problem{.demand = {40, 0, 25, 60, 10, 35},
                          .order = {90, 60, 120, 80, 70, 95},
                          .unit = {5, 3, 6, 4, 4, 7},
                          .holding = {1, 0.5, 1.5, 1, 2, 1}};
  EXPECT_NEAR(planned_cost(shop(problem)), stock::wagner_whitin(problem).cost, 1e-6);
}

TEST(StockNetwork, SteadyDemandGivesTheOrderQuantity) {
  // one unit a month, K = 8, h = 1: √16 = 4 units an order and 4 USD a month, of which half a USD is what the unit of
  // the running month lies there on average: periods count what is left at their end
  const stock::OrderQuantity eoq = stock::economic_order_quantity({.demand = 1, .order = 8, .holding = 1});
  EXPECT_DOUBLE_EQ(eoq.quantity, 4);
  EXPECT_NEAR(planned_cost(shop(steady(std::vector<double>(16, 1.0), 8, 1))), 16 * (eoq.cost - 0.5), 1e-6);
}

/// `beltline plan` of a scenario with branches; the expected cost.
double expected_cost(const std::string& scenario, const std::string& name) {
  ScratchFolder scratch;
  const fs::path folder = scratch.path() / name;
  fs::create_directories(folder);
  write_text(folder / "scenario.toml", scenario);
  const Finished done = run_program({"plan", folder, "-o", scratch.path() / "run", "--gap", "0.000000001", "--json"});
  EXPECT_EQ(done.code, 0) << done.out << done.err;
  const auto json = nlohmann::json::parse(done.out, nullptr, false);
  if (!json.is_object()) return std::numeric_limits<double>::quiet_NaN();
  return json["objective"]["value"];
}

TEST(StockNetwork, BranchesMakeANewsvendor) {
  // an order in January, before it is known what February asks for; 3 USD a unit left, 7 USD a unit short
  const stock::Outcomes demand{{10, 20, 30, 40, 55}, {0.1, 0.25, 0.3, 0.2, 0.15}};
  std::string text = R"([calendar]
start = "2000-01"
periods = 2
slices_per_day = 1
[objective]
discount_rate = 0
[place.stand]
[commodity.paper]
unit = "unit"
[demand.readers]
commodity = "paper"
place = "stand"
quantity = "0 unit"
unserved_cost = "7 USD/unit"
[store.stack]
commodity = "paper"
place = "stand"
holding_cost = {values = [0, 3], unit = "USD/unit/month"}
[process.print]
place = "stand"
unit = "unit"
upper = {values = [1000, 0], unit = "unit"}
flows = [{commodity = "paper", rate = 1}]
)";
  for (std::size_t i = 0; i < demand.values.size(); ++i) {
    text += fmt::format(
        "[branch.case_{}]\nfrom = \"2000-02\"\nprobability = {}\nset = "
        "[\"demand.readers.quantity={} unit\"]\n",
        i, demand.probabilities[i], demand.values[i]);
  }
  EXPECT_NEAR(expected_cost(text, "newsvendor"), stock::newsvendor({.overage = 3, .underage = 7}, demand).cost, 1e-6);
}

/// A serial chain of two stages over two random months, by every whole decision: raw goods are bought in January, a lot
/// takes a month to be made, February's lot is begun when February's demand is known.
struct Chain {
  double raw_holding = 1;
  double holding = 2;
  double short_cost = 15;
  std::vector<double> first{2, 9};                           // February's demand, each as likely
  std::vector<std::vector<double>> second{{1, 6}, {4, 12}};  // March's after it

  [[nodiscard]] double of_march(int stock, int march, int branch) const {
    double sum = 0;
    for (const double demand : second[static_cast<std::size_t>(branch)]) {
      const double left = stock + march - demand;
      sum += (left > 0 ? holding * left : -short_cost * left) / 2;
    }
    return sum;
  }
  [[nodiscard]] double after(int raw, int made, int branch) const {
    const double left = made - first[static_cast<std::size_t>(branch)];
    const int stock = static_cast<int>(std::max(0.0, left));
    double best = std::numeric_limits<double>::infinity();
    // what is left of the raw goods lies there in February and March
    for (int march = 0; march <= raw; ++march)
      best = std::min(best, 2 * raw_holding * (raw - march) + of_march(stock, march, branch));
    return best + (left > 0 ? holding * left : -short_cost * left);
  }
  [[nodiscard]] double best() const {
    double best = std::numeric_limits<double>::infinity();
    for (int raw = 0; raw <= 25; ++raw)
      for (int made = 0; made <= raw; ++made)
        best =
            std::min(best, raw_holding * (raw - made) + (after(raw - made, made, 0) + after(raw - made, made, 1)) / 2);
    return best;
  }
};

TEST(StockNetwork, ATreeHoldsASerialChain) {
  const Chain chain;
  std::string text = R"([calendar]
start = "2000-01"
periods = 3
slices_per_day = 1
[objective]
discount_rate = 0
[place.plant]
[commodity.raw]
unit = "unit"
[commodity.product]
unit = "unit"
[demand.sales]
commodity = "product"
place = "plant"
quantity = "0 unit"
unserved_cost = "15 USD/unit"
[store.raw]
commodity = "raw"
place = "plant"
holding_cost = "1 USD/unit/month"
[store.product]
commodity = "product"
place = "plant"
holding_cost = "2 USD/unit/month"
[process.buy]
place = "plant"
unit = "unit"
upper = {values = [1000, 0, 0], unit = "unit"}
flows = [{commodity = "raw", rate = 1}]
[process.make]
place = "plant"
unit = "unit"
upper = {values = [1000, 1000, 0], unit = "unit"}
flows = [{commodity = "raw", rate = -1}, {commodity = "product", rate = 1, lag = "1 month"}]
)";
  for (std::size_t i = 0; i < chain.first.size(); ++i) {
    text += fmt::format("[branch.february_{}]\nfrom = \"2000-02\"\nset = [\"demand.sales.quantity={} unit\"]\n", i,
                        chain.first[i]);
    for (std::size_t j = 0; j < chain.second[i].size(); ++j)
      text += fmt::format(
          "[branch.march_{}_{}]\nparent = \"february_{}\"\nfrom = \"2000-03\"\nset = "
          "[\"demand.sales.quantity={} unit\"]\n",
          i, j, i, chain.second[i][j]);
  }
  EXPECT_NEAR(expected_cost(text, "serial"), chain.best(), 1e-6);
}

}  // namespace
}  // namespace beltline
