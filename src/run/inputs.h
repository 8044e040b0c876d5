// Every value of a scenario as a row: what it is, where it stands, and how far it can be trusted.
#pragma once

#include <string>
#include <vector>

#include "scenario/spec.h"
#include "table/table.h"

namespace beltline {

/// One value of the Spec. Numbers are NaN where the value is none.
struct Input {
  std::string path;     // as --set takes it: "site.ulsan.online", "budget.programme.yearly_max[2025].amount"
  std::string section;  // "budget"
  std::string entry;    // "programme"; "" for single sections
  std::string key;      // "yearly_max[2025].amount"
  std::string value;    // short, for people: "300 B USD", "0.65 (2025-10) to 0.8 (2027-12)"
  double low = 0;       // of a series that varies: NaN
  double mode = 0;      // of a series that varies: its mean over the horizon
  double high = 0;
  std::string unit;
  std::string source;       // its own, or that of its record or entry
  std::string source_from;  // "value", "record", "entry", "--set"; "" where there is none
  char confidence = ' ';    // 'A', 'B', 'C'; ' ' where nobody said
  Origin origin;
  bool is_default = false;
  const Value* spec_value = nullptr;

  /// What may be doubted first: an estimate.
  [[nodiscard]] bool is_weak() const { return confidence == 'C'; }
};

/// All values, entry by entry and key by key in order of name, records flattened. `source` and `confidence` are told
/// with the values that they are about.
std::vector<Input> inputs_of(const Spec& spec);

/// The table `inputs`: one row an Input.
Table inputs_table(const Spec& spec);

/// Whether two values mean the same to a plan: numbers, names and dates; not their sources, ranges or places.
bool plans_the_same(const Value& a, const Value& b);
/// Whether they are the same to a reader too: their ranges, sources and confidence.
bool reads_the_same(const Value& a, const Value& b);

/// Whether a key's text is for readers alone: title, note, source.
bool is_for_readers(std::string_view key);

/// "USD 300 billion", "41 MW", "0.8": a number with its unit, as people say it.
std::string told(double value, std::string_view unit);

}  // namespace beltline
