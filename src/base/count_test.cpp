#include "base/count.h"

#include <cstddef>

#include <gtest/gtest.h>

namespace beltline {
namespace {

TEST(Counted, SaysOneOfOneAndManyOfTheRest) {
  EXPECT_EQ(counted(1, "period"), "1 period");
  EXPECT_EQ(counted(0, "period"), "0 periods");
  EXPECT_EQ(counted(std::size_t{63}, "period"), "63 periods");
  EXPECT_EQ(counted(1, "process", "processes"), "1 process");
  EXPECT_EQ(counted(2, "process", "processes"), "2 processes");
}

}  // namespace
}  // namespace beltline
