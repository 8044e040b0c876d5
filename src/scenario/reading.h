// What the readers of values share: units, calendar, diagnostics, and whose value is being read.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "base/diagnostic_codes.h"
#include "base/units.h"
#include "scenario/node.h"
#include "scenario/schema.h"
#include "scenario/series_file.h"
#include "scenario/spec.h"

namespace beltline {

/// The state of reading one scenario's values.
struct Reading {
  const Units& units;
  Diagnostics& diagnostics;
  SeriesFiles& series_files;
  const Calendar* calendar = nullptr;  // null while it is not known: lengths of series are not checked then
  std::size_t value_count = 0;
  std::map<const Attribute*, Value> defaults = {};  // read once, copied into each entry
};

/// The value being read, as messages name it: "yield of process 'etch'".
struct Subject {
  const Attribute& attribute;
  std::string_view owner;   // "process 'etch'"
  std::string_view source;  // citation of the whole entry, for quantities without their own
  char confidence = ' ';

  [[nodiscard]] std::string name() const { return std::string(attribute.key) + " of " + std::string(owner); }
};

/// Adds an error about a subject: "yield of process 'etch' " + `verb`.
struct Fault {
  Code code;
  Origin origin;
  std::string verb;  // "is 1.4"
  std::string found = {};
  std::string expected = {};
  std::string help = {};
  Fix fix = {};
};
void report(Reading& reading, const Subject& subject, Fault fault);

/// "text", or for a CSV cell "'abc'": what was found instead.
std::string shown(const SourceNode& node);

/// One number with its unit converted to the attribute's.
struct Number {
  double value = 0;
  Basis basis = Basis::none;
  std::string unit;  // as written, "" for none
};

/// Reads a number from "120 MW", a plain number, or a CSV cell; `unit` is what its table or column says, "" for none.
std::optional<Number> read_number(Reading& reading, const Subject& subject, const SourceNode& node,
                                  std::string_view unit);
/// Says what is wrong with the unit of `number`, which stands in `node`, and what to write instead.
/// @errors BL0106, BL0107, BL0115
void report_unit(Reading& reading, const Subject& subject, const SourceNode& node, const Number& number,
                 const UnitFault& fault);
/// Checks min, max, yields and negative durations; false after reporting.
bool check_bounds(Reading& reading, const Subject& subject, double value, const SourceNode& node);

/// "120 MW" or {low, mode, high, unit, source, confidence, note}.
std::optional<Quantity> read_quantity(Reading& reading, const Subject& subject, const SourceNode& node);
/// A quantity, a list, {values}, {dates} or {file, column}.
std::optional<SeriesValue> read_series(Reading& reading, const Subject& subject, const SourceNode& node);
/// Any kind; the value's place and attribute are set.
std::optional<Value> read_value(Reading& reading, const Subject& subject, const SourceNode& node);

/// Reads the table of an entry or record: its keys against `attributes` and the keys every entry has.
/// @param entry  in: section, name, origin; out: values
void read_entry(Reading& reading, std::span<const Attribute> attributes, std::string_view owner,
                const SourceNode& table, Entry& entry);

/// A key that an entry or record does not have.
struct UnknownKey {
  std::string_view owner;  // "process 'etch'"
  std::string_view key;
  Origin origin;
};
/// Reports it with the nearest of `keys`, which is returned ("" if none is near), or with all of them.
/// @errors BL0101
std::string add_unknown_key(Diagnostics& diagnostics, const UnknownKey& unknown, std::span<const std::string> keys);

/// title, title_ko, source, confidence, note: what every entry and record may carry.
std::span<const Attribute> common_attributes();
/// Finds a key of the attributes or, after them, of the common ones; null if there is none.
const Attribute* find_attribute(std::span<const Attribute> attributes, std::string_view key);

/// The bounds of an attribute in words: "a fraction in (0, 1]", "at least 0 MW"; "" if there are none.
std::string describe_bounds(const Attribute& attribute);

}  // namespace beltline
