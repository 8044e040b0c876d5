#include "run/pages.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace beltline {
namespace {

TEST(Pages, AreWhatTheProgramSays) {
  for (const auto& [name, text] : reference_pages()) {
    std::ifstream file(std::string(BELTLINE_SOURCE_DIR) + "/docs/" + name);
    const std::string written((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(written, text) << "docs/" << name << " is out of date: run 'make docs'";
  }
}

TEST(Pages, EmbedTheFirstScenario) {
  std::ifstream file(std::string(BELTLINE_SOURCE_DIR) + "/scenarios/first/scenario.toml");
  EXPECT_EQ(first_scenario(), std::string((std::istreambuf_iterator<char>(file)), {}));
}

}  // namespace
}  // namespace beltline
