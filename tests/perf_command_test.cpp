// beltline perf as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;

class Perf : public testing::Test {
 protected:
  [[nodiscard]] Finished run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "perf");
    return run_program(arguments, scratch_.path());
  }
  /// What a query of this model on this rack answers, at a TTFT of 2 s; further options after the usual ones.
  [[nodiscard]] Finished ask(const std::string& model, const std::string& rack,
                             const std::vector<std::string>& more = {}, const std::string& tpot = "50ms",
                             const std::vector<std::string>& lengths = {"--isl", "4000", "--osl", "1000"}) const {
    std::vector<std::string> arguments = {"--model", model, "--on", rack, "--tpot", tpot};
    arguments.insert(arguments.end(), {"--ttft", "2s"});
    arguments.insert(arguments.end(), lengths.begin(), lengths.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  [[nodiscard]] nlohmann::json json(const Finished& finished) const {
    auto value = nlohmann::json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << finished.out << finished.err;
    return value;
  }
  ScratchFolder scratch_;
};

TEST_F(Perf, TellsTheBestWayAndTheFront) {
  const Finished text = ask("llama-3.1-70b", "gb300-nvl72");
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* const what : {"Llama 3.1 70B · NVIDIA GB300 NVL72", "TTFT <= 2 s, TPOT <= 50 ms", "output tokens/s",
                                 "USD ", "analytic: equations alone", "From the fastest user to the fullest rack"}) {
    EXPECT_THAT(text.out, HasSubstr(what));
  }
  const Finished korean = ask("llama-3.1-70b", "gb300-nvl72", {"--lang", "ko"});
  EXPECT_THAT(korean.out, HasSubstr("출력 백만 토큰당"));
}

TEST_F(Perf, TakesAThousandTokensWhereNoneAreGiven) {
  const Finished text = run({"--model", "llama-3.1-70b", "--on", "hgx-h100"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("1,000 tokens in, 1,000 out (--isl, --osl: by default), no service level"));
  EXPECT_THAT(ask("llama-3.1-70b", "hgx-h100", {}, "50ms", {"--isl", "500"}).out, HasSubstr("out (--osl: by default)"));
  EXPECT_THAT(ask("llama-3.1-70b", "hgx-h100").out, testing::Not(HasSubstr("by default")));
  EXPECT_THAT(run({"--help"}).out, HasSubstr("1000 unless given"));
}

// auto leaves out fp4 unless a model is published in it; asking for it gives what was told.
TEST_F(Perf, TellsWhatFp4WouldGive) {
  const auto answer = json(ask("llama-3.1-70b", "gb300-nvl72", {"--json"}));
  const auto asked = json(ask("llama-3.1-70b", "gb300-nvl72", {"--json", "--precision", "fp4"}));
  EXPECT_EQ(answer["in_fp4"], asked["best"]);
  EXPECT_TRUE(asked["in_fp4"].is_null());
  EXPECT_THAT(ask("llama-3.1-70b", "gb300-nvl72").out, HasSubstr("--precision fp4 would give"));
  EXPECT_TRUE(json(ask("llama-3.1-70b", "hgx-h100", {"--json"}))["in_fp4"].is_null());    // no such arithmetic
  EXPECT_TRUE(json(ask("gpt-oss-120b", "gb300-nvl72", {"--json"}))["in_fp4"].is_null());  // looked at already
}

TEST_F(Perf, SaysWhereCoefficientsAreAssumed) {
  EXPECT_THAT(ask("llama-3.1-70b", "mi300x").out, HasSubstr("no kernels of generation cdna3 are published"));
  EXPECT_EQ(json(ask("llama-3.1-70b", "mi300x", {"--json"}))["coefficients_assumed"], true);
  EXPECT_EQ(json(ask("llama-3.1-8b", "l4", {"--json"}))["coefficients_assumed"], false);
}

TEST_F(Perf, AnswersInJson) {
  const auto answer = json(ask("deepseek-v3", "hgx-h200", {"--json"}, "100ms"));
  EXPECT_EQ(answer["ok"], true);
  const auto& best = answer["best"];
  EXPECT_LE(best["ttft_s"], 2.0);
  EXPECT_LE(best["tpot_s"], 0.1);
  EXPECT_EQ(best, answer["ranking"][0]);
  EXPECT_NEAR(best["output_tokens_per_s_accelerator"].get<double>() * 8, best["output_tokens_per_s_rack"].get<double>(),
              1e-6 * best["output_tokens_per_s_rack"].get<double>());
  EXPECT_GT(best["usd_Mtoken"], 0.0);
  EXPECT_EQ(best["basis"], "analytic");
  EXPECT_GE(answer["front"].size(), 5U);
}

TEST_F(Perf, WritesATable) {
  ASSERT_EQ(ask("gpt-oss-120b", "h100", {"-o", "ways.csv"}).code, 0);
  const auto table = table_from_csv(text_of(scratch_.path() / "ways.csv"), "ways");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_GE(table->row_count(), 5U);
  EXPECT_EQ(table->column("tokens_rack").unit, "token/s");
}

TEST_F(Perf, TellsAllFaultsOfItsLineAtOnce) {
  const Finished wrong = run({"--model", "lama-3.1-70b", "--on", "gb300-nvl73", "--ttft", "soon"});
  EXPECT_EQ(wrong.code, 2);
  for (const char* const what :
       {"no model 'lama-3.1-70b' is known", "did you mean 'llama-3.1-70b'?", "no rack or accelerator 'gb300-nvl73'",
        "did you mean 'gb300-nvl72'?", "option --ttft is 'soon'"}) {
    EXPECT_THAT(wrong.err, HasSubstr(what));
  }
  const Finished none = ask("llama-3.1-70b", "hgx-h100", {"--racks", "0"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("option --racks is '0'"));
  const Finished empty = ask("llama-3.1-70b", "hgx-h100", {}, "50ms", {"--isl", "0", "--osl", "-5"});
  EXPECT_EQ(empty.code, 2);
  for (const char* const what : {"option --isl is '0'", "write --isl 1000, as without it", "option --osl is '-5'"}) {
    EXPECT_THAT(empty.err, HasSubstr(what));
  }
  const Finished korean = run({"--model", "x", "--on", "h100", "--isl", "1", "--osl", "1", "--lang", "ko"});
  EXPECT_THAT(korean.err, HasSubstr("모델을 알지 못합니다"));
}

TEST_F(Perf, RefusesWhatCannotRun) {
  EXPECT_THAT(ask("llama-3.1-70b", "hgx-h100", {"--tp", "7"}).err, HasSubstr("attention heads cannot be divided"));
  EXPECT_THAT(ask("llama-3.1-405b", "hgx-h100", {"--tp", "1"}).err, HasSubstr("does not fit into the memory"));
  const Finished longer = ask("llama-2-70b", "hgx-h100");
  EXPECT_EQ(longer.code, 2);
  EXPECT_THAT(longer.err, HasSubstr("longer than the context of 'llama-2-70b'"));
}

TEST_F(Perf, ReadsMeasuredKernels) {
  const Finished none = ask("llama-3.1-70b", "hgx-h100", {"--profiles", "nowhere"});
  EXPECT_EQ(none.code, 6);
  EXPECT_THAT(none.err, HasSubstr("nowhere"));
  const std::filesystem::path measured =
      std::filesystem::path(BELTLINE_SOURCE_DIR) / "../shared/validation/serving/aiconfigurator";
  if (!std::filesystem::exists(measured)) GTEST_SKIP() << "no measured kernels beside the checkout";
  const auto refined = json(ask("llama-3.1-70b", "hgx-h100", {"--profiles", measured.string(), "--json"}));
  // the worst of the parts speaks for the whole, and each part for itself
  EXPECT_NE(refined["best"]["basis_by_part"]["messages"], "analytic");
  const auto plain = json(ask("llama-3.1-70b", "hgx-h100", {"--json"}));
  const double ratio = refined["best"]["output_tokens_per_s_rack"].get<double>() /
                       plain["best"]["output_tokens_per_s_rack"].get<double>();
  EXPECT_NEAR(ratio, 1, 0.5);
}

TEST_F(Perf, SaysWhatIsReachableWhereNothingMeetsTheLevel) {
  const Finished text = ask("llama-3.1-405b", "hgx-h100", {}, "1ms");
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out, HasSubstr("No way to serve it meets this level"));
  const auto answer = json(ask("llama-3.1-405b", "hgx-h100", {"--json"}, "1ms"));
  EXPECT_EQ(answer["ok"], false);
  EXPECT_GT(answer["reach"]["tpot_s"], 0.001);
}

TEST_F(Perf, ReadsModelsAndRacksOfTheUser) {
  write_text(scratch_.path() / "config.json",
             R"({"model_type": "llama", "hidden_size": 2048, "num_hidden_layers": 16, "num_attention_heads": 32,
                 "num_key_value_heads": 8, "intermediate_size": 8192, "vocab_size": 128256,
                 "max_position_embeddings": 131072})");
  write_text(scratch_.path() / "racks.csv",
             "name,accelerator,accelerators,power [kW],price [USD],source,confidence\nours,h100,16,22,6e5,house,C\n");
  const auto answer = json(ask("config.json", "ours", {"--catalogue", ".", "--json"}));
  EXPECT_EQ(answer["rack"], "ours");
  EXPECT_EQ(answer["accelerators_rack"], 16);
  write_text(scratch_.path() / "bad.json", "{\"model_type\": \"llama\"}");
  EXPECT_THAT(ask("bad.json", "h100").err, HasSubstr("'hidden_size' is missing"));
}

}  // namespace
}  // namespace beltline
