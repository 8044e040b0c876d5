// The rows of the tables worth, late and late_chain as `beltline explain` reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "run/explain.h"
#include "table/table.h"

namespace beltline {

/// The table of this name, or null.
const Table* find_table(const std::vector<Table>& tables, std::string_view name);

/// A row of a table by column names.
class BindingRow {
 public:
  BindingRow(const Table& table, std::size_t row) : table_(table), row_(row) {}
  [[nodiscard]] const std::string& text(std::string_view column) const { return table_.column(column).texts()[row_]; }
  [[nodiscard]] double number(std::string_view column) const { return table_.column(column).numbers()[row_]; }

 private:
  const Table& table_;
  std::size_t row_;
};

/// Whether a month ("2027-03"; "": any) lies in the periods from `first` to `last`, months or years.
bool holds_month(const std::string& first, const std::string& last, const std::string& month);

/// One bound over the months in which it binds.
struct Binding {
  std::string title, unit, entry, kind, first, last, dearest;  // dearest: the month of the largest worth
  // in the dearest month, USD of one unit: what one more saves, what one less costs, the middle
  double low = 0, high = 0, worth = 0;
  double compute = 0;   // PFLOP/s·h of one unit, in the dearest month
  double quantity = 0;  // in `unit`, in the dearest month
  double stake = 0;     // USD, over all months
  int months = 0;
  bool unique = true;
  bool modules_free = false;
};

/// Months of one bound together, most at stake first.
/// @param worth  the table of that name
std::vector<Binding> bindings(const Table& worth, const ExplainOptions& options);

}  // namespace beltline
