// OSeMOSYS's data as they are written: sets and parameters by name, every value with its place.
//
// Two forms hold the same: the data section of GNU MathProg (one text), and a folder with one CSV file a set or
// parameter, whose last column is VALUE (as otoole writes them).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "import/osemosys_names.h"

namespace beltline::osemosys {

/// Members of sets by number, so that a subscript takes four bytes. Numbers are one symbol however they are written:
/// 1990 and 1990.0.
class Symbols {
 public:
  int32_t id(std::string_view text);
  [[nodiscard]] const std::string& text(int32_t id) const { return texts_[static_cast<std::size_t>(id)]; }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, int32_t> ids_;
};

struct SetText {
  Origin origin;
  std::vector<int32_t> members;
  std::vector<Origin> origins;  // [member]
};

struct Cell {
  std::array<int32_t, kSubscriptMax> subscripts{};
  double value = 0;
  Origin origin;
};

struct ParamText {
  Origin origin;
  std::size_t dimension = 0;
  std::optional<double> fallback;  // `default`
  std::vector<Cell> cells;
};

struct DataText {
  Symbols symbols;
  std::map<Set, SetText> sets;
  std::map<Param, ParamText> params;
};

/// Reads the data section of GNU MathProg.
///
/// Sets are plain lists. Parameters have all forms: lists of subscripts and value, tables with columns (`: a b :=`),
/// transposed ones (`(tr)`), slices (`[A,*,1]`), several of these one after the other, one table for several
/// parameters; `default`, `.` for the default, commas where one likes, quoted symbols, both kinds of comments. The text
/// ends with `end;` or where it ends. Parameters that the model does not have are told and left out.
///
/// @errors BL0007 whatever is no such text: place, what was found, what was expected; BL0101 a parameter that is not
///         the model's, BL0108 a set or parameter given twice, BL0105 a number that is none; reading goes on behind
///         the next `;`
/// @cost   O(text), once through
DataText parse_data(std::string_view text, int32_t file, Diagnostics& diagnostics);

/// A text as a finite number, "+.5e3" as well; nothing if it is none.
std::optional<double> number_of(std::string_view text);

}  // namespace beltline::osemosys
