#include "study/branch_run.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plan/table_rows.h"
#include "plan/verify.h"
#include "run/run_scenario.h"
#include "table/manifest.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The path of a case's run; a name that is no safe file name gets a number instead.
std::string path_of(const BranchTree& tree, int branch) {
  const std::string& name = tree.branches[static_cast<std::size_t>(branch)].name;
  return is_safe_name(name) ? "branches/" + name : fmt::format("branches/branch-{}", branch + 1);
}

Table branches_table(const CompiledTree& tree, const StochasticPlan& plan) {
  Table table = make("branches", "The cases: how likely each is, what its plan costs, and what knowing it would save",
                     {{"branch", "text", "name of the last branch of the case"},
                      {"title", "text", ""},
                      {"parent", "text", "the branch that it goes on from"},
                      {"from", "text", "month from which it differs"},
                      {"probability", "1", "seen from the start"},
                      {"cost", "USD", "discounted, less salvage, with the common decisions"},
                      {"missed", "USD", "of the cost: what it counts for unserved demand and missed goals"},
                      {"alone", "", "objective if the case had been known from the start, in the objective's unit"},
                      {"objective", "", "of the case's plan, in the objective's unit"},
                      {"verified", "1", "1 where the case's own equations confirm its plan"},
                      {"run", "text", "folder of the case's run, inside this one"}});
  const std::vector<int> leaves = tree.tree.leaves();
  for (std::size_t c = 0; c < leaves.size(); ++c) {
    const Branch& branch = tree.tree.branches[static_cast<std::size_t>(leaves[c])];
    const Model& model = tree.model(leaves[c]);
    const bool has_plan = c < plan.plans.size();
    texts(table, 0).push_back(branch.name);
    texts(table, 1).push_back(branch.title);
    texts(table, 2).push_back(branch.parent < 0 ? ""
                                                : tree.tree.branches[static_cast<std::size_t>(branch.parent)].name);
    texts(table, 3).push_back(model.calendar.label(branch.from));
    numbers(table, 4).push_back(tree.tree.probability(leaves[c]));
    numbers(table, 5).push_back(has_plan ? plan.plans[c].cost_usd : kNone);
    numbers(table, 6).push_back(has_plan ? missed_usd(model, plan.plans[c]) : kNone);
    const double alone = c < plan.alone.size() ? plan.alone[c] : kNone;
    numbers(table, 7).push_back(model.objective.kind == ObjectiveKind::max_compute ? -alone : alone);
    numbers(table, 8).push_back(has_plan ? plan.plans[c].objective : kNone);
    numbers(table, 9).push_back(has_plan && plan.plans[c].verified ? 1.0 : 0.0);
    texts(table, 10).push_back(has_plan ? path_of(tree.tree, leaves[c]) : "");
  }
  return table;
}

Table value_table(const CompiledTree& tree, const StochasticPlan& plan) {
  Table table = make("value", "What the plan comes to over all cases, and what knowing and planning for all are worth",
                     {{"name", "text", ""},
                      {"value", "", "in `unit`; none where it was not found, infinite where there is no plan"},
                      {"unit", "text", ""},
                      {"description", "text", ""}});
  const auto add = [&](const char* name, double value, const std::string& unit, const std::string& description) {
    texts(table, 0).emplace_back(name);
    numbers(table, 1).push_back(value);
    texts(table, 2).push_back(unit);
    texts(table, 3).push_back(description);
  };
  const StochasticValue& v = plan.value;
  const auto known = [&](double value) { return v.is_known ? value : kNone; };
  add("objective", plan.objective, plan.objective_unit, "of the plan, over all cases");
  add("bound", plan.bound, plan.objective_unit, "no plan is better than this");
  add("gap", plan.gap, "1", "between the two");
  add("expected_cost", plan.expected_cost_usd, "USD", "mean of the cases' costs");
  add("cvar", plan.cvar_usd, "USD",
      fmt::format("mean cost of the dearest {:.4g} % of all cases", 100 * (1 - tree.risk.level)));
  const std::string of_minimum = " (as it is minimised: compute counts negative)";
  const std::string note = plan.objective_unit == "USD" ? "" : of_minimum;
  add("wait_and_see", known(v.wait_and_see), plan.objective_unit, "if every case were known from the start" + note);
  add("here_and_now", known(v.here_and_now), plan.objective_unit, "of the first goal, for all cases at once" + note);
  add("expected_value_plan", known(v.expected_value_plan), plan.objective_unit,
      "with the orders of the common periods that the mean of all cases asks for" + note);
  add("evpi", known(v.evpi()), plan.objective_unit,
      "expected value of perfect information: here_and_now − wait_and_see");
  add("vss", known(v.vss()), plan.objective_unit,
      "value of the stochastic solution: expected_value_plan − here_and_now");
  return table;
}

/// Orders of the periods that several cases share, once for each node of the tree.
Table common_orders_table(const CompiledTree& tree, const std::vector<Case>& cases, const StochasticPlan& plan) {
  Table table = make("common_orders", "What is ordered before it is known which case comes true",
                     {{"after", "text", "the branch that is known to be taken by then; empty: none"},
                      {"capacity", "text", "name"},
                      {"kind", "text", ""},
                      {"place", "text", ""},
                      {"ordered", "text", "month of the order"},
                      {"online", "text", "month it can be used, as the first of the cases has it"},
                      {"unit", "text", "unit of quantity"},
                      {"quantity", "", "ordered, in `unit`"},
                      {"capex", "USD", "of the order, undiscounted"}});
  std::map<int, std::size_t> cases_below;
  for (const Case& each : cases) {
    for (const int node : std::set<int>(each.stage.begin(), each.stage.end())) ++cases_below[node];
  }
  std::set<std::tuple<int, std::size_t, int>> told;
  for (std::size_t c = 0; c < plan.plans.size(); ++c) {
    const Model& m = *cases[c].model;
    for (std::size_t k = 0; k < m.capacities.size(); ++k) {
      const Capacity& capacity = m.capacities[k];
      for (int t = 0; t < m.period_count(); ++t) {
        const int node = cases[c].stage[static_cast<std::size_t>(t)];
        const double quantity = plan.plans[c].order.at(k, t);
        if (cases_below[node] < 2 || quantity < kTiny || !told.insert({node, k, t}).second) continue;
        texts(table, 0).push_back(node == 0 ? "" : tree.tree.branches[static_cast<std::size_t>(node - 1)].name);
        texts(table, 1).push_back(capacity.name);
        texts(table, 2).push_back(capacity.kind);
        texts(table, 3).push_back(place_name(m, capacity.place));
        texts(table, 4).push_back(m.calendar.label(t));
        texts(table, 5).push_back(m.calendar.label(t + capacity.lead));
        texts(table, 6).push_back(capacity.unit);
        numbers(table, 7).push_back(quantity);
        numbers(table, 8).push_back(quantity * m.at_or(capacity.capex, 0, t));
      }
    }
  }
  return table;
}

/// A table of every case, one below the other, with the branch in front.
Table stacked(const std::vector<BranchRun>& runs, const std::vector<std::string>& names, const std::string& table_name,
              const std::string& title) {
  Table out{.name = table_name + "_by_branch", .title = title, .columns = {}};
  for (std::size_t c = 0; c < runs.size(); ++c) {
    const auto found = std::ranges::find(runs[c].result.tables, table_name, &Table::name);
    if (found == runs[c].result.tables.end()) continue;
    if (out.columns.empty()) {
      out.add_texts("branch", "name of the last branch of the case");
      for (const Column& column : found->columns) {
        out.columns.push_back(column);
        std::visit([](auto& values) { values.clear(); }, out.columns.back().values);
      }
    }
    texts(out, 0).insert(texts(out, 0).end(), found->row_count(), names[c]);
    for (std::size_t i = 0; i < found->columns.size(); ++i) {
      std::visit(
          [&](auto& values) {
            const auto& more = std::get<std::decay_t<decltype(values)>>(found->columns[i].values);
            values.insert(values.end(), more.begin(), more.end());
          },
          out.columns[i + 1].values);
    }
  }
  return out;
}

std::string manifest(const Compiled& root, const CompiledTree& tree, const StochasticOptions& options,
                     const BranchStudy& study) {
  const Spec& spec = *root.spec;
  const StochasticPlan& plan = study.plan;
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  Json json;
  json["program"] = "beltline";
  json["version"] = version();
  json["solver"] = lp::version();
  json["study"] = "branches";
  json["scenario"] = {{"name", spec.name}, {"title", spec.title}, {"sha256", spec.hash}, {"main", spec.main}};
  auto& files = json["scenario"]["files"] = Json::array();
  for (const KeptFile& file : kept_files(root.originals)) files.push_back({{"path", file.path}, {"file", file.name}});
  json["options"] = {{"mip_gap_max", options.plan.mip_gap_max},
                     {"wall_time_max_s", options.plan.wall_time_max_s},
                     {"seed", options.plan.seed},
                     {"method", to_string(options.method)},
                     {"set", spec.overrides}};
  json["risk"] = {{"cvar_weight", tree.risk.weight}, {"cvar_level", tree.risk.level}};
  json["termination"] = to_string(plan.termination);
  json["verified"] = plan.verified;
  json["method"] = plan.method;
  json["objective"] = {{"value", number(plan.objective)},
                       {"bound", number(plan.bound)},
                       {"gap", number(plan.gap)},
                       {"unit", plan.objective_unit}};
  json["cost_usd"] = number(plan.expected_cost_usd);
  json["cvar_usd"] = number(plan.cvar_usd);
  if (plan.value.is_known) {
    json["value"] = {{"wait_and_see", number(plan.value.wait_and_see)},
                     {"here_and_now", number(plan.value.here_and_now)},
                     {"expected_value_plan", number(plan.value.expected_value_plan)},
                     {"evpi", number(plan.value.evpi())},
                     {"vss", number(plan.value.vss())}};
  }
  json["branches"] = Json::array();
  const std::vector<int> leaves = tree.tree.leaves();
  for (std::size_t c = 0; c < leaves.size(); ++c) {
    const Branch& branch = tree.tree.branches[static_cast<std::size_t>(leaves[c])];
    Json each = {{"branch", branch.name}, {"probability", tree.tree.probability(leaves[c])}};
    const std::string path = path_of(tree.tree, leaves[c]);
    if (std::ranges::find(study.runs, path, &BranchRun::path) != study.runs.end()) each["run"] = path;
    if (c < plan.plans.size()) each["cost_usd"] = plan.plans[c].cost_usd;
    json["branches"].push_back(std::move(each));
  }
  json["problem"] = {{"rows", plan.statistics.row_count},
                     {"columns", plan.statistics.column_count},
                     {"nonzeros", plan.statistics.nonzero_count},
                     {"integers", plan.statistics.integer_count}};
  if (!plan.detail.empty()) json["detail"] = plan.detail;
  return json.dump(2);
}

/// Cases that have no plan even for themselves, each as a run that says what is missing.
Outcome<void> explain_infeasible_cases(const CompiledTree& tree, const StochasticOptions& options,
                                       const OnPlanProgress& on_progress, BranchStudy& out) {
  for (const int leaf : tree.tree.leaves()) {
    const CompiledBranch& branch = tree.branches[static_cast<std::size_t>(leaf)];
    auto result = run_plan(branch.compiled, options.plan, on_progress);
    if (!result) return std::unexpected(result.error());
    if (result->plan.termination != Termination::infeasible) continue;
    out.runs.push_back({.path = path_of(tree.tree, leaf), .compiled = &branch.compiled, .result = std::move(*result)});
  }
  out.plan.detail = out.runs.empty() ? "every case has a plan for itself, but no common decisions suit all of them"
                                     : fmt::format("{} of {} cases have no plan even for themselves", out.runs.size(),
                                                   tree.tree.leaves().size());
  return {};
}

}  // namespace

std::vector<Case> cases_of(const CompiledTree& tree) {
  std::vector<Case> cases;
  for (const int leaf : tree.tree.leaves()) {
    const Model& model = tree.model(leaf);
    Case each{.name = tree.tree.branches[static_cast<std::size_t>(leaf)].name,
              .model = &model,
              .probability = tree.tree.probability(leaf),
              .stage = std::vector<int>(static_cast<std::size_t>(model.period_count()), 0)};
    // node 0 is the root, node i + 1 branch i, from its own first period on
    for (const int branch : tree.tree.path(leaf)) {
      const int from = std::max(0, tree.tree.branches[static_cast<std::size_t>(branch)].from);
      std::fill(each.stage.begin() + from, each.stage.end(), branch + 1);
    }
    cases.push_back(std::move(each));
  }
  return cases;
}

Outcome<BranchStudy> plan_branches(const Compiled& root, const CompiledTree& tree, const StochasticOptions& options,
                                   const OnPlanProgress& on_progress) {
  const std::vector<Case> cases = cases_of(tree);
  auto plan = plan_stochastic(cases, {.weight = tree.risk.weight, .level = tree.risk.level}, options, on_progress);
  if (!plan) return std::unexpected(plan.error());
  BranchStudy out{.plan = std::move(*plan), .tables = {}, .summary = {}, .manifest_json = {}, .runs = {}};
  const std::vector<int> leaves = tree.tree.leaves();
  std::vector<std::string> names;
  for (std::size_t c = 0; c < out.plan.plans.size(); ++c) {
    const CompiledBranch& branch = tree.branches[static_cast<std::size_t>(leaves[c])];
    auto result = run_result(branch.compiled, out.plan.plans[c], out.plan.statistics, options.plan, on_progress);
    if (!result) return std::unexpected(result.error());
    names.push_back(cases[c].name);
    out.runs.push_back(
        {.path = path_of(tree.tree, leaves[c]), .compiled = &branch.compiled, .result = std::move(*result)});
  }
  if (out.plan.termination == Termination::infeasible) {
    auto explained = explain_infeasible_cases(tree, options, on_progress, out);
    if (!explained) return std::unexpected(explained.error());
  }
  out.tables.push_back(branches_table(tree, out.plan));
  if (!out.plan.plans.empty()) {
    out.tables.push_back(value_table(tree, out.plan));
    out.tables.push_back(common_orders_table(tree, cases, out.plan));
    out.tables.push_back(stacked(out.runs, names, "builds", "What each case orders, when, and when it is online"));
    out.tables.push_back(stacked(out.runs, names, "summary", "Figures of each case"));
  }
  out.manifest_json = manifest(root, tree, options, out);
  out.summary = branches_text(out.manifest_json, out.tables, Language::english);
  return out;
}

}  // namespace beltline
