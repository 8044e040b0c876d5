#include "import/matpower_expression.h"

#include <array>
#include <cctype>
#include <limits>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/matpower_functions.h"
#include "import/matpower_operate.h"

namespace beltline::matpower {
namespace {

constexpr int kRangeLevel = 6;
constexpr int kPowerLevel = 9;

struct Spelling {
  std::string_view text;
  int level;
};

/// Longer ones first. Levels as in MATLAB's table of precedence.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"||", 1}, {"&&", 2}, {"|", 3},   {"&", 4}, {"==", 5},          {"~=", 5}, {"!=", 5},
    {"<=", 5}, {">=", 5}, {"<", 5},   {">", 5}, {":", kRangeLevel}, {"+", 7},  {"-", 7},
    {".*", 8}, {"./", 8}, {".\\", 8}, {"*", 8}, {"/", 8},           {"\\", 8},
});

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Counts how deep brackets and operators lie in each other.
class Deeper {
 public:
  explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  int& depth_;
};

}  // namespace

std::optional<Value> Expressions::refuse_here(std::size_t begin, const char* what, const char* expected,
                                              const char* help) {
  reader_.fault(
      begin,
      {.code = Code::file_syntax, .message = what, .found = reader_.shown(begin), .expected = expected, .help = help});
  return std::nullopt;
}

std::optional<Value> Expressions::checked(Result result, std::size_t begin) {
  if (result) return std::move(*result);
  reader_.fault(begin, std::move(result.error()));
  return std::nullopt;
}

std::optional<Value> Expressions::read() {
  unclosed_ = false;
  const Deeper deeper(depth_);
  if (depth_ > kDepthMax) {
    reader_.fault(reader_.at(), {.code = Code::file_too_deep,
                                 .message = "brackets and operators lie too deep in each other",
                                 .expected = fmt::format("at most {} levels", kDepthMax),
                                 .help = "compute parts of it in statements before"});
    return std::nullopt;
  }
  return binary(1);
}

std::optional<Expressions::Operator> Expressions::next_operator() {
  const std::size_t begin = reader_.at();
  const bool after_blank = reader_.skip_blanks();
  const char c = reader_.peek();
  // [1 -2] are two numbers, [1 - 2] is one; [a ~b] are two
  const bool parts = in_matrix_ && after_blank;
  const bool starts_number = (c == '+' || c == '-') && !is_blank(reader_.peek(1));
  const bool starts_not = (c == '~' || c == '!') && reader_.peek(1) != '=';
  if (!(parts && (starts_number || starts_not))) {
    for (const Spelling& spelling : kSpellings) {
      if (reader_.text().substr(reader_.at(), spelling.text.size()) != spelling.text) continue;
      return Operator{spelling.text, spelling.level};
    }
  }
  reader_.move_to(begin);
  return std::nullopt;
}

std::optional<Value> Expressions::binary(int level_min) {
  auto left = unary();
  while (left) {
    const std::size_t before = reader_.at();
    const auto op = next_operator();
    if (!op) break;
    if (op->level < level_min) {
      reader_.move_to(before);
      break;
    }
    const std::size_t place = reader_.at();
    reader_.step(op->text.size());
    if (op->level == kRangeLevel) {
      left = ranged(std::move(*left));
      continue;
    }
    const Deeper deeper(depth_);
    if (depth_ > kDepthMax)
      return refuse_here(place, "brackets and operators lie too deep in each other", "a shorter expression",
                         "compute parts of it in statements before");
    const auto right = binary(op->level + 1);
    if (!right) return std::nullopt;
    left = checked(operate(op->text, *left, *right, budget_), place);
  }
  return left;
}

std::optional<Value> Expressions::ranged(Value first) {
  const std::size_t begin = reader_.at();
  auto second = binary(kRangeLevel + 1);
  if (!second) return std::nullopt;
  const std::size_t before = reader_.at();
  const auto op = next_operator();
  if (op && op->level == kRangeLevel) {
    reader_.step();
    const auto last = binary(kRangeLevel + 1);
    if (!last) return std::nullopt;
    return checked(range(first, *second, *last, budget_), begin);
  }
  reader_.move_to(before);
  return checked(range(first, scalar(1, first.place), *second, budget_), begin);
}

std::optional<Value> Expressions::unary() {
  reader_.skip_blanks();
  const std::size_t begin = reader_.at();
  std::string signs;
  while (std::string_view("+-~!").find(reader_.peek()) != std::string_view::npos && reader_.peek() != '\0') {
    signs += reader_.peek();
    reader_.step();
    reader_.skip_blanks();
  }
  auto value = postfix();
  while (value && !signs.empty()) {
    value = checked(negate(signs.substr(signs.size() - 1), std::move(*value)), begin);
    if (value && value->is_scalar()) value->places[0] = static_cast<uint32_t>(begin);
    signs.pop_back();
  }
  return value;
}

std::optional<Value> Expressions::postfix() {
  auto value = primary();
  while (value) {
    const std::size_t begin = reader_.at();
    if (reader_.peek() == '\'' || (reader_.peek() == '.' && reader_.peek(1) == '\'')) {
      reader_.step(reader_.peek() == '.' ? 2 : 1);
      value = checked(transpose(*value, budget_), begin);
      continue;
    }
    const bool blank = reader_.skip_blanks();
    const bool pointed = reader_.peek() == '.' && reader_.peek(1) == '^';
    if (!pointed && reader_.peek() != '^') {
      if (blank) reader_.move_to(begin);
      break;
    }
    reader_.step(pointed ? 2 : 1);
    const Deeper deeper(depth_);
    if (depth_ > kDepthMax)
      return refuse_here(begin, "brackets and operators lie too deep in each other", "a shorter expression",
                         "compute parts of it in statements before");
    // the exponent binds its own sign: 2^-1
    reader_.skip_blanks();
    std::string sign;
    if (reader_.peek() == '-' || reader_.peek() == '+') {
      sign = reader_.peek();
      reader_.step();
    }
    auto exponent = primary();
    if (exponent && !sign.empty()) exponent = checked(negate(sign, std::move(*exponent)), begin);
    if (!exponent) return std::nullopt;
    value = checked(operate(pointed ? ".^" : "^", *value, *exponent, budget_), begin);
  }
  return value;
}

std::optional<Value> Expressions::primary() {
  reader_.skip_blanks();
  const std::size_t begin = reader_.at();
  const auto place = static_cast<uint32_t>(begin);
  if (const auto number = reader_.number()) {
    const std::string_view suffix = reader_.peek_word();
    if (!suffix.empty()) {
      return refuse_here(begin, "a number goes on with letters", "a number such as 0.06 or 345e3",
                         "part the number from what follows");
    }
    return scalar(*number, place);
  }
  const char c = reader_.peek();
  if (c == '(') {
    reader_.step();
    const bool matrix = std::exchange(in_matrix_, false);
    auto value = read();
    in_matrix_ = matrix;
    if (!value) return std::nullopt;
    reader_.skip_blanks();
    if (reader_.peek() != ')') {
      return refuse_here(reader_.at(), "a bracket is not closed", "')'", "close the bracket");
    }
    reader_.step();
    return value;
  }
  if (c == '[' || c == '{') return brackets();
  if (c == '\'' || c == '"') {
    auto text = reader_.quoted();
    if (!text) return std::nullopt;
    return text_value(std::move(*text), place);
  }
  if (!reader_.peek_word().empty()) return named();
  return refuse_here(begin, "an expression cannot be read", "a number, a matrix, a name or a text",
                     "write a number, or leave out what stands here");
}

std::string Expressions::path() {
  std::string out(reader_.word());
  while (!out.empty() && reader_.peek() == '.' && std::isalpha(static_cast<unsigned char>(reader_.peek(1))) != 0) {
    reader_.step();
    out += '.';
    out += reader_.word();
  }
  return out;
}

std::optional<Value> Expressions::last_index(std::size_t begin) {
  if (ends_.empty()) {
    return refuse_here(begin, "'end' stands outside an index", "end inside x(...)", "write a number");
  }
  return scalar(static_cast<double>(ends_.back()), static_cast<uint32_t>(begin));
}

std::optional<Value> Expressions::named() {
  const std::size_t begin = reader_.at();
  const std::string name = path();
  if (name == "end") return last_index(begin);
  const auto found = variables_.find(name);
  // in a matrix, [a (1)] are two values
  const bool indexed = reader_.peek() == '(' || reader_.peek() == '{';
  if (found != variables_.end()) {
    if (!indexed) {
      if (auto room = budget_.take(found->second.rows, found->second.columns); !room) {
        return checked(std::unexpected(room.error()), begin);
      }
      return found->second;
    }
    const auto chosen = indices(found->second);
    if (!chosen) return std::nullopt;
    return checked(select(found->second, *chosen, budget_), begin);
  }
  if (auto number = named_number(name, static_cast<uint32_t>(begin)); number && !indexed) return number;
  return called(name, begin);
}

std::optional<Value> Expressions::called(std::string_view name, std::size_t begin) {
  if (!is_function(name)) {
    std::vector<std::string> known;
    for (const auto& [variable, value] : variables_) known.push_back(variable);
    const std::string nearest = nearest_word(name, known);
    reader_.fault(begin,
                  {.code = Code::file_syntax,
                   .message = fmt::format("'{}' is neither a variable nor a function known here", printable(name)),
                   .found = fmt::format("'{}'", printable(name)),
                   .expected = "a number, or a name that was given a value before",
                   .help = nearest.empty() ? "write the number instead" : did_you_mean_text(nearest)});
    return std::nullopt;
  }
  std::vector<Value> arguments;
  if (reader_.peek() == '(') {
    auto given = indices(Value{});
    if (!given) return std::nullopt;
    for (Index& argument : *given) arguments.push_back(std::move(argument.value));
  }
  return checked(call(name, arguments, static_cast<uint32_t>(begin), budget_), begin);
}

namespace {

/// Values between the brackets that open at `at`: one more than the commas that lie in no bracket inside.
std::size_t index_count(std::string_view text, std::size_t at) {
  int depth = 0;
  std::size_t count = 1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c == ',' && depth == 1) ++count;
    if (depth == 0 || c == '\n') break;
  }
  return count;
}

}  // namespace

std::optional<std::vector<Index>> Expressions::indices(const Value& of) {
  const char close = reader_.peek() == '(' ? ')' : '}';
  const std::size_t count = index_count(reader_.text(), reader_.at());
  reader_.step();
  const bool matrix = std::exchange(in_matrix_, false);
  std::vector<Index> out;
  bool good = true;
  for (reader_.skip_blanks(); good && reader_.peek() != close; reader_.skip_blanks()) {
    ends_.push_back(count == 1 ? of.size() : out.empty() ? of.rows : of.columns);
    const std::size_t begin = reader_.at();
    reader_.step(reader_.peek() == ':' ? 1 : 0);
    reader_.skip_blanks();
    const bool is_all = reader_.at() > begin && (reader_.peek() == ',' || reader_.peek() == close);
    if (is_all) {
      out.push_back({.all = true, .value = {}});
    } else {
      reader_.move_to(begin);
      auto value = read();
      good = value.has_value();
      if (good) out.push_back({.all = false, .value = std::move(*value)});
    }
    ends_.pop_back();
    reader_.skip_blanks();
    if (!good || reader_.peek() == close) break;
    if (reader_.peek() != ',') {
      refuse_here(reader_.at(), "an index is not closed", "')' or ','", "close the bracket");
      good = false;
    } else {
      reader_.step();
    }
  }
  in_matrix_ = matrix;
  if (!good) return std::nullopt;
  reader_.step();
  return out;
}

/// A number that nothing follows but the next one: most of what a case holds.
std::optional<Value> Expressions::plain_number() {
  const std::size_t begin = reader_.at();
  const bool is_negative = reader_.peek() == '-';
  if (is_negative || reader_.peek() == '+') reader_.step();
  if (const auto number = reader_.number()) {
    std::size_t ahead = 0;
    while (is_blank(reader_.peek(ahead)) || reader_.peek(ahead) == '\r') ++ahead;
    const char next = reader_.peek(ahead);
    const bool ends = next == ';' || next == ',' || next == '\n' || next == ']' || next == '%' ||
                      (ahead > 0 && (std::isdigit(static_cast<unsigned char>(next)) != 0 || next == '-') &&
                       !is_blank(reader_.peek(ahead + 1))) ||
                      (ahead > 0 && std::isdigit(static_cast<unsigned char>(next)) != 0);
    if (ends) return scalar(is_negative ? -*number : *number, static_cast<uint32_t>(begin));
  }
  reader_.move_to(begin);
  return std::nullopt;
}

/// Whether NAME = stands here, as no row of a matrix begins.
bool Expressions::statement_begins() {
  const std::size_t begin = reader_.at();
  const std::string name = path();
  if (!name.empty()) reader_.skip_blanks();
  const bool begins = !name.empty() && reader_.peek() == '=' && reader_.peek(1) != '=';
  reader_.move_to(begin);
  return begins;
}

/// Reads one row up to its `;`, its line's end or the closing bracket. Returns whether another may follow.
bool Expressions::row(std::vector<Value>& rows, char close, bool& good) {
  Value numbers{.place = reader_.place()};  // of a row of numbers alone
  std::vector<Value> parts;
  const auto end_row = [&] {
    if (parts.empty() && numbers.numbers.empty()) return;
    if (parts.empty()) {
      numbers.rows = 1;
      numbers.columns = numbers.numbers.size();
      rows.push_back(std::move(numbers));
      return;
    }
    if (auto joined = checked(beside(parts, budget_), numbers.place)) {
      rows.push_back(std::move(*joined));
    } else {
      good = false;
    }
  };
  while (true) {
    reader_.skip_blanks();
    const char c = reader_.peek();
    if (reader_.at_end() || c == close) break;
    if (parts.empty() && numbers.numbers.empty() && statement_begins()) return false;
    if (c == ',') {
      reader_.step();
      continue;
    }
    if (c == ';' || c == '\n') {
      reader_.step();
      end_row();
      return true;
    }
    auto value = close == ']' ? plain_number() : std::nullopt;
    if (value && parts.empty()) {
      if (numbers.numbers.empty()) numbers.place = value->place;
      numbers.numbers.push_back(value->numbers[0]);
      numbers.places.push_back(value->places[0]);
      continue;
    }
    const std::size_t begin = reader_.at();
    if (!value) value = read();
    if (!value) {
      // go on behind what could not be read, so that the other faults of the matrix are told too
      good = false;
      if (unclosed_ || reader_.diagnostics().error_count() > 200) return false;
      reader_.move_to(std::max(reader_.at(), begin));
      while (!reader_.at_end() && !is_blank(reader_.peek()) && reader_.peek() != close && !reader_.at_statement_end()) {
        reader_.step();
      }
      continue;
    }
    if (close == '}' && value->kind == Value::Kind::text) {
      value = Value{.kind = Value::Kind::cells, .rows = 1, .columns = 1, .texts = value->texts, .place = value->place};
    } else if (close == '}' && value->kind == Value::Kind::matrix && value->size() <= 1) {
      // a list may hold numbers beside texts; [] is an empty text
      const std::string text = value->size() == 0 ? std::string() : fmt::format("{}", value->numbers[0]);
      value = Value{.kind = Value::Kind::cells, .rows = 1, .columns = 1, .texts = {text}, .place = value->place};
    }
    // numbers read before become parts as well
    for (std::size_t k = 0; k < numbers.numbers.size(); ++k)
      parts.push_back(scalar(numbers.numbers[k], numbers.places[k]));
    numbers.numbers.clear();
    numbers.places.clear();
    if (parts.empty()) numbers.place = value->place;
    parts.push_back(std::move(*value));
  }
  end_row();
  return false;
}

std::optional<Value> Expressions::brackets() {
  const std::size_t begin = reader_.at();
  const char close = reader_.peek() == '[' ? ']' : '}';
  const Deeper deeper(depth_);
  if (depth_ > kDepthMax) {
    return refuse_here(begin, "brackets and operators lie too deep in each other", "a shorter expression",
                       "compute parts of it in statements before");
  }
  reader_.step();
  const bool matrix = std::exchange(in_matrix_, true);
  std::vector<Value> rows;
  bool good = true;
  while (row(rows, close, good)) {
  }
  in_matrix_ = matrix;
  if (reader_.peek() != close) {
    unclosed_ = true;
    reader_.fault(begin, {.code = Code::file_syntax,
                          .message = fmt::format("a '{}' is not closed", close == ']' ? '[' : '{'),
                          .found = reader_.shown(reader_.at()),
                          .expected = fmt::format("'{}'", close),
                          .help = "close the bracket"});
    return std::nullopt;
  }
  reader_.step();
  if (rows.empty()) {
    return Value{.kind = close == ']' ? Value::Kind::matrix : Value::Kind::cells,
                 .place = static_cast<uint32_t>(begin)};
  }
  // every row that is out of line is told
  for (const Value& row : rows) {
    if (row.columns == rows.front().columns || row.size() == 0) continue;
    good = false;
    reader_.fault(row.place, {.code = Code::file_syntax,
                              .message = "a row of a matrix has another length than the first",
                              .found = fmt::format("{} values", row.columns),
                              .expected = fmt::format("{}, as in the first row", rows.front().columns),
                              .help = "write every column of the row, and a semicolon where it ends"});
  }
  if (!good) return std::nullopt;
  auto stacked = checked(below(rows, budget_), begin);
  if (stacked) stacked->place = static_cast<uint32_t>(begin);
  return stacked;
}

}  // namespace beltline::matpower
