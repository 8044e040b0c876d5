// Arithmetic of matrices as MATLAB defines it: element by element, with rows and columns of one repeated.
#pragma once

#include <string_view>
#include <vector>

#include "import/matpower_value.h"

namespace beltline::matpower {

/// left OP right for + - * / \ ^ .* ./ .\ .^ == ~= != < <= > >= & | && ||.
///
/// Each number of the result stands where that of the larger side stood, so that a table which was scaled still knows
/// its places. Division by a matrix, and powers of one, are faults.
/// @cost  O(numbers); a product of matrices O(rows · inner · columns)
Result operate(std::string_view op, const Value& left, const Value& right, Budget& budget);

/// + - ~ ! before a value.
Result negate(std::string_view op, Value value);
Result transpose(const Value& value, Budget& budget);
/// first : step : last
Result range(const Value& first, const Value& step, const Value& last, Budget& budget);
/// [a, b] of one row, or [a; b] of several; empty ones count as nothing.
Result beside(const std::vector<Value>& parts, Budget& budget);
Result below(const std::vector<Value>& parts, Budget& budget);

}  // namespace beltline::matpower
