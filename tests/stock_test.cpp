// beltline stock: what to hold of each good of a plan, against sums by hand.
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "stock/distribution.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Parts are bought for 50 USD, three to five months on their way, and become cabinets a month later, which are sold
/// for 400; a bank of parts loses 1 % a month, a bank of cabinets says that a month costs 2 USD.
constexpr const char* kChain = R"([scenario]
title = "Parts and cabinets"
[calendar]
start = "2030-01"
periods = 24
slices_per_day = 1
[objective]
discount_rate = 0
[place.works]
[party.maker]
[party.customer]
[commodity.part]
title = "parts"
title_ko = "부품"
unit = "unit"
[commodity.cabinet]
title = "cabinets"
unit = "rack"
[process.purchase]
place = "works"
unit = "unit"
cost = "50 USD/unit"
flows = [{commodity = "part", rate = 1, lag = {mode = "3 month", low = "2 month", high = "6 month"}}]
[process.assembly]
place = "works"
unit = "rack"
cost = "20 USD/rack"
payments = [{payer = "customer", payee = "maker", price = "400 USD/rack"}]
flows = [{commodity = "part", rate = "-4 unit/rack"}, {commodity = "cabinet", rate = 1, lag = "1 month"}]
[store.parts]
commodity = "part"
place = "works"
initial = "400 unit"
loss = "0.01 1/month"
[store.cabinets]
commodity = "cabinet"
place = "works"
holding_cost = "2 USD/rack/month"
[demand.sales]
commodity = "cabinet"
place = "works"
quantity = {mode = "10 rack", low = "8 rack", high = "12 rack"}
unserved_cost = "5000 USD/rack"
)";

class Stock : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(scratch_.path() / "chain");
    write_text(scratch_.path() / "chain" / "scenario.toml", kChain);
    const Finished done = run_program({"plan", (scratch_.path() / "chain").string(), "-o", run()});
    ASSERT_EQ(done.code, 0) << done.out << done.err;
  }
  [[nodiscard]] std::string run() const { return scratch_.path() / "run"; }
  [[nodiscard]] Json good(const std::string& name, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> arguments{"stock", run(), "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Finished done = run_program(arguments);
    EXPECT_EQ(done.code, 0) << done.err;
    const Json json = Json::parse(done.out);
    for (const Json& each : json["goods"])
      if (each["good"] == name) return each;
    ADD_FAILURE() << name << " is not in\n" << done.out;
    return {};
  }

  ScratchFolder scratch_;
};

/// Of a triangular distribution.
double deviation(double low, double mode, double high) {
  return std::sqrt((low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18);
}

TEST_F(Stock, LeadTimeWithItsRange) {
  const Json parts = good("part");
  EXPECT_NEAR(parts["lead"].get<double>(), 3, 1e-9);
  EXPECT_NEAR(parts["lead_low"].get<double>(), 2, 1e-9);
  EXPECT_NEAR(parts["lead_high"].get<double>(), 6, 1e-9);
  const double used = parts["used"].get<double>();
  EXPECT_NEAR(used, 40, 3);  // four a cabinet, ten a month
  // nothing else varies for parts: μ σ_L
  EXPECT_NEAR(parts["deviation"].get<double>(), used * deviation(2, 3, 6), 1e-6 * used);
  EXPECT_NEAR(parts["safety_stock"].get<double>(), stock::normal_quantile(0.95) * parts["deviation"].get<double>(),
              1e-6 * used);
  EXPECT_NEAR(parts["cover"].get<double>(), parts["safety_stock"].get<double>() / used, 1e-9);
  EXPECT_NEAR(parts["loss"].get<double>(), 0.01, 1e-12);
}

TEST_F(Stock, WorthIsAPriceOrWhatWasPaidForIt) {
  const Json parts = good("part");
  EXPECT_NEAR(parts["value"].get<double>(), 50, 1e-9);
  EXPECT_EQ(parts["value_from"], "cost");
  EXPECT_NEAR(parts["holding_cost"].get<double>(), 50 * 0.1 / 12 * parts["safety_stock"].get<double>(), 1e-9);
  const Json cabinets = good("cabinet");
  EXPECT_NEAR(cabinets["value"].get<double>(), 400, 1e-9);
  EXPECT_EQ(cabinets["value_from"], "price");
  EXPECT_NEAR(cabinets["holding_cost"].get<double>(), 2 * cabinets["safety_stock"].get<double>(), 1e-9);
}

TEST_F(Stock, DemandByItsRangeAndByAStatedError) {
  // a lead time of one month and a month in which nothing can be ordered
  const Json cabinets = good("cabinet");
  const double used = cabinets["used"].get<double>();
  const double error = deviation(8, 10, 12) / 10;
  EXPECT_NEAR(cabinets["demand_deviation"].get<double>(), error * used, 1e-9);
  EXPECT_NEAR(cabinets["deviation"].get<double>(), error * used * std::sqrt(2), 1e-9);
  const Json wider = good("cabinet", {"--demand-error", "0.2", "--service", "0.99"});
  const double all = std::hypot(error, 0.2) * used * std::sqrt(2);
  EXPECT_NEAR(wider["deviation"].get<double>(), all, 1e-9);
  EXPECT_NEAR(wider["safety_stock"].get<double>(), stock::normal_quantile(0.99) * all, 1e-9);
}

TEST_F(Stock, InWordsAndAsAFile) {
  const Finished text = run_program({"stock", run()});
  EXPECT_EQ(text.code, 0);
  EXPECT_NE(text.out.find("lead time 3.0 months (2.0 to 6.0)"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("1.0 % a month ages away"), std::string::npos) << text.out;
  const Finished korean = run_program({"stock", run(), "--lang", "ko"});
  EXPECT_NE(korean.out.find("부품"), std::string::npos) << korean.out;
  EXPECT_NE(korean.out.find("안전재고"), std::string::npos) << korean.out;
  const fs::path file = scratch_.path() / "stock.csv";
  EXPECT_EQ(run_program({"stock", run(), "-o", file}).code, 0);
  const auto table = table_from_csv(text_of(file), "stock");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->row_count(), 2U);
}

TEST_F(Stock, WrongOptionsAndRuns) {
  EXPECT_EQ(run_program({"stock", run(), "--service", "1"}).code, 2);
  EXPECT_EQ(run_program({"stock", run(), "--service", "0.3"}).code, 2);
  EXPECT_EQ(run_program({"stock", run(), "--demand-error", "-1"}).code, 2);
  EXPECT_EQ(run_program({"stock", run(), "--demand-error", "nan"}).code, 2);
  EXPECT_EQ(run_program({"stock", run(), "-o", "stock.doc"}).code, 2) << "no such format";
  EXPECT_EQ(run_program({"stock", run() + "x"}).code, 6);
}

}  // namespace
}  // namespace beltline
