// What binds and what is late, as JSON.
#include <nlohmann/json.hpp>

#include "run/explain.h"
#include "run/explain_bindings.h"
#include "run/json_number.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// Rows as objects, every column under its own name.
/// @param first  the column with the first period of a row; with a month asked for, rows elsewhere are left out
Json rows(const Table& table, const ExplainOptions& options, const char* first) {
  Json out = Json::array();
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    const BindingRow cells(table, i);
    if (!options.month.empty() && !holds_month(cells.text(first), cells.text("last"), options.month)) continue;
    Json row;
    for (const Column& column : table.columns) {
      if (std::holds_alternative<std::vector<double>>(column.values)) {
        row[column.name] = number_or_null(column.numbers()[i]);
      } else if (std::holds_alternative<std::vector<int64_t>>(column.values)) {
        row[column.name] = column.integers()[i];
      } else {
        row[column.name] = column.texts()[i];
      }
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string explain_json(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options) {
  const Json manifest = Json::parse(manifest_json);
  Json out;
  out["termination"] = manifest.value("termination", "?");
  out["verified"] = manifest.value("verified", false);
  if (const Table* late = find_table(tables, "late")) out["late"] = rows(*late, options, "first");
  if (const Table* chain = find_table(tables, "late_chain")) out["late_chain"] = rows(*chain, {}, "first");
  if (const Table* worth = find_table(tables, "worth")) {
    out["binding"] = Json::array();
    for (const Binding& b : bindings(*worth, options)) {
      out["binding"].push_back({{"title", b.title},
                                {"kind", b.kind},
                                {"entry", b.entry},
                                {"unit", b.unit},
                                {"first", b.first},
                                {"last", b.last},
                                {"months", b.months},
                                {"dearest", b.dearest},
                                {"worth_usd", number_or_null(b.worth)},
                                {"worth_low_usd", number_or_null(b.low)},
                                {"worth_high_usd", number_or_null(b.high)},
                                {"unique", b.unique},
                                {"compute", b.compute},
                                {"quantity", b.quantity},
                                {"stake_usd", number_or_null(b.stake)},
                                {"modules_free", b.modules_free}});
    }
    out["worth"] = rows(*worth, options, "period");
  }
  for (const char* name : {"shortages", "changes"}) {
    if (const Table* table = find_table(tables, name)) out[name] = rows(*table, {}, "");
  }
  return out.dump(2);
}

}  // namespace beltline
