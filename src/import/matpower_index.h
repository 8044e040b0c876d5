// Parts of a matrix, read and written: x(3, :), x(:, [3 4]) = …, x(k) = [], x(end + 1, :) = ….
#pragma once

#include <vector>

#include "import/matpower_value.h"

namespace beltline::matpower {

/// One index: all, or rows, columns or places counted from 1; a logical one chooses where it is not 0.
struct Index {
  bool all = false;
  Value value;
};

/// The chosen part. One index counts down the columns, two are row and column.
/// A place outside, or one that is no whole number, is a fault.
Result select(const Value& from, const std::vector<Index>& indices, Budget& budget);

/// Writes `value`, a number or a matrix of the size chosen, into the chosen part; a place outside lets the matrix grow
/// and fills it up with zeros. `delete_them`: takes the chosen rows or columns out instead.
std::expected<void, Diagnostic> assign(Value& to, const std::vector<Index>& indices, const Value& value,
                                       Budget& budget);
std::expected<void, Diagnostic> erase(Value& from, const std::vector<Index>& indices);

}  // namespace beltline::matpower
