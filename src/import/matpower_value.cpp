#include "import/matpower_value.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/matpower_reader.h"

namespace beltline::matpower {

std::unexpected<Diagnostic> refuse(std::string message, std::string found, std::string expected, std::string help) {
  return std::unexpected(Diagnostic{.code = Code::file_syntax,
                                    .message = std::move(message),
                                    .found = std::move(found),
                                    .expected = std::move(expected),
                                    .help = std::move(help)});
}

std::expected<void, Diagnostic> Budget::take(std::size_t rows, std::size_t columns) {
  const bool too_large = columns > 0 && rows > kNumbersMax / columns;
  if (!too_large) used_ += rows * columns + 1;
  if (!too_large && used_ <= kWorkMax) return {};
  return std::unexpected(Diagnostic{.code = Code::too_many,
                                    .message = "the script makes too many numbers",
                                    .expected = fmt::format("at most {} in a matrix", kNumbersMax),
                                    .help = "write the tables out, without computing them"});
}

std::string kind_words(const Value& value) {
  switch (value.kind) {
    case Value::Kind::text: return "a text";
    case Value::Kind::cells: return "a list of texts";
    case Value::Kind::record: return "a struct";
    case Value::Kind::matrix: break;
  }
  if (value.is_scalar()) return "a number";
  return fmt::format("a {} by {} matrix", value.rows, value.columns);
}

}  // namespace beltline::matpower
