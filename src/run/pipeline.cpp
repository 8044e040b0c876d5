#include "run/pipeline.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "audit/audit_tables.h"
#include "model/splice.h"
#include "parts/part.h"
#include "plan/gain_loop.h"
#include "plan/tables.h"
#include "plan/verify.h"
#include "run/explain.h"
#include "run/explain_table.h"
#include "run/inputs.h"
#include "run/lineage.h"
#include "run/page_tables.h"
#include "run/provenance_table.h"
#include "run/remedy.h"
#include "run/run_scenario.h"
#include "run/shortage_table.h"
#include "run/summary.h"

namespace beltline {
namespace {

/// Of each of the two questions about an infeasible scenario: what is missing, and what would help.
constexpr double kExplainTimeMax_s = 60;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What a later reader needs to believe, repeat or doubt the run. Times are left out: the same run gives the same
/// bytes.
std::string manifest(const Compiled& compiled, const PlanOptions& options, const Plan& plan,
                     const PlanStatistics& statistics) {
  const Spec& spec = *compiled.spec;
  nlohmann::ordered_json json;
  json["program"] = "beltline";
  json["version"] = version();
  json["solver"] = lp::version();
  json["scenario"] = {{"name", spec.name}, {"title", spec.title}, {"sha256", spec.hash}, {"main", spec.main}};
  auto& files = json["scenario"]["files"] = nlohmann::ordered_json::array();
  for (const KeptFile& file : kept_files(compiled.originals))
    files.push_back({{"path", file.path}, {"file", file.name}});
  json["options"] = {
      {"mip_gap_max", options.mip_gap_max},
      {"wall_time_max_s", options.wall_time_max_s},
      {"seed", options.seed},
      {"set", std::vector<std::string>(spec.overrides.begin(),
                                       spec.overrides.end() - static_cast<std::ptrdiff_t>(compiled.branch_set_count))}};
  if (!compiled.branch.empty()) json["options"]["branch"] = compiled.branch;
  json["termination"] = to_string(plan.termination);
  json["verified"] = plan.verified;
  json["objective"] = {
      {"value", plan.objective}, {"bound", plan.bound}, {"gap", plan.gap}, {"unit", plan.objective_unit}};
  if (plan.has_point && std::isfinite(plan.safe_bound)) json["objective"]["safe_bound"] = plan.safe_bound;
  if (plan.has_point) json["objective"]["bound_is_proved"] = plan.bound_is_proved;
  json["cost_usd"] = plan.cost_usd;
  if (plan.has_point) json["missed_usd"] = missed_usd(*compiled.model, plan);
  json["problem"] = {{"rows", statistics.row_count},
                     {"columns", statistics.column_count},
                     {"nonzeros", statistics.nonzero_count},
                     {"integers", statistics.integer_count}};
  if (!plan.detail.empty()) json["detail"] = plan.detail;
  return json.dump(2);
}

Compiled compile_loaded(Loaded loaded, double start_s) {
  Compiled out;
  out.load_s = now_s() - start_s;
  out.files = std::move(loaded.files);
  out.originals = std::move(loaded.originals);
  out.diagnostics = std::move(loaded.diagnostics);
  out.spec = std::move(loaded.spec);
  if (out.spec) {
    out.model = compile(*out.spec, out.diagnostics);
    if (out.model && !find_gain_loops(*out.model, out.diagnostics)) out.model.reset();
  }
  out.diagnostics.sort_and_limit(out.files);
  out.compile_s = now_s() - start_s - out.load_s;
  return out;
}

/// What an infeasible scenario misses, and what would make it feasible, as tables.
Outcome<void> explain_infeasible(const Compiled& compiled, const PlanOptions& options,
                                 const OnPlanProgress& on_progress, RunResult& out) {
  if (out.plan.termination != Termination::infeasible) return {};
  if (on_progress) on_progress({"what is missing", {}});
  const double time_max_s = std::min(options.wall_time_max_s, kExplainTimeMax_s);
  const auto shortages = find_shortages(*compiled.model, {.wall_time_max_s = time_max_s, .cancel = options.cancel});
  if (!shortages) return std::unexpected(shortages.error());
  const RemedyOptions remedy_options{
      .wall_time_max_s = time_max_s, .cancel = options.cancel, .on_progress = [&](const std::string& path) {
        if (on_progress) on_progress({"what would help: " + path, {}});
      }};
  std::vector<Remedy> remedies;
  if (!shortages->items.empty()) {
    auto found = find_remedies(compiled, *shortages, remedy_options);
    if (!found) return std::unexpected(found.error());
    remedies = std::move(*found);
  }
  out.tables.push_back(shortages_table(*compiled.spec, *compiled.model, *shortages));
  out.tables.push_back(changes_table(remedies));
  out.tables.push_back(inputs_table(*compiled.spec));
  return {};
}

/// What the scenario's claims imply for each other, where it has any: with the samples that `beltline audit` takes.
void add_audit(const Spec& spec, std::vector<Table>& tables) {
  if (spec.entries("claim").empty()) return;
  Diagnostics diagnostics;
  const Audit found = audit(spec, {}, diagnostics);
  // a claim that its racks say nothing of stops an audit, not a plan
  if (diagnostics.has_errors()) return;
  std::ranges::move(audit_tables(found, spec.files), std::back_inserter(tables));
}

}  // namespace

std::string version() {
  return BELTLINE_VERSION;
}

void keep_past(const Compiled& branch, Model& model) {
  if (branch.past && !find_other_network(*branch.past, model))
    take_earlier_values(model, *branch.past, branch.past_end);
}

Compiled compile_scenario(const std::filesystem::path& folder, const std::vector<std::string>& overrides) {
  const double start = now_s();
  Loaded loaded = load_scenario(folder, all_sections(), {.overrides = overrides});
  return compile_loaded(std::move(loaded), start);
}

Compiled compile_texts(const std::vector<SourceFile>& files, const LoadOptions& options) {
  const double start = now_s();
  Loaded loaded = load_scenario(files, all_sections(), options);
  return compile_loaded(std::move(loaded), start);
}

Outcome<RunResult> run_plan(const Compiled& compiled, const PlanOptions& options, const OnPlanProgress& on_progress) {
  ASSERT(compiled.spec && compiled.model);
  PlanStatistics statistics;
  auto plan = make_plan(*compiled.model, options, &statistics, on_progress);
  if (!plan) return std::unexpected(plan.error());
  return run_result(compiled, std::move(*plan), std::move(statistics), options, on_progress);
}

Outcome<RunResult> run_result(const Compiled& compiled, Plan plan, PlanStatistics statistics,
                              const PlanOptions& options, const OnPlanProgress& on_progress) {
  ASSERT(compiled.spec && compiled.model);
  const Spec& spec = *compiled.spec;
  const Model& model = *compiled.model;
  RunResult out;
  out.plan = std::move(plan);
  out.statistics = std::move(statistics);
  if (out.plan.has_point) {
    out.tables = plan_tables(model, out.plan);
    const std::vector<Figure> figures = summary_figures(spec, model, out.plan);
    out.summary = summary_text(spec, model, out.plan, figures, out.tables);
    out.tables.push_back(figures_table(figures));
    out.tables.push_back(provenance_table(spec, model));
    out.tables.push_back(worth_table(model, out.plan));
    out.tables.push_back(late_table(spec, model, out.plan));
    out.tables.push_back(late_chain_table(spec, model, out.plan));
    out.tables.push_back(names_table(spec));
    for (Table table : {flow_table(model, out.plan), site_costs_table(model)}) {
      if (table.row_count() > 0) out.tables.push_back(std::move(table));  // not every scenario has fabs or halls
    }
    out.tables.push_back(inputs_table(spec));
    out.tables.push_back(lineage_table(spec, model, out.plan, figures));
    add_audit(spec, out.tables);
  } else {
    out.summary = summary_text(spec, model, out.plan, {}, {});
    if (auto explained = explain_infeasible(compiled, options, on_progress, out); !explained) {
      return std::unexpected(explained.error());
    }
  }
  out.manifest_json = manifest(compiled, options, out.plan, out.statistics);
  if (out.plan.termination == Termination::infeasible) {
    const std::string why = explain_text(out.manifest_json, out.tables, {});
    out.summary += why.substr(std::min(why.find('\n') + 1, why.size()));  // the title is there already
  }
  return out;
}

}  // namespace beltline
