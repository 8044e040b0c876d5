#include "run/explain_bindings.h"

#include <algorithm>
#include <map>

namespace beltline {

const Table* find_table(const std::vector<Table>& tables, std::string_view name) {
  const auto found = std::ranges::find(tables, name, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

bool holds_month(const std::string& first, const std::string& last, const std::string& month) {
  // a period may be a year, which begins as its months do
  return month.empty() || (first <= month.substr(0, first.size()) && month.substr(0, last.size()) <= last);
}

std::vector<Binding> bindings(const Table& worth, const ExplainOptions& options) {
  std::map<std::pair<std::string, std::string>, Binding> found;
  const char* title = options.language == Language::korean ? "title_ko" : "title";
  for (std::size_t i = 0; i < worth.row_count(); ++i) {
    const BindingRow row(worth, i);
    if (!holds_month(row.text("period"), row.text("last"), options.month)) continue;
    Binding& b = found[{row.text("kind"), row.text("name")}];
    if (b.months++ == 0) b.first = row.text("period");
    b.first = std::min(b.first, row.text("period"));
    b.last = std::max(b.last, row.text("last"));
    b.stake += row.number("stake");
    if (b.months > 1 && row.number("worth") <= b.worth) continue;
    b.title = row.text(title);
    b.unit = row.text("unit");
    b.entry = row.text("entry");
    b.kind = row.text("kind");
    b.dearest = row.text("period");
    b.low = row.number("worth_low");
    b.high = row.number("worth_high");
    b.worth = row.number("worth");
    b.compute = row.number("compute");
    b.quantity = row.number("quantity");
    b.unique = row.number("unique") > 0;
    b.modules_free = row.text("modules") == "free";
  }
  std::vector<Binding> out;
  for (auto& [key, binding] : found) out.push_back(std::move(binding));
  std::ranges::stable_sort(out, [](const Binding& a, const Binding& b) {
    return a.stake != b.stake ? a.stake > b.stake : a.worth > b.worth;
  });
  return out;
}

}  // namespace beltline
