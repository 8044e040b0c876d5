#include <algorithm>

#include <fmt/format.h>

#include "scenario/load.h"
#include "scenario/reading.h"

namespace beltline {
namespace {

/// What a value of the kind looks like, in the words of the reference.
std::string kind_words(const Attribute& a) {
  const auto named = [&](const char* form) {
    return fmt::format("{} `{}`", form, fmt::join(split_words(a.target), "` or `"));
  };
  switch (a.kind) {
    case Kind::quantity: return "quantity";
    case Kind::series: return "series";
    case Kind::duration: return "duration";
    case Kind::text: return "text";
    case Kind::flag: return "true or false";
    case Kind::integer: return "whole number";
    case Kind::month: return "month";
    case Kind::reference: return named("name of a");
    case Kind::references: return named("names of");
    case Kind::texts: return "list of texts";
    case Kind::choice: return named("one of");
    case Kind::choices: return named("some of");
    case Kind::records: return "list of tables";
  }
  return {};
}

/// A bar would end the table's cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void add_rows(std::string& out, std::span<const Attribute> attributes, const std::string& prefix) {
  for (const Attribute& a : attributes) {
    const std::string unit = a.kind == Kind::duration ? "month"
                             : a.unit == "*"          ? "any"
                             : a.unit.empty()         ? ""
                                                      : fmt::format("`{}`", a.unit);
    const std::string fallback = a.required ? "required" : a.fallback.empty() ? "" : fmt::format("`{}`", a.fallback);
    std::string text = cell(a.description);
    if (const std::string bounds = describe_bounds(a); !bounds.empty())
      text += (text.empty() ? "" : " ") + ("Value: " + bounds + ".");
    out += fmt::format("| `{}{}` | {} | {} | {} | {} |\n", prefix, a.key, cell(kind_words(a)), cell(unit),
                       cell(fallback), text);
    if (a.kind == Kind::records) add_rows(out, a.fields, fmt::format("{}{}[].", prefix, a.key));
  }
}

void add_table(std::string& out, std::span<const Attribute> attributes) {
  out += "| key | kind | unit | default | meaning |\n|---|---|---|---|---|\n";
  add_rows(out, attributes, "");
  out += "\n";
}

constexpr std::string_view kIntroduction = R"(# Scenario reference

Generated from the schema that also drives the parser, its checks and the JSON Schema (`beltline schema`).

A scenario is a folder with `scenario.toml` and the files that its `include = ["sites.toml", "data/*.csv"]` names, by
paths inside the folder. The order of files and tables changes nothing. A CSV file's name up to the first `-` or `.` is
its section (`process-memory.csv`); column `name` is the entry, other columns are keys, written `key [unit]`, with
`key.low`, `key.high`, `key.source` and `key.confidence` beside them; lists in a cell are joined by `;`. Changes that always
hold are written as on the command line: `set = ["site.ulsan.online=2029-06", "product.hbm4.yield*=0.5"]`.

| kind | written |
|---|---|
| quantity | `"120 MW"`, `"92 %"`, a number where there is no unit, or `{low = "100 MW", mode = "120 MW", high = "150 MW", source = "...", confidence = "B"}`; without `mode`, the middle of low and high |
| series | a quantity; a list, one value a period; `{values = [...], unit = "MW", by = "year"}` with `by` one of period, year, month_of_year, hour_of_day, month_hour, slice; `{dates = {"2026-01" = "10 MW", "2027-01" = "20 MW"}}`, linear between the dates, or with `step = true` constant until the next; `{file = "sea.csv", column = "sst", by = "month_of_year"}`; `{file = "price.csv", column = "price", dates = "month"}` |
| duration | `"28 week"`, `"20 month"`, `"2 year"`; a month has 30.436875 days where days or weeks are turned into months |
| month | `"2025-10"` |
| name | the name of an entry of another section |

"Per month" is per calendar month of the period, a rate per year a twelfth of that a month; a rate per day or hour counts
the days and hours of each month, leap days too.

)";

}  // namespace

std::string reference_markdown(std::span<const Section* const> sections) {
  std::string out(kIntroduction);
  out += "Every entry may also have:\n\n";
  add_table(out, common_attributes());
  for (const auto list : {core_sections(), sections}) {
    for (const Section* section : list) {
      out += fmt::format("## {}\n\n`[{}{}]`\n\n", section->title, section->name, section->single ? "" : ".NAME");
      if (!section->description.empty()) out += fmt::format("{}\n\n", section->description);
      if (!section->attributes.empty()) add_table(out, section->attributes);
    }
  }
  return out;
}

}  // namespace beltline
