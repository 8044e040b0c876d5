#include "app/running_commands.h"

#include <cstdio>

#include <fmt/format.h>

#include "base/text.h"
#include "run/read_actuals.h"

namespace beltline {

void add_running_commands(const AddCommand& add, const bool& as_json, int& code) {
  add_open_command(add, as_json, code);
  add_actuals_command(add, as_json, code);
  add_commitments_command(add, as_json, code);
  add_variance_command(add, as_json, code);
}

std::string check_month(const std::string& text) {
  return parse_month(text) ? std::string() : "'" + text + "' is no month such as 2026-06";
}

Outcome<Actuals> counted_at(const std::string& at, const Compiled& scenario) {
  if (at.empty()) return Actuals();
  const auto rows = read_register(at);
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows.empty()) return failure(fmt::format("nothing is recorded in '{}' yet", rows->file.string()));
  std::vector<std::string> unknown;
  Actuals actuals = actuals_of(*rows, scenario, unknown);
  for (const std::string& line : unknown) fmt::print(stderr, "left out of the register: {}\n", printable(line, 400));
  return actuals;
}

}  // namespace beltline
