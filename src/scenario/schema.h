// The schema table: one description of every section and key drives the parser, its checks, the JSON Schema and the
// reference pages.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beltline {

enum class Kind {
  quantity,    // "120 MW", or {low, mode, high, unit?, source, confidence}; one number
  series,      // a quantity, a list, a table of dates, or a column of a file; one number per period or slice
  duration,    // "28 week", "20 month": a quantity whose value is in months
  text,        // free text
  flag,        // true or false
  integer,     // a whole number
  month,       // "2025-10"
  reference,   // the name of an entry of section `target` ("place"; several joined by '|')
  references,  // a list of such names
  choice,      // one of the words in `target`, joined by '|'
  choices,     // a list of such words
  texts,       // a list of free texts
  records,     // a list of tables, each with the keys in `fields`
};

inline constexpr double kUnlimited = std::numeric_limits<double>::infinity();

struct Attribute {
  std::string_view key;
  Kind kind = Kind::text;
  std::string_view unit = {};  // what values are converted to; "" for a plain number; "*" for any unit: the value keeps
                               // the unit it was written in, and the section's compile function converts it
  std::string_view target = {};    // for references and choices
  std::string_view fallback = {};  // written as in TOML: "0.8", "\"120 MW\"", "true"; empty: no default
  bool required = false;
  double min = -kUnlimited;  // in `unit`, inclusive
  double max = kUnlimited;   // inclusive
  bool min_exclusive = false;
  bool is_yield = false;                   // outside (0, 1] is BL0202
  std::span<const Attribute> fields = {};  // for records
  std::string_view description = {};
};

/// The words of a target, which joins them by '|'.
std::vector<std::string> split_words(std::string_view target);

/// `[name.ENTRY]` tables; `single` sections are one table `[name]` without an entry name.
struct Section {
  std::string_view name;
  std::string_view title;
  std::string_view description;  // Markdown; equations and sources welcome
  std::span<const Attribute> attributes;
  bool single = false;
};

}  // namespace beltline
