// `beltline training` as a user runs it.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> kLlama = {
    "training",       "--model", "llama-3.1-405b", "--on", "h100", "--tokens", "15.6e12",     "--batch", "2048",
    "--accelerators", "16384",   "--tp",           "8",    "--pp", "16",       "--recompute", "none"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(TrainingCommand, TellsOfLlama3AsItsPaperDoes) {
  const Finished done = run_program(with(kLlama, {"--json"}));
  ASSERT_EQ(done.code, 0) << done.out << done.err;
  const Json said = Json::parse(done.out);
  const Json& fleet = said.at("fleet").at(0);
  EXPECT_EQ(fleet.at("split").at("accelerators"), 16384);
  EXPECT_NEAR(fleet.at("step").at("mfu").get<double>(), 0.41, 0.03);  // table 4: 41 %
  EXPECT_TRUE(fleet.at("fitted").get<bool>());
  EXPECT_NEAR(fleet.at("mean_time_between_interruptions_h").get<double>(), 3.09, 0.01);
  const Json& run = said.at("run");
  EXPECT_GT(run.at("goodput").at("mean").get<double>(), 0.9);
  EXPECT_GT(run.at("days").at("mean").get<double>(), 60);
  EXPECT_LT(run.at("days").at("mean").get<double>(), 90);
  EXPECT_EQ(run.at("through_share"), 1);
  EXPECT_GT(run.at("energy_MWh").get<double>(), 10'000);
  double parts = 0;
  for (const char* key : {"products_s", "attention_s", "memory_s", "tensor_s", "expert_s", "context_s", "bubble_s",
                          "send_s", "data_s", "optimiser_s"}) {
    parts += fleet.at("step").at(key).get<double>();
  }
  EXPECT_NEAR(parts, fleet.at("step").at("step_s").get<double>(), 1e-9);
}

TEST(TrainingCommand, IsFasterWithoutFailuresAndOnAFleetThatGrows) {
  const auto days = [](const std::vector<std::string>& arguments) {
    const Finished done = run_program(with(arguments, {"--json", "--runs", "20"}));
    EXPECT_EQ(done.code, 0) << done.out << done.err;
    return Json::parse(done.out).at("run").at("days").at("mean").get<double>();
  };
  const double plain = days(kLlama);
  EXPECT_LT(days(with(kLlama, {"--no-failures"})), plain);
  EXPECT_LT(days(with(kLlama, {"--fleet", "0:16384,20:32768"})), plain);
}

TEST(TrainingCommand, SpeaksKorean) {
  const Finished done = run_program(with(kLlama, {"--lang", "ko"}));
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("학습"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("체크포인트"), std::string::npos) << done.out;
}

TEST(TrainingCommand, TellsAllFaultsAtOnce) {
  const Finished done =
      Program({"training", "--model", "lama-3.1-405b", "--on", "h1000", "--engine", "magatron", "--fleet", "5:8"})
          .wait();
  EXPECT_EQ(done.code, 2);
  for (const char* text : {"no model 'lama-3.1-405b' is known", "llama-3.1-405b", "no rack or accelerator 'h1000'",
                           "no engine 'magatron'", "option --tokens is missing", "option --fleet is '5:8'"}) {
    EXPECT_NE(done.err.find(text), std::string::npos) << text << "\n" << done.err;
  }
}

TEST(TrainingCommand, RefusesWhatCannotBe) {
  const auto said = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"training", "--model", "llama-3.1-405b", "--on", "h100", "--tokens", "1e12"};
    const Finished done = run_program(with(arguments, more));
    EXPECT_EQ(done.code, 2) << done.out << done.err;
    return done.err;
  };
  EXPECT_NE(said({"--accelerators", "8"}).find("does not fit on 8 of h100-sxm, however it is split"),
            std::string::npos);
  EXPECT_NE(said({"--accelerators", "64", "--tp", "3"}).find("tensor is 3, which does not divide"), std::string::npos);
  EXPECT_NE(said({"--accelerators", "64", "--sequence", "1000000"}).find("longer than the 131072"), std::string::npos);
  EXPECT_NE(said({"--accelerators", "1024", "--precision", "int8", "--ep", "4"}).find("has no experts"),
            std::string::npos);
}

TEST(TrainingCommand, TellsOfRunsWithoutEnd) {
  const auto said = [](const std::vector<std::string>& more) {
    const Finished done = run_program(with(kLlama, more));
    EXPECT_EQ(done.code, 2) << done.out << done.err;
    return done.err;
  };
  EXPECT_NE(said({"--failure-factor", "1000"}).find("the run would take"), std::string::npos);
  EXPECT_NE(said({"--runs", "100000"}).find("too long to play"), std::string::npos);
}

}  // namespace
}  // namespace beltline
