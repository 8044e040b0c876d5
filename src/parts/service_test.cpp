#include "parts/service.h"

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;
using service_test::flow_of;

TEST(TokensPerPflop, IsUtilisationOverTwiceTheActiveParameters) {
  // 10^15 · 0.06 / (2 · 10^11) = 300 token/s
  EXPECT_NEAR(tokens_per_pflop({.active_parameters = 1e11, .utilisation_decode = 0.06}), 300e-6, 1e-18);
  // half the model, twice the tokens
  EXPECT_NEAR(tokens_per_pflop({.active_parameters = 5e10, .utilisation_decode = 0.06}), 600e-6, 1e-18);
}

TEST(OutputEquivalent, CountsInputByWhatPrefillCosts) {
  struct Case {
    InferenceFacts facts;
    double expected;
  };
  const Case cases[] = {
      {{.utilisation_decode = 0.05, .utilisation_prefill = 0.4, .input_share = 0, .cache_hit = 0}, 1},
      {{.utilisation_decode = 0.05, .utilisation_prefill = 0.4, .input_share = 1, .cache_hit = 0}, 0.125},
      {{.utilisation_decode = 0.05, .utilisation_prefill = 0.4, .input_share = 1, .cache_hit = 1}, 0},
      {{.utilisation_decode = 0.06, .utilisation_prefill = 0.4, .input_share = 0.7, .cache_hit = 0.5}, 0.3525},
  };
  for (const Case& c : cases) EXPECT_NEAR(output_equivalent(c.facts), c.expected, 1e-15);
}

constexpr const char* kKorea = R"(
[service.chat]
region = "korea"
owner = "vendor"
training_max = "400 PFLOP/s"
active_parameters = 1e11
utilisation_decode = 0.06
utilisation_prefill = 0.4
input_share = 0.7
cache_hit = 0.5
tokens = "0.1 Mtoken/s"
peak_to_mean = 2.2
price = "2 USD/Mtoken"
)";

TEST(Service, TurnsComputeIntoTrainingAndTokens) {
  const auto outcome = compile_text(kKorea);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* train = find(model.processes, "train@korea");
  const Process* infer = find(model.processes, "infer_chat@korea");
  ASSERT_NE(train, nullptr);
  ASSERT_NE(infer, nullptr);
  EXPECT_EQ(model.at(train->upper, 3), 400);
  EXPECT_EQ(model.at(train->useful, 0), 1);
  EXPECT_EQ(model.at(flow_of(model, *train, "compute")->rate, 0), -1);
  EXPECT_EQ(model.at(flow_of(model, *infer, "compute")->rate, 0), -1);
  EXPECT_NEAR(model.at(flow_of(model, *infer, "token")->rate, 0), 300e-6, 1e-18);
}

TEST(Service, DemandsOutputEquivalentsOverTheDay) {
  const auto outcome = compile_text(kKorea);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Demand* demand = find(model.demands, "tokens_chat@korea");
  ASSERT_NE(demand, nullptr);
  double mean = 0, peak = 0;
  for (int s = 0; s < model.calendar.slice_count; ++s) {
    mean += model.at(demand->quantity, 0, s) * model.calendar.hours(0, s) / model.calendar.hours(0);
    peak = std::max(peak, model.at(demand->quantity, 0, s));
  }
  EXPECT_NEAR(mean, 0.1 * 0.3525, 1e-12);
  EXPECT_NEAR(peak, 2.2 * mean, 1e-9);
  // 3600 Mtoken of output-equivalents an hour sell as 3600 / 0.3525 Mtoken counted, at 2 USD
  EXPECT_NEAR(model.at(demand->unserved_cost, 0), 2 * 3600 / 0.3525, 1e-6);
}

TEST(Service, IsFlatWhereThePlaceIsAnOutline) {
  const auto outcome = compile_text(R"(
[service.chat]
region = "usa"
active_parameters = 1e11
tokens = "0.1 Mtoken/s"
peak_to_mean = 3.0
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Demand* demand = find(outcome.model->demands, "tokens_chat@usa");
  ASSERT_NE(demand, nullptr);
  EXPECT_NEAR(outcome.model->at(demand->quantity, 0, 0), 0.1, 1e-15);
  EXPECT_FALSE(demand->unserved_cost.present());  // no price: it must be served
}

TEST(Service, OnlyTrainsWithoutAModelToServe) {
  const auto outcome = compile_text("[service.lab]\nregion = \"usa\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_NE(find(outcome.model->processes, "train@usa"), nullptr);
  EXPECT_EQ(find(outcome.model->processes, "infer_lab@usa"), nullptr);
  EXPECT_TRUE(outcome.model->demands.empty());
}

TEST(Service, ReportsFaults) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"[service.a]\nregion = \"mars\"\n", Code::dangling_reference},
      {"[service.a]\nowner = \"vendor\"\n", Code::missing_key},
      {"[service.a]\nregion = \"usa\"\n[service.b]\nregion = \"usa\"\n", Code::inconsistent},
      {"[service.a]\nregion = \"usa\"\ntokens = \"1 Mtoken/s\"\n", Code::missing_key},
      {"[service.a]\nregion = \"usa\"\nactive_parameters = 0\n", Code::out_of_range},
      {"[service.a]\nregion = \"usa\"\nactive_parameters = 1e9\ninput_share = 1.2\n", Code::out_of_range},
      {"[service.a]\nregion = \"usa\"\nactive_parameters = 1e9\nutilisation_decode = 1.2\n", Code::bad_yield},
      {"[service.a]\nregion = \"usa\"\nactive_parameters = 1e9\ninput_share = 1\ncache_hit = 1\n", Code::inconsistent},
      {"[service.a]\nregion = \"usa\"\nactive_parameters = 1e9\ntokens = \"1 MW\"\n", Code::wrong_dimension},
      {"[service.a]\nregion = \"korea\"\nactive_parameters = 1e9\ntokens = \"1 Mtoken/s\"\nshape = 0\n",
       Code::inconsistent},
      {"[service.a]\nregion = \"usa\"\npeak_to_mean = 0.5\n", Code::out_of_range},
      {"[service.a]\nregion = \"usa\"\npeak_hour = 24\n", Code::out_of_range},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

}  // namespace
}  // namespace beltline
