#include "perf/profile_engine.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "perf/count_grid.h"

namespace beltline::perf {
namespace {

class ProfileEngine : public testing::Test {
 protected:
  ProfileEngine() {
    folder_ = std::filesystem::temp_directory_path() /
              ("profile_engine_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
    write("dense.csv",
          "layer,tokens,time_us\nembedding,1,5\nembedding,2000,5\nlayernorm,1,1\nlayernorm,2000,1\n"
          "qkv_proj,1,10\nqkv_proj,1001,110\n");
    write("per_sequence.csv", "layer,sequences,time_us\nlm_head,1,50\nlm_head,101,150\n");
    // 10 µs, and 1 µs more for each 100 tokens that 1 sequence looks back on; a chunk adds 0.1 µs a token
    std::string attention = "prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n";
    for (const int chunk : {0, 100, 200}) {
      for (const int prefix : chunk == 0 ? std::vector{0} : std::vector{0, 1000}) {
        for (const int decodes : {0, 1, 10}) {
          if (chunk == 0 && decodes == 0) continue;
          for (const int context : decodes == 0 ? std::vector{0} : std::vector{100, 200, 400}) {
            const double us = 10 + 0.01 * decodes * context + 0.1 * chunk + 0.001 * prefix * chunk / 100;
            attention += std::to_string(chunk) + "," + std::to_string(prefix) + "," + std::to_string(decodes) + "," +
                         std::to_string(context) + "," + std::to_string(us) + "\n";
          }
        }
      }
    }
    write("attention.csv", attention);
    options_.architecture.layers = 2;
    options_.architecture.hidden = 1000;
    options_.architecture.vocabulary = 10'000;
    options_.kv_tokens = 5000;
  }
  ~ProfileEngine() override { std::filesystem::remove_all(folder_); }
  ProfileEngine(const ProfileEngine&) = delete;
  ProfileEngine& operator=(const ProfileEngine&) = delete;

  void write(const char* name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  [[nodiscard]] std::shared_ptr<const ProfileCost> read() const { return ProfileCost::read(folder_, options_).value(); }

  std::filesystem::path folder_;
  ProfileEngineOptions options_;
};

constexpr double kOverhead_us = 300;

TEST_F(ProfileEngine, AddsUpWhatWasMeasured) {
  // 1 token: embedding 5, two layers of two norms, a projection of 10 and attention of 12, logits 50, a sample 2
  EXPECT_EQ(read()->step({.chunks = {}, .decodes = 1, .decode_context = 200}),
            std::llround(1e6 * (kOverhead_us + 5 + 2 * (2 + 10 + 12) + 50 + 2)));
  EXPECT_EQ(read()->basis({.chunks = {}, .decodes = 1, .decode_context = 200}), Basis::measured);
}

TEST_F(ProfileEngine, IsALineBetweenContexts) {
  const auto cost = read();
  const DecodeLine line = cost->decode_line(10, 1500);
  EXPECT_EQ(line.context_max, 1999);
  for (const int64_t context : {1500, 1750, 1999}) {
    EXPECT_EQ(cost->step({.chunks = {}, .decodes = 10, .decode_context = context}), line.base + line.slope * context);
  }
  // 0.01 µs for each token looked back on, in each of two layers
  EXPECT_EQ(line.slope, 20'000);
  EXPECT_EQ(cost->basis({.chunks = {}, .decodes = 10, .decode_context = 9000}), Basis::extrapolated);
  EXPECT_EQ(cost->decode_line(10, 9000).slope, 20'000);
  EXPECT_EQ(cost->decode_line(10, 0).slope, 0);
}

TEST_F(ProfileEngine, CountsPiecesByTheirProducts) {
  const auto cost = read();
  const auto of = [&](std::vector<Chunk> chunks) { return cost->step({.chunks = chunks, .decodes = 0}); };
  // 50 tokens after 150 are as many products as 100 after 75
  EXPECT_EQ(of({{50, 125}, {50, 125}}), of({{100, 100}}));
  // two prompts have fewer products than one of both lengths, and are launched once
  EXPECT_LE(of({{100, 0}, {100, 0}}), of({{200, 0}}));
  EXPECT_GT(of({{100, 0}, {100, 0}}), of({{100, 0}}));
  EXPECT_GT(of({{100, 0, true}}), of({{100, 0, false}}));  // one samples
}

TEST_F(ProfileEngine, AddsMessagesBetweenAccelerators) {
  const auto alone = read();
  options_.tensor = 2;
  options_.link = {.bytes_per_s = 1e9, .latency_s = 1e-6};
  const auto both = read();
  const Step step = {.chunks = {}, .decodes = 1, .decode_context = 200};
  // four of 1 µs and 2,000 bytes, and half the logits of 20,000 bytes
  EXPECT_EQ(both->step(step) - alone->step(step), std::llround(1e6 * (4 * (1 + 2) + 1 + 10)));
  EXPECT_EQ(both->basis(step), Basis::analytic);
}

TEST_F(ProfileEngine, HasExpertsInThePlaceOfFeedForward) {
  options_.architecture.experts = 8;
  options_.architecture.active_experts = 2;
  EXPECT_THAT(ProfileCost::read(folder_, options_).error().message, testing::HasSubstr("moe.csv"));
  // 20 µs for each expert that is active, whatever the tokens
  write("moe.csv",
        "ep,tokens,activated_experts,time_us\n1,1,1,20\n1,1,8,160\n1,100,1,20\n1,100,8,160\n"
        "2,1,1,10\n2,1,4,40\n2,100,1,10\n2,100,4,40\n");
  const Step one = {.chunks = {}, .decodes = 1, .decode_context = 200};
  const double without_us = kOverhead_us + 5 + 2 * (2 + 10 + 12) + 50 + 2;
  EXPECT_EQ(read()->step(one), std::llround(1e6 * (without_us + 2 * 2 * 20)));

  // two copies: two decodes are one for each; tokens meet at the experts, (1 − (3/4)²) of four are active
  options_.copies = 2;
  options_.spreads_experts = true;
  options_.link = {.bytes_per_s = 1e9, .latency_s = 1e-6};
  const Step two = {.chunks = {}, .decodes = 2, .decode_context = 400};
  const double active = 4 * (1 - 0.75 * 0.75);
  const double messages_us = 2 * 2 * (1 + 2);  // before and after, of 2,000 bytes, in two layers
  EXPECT_NEAR(static_cast<double>(read()->step(two)), 1e6 * (without_us + 2 * 10 * active + messages_us), 2);
}

TEST_F(ProfileEngine, TellsAllFaults) {
  write("dense.csv", "layer,tokens,time_us\nqkv_proj,0,10\n");
  write("per_sequence.csv", "layer,time_us\nlm_head,10\n");
  std::filesystem::remove(folder_ / "attention.csv");
  options_.engine = "other";
  const auto cost = ProfileCost::read(folder_, options_);
  ASSERT_FALSE(cost.has_value());
  EXPECT_THAT(cost.error().message,
              testing::AllOf(testing::HasSubstr("row 2: tokens is 0"), testing::HasSubstr("'sequences' is missing"),
                             testing::HasSubstr("attention.csv"), testing::HasSubstr("engine 'other'")));
}

TEST_F(ProfileEngine, RefusesTextsForNumbers) {
  write("attention.csv", "prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n0,0,1,16,\"fast\"\n");
  const auto cost = ProfileCost::read(folder_, options_);
  ASSERT_FALSE(cost.has_value());
  EXPECT_THAT(cost.error().message, testing::HasSubstr("'time_us' holds texts"));
}

TEST(CountGrid, IsLinearAndSaysSo) {
  CountCurve curve;
  curve.add(20, 6);
  curve.add(10, 3);
  curve.add(10, 5);
  curve.finish();
  EXPECT_EQ(curve(10).us, 4);
  EXPECT_EQ(curve(15).us, 5);
  EXPECT_EQ(curve(15).basis, Basis::interpolated);
  EXPECT_EQ(curve(5).us, 4);
  EXPECT_EQ(curve(30).us, 8);
  EXPECT_EQ(curve(30).basis, Basis::extrapolated);
}

}  // namespace
}  // namespace beltline::perf
