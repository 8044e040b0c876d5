#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "table/example_table.h"
#include "table/table.h"

namespace beltline {
namespace {

TEST(Json, IsOneObjectWithARowALine) {
  Table table{.name = "build", .title = "Say \"so\""};
  table.add_numbers("power", "MW", "load").values = std::vector<double>{0.1, std::nan(""), -HUGE_VAL};
  table.add_integers("year", "").values = std::vector<int64_t>{2026, -1, INT64_MAX};
  table.add_texts("site").values = std::vector<std::string>{"평택", "a\nb", "\xff\x01"};
  EXPECT_EQ(to_json(table),
            "{\"name\":\"build\",\"title\":\"Say \\\"so\\\"\",\"columns\":["
            "{\"name\":\"power\",\"unit\":\"MW\",\"description\":\"load\"},"
            "{\"name\":\"year\",\"unit\":\"\",\"description\":\"\"},"
            "{\"name\":\"site\",\"unit\":\"\",\"description\":\"\"}],\"rows\":[\n"
            "[0.1,2026,\"평택\"],\n[null,-1,\"a\\nb\"],\n[null,9223372036854775807,\"\xEF\xBF\xBD\\u0001\"]]}\n");
}

TEST(Json, ReadsBackWithAnotherParserToTheSameNumbers) {
  const Table table = example_table(50);
  const auto json = nlohmann::json::parse(to_json(table));
  ASSERT_EQ(json["rows"].size(), 50u);
  for (std::size_t row = 0; row < 50; ++row) {
    const double value = table.columns[0].numbers()[row];
    if (!std::isnan(value)) {
      EXPECT_EQ(json["rows"][row][0].get<double>(), value);
    }
    EXPECT_EQ(json["rows"][row][1].get<int64_t>(), table.columns[1].integers()[row]);
    EXPECT_EQ(json["rows"][row][2].get<std::string>(), table.columns[2].texts()[row]);
  }
}

TEST(Json, TableWithoutColumnsHasNoRows) {
  EXPECT_EQ(to_json(Table{.name = "t"}), "{\"name\":\"t\",\"title\":\"\",\"columns\":[],\"rows\":[]}\n");
}

}  // namespace
}  // namespace beltline
