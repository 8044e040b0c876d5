#include "import/matpower_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "import/matpower_operate.h"

namespace beltline::matpower {
namespace {

constexpr auto kBus = std::to_array<ColumnName>({
    {"PQ", 1},    {"PV", 2},    {"REF", 3},   {"NONE", 4},     {"BUS_I", 1},  {"BUS_TYPE", 2}, {"PD", 3},
    {"QD", 4},    {"GS", 5},    {"BS", 6},    {"BUS_AREA", 7}, {"VM", 8},     {"VA", 9},       {"BASE_KV", 10},
    {"ZONE", 11}, {"VMAX", 12}, {"VMIN", 13}, {"LAM_P", 14},   {"LAM_Q", 15}, {"MU_VMAX", 16}, {"MU_VMIN", 17},
});

constexpr auto kBranch = std::to_array<ColumnName>({
    {"F_BUS", 1},   {"T_BUS", 2},      {"BR_R", 3},       {"BR_X", 4},   {"BR_B", 5},       {"RATE_A", 6},
    {"RATE_B", 7},  {"RATE_C", 8},     {"TAP", 9},        {"SHIFT", 10}, {"BR_STATUS", 11}, {"PF", 14},
    {"QF", 15},     {"PT", 16},        {"QT", 17},        {"MU_SF", 18}, {"MU_ST", 19},     {"ANGMIN", 12},
    {"ANGMAX", 13}, {"MU_ANGMIN", 20}, {"MU_ANGMAX", 21},
});

constexpr auto kGenerator = std::to_array<ColumnName>({
    {"GEN_BUS", 1},   {"PG", 2},       {"QG", 3},         {"QMAX", 4},     {"QMIN", 5},
    {"VG", 6},        {"MBASE", 7},    {"GEN_STATUS", 8}, {"PMAX", 9},     {"PMIN", 10},
    {"MU_PMAX", 22},  {"MU_PMIN", 23}, {"MU_QMAX", 24},   {"MU_QMIN", 25}, {"PC1", 11},
    {"PC2", 12},      {"QC1MIN", 13},  {"QC1MAX", 14},    {"QC2MIN", 15},  {"QC2MAX", 16},
    {"RAMP_AGC", 17}, {"RAMP_10", 18}, {"RAMP_30", 19},   {"RAMP_Q", 20},  {"APF", 21},
});

constexpr auto kCost = std::to_array<ColumnName>({
    {"PW_LINEAR", 1},
    {"POLYNOMIAL", 2},
    {"MODEL", 1},
    {"STARTUP", 2},
    {"SHUTDOWN", 3},
    {"NCOST", 4},
    {"COST", 5},
});

constexpr auto kDcLine = std::to_array<ColumnName>({
    {"F_BUS", 1},    {"T_BUS", 2},     {"BR_STATUS", 3}, {"PF", 4},        {"PT", 5},        {"QF", 6},
    {"QT", 7},       {"VF", 8},        {"VT", 9},        {"PMIN", 10},     {"PMAX", 11},     {"QMINF", 12},
    {"QMAXF", 13},   {"QMINT", 14},    {"QMAXT", 15},    {"LOSS0", 16},    {"LOSS1", 17},    {"MU_PMIN", 18},
    {"MU_PMAX", 19}, {"MU_QMINF", 20}, {"MU_QMAXF", 21}, {"MU_QMINT", 22}, {"MU_QMAXT", 23},
});

double radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}

struct ByElement {
  std::string_view name;
  double (*apply)(double);
};

constexpr ByElement kByElement[] = {
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"abs", [](double x) { return std::abs(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"log10", [](double x) { return std::log10(x); }},
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"sind", [](double x) { return std::sin(radians(x)); }},
    {"cosd", [](double x) { return std::cos(radians(x)); }},
    {"tand", [](double x) { return std::tan(radians(x)); }},
    {"deg2rad", [](double x) { return radians(x); }},
    {"rad2deg", [](double x) { return x * 180 / std::numbers::pi; }},
    {"floor", [](double x) { return std::floor(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"round", [](double x) { return std::round(x); }},
    {"fix", [](double x) { return std::trunc(x); }},
    {"sign", [](double x) { return static_cast<double>((x > 0) - (x < 0)); }},
    {"double", [](double x) { return x; }},
};

constexpr std::string_view kOthers[] = {"sum",   "prod",   "max",  "min",   "any",     "all",   "find", "size",
                                        "numel", "length", "ones", "zeros", "isempty", "isnan", "isinf"};

std::unexpected<Diagnostic> bad_arguments(std::string_view name, const std::vector<Value>& arguments) {
  return refuse(fmt::format("function '{}' is called in a way that is not read here", name),
                arguments.empty() ? std::string("no argument") : kind_words(arguments.front()),
                "numbers or matrices, as many as it takes", "write the result out as a number");
}

/// One number for each column (`dimension` 1) or row (2); a row alone counts as one line of numbers.
template <class Fold>
Result folded(const Value& value, const Value* dimension, Fold fold, Budget& budget) {
  const bool along_row = dimension != nullptr ? dimension->numbers.at(0) == 2 : value.rows == 1;
  if (auto room = budget.take(value.rows, value.columns); !room) return std::unexpected(room.error());
  const std::size_t lines = along_row ? value.rows : value.columns;
  const std::size_t length = along_row ? value.columns : value.rows;
  Value out = along_row ? filled(lines, 1, 0, value.place) : filled(1, lines, 0, value.place);
  for (std::size_t line = 0; line < lines; ++line) {
    std::vector<double> numbers;
    for (std::size_t k = 0; k < length; ++k) {
      numbers.push_back(along_row ? value.at(line, k) : value.at(k, line));
    }
    out.numbers[line] = fold(numbers);
  }
  return out;
}

double sum_of(const std::vector<double>& numbers) {
  double total = 0;
  for (const double number : numbers) total += number;
  return total;
}

double product_of(const std::vector<double>& numbers) {
  double total = 1;
  for (const double number : numbers) total *= number;
  return total;
}

double largest(const std::vector<double>& numbers) {
  double most = std::numeric_limits<double>::quiet_NaN();
  for (const double number : numbers) most = std::isnan(most) || number > most ? number : most;
  return most;
}

double smallest(const std::vector<double>& numbers) {
  double least = std::numeric_limits<double>::quiet_NaN();
  for (const double number : numbers) least = std::isnan(least) || number < least ? number : least;
  return least;
}

double any_of(const std::vector<double>& numbers) {
  return std::ranges::any_of(numbers, [](double x) { return x != 0; }) ? 1.0 : 0.0;
}

double all_of(const std::vector<double>& numbers) {
  return std::ranges::all_of(numbers, [](double x) { return x != 0; }) ? 1.0 : 0.0;
}

Result extreme(std::string_view name, const std::vector<Value>& arguments, Budget& budget) {
  const bool wants_most = name == "max";
  if (arguments.size() == 1) return folded(arguments[0], nullptr, wants_most ? largest : smallest, budget);
  if (arguments.size() != 2) return bad_arguments(name, arguments);
  // max(a, b) = a where a ≥ b, else b
  auto chosen = operate(wants_most ? ">=" : "<=", arguments[0], arguments[1], budget);
  if (!chosen) return chosen;
  const auto pick = [](const Value& v, std::size_t k) { return v.numbers[v.is_scalar() ? 0 : k]; };
  for (std::size_t k = 0; k < chosen->size(); ++k) {
    chosen->numbers[k] = pick(chosen->numbers[k] != 0 ? arguments[0] : arguments[1], k);
  }
  chosen->logical = false;
  return chosen;
}

Result made(std::string_view name, const std::vector<Value>& arguments, uint32_t place, Budget& budget) {
  double rows = 1;
  double columns = 1;
  if (arguments.size() == 1 && arguments[0].size() == 2) {
    rows = arguments[0].numbers[0];
    columns = arguments[0].numbers[1];
  } else if (!arguments.empty()) {
    if (arguments.size() > 2 || !arguments[0].is_scalar() || !arguments.back().is_scalar()) {
      return bad_arguments(name, arguments);
    }
    rows = arguments[0].numbers[0];
    columns = arguments.back().numbers[0];
  }
  constexpr double kMost = 1e9;
  if (!(rows >= 0 && rows < kMost && columns >= 0 && columns < kMost)) return bad_arguments(name, arguments);
  const auto r = static_cast<std::size_t>(rows);
  const auto c = static_cast<std::size_t>(columns);
  if (auto room = budget.take(r, c); !room) return std::unexpected(room.error());
  return filled(r, c, name == "ones" ? 1.0 : 0.0, place);
}

Result sizes(std::string_view name, const std::vector<Value>& arguments, uint32_t place) {
  const Value& value = arguments[0];
  const auto number = [&](std::size_t n) { return scalar(static_cast<double>(n), place); };
  if (name == "numel") return number(value.size());
  if (name == "length") return number(value.size() == 0 ? 0 : std::max(value.rows, value.columns));
  if (name == "isempty") {
    Value out = number(value.size() == 0 ? 1 : 0);
    out.logical = true;
    return out;
  }
  if (arguments.size() == 2 && arguments[1].is_scalar()) {
    return number(arguments[1].numbers[0] == 1 ? value.rows : arguments[1].numbers[0] == 2 ? value.columns : 1);
  }
  Value out = filled(1, 2, static_cast<double>(value.rows), place);
  out.numbers[1] = static_cast<double>(value.columns);
  return out;
}

Result found(const Value& value, Budget& budget) {
  if (auto room = budget.take(value.rows, value.columns); !room) return std::unexpected(room.error());
  Value out{.place = value.place};
  for (std::size_t j = 0; j < value.columns; ++j) {
    for (std::size_t i = 0; i < value.rows; ++i) {
      if (value.at(i, j) == 0) continue;
      out.numbers.push_back(static_cast<double>(j * value.rows + i + 1));
      out.places.push_back(value.place);
    }
  }
  const bool as_row = value.rows == 1;
  out.rows = as_row ? 1 : out.numbers.size();
  out.columns = as_row ? out.numbers.size() : 1;
  return out;
}

}  // namespace

std::span<const ColumnName> column_names(std::string_view function) {
  if (function == "idx_bus") return kBus;
  if (function == "idx_brch") return kBranch;
  if (function == "idx_gen") return kGenerator;
  if (function == "idx_cost") return kCost;
  if (function == "idx_dcline") return kDcLine;
  return {};
}

bool is_function(std::string_view name) {
  return std::ranges::find(kByElement, name, &ByElement::name) != std::end(kByElement) ||
         std::ranges::find(kOthers, name) != std::end(kOthers);
}

Result call(std::string_view name, const std::vector<Value>& arguments, uint32_t place, Budget& budget) {
  if (name == "ones" || name == "zeros") return made(name, arguments, place, budget);
  if (arguments.empty()) return bad_arguments(name, arguments);
  if (name == "size" || name == "numel" || name == "length" || name == "isempty") return sizes(name, arguments, place);
  const bool all_matrices =
      std::ranges::all_of(arguments, [](const Value& a) { return a.kind == Value::Kind::matrix; });
  if (!all_matrices) return bad_arguments(name, arguments);
  if (name == "max" || name == "min") return extreme(name, arguments, budget);
  const bool has_dimension = arguments.size() == 2 && arguments[1].is_scalar();
  if (arguments.size() > 1 && !has_dimension) return bad_arguments(name, arguments);
  const Value* const dimension = has_dimension ? &arguments[1] : nullptr;
  if (name == "sum") return folded(arguments[0], dimension, sum_of, budget);
  if (name == "prod") return folded(arguments[0], dimension, product_of, budget);
  if (name == "any") return folded(arguments[0], dimension, any_of, budget);
  if (name == "all") return folded(arguments[0], dimension, all_of, budget);
  if (has_dimension) return bad_arguments(name, arguments);
  if (name == "find") return found(arguments[0], budget);
  if (auto room = budget.take(arguments[0].rows, arguments[0].columns); !room) return std::unexpected(room.error());
  Value out = arguments[0];
  if (name == "isnan" || name == "isinf") {
    for (double& x : out.numbers) x = (name == "isnan" ? std::isnan(x) : std::isinf(x)) ? 1.0 : 0.0;
    out.logical = true;
    return out;
  }
  const auto* const known = std::ranges::find(kByElement, name, &ByElement::name);
  if (known == std::end(kByElement)) return bad_arguments(name, arguments);
  for (double& x : out.numbers) x = known->apply(x);
  return out;
}

std::optional<Value> named_number(std::string_view name, uint32_t place) {
  if (name == "pi") return scalar(std::numbers::pi, place);
  if (name == "Inf" || name == "inf") return scalar(std::numeric_limits<double>::infinity(), place);
  if (name == "NaN" || name == "nan" || name == "NA") return scalar(std::numeric_limits<double>::quiet_NaN(), place);
  if (name == "eps") return scalar(std::numeric_limits<double>::epsilon(), place);
  if (name == "nargout") return scalar(1, place);  // a case is asked for by who reads it
  if (name == "nargin") return scalar(0, place);
  if (name != "true" && name != "false") return std::nullopt;
  Value out = scalar(name == "true" ? 1 : 0, place);
  out.logical = true;
  return out;
}

bool is_idle_statement(std::string_view name) {
  constexpr std::string_view kIdle[] = {"clc",     "clear",  "close",   "format", "more",     "disp",   "display",
                                        "fprintf", "printf", "warning", "save",   "savecase", "figure", "hold"};
  return std::ranges::find(kIdle, name) != std::end(kIdle);
}

}  // namespace beltline::matpower
