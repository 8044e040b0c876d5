// Every diagnostic of a scenario's text: its code, its exact place, its words.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "base/korean_check.h"
#include "scenario/limits.h"
#include "scenario/load.h"
#include "scenario/test_schema.h"

namespace beltline {
namespace {

// three lines, so that the text of a case starts on line 4; a region to be at, so that processes can be whole
constexpr const char* kHead =
    "calendar = {start = \"2025-10\", periods = 15}\nregion.here = {}\ncommodity.wafer = {}\n";

struct Case {
  const char* name;
  std::string text;                    // after kHead, from line 4
  const char* expected;                // first line of each diagnostic, joined by newlines
  std::vector<SourceFile> files = {};  // beside scenario.toml
};

std::string repeat(const char* text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

/// A process entry with one more key.
std::string process(const std::string& line) {
  return "[process.p]\nplace = \"here\"\n" + line + "\n";
}
std::string site(const std::string& line) {
  return "[site.s]\n" + line + "\n";
}

Loaded load(const std::vector<SourceFile>& files) {
  return load_scenario(files, test_schema::kSections);
}

/// The first line of each diagnostic.
std::string heads(const Loaded& loaded) {
  std::string out;
  for (const Diagnostic& d : loaded.diagnostics.all()) {
    const std::string text = render(d, loaded.files);
    out += (out.empty() ? "" : "\n") + text.substr(0, text.find('\n'));
  }
  return out;
}

std::vector<Case> file_cases() {
  std::vector<SourceFile> many;
  std::string many_includes = "include = [";
  for (std::size_t i = 0; i < limits::kFiles; ++i) {
    many.push_back({fmt::format("f{:03}.toml", i), "# nothing but a remark\n"});
    many_includes += fmt::format("\"f{:03}.toml\",", i);
  }
  return {
      {"missing file", "include = [\"no.toml\"]",
       "scenario.toml:4:12: error[BL0001]: 'no.toml' cannot be read: no such file"},
      {"no match", "include = [\"data/*.csv\"]", "scenario.toml:4:12: error[BL0001]: no file matches 'data/*.csv'"},
      {"empty file", "include = [\"a.toml\"]", "a.toml:1:1: error[BL0002]: 'a.toml' is empty", {{"a.toml", ""}}},
      {"blank file",
       "include = [\"a.toml\"]",
       "a.toml:1:1: error[BL0002]: 'a.toml' is empty",
       {{"a.toml", "\xEF\xBB\xBF \r\n\t\n"}}},
      {"CSV of remarks",
       "include = [\"site.csv\"]",
       "site.csv:1:1: error[BL0002]: the file has no header",
       {{"site.csv", "# a\n\n"}}},
      {"huge TOML",
       "include = [\"a.toml\"]",
       "scenario.toml:4:12: error[BL0003]: 'a.toml' has 100000000 bytes, expected at most 4 MiB",
       {{"a.toml", std::string(100'000'000, ' ')}}},
      {"huge CSV",
       "include = [\"site.csv\"]",
       "scenario.toml:4:12: error[BL0003]: 'site.csv' has 100000000 bytes, expected at most 64 MiB",
       {{"site.csv", std::string(100'000'000, ' ')}}},
      {"not UTF-8",
       "include = [\"a.toml\"]",
       "a.toml:2:13: error[BL0004]: 'a.toml' is not valid UTF-8",
       {{"a.toml", "# ok\n[region.a] #\xFF\n"}}},
      {"surrogate",
       "include = [\"a.toml\"]",
       "a.toml:1:3: error[BL0004]: 'a.toml' is not valid UTF-8",
       {{"a.toml", "# \xED\xA0\x80\n"}}},
      {"UTF-16",
       "include = [\"a.toml\"]",
       "a.toml:1:1: error[BL0004]: 'a.toml' is not valid UTF-8",
       {{"a.toml", "\xFF\xFE[ a ]"}}},
      {"NUL",
       "include = [\"a.toml\"]",
       "a.toml:1:9: error[BL0005]: 'a.toml' holds a NUL byte",
       {{"a.toml", std::string("[region.\0a]", 11)}}},
      {"NUL in CSV",
       "include = [\"site.csv\"]",
       "site.csv:2:1: error[BL0005]: 'site.csv' holds a NUL byte",
       {{"site.csv", std::string("name\n\0", 6)}}},
      {"deep list", "x = " + repeat("[", 200'000),
       "scenario.toml:4:37: error[BL0006]: values are nested too deep, expected at most 32 levels"},
      {"deep table", "x = " + repeat("{a=", 100'000),
       "scenario.toml:4:101: error[BL0006]: values are nested too deep, expected at most 32 levels"},
      {"dotted key", repeat("a.", 200'000) + "a = 1",
       "scenario.toml:4:64: error[BL0006]: a dotted key has too many segments, expected at most 32"},
      {"dotted header", "[a" + repeat(".a", 200'000) + "]",
       "scenario.toml:4:65: error[BL0006]: a dotted key has too many segments, expected at most 32"},
      {"quoted dotted key", repeat("\"a\".", 200'000) + "a = 1",
       "scenario.toml:4:128: error[BL0006]: a dotted key has too many segments, expected at most 32"},
      {"syntax", "x = [1, 2",
       "scenario.toml:4:10: error[BL0007]: the text is not TOML: array: encountered end-of-file"},
      {"key beyond ASCII", "[region.a]\n이름 = 1",
       "scenario.toml:5:1: error[BL0007]: the text is not TOML: a letter beyond ASCII stands outside quotes, expected "
       "keys of a-z, 0-9, _ and -, or a key in quotes"},
      {"header without key", "[)region]",
       "scenario.toml:4:1: error[BL0007]: the text is not TOML: a header holds no key, expected [section.name]"},
      {"repeated key", "[region.a]\n[region.a]\n",
       "scenario.toml:5:1: error[BL0007]: the text is not TOML: table header: cannot redefine existing table "
       "'region.a'"},
      {"month without quotes", process("earliest = 2025-10"),
       "scenario.toml:6:19: error[BL0007]: the text is not TOML: date: expected '-', saw '\\n'"},
      {"a quote without end",
       "include = [\"site.csv\"]",
       "site.csv:2:1: error[BL0007]: a quoted cell has no end",
       {{"site.csv", "name\n\"a\n"}}},
      {"after a quote",
       "include = [\"site.csv\"]",
       "site.csv:2:1: error[BL0007]: text follows a quoted cell",
       {{"site.csv", "name\n\"a\"b\n"}}},
      {"one bad file, others checked",
       "include = [\"a.toml\", \"b.toml\"]",
       "a.toml:1:4: error[BL0007]: the text is not TOML: key-value pair: expected '=', saw '\\n'\nb.toml:1:2: "
       "error[BL0100]: no section is called 'regions'",
       {{"a.toml", "abc\n"}, {"b.toml", "[regions.x]\n"}}},
      {"absolute", "include = [\"/etc/passwd\"]",
       "scenario.toml:4:12: error[BL0008]: '/etc/passwd' leaves the scenario folder"},
      {"parent", "include = [\"a/../../b.toml\"]",
       "scenario.toml:4:12: error[BL0008]: 'a/../../b.toml' leaves the scenario folder"},
      {"series file outside", site("power = {file = \"../x.csv\", column = \"a\"}"),
       "scenario.toml:5:17: error[BL0008]: '../x.csv' leaves the scenario folder"},
      {"cycle",
       "include = [\"a.toml\"]",
       "b.toml:1:12: error[BL0009]: 'a.toml' includes itself: found scenario.toml -> a.toml -> b.toml -> a.toml",
       {{"a.toml", "include = [\"b.toml\"]"}, {"b.toml", "include = [\"a.toml\"]"}}},
      {"itself", "include = [\"./scenario.toml\"]",
       "scenario.toml:4:12: error[BL0009]: 'scenario.toml' includes itself: found scenario.toml -> scenario.toml"},
      {"kind of file", "include = [\"a.xlsx\"]",
       "scenario.toml:4:12: error[BL0010]: 'a.xlsx' is neither TOML nor the CSV of a section, expected a name such as "
       "sites.toml, or process-memory.csv for entries of section 'process'"},
      {"CSV of no section",
       "include = [\"sites.csv\"]",
       "scenario.toml:4:12: error[BL0010]: 'sites.csv' is neither TOML nor the CSV of a section, expected a name such "
       "as sites.toml, or process-memory.csv for entries of section 'process'",
       {{"sites.csv", "name\na\n"}}},
      {"CSV of a single section", "include = [\"money.csv\"]",
       "scenario.toml:4:12: error[BL0010]: 'money.csv' is neither TOML nor the CSV of a section, expected a name such "
       "as sites.toml, or process-memory.csv for entries of section 'process'"},
      {"include is no list", "include = \"a.toml\"",
       "scenario.toml:4:11: error[BL0103]: include is text, expected a list of paths in quotes"},
      {"include holds a number", "include = [1]",
       "scenario.toml:4:12: error[BL0103]: include is a whole number, expected a list of paths in quotes"},
      {"too many files", many_includes + "]", "scenario.toml:4:768: error[BL0011]: the scenario has more than 64 files",
       many},
      {"too many values", "x = [" + repeat("1,", limits::kTomlValues) + "]",
       "scenario.toml:4:799991: error[BL0011]: the file has too many values, expected at most 400000; large tables go "
       "into CSV"},
  };
}

std::vector<Case> csv_cases() {
  const char* const include = "include = [\"process.csv\"]";
  const auto with = [&](const char* name, const char* csv, const char* expected) {
    return Case{name, include, expected, {{"process.csv", csv}}};
  };
  return {
      with("short row", "name,place,module\na,here,1\nb,here\nc,here,1,2\n",
           "process.csv:3:1: error[BL0020]: the row has 2 cells, expected 3, as in the header\n"
           "process.csv:4:1: error[BL0020]: the row has 4 cells, expected 3, as in the header"),
      with("no name", "place;module\nhere;1\n",
           "process.csv:1:1: error[BL0021]: the CSV of section 'process' has no column 'name', expected columns 'name' "
           "and keys of the section, separated by commas"),
      with("column twice", "name,place,place\na,here,here\n",
           "process.csv:1:12: error[BL0021]: column 'place' is there twice, expected columns 'key' or 'key [unit]'"),
      with("column without name", "name,,place\na,,here\n",
           "process.csv:1:6: error[BL0021]: a column has no name, expected columns 'key' or 'key [unit]'"),
      with("malformed column", "name,place,capex [USD\na,here,1\n",
           "process.csv:1:12: error[BL0021]: column 'capex [USD' is malformed, expected columns 'key' or 'key [unit]'"),
      with("records", "name,place,flows\na,here,1\n",
           "process.csv:1:12: error[BL0021]: 'flows' is a list of tables, which CSV cannot hold"),
      with("unknown part", "name,place,capex.max\na,here,1\n",
           "process.csv:1:12: error[BL0021]: 'capex' has no part 'max'"),
      with("unit of a text", "name,place [m]\na,here\n", "process.csv:1:6: error[BL0021]: 'place' has no unit"),
      with("unknown column", "name,place,capx\na,here,1\n",
           "process.csv:1:12: error[BL0101]: section 'process' has no key 'capx'"),
      with("bad number", "name,place,capex [USD/kW]\na,here,n/a\n",
           "process.csv:2:8: error[BL0023]: capex of process 'a' is 'n/a', expected a number and a unit"),
      with("bad whole number", "name,place,module\na,here,1.5\n",
           "process.csv:2:8: error[BL0023]: module of process 'a' is '1.5', expected a whole number"),
      with("bad flag", "name,place,whole\na,here,yes\n",
           "process.csv:2:8: error[BL0023]: whole of process 'a' is 'yes', expected true or false"),
      with("unit of a column", "name,place,capex [USD/kV]\na,here,3\n",
           "process.csv:2:8: error[BL0107]: capex of process 'a' is in 'USD/kV', expected a unit that converts to "
           "'USD/kW'"),
      with("no unit", "name,place,capex\na,here,3\n",
           "process.csv:2:8: error[BL0107]: capex of process 'a' is '3', without a unit, expected a unit that converts "
           "to 'USD/kW'"),
      with("name", "name,place\nA b,here\n",
           "process.csv:2:1: error[BL0112]: 'A b' cannot name an entry of section 'process', expected a lower-case "
           "letter, then lower-case letters, digits and _, at most 64 in all"),
      with("name twice", "name,place\na,here\na,here\n",
           "process.csv:3:1: error[BL0108]: process 'a' is written twice"),
      with("reference", "name,place,inputs\na,here,wafer;wafr\n",
           "process.csv:2:8: error[BL0109]: inputs of process 'a' refers to 'wafr', which is nowhere, "
           "expected the name of a commodity"),
      with("missing key", "name,place\na,\n",
           "process.csv:2:1: error[BL0102]: process 'a' has no place, expected a value for 'place'"),
      {"missing column",
       site("power = {file = \"x.csv\", column = \"lod\"}"),
       "scenario.toml:5:35: error[BL0022]: 'x.csv' has no column 'lod'",
       {{"x.csv", "load [MW]\n1\n"}}},
      {"empty cell of a series",
       site("power = {file = \"x.csv\", column = \"load\", dates = \"m\"}"),
       "x.csv:3:9: error[BL0023]: power of site 's' is empty, expected a number and a unit",
       {{"x.csv", "m,load [MW]\n2025-10,1\n2025-11,\n"}}},
      {"Parquet", site("power = {file = \"x.parquet\", column = \"a\"}"), nullptr, {{"x.parquet", "PAR1 no PAR1"}}},
      {"series file of unknown kind",
       site("power = {file = \"x.txt\", column = \"a\"}"),
       "scenario.toml:5:17: error[BL0010]: 'x.txt' is not one CSV or Parquet file",
       {{"x.txt", "a"}}},
  };
}

std::vector<Case> value_cases() {
  return {
      {"section", "[proces.a]\n", "scenario.toml:4:2: error[BL0100]: no section is called 'proces'"},
      {"key", process("capx = \"1 USD/kW\""), "scenario.toml:6:1: error[BL0101]: process 'p' has no key 'capx'"},
      {"key of a record", process("flows = [{commodity = \"wafer\", rat = \"1 wafer\"}]"),
       "scenario.toml:6:32: error[BL0101]: flows[1] of process 'p' has no key 'rat'"},
      {"key of a range", process("capex = {lo = \"1 USD/kW\", mode = \"2 USD/kW\"}"),
       "scenario.toml:6:10: error[BL0101]: capex of process 'p' has no key 'lo', expected low, mode, high, unit, "
       "source, confidence or note"},
      {"key of a series", site("power = {values = [1], unt = \"MW\"}"),
       "scenario.toml:5:24: error[BL0101]: power of site 's' has no key 'unt', expected values, unit, by, source, "
       "confidence, note"},
      {"missing key", "[process.p]\n",
       "scenario.toml:4:10: error[BL0102]: process 'p' has no place, expected a value for 'place'"},
      {"no mode", process("capex = {low = \"1 USD/kW\"}"),
       "scenario.toml:6:9: error[BL0102]: capex of process 'p' has no mode, expected mode, or low and high"},
      {"file without column", site("power = {file = \"x.csv\"}"),
       "scenario.toml:5:9: error[BL0102]: power of site 's' names a file but no column"},
      {"text for a quantity", process("capex = \"cheap\""),
       "scenario.toml:6:9: error[BL0103]: capex of process 'p' is 'cheap', expected a number and a unit"},
      {"flag for a quantity", process("capex = true"),
       "scenario.toml:6:9: error[BL0103]: capex of process 'p' is true, expected a number and a unit"},
      {"date for a month", process("earliest = 2025-10-01"),
       "scenario.toml:6:12: error[BL0111]: earliest of process 'p' is 2025-10-01, expected a month such as "
       "\"2025-10\""},
      {"comma", process("capex = \"1,000 USD/kW\""),
       "scenario.toml:6:9: error[BL0103]: capex of process 'p' is '1,000 USD/kW', expected a number and a unit"},
      {"long quantity", process("capex = \"1 " + std::string(300, 'x') + "\""),
       "scenario.toml:6:9: error[BL0103]: capex of process 'p' is too long for a quantity, expected a number and a "
       "unit"},
      {"number for a text", process("remark = 5"),
       "scenario.toml:6:10: error[BL0103]: remark of process 'p' is 5, expected text"},
      {"fraction for a whole number", process("module = 1.5"),
       "scenario.toml:6:10: error[BL0103]: module of process 'p' is 1.5, expected a whole number"},
      {"text for a flag", process("whole = \"yes\""),
       "scenario.toml:6:9: error[BL0103]: whole of process 'p' is 'yes', expected true or false"},
      {"name for names", process("inputs = \"wafer\""),
       "scenario.toml:6:10: error[BL0103]: inputs of process 'p' is 'wafer', expected a list of names"},
      {"number among names", process("inputs = [\"wafer\", 3]"),
       "scenario.toml:6:20: error[BL0103]: inputs of process 'p' holds 3, expected names in quotes"},
      {"table for records", process("flows = {commodity = \"wafer\"}"),
       "scenario.toml:6:9: error[BL0103]: flows of process 'p' is a table, expected a list of tables"},
      {"text among records", process("flows = [\"a\"]"),
       "scenario.toml:6:10: error[BL0103]: flows of process 'p' holds 'a', expected tables"},
      {"entry is no table", "[region]\na = 1\n", nullptr},
      {"list of tables", "[[site]]\n",
       "scenario.toml:4:1: error[BL0103]: section 'site' holds a list, expected tables [site.NAME]"},
      {"entry of a single section", "[objective.x]\n", "scenario.toml:4:12: error[BL0101]: [objective] has no key 'x'"},
      {"unit of a range", process("capex = {mode = 1, unit = 2}"),
       "scenario.toml:6:27: error[BL0103]: capex of process 'p' has a unit that is not text, expected text"},
      {"source is no text", process("capex = {mode = \"1 USD/kW\", source = 2}"),
       "scenario.toml:6:38: error[BL0103]: capex of process 'p' has the source 2, expected text"},
      {"below", process("capex = \"-1 USD/kW\""),
       "scenario.toml:6:9: error[BL0104]: capex of process 'p' is '-1 USD/kW', expected at least 0 and at most 1e+09 "
       "USD/kW"},
      {"low below", process("capex = {low = \"-1 USD/kW\", high = \"2 USD/kW\"}"),
       "scenario.toml:6:16: error[BL0104]: capex of process 'p' is '-1 USD/kW', expected at least 0 and at most 1e+09 "
       "USD/kW"},
      {"above", process("module = 101"),
       "scenario.toml:6:10: error[BL0104]: module of process 'p' is 101, expected at least 1 and at most 100"},
      {"NaN", site("latitude = nan"),
       "scenario.toml:5:12: error[BL0105]: latitude of site 's' is nan, expected a finite number"},
      {"infinity", site("power = [-inf]"), nullptr},
      {"NaN in quotes", process("capex = \"NaN USD/kW\""),
       "scenario.toml:6:9: error[BL0105]: capex of process 'p' is 'NaN USD/kW', expected a finite number"},
      {"infinity in quotes", process("capex = \"-Infinity USD/kW\""),
       "scenario.toml:6:9: error[BL0105]: capex of process 'p' is '-Infinity USD/kW', expected a finite number"},
      {"1e400", site("latitude = 1e400"),
       "scenario.toml:5:17: error[BL0105]: a number is too large to hold: floating-point: '1e400' could not be "
       "interpreted as a value"},
      {"1e400 in quotes", process("capex = \"1e400 USD/kW\""),
       "scenario.toml:6:9: error[BL0105]: capex of process 'p' is '1e400 USD/kW', expected a finite number"},
      {"overflow by unit", process("fixed = \"1e307 USD/W/year\""),
       "scenario.toml:6:9: error[BL0105]: fixed of process 'p' is '1e307 USD/W/year', expected a finite number"},
      {"unit", process("capex = \"1 USD/kWtt\""),
       "scenario.toml:6:9: error[BL0106]: capex of process 'p' has the unknown unit 'USD/kWtt', expected a unit that "
       "converts to 'USD/kW'"},
      {"any unit", site("any = \"1 foo\""), nullptr},
      {"dimension", process("capex = \"1 USD/kWh\""),
       "scenario.toml:6:9: error[BL0107]: capex of process 'p' is in 'USD/kWh', expected a unit that converts to "
       "'USD/kW'"},
      {"no unit", process("capex = 12"),
       "scenario.toml:6:9: error[BL0107]: capex of process 'p' is 12, without a unit, expected a unit that converts to "
       "'USD/kW'"},
      {"a unit too many", site("latitude = \"3 MW\""),
       "scenario.toml:5:12: error[BL0107]: latitude of site 's' is in 'MW', expected a plain number"},
      {"reciprocal", process("capex = \"1 kW/USD\""),
       "scenario.toml:6:9: error[BL0107]: capex of process 'p' is in 'kW/USD', expected a unit that converts to "
       "'USD/kW'"},
      {"per month and per day", site("supply = {dates = {2025-10 = \"1 wafer/day\", 2025-12 = \"1 wafer/month\"}}"),
       "scenario.toml:5:55: error[BL0107]: supply of site 's' mixes rates per month and per hour or day"},
      {"range per month and per day", process("starts = {low = \"1 wafer/day\", mode = \"40 wafer/month\"}"),
       "scenario.toml:6:10: error[BL0107]: starts of process 'p' mixes rates per month and per hour or day"},
      {"series of two dimensions", site("any = {dates = {2025-10 = \"1 MW\", 2025-12 = \"1 m\"}}"),
       "scenario.toml:5:45: error[BL0107]: any of site 's' mixes 'MW' and 'm'"},
      {"duration in MW", process("lead = \"3 MW\""),
       "scenario.toml:6:8: error[BL0107]: lead of process 'p' is in 'MW', expected a unit that converts to 'month'"},
      {"name twice",
       "include = [\"a.toml\"]\n[process.p]\nplace = \"here\"\n",
       "scenario.toml:5:10: error[BL0108]: process 'p' is written twice",
       {{"a.toml", process("")}}},
      {"section twice",
       "include = [\"a.toml\"]\n",
       "scenario.toml:1:1: error[BL0108]: section [calendar] is written twice",
       {{"a.toml", "[calendar]\nstart = \"2025-10\"\nperiods = 1\n"}}},
      {"reference", "[process.p]\nplace = \"her\"\n",
       "scenario.toml:5:9: error[BL0109]: place of process 'p' refers to 'her', which is nowhere, expected "
       "the name of a site or region"},
      {"reference of a record", process("flows = [{commodity = \"wafr\", rate = \"1 wafer\"}]"),
       "scenario.toml:6:23: error[BL0109]: commodity of flows[1] of process 'p' refers to 'wafr', which is nowhere, "
       "expected the name of a commodity"},
      {"choice", process("kind = \"hal\""),
       "scenario.toml:6:8: error[BL0110]: kind of process 'p' is 'hal', expected fab, hall, hull"},
      {"choices", process("modes = [\"day\", \"nigt\"]"),
       "scenario.toml:6:17: error[BL0110]: modes of process 'p' is 'nigt', expected day, night"},
      {"by", site("power = {values = [1], unit = \"MW\", by = \"month\"}"),
       "scenario.toml:5:42: error[BL0110]: power of site 's' has by = 'month', expected period, year, "
       "month_of_year, hour_of_day, month_hour, slice"},
      {"confidence", process("capex = {mode = \"1 USD/kW\", confidence = \"D\"}"),
       "scenario.toml:6:42: error[BL0110]: capex of process 'p' has the confidence 'D', expected \"A\", \"B\" or "
       "\"C\""},
      {"month", process("earliest = \"2025-13\""),
       "scenario.toml:6:12: error[BL0111]: earliest of process 'p' is '2025-13', expected a month such as \"2025-10\""},
      {"date of a series", site("power = {dates = {oct = \"1 MW\"}}"),
       "scenario.toml:5:19: error[BL0111]: power of site 's' has the date 'oct', expected a month such as \"2026-06\""},
      {"dates out of order",
       site("power = {file = \"x.csv\", column = \"a\", dates = \"m\"}"),
       "x.csv:3:1: error[BL0111]: power of site 's' has dates out of order, expected each month once, ascending",
       {{"x.csv", "m,a [MW]\n2026-01,1\n2025-12,2\n"}}},
      {"name", "[region.South-West]\n",
       "scenario.toml:4:9: error[BL0112]: 'South-West' cannot name an entry of section 'region', expected a lower-case "
       "letter, then lower-case letters, digits and _, at most 64 in all"},
      {"range order", process("capex = {low = \"3 USD/kW\", mode = \"2 USD/kW\", high = \"9 USD/kW\"}"),
       "scenario.toml:6:9: error[BL0113]: capex of process 'p' has low 3, mode 2, high 9, expected low <= mode <= "
       "high"},
      {"series length", site("power = [\"1 MW\", \"2 MW\"]"),
       "scenario.toml:5:9: error[BL0114]: power of site 's' has 2 values, expected 15, one a period"},
      {"series length by year", site("power = {values = [1], unit = \"MW\", by = \"year\"}"),
       "scenario.toml:5:19: error[BL0114]: power of site 's' has 1 value, expected 2, one a year"},
      {"series length of a file",
       site("power = {file = \"x.csv\", column = \"a\", by = \"slice\"}"),
       "scenario.toml:5:17: error[BL0114]: power of site 's' has 1 value, expected 360, one a slice",
       {{"x.csv", "a [MW]\n1\n"}}},
      {"column without rows",
       site("power = {file = \"x.csv\", column = \"a\", dates = \"a\"}"),
       "scenario.toml:5:17: error[BL0114]: power of site 's' is a column without values",
       {{"x.csv", "a [MW]\n"}}},
      {"currency", process("capex = \"1 KRW2031/kW\""),
       "scenario.toml:6:9: error[BL0115]: capex of process 'p' is in 'KRW2031/kW', a currency or price year that "
       "[money] does not have, expected a unit that converts to 'USD/kW'"},
      {"negative lead", process("lead = \"-3 week\""),
       "scenario.toml:6:8: error[BL0201]: lead of process 'p' is '-3 week', expected a duration of at least 0"},
      {"yield", process("yield = 1.4"),
       "scenario.toml:6:9: error[BL0202]: yield of process 'p' is 1.4, expected a fraction in (0, 1]"},
      {"yield of nothing", process("yield = \"0 %\""),
       "scenario.toml:6:9: error[BL0202]: yield of process 'p' is '0 %', expected a fraction in (0, 1]"},
      {"all at once", "[process.p]\nplace = \"nowhere\"\nyield = 2\ncapx = 1\n[process.Q]\n[sites.a]\n",
       "scenario.toml:5:9: error[BL0109]: place of process 'p' refers to 'nowhere', which is nowhere, expected the "
       "name of a site or region\n"
       "scenario.toml:6:9: error[BL0202]: yield of process 'p' is 2, expected a fraction in (0, 1]\n"
       "scenario.toml:7:1: error[BL0101]: process 'p' has no key 'capx'\n"
       "scenario.toml:8:10: error[BL0112]: 'Q' cannot name an entry of section 'process', expected a lower-case "
       "letter, then lower-case letters, digits and _, at most 64 in all\n"
       "scenario.toml:9:2: error[BL0100]: no section is called 'sites'"},
  };
}

/// What every diagnostic must have: a help, a place that a person can go to, and all its texts in Korean.
void check_form(const Loaded& loaded, const std::string& name) {
  for (const Diagnostic& d : loaded.diagnostics.all()) {
    EXPECT_NE(d.help, "") << name;
    EXPECT_GT(d.origin.line, 0u) << name;
    EXPECT_GT(d.origin.column, 0u) << name;
    const std::string korean = render(d, loaded.files, Language::korean);
    EXPECT_EQ(english_left_in(d), "") << name << "\n" << korean;
  }
}

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    std::vector<SourceFile> files{{"scenario.toml", kHead + c.text}};
    files.insert(files.end(), c.files.begin(), c.files.end());
    const Loaded loaded = load(files);
    check_form(loaded, c.name);
    EXPECT_FALSE(loaded.spec) << c.name;
    if (c.expected != nullptr) {
      EXPECT_EQ(heads(loaded), c.expected) << c.name;
    }
    EXPECT_TRUE(loaded.diagnostics.has_errors()) << c.name;
  }
}

TEST(Diagnostics, of_files) {
  check(file_cases());
}
TEST(Diagnostics, of_csv) {
  check(csv_cases());
}
TEST(Diagnostics, of_values) {
  check(value_cases());
}

TEST(Diagnostics, of_calendar_and_money) {
  struct Core {
    const char* text;
    const char* expected;
  };
  const Core cases[] = {
      {"[region.a]\n",
       "scenario.toml:1:1: error[BL0205]: there is no [calendar], expected [calendar] with start and periods"},
      {"[calendar]\nstart = \"2025-10\"\n",
       "scenario.toml:1:2: error[BL0206]: [calendar] has no length, expected either periods (months) or hours"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\nhours = 2\n",
       "scenario.toml:4:9: error[BL0206]: [calendar] has both periods and hours, expected either periods (months) or "
       "hours"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 0\n", nullptr},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 100000000\n", nullptr},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\nslices_per_day = 5\n",
       "scenario.toml:4:18: error[BL0104]: slices_per_day of [calendar] is 5, expected a divisor of 24: 1, 2, 3, 4, 6, "
       "8, 12 or 24"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\n[money]\nbase_year = 2025\nrates = [{currency = \"KRW\", year = "
       "2024, per_usd = 1400}]\n",
       "scenario.toml:6:36: error[BL0206]: [money] has a rate of KRW for 2024 but no price level, expected deflator "
       "with the years 2024 and 2025"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\n[money]\nbase_year = 2025\nrates = [{currency = \"won\", year = "
       "2025, per_usd = 1400}]\n",
       "scenario.toml:6:22: error[BL0115]: 'won2025' is not a currency code such as KRW or KRW2024"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\n[money]\nbase_year = 2025\nrates = [{currency = \"KRW\", year = "
       "2025, per_usd = 0}]\n",
       "scenario.toml:6:52: error[BL0104]: per_usd of rates[1] of [money] is 0, expected more than 0"},
      {"[calendar]\nstart = \"2025-10\"\nperiods = 1\n[money]\nbase_year = 2025\nrates = [{currency = \"KRW\", year = "
       "2025, per_usd = 1}, {currency = \"KRW\", year = 2025, per_usd = 1}]\n",
       "scenario.toml:6:68: error[BL0108]: rates of [money] have KRW of 2025 twice"},
  };
  for (const Core& c : cases) {
    const Loaded loaded = load(std::vector<SourceFile>{{"scenario.toml", c.text}});
    check_form(loaded, c.text);
    EXPECT_FALSE(loaded.spec) << c.text;
    EXPECT_TRUE(loaded.diagnostics.has_errors()) << c.text;
    if (c.expected != nullptr) {
      EXPECT_EQ(heads(loaded), c.expected);
    }
  }
}

TEST(Diagnostics, are_rendered_with_line_caret_and_help) {
  const auto text = [](const std::string& scenario) {
    const Loaded loaded = load(std::vector<SourceFile>{{"scenario.toml", kHead + scenario}});
    return render(loaded.diagnostics, loaded.files);
  };
  EXPECT_EQ(text(process("yield = 1.4")),
            "scenario.toml:6:9: error[BL0202]: yield of process 'p' is 1.4, expected a fraction in (0, 1]\n"
            "    6 | yield = 1.4\n"
            "      |         ^^^\n"
            "   help: write 0.92 or \"92 %\"\n");
  // byte columns of the place, and carets below what a terminal shows of Korean
  EXPECT_EQ(
      text(process("title_ko = \"식각\"\nflows = [{title_ko = \"울산\", commodity = \"wafr\", rate = \"1 wafer\"}]")),
      "scenario.toml:7:44: error[BL0109]: commodity of flows[1] of process 'p' refers to 'wafr', which is nowhere, "
      "expected the name of a commodity\n"
      "    7 | flows = [{title_ko = \"울산\", commodity = \"wafr\", rate = \"1 wafer\"}]\n"
      "      |                                          ^^^^^^\n"
      "   help: did you mean 'wafer'?\n");
  EXPECT_THAT(text(process("starts = \"1 wafr/month\"")), testing::HasSubstr("help: did you mean 'wafer/month'?"));
  EXPECT_THAT(text("[region.South-West]\n"), testing::HasSubstr("help: write south_west"));
  EXPECT_THAT(text(process("capex = 12")), testing::HasSubstr("help: write \"12 USD/kW\""));
  EXPECT_THAT(text(process("earliest = 2025-10")), testing::HasSubstr("help: write months in quotes: \"2025-10\""));
  EXPECT_THAT(text(process("capex = \"1 KRW/kW\"")), testing::HasSubstr("help: add it to the rates of [money]"));
}

TEST(Diagnostics, are_json) {
  const Loaded loaded = load_scenario(
      {{"scenario.toml", kHead + process("remark = \"\"\"a\nb\"\"\"\nyield = \"2 \\u0007\"")}}, test_schema::kSections);
  EXPECT_THAT(render_json(loaded.diagnostics, loaded.files),
              testing::StartsWith(
                  R"([{"code": "BL0106", "severity": "error", "file": "scenario.toml", "line": 8, "column": 9, )"));
}

TEST(Diagnostics, names_every_code_once) {
  for (std::size_t i = 1; i < kDiagnosticCodes.size(); ++i) {
    EXPECT_LT(kDiagnosticCodes[i - 1].code, kDiagnosticCodes[i].code);
  }
  EXPECT_THAT(diagnostics_markdown(), testing::HasSubstr("| BL0104 | a value lies outside its permitted range |"));
}

TEST(Diagnostics, a_million_faults_are_counted) {
  std::string csv = "name,place\n";
  for (int i = 0; i < 100'000; ++i) csv += "A,here\n";
  const Loaded loaded = load(std::vector<SourceFile>{
      {"scenario.toml", kHead + std::string("include = [\"process.csv\"]")}, {"process.csv", csv}});
  EXPECT_EQ(loaded.diagnostics.all().size(), 200u);
  EXPECT_EQ(loaded.diagnostics.suppressed_count(), 99'800u);
}

TEST(Schema, is_deterministic_json) {
  const std::string schema = json_schema(test_schema::kSections);
  EXPECT_EQ(schema, json_schema(test_schema::kSections));
  EXPECT_THAT(schema, testing::HasSubstr("\"https://json-schema.org/draft/2020-12/schema\""));
  EXPECT_THAT(schema, testing::HasSubstr("\"additionalProperties\": false"));
}

TEST(Reference, has_a_row_for_each_key) {
  const std::string page = reference_markdown(test_schema::kSections);
  EXPECT_THAT(page, testing::HasSubstr("## Process\n\n`[process.NAME]`\n"));
  EXPECT_THAT(page, testing::HasSubstr("| `yield` | quantity |  | `1` | Good \\| all. Value: a fraction in (0, 1]. |"));
  EXPECT_THAT(page, testing::HasSubstr("| `flows[].lag` | duration | month | `\"0 month\"` |"));
  EXPECT_THAT(page, testing::HasSubstr("## Calendar\n\n`[calendar]`"));
}

}  // namespace
}  // namespace beltline
