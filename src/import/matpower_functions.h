// The functions and named columns that case files call.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "import/matpower_value.h"

namespace beltline::matpower {

/// A column of MATPOWER's tables by its name, counted from 1: {"BR_X", 4}.
struct ColumnName {
  std::string_view name;
  double value;
};

/// What idx_bus, idx_brch, idx_gen or idx_cost return, in their order, or the fields of idx_dcline; empty for another
/// name. Source: MATPOWER User's Manual, appendix B.
std::span<const ColumnName> column_names(std::string_view function);

/// Whether there is such a function (sqrt, sum, zeros, …).
bool is_function(std::string_view name);
/// Its value; a wrong number of arguments, or a wrong kind, is a fault.
Result call(std::string_view name, const std::vector<Value>& arguments, uint32_t place, Budget& budget);

/// pi, Inf, NaN, eps, true, false, nargout (1) or nargin (0).
std::optional<Value> named_number(std::string_view name, uint32_t place);

/// Whether the name alone is a statement without effect on a case: clc, clear, format, disp, save, …
bool is_idle_statement(std::string_view name);

}  // namespace beltline::matpower
