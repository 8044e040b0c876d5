#include "run/inputs.h"

#include <gtest/gtest.h>

#include "run/pipeline.h"

namespace beltline {
namespace {

Compiled first(const std::vector<std::string>& overrides = {}) {
  Compiled compiled =
      compile_scenario(std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios/first/scenario.toml", overrides);
  EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
  return compiled;
}

const Input* find(const std::vector<Input>& inputs, std::string_view path) {
  const auto found = std::ranges::find(inputs, path, &Input::path);
  return found == inputs.end() ? nullptr : &*found;
}

TEST(Inputs, TellValueRangeSourceAndPlace) {
  const Compiled compiled = first();
  const auto inputs = inputs_of(*compiled.spec);
  const Input* const own = find(inputs, "hall.ulsan.commission");
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->value, "2 month");
  EXPECT_EQ(own->low, 1);
  EXPECT_EQ(own->mode, 2);
  EXPECT_EQ(own->high, 4);
  EXPECT_EQ(own->unit, "month");
  EXPECT_EQ(own->source, "my own estimate");
  EXPECT_EQ(own->source_from, "value");
  EXPECT_TRUE(own->is_weak());
  EXPECT_EQ(compiled.spec->files.line(own->origin).substr(0, 10), "commission");
  const Input* const money = find(inputs, "budget.programme.amount");
  ASSERT_NE(money, nullptr);
  EXPECT_EQ(money->value, "USD 500 million");
  EXPECT_EQ(money->source_from, "");
  const Input* const series = find(inputs, "service.assistant.tokens");
  ASSERT_NE(series, nullptr);
  EXPECT_EQ(series->value, "0.5 Mtoken/s from 2026-01, 4 Mtoken/s from 2028-12, 6 Mtoken/s from 2030-12");
  EXPECT_TRUE(std::isnan(series->low));
  EXPECT_GT(series->mode, 0.5);
  EXPECT_LT(series->mode, 6);
  const Input* const unwritten = find(inputs, "hall.ulsan.life");
  ASSERT_NE(unwritten, nullptr);
  EXPECT_TRUE(unwritten->is_default);
  EXPECT_EQ(unwritten->origin.line, compiled.spec->find("hall", "ulsan")->origin.line);
}

TEST(Inputs, OfAnOverrideStandInItAndHaveNoSourceOfTheEntry) {
  const Compiled compiled = first({"site.ulsan.source=press", "site.ulsan.land_max=30 MW", "site.ulsan.pue*=1.1",
                                   "hall.ulsan.commission={mode = \"3 month\", source = \"me\", confidence = \"B\"}"});
  const auto inputs = inputs_of(*compiled.spec);
  EXPECT_EQ(find(inputs, "site.ulsan.land_max")->source_from, "--set");
  EXPECT_EQ(find(inputs, "site.ulsan.land_max")->source, "");
  EXPECT_EQ(find(inputs, "site.ulsan.cooling")->source_from, "entry");
  EXPECT_EQ(find(inputs, "site.ulsan.cooling")->source, "press");
  EXPECT_EQ(find(inputs, "site.ulsan.pue")->source_from, "--set");
  EXPECT_EQ(find(inputs, "hall.ulsan.commission")->source, "me");
  EXPECT_EQ(find(inputs, "hall.ulsan.commission")->confidence, 'B');
  EXPECT_EQ(compiled.spec->files.describe(find(inputs, "site.ulsan.land_max")->origin), "--set:2:21");
}

TEST(Inputs, NameRecordsByWhatTellsThemApart) {
  const Compiled good =
      first({"budget.programme.yearly_max=[{year = 2026, amount = \"1 B USD\"}, {year = 2027, amount = \"2 B USD\"}]"});
  const auto inputs = inputs_of(*good.spec);
  ASSERT_NE(find(inputs, "budget.programme.yearly_max[2027].amount"), nullptr);
  EXPECT_EQ(find(inputs, "budget.programme.yearly_max[2027].amount")->value, "USD 2 billion");
  EXPECT_EQ(find(inputs, "budget.programme.yearly_max")->value, "2 records");
  // every path is one that --set takes, and leads to the value
  const Compiled again =
      first({"budget.programme.yearly_max=[{year = 2026, amount = \"1 B USD\"}, {year = 2027, "
             "amount = \"2 B USD\"}]",
             "budget.programme.yearly_max[2027].amount=3 B USD"});
  EXPECT_EQ(again.spec->find("budget", "programme")->records("yearly_max")[1].number("amount"), 3e9);
}

TEST(Inputs, TableHasARowForEachAndFitsItsColumns) {
  const Compiled compiled = first();
  const Table table = inputs_table(*compiled.spec);
  EXPECT_EQ(table.row_count(), inputs_of(*compiled.spec).size());
  for (const Column& column : table.columns) EXPECT_EQ(column.size(), table.row_count()) << column.name;
}

TEST(Inputs, ChangesOfWordsAreNoneToAPlan) {
  const Compiled a = first();
  struct Case {
    const char* set;
    const char* path;
    bool plans, reads;
  };
  const Case cases[] = {
      {"hall.ulsan.commission={mode = \"2 month\", low = \"1 month\", high = \"4 month\", source = \"my own "
       "estimate\", "
       "confidence = \"C\"}",
       "hall.ulsan.commission", true, true},
      {"hall.ulsan.commission={mode = \"2 month\", low = \"1 month\", high = \"5 month\", source = \"my own "
       "estimate\", "
       "confidence = \"C\"}",
       "hall.ulsan.commission", true, false},
      {"hall.ulsan.commission=2 month", "hall.ulsan.commission", true, false},
      {"hall.ulsan.commission=3 month", "hall.ulsan.commission", false, false},
      {"scenario.title=Another", "scenario.title", true, false},
      {"site.ulsan.cooling=seawater", "site.ulsan.cooling", false, false},
      {"service.assistant.tokens*=1.01", "service.assistant.tokens", false, false},
  };
  for (const Case& c : cases) {
    const Compiled b = first({c.set});
    const auto before = inputs_of(*a.spec), after = inputs_of(*b.spec);
    const Value& x = *find(before, c.path)->spec_value;
    const Value& y = *find(after, c.path)->spec_value;
    EXPECT_EQ(plans_the_same(x, y), c.plans) << c.set;
    EXPECT_EQ(reads_the_same(x, y), c.reads) << c.set;
  }
}

TEST(Told, SaysNumbersAsPeopleDo) {
  EXPECT_EQ(told(300e9, "USD"), "USD 300 billion");
  EXPECT_EQ(told(2415e9, "USD"), "USD 2,415 billion");
  EXPECT_EQ(told(41.5e6, "USD"), "USD 41.5 million");
  EXPECT_EQ(told(120, "USD"), "USD 120");
  EXPECT_EQ(told(39.5e9, "USD/GW"), "USD 39.5 billion/GW");
  EXPECT_EQ(told(50, "USD/MWh"), "50 USD/MWh");
  EXPECT_EQ(told(3154548.3, "accelerator"), "3,154,548 accelerator");
  EXPECT_EQ(told(-12345, "MW"), "-12,345 MW");
  EXPECT_EQ(told(999.99999, "MW"), "1,000 MW");
  EXPECT_EQ(told(0.65, "1"), "0.65");
  EXPECT_EQ(told(0, "MW"), "0 MW");
  EXPECT_EQ(told(std::nan(""), "MW"), "nothing");
}

}  // namespace
}  // namespace beltline
