// How the tables of a plan are written: columns named once, rows through handles. For src/plan/*_table.cpp only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/plan.h"
#include "table/table.h"

namespace beltline {

/// Rows are written through handles, so that a table's columns are named once.
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

inline Texts& texts(Table& table, std::size_t i) {
  return std::get<Texts>(table.columns[i].values);
}
inline Numbers& numbers(Table& table, std::size_t i) {
  return std::get<Numbers>(table.columns[i].values);
}

inline constexpr double kTiny = 1e-7;

inline std::string place_name(const Model& m, PlaceId place) {
  return place.valid() ? m.places[place.index()].name : "";
}
inline std::string party_name(const Model& m, PartyId party) {
  return party.valid() ? m.parties[party.index()].name : "";
}

inline Table make(std::string name, std::string title, const std::vector<std::array<std::string, 3>>& columns) {
  Table table{.name = std::move(name), .title = std::move(title), .columns = {}};
  for (const auto& [column, unit, description] : columns) {
    if (unit == "text") {
      table.add_texts(column, description);
    } else {
      table.add_numbers(column, unit, description);
    }
  }
  return table;
}

Table balance_table(const Model& m, const Plan& plan);
Table binding_table(const Model& m, const Plan& plan);
/// None where no process commits units.
std::optional<Table> commitment_table(const Model& m, const Plan& plan);
/// None where no customers are told.
std::optional<Table> displaced_table(const Model& m, const Plan& plan);

}  // namespace beltline
