#include "table/table.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace beltline {

namespace {

template <class Values>
Column& add_column(std::vector<Column>& columns, std::string name, std::string unit, std::string description) {
  return columns.emplace_back(Column{std::move(name), std::move(unit), Values{}, std::move(description)});
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& list) { return list.size(); }, values);
}

const Column* Table::find(std::string_view column_name) const {
  const auto it = std::ranges::find(columns, column_name, &Column::name);
  return it == columns.end() ? nullptr : &*it;
}

const Column& Table::column(std::string_view column_name) const {
  const Column* found = find(column_name);
  if (found == nullptr) {
    throw Bug("table '" + name + "' has no column '" + std::string(column_name) + "'");
  }
  return *found;
}

Column& Table::add_numbers(std::string column_name, std::string unit, std::string description) {
  return add_column<std::vector<double>>(columns, std::move(column_name), std::move(unit), std::move(description));
}

Column& Table::add_integers(std::string column_name, std::string unit, std::string description) {
  return add_column<std::vector<int64_t>>(columns, std::move(column_name), std::move(unit), std::move(description));
}

Column& Table::add_texts(std::string column_name, std::string description) {
  return add_column<std::vector<std::string>>(columns, std::move(column_name), "", std::move(description));
}

}  // namespace beltline
