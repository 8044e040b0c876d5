#include "import/draft.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "import/folder.h"
#include "import/names.h"
#include "table/files.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

TEST(NameMap, GivesEachOriginalANameOfItsOwn) {
  NameMap names;
  EXPECT_EQ(names.of("generator", "Norway Wind"), "norway_wind");
  EXPECT_EQ(names.of("load", "norway-wind"), "norway_wind_load");
  EXPECT_EQ(names.of("load", "NORWAY.wind"), "norway_wind_2");
  EXPECT_EQ(names.of("line", "7"), "line_7");
  EXPECT_EQ(names.of("bus", "\xEC\x84\x9C\xEC\x9A\xB8"), "bus");
  EXPECT_EQ(names.of("generator", "Norway Wind"), "norway_wind");
  EXPECT_EQ(names.of("bus", std::string(100, 'x')).size(), 56U);
  EXPECT_NE(names.of("bus", std::string(100, 'x')), names.of("bus", std::string(99, 'x')));
}

TEST(Draft, NumbersReadBackExactly) {
  for (const double value : {0.1, 1.0 / 3, 1e-300, 123456789012345680.0, -2.5}) {
    EXPECT_EQ(std::strtod(exact(value).c_str(), nullptr), value);
  }
}

TEST(Draft, WritesFewValuesInlineAndManyAsAColumn) {
  Draft draft;
  draft.header = "from a source";
  draft.row_title = "snapshot";
  for (int i = 0; i < 30; ++i) draft.row_names.push_back("hour, " + std::to_string(i));
  draft.single("calendar").text("start", "2030-01").whole("periods", 1);
  Fields& process = draft.entry("process", "wind");
  process.text("title", "a \"quoted\" name").flag("runs_back", true).number("cost", 0.5, "USD/MWh");
  process.series("upper", {.values = {1, 2.5}, .unit = "MW"});
  std::vector<double> many(30, 1);
  many[3] = 0.25;
  process.series("least_share", {.values = many, .family = "generators-p_min_pu"});
  process.series("constant", {.values = std::vector<double>(30, 7)});
  Fields flow;
  flow.text("commodity", "power").number("rate", -1);
  process.records("flows", {flow});
  const std::vector<SourceFile> files = draft.files();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(
      files[0].text,
      "# from a source\n\n[calendar]\nstart = \"2030-01\"\nperiods = 1\n\n[process.wind]\ntitle = \"a \\\"quoted\\\" "
      "name\"\nruns_back = true\ncost = \"0.5 USD/MWh\"\nupper = {values = [1, 2.5], by = \"slice\", unit = \"MW\"}\n"
      "least_share = {file = \"generators-p_min_pu.csv\", column = \"wind\", by = \"slice\"}\nconstant = 7\n"
      "flows = [{commodity = \"power\", rate = -1}]\n");
  EXPECT_EQ(files[1].path, "generators-p_min_pu.csv");
  EXPECT_TRUE(files[1].text.starts_with("snapshot,wind\n\"hour, 0\",1\n\"hour, 1\",1\n"));
  EXPECT_NE(files[1].text.find("\"hour, 3\",0.25\n"), std::string::npos);
}

TEST(Draft, ALargeScenarioIsAFileASection) {
  Draft draft;
  for (int i = 0; i < 40'000; ++i) draft.entry("place", "p" + std::to_string(i)).text("title", "a place with a name");
  draft.entry("commodity", "power").text("unit", "MW");
  const std::vector<SourceFile> files = draft.files();
  ASSERT_GT(files.size(), 3U);
  EXPECT_NE(files[0].text.find("include = [\"place.toml\", \"place_2.toml\""), std::string::npos);
  for (const SourceFile& file : files) EXPECT_LE(file.text.size(), std::size_t{1} << 20);
}

TEST(WriteFolder, IsWholeOrLeavesWhatIsThere) {
  const fs::path root = fs::path(testing::TempDir()) / "beltline_import_folder";
  fs::remove_all(root);
  const std::vector<SourceFile> files{{.path = "scenario.toml", .text = "a"}, {.path = "b.csv", .text = "c"}};
  ASSERT_TRUE(write_folder(root / "new", files));
  EXPECT_EQ(read_file(root / "new/b.csv").value(), "c");
  const auto again = write_folder(root / "new", files);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("is not empty"), std::string::npos);
  const std::vector<SourceFile> others{{.path = "scenario.toml", .text = "d"}};
  ASSERT_TRUE(write_folder(root / "new/", others, {.replace = true}));
  EXPECT_FALSE(fs::exists(root / "new/b.csv"));
  // what is no scenario is never replaced
  fs::create_directories(root / "home/precious");
  EXPECT_FALSE(write_folder(root / "home", files, {.replace = true}));
  EXPECT_TRUE(fs::exists(root / "home/precious"));
  fs::remove_all(root);
}

}  // namespace
}  // namespace beltline
