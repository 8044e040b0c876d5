#include "table/table.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "table/content_digest.h"
#include "table/example_table.h"

namespace beltline {
namespace {

TEST(Table, FindsColumnsByName) {
  const Table table = example_table();
  EXPECT_EQ(table.row_count(), 12u);
  EXPECT_EQ(table.column("month").integers()[0], -3);
  EXPECT_EQ(table.find("power")->unit, "MW");
  EXPECT_EQ(table.find("Power"), nullptr);
}

TEST(Table, MissingColumnIsABugThatNamesIt) {
  try {
    static_cast<void>(example_table().column("cost"));
    FAIL();
  } catch (const Bug& bug) {
    EXPECT_STREQ(bug.what(), "table 'build' has no column 'cost'");
  }
}

TEST(Table, ColumnsOfDifferentLengthOrEqualNamesAreBugs) {
  Table ragged = example_table();
  std::get<std::vector<int64_t>>(ragged.columns[1].values).pop_back();
  Table twins = example_table();
  twins.columns[1].name = "power";
  for (const Table& table : {ragged, twins}) {
    EXPECT_THROW(static_cast<void>(to_csv(table)), Bug);
    EXPECT_THROW(static_cast<void>(to_json(table)), Bug);
    EXPECT_THROW(static_cast<void>(to_text(table)), Bug);
    EXPECT_THROW(static_cast<void>(to_parquet(table)), Bug);
  }
}

TEST(ContentDigest, SeesEveryPartOfATableButItsName) {
  const Table table = example_table();
  const std::string digest = content_digest(table);
  Table renamed = table;
  renamed.name = "other";
  EXPECT_EQ(content_digest(renamed), digest);

  std::vector<Table> changed(8, table);
  changed[0].title += "x";
  changed[1].columns[0].unit = "MWh";
  changed[2].columns[1].description.clear();
  changed[3].columns[2].name = "place";
  std::get<std::vector<double>>(changed[4].columns[0].values)[1] = 0.0;  // was -0.0
  std::get<std::vector<int64_t>>(changed[5].columns[1].values)[11] += 1;
  auto& texts = std::get<std::vector<std::string>>(changed[6].columns[2].values);
  std::tie(texts[0], texts[1]) = std::pair(texts[0] + texts[1], std::string());  // the same letters, cut elsewhere
  std::swap(changed[7].columns[0], changed[7].columns[1]);
  for (const Table& other : changed) EXPECT_NE(content_digest(other), digest);
}

}  // namespace
}  // namespace beltline
