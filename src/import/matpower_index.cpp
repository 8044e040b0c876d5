#include "import/matpower_index.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "import/matpower_reader.h"

namespace beltline::matpower {
namespace {

using Places = std::vector<std::size_t>;  // counted from 0

/// The places that an index chooses of `size`; places beyond are allowed where the value may grow.
std::expected<Places, Diagnostic> places_of(const Index& index, std::size_t size, bool may_grow) {
  Places out;
  if (index.all) {
    out.resize(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = i;
    return out;
  }
  if (index.value.kind != Value::Kind::matrix) {
    return refuse("an index is no number", kind_words(index.value), "numbers counted from 1", "write x(3, :)");
  }
  const std::size_t most = may_grow ? kNumbersMax : size;
  // a matrix as an index counts down its columns
  for (std::size_t j = 0; j < index.value.columns; ++j) {
    for (std::size_t i = 0; i < index.value.rows; ++i) {
      const double number = index.value.at(i, j);
      if (index.value.logical) {
        if (number != 0) out.push_back(j * index.value.rows + i);
        if (!out.empty() && out.back() >= most) break;
        continue;
      }
      if (!(number >= 1) || number > static_cast<double>(most) || number != std::floor(number)) {
        return refuse("an index leads outside the matrix", fmt::format("{}", number),
                      fmt::format("a whole number from 1 to {}", most), "correct the index");
      }
      out.push_back(static_cast<std::size_t>(number) - 1);
    }
  }
  if (!out.empty() && out.back() >= most) {
    return refuse("an index leads outside the matrix", fmt::format("{}", out.back() + 1),
                  fmt::format("a whole number from 1 to {}", most), "correct the index");
  }
  return out;
}

std::unexpected<Diagnostic> too_many_indices(std::size_t count) {
  return refuse("a matrix has one or two indices", fmt::format("{}", count), "x(i) or x(i, j)", "write row and column");
}

void copy_element(const Value& from, std::size_t source, Value& to) {
  if (from.kind == Value::Kind::cells) {
    to.texts.push_back(from.texts[source]);
  } else {
    to.numbers.push_back(from.numbers[source]);
    to.places.push_back(from.places[source]);
  }
}

/// x(k), counted down the columns; the result lies as the index does, or as x where x is one row or column.
Result select_one(const Value& from, const Index& index, Budget& budget) {
  const auto chosen = places_of(index, from.size(), false);
  if (!chosen) return std::unexpected(chosen.error());
  if (auto room = budget.take(1, chosen->size()); !room) return std::unexpected(room.error());
  const bool as_row = index.all ? false : from.rows == 1 || (from.columns != 1 && index.value.rows == 1);
  Value out{.kind = from.kind,
            .logical = from.logical,
            .rows = as_row ? 1 : chosen->size(),
            .columns = as_row ? chosen->size() : 1,
            .place = from.place};
  for (const std::size_t k : *chosen) copy_element(from, k % from.rows * from.columns + k / from.rows, out);
  return out;
}

void grow(Value& value, std::size_t rows, std::size_t columns, uint32_t place) {
  Value larger{.kind = value.kind, .rows = rows, .columns = columns, .place = value.place};
  if (value.kind == Value::Kind::cells) {
    larger.texts.resize(rows * columns);
  } else {
    larger.numbers.assign(rows * columns, 0.0);
    larger.places.assign(rows * columns, place);
  }
  for (std::size_t i = 0; i < value.rows; ++i) {
    for (std::size_t j = 0; j < value.columns; ++j) {
      const std::size_t from = i * value.columns + j;
      const std::size_t to = i * columns + j;
      if (value.kind == Value::Kind::cells) {
        larger.texts[to] = std::move(value.texts[from]);
      } else {
        larger.numbers[to] = value.numbers[from];
        larger.places[to] = value.places[from];
      }
    }
  }
  value = std::move(larger);
}

std::size_t extent(const Places& places, std::size_t size) {
  for (const std::size_t place : places) size = std::max(size, place + 1);
  return size;
}

}  // namespace

Result select(const Value& from, const std::vector<Index>& indices, Budget& budget) {
  if (from.kind == Value::Kind::text || from.kind == Value::Kind::record) {
    return refuse("only matrices and lists have parts", kind_words(from), "a matrix", "leave out the index");
  }
  if (indices.empty()) return from;
  if (indices.size() == 1) return select_one(from, indices[0], budget);
  if (indices.size() != 2) return too_many_indices(indices.size());
  const auto rows = places_of(indices[0], from.rows, false);
  if (!rows) return std::unexpected(rows.error());
  const auto columns = places_of(indices[1], from.columns, false);
  if (!columns) return std::unexpected(columns.error());
  if (auto room = budget.take(rows->size(), columns->size()); !room) return std::unexpected(room.error());
  Value out{.kind = from.kind,
            .logical = from.logical,
            .rows = rows->size(),
            .columns = columns->size(),
            .place = from.place};
  for (const std::size_t i : *rows) {
    for (const std::size_t j : *columns) copy_element(from, i * from.columns + j, out);
  }
  return out;
}

std::expected<void, Diagnostic> assign(Value& to, const std::vector<Index>& indices, const Value& value,
                                       Budget& budget) {
  if (indices.empty() || indices.size() > 2) return too_many_indices(indices.size());
  const bool single = indices.size() == 1;
  // one index of a matrix cannot make it larger; of a row or column it can
  const bool is_line = to.rows <= 1 || to.columns <= 1;
  const bool is_column = single && to.columns == 1 && to.rows > 1;
  auto rows = single ? Places{0} : std::expected<Places, Diagnostic>{Places{}};
  auto columns = std::expected<Places, Diagnostic>{Places{}};
  if (single) {
    columns = places_of(indices[0], to.size(), is_line);
    if (columns && is_column) std::swap(*rows, *columns);
    if (is_column) columns = Places{0};
  } else {
    rows = places_of(indices[0], indices[0].all && to.size() == 0 ? value.rows : to.rows, true);
    columns = places_of(indices[1], indices[1].all && to.size() == 0 ? value.columns : to.columns, true);
  }
  if (!rows) return std::unexpected(rows.error());
  if (!columns) return std::unexpected(columns.error());
  const std::size_t count = rows->size() * columns->size();
  const bool same_kind = to.kind == value.kind && (to.kind == Value::Kind::matrix || to.kind == Value::Kind::cells);
  const bool is_spread = value.size() == 1;
  const bool shapes_fit = single || is_spread || (value.rows == rows->size() && value.columns == columns->size()) ||
                          ((value.rows == 1 || value.columns == 1) && (rows->size() == 1 || columns->size() == 1));
  if (!same_kind || !shapes_fit || (!is_spread && value.size() != count)) {
    return refuse("what is assigned does not fit the part it is assigned to", kind_words(value),
                  fmt::format("a number, or {} of them", count), "make both sides the same size");
  }
  const bool counts_down = single && !is_line;  // x(k) of a matrix
  const std::size_t tall = counts_down ? to.rows : extent(*rows, to.rows);
  const std::size_t wide = counts_down ? to.columns : extent(*columns, to.columns);
  if (auto room = budget.take(tall, wide); !room) return room;
  if (tall != to.rows || wide != to.columns) grow(to, tall, wide, value.place);
  std::size_t next = 0;
  for (const std::size_t i : *rows) {
    for (const std::size_t j : *columns) {
      const std::size_t target = counts_down ? j % to.rows * to.columns + j / to.rows : i * to.columns + j;
      const std::size_t source = is_spread ? 0 : next++;
      if (to.kind == Value::Kind::cells) {
        to.texts[target] = value.texts[source];
      } else {
        to.numbers[target] = value.numbers[source];
        // a number spread over a column leaves each row its place, where a fault in it is to be shown
        if (!is_spread || count == 1) to.places[target] = value.places[source];
      }
    }
  }
  return {};
}

std::expected<void, Diagnostic> erase(Value& from, const std::vector<Index>& indices) {
  const bool whole_rows = indices.size() == 2 && indices[1].all;
  const bool whole_columns = indices.size() == 2 && indices[0].all;
  const bool is_line = indices.size() == 1 && (from.rows == 1 || from.columns == 1);
  if (!whole_rows && !whole_columns && !is_line) {
    return refuse("only whole rows or columns can be taken out", kind_words(from), "x(k, :) = [] or x(:, k) = []",
                  "write a colon for the other index");
  }
  const bool by_row = is_line ? from.columns == 1 : whole_rows;
  const auto gone = places_of(indices[is_line || by_row ? 0 : 1], by_row ? from.rows : from.columns, false);
  if (!gone) return std::unexpected(gone.error());
  std::vector<uint8_t> is_gone(by_row ? from.rows : from.columns, 0);
  for (const std::size_t place : *gone) is_gone[place] = 1;
  Value out{
      .kind = from.kind, .logical = from.logical, .rows = from.rows, .columns = from.columns, .place = from.place};
  for (std::size_t i = 0; i < from.rows; ++i) {
    for (std::size_t j = 0; j < from.columns; ++j) {
      if (is_gone[by_row ? i : j] == 0) copy_element(from, i * from.columns + j, out);
    }
  }
  const auto left = static_cast<std::size_t>(std::ranges::count(is_gone, 0));
  (by_row ? out.rows : out.columns) = left;
  from = std::move(out);
  return {};
}

}  // namespace beltline::matpower
