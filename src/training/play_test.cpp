#include "training/play.h"

#include <cmath>

#include <gtest/gtest.h>

#include "perf/catalogue.h"

namespace beltline::training {
namespace {

constexpr double kDay_s = 86400;

TEST(FailureRates, AreThoseOfTheLlama3Paper) {
  const WatchedRun& run = llama3_run();
  EXPECT_EQ(run.interruptions(), 419);
  EXPECT_EQ(run.causes.front().interruptions, 148);
  const FailureRates rates = rates_of(run);
  EXPECT_NEAR(rates.per_accelerator_hour * 8760, 0.1729, 1e-4);  // a year and accelerator
  EXPECT_NEAR(mean_time_between_s(rates, 16384) / 3600, 54 * 24 / 419.0, 1e-9);
  EXPECT_LT(rates.node_per_accelerator_hour, rates.per_accelerator_hour);
  EXPECT_NEAR(rates_of(run, 0.5).per_accelerator_hour, rates.per_accelerator_hour / 2, 1e-15);
}

TEST(CheckpointInterval, IsNearYoungsWhereCheckpointsAreCheap) {
  const FailureRates rates = rates_of(llama3_run());
  Recovery recovery;
  recovery.write_s = 5;
  const CheckpointInterval interval = checkpoint_interval(rates, recovery, 16384);
  const double mean = mean_time_between_s(rates, 16384);
  EXPECT_NEAR(interval.young_s, std::sqrt(10 * mean), 1e-9);
  EXPECT_NEAR(interval.daly_s / interval.best_s, 1, 1e-3);
  EXPECT_NEAR(interval.young_s / interval.best_s, 1, 0.02);
  // no other interval is better
  const double best = time_shares(rates, recovery, 16384, interval.best_s).useful;
  for (double factor = 0.1; factor < 10; factor *= 1.07) {
    EXPECT_LE(time_shares(rates, recovery, 16384, interval.best_s * factor).useful, best + 1e-12);
  }
}

TEST(CheckpointInterval, IsNotYoungsWhereTheyAreDear) {
  const FailureRates rates = rates_of(llama3_run());
  Recovery recovery;
  recovery.write_s = 2 * 3600;
  const CheckpointInterval interval = checkpoint_interval(rates, recovery, 16384);
  EXPECT_GT(interval.young_s / interval.best_s, 1.15);
  recovery = {.write_s = 1, .background_s = 4000};
  EXPECT_GE(checkpoint_interval(rates, recovery, 16384).best_s, 4000 * (1 - 1e-9));
  EXPECT_TRUE(std::isinf(checkpoint_interval({}, recovery, 16384).best_s));
}

TEST(TimeShares, AddUp) {
  const FailureRates rates = rates_of(llama3_run());
  for (const Recovery& r : {Recovery{.write_s = 60, .spare_nodes = 100}, Recovery{.write_s = 2, .background_s = 100},
                            Recovery{.write_s = 600, .spare_nodes = 10}}) {
    const TimeShares s = time_shares(rates, r, 16384, 900);
    EXPECT_NEAR(s.useful + s.checkpoint + s.lost + s.down + s.waiting, 1, 1e-12);
  }
  EXPECT_NEAR(time_shares({}, Recovery{.write_s = 100}, 8, 900).useful, 0.9, 1e-12);
}

RunPlan llama3_plan() {
  RunPlan plan;
  plan.phases = {{0, 16384, 1e7}};
  plan.tokens = 1e20;
  plan.rates = rates_of(llama3_run());
  // as its paper tells: 2 TB/s of storage, training that goes on while checkpoints are written, automatic restarts
  plan.recovery = written_behind(*perf::find_architecture("llama-3.1-405b"), 2e12, 16384);
  plan.recovery.spare_nodes = 64;
  plan.horizon_s = 54 * kDay_s;
  return plan;
}

TEST(PlayedRun, IsInterruptedAsLlama3Was) {
  const RunOutlook outlook = play_runs(llama3_plan(), 1, 400);
  // 419 counted: Poisson, a standard deviation of 20.5
  EXPECT_NEAR(outlook.interruptions.mean, 419, std::sqrt(419.0));
  EXPECT_GT(outlook.useful_share.mean, 0.9);
  EXPECT_LT(outlook.useful_share.mean, 0.97);
  EXPECT_NEAR(outlook.elapsed_s.mean, 54 * kDay_s, 1e-3);
}

TEST(PlayedRun, AgreesWithItsClosedForm) {
  for (const Recovery& recovery :
       {Recovery{.write_s = 60, .spare_nodes = 1000}, Recovery{.write_s = 2, .background_s = 300, .spare_nodes = 1000},
        Recovery{.write_s = 120, .spare_nodes = 30, .repair_s = 12 * 3600.0}}) {
    RunPlan plan = llama3_plan();
    plan.recovery = recovery;
    plan.interval_s = 1200;
    plan.horizon_s = 400 * kDay_s;
    const RunOutlook played = play_runs(plan, 3, 60);
    const TimeShares closed = time_shares(plan.rates, recovery, 16384, 1200);
    EXPECT_NEAR(played.shares.useful, closed.useful, 0.004);
    EXPECT_NEAR(played.shares.checkpoint, closed.checkpoint, 0.004);
    EXPECT_NEAR(played.shares.lost, closed.lost, 0.004);
    EXPECT_NEAR(played.shares.down, closed.down, 0.004);
    EXPECT_NEAR(played.shares.waiting, closed.waiting, 0.004);
  }
}

TEST(PlayedRun, TimesAddUpAndRepeat) {
  RunPlan plan = llama3_plan();
  plan.phases = {{0, 4096, 1e6}, {10 * kDay_s, 8192, 2e6}, {15 * kDay_s, 0, 0}, {16 * kDay_s, 16384, 3.9e6}};
  plan.tokens = 8e12;
  plan.horizon_s = 0;
  plan.rates.shape = 0.7;
  plan.recovery.spare_nodes = 2;
  const RunPlayed run = play_run(plan, 9, 4);
  EXPECT_TRUE(run.is_through);
  EXPECT_EQ(run.tokens, plan.tokens);
  EXPECT_NEAR(run.useful_s + run.checkpoint_s + run.lost_s + run.down_s + run.waiting_s, run.elapsed_s, 1e-3);
  EXPECT_EQ(play_run(plan, 9, 4).elapsed_s, run.elapsed_s);
  EXPECT_NE(play_run(plan, 9, 5).elapsed_s, run.elapsed_s);
  // the day without accelerators
  EXPECT_GE(run.waiting_s, kDay_s * (1 - 1e-9));
}

TEST(PlayedRun, WithoutFailuresTakesItsTokensTime) {
  RunPlan plan = llama3_plan();
  plan.rates = {};
  plan.tokens = 1e13;
  plan.horizon_s = 0;
  const RunPlayed run = play_run(plan, 1, 0);
  EXPECT_NEAR(run.elapsed_s, 1e6, 1e-6);
  EXPECT_EQ(run.interruptions, 0);
  plan.phases = {{0, 16384, 1e7}, {5e5, 32768, 2e7}};
  EXPECT_NEAR(play_run(plan, 1, 0).elapsed_s, 7.5e5 + plan.recovery.write_s + plan.recovery.restart_s, 1e-6);
}

TEST(PlayedRun, OfClusteredFailuresHasTheSameMean) {
  RunPlan plan = llama3_plan();
  plan.rates.shape = 0.6;
  const RunOutlook outlook = play_runs(plan, 5, 100);
  EXPECT_NEAR(outlook.interruptions.mean / 419, 1, 0.03);
}

}  // namespace
}  // namespace beltline::training
