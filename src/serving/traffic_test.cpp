// Traffic: traces in each format, hostile files, the generator.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "serving/traffic_azure.h"
#include "serving/traffic_draws.h"
#include "serving/traffic_generator.h"
#include "serving/traffic_servegen.h"
#include "serving/traffic_statistics.h"
#include "serving/traffic_trace.h"
#include "table/files.h"
#include "table/gzip.h"

namespace beltline::serving {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TraceFiles : public testing::Test {
 protected:
  TraceFiles() {
    std::string folder = (fs::temp_directory_path() / "beltline-trace-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
  }
  ~TraceFiles() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  struct Read {
    std::vector<TrafficRequest> requests;
    TraceCounts counts;
    TrafficFaults faults;
    std::vector<std::string> models;
    bool stopped = false;
    std::string text;
  };
  static Read read(const fs::path& path, TraceOptions options = {}) {
    Read out;
    out.faults = TrafficFaults(path.filename().string());
    const auto source = TraceSource::open(path, std::move(options), out.faults);
    TrafficRequest request;
    while (source && source->next(request)) out.requests.push_back(request);
    if (source) {
      out.counts = source->counts();
      out.stopped = source->is_stopped();
      out.models.assign(source->models().begin(), source->models().end());
    }
    const auto told = out.faults.told();
    out.text = render(told.diagnostics, told.files);
    return out;
  }
  /// The same with rows at fault left out.
  static Read skip(const fs::path& path) { return read(path, {.on_fault = FaultPolicy::skip}); }

 private:
  fs::path folder_;
};

constexpr std::string_view kAzure =
    "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
    "2023-11-16 18:15:46.6805900,374,44\r\n"
    "2023-11-16 18:15:50.9951690,396,109";

TEST_F(TraceFiles, AzureOfBothYears) {
  const Read old = read(write("a.csv", kAzure));
  ASSERT_EQ(old.requests.size(), 2U) << old.text;
  EXPECT_EQ(old.requests[0].arrival, 0);
  EXPECT_EQ(old.requests[1].arrival, 4'314'579'000'000);
  EXPECT_EQ(old.requests[1].input_tokens, 396);
  EXPECT_EQ(old.requests[1].output_tokens, 109);
  const Read late = read(write("b.csv",
                               "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n"
                               "2024-05-10 00:00:01.009930+00:00,2399,6\n"));
  ASSERT_EQ(late.requests.size(), 2U) << late.text;
  EXPECT_EQ(late.requests[1].arrival, kSecond);
}

TEST(Timestamp, KnowsZonesAndRefusesOthers) {
  EXPECT_EQ(parse_timestamp_ns("1970-01-02T00:00:00Z"), 86'400'000'000'000);
  EXPECT_EQ(parse_timestamp_ns("1970-01-01 09:00:00.5+09:00"), 500'000'000);
  for (const char* bad : {"", "2023-02-30 00:00:00", "2023-01-01", "2023-01-01 24:00:00", "2023-01-01 00:00:00x"})
    EXPECT_EQ(parse_timestamp_ns(bad), std::nullopt) << bad;
}

TEST_F(TraceFiles, BurstGptWithSessions) {
  const Read found =
      read(write("b.csv",
                 "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
                 "19440110.0,1722ac82,43,GPT-4,906,446,1352,Conversation log\n"
                 "19440161.5,1722ac82,2,ChatGPT,36,29,65,\"API, log\"\n"));
  ASSERT_EQ(found.requests.size(), 2U) << found.text;
  EXPECT_EQ(found.requests[1].arrival, 51'500'000'000'000);
  EXPECT_EQ(found.requests[0].session, found.requests[1].session);
  EXPECT_NE(found.requests[0].session, 0U);
  EXPECT_THAT(found.models, ElementsAre("GPT-4", "ChatGPT"));
  EXPECT_EQ(found.requests[1].model, 1);
}

TEST_F(TraceFiles, VidurMooncakeVllmAndLlmServingSim) {
  const Read vidur =
      read(write("v.csv", ",arrived_at,num_prefill_tokens,num_decode_tokens\n0,0.25,374.0,44\n1,1e1,3,4\n"));
  ASSERT_EQ(vidur.requests.size(), 2U) << vidur.text;
  EXPECT_EQ(vidur.requests[1].arrival, 9'750'000'000'000);
  const Read mooncake =
      read(write("m.jsonl", R"({"timestamp": 0, "input_length": 1030, "output_length": 6, "hash_ids": [0, 1, 2]}
{"timestamp": 1500, "input_length": 1025, "output_length": 4, "hash_ids": [0, 1, 7]})"));
  ASSERT_EQ(mooncake.requests.size(), 2U) << mooncake.text;
  EXPECT_EQ(mooncake.requests[1].arrival, 1'500'000'000'000);
  ASSERT_EQ(mooncake.requests[1].pieces.size(), 3U);
  EXPECT_EQ(mooncake.requests[0].pieces[1], mooncake.requests[1].pieces[1]);
  EXPECT_EQ(mooncake.requests[1].pieces[2].tokens, 1);
  std::vector<uint64_t> first, second;
  prefix_units(mooncake.requests[0], 512, first);
  prefix_units(mooncake.requests[1], 512, second);
  EXPECT_EQ(first, second);  // the third block is not whole
  const Read vllm = read(write(
      "r.jsonl", R"({"request_id": "bench-0", "input_toks": 2358, "output_toks": 531, "arrival_time": 1777142838.338653}
{"request_id": "bench-1", "input_toks": 1034, "output_toks": 769, "arrival_time": 1777142838.6237123})"));
  ASSERT_EQ(vllm.requests.size(), 2U) << vllm.text;
  EXPECT_EQ(vllm.requests[1].arrival, 285'059'300'000);
  const Read sim =
      read(write("s.jsonl", R"({"input_toks": 8, "output_toks": 5, "arrival_time_ns": 7, "input_tok_ids": [[1, 2]]}
{"input_toks": 9, "output_toks": 6, "arrival_time_ns": 19})"));
  ASSERT_EQ(sim.requests.size(), 2U) << sim.text;
  EXPECT_EQ(sim.requests[1].arrival, 12 * kNanosecond);
}

TEST_F(TraceFiles, TellsEachFaultWithItsPlaceAndAllAtOnce) {
  const fs::path file = write("bad.csv",
                              "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                              "2023-11-16 18:15:46,374,44\n"
                              "2023-11-16 18:15:45,374,44\n"  // backwards
                              "2023-11-16 18:15:47,-1,44\n"   // negative
                              "2023-11-16 18:15:48,0,44\n"    // nothing asked
                              "2023-11-16 18:15:49,5,0\n"     // failed
                              "2023-11-16 18:15:50,5\n"       // cells
                              "yesterday,abc,1.5\n"           // three faults
                              "2023-11-16 18:15:51,5,\xFF\n"  // not UTF-8
                              "2023-11-16 18:15:52,99999999999,1\n"
                              "2023-11-16 18:15:53,7,7\n"
                              "2023-11-16 18:1");  // cut off
  const Read stopped = read(file);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.requests.size(), 1U);
  EXPECT_EQ(stopped.counts.rows, 11U);
  EXPECT_EQ(stopped.counts.faulty, 9U);
  for (const char* part :
       {"bad.csv:3:1", "time goes backwards", "bad.csv:4:21", "is negative", "the prompt has no tokens",
        "the answer has no tokens", "bad.csv:7:1", "bad.csv:8:1", "bad.csv:8:11", "bad.csv:8:15", "is no whole number",
        "bad.csv:9:23", "is not UTF-8", "is beyond any prompt", "the file may be cut off"})
    EXPECT_THAT(stopped.text, HasSubstr(part));
  const Read skipped = skip(file);
  EXPECT_FALSE(skipped.stopped);
  EXPECT_EQ(skipped.requests.size(), 2U);
  EXPECT_EQ(skipped.counts.rows, skipped.counts.given + skipped.counts.faulty + skipped.counts.outside);
}

TEST_F(TraceFiles, CountsTheFaultsThatItDoesNotTell) {
  std::string text = "arrived_at,num_prefill_tokens,num_decode_tokens\n";
  for (int i = 0; i < 1000; ++i) text += "1,-5,3\n";
  const Read found = read(write("many.csv", text));
  EXPECT_EQ(found.faults.count(), 1000U);
  EXPECT_THAT(found.text, HasSubstr("980 more of the same kinds of fault"));
}

TEST_F(TraceFiles, RefusesWhatIsNoTrace) {
  EXPECT_THAT(read(write("empty.csv", "")).text, HasSubstr("the trace holds nothing"));
  EXPECT_THAT(read(write("other.csv", "a,b,c\n1,2,3\n")).text, HasSubstr("is of no format that is known"));
  EXPECT_THAT(read(write("near.csv", "TIMESTAMP,ContextTokens,Generated\n")).text,
              HasSubstr("lacks GeneratedTokens of the format azure"));
  EXPECT_THAT(read(write("z.csv", "\x28\xB5\x2F\xFD zstd")).text, HasSubstr("zstd -d"));
  EXPECT_THAT(read("/dev/null").text, HasSubstr("is no regular file"));
  EXPECT_THAT(read("/nowhere/trace.csv").text, HasSubstr("No such file"));
  EXPECT_THAT(read(write("u16.csv", std::string_view("\xFF\xFET\0I\0", 6))).text, HasSubstr("NUL"));
  EXPECT_THAT(read(write("j.jsonl", R"({"timestamp": 0, "input_length": 1, "output_length")")).text,
              HasSubstr("is not one JSON object"));
  const std::string deep =
      R"({"timestamp": 0, "input_length": 1, "output_length": 2, "x": )" + std::string(100'000, '[');
  EXPECT_THAT(read(write("deep.jsonl", deep)).text, HasSubstr("is not one JSON object"));
  EXPECT_THAT(read(write("m.jsonl", R"({"timestamp": 0, "input_length": 1, "hash_ids": ["a"]})")).text,
              HasSubstr("has no output_length"));
  EXPECT_THAT(read(write("long.jsonl", R"({"timestamp": 0, "input_length": )" + std::string(5 << 20, '1'))).text,
              HasSubstr("too long"));
}

TEST_F(TraceFiles, ReadsGzipAndKnowsWhereItIsCut) {
  const std::string packed = *to_gzip(kAzure);
  const Read whole = read(write("a.csv.gz", packed));
  EXPECT_EQ(whole.requests.size(), 2U) << whole.text;
  // members one after the other are one text
  const std::string twice = *to_gzip(kAzure.substr(0, 60)) + *to_gzip(kAzure.substr(60));
  EXPECT_EQ(read(write("b.gz", twice)).requests.size(), 2U);
  const Read cut = skip(write("cut.gz", packed.substr(0, packed.size() - 12)));
  EXPECT_THAT(cut.text, HasSubstr("the file is cut off"));
  EXPECT_TRUE(cut.stopped);
  std::string damaged = packed;
  damaged[packed.size() / 2] ^= 0x55;
  EXPECT_FALSE(skip(write("bad.gz", damaged)).faults.empty());
}

TEST_F(TraceFiles, HoldsPromptsToTheContext) {
  const fs::path file = write("c.csv", "arrived_at,num_prefill_tokens,num_decode_tokens\n0,100,10\n1,95,10\n2,20,10\n");
  const Read found = read(file, {.on_fault = FaultPolicy::skip, .context_of = [](std::string_view) { return 100; }});
  EXPECT_THAT(found.text, HasSubstr("longer than the context"));
  ASSERT_EQ(found.requests.size(), 2U);
  EXPECT_EQ(found.requests[0].output_tokens, 5);
  EXPECT_EQ(found.counts.outputs_cut, 1U);
  EXPECT_EQ(found.counts.tokens_cut, 5);
}

TEST_F(TraceFiles, TakesAPartOfALongTrace) {
  const fs::path file = write("long.csv",
                              "Timestamp,Model,Request tokens,Response tokens\n5,A,1,1\n100,A,2,1\n200,A,3,1\n"
                              "9000000,A,4,1\n");
  EXPECT_THAT(read(file).text, HasSubstr("lasts longer than can be simulated"));
  const Read part = read(file, {.from = 90 * kSecond, .duration = 60 * kSecond, .speed = 2});
  ASSERT_EQ(part.requests.size(), 2U) << part.text;
  EXPECT_EQ(part.requests[0].arrival, 2'500'000'000'000);
  EXPECT_EQ(part.counts.outside, 2U);
}

fs::path shared_traces() {
  return fs::path(BELTLINE_SOURCE_DIR).parent_path() / "shared/validation/serving/traces";
}

TEST_F(TraceFiles, PublishedTracesHaveTheirPublishedStatistics) {
  if (!fs::exists(shared_traces())) GTEST_SKIP() << "no ../shared/validation";
  const auto statistics = [](const fs::path& path) {
    TrafficFaults faults(path.string());
    const auto source = TraceSource::open(path, {}, faults);
    TrafficStatistics found;
    TrafficRequest request;
    while (source && source->next(request)) found.add(request);
    EXPECT_TRUE(faults.empty());
    return found;
  };
  const TrafficStatistics azure = statistics(shared_traces() / "azure2023/AzureLLMInferenceTrace_conv.csv");
  EXPECT_EQ(azure.count(), 19'366U);
  EXPECT_NEAR(azure.input().mean(), 1154.7, 0.05);
  EXPECT_EQ(azure.input().quantile(0.5), 1020);
  EXPECT_NEAR(azure.output().mean(), 211.13, 0.005);
  EXPECT_EQ(azure.output().quantile(0.5), 129);
  EXPECT_NEAR(azure.rate_per_s(), 5.53, 0.01);
  EXPECT_NEAR(azure.minute_peak_to_mean(), 1.53, 0.02);
  const TrafficStatistics mooncake = statistics(shared_traces() / "mooncake/synthetic_trace.jsonl");
  EXPECT_EQ(mooncake.count(), 3993U);
  EXPECT_NEAR(mooncake.infinite_cache_hit(), 0.6396, 0.00005);
}

TEST_F(TraceFiles, ServeGensClientsKeepRatesAndLengths) {
  std::string rows;
  for (int i = 0; i < 6; ++i) rows += fmt::format("{},{},1,Gamma,0.25,0.4\n", 600 * i, i == 2 ? 20 : 10);
  write("chunk-0-trace.csv", rows);
  write("chunk-3-trace.csv", "0,5,1,Weibull,0.8,0.1\n600,,,,,\n1200,5,1,Exponential,,\n1800,,,,,\n");
  write("chunk-0-dataset.json", R"({"0": {"input_tokens": "{100: 0.25, 300: 0.75}", "output_tokens": "{8: 1.0}"}})");
  const fs::path folder =
      write("chunk-3-dataset.json", R"({"0": {"input_tokens": {"50": 1}, "output_tokens": {"20": 0.5, "40": 0.5}}})")
          .parent_path();
  const ReadServeGen read = read_servegen(folder, 0, -1);
  ASSERT_TRUE(read.pool) << render(read.diagnostics, read.files);
  EXPECT_EQ(read.pool->duration, 3600 * kSecond);
  EXPECT_NEAR(read.pool->requests_per_s(), (5 * 10 + 20 + 2 * 5) / 6.0, 1e-9);
  ServeGenTraffic traffic(*read.pool, 7, 1, 0);
  TrafficStatistics found, third;
  TrafficRequest request;
  while (traffic.next(request)) {
    found.add(request);
    if (request.arrival >= 1200 * kSecond && request.arrival < 1800 * kSecond) third.add(request);
    // the second client rests in the second window
    EXPECT_FALSE(request.input_tokens == 50 && request.arrival >= 600 * kSecond && request.arrival < 1200 * kSecond);
  }
  EXPECT_NEAR(found.rate_per_s(), read.pool->requests_per_s(), 1);
  EXPECT_NEAR(third.rate_per_s(), 25, 4);
  EXPECT_NEAR(found.input().mean(), read.pool->mean().input, 5);
  EXPECT_NEAR(read.pool->mean().output, (8 * 70 + 30 * 10) / 80.0, 1e-9);
  const ReadServeGen part = read_servegen(folder, 1200 * kSecond, 600 * kSecond);
  EXPECT_NEAR(part.pool->requests_per_s(), 25, 1e-9);

  write("chunk-0-trace.csv", "0,1,1,Gamma,1,1\n0,1,1,Gamma,1,1\n600,-1,1,Gamma,1,1\n700,1,1,Pareto,1,1\n800,1\n");
  write("chunk-3-dataset.json", "version https://git-lfs.github.com/spec/v1\n");
  write("chunk-9-trace.csv", "0,1,1,Gamma,1,1\n");
  const ReadServeGen bad = read_servegen(folder, 0, -1);
  const std::string text = render(bad.diagnostics, bad.files);
  for (const char* part_of : {"chunk-0-trace.csv:2:1", "time goes backwards", "cannot be", "Pareto", "2 cells",
                              "a pointer of Git LFS", "but one of its two files"})
    EXPECT_THAT(text, HasSubstr(part_of));
}

/// Gaps and lengths of one kind of clients.
TrafficModel one_kind(ArrivalKind arrivals, double cv) {
  ClientModel client{.name = "a", .requests_per_s = 20, .day = peaked_day(1, 0), .arrivals = arrivals, .cv = cv};
  client.input = {.median = 1020, .sigma = 0.5};
  client.output = {.median = 129, .sigma = 1};
  return {.name = "m", .title = "M", .clients = {client}};
}

TrafficStatistics generate(const TrafficModel& model, const GeneratorOptions& options) {
  TrafficGenerator generator(model, options);
  TrafficStatistics statistics;
  TrafficRequest request;
  Picoseconds last = 0;
  while (generator.next(request)) {
    EXPECT_GE(request.arrival, last);
    last = request.arrival;
    statistics.add(request);
  }
  return statistics;
}

TEST(Generator, HasTheRateTheBurstsAndTheLengthsAskedFor) {
  for (const auto& [arrivals, cv] : {std::pair{ArrivalKind::poisson, 1.0},
                                     {ArrivalKind::gamma, 2.0},
                                     {ArrivalKind::weibull, 0.5},
                                     {ArrivalKind::weibull, 2.0}}) {
    const TrafficStatistics found = generate(one_kind(arrivals, cv), {.duration = 3600 * kSecond});
    EXPECT_NEAR(found.rate_per_s(), 20, 4 * cv * std::sqrt(20.0 / 3600));
    EXPECT_NEAR(found.gap_cv(), cv, 0.05 * cv);
    EXPECT_NEAR(found.input().mean(), 1020 * std::exp(0.125), 10);
    EXPECT_NEAR(found.output().quantile(0.5), 129, 3);
  }
}

TEST(Generator, FollowsTheDay) {
  TrafficModel model = one_kind(ArrivalKind::poisson, 1);
  model.clients[0].requests_per_s = 2;
  model.clients[0].day = peaked_day(2.2, 15);
  model.clients[0].utc_offset_h = 9;
  model.utc_offset_h = 9;
  TrafficGenerator generator(model, {});
  std::array<double, 24> hours{};
  TrafficRequest request;
  double count = 0;
  for (; generator.next(request); ++count) hours[static_cast<std::size_t>(request.arrival / (3600 * kSecond))] += 1;
  EXPECT_NEAR(count, 2 * 86'400, 4 * std::sqrt(2 * 86'400.0));
  for (std::size_t h = 0; h < 24; ++h) {
    // linear between the middles of hours: an hour has 3/4 of itself and 1/8 of each neighbour
    const DayShape& day = model.clients[0].day;
    const double expected = 7200 * (0.75 * day[h] + 0.125 * (day[(h + 1) % 24] + day[(h + 23) % 24]));
    EXPECT_NEAR(hours[h], expected, 4.5 * std::sqrt(expected)) << h;
  }
}

TEST(Generator, SessionsGrowAndShare) {
  TrafficModel model = one_kind(ArrivalKind::poisson, 1);
  ClientModel& client = model.clients[0];
  client.turns_mean = 4;
  client.think_mean = 5 * kSecond;
  client.shared_tokens = 1024;
  client.requests_per_s = 5;
  const GeneratorOptions options{.duration = 7200 * kSecond};
  TrafficStatistics found = generate(model, options);
  EXPECT_NEAR(found.rate_per_s(), 5, 0.3);
  EXPECT_NEAR(found.input().mean() / mean_input(client), 1, 0.05);
  EXPECT_GT(found.infinite_cache_hit(), 0.6);

  TrafficGenerator one(model, options), other(model, options);
  TrafficRequest a, b;
  while (one.next(a)) {
    ASSERT_TRUE(other.next(b));
    ASSERT_EQ(std::tie(a.arrival, a.input_tokens, a.session), std::tie(b.arrival, b.input_tokens, b.session));
    ASSERT_EQ(a.pieces, b.pieces);
  }
  // a context that is too short ends sessions, and says so
  TrafficGenerator narrow(model, {.duration = 3600 * kSecond, .context = {4096}});
  while (narrow.next(a)) ASSERT_LE(a.input_tokens + a.output_tokens, 4096);
  EXPECT_GT(narrow.sessions_cut(), 100U);
}

TEST(Generator, SurgesAreOfTheirMeanAndSpread) {
  TrafficModel model = one_kind(ArrivalKind::poisson, 1);
  model.clients[0].surge_cv = 0.3;
  const TrafficStatistics found = generate(model, {.duration = 6 * 3600 * kSecond});
  EXPECT_NEAR(found.rate_per_s(), 20, 4 * 20 * 0.3 / std::sqrt(360.0));
  EXPECT_GT(found.minute_peak_to_mean(), 1.5);
}

TEST(Draws, HaveTheirMeanAndSpread) {
  for (const double shape : {0.3, 1.0, 4.0}) {
    double sum = 0, squares = 0;
    constexpr int kCount = 20'000;
    for (uint64_t i = 0; i < kCount; ++i) {
      TrafficDraws draws(7, 8, i);
      const double x = draws.gamma_mean1(shape);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kCount;
    EXPECT_NEAR(mean, 1, 5 / std::sqrt(shape * kCount));
    EXPECT_NEAR((squares / kCount - mean * mean) * shape, 1, 0.15);
  }
  EXPECT_NEAR(weibull_shape_of_cv(1), 1, 1e-9);
}

}  // namespace
}  // namespace beltline::serving
