#include "run/amounts.h"

#include <gtest/gtest.h>

namespace beltline {
namespace {

TEST(Amounts, CountThingsInBothLanguages) {
  const struct {
    double quantity;
    const char* unit;
    const char* english;
    const char* korean;
  } cases[] = {{15000, "accelerator", "15,000 accelerators", "가속기 15,000개"},
               {1, "rack", "1 rack", "랙 1대"},
               {5250, "wafer/month", "5,250 wafers/month", "웨이퍼 월 5,250장"},
               {1, "wafer/month", "1 wafer/month", "웨이퍼 월 1장"},
               {2, "month", "2 months", "2개월"},
               {0, "month", "0 months", "0개월"},
               {100, "MW", "100 MW", "100 MW"},
               {1.41, "Mtoken/s", "1.41 Mtoken/s", "1.41 Mtoken/s"},
               {2, "rack ordered", "2 racks ordered", "랙 2대 발주"},
               {3e9, "USD", "USD 3 billion", "30억 달러"},
               {0.25, "", "0.25", "0.25"}};
  for (const auto& each : cases) {
    EXPECT_EQ(quantity_words(each.quantity, each.unit), each.english);
    EXPECT_EQ(quantity_words(each.quantity, each.unit, Language::korean), each.korean);
  }
}

TEST(Amounts, WhatIsMissingIsAPartOrAll) {
  EXPECT_EQ(lack_words(4031, 10000, "MW"), "4,031 of 10,000 MW missing");
  EXPECT_EQ(lack_words(200, 200, "rack"), "all 200 racks missing");
  EXPECT_EQ(lack_words(1e9, 3e9, "USD"), "USD 1 billion of USD 3 billion missing");
  EXPECT_EQ(lack_words(180, 200, "rack", Language::korean), "랙 200대 가운데 180대 부족");
  EXPECT_EQ(lack_words(7, 7, "MW", Language::korean), "7 MW 전부 부족");
}

TEST(Amounts, MoneyHasWordsOfItsSize) {
  const struct {
    double usd;
    const char* english;
    const char* korean;
  } cases[] = {{-0.0, "USD 0", "0달러"},
               {923, "USD 923", "923달러"},
               {203166, "USD 203,166", "20.3만 달러"},
               {21.4e6, "USD 21.4 million", "2,140만 달러"},
               {4.2e9, "USD 4.2 billion", "42억 달러"},
               {499.9e9, "USD 499.9 billion", "4,999억 달러"},
               {1.4e12, "USD 1400 billion", "1.4조 달러"},
               {-5e6, "USD -5 million", "-500만 달러"}};
  for (const auto& each : cases) {
    EXPECT_EQ(money(each.usd), each.english);
    EXPECT_EQ(money(each.usd, Language::korean), each.korean);
  }
}

}  // namespace
}  // namespace beltline
