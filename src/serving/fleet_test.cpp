// A fleet on small cases: balance, outages, caps, scaling, jobs, failures, threads.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serving/fleet_file.h"
#include "serving/fleet_run.h"
#include "serving/linear_cost.h"
#include "serving/traffic_file.h"
#include "serving/traffic_generator.h"
#include "table/files.h"

namespace beltline::serving {
namespace {

constexpr Picoseconds kMs = kSecond / 1000;

/// A replica of 32 places: 20 ms a step, 0.5 ms a sequence and 10 µs a prompt token; 400 W idle, 1,000 W busy.
ReplicaKind small_kind() {
  ReplicaKind kind{.accelerators = 4, .load_time = 60 * kSecond};
  kind.rules.sequences_max = 32;
  kind.rules.step_tokens_max = 2048;
  kind.cost = std::make_shared<LinearCost>(LinearRates{.base = 20 * kMs,
                                                       .per_prompt_token = kMs / 100,
                                                       .per_sequence = kMs / 2,
                                                       .kv_tokens = 200'000,
                                                       .idle_W = 400,
                                                       .busy_W = 1000});
  return kind;
}

FleetSite site(std::string name, std::string group, GeoPoint at, double racks) {
  return {
      .name = std::move(name), .group = std::move(group), .at = at, .racks = {{0, racks}}, .pue = 1.2, .shares = {1}};
}

/// West and east, two racks of four replicas each; users in between.
FleetSpec two_sites() {
  FleetSpec spec;
  spec.models = {{.name = "m", .context_max = 32768}};
  spec.racks = {{.name = "r", .accelerators = 16, .base_W = 800}};
  spec.kinds = {small_kind()};
  spec.sites = {site("west", "west", {34.7, 126.4}, 2), site("east", "east", {35.5, 129.3}, 2)};
  spec.places = {{.name = "users", .at = {35.0, 127.0}}};
  spec.level = {.ttft_s = 1, .tpot_s = 0.05};
  spec.routing.spill_at = 0.7;
  return spec;
}

TrafficModel steady(double requests_per_s) {
  ClientModel client{.name = "c", .requests_per_s = requests_per_s, .day = peaked_day(1, 0)};
  client.input = {.median = 500, .sigma = 0.5, .max = 4000};
  client.output = {.median = 100, .sigma = 0.5, .max = 1000};
  return {.name = "t", .title = "T", .clients = {client}};
}

FleetResult play(const FleetSpec& spec, double requests_per_s, FleetRunOptions options = {}) {
  if (options.duration == FleetRunOptions{}.duration) options.duration = 1800 * kSecond;
  options.warm_up = 60 * kSecond;
  options.means = {{.input = 567, .output = 113}};
  TrafficGenerator traffic(steady(requests_per_s), {.seed = options.seed, .duration = options.duration});
  return run_fleet(spec, traffic, options);
}

double sum(const FleetResult& result, std::size_t site, double SiteBin::* what) {
  double total = 0;
  for (const SiteBin& bin : result.site_bins[site]) total += bin.*what;
  return total;
}

TEST(Fleet, BalancesRequestsAndTokens) {
  const FleetResult result = play(two_sites(), 30);
  EXPECT_GT(result.requests.arrivals, 50'000);
  EXPECT_EQ(result.requests.finished, result.requests.arrivals);
  EXPECT_EQ(result.tokens.finished_out, result.tokens.asked_out);
  EXPECT_EQ(result.tokens.generated, result.tokens.asked_out);
  EXPECT_EQ(result.tokens.sampled, static_cast<double>(result.tokens.generated));
  EXPECT_EQ(result.tokens.computed_in, static_cast<double>(result.tokens.asked_in));
  // a token takes a step at least, and the way is part of what a user waits for
  EXPECT_GE(result.tpot.quantile(0.01), 0.02 * 0.99);
  EXPECT_GT(result.ttft.quantile(0.01), 0.02);
  EXPECT_LT(result.ttft.quantile(0.99), 1);
  EXPECT_GT(static_cast<double>(result.requests.judged_good) / static_cast<double>(result.requests.judged), 0.95);
}

TEST(Fleet, CountsEnergyOfIdleAndBusyTime) {
  FleetSpec spec = two_sites();
  const FleetResult idle = play(spec, 0.001);
  // a site: two racks with 800 W and four replicas of 400 W each, half an hour, PUE 1.2
  const double idle_MWh = 2 * (800 + 4 * 400) * 1.2 * 0.5 / 1e6;
  EXPECT_NEAR(idle.energy_MWh[1].total(), idle_MWh, 0.01 * idle_MWh);
  const FleetResult busy = play(spec, 60);
  for (std::size_t b = 0; b < 6; ++b) {
    const SiteBin& bin = busy.site_bins[0][b];
    EXPECT_NEAR(bin.power_MW, 1.2 * (2 * 800 + bin.replicas * (400 + bin.busy * 600)) / 1e6, 1e-6) << b;
  }
}

TEST(Fleet, ASiteLostAtNoonSendsItsUsersToTheOther) {
  FleetSpec spec = two_sites();
  spec.outages = {{.site = 0, .begin = 600 * kSecond, .end = 1200 * kSecond}};
  spec.routing.detection = 2 * kSecond;
  const FleetResult result = play(spec, 12);
  const auto& west = result.site_bins[0];
  const auto& east = result.site_bins[1];
  EXPECT_GT(west[1].finished, 10 * east[1].finished);  // the west is nearer
  EXPECT_EQ(west[3].power_MW, 0);
  EXPECT_GT(east[3].finished, 3000);
  EXPECT_GT(east[3].rerouted_in, 3000);
  EXPECT_EQ(sum(result, 0, &SiteBin::rerouted_out), sum(result, 1, &SiteBin::rerouted_in));
  EXPECT_GT(west[5].finished, 10 * east[5].finished);  // and they come back
  EXPECT_GT(result.requests.losses, 20);
  EXPECT_EQ(result.requests.lost, 0);  // retries reached the other site
  EXPECT_EQ(result.requests.finished, result.requests.arrivals);
  ASSERT_GE(result.events.size(), 2U);
  EXPECT_EQ(result.events.front().kind, "lost");
}

TEST(Fleet, APlannedOutageLosesNothing) {
  FleetSpec spec = two_sites();
  spec.outages = {{.site = 0, .begin = 900 * kSecond, .end = 1200 * kSecond, .is_planned = true}};
  const FleetResult result = play(spec, 12);
  EXPECT_EQ(result.requests.losses, 0);
  EXPECT_EQ(result.requests.finished, result.requests.arrivals);
}

TEST(Fleet, LosesRequestsWhereNobodyElseServes) {
  FleetSpec spec = two_sites();
  spec.sites.pop_back();
  spec.outages = {{.site = 0, .begin = 600 * kSecond, .end = 1200 * kSecond}};
  const FleetResult result = play(spec, 12);
  EXPECT_GT(result.requests.rejected + result.requests.lost, 4000);
  // those under way when the site goes are told then, whenever they arrived; and each that nobody serves once
  double unserved = 0;
  for (const FleetBin& bin : result.bins) unserved += bin.unserved_lost + bin.unserved_refused;
  EXPECT_EQ(unserved, static_cast<double>(result.requests.rejected + result.requests.lost));
  const auto gone = static_cast<std::size_t>(600 * kSecond / result.options.bin);
  for (std::size_t b = 0; b < gone; ++b) EXPECT_EQ(result.bins[b].unserved_lost, 0) << b;
  EXPECT_GT(result.bins[gone].unserved_lost, 20);
  EXPECT_TRUE(result.requests.is_balanced());
}

TEST(Fleet, AdmitsNoMoreThanItHasRoomFor) {
  FleetSpec spec = two_sites();
  spec.admission.in_flight_max = 1.5;
  spec.admission.retries = 1;
  const FleetResult result = play(spec, 400, {.duration = 240 * kSecond});
  EXPECT_GT(result.requests.rejected, result.requests.arrivals / 5);
  EXPECT_LT(result.ttft.quantile(0.5), 10);
  EXPECT_EQ(result.requests.attempts, result.requests.arrivals + result.requests.retries);
}

TEST(Fleet, KeepsTheCapBySlowingOrByShedding) {
  for (const CapPolicy policy : {CapPolicy::slow, CapPolicy::shed}) {
    FleetSpec spec = two_sites();
    spec.sites.pop_back();
    spec.cap_policy = policy;
    // full power is 1.2 · 2 · (800 + 4 · 1000) W = 11.52 kW
    spec.sites[0].cap_MW.assign(24, 0.008);
    const FleetResult capped = play(spec, 15);
    double highest = 0;
    for (const SiteBin& bin : capped.site_bins[0]) highest = std::max(highest, bin.power_MW);
    EXPECT_LE(highest, 0.008 * 1.001);
    EXPECT_GT(highest, 0.005);
    spec.sites[0].cap_MW.clear();
    const FleetResult free = play(spec, 15);
    EXPECT_GT(capped.e2e.mean(), 1.05 * free.e2e.mean());
    EXPECT_EQ(capped.requests.finished, free.requests.finished);
    ASSERT_FALSE(capped.events.empty());
    EXPECT_EQ(capped.events.front().kind, "capped");
  }
}

TEST(Fleet, ScalesWithItsTrafficAndTrainsOnWhatIsLeft) {
  FleetSpec spec = two_sites();
  spec.sites.pop_back();
  spec.sites[0].shares = {0.25};
  spec.scaling = {.is_on = true, .down_hold = 120 * kSecond};
  spec.admission.in_flight_max = 100;
  spec.jobs = {{.name = "tune",
                .site = 0,
                .rack = 0,
                .racks = 1,
                .work_h = 0.2,
                .checkpoint = 60 * kSecond,
                .restart = 30 * kSecond}};
  const FleetResult calm = play(spec, 5);
  EXPECT_GT(calm.jobs[0].finished, 0);
  EXPECT_EQ(calm.jobs[0].starts, 1);
  EXPECT_NEAR(calm.jobs[0].done_h, 0.2, 1e-9);
  const FleetResult rush = play(spec, 60);
  EXPECT_GE(rush.jobs[0].preempted, 1);
  double most = 0;
  for (const SiteBin& bin : rush.site_bins[0]) most = std::max(most, bin.replicas);
  EXPECT_GT(most, 4);
  EXPECT_EQ(rush.requests.finished, rush.requests.arrivals);
}

TEST(Fleet, RepairsWhatFails) {
  FleetSpec spec = two_sites();
  spec.failures = {.accelerator_mtbf_h = 4, .rack_mtbf_h = 3, .repair = 120 * kSecond};
  const FleetResult result = play(spec, 20);
  EXPECT_EQ(result.requests.finished, result.requests.arrivals);
  EXPECT_GT(std::ranges::count(result.events, std::string_view("failed"), &FleetEvent::kind), 4);
  // 16 replicas, each down 3 of 60 + … minutes: fewer serve than there are
  double replicas = 0;
  for (const auto& bins : result.site_bins) {
    for (std::size_t b = 0; b < 6; ++b) replicas += bins[b].replicas / 6;
  }
  EXPECT_LT(replicas, 15.9);
  EXPECT_GT(replicas, 10);
}

TEST(Fleet, ThreadsAndASecondRunChangeNothing) {
  FleetSpec spec = two_sites();
  spec.failures.accelerator_mtbf_h = 10;
  spec.outages = {{.site = 1, .begin = 300 * kSecond, .end = 500 * kSecond}};
  spec.routing.interval = 30 * kSecond;  // rounds that are worth sharing
  const FleetResult one = play(spec, 50, {.duration = 900 * kSecond, .thread_count = 1});
  const FleetResult two = play(spec, 50, {.duration = 900 * kSecond, .thread_count = 2});
  EXPECT_EQ(one.requests.finished, two.requests.finished);
  EXPECT_EQ(one.ttft.quantile(0.95), two.ttft.quantile(0.95));
  EXPECT_EQ(one.e2e.mean(), two.e2e.mean());
  EXPECT_EQ(one.energy_MWh, two.energy_MWh);
}

/// Sites of 200, 40 and 8 racks of four slots beside each other.
FleetSpec uneven_sites() {
  FleetSpec spec = two_sites();
  spec.routing.spill_at = 0;
  spec.sites = {site("a", "", {35, 127}, 200), site("b", "", {35, 127}, 40), site("c", "", {35, 127}, 8)};
  return spec;
}

TEST(Scale, SitesKeepTheirShareWhateverTheirSlotsAreRoundedTo) {
  FleetSpec spec = uneven_sites();
  spec.outages = {{.site = 0, .begin = 600 * kSecond, .end = 660 * kSecond}};
  const std::vector<MeanRequest> means{{.input = 567, .output = 113}};
  const double rate = 0.4 * capacity_per_s(spec, means);
  const FleetScale scale = allotted_scale(spec, means, rate * 900, 50'000);
  EXPECT_TRUE(scale.is_down());
  EXPECT_GT(scale.weight(0), 2 * scale.weight(2));  // the small one has more slots than its part
  EXPECT_EQ(scale.stream_weight, *std::ranges::min_element(scale.request_weight));
  FleetRunOptions options{.scale = scale, .duration = 900 * kSecond};
  const FleetResult down = play(spec, rate / scale.stream_weight, options);
  EXPECT_TRUE(down.requests.is_balanced());
  EXPECT_GT(down.requests.thinned, 1'000);
  EXPECT_GT(down.requests.split, 0);
  EXPECT_NEAR(static_cast<double>(down.requests.arrivals), 50'000, 15'000);
  EXPECT_NEAR(down.amounts.arrivals, rate * 900, 0.02 * rate * 900);
  EXPECT_NEAR(down.amounts.ended(), down.amounts.arrivals, 0.003 * down.amounts.arrivals);
  // before the outage: shares are those of the slots
  double before[3] = {}, all = 0;
  for (std::size_t s = 0; s < 3; ++s) {
    for (std::size_t b = 0; b < 2; ++b) before[s] += down.site_bins[s][b].arrivals;
    all += before[s];
  }
  EXPECT_NEAR(before[0] / all, 200.0 / 248, 0.01);
  EXPECT_NEAR(before[1] / all, 40.0 / 248, 0.01);
  EXPECT_NEAR(before[2] / all, 8.0 / 248, 0.005);
  // and power is that of all slots: 800 W a rack and 400 to 1,000 W a slot
  for (std::size_t s = 0; s < 3; ++s) {
    const SiteBin& bin = down.site_bins[s][0];
    const double racks = spec.sites[s].racks[0].count;
    EXPECT_NEAR(bin.power_MW, 1.2 * racks * (800 + 4 * (400 + bin.busy * 600)) / 1e6, 1e-4 * bin.power_MW) << s;
    EXPECT_NEAR(bin.replicas, 4 * racks, 1e-6);
  }
}

TEST(Scale, KeepsToItsBudgetAndToOneSlotAtLeast) {
  const FleetSpec spec = uneven_sites();
  const std::vector<MeanRequest> means{{}};
  const FleetScale tight = allotted_scale(spec, means, 1e9, 1000);
  for (std::size_t s = 0; s < 3; ++s)
    EXPECT_LE(tight.weight(s), 4 * spec.sites[s].racks[0].count) << s;  // one slot stands for all of them
  EXPECT_FALSE(allotted_scale(spec, means, 500, 1000).is_down());
  EXPECT_FALSE(even_scale(spec, means, 1).is_down());
  const FleetScale even = even_scale(spec, means, 16);
  EXPECT_NEAR(even.weight(0), 16, 1e-9);
  EXPECT_NEAR(halved(spec, means, even).weight(0), 32, 1e-9);
}

TEST(Scale, JobsAreRoundedTogether) {
  FleetSpec spec = uneven_sites();
  for (int j = 0; j < 8; ++j) spec.jobs.push_back({.name = "j", .site = 1, .rack = 0, .racks = 2, .work_h = 10});
  spec.sites[1].shares = {0.5};
  const std::vector<MeanRequest> means{{}};
  const FleetResult down = play(spec, 1, {.scale = even_scale(spec, means, 20), .duration = 300 * kSecond});
  // eight jobs of 8 slots each, one slot in 20: 3.2 in all
  int32_t slots = 0;
  for (const int32_t one : down.job_slots) slots += one;
  EXPECT_EQ(slots, 3);
  EXPECT_NEAR(down.site_bins[1][0].training_slots, 60, 8);
}

TEST(FleetFile, ThePageHasARowForEachKey) {
  const auto page = read_file(std::filesystem::path(BELTLINE_SOURCE_DIR) / "docs/serving.md");
  ASSERT_TRUE(page);
  std::vector<const Section*> sections(fleet_sections().begin(), fleet_sections().end());
  sections.insert(sections.end(), {&kTrafficSection, &kClientSection});
  for (const Section* section : sections) {
    const std::size_t begin = page->find("### [" + std::string(section->name));
    ASSERT_NE(begin, std::string::npos) << section->name;
    const std::string part = page->substr(begin, page->find("\n### ", begin + 1) - begin);
    for (const Attribute& attribute : section->attributes)
      EXPECT_THAT(part, testing::HasSubstr("| `" + std::string(attribute.key) + "` |")) << section->name;
  }
}

TEST(Network, DistancesAreThoseOfTheGlobe) {
  // Seoul to Busan
  EXPECT_NEAR(distance_km({37.5665, 126.9780}, {35.1796, 129.0756}), 325, 1);
  EXPECT_NEAR(distance_km({0, 0}, {0, 180}), 20015.1, 0.1);
  EXPECT_NEAR(round_trip_s({}, {0, 0}, {0, 0}), 0.004, 1e-12);
}

TEST(Quantiles, AreWithinTheirBucketsAndMerge) {
  TimeQuantiles all, odd, even;
  for (int i = 1; i <= 10'000; ++i) {
    const double x = i * 1e-3;
    all.add(x);
    (i % 2 == 0 ? even : odd).add(x);
  }
  EXPECT_NEAR(all.quantile(0.5), 5, 0.02);
  EXPECT_NEAR(all.quantile(0.99), 9.9, 0.04);
  EXPECT_DOUBLE_EQ(all.max(), 10);
  odd.merge(even);
  EXPECT_EQ(odd.count(), all.count());
  EXPECT_NEAR(odd.quantile(0.9), all.quantile(0.9), 0.08);
  // Student's t: 2.262 for nine degrees of freedom, 2.228 for ten
  std::vector<double> values;
  for (int i = 0; i < 10; ++i) values.push_back(i);
  EXPECT_NEAR(mean_interval(values).half, 2.26216 * std::sqrt(9.16667 / 10), 1e-3);
  values.push_back(10);
  EXPECT_NEAR(mean_interval(values).half, 2.22814 * std::sqrt(11.0 / 11), 1e-3);
}

}  // namespace
}  // namespace beltline::serving
