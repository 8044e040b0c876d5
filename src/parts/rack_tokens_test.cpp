#include "parts/rack_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parts/service.h"
#include "parts/site_test_support.h"

namespace beltline {
namespace {

using testing::HasSubstr;

constexpr const char* kSites = R"(
[site.yeosu]
place = "coast"
compute_region = "korea"
owner = "operator"
online = "2026-01"
[site.texas]
place = "desert"
compute_region = "desert"
owner = "operator"
online = "2026-01"
[rack.gb300]
accelerators = 72
power = "135 kW"
performance = "360 PFLOP/s"
price = "4e6 USD/rack"
perf = "gb300-nvl72"
[rack.rubin]
accelerators = 72
power = "210 kW"
performance = "1200 PFLOP/s"
price = "6e6 USD/rack"
perf = "vr-nvl144"
)";

constexpr const char* kService = R"(
[service.chat]
region = "korea"
model = "deepseek-v3"
input_tokens = "3000 token"
output_tokens = "1000 token"
cache_hit = 0.5
ttft_max = "2 s"
tpot_max = "50 ms"
production_factor = 0.5
served_from = ["desert"]
distance_cost = "0.1 USD/Mtoken"
tokens = "1 Mtoken/s"
price = "2 USD/Mtoken"
)";

site_test::Outcome compile_with(std::string text) {
  return site_test::compile_files({{.path = "scenario.toml", .text = std::string(site_test::kFrame) + text}});
}

std::string replaced(std::string text, std::string_view old_text, std::string_view new_text) {
  const std::size_t at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return at == std::string::npos ? text : text.replace(at, old_text.size(), new_text);
}

const Process* process(const Model& model, std::string_view name) {
  const auto found = std::ranges::find(model.processes, name, &Process::name);
  return found == model.processes.end() ? nullptr : &*found;
}

double rate(const Model& model, const Process& of, std::string_view commodity, std::string_view place) {
  for (const Flow& flow : of.flows) {
    if (model.commodities[flow.commodity.index()].name == commodity && model.places[flow.place.index()].name == place)
      return model.at(flow.rate, 0);
  }
  return 0;
}

TEST(RackTokens, EachGenerationServesAtItsOwnRate) {
  const auto out = compile_with(std::string(kSites) + kService);
  ASSERT_TRUE(out.model) << out.text();
  const Model& model = *out.model;
  const Process* gb300 = process(model, "serve_gb300_chat@korea");
  const Process* rubin = process(model, "serve_rubin_chat@korea");
  ASSERT_TRUE(gb300 != nullptr && rubin != nullptr);
  EXPECT_EQ(rate(model, *gb300, "compute", "korea"), -1);
  EXPECT_EQ(rate(model, *gb300, "compute_gb300", "korea"), -1);
  // so many output tokens of a rack, of which production reaches half
  const double of_gb300 = rate(model, *gb300, "token", "korea") * 360 * 1e6 / 0.5;
  const double of_rubin = rate(model, *rubin, "token", "korea") * 1200 * 1e6 / 0.5;
  EXPECT_GT(of_gb300, 30e3);
  EXPECT_LT(of_gb300, 1e6);
  // more than a GB300, and less than its FLOP/s would say: decoding is bound by memory
  EXPECT_GT(of_rubin, 1.2 * of_gb300);
  EXPECT_LT(of_rubin, 1200.0 / 360 * of_gb300);
  EXPECT_THAT(gb300->provenance.source, HasSubstr("perf model of deepseek-v3 on gb300-nvl72"));
  EXPECT_THAT(gb300->provenance.source, HasSubstr("analytic"));
  EXPECT_EQ(gb300->titles.title, "inference on gb300 for chat in korea");
  const Process* run = process(model, "run_gb300@yeosu");
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(rate(model, *run, "compute_gb300", "korea"), rate(model, *run, "compute", "korea"));
}

TEST(RackTokens, RacksElsewhereServeForTheWay) {
  const auto out = compile_with(std::string(kSites) + kService);
  ASSERT_TRUE(out.model) << out.text();
  const Model& model = *out.model;
  const Process* far = process(model, "serve_gb300_chat@desert");
  ASSERT_NE(far, nullptr);
  EXPECT_EQ(rate(model, *far, "compute_gb300", "desert"), -1);
  const double tokens = rate(model, *far, "token", "korea");
  EXPECT_EQ(tokens, rate(model, *process(model, "serve_gb300_chat@korea"), "token", "korea"));
  // 0.1 USD for each million tokens counted, of which a quarter are output
  EXPECT_NEAR(model.at(far->cost, 0), 0.1 * 3600 * tokens / 0.25, 1e-12);
  EXPECT_NE(std::ranges::find(model.measures, "tokens_from_desert", &Measure::name), model.measures.end());
  EXPECT_NE(std::ranges::find(model.measures, "tokens_per_rack_gb300", &Measure::name), model.measures.end());
}

TEST(RackTokens, DemandIsInOutputTokens) {
  const auto out = compile_with(std::string(kSites) + kService);
  ASSERT_TRUE(out.model) << out.text();
  const auto demand = std::ranges::find(out.model->demands, "tokens_chat@korea", &Demand::name);
  ASSERT_NE(demand, out.model->demands.end());
  EXPECT_NEAR(out.model->at(demand->quantity, 0), 0.25, 1e-12);
}

TEST(RackTokens, ARackWithoutPerfCountsByParameters) {
  const std::string sites = replaced(kSites, "perf = \"gb300-nvl72\"\n", "");
  const auto out = compile_with(sites + kService +
                                "active_parameters = 1e11\nutilisation_decode = 0.06\n"
                                "utilisation_prefill = 0.4\n");
  ASSERT_TRUE(out.model) << out.text();
  const Process* gb300 = process(*out.model, "serve_gb300_chat@korea");
  ASSERT_NE(gb300, nullptr);
  EXPECT_NEAR(rate(*out.model, *gb300, "token", "korea"), 300e-6 / (1 + 3 * 0.5 * 0.06 / 0.4), 1e-12);
}

TEST(RackTokens, TellsWhatIsWrong) {
  struct Case {
    std::string text;
    const char* told;
  };
  const std::string whole = std::string(kSites) + kService;
  const Case cases[] = {
      {replaced(whole, "deepseek-v3", "deepsek-v3"), "did you mean 'deepseek-v3'?"},
      {replaced(whole, "deepseek-v3", "models/config.json"), "model of service 'chat' is a file"},
      {replaced(whole, "\"gb300-nvl72\"", "\"gb300-nvl73\""), "did you mean 'gb300-nvl72'?"},
      {replaced(whole, "perf = \"gb300-nvl72\"\n", ""), "rack 'gb300' does not say what it is"},
      {replaced(whole, "output_tokens = \"1000 token\"\n", ""), "has no output_tokens"},
      {replaced(whole, "accelerators = 72", "accelerators = 36"), "different numbers of accelerators"},
      {replaced(whole, "\"50 ms\"", "\"1 ms\""), "does not reach the service level"},
      {replaced(whole, "\"3000 token\"", "\"300000 token\""), "longer than its model's context"}};
  for (const Case& each : cases) {
    const auto out = compile_with(each.text);
    EXPECT_FALSE(out.model) << each.told;
    EXPECT_THAT(out.text(), HasSubstr(each.told));
  }
}

}  // namespace
}  // namespace beltline
