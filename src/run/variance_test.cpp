#include "run/variance.h"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "run/counted_test_run.h"

namespace beltline {
namespace {

using counted::make_run;
using ::testing::HasSubstr;

class Variances : public ::testing::Test {
 protected:
  Variances() : run_(make_run()) {}

  void count(ActualKind kind, Entity entity, int month, double quantity) {
    actuals_.set({kind, entity, {2026, month}, quantity});
  }
  Variance explained(std::optional<YearMonth> month = {}) const { return explain_variance(run_, actuals_, month); }
  static const VarianceItem& item(const Variance& variance, std::string_view of, std::string_view measure) {
    for (const VarianceItem& one : variance.items) {
      if (one.of == of && one.measure == measure) return one;
    }
    throw Bug("no item " + std::string(of) + " " + std::string(measure));
  }

  RunPlan run_;
  Actuals actuals_;
  const Entity etch_ = counted::entity(EntityKind::process, run_.model().processes, "etch");
  const Entity line_ = counted::entity(EntityKind::capacity, run_.model().capacities, "line");
  const Entity supply_ = counted::entity(EntityKind::commitment, run_.model().commitments, "supply");
};

void expect_parts(const VarianceParts& p, const VarianceParts& expected) {
  EXPECT_NEAR(p.planned, expected.planned, 1e-9);
  EXPECT_NEAR(p.actual, expected.actual, 1e-9);
  EXPECT_NEAR(p.total, expected.total, 1e-9);
  EXPECT_NEAR(p.volume, expected.volume, 1e-9);
  EXPECT_NEAR(p.yield, expected.yield, 1e-9);
  EXPECT_NEAR(p.timing, expected.timing, 1e-9);
  EXPECT_NEAR(p.price, expected.price, 1e-9);
}

TEST_F(Variances, ByHand) {
  // planned 10 and 10 wafers of 10 dies at 30 USD; 6 and 12 were started, of February's wafers 8 dies each came out
  count(ActualKind::activity, etch_, 1, 6);
  count(ActualKind::activity, etch_, 2, 12);
  count(ActualKind::yield, etch_, 2, 8);
  count(ActualKind::price, etch_, 2, 35);
  const Variance variance = explained();
  const VarianceItem& etch = item(variance, "etch", "activity");
  EXPECT_EQ(etch.unit, "die");
  EXPECT_EQ(etch.party, "maker");
  EXPECT_EQ(etch.step, "fab");
  // 4 wafers were missing in January, 2 of them came in February: two for good, and none moved out of the two months
  expect_parts(*etch.units, {.planned = 200, .actual = 156, .total = -44, .volume = -20, .yield = -24, .timing = 0});
  // a die costs 3 USD: 44 fewer of them 132; the lost dies 24 · 3; and 12 wafers at 5 USD more
  expect_parts(*etch.usd, {.planned = 600, .actual = 600, .total = 0, .volume = -132, .yield = 72, .price = 60});
  const Variance january = explained(YearMonth{2026, 1});
  expect_parts(*item(january, "etch", "activity").units,
               {.planned = 100, .actual = 60, .total = -40, .volume = -20, .timing = -20});
}

TEST_F(Variances, TimingIsWhatOtherMonthsMakeUpFor) {
  const Netted netted = net_deviations({-4, 2, 5, -1, 0, -3});
  EXPECT_EQ(netted.timing, (std::vector<double>{-4, 2, 5, -1, 0, -2}));
  EXPECT_EQ(netted.volume, (std::vector<double>{0, 0, 0, 0, 0, -1}));
  for (uint32_t replication = 0; replication < 200; ++replication) {
    std::vector<double> deviations(12);
    for (std::size_t i = 0; i < deviations.size(); ++i)
      deviations[i] = uniform01({.seed = 5, .replication = replication, .period = static_cast<uint32_t>(i)}) - 0.5;
    const Netted random = net_deviations(deviations);
    double timing = 0, volume = 0;
    int signs = 0;
    for (std::size_t i = 0; i < deviations.size(); ++i) {
      EXPECT_NEAR(random.volume[i] + random.timing[i], deviations[i], 1e-12);
      timing += random.timing[i];
      volume += random.volume[i];
      signs |= random.volume[i] > 1e-12 ? 1 : random.volume[i] < -1e-12 ? 2 : 0;
    }
    EXPECT_NEAR(timing, 0, 1e-9) << "what is early or late is not more or less";
    EXPECT_NEAR(volume, std::accumulate(deviations.begin(), deviations.end(), 0.0), 1e-9);
    EXPECT_NE(signs, 3) << "a surplus and a shortfall are both left";
  }
}

TEST_F(Variances, CapacityIsOrderedOnlineAndPaidFor) {
  // 6 instead of 8 wafers a month ordered, and of them only 4 online in March
  count(ActualKind::ordered, line_, 1, 5);
  count(ActualKind::ordered, line_, 2, 1);
  count(ActualKind::online, line_, 3, 4);
  count(ActualKind::spend, line_, 1, 300);
  const Variance variance = explained();
  expect_parts(*item(variance, "line", "ordered").units, {.planned = 8, .actual = 6, .total = -2, .volume = -2});
  EXPECT_FALSE(item(variance, "line", "ordered").usd) << "money is told as it was paid";
  // the order of February comes in April: five should be there in March
  expect_parts(*item(variance, "line", "online").units,
               {.planned = 8, .actual = 4, .total = -4, .volume = -3, .timing = -1});
  // half of 8 · 100 USD was to be paid in January; half of 5 · 100 is what the orders cost
  expect_parts(*item(variance, "line", "spend").usd,
               {.planned = 400, .actual = 300, .total = -100, .volume = -150, .price = 50});
}

TEST_F(Variances, PromisesAreComparedWithThePlanAndPriced) {
  count(ActualKind::delivered, supply_, 2, 8);
  count(ActualKind::delivered, supply_, 3, 21);
  count(ActualKind::price, supply_, 3, 52);
  const VarianceItem supply = item(explained(), "supply", "delivered");
  EXPECT_EQ(supply.step, "promise");
  expect_parts(*supply.units, {.planned = 30, .actual = 29, .total = -1, .volume = -1});
  expect_parts(*supply.usd, {.planned = 1500, .actual = 1492, .total = -8, .volume = -50, .price = 42});
}

TEST_F(Variances, PartsAddUpToTheTotalWhateverIsCounted) {
  for (uint32_t replication = 0; replication < 100; ++replication) {
    actuals_ = {};
    const auto draw = [&, n = 0U](double size) mutable {
      return size * uniform01({.seed = 9, .replication = replication, .source = n++});
    };
    auto next = draw;
    for (int month = 1; month <= 6; ++month) {
      if (next(1) < 0.7) count(ActualKind::activity, etch_, month, next(30));
      if (next(1) < 0.5) count(ActualKind::yield, etch_, month, next(12) + 0.1);
      if (next(1) < 0.5) count(ActualKind::price, etch_, month, next(60));
      if (next(1) < 0.2) count(ActualKind::spend, etch_, month, next(900));
      if (next(1) < 0.5) count(ActualKind::ordered, line_, month, next(9));
      if (next(1) < 0.5) count(ActualKind::online, line_, month, next(9));
      if (next(1) < 0.2) count(ActualKind::spend, line_, month, next(500));
      if (next(1) < 0.5) count(ActualKind::price, line_, month, next(200));
      if (next(1) < 0.5) count(ActualKind::delivered, supply_, month, next(30));
    }
    const Variance variance = explained();
    VarianceParts sum;
    const auto check = [](const VarianceParts& p) {
      const double scale = 1 + std::abs(p.planned) + std::abs(p.actual);
      EXPECT_NEAR(p.total, p.actual - p.planned, 1e-12 * scale);
      EXPECT_NEAR(p.volume + p.yield + p.timing + p.price, p.total, 1e-12 * scale);
    };
    for (const VarianceItem& one : variance.items) {
      if (one.units) check(*one.units);
      if (!one.usd) continue;
      check(*one.usd);
      if (one.step != "promise") sum += *one.usd;  // what moves between parties is no cost
    }
    check(variance.usd);
    EXPECT_NEAR(sum.total, variance.usd.total, 1e-9);
    double by_step = 0, by_party = 0;
    for (const auto& [name, parts] : variance.by_step) by_step += parts.total;
    for (const auto& [name, parts] : variance.by_party) by_party += parts.total;
    EXPECT_NEAR(by_step, variance.usd.total, 1e-9);
    EXPECT_NEAR(by_party, variance.usd.total, 1e-9);
  }
}

TEST_F(Variances, ToldInBothLanguagesAndAsJson) {
  const Calendar& calendar = run_.model().calendar;
  EXPECT_THAT(variance_text(explained(), calendar, Language::english), HasSubstr("nothing that was counted"));
  count(ActualKind::activity, etch_, 1, 6);
  count(ActualKind::delivered, supply_, 2, 8);
  const std::string english = variance_text(explained(), calendar, Language::english);
  for (const char* part : {"etch, output", "in USD", "between parties", "-40"}) EXPECT_THAT(english, HasSubstr(part));
  const std::string korean = variance_text(explained(), calendar, Language::korean);
  for (const char* part : {"etch, 산출", "달러", "당사자 사이", "시기"}) EXPECT_THAT(korean, HasSubstr(part));
  Variance steps = explained();
  steps.by_step.emplace_back("hall", VarianceParts{});
  steps.by_step.emplace_back("own_kind", VarianceParts{});
  const std::string by_step = variance_text(steps, calendar, Language::korean);
  for (const char* part : {"팹 ", "전산동", "own_kind"}) EXPECT_THAT(by_step, HasSubstr(part));
  const auto json = nlohmann::json::parse(variance_json(explained(), calendar));
  EXPECT_EQ(json["items"][0]["of"], "etch");
  EXPECT_EQ(json["items"][0]["units"]["total"], -40);
  EXPECT_EQ(json["by_party"].size(), 1U);
}

}  // namespace
}  // namespace beltline
