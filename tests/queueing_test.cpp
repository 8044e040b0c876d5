// Published answers of queueing formulas: the files of ../shared/validation/queueing.

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "queue/erlang.h"
#include "queue/staffing.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

const fs::path kErlang = fs::path(BELTLINE_SOURCE_DIR) / "../shared/validation/queueing/erlang_expected.json";

TEST(PublishedQueues, OfPyworkforce) {
  if (!fs::exists(kErlang)) GTEST_SKIP() << "no " << kErlang;
  std::ifstream file(kErlang);
  const auto published = nlohmann::json::parse(file).at("pyworkforce");
  ASSERT_FALSE(published.at("erlang_c").empty());
  // what a case does not say is as in the first
  const auto& first = published.at("erlang_c").front();
  for (const auto& item : published.at("erlang_c")) {
    const auto value = [&](const char* key) { return item.contains(key) ? item.at(key) : first.at(key); };
    const double handle = value("aht_min");
    // 20 s, printed as 0.33 min
    const double time = std::round(value("asa_min").get<double>() * 60) / 60;
    const queue::Calls calls{.arrival_rate = value("A").get<double>() / handle, .handle_time_mean = handle};
    const queue::ServiceTarget target{
        .service_level = value("sl_target"), .time = time, .occupancy_max = value("max_occ")};
    const int agents = queue::agents_on_duty(calls, target);
    EXPECT_EQ(agents, item.at("servers").get<int>());
    EXPECT_EQ(queue::agents_paid(agents, 0.3), item.at("with_30pct_shrinkage").get<int>());
    const queue::AgentService service = queue::service_of(calls, agents, target.time);
    // some are printed with three digits
    const auto digits = [](double printed) { return printed == std::round(printed * 1e3) / 1e3 ? 5e-4 : 1e-12; };
    for (const auto& [key, ours] : {std::pair("service_level", service.service_level),
                                    std::pair("occupancy", service.occupancy), std::pair("p_wait", service.p_wait)}) {
      EXPECT_NEAR(ours, item.at(key).get<double>(), digits(item.at(key))) << key;
    }
  }
  for (const auto& item : published.at("erlang_b")) {
    EXPECT_NEAR(queue::erlang_b(item.at("c"), item.at("A")), item.at("B").get<double>(), 1e-12);
  }
}

}  // namespace
}  // namespace beltline
