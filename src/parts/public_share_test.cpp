#include "parts/public_share.h"

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;
using service_test::flow_of;

constexpr const char* kShare = R"(
[service.chat]
region = "korea"
active_parameters = 1e11
[public_share.korea]
region = "korea"
party = "state"
share = 0.1
from = "2026-04"
)";

TEST(PublicShare, IsATenthOfAllComputeUsed) {
  const auto outcome = compile_text(kShare);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Limit* limit = find(model.limits, "public_share@korea");
  ASSERT_NE(limit, nullptr);
  EXPECT_EQ(limit->scope, LimitScope::each_period);
  EXPECT_EQ(model.at(limit->lower, 0), 0);
  // no more than the share either: public use is no vent for compute that the service has no use for
  EXPECT_EQ(model.at(limit->upper, 0), 0);
  // before April nothing is handed out: public = 0
  for (const Term& term : limit->terms) {
    const std::string& name = model.processes[static_cast<std::size_t>(term.id)].name;
    EXPECT_EQ(model.at(term.coefficient, 2), name == "public@korea" ? 1 : 0) << name;
  }
  // 90 of training and inference ask for 10 of public use: 0.9 · 10 − 0.1 · 90 = 0
  double row = 0;
  for (const Term& term : limit->terms) {
    const std::string& name = model.processes[static_cast<std::size_t>(term.id)].name;
    EXPECT_EQ(term.kind, TermKind::activity);
    const double activity = name == "public@korea"       ? 10
                            : name == "train@korea"      ? 30
                            : name == "infer_chat@korea" ? 60
                                                         : -1;
    ASSERT_GE(activity, 0) << name;
    row += model.at(term.coefficient, 5) * activity;
  }
  EXPECT_NEAR(row, 0, 1e-12);
  EXPECT_EQ(limit->terms.size(), 3u);
}

TEST(PublicShare, DrawsComputeAroundTheClock) {
  const auto outcome = compile_text(kShare);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Process* use = find(outcome.model->processes, "public@korea");
  ASSERT_NE(use, nullptr);
  EXPECT_EQ(use->grain, Grain::amount);
  const Series rate = flow_of(*outcome.model, *use, "compute")->rate;
  for (int s = 0; s < 24; ++s) EXPECT_EQ(outcome.model->at(rate, 0, s), -1);
  EXPECT_EQ(outcome.model->at(use->useful, 0), 1);
}

TEST(PublicShare, ReportsFaults) {
  struct Case {
    const char* from;
    const char* to;
    Code code;
  };
  const Case cases[] = {
      {"share = 0.1", "share = 1.1", Code::out_of_range},
      {"share = 0.1", "share = -0.1", Code::out_of_range},
      {"from = \"2026-04\"", "from = \"April\"", Code::bad_month},
      {"region = \"korea\"\nparty", "region = \"usa\"\nparty", Code::inconsistent},  // no service there
      {"region = \"korea\"\nparty", "region = \"mars\"\nparty", Code::dangling_reference},
  };
  for (const Case& c : cases) {
    std::string text = kShare;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto outcome = compile_text(text);
    EXPECT_TRUE(outcome.has(c.code)) << c.to << outcome.text();
    EXPECT_FALSE(outcome.model);
  }
  EXPECT_TRUE(compile_text(std::string(kShare) + "[public_share.more]\nregion = \"korea\"\nshare = 0.2\n")
                  .has(Code::inconsistent));
}

}  // namespace
}  // namespace beltline
