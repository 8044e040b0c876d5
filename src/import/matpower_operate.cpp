#include "import/matpower_operate.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace beltline::matpower {
namespace {

using Function = double (*)(double, double);

struct Operator {
  std::string_view text;
  bool logical;
  Function apply;
};

constexpr double kOne = 1.0;

double truth(bool value) {
  return value ? kOne : 0.0;
}

constexpr Operator kOperators[] = {
    {"+", false, [](double a, double b) { return a + b; }},
    {"-", false, [](double a, double b) { return a - b; }},
    {".*", false, [](double a, double b) { return a * b; }},
    {"./", false, [](double a, double b) { return a / b; }},
    {".\\", false, [](double a, double b) { return b / a; }},
    {".^", false, [](double a, double b) { return std::pow(a, b); }},
    {"==", true, [](double a, double b) { return truth(a == b); }},
    {"~=", true, [](double a, double b) { return truth(a != b); }},
    {"!=", true, [](double a, double b) { return truth(a != b); }},
    {"<", true, [](double a, double b) { return truth(a < b); }},
    {"<=", true, [](double a, double b) { return truth(a <= b); }},
    {">", true, [](double a, double b) { return truth(a > b); }},
    {">=", true, [](double a, double b) { return truth(a >= b); }},
    {"&", true, [](double a, double b) { return truth(a != 0 && b != 0); }},
    {"|", true, [](double a, double b) { return truth(a != 0 || b != 0); }},
    {"&&", true, [](double a, double b) { return truth(a != 0 && b != 0); }},
    {"||", true, [](double a, double b) { return truth(a != 0 || b != 0); }},
};

std::unexpected<Diagnostic> bad_operands(std::string_view op, const Value& left, const Value& right) {
  return refuse(fmt::format("operator '{}' does not fit its two sides", op),
                fmt::format("{} and {}", kind_words(left), kind_words(right)), "numbers, or matrices of the same size",
                "make both sides the same size, or one of them a number");
}

/// Σ_k left[i, k] · right[k, j]
Result product(const Value& left, const Value& right, Budget& budget) {
  if (left.columns != right.rows) return bad_operands("*", left, right);
  if (auto room = budget.take(left.rows, right.columns); !room) return std::unexpected(room.error());
  if (auto work = budget.take(left.size(), right.columns); !work) return std::unexpected(work.error());
  Value out = filled(left.rows, right.columns, 0, left.place);
  for (std::size_t i = 0; i < left.rows; ++i) {
    for (std::size_t k = 0; k < left.columns; ++k) {
      for (std::size_t j = 0; j < right.columns; ++j) {
        out.numbers[i * out.columns + j] += left.at(i, k) * right.at(k, j);
      }
    }
  }
  return out;
}

bool fits(std::size_t a, std::size_t b) {
  return a == b || a == 1 || b == 1;
}

Result element_by_element(const Operator& op, const Value& left, const Value& right, Budget& budget) {
  if (!fits(left.rows, right.rows) || !fits(left.columns, right.columns)) return bad_operands(op.text, left, right);
  // where one side has one row and the other none, the result has none
  const std::size_t rows = left.rows == 1 ? right.rows : left.rows;
  const std::size_t columns = left.columns == 1 ? right.columns : left.columns;
  if (auto room = budget.take(rows, columns); !room) return std::unexpected(room.error());
  Value out{.logical = op.logical, .rows = rows, .columns = columns, .place = left.place};
  out.numbers.reserve(rows * columns);
  out.places.reserve(rows * columns);
  const Value& larger = left.size() >= right.size() ? left : right;
  const auto index = [](const Value& v, std::size_t i, std::size_t j) {
    return (v.rows == 1 ? 0 : i) * v.columns + (v.columns == 1 ? 0 : j);
  };
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      out.numbers.push_back(op.apply(left.numbers[index(left, i, j)], right.numbers[index(right, i, j)]));
      out.places.push_back(larger.places[index(larger, i, j)]);
    }
  }
  return out;
}

}  // namespace

Result operate(std::string_view op, const Value& left, const Value& right, Budget& budget) {
  if (left.kind != Value::Kind::matrix || right.kind != Value::Kind::matrix) return bad_operands(op, left, right);
  const bool both_scalar = left.is_scalar() && right.is_scalar();
  if (op == "*" && !left.is_scalar() && !right.is_scalar()) return product(left, right, budget);
  if ((op == "/" && !right.is_scalar()) || (op == "\\" && !left.is_scalar()) || (op == "^" && !both_scalar)) {
    return refuse(fmt::format("operator '{}' of matrices is not read here", op),
                  fmt::format("{} and {}", kind_words(left), kind_words(right)), "a number beside the operator",
                  fmt::format("write '.{}' for element by element", op));
  }
  const std::string pointed = "." + std::string(op);
  const bool is_plain = op == "*" || op == "/" || op == "\\" || op == "^";
  for (const Operator& known : kOperators) {
    if (known.text == (is_plain ? std::string_view(pointed) : op)) {
      return element_by_element(known, left, right, budget);
    }
  }
  return bad_operands(op, left, right);
}

Result negate(std::string_view op, Value value) {
  if (value.kind != Value::Kind::matrix) {
    return refuse(fmt::format("operator '{}' does not fit what follows", op), kind_words(value), "a number or a matrix",
                  "write a number");
  }
  if (op == "+") return value;
  const bool is_not = op != "-";
  for (double& number : value.numbers) number = is_not ? truth(number == 0) : -number;
  value.logical = is_not;
  return value;
}

Result transpose(const Value& value, Budget& budget) {
  if (value.kind == Value::Kind::text || value.kind == Value::Kind::record) return value;
  if (auto room = budget.take(value.rows, value.columns); !room) return std::unexpected(room.error());
  Value out = value;
  std::swap(out.rows, out.columns);
  for (std::size_t i = 0; i < value.rows; ++i) {
    for (std::size_t j = 0; j < value.columns; ++j) {
      const std::size_t from = i * value.columns + j;
      const std::size_t to = j * out.columns + i;
      if (value.kind == Value::Kind::cells) {
        out.texts[to] = value.texts[from];
      } else {
        out.numbers[to] = value.numbers[from];
        out.places[to] = value.places[from];
      }
    }
  }
  return out;
}

Result range(const Value& first, const Value& step, const Value& last, Budget& budget) {
  if (!first.is_scalar() || !step.is_scalar() || !last.is_scalar()) {
    return refuse("a range needs numbers at its ends", kind_words(first.is_scalar() ? last : first), "a number",
                  "write it as 1:10 or 0:0.5:2");
  }
  const double count = std::floor((last.numbers[0] - first.numbers[0]) / step.numbers[0] * (1 + 1e-15) + 1e-10) + 1;
  const bool is_empty = !(count >= 1);  // also where it is no number
  if (!is_empty && count > 1e9) return std::unexpected(budget.take(1U << 31U, 1U << 31U).error());
  const auto size = is_empty ? std::size_t{0} : static_cast<std::size_t>(count);
  if (auto room = budget.take(1, size); !room) return std::unexpected(room.error());
  Value out = filled(1, size, 0, first.place);
  for (std::size_t i = 0; i < size; ++i) out.numbers[i] = first.numbers[0] + static_cast<double>(i) * step.numbers[0];
  return out;
}

namespace {

/// A text among others in brackets counts as one cell, so that lists of texts may be joined.
bool all_of_kind(const std::vector<Value>& parts, Value::Kind kind) {
  return std::ranges::all_of(parts, [&](const Value& part) { return part.kind == kind || part.size() == 0; });
}

Result joined_texts(const std::vector<Value>& parts) {
  Value out = text_value("", parts.front().place);
  for (const Value& part : parts) {
    if (!part.texts.empty()) out.texts[0] += part.texts[0];
  }
  out.columns = out.texts[0].size();
  return out;
}

std::unexpected<Diagnostic> cannot_join(const Value& first, const Value& other) {
  return refuse("parts of a matrix do not fit each other",
                fmt::format("{} beside {}", kind_words(first), kind_words(other)), "parts that fit each other",
                "give every row the same number of columns");
}

}  // namespace

Result beside(const std::vector<Value>& parts, Budget& budget) {
  if (parts.size() == 1) return parts.front();
  if (all_of_kind(parts, Value::Kind::text)) return joined_texts(parts);
  std::vector<Value> turned;
  for (const Value& part : parts) {
    auto one = transpose(part, budget);
    if (!one) return one;
    turned.push_back(std::move(*one));
  }
  const auto stacked = below(turned, budget);
  return stacked ? transpose(*stacked, budget) : stacked;
}

Result below(const std::vector<Value>& parts, Budget& budget) {
  if (parts.size() == 1) return parts.front();
  const bool is_cells = all_of_kind(parts, Value::Kind::cells);
  if (!is_cells && !all_of_kind(parts, Value::Kind::matrix)) return cannot_join(parts.front(), parts.back());
  Value out{.kind = is_cells ? Value::Kind::cells : Value::Kind::matrix, .place = parts.front().place};
  for (const Value& part : parts) {
    if (part.size() == 0) continue;
    if (out.size() == 0) out.columns = part.columns;
    if (part.columns != out.columns) return cannot_join(out, part);
    out.rows += part.rows;
    if (auto room = budget.take(out.rows, out.columns); !room) return std::unexpected(room.error());
    out.numbers.insert(out.numbers.end(), part.numbers.begin(), part.numbers.end());
    out.places.insert(out.places.end(), part.places.begin(), part.places.end());
    out.texts.insert(out.texts.end(), part.texts.begin(), part.texts.end());
  }
  return out;
}

}  // namespace beltline::matpower
