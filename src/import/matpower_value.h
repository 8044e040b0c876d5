// Values of a case file's script: matrices of numbers whose places in the text are kept, texts, lists of texts.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::matpower {

/// One value. A number is a matrix of 1 × 1; a struct is `record`, whose fields are numbers (idx_dcline gives one).
struct Value {
  enum class Kind : uint8_t { matrix, text, cells, record };

  Kind kind = Kind::matrix;
  bool logical = false;  // what a comparison gave: as an index it chooses where it is not 0
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> numbers;     // [row, column], row after row
  std::vector<uint32_t> places;    // [row, column] byte offset in the text of what gave the number
  std::vector<std::string> texts;  // cells: [row, column]; text: the one text
  std::vector<std::pair<std::string_view, double>> fields;  // record
  uint32_t place = 0;                                       // byte offset of the value as a whole

  [[nodiscard]] std::size_t size() const { return rows * columns; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::matrix && rows == 1 && columns == 1; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return numbers[row * columns + column]; }
  [[nodiscard]] uint32_t place_of(std::size_t row, std::size_t column) const { return places[row * columns + column]; }
};

/// A matrix of 1 × 1.
inline Value scalar(double number, uint32_t place) {
  Value value{.rows = 1, .columns = 1, .place = place};
  value.numbers.push_back(number);
  value.places.push_back(place);
  return value;
}

/// A matrix of one number everywhere.
inline Value filled(std::size_t rows, std::size_t columns, double number, uint32_t place) {
  Value value{.rows = rows, .columns = columns, .place = place};
  value.numbers.assign(rows * columns, number);
  value.places.assign(rows * columns, place);
  return value;
}

/// A text, as a value.
inline Value text_value(std::string text, uint32_t place) {
  Value value{.kind = Value::Kind::text, .rows = 1, .columns = text.size(), .place = place};
  value.texts.push_back(std::move(text));
  return value;
}

/// A value, or what is wrong, still without its place.
using Result = std::expected<Value, Diagnostic>;

/// A fault of the script's own rules (BL0007), to be given its place.
std::unexpected<Diagnostic> refuse(std::string message, std::string found, std::string expected, std::string help);

/// What all operations of one script may still make; see kWorkMax.
class Budget {
 public:
  /// Takes `count` numbers off; a fault (BL0011) if a value would be too large or the work is used up.
  std::expected<void, Diagnostic> take(std::size_t rows, std::size_t columns);

 private:
  std::size_t used_ = 0;
};

/// "a 3 x 2 matrix", "a number", "a text", "a list of texts", "a struct": for messages.
std::string kind_words(const Value& value);

}  // namespace beltline::matpower
