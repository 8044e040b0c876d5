// The play against what can be worked out: closed forms, exact distributions, cases small enough for paper.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "risk/cause_names.h"
#include "risk/levers.h"
#include "risk/play_test_support.h"

namespace beltline {
namespace {

Odds play_all(const Play& play, const Observation& observation, uint32_t replications = 20'000, int threads = 2) {
  return play_many(play, observation, {.seed = 7, .replications = replications, .thread_count = threads});
}

/// Kolmogorov's distance between shares of replications by period and an exact distribution function.
double distance(const MilestoneOdds& odds, int period_count, const auto& exact) {
  const auto shares = shares_of(odds);
  double sum = 0, worst = 0;
  for (int t = 0; t < period_count; ++t) {
    sum += shares[static_cast<std::size_t>(t)];
    worst = std::max(worst, std::abs(sum - exact(t)));
  }
  return worst;
}

/// What the distance stays below in 99 of 100 samples.
double kolmogorov_1_percent(uint32_t replications) {
  return 1.628 / std::sqrt(static_cast<double>(replications));
}

TEST(RiskEngine, OneLeadTimeHasItsExactDistribution) {
  for (const Spread spread : {Spread::uniform, Spread::triangular, Spread::pert, Spread::lognormal}) {
    Chain chain(240);
    const int hall = chain.capacity("hall", 40, {{0, 1}});
    const Distribution lead{.spread = spread, .low = -20, .mode = 0, .high = 120};
    // a lognormal one is the whole lead, the others add to it
    const Distribution whole{.spread = spread, .low = 20, .mode = 40, .high = 120};
    const int source = chain.source("lead", spread == Spread::lognormal ? whole : lead);
    chain.influence(source, ChanceTarget::capacity, hall, Aspect::delay);
    if (spread == Spread::lognormal) {
      for (double* each : {&chain.chances.influences[0].at_low, &chain.chances.influences[0].at_mode,
                           &chain.chances.influences[0].at_high}) {
        *each -= 40;
      }
    }
    chain.milestone("online", TermKind::online, hall, 1, 40);
    chain.finish();
    const Play play = chain.play();
    const Observation observation = make_observation(play);
    const Odds odds = play_all(play, observation);
    const Distribution& of = chain.chances.sources[0].distribution;
    const double base = spread == Spread::lognormal ? 0 : 40;
    const double worst = distance(odds.milestones[0], 240, [&](int t) { return cumulative(of, t - base); });
    EXPECT_LT(worst, kolmogorov_1_percent(odds.replications)) << static_cast<int>(spread);
  }
}

/// Two ways to the end, one of two steps: F(t) = F_{A+B}(t) · F_C(t).
TEST(RiskEngine, APertNetworkEndsAsItsWaysSay) {
  Chain chain(160);
  const auto a = chain.good("a"), b = chain.good("b"), c = chain.good("c"), end = chain.good("end");
  const int first = chain.process("first", {}, a, 20, {{0, 1}});
  const int second = chain.process("second", {{a}}, b, 20, {{20, 1}});
  const int beside = chain.process("beside", {}, c, 40, {{0, 1}});
  const int join = chain.process("join", {{b}, {c}}, end, 0, {{40, 1}});
  const Distribution step{.spread = Spread::uniform, .low = 0, .mode = 0, .high = 30};
  const Distribution other{.spread = Spread::uniform, .low = 0, .mode = 0, .high = 50};
  chain.influence(chain.source("A", step), ChanceTarget::process, first, Aspect::delay);
  chain.influence(chain.source("B", step), ChanceTarget::process, second, Aspect::delay);
  chain.influence(chain.source("C", other), ChanceTarget::process, beside, Aspect::delay);
  chain.milestone("end", TermKind::activity, join, 1, 40);
  chain.finish();
  const Play play = chain.play();
  const Odds odds = play_all(play, make_observation(play));
  // whole periods: each delay is rounded up, so that A and B take 0 … 30 with P(k) = 1/30 from 1 on
  const double worst = distance(odds.milestones[0], 160, [](int t) {
    double sum = 0;
    for (int i = 1; i <= 30; ++i) {
      for (int j = 1; j <= 30; ++j) sum += 20 + 20 + i + j <= t ? 1.0 / 900 : 0.0;
    }
    return sum * std::clamp((t - 40) / 50.0, 0.0, 1.0);
  });
  EXPECT_LT(worst, kolmogorov_1_percent(odds.replications));
}

TEST(RiskEngine, TheMeanOfWhatComesOutIsTheMeanYield) {
  // a stack of 12: every layer holds with its yield, drawn anew each month
  Chain chain(30);
  const auto stack = chain.good("stack");
  std::vector<std::pair<int, double>> starts;
  for (int t = 0; t < 24; ++t) starts.emplace_back(t, 100);
  const int line = chain.process("stack", {}, stack, 1, starts);
  const Distribution layer{.spread = Spread::uniform, .low = 0.90, .mode = 0.95, .high = 1.0};
  for (int i = 0; i < 12; ++i) {
    chain.influence(chain.source("layer" + std::to_string(i), layer, true), ChanceTarget::process, line, Aspect::yield);
  }
  chain.milestone("any", TermKind::activity, line, 1, 0);
  chain.finish();
  const Play play = chain.play();
  Observation observation = make_observation(play);
  PlaySeries series{.table = "t", .name = "stock", .unit = "1", .place = "", .titles = {}, .entry = "", .terms = {}};
  series.terms.push_back({.source = PlayTerm::Source::stock, .index = 0, .coefficient = std::vector<double>(30, 1.0)});
  observation.series.push_back(series);
  const Odds odds = play_all(play, observation, 10'000);
  const double expected = 2400 * std::pow(0.95, 12);
  const Fan& fan = odds.fans.back();
  EXPECT_NEAR(fan.mean.mean(), expected, 2 * fan.mean.half_width(0.99));
  EXPECT_LT(fan.mean.half_width(0.99), 0.005 * expected);
}

/// Something that has happened before the first month and lasts to the end.
Shock lasting(const std::string& name, ChanceTarget target, int id, Aspect aspect, double value) {
  return {.name = name,
          .rate = 1e6,
          .duration = {.mode = 1000},
          .effects = {{.target = target, .id = id, .aspect = aspect, .at_mode = value}}};
}

TEST(RiskEngine, ASupplierThatSlipsThreeMonthsIsThreeMonthsLate) {
  Chain chain(36);
  const auto equipment = chain.good("transformer");
  const int buy = chain.process("buy", {}, equipment, 6, {{0, 1}});
  const int hall = chain.capacity("hall", 12, {{0, 1}}, {{6, {equipment}}});
  chain.chances.shocks.push_back(lasting("supplier", ChanceTarget::process, buy, Aspect::delay, 3));
  chain.milestone("hall", TermKind::online, hall, 1, 12);
  chain.finish();
  const Play play = chain.play();
  const Odds odds = play_all(play, make_observation(play), 64);
  EXPECT_EQ(odds.milestones[0].met.value(), 0);
  EXPECT_EQ(odds.milestones[0].reached[15], 64U);
  EXPECT_EQ(odds.milestones[0].causes[static_cast<std::size_t>(odds.causes.of_shock(0))], 64U);
  EXPECT_EQ(name_of_cause(play, odds.causes, odds.causes.of_shock(0)).name, "supplier");
}

TEST(RiskEngine, AYieldThatStallsAtHalfTakesTwiceAsLong) {
  // 10 a month in, 40 needed: the fortieth came with the fourth start; at half the yield it comes with the eighth
  Chain chain(24);
  const auto die = chain.good("die"), rack = chain.good("rack");
  std::vector<std::pair<int, double>> starts;
  for (int t = 0; t < 12; ++t) starts.emplace_back(t, 10);
  const int fab = chain.process("fab", {}, die, 2, starts);
  const int build = chain.process("build", {{die, 40}}, rack, 0, {{5, 1}});
  chain.chances.shocks.push_back(lasting("yield", ChanceTarget::process, fab, Aspect::yield, 0.5));
  chain.milestone("rack", TermKind::activity, build, 1, 5);
  chain.finish();
  const Play play = chain.play();
  const Odds odds = play_all(play, make_observation(play), 64);
  EXPECT_EQ(odds.milestones[0].reached[9], 64U);
  EXPECT_EQ(odds.milestones[0].causes[static_cast<std::size_t>(odds.causes.of_shock(0))], 64U);
}

TEST(RiskEngine, AYardThatLosesADockBuildsOneHullAfterTheOther) {
  // two docks for three months each; with one, hulls go through at half the pace
  for (const bool has_shock : {false, true}) {
    Chain chain(36);
    const auto dock = chain.moment("dock");
    Process yard{.name = "yard", .place = chain.place(), .grain = Grain::amount, .unit = "1"};
    yard.flows.push_back({.commodity = dock, .place = chain.place(), .rate = chain.builder().constant(1)});
    yard.upper = chain.builder().constant(2);
    const int hull = chain.capacity("hull", 6, {{0, 2}}, {{1, {dock}}, {2, {dock}}, {3, {dock}}});
    chain.builder().add(std::move(yard));
    chain.milestone("hulls", TermKind::online, hull, 2, 6);
    if (has_shock) chain.chances.shocks.push_back(lasting("lost dock", ChanceTarget::process, 0, Aspect::limit, 0.5));
    chain.finish();
    PlanFigures figures{.order = std::vector<double>(36),
                        .moved = {},
                        .activity = std::vector<double>(36),
                        .peak = std::vector<double>(36),
                        .variable = std::vector<double>(36)};
    figures.order[0] = 2;
    for (std::size_t t = 1; t <= 3; ++t) figures.activity[t] = 2;
    const Play play = make_play(chain.model, figures, chain.chances);
    const Odds odds = play_all(play, make_observation(play), 64);
    if (!has_shock) {
      EXPECT_EQ(odds.milestones[0].reached[6], 64U);
      continue;
    }
    // one hull passes each stage a month: dock time for six hull-months takes six months from month 1 on
    EXPECT_EQ(odds.milestones[0].met.value(), 0);
    EXPECT_EQ(odds.milestones[0].reached[9], 64U);
    EXPECT_EQ(odds.milestones[0].causes[static_cast<std::size_t>(odds.causes.of_shock(0))], 64U);
  }
}

TEST(RiskEngine, RacksWaitForTheirHall) {
  Chain chain(36);
  const auto space = chain.moment("space");
  const int hall = chain.capacity("hall", 10, {{0, 100}}, {}, {{space, 1}});
  const int rack = chain.capacity("rack", 1, {{9, 50}}, {}, {{space, -2}});
  chain.influence(chain.source("permit", {.spread = Spread::uniform, .low = 0, .mode = 0, .high = 12}),
                  ChanceTarget::capacity, hall, Aspect::delay);
  chain.milestone("racks", TermKind::online, rack, 50, 10);
  chain.finish();
  const Play play = chain.play();
  const Odds odds = play_all(play, make_observation(play), 12'000);
  const auto shares = shares_of(odds.milestones[0]);
  for (std::size_t t = 11; t <= 22; ++t) EXPECT_NEAR(shares[t], 1.0 / 12, 0.02) << t;
  EXPECT_EQ(name_of_cause(play, odds.causes, 1).name, "permit");
  EXPECT_EQ(odds.milestones[0].causes[1], odds.replications);
}

TEST(RiskEngine, ScarceGoodsGoInProportionOrInOrder) {
  for (const bool by_priority : {false, true}) {
    Chain chain(12);
    const auto die = chain.good("die", 60), x = chain.good("x"), y = chain.good("y");
    chain.process("make_x", {{die}}, x, 0, {{0, 60}});
    chain.process("make_y", {{die}}, y, 0, {{0, 30}});
    chain.milestone("x", TermKind::activity, 0, 60, 0);
    chain.milestone("y", TermKind::activity, 1, 30, 0);
    chain.finish();
    const Play play = chain.play();
    const Observation observation = make_observation(play);
    Player player(play, observation, nullptr, {.is_certain = true, .by_priority = by_priority}, nullptr);
    Batch batch;
    player.play(0, batch);
    EXPECT_NEAR(batch.row(0, 0, 12)[0], by_priority ? 60 : 40, 1e-9);
    EXPECT_NEAR(batch.row(1, 0, 12)[0], by_priority ? 0 : 20, 1e-9);
  }
}

TEST(RiskEngine, PlanningAgainStartsWhatIsShort) {
  const auto odds_with = [](int replan_every) {
    Chain chain(40);
    const auto die = chain.good("die");
    std::vector<std::pair<int, double>> starts, uses;
    for (int t = 0; t < 30; ++t) starts.emplace_back(t, 10);
    for (int t = 3; t < 33; ++t) uses.emplace_back(t, 10);
    const int fab = chain.process("fab", {}, die, 3, starts, 20);
    const auto rack = chain.good("rack");
    const int build = chain.process("build", {{die}}, rack, 0, uses);
    const int yield = chain.source("yield", {.spread = Spread::uniform, .low = 0.7, .mode = 1, .high = 1});
    chain.influence(yield, ChanceTarget::process, fab, Aspect::yield);
    chain.milestone("all", TermKind::activity, build, 300, 38);
    chain.finish();
    const Play play = chain.play();
    const Observation observation = make_observation(play);
    return play_many(play, observation, {.seed = 3, .replications = 2'000, .replan_every = replan_every})
        .milestones[0]
        .met.value();
  };
  EXPECT_LT(odds_with(0), 0.05);
  EXPECT_GT(odds_with(3), 0.95);
}

TEST(RiskEngine, ThreadsChangeNoByte) {
  Chain chain(48);
  const auto die = chain.good("die"), rack = chain.good("rack");
  std::vector<std::pair<int, double>> starts;
  for (int t = 0; t < 40; ++t) starts.emplace_back(t, 10 + t % 3);
  const int fab = chain.process("fab", {}, die, 4, starts);
  const int build = chain.process("build", {{die, 3}}, rack, 1, {{10, 20}, {20, 30}, {30, 40}});
  chain.influence(chain.source("yield", {.spread = Spread::pert, .low = 0.6, .mode = 1, .high = 1.1}),
                  ChanceTarget::process, fab, Aspect::yield);
  chain.influence(chain.source("lag", {.spread = Spread::pert, .low = -1, .mode = 0, .high = 4}), ChanceTarget::process,
                  build, Aspect::delay);
  chain.chances.shocks.push_back({.name = "strike",
                                  .rate = 0.05,
                                  .duration = {.spread = Spread::pert, .low = 1, .mode = 2, .high = 5},
                                  .effects = {{.id = fab, .aspect = Aspect::limit, .at_mode = 0}}});
  chain.milestone("racks", TermKind::activity, build, 90, 32);
  chain.finish();
  const Play play = chain.play();
  const Observation observation = make_observation(play);
  for (const Sampling sampling : {Sampling::plain, Sampling::antithetic, Sampling::sobol}) {
    std::vector<Odds> all;
    for (const int threads : {1, 2, 8}) {
      all.push_back(play_many(play, observation,
                              {.seed = 5, .replications = 3'000, .sampling = sampling, .thread_count = threads}));
    }
    for (const Odds& each : all) {
      EXPECT_EQ(each.replications, 3'000U);
      EXPECT_EQ(each.milestones[0].met.value(), all[0].milestones[0].met.value());
      EXPECT_EQ(each.milestones[0].reached, all[0].milestones[0].reached);
      EXPECT_EQ(each.milestones[0].causes, all[0].milestones[0].causes);
      EXPECT_EQ(each.milestones[0].delay.mean(), all[0].milestones[0].delay.mean());
      EXPECT_EQ(each.milestones[0].delay.half_width(0.95), all[0].milestones[0].delay.half_width(0.95));
    }
  }
}

TEST(RiskEngine, ABufferIsWorthWhatItBrings) {
  // a lead of 10, from a month less to 6 more: in time in one case of seven, in four ordered 3 months earlier
  Chain chain(36);
  const int hall = chain.capacity("hall", 10, {{5, 1}});
  chain.influence(chain.source("permit", {.spread = Spread::uniform, .low = -1, .mode = 0, .high = 6}),
                  ChanceTarget::capacity, hall, Aspect::delay);
  chain.milestone("hall", TermKind::online, hall, 1, 15);
  chain.finish();
  const Play play = chain.play();
  const Observation observation = make_observation(play);
  const RiskOptions options{.seed = 1, .replications = 4'000};
  const Odds odds = play_many(play, observation, options);
  const auto levers = value_levers(play, observation, find_levers(play, observation, odds, 4), options, 4'000);
  ASSERT_GE(levers.size(), 2U);
  const auto earlier =
      std::ranges::find_if(levers, [](const LeverOdds& each) { return each.lever.kind == LeverKind::earlier_order; });
  ASSERT_NE(earlier, levers.end());
  EXPECT_NEAR(earlier->before[0], 1.0 / 7, 0.03);
  EXPECT_NEAR(earlier->after[0], 4.0 / 7, 0.03);
  EXPECT_GT(earlier->probability[0].mean - earlier->probability[0].half_width, 0.38);
  EXPECT_NEAR(earlier->periods[0].mean, 3, 1e-9);
}

TEST(RiskEngine, PrecisionStopsTheRun) {
  Chain chain(36);
  const int hall = chain.capacity("hall", 10, {{0, 1}});
  chain.influence(chain.source("permit", {.spread = Spread::uniform, .low = -5, .mode = 0, .high = 5}),
                  ChanceTarget::capacity, hall, Aspect::delay);
  chain.milestone("hall", TermKind::online, hall, 1, 10);
  chain.finish();
  const Play play = chain.play();
  const Odds odds =
      play_many(play, make_observation(play), {.replications = 1'000'000, .precision = 0.02, .thread_count = 2});
  EXPECT_TRUE(odds.is_precise);
  EXPECT_LT(odds.replications, 5'000U);
  const Interval within = odds.milestones[0].met.interval(0.95);
  EXPECT_LE(within.high - within.low, 0.04);
  EXPECT_TRUE(within.low <= 0.5 && 0.5 <= within.high);
}

}  // namespace
}  // namespace beltline
