// Plans of small supply chains whose optimum can be done by hand: lots, minimum orders, price breaks, alternates, and
// who gets what is short.
#include <fstream>

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "run/commitments.h"
#include "run/run_scenario.h"
#include "table/example_table.h"

namespace beltline {
namespace {

constexpr const char* kFrame = R"(
[scenario]
name = "supply"
[calendar]
start = "2026-01"
periods = 4
slices_per_day = 1
[objective]
kind = "min_cost"
discount_rate = 0
[money]
base_year = 2026
[place.plant]
[item.good]
)";

struct Planned {
  Compiled compiled;
  RunResult result;

  [[nodiscard]] double cost() const { return result.plan.cost_usd; }
  [[nodiscard]] double ordered(std::string_view name, int t) const {
    const ProcessId id = find(compiled.model->processes, name);
    return result.plan.activity.at(id.index(), t);
  }
  [[nodiscard]] double served(std::string_view name, int t) const {
    const auto& demands = compiled.model->demands;
    const auto found = std::ranges::find(demands, name, &Demand::name);
    if (found == demands.end()) throw Bug("no demand " + std::string(name));
    const auto d = static_cast<std::size_t>(found - demands.begin());
    return compiled.model->at(found->quantity, t) - result.plan.unserved.at(d, t);
  }

 private:
  static ProcessId find(const std::vector<Process>& processes, std::string_view name) {
    const auto found = std::ranges::find(processes, name, &Process::name);
    if (found == processes.end()) throw Bug("no process " + std::string(name));
    return ProcessId(static_cast<std::size_t>(found - processes.begin()));
  }
};

Planned plan(const std::string& text) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "scenario.toml") << kFrame << text;
  Planned planned;
  planned.compiled = compile_scenario(scratch.path(), {});
  if (!planned.compiled.model) throw Bug(render(planned.compiled.diagnostics, planned.compiled.files));
  auto result = run_plan(planned.compiled, {.mip_gap_max = 0});
  if (!result) throw Bug("no plan");
  planned.result = std::move(*result);
  EXPECT_EQ(planned.result.plan.termination, Termination::optimal) << planned.result.plan.detail;
  EXPECT_TRUE(planned.result.plan.verified);
  return planned;
}

/// A supplier of the good with some terms, and a customer who wants it by month.
std::string with(const std::string& terms, const std::string& wanted) {
  return "[supplier.alpha]\nitem = \"good\"\nplace = \"plant\"\nprice = \"10 USD/unit\"\n" + terms +
         "[customer.c]\ndemand = [{item = \"good\", place = \"plant\", value = \"1000 USD/unit\", quantity = {values "
         "= " +
         wanted + ", unit = \"unit/month\", by = \"period\"}}]\n";
}

struct Terms {
  const char* name;
  const char* terms;
  const char* wanted;
  double cost;
};

class OrderTerms : public testing::TestWithParam<Terms> {};

TEST_P(OrderTerms, CostWhatTheyCostByHand) {
  EXPECT_NEAR(plan(with(GetParam().terms, GetParam().wanted)).cost(), GetParam().cost, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(
    ByHand, OrderTerms,
    testing::Values(
        Terms{"Plain", "", "[25, 25, 25, 25]", 1000},
        // three lots of 40 for 100
        Terms{"Lots", "lot_size = \"40 unit\"\n", "[25, 25, 25, 25]", 1200},
        // 30 at once for 20
        Terms{"Minimum", "minimum_order = 30\ncapacity = \"100 unit/month\"\n", "[5, 5, 5, 5]", 300},
        // nobody pays 30 · 10 for one unit worth 100 … but one worth 1,000
        Terms{"MinimumForOne", "minimum_order = 30\ncapacity = \"100 unit/month\"\n", "[0, 1, 0, 0]", 300},
        Terms{"MinimumTooDear", "minimum_order = 150\ncapacity = \"200 unit/month\"\n", "[0, 1, 0, 0]", 1000},
        // lots of 10 of which at least 25
        Terms{"LotsAndMinimum", "lot_size = 10\nminimum_order = 25\ncapacity = \"100 unit/month\"\n", "[12, 0, 0, 0]",
              300},
        // 50 at 8 for less than 45 at 10
        Terms{"AllUnits", "capacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"8 USD/unit\"}]\n",
              "[45, 0, 0, 0]", 400},
        Terms{"AllUnitsBelow", "capacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"8 USD/unit\"}]\n",
              "[30, 0, 0, 0]", 300},
        Terms{"AllUnitsTwo",
              "capacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"8 USD/unit\"}, {from = 80, price = \"5 "
              "USD/unit\"}]\n",
              "[60, 0, 0, 0]", 400},
        Terms{"AllUnitsAndMinimum",
              "minimum_order = 20\ncapacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"8 USD/unit\"}]\n",
              "[10, 0, 0, 0]", 200},
        // 50 at 10 and 30 at 4; the second month's 40 are bought with the first's
        Terms{"Incremental",
              "break_kind = \"incremental\"\ncapacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"4 "
              "USD/unit\"}]\n",
              "[40, 40, 0, 0]", 620},
        // dearer above 50: no reason to order at once
        Terms{"IncrementalRising",
              "break_kind = \"incremental\"\ncapacity = \"100 unit/month\"\nbreaks = [{from = 50, price = \"14 "
              "USD/unit\"}]\n",
              "[40, 60, 0, 0]", 1000},
        Terms{"TakeOrPay", "contract = \"30 unit/month\"\ntake_or_pay = 0.5\n", "[20, 10, 0, 0]",
              200 + 100 + 50 + 150 + 150}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Supply, ContractsOfSuppliersAreToldAmongThePromises) {
  Planned planned = plan(with("contract = \"30 unit/month\"\ntake_or_pay = 0.5\n", "[20, 10, 0, 0]"));
  const RunPlan run{.compiled = std::move(planned.compiled), .plan = std::move(planned.result.plan), .surplus = {}};
  const auto promises = promises_of(run, Actuals(), {.name = "contract_alpha", .party = "", .month = {}});
  ASSERT_TRUE(promises);
  ASSERT_EQ(promises->size(), 1U);
  const Pledge& contract = promises->front();
  EXPECT_EQ(contract.firmness, "firm");
  EXPECT_EQ(contract.commodity, "good");
  EXPECT_EQ(contract.take_or_pay, 0.5);
  ASSERT_EQ(contract.months.size(), 4U);
  EXPECT_EQ(contract.months[0].promised, 30);
  EXPECT_NEAR(contract.months[0].planned + contract.months[1].planned, 30, 1e-6);
  EXPECT_EQ(promise_total(contract).promised, 120);
}

TEST(Supply, AContractNeedsANameOfItsOwn) {
  const std::string text = std::string(kFrame) +
                           "[party.a]\n[commitment.contract_alpha]\nfrom = \"a\"\nkind = \"LOI\"\n" +
                           with("contract = \"30 unit/month\"\n", "[1, 1, 1, 1]");
  const Compiled compiled = compile_texts({{"scenario.toml", text}}, {});
  EXPECT_FALSE(compiled.model);
  ASSERT_EQ(compiled.diagnostics.error_count(), 1U) << render(compiled.diagnostics, compiled.files);
  EXPECT_EQ(compiled.diagnostics.all().front().code, Code::duplicate_name);
}

TEST(Supply, PaysForSpeedWhereTheUsualWayIsLate) {
  const Planned planned =
      plan(with("lead = \"2 month\"\nexpedited_lead = \"1 month\"\nexpedited_price = \"25 USD/unit\"\ncapacity = \"50 "
                "unit/month\"\n",
                "[0, 8, 8, 0]"));
  EXPECT_NEAR(planned.cost(), 8 * 25 + 8 * 10, 1e-4);
  EXPECT_NEAR(planned.ordered("expedite_alpha@plant", 0), 8, 1e-6);
}

// A second source must get a fifth of all orders.
TEST(Supply, KeepsASecondSource) {
  const Planned planned = plan(with("share_max = 0.8\n", "[100, 0, 0, 0]") +
                               "[supplier.beta]\nitem = \"good\"\nplace = \"plant\"\nprice = \"15 USD/unit\"\n");
  EXPECT_NEAR(planned.ordered("order_beta@plant", 0), 20, 1e-6);
  EXPECT_NEAR(planned.cost(), 80 * 10 + 20 * 15, 1e-4);
}

// The dearer first: 70 are bought in January, for then the friend has to be asked for 30 only once.
TEST(Supply, OrdersByPriority) {
  const Planned planned =
      plan(with("priority = 2\ncapacity = \"50 unit/month\"\n", "[25, 45, 0, 0]") +
           "[supplier.friend]\nitem = \"good\"\nplace = \"plant\"\nprice = \"11 USD/unit\"\ncapacity "
           "= \"30 unit/month\"\n");
  EXPECT_NEAR(planned.ordered("order_friend@plant", 0), 30, 1e-6);
  EXPECT_NEAR(planned.ordered("order_alpha@plant", 0), 40, 1e-6);
  EXPECT_NEAR(planned.cost(), 30 * 11 + 40 * 10, 1e-4);
}

/// 60 units a month for one customer who wants 60 at 5 USD and one who wants 40 at 50 USD; too dear to be saved for a
/// month in which all get what they want.
std::string scarce(const std::string& rule) {
  return "value = \"10000 USD/unit\"\nallocation = \"" + rule + R"("
[supplier.alpha]
item = "good"
place = "plant"
capacity = "60 unit/month"
[customer.first]
demand = [{item = "good", place = "plant", quantity = "60 unit/month", value = "5 USD/unit", priority = 1}]
[customer.second]
demand = [{item = "good", place = "plant", quantity = "40 unit/month", value = "50 USD/unit", priority = 2}]
)";
}

struct Rule {
  const char* rule;
  double first;
  double second;
};

class Allocation : public testing::TestWithParam<Rule> {};

TEST_P(Allocation, SaysWhoGetsWhatIsShort) {
  const Planned planned = plan(scarce(GetParam().rule));
  for (int t = 0; t < 4; ++t) {
    EXPECT_NEAR(planned.served("customer_first_good@plant", t), GetParam().first, 1e-5);
    EXPECT_NEAR(planned.served("customer_second_good@plant", t), GetParam().second, 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Allocation,
                         testing::Values(Rule{"value", 20, 40}, Rule{"pro_rata", 36, 24}, Rule{"priority", 60, 0}),
                         [](const auto& param) { return std::string(param.param.rule); });

/// Trays of one good each, for which half as good alternates may stand in up to a share.
std::string with_alternate(const std::string& share) {
  return R"(
[item.other]
[item.tray]
[supplier.alpha]
item = "good"
place = "plant"
price = "10 USD/unit"
capacity = "10 unit/month"
[supplier.beta]
item = "other"
place = "plant"
price = "20 USD/unit"
[assembly.trays]
makes = "tray"
place = "plant"
parts = [{item = "good", amount = 1}, {item = "other", instead_of = "good", ratio = 2, from = "2026-02", share = )" +
         share + R"(}]
[customer.c]
demand = [{item = "tray", place = "plant", quantity = "20 unit/month", value = "1000 USD/unit"}]
)";
}

TEST(Supply, LetsAlternatesStandInUpToTheirShare) {
  const Planned half = plan(with_alternate("0.5"));
  EXPECT_NEAR(half.served("customer_c_tray@plant", 0), 10, 1e-6);
  EXPECT_NEAR(half.served("customer_c_tray@plant", 1), 20, 1e-6);
  double others = 0;
  for (int t = 0; t < 4; ++t) others += half.ordered("order_beta@plant", t);
  EXPECT_NEAR(others, 60, 1e-6);
  // the goods of January are saved for months in which a quarter may be others
  const Planned quarter = plan(with_alternate("0.25"));
  double served = 0;
  for (int t = 0; t < 4; ++t) served += quarter.served("customer_c_tray@plant", t);
  EXPECT_NEAR(served, 4 * 10 / 0.75, 1e-6);
}

// What is bought in January for three months ages by a tenth a month, and is of no use in April.
TEST(Supply, KeepsABankUntilItIsObsolete) {
  const Planned planned =
      plan(with("last = \"2026-01\"\n", "[10, 10, 10, 10]") +
           "[bank.b]\nitem = \"good\"\nplace = \"plant\"\nloss = 0.1\nobsolete_after = \"2026-03\"\n");
  EXPECT_NEAR(planned.cost(), 10 * (10 + 10 / 0.9 + 10 / 0.81) + 10 * 1000, 1e-3);
}

TEST(Supply, BeginsWithWhatABankHolds) {
  const Planned planned =
      plan(with("", "[10, 10, 10, 10]") +
           "[bank.b]\nitem = \"good\"\nplace = \"plant\"\nstock = 25\nholding_cost = \"0 USD/unit/month\"\n");
  EXPECT_NEAR(planned.cost(), 15 * 10, 1e-4);
}

// 40 of 100 wafers are converted in January: half of them stand still for a month.
TEST(Supply, ConvertsALineWithLostOutput) {
  const Planned planned = plan(R"(
[product.ddr5]
family = "ddr5"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
delivers_to = "plant"
[product.gddr7]
family = "gddr7"
die_area = "60 mm2"
die_capacity = "16 Gbit"
yield = 0.88
delivers_to = "plant"
[fab.m14]
place = "plant"
capacity = "100 wafer/month"
products = ["ddr5", "gddr7"]
lines = [{product = "ddr5", capacity = "100 wafer/month"}, {product = "gddr7", capacity = "0 wafer/month"}]
conversions = [{from = "ddr5", to = "gddr7", max = "60 wafer/month", downtime = "1 month", lost = 0.5}]
[customer.c]
demand = [{product = "ddr5", quantity = "100 wafer/month", value = "1 USD/wafer"},
          {product = "gddr7", quantity = "40 wafer/month", value = "10 USD/wafer"}]
)");
  EXPECT_NEAR(planned.cost(), (20 + 400) + 3 * 40, 1e-4);
  EXPECT_NEAR(planned.served("customer_c_ddr5", 0), 80, 1e-6);
  EXPECT_NEAR(planned.served("customer_c_gddr7", 1), 40, 1e-6);
}

TEST(Supply, TellsWhoIsDisplacedAtAFab) {
  const Planned planned = plan(R"(
[product.ddr5]
family = "ddr5"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
delivers_to = "plant"
[fab.m14]
place = "plant"
capacity = "100 wafer/month"
products = ["ddr5"]
[customer.servers]
demand = [{product = "ddr5", quantity = "80 wafer/month", value = "9000 USD/wafer"}]
[customer.phones]
demand = [{product = "ddr5", quantity = "60 wafer/month", value = "7000 USD/wafer"}]
)");
  EXPECT_NEAR(planned.served("customer_servers_ddr5", 2), 80, 1e-6);
  EXPECT_NEAR(planned.served("customer_phones_ddr5", 2), 20, 1e-6);
  EXPECT_NEAR(planned.cost(), 4 * 40 * 7000.0, 1e-2);
  const auto& tables = planned.result.tables;
  const auto displaced = std::ranges::find(tables, "displaced", &Table::name);
  ASSERT_NE(displaced, tables.end());
  const auto& customers = std::get<std::vector<std::string>>(displaced->columns[0].values);
  const auto& missing = std::get<std::vector<double>>(displaced->columns[8].values);
  ASSERT_EQ(customers.size(), 8u);
  for (std::size_t i = 0; i < customers.size(); ++i) {
    EXPECT_NEAR(missing[i], customers[i] == "phones" ? 40 : 0, 1e-6);
  }
}

}  // namespace
}  // namespace beltline
