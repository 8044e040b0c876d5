// Engines of a fleet: speculation, prefill and decode apart, priorities, timeouts, and what a file says of them.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "serving/fleet_file.h"
#include "serving/fleet_run.h"
#include "serving/linear_cost.h"
#include "serving/traffic_generator.h"

namespace beltline::serving {
namespace {

constexpr Picoseconds kMs = kSecond / 1000;

/// One site with `racks` racks of four replicas: 20 ms a step and 0.1 ms a prompt token.
FleetSpec one_site(double racks) {
  ReplicaKind kind{.accelerators = 4};
  kind.rules.sequences_max = 32;
  kind.rules.step_tokens_max = 2048;
  kind.cost = std::make_shared<LinearCost>(
      LinearRates{.base = 20 * kMs, .per_prompt_token = kMs / 10, .kv_tokens = 200'000, .idle_W = 400, .busy_W = 1000});
  kind.kv_bytes_per_token = 1e5;
  FleetSpec spec;
  spec.models = {{.name = "m", .context_max = 32768}};
  spec.racks = {{.name = "r", .accelerators = 16}};
  spec.kinds = {kind};
  spec.sites = {{.name = "s", .at = {35, 127}, .racks = {{0, racks}}, .pue = 1, .shares = {1}}};
  spec.places = {{.name = "users", .at = {35, 127}}};
  spec.level = {.ttft_s = 2, .tpot_s = 0.03};
  return spec;
}

ClientModel client(std::string name, double requests_per_s, double input, double output, int32_t priority = 0) {
  ClientModel out{
      .name = std::move(name), .priority = priority, .requests_per_s = requests_per_s, .day = peaked_day(1, 0)};
  out.input = {.median = input};
  out.output = {.median = output};
  return out;
}

FleetResult play(FleetSpec spec, const std::vector<ClientModel>& clients, Picoseconds duration = 600 * kSecond) {
  for (ReplicaKind& kind : spec.kinds) apply_settings(spec, kind);
  FleetRunOptions options{.duration = duration, .warm_up = 60 * kSecond, .bin = 60 * kSecond};
  options.means = {{.input = clients[0].input.median, .output = clients[0].output.median}};
  TrafficGenerator traffic({.name = "t", .title = "T", .clients = clients}, {.seed = 1, .duration = duration});
  return run_fleet(spec, traffic, options);
}

TEST(FleetEngine, SpeculationShortensTheTimeATokenByWhatAStepYields) {
  const std::vector<ClientModel> clients{client("c", 1, 10, 801)};
  const FleetResult plain = play(one_site(2), clients);
  for (const auto& [tokens, acceptance] : {std::pair{3, 0.7}, std::pair{5, 0.9}}) {
    FleetSpec spec = one_site(2);
    spec.engines = {{.speculation = {.tokens = tokens, .acceptance = acceptance}}};
    const FleetResult fast = play(spec, clients);
    const double yield = (1 - std::pow(acceptance, tokens + 1)) / (1 - acceptance);
    EXPECT_NEAR(tokens_a_step({.tokens = tokens, .acceptance = acceptance}), yield, 1e-12);
    EXPECT_NEAR(plain.tpot.mean() / fast.tpot.mean(), yield, 0.02 * yield);
    EXPECT_EQ(fast.requests.finished, fast.requests.arrivals);
    EXPECT_EQ(fast.tokens.sampled, static_cast<double>(fast.tokens.generated));
    // what the fleet is reckoned to serve grows with it
    const MeanRequest mean{.input = 10, .output = 801};
    ReplicaKind kind = spec.kinds[0];
    const KindFigures before = figures_of(kind, spec.level, mean);
    apply_settings(spec, kind);
    EXPECT_NEAR(figures_of(kind, spec.level, mean).requests_per_s / before.requests_per_s, yield, 0.1 * yield);
  }
  EXPECT_EQ(tokens_a_step({.tokens = 4, .acceptance = 1}), 5);
}

TEST(FleetEngine, KeysMoveOnceForEachRequestOfASplit) {
  FleetSpec spec = one_site(2);
  spec.splits = {{.prefill = 1, .decode = 1, .bytes_per_s = 1e9, .latency = 5 * kMs}};
  const FleetResult split = play(spec, {client("c", 0.2, 1000, 101)});
  // prompt: 20 + 100 ms, and the way; then 1000 · 100 kB over 1 GB/s, the latency, and 100 steps of 20 ms
  EXPECT_NEAR(split.ttft.quantile(0.5), 0.120 + 0.004, 0.001);
  EXPECT_NEAR(split.tpot.mean(), (0.100 + 0.005 + 100 * 0.020) / 100, 2e-5);
  EXPECT_EQ(split.requests.finished, split.requests.arrivals);
  EXPECT_EQ(split.tokens.generated, split.tokens.asked_out);
  // a size of one's own goes before the catalogue's
  spec.splits[0].bytes_per_token = 2e5;
  const FleetResult larger = play(spec, {client("c", 0.2, 1000, 101)});
  EXPECT_NEAR(larger.tpot.mean() - split.tpot.mean(), 0.100 / 100, 2e-5);
}

TEST(FleetEngine, ASplitKeepsPromptsOutOfTheTimeFromTokenToToken) {
  // prompts take 0.4 of the time of eight replicas
  const std::vector<ClientModel> clients{client("c", 16, 2000, 101)};
  const FleetResult whole = play(one_site(2), clients);
  FleetSpec spec = one_site(2);
  spec.splits = {{.prefill = 5, .decode = 3, .bytes_per_s = 100e9}};
  const FleetResult split = play(spec, clients);
  EXPECT_EQ(split.requests.finished, split.requests.arrivals);
  EXPECT_LT(split.tpot.quantile(0.95), 0.021);
  EXPECT_GT(whole.tpot.quantile(0.95), 0.03);
  const auto good = [](const FleetResult& result) {
    return static_cast<double>(result.requests.judged_good) / static_cast<double>(result.requests.judged);
  };
  EXPECT_GT(good(split), 0.98);
  EXPECT_LT(good(whole), 0.5);
  // one prefills for seven that decode: prompts wait
  spec.splits = {{.prefill = 1, .decode = 7, .bytes_per_s = 100e9}};
  EXPECT_GT(play(spec, clients, 120 * kSecond).ttft.quantile(0.5), 2 * whole.ttft.quantile(0.5));
}

TEST(FleetEngine, ASplitSurvivesFailuresOutagesAndScaling) {
  FleetSpec spec = one_site(2);
  spec.splits = {{.prefill = 1, .decode = 2, .bytes_per_s = 10e9, .latency = kMs}};
  spec.failures = {.accelerator_mtbf_h = 2, .repair = 60 * kSecond};
  spec.outages = {{.site = 0, .begin = 300 * kSecond, .end = 320 * kSecond}};
  spec.scaling = {.is_on = true, .interval = 5 * kSecond, .down_hold = 20 * kSecond};
  spec.admission = {.in_flight_max = 100, .retries = 20};
  const FleetResult result = play(spec, {client("c", 4, 500, 50)});
  EXPECT_TRUE(result.requests.is_balanced());
  EXPECT_GT(std::ranges::count(result.events, std::string_view("scaled down"), &FleetEvent::kind), 2);
  EXPECT_GT(result.requests.losses, 0);
  EXPECT_GT(result.requests.finished, result.requests.arrivals * 98 / 100);
}

TEST(FleetEngine, UrgentRequestsOvertakeOthers) {
  // four replicas hold 128 requests of 10 s; 14 a second is more
  FleetSpec spec = one_site(1);
  spec.admission.in_flight_max = 1000;
  const std::vector<ClientModel> clients{client("batch", 7, 10, 501, 5), client("chat", 7, 10, 501, 1)};
  const FleetResult plain = play(spec, clients, 300 * kSecond);
  spec.engines = {{.by_priority = true}};
  const FleetResult urgent = play(spec, clients, 300 * kSecond);
  ASSERT_EQ(urgent.by_priority.size(), 2U);
  EXPECT_LT(urgent.by_priority.at(1)[0].quantile(0.9), 2);
  EXPECT_GT(urgent.by_priority.at(5)[0].quantile(0.5), 10);
  EXPECT_NEAR(plain.by_priority.at(1)[0].quantile(0.5) / plain.by_priority.at(5)[0].quantile(0.5), 1, 0.3);
}

TEST(FleetEngine, ARequestThatTakesTooLongIsAborted) {
  FleetSpec spec = one_site(1);
  spec.admission.timeout = 5 * kSecond;
  const FleetResult result = play(spec, {client("short", 1, 10, 101), client("long", 1, 10, 501)});
  EXPECT_NEAR(static_cast<double>(result.requests.gave_up), 600, 100);  // 10 s each
  EXPECT_NEAR(static_cast<double>(result.requests.finished), 600, 100);
}

TEST(FleetEngine, AnyFirstReplicasAreSplitAsAllAre) {
  for (const double share : {0.01, 0.25, 0.375, 0.5, 0.8, 0.99}) {
    int64_t prefilling = 0;
    for (int64_t number = 0; number < 40; ++number) {
      prefilling += role_of(share, number) == ReplicaRole::prefill;
      EXPECT_EQ(prefilling, prefill_count(share, number + 1)) << share << ' ' << number;
    }
  }
  EXPECT_EQ(replicas_for(0.5), 2);
  EXPECT_EQ(replicas_for(0.25), 4);
  const KindFigures prefill{.places = 4, .requests_per_s = 10}, decode{.places = 32, .requests_per_s = 5};
  const KindFigures joint = joint_figures(prefill, 1, decode, 1);
  EXPECT_DOUBLE_EQ(joint.requests_per_s, 5);
  EXPECT_DOUBLE_EQ(joint.places, 4 * 0.5 + 32);
  EXPECT_EQ(joint_figures(prefill, 1, decode, 0).places, 0);
}

constexpr std::string_view kFile = R"([fleet]
models = ["m"]
[site.s]
latitude = 35
longitude = 127
racks = [{rack = "r", count = 2}]
[rack.r]
accelerators = 16
[replica.a]
model = "m"
rack = "r"
accelerators = 4
step = "20 ms"
kv_tokens = 200000
)";

TEST(FleetEngineFile, GivesReplicasWhatItSays) {
  const ReadFleet read = read_fleet_text("f", std::string(kFile) + R"([engine.all]
step_tokens_max = 4096
sequences_max = 64
chunks_prompts = false
caches_prefixes = false
by_priority = true
draft_tokens = 3
acceptance = 0.8
draft_time = "1.5 ms"
[split.here]
site = "s"
prefill = 1
decode = 3
bandwidth = "50 GB/s"
latency = "2 ms"
token_size = "160 kB"
[admission]
timeout = "90 s"
)");
  ASSERT_TRUE(read.spec);
  const EngineRules& rules = read.spec->kinds[0].rules;
  EXPECT_EQ(rules.step_tokens_max, 4096);
  EXPECT_EQ(rules.sequences_max, 64);
  EXPECT_FALSE(rules.chunks_prompts || rules.caches_prefixes);
  EXPECT_TRUE(rules.by_priority);
  EXPECT_EQ(rules.speculation.tokens, 3);
  EXPECT_EQ(rules.speculation.acceptance, 0.8);
  EXPECT_EQ(rules.speculation.draft, 3 * kMs / 2);
  EXPECT_EQ(read.spec->admission.timeout, 90 * kSecond);
  const SplitRules* const split = split_of(*read.spec, 0, 0);
  ASSERT_NE(split, nullptr);
  EXPECT_EQ(split->share(), 0.25);
  EXPECT_EQ(split->bytes_per_s, 50e9);
  EXPECT_EQ(split->bytes_per_token, 160e3);
  EXPECT_EQ(split->latency, 2 * kMs);
}

TEST(FleetEngineFile, TellsWhatCannotBe) {
  const auto codes = [](std::string_view text) {
    std::vector<std::pair<Code, uint32_t>> out;
    const ReadFleet read = read_fleet_text("f", std::string(kFile) + std::string(text));
    for (const Diagnostic& fault : read.file.diagnostics.all()) {
      EXPECT_FALSE(fault.help.empty()) << fault.message;
      out.emplace_back(fault.code, fault.origin.line);
    }
    return out;
  };
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(codes("[engine.a]\nacceptance = 1.2\ndraft_tokens = -1\nstep_tokens_max = 0\n"),
              ElementsAre(Pair(Code::out_of_range, 16), Pair(Code::out_of_range, 17), Pair(Code::out_of_range, 18)));
  EXPECT_THAT(codes("[engine.a]\nstep_tokens_max = 100\nsequences_max = 30\ndraft_tokens = 4\n"),
              ElementsAre(Pair(Code::inconsistent, 16)));
  EXPECT_THAT(codes("[engine.a]\n[engine.b]\n"), ElementsAre(Pair(Code::duplicate_name, 16)));
  const std::string split = "prefill = 1\ndecode = 1\nbandwidth = \"1 GB/s\"\ntoken_size = \"1 kB\"\n";
  EXPECT_THAT(codes("[split.a]\nmodel = \"n\"\n" + split), ElementsAre(Pair(Code::dangling_reference, 16)));
  EXPECT_THAT(codes("[split.a]\nsite = \"t\"\n" + split), ElementsAre(Pair(Code::dangling_reference, 16)));
  EXPECT_THAT(codes("[engine.a]\nstatic_batches = true\n[split.a]\n" + split),
              ElementsAre(Pair(Code::inconsistent, 17)));
  EXPECT_THAT(codes("[split.a]\nprefill = -1\ndecode = 1\nbandwidth = \"0 GB/s\"\n"),
              ElementsAre(Pair(Code::out_of_range, 16), Pair(Code::out_of_range, 18)));
  // keys and values of a measured replica have no known size
  EXPECT_THAT(codes("[split.a]\nprefill = 1\ndecode = 1\nbandwidth = \"1 GB/s\"\n"),
              ElementsAre(Pair(Code::inconsistent, 15)));
  // one replica
  std::string alone(kFile);
  alone.replace(alone.find("accelerators = 4"), 16, "accelerators = 16");
  alone.replace(alone.find("count = 2"), 9, "count = 1");
  const auto read = read_fleet_text("f", alone + "[split.a]\n" + split);
  ASSERT_EQ(read.file.diagnostics.all().size(), 1U);
  EXPECT_EQ(read.file.diagnostics.all()[0].code, Code::inconsistent);
  EXPECT_THAT(read.file.diagnostics.all()[0].message, testing::HasSubstr("one replica"));
}

}  // namespace
}  // namespace beltline::serving
