// `beltline explain RUN`.
#include <algorithm>

#include <fmt/format.h>

#include "app/options.h"
#include "app/study_commands.h"
#include "run/explain.h"
#include "table/run_folder.h"

namespace beltline {

int command_explain(const std::string& run_folder, const ExplainOptions& options, bool as_json) {
  const auto manifest = verify_run(run_folder);
  if (!manifest) return fail(manifest.error(), as_json);
  if (const auto told = explain_study(*manifest, run_folder, options, as_json)) return *told;
  const auto names = table_names(run_folder);
  if (!names) return fail(names.error(), as_json);
  std::vector<Table> tables;
  for (const char* name : {"late", "late_chain", "worth", "names", "shortages", "changes"}) {
    if (std::ranges::find(*names, name) == names->end()) continue;
    auto table = read_run_table(run_folder, name);
    if (!table) return fail(table.error(), as_json);
    tables.push_back(std::move(*table));
  }
  fmt::print("{}{}", as_json ? explain_json(*manifest, tables, options) : explain_text(*manifest, tables, options),
             as_json ? "\n" : "");
  return kExitDone;
}

}  // namespace beltline
