#include "run/solve_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/count.h"
#include "base/text.h"
#include "table/table.h"

namespace beltline {
namespace {

struct Named {
  std::string_view name;
  lp::Method method;
};

constexpr std::array kSolvers{
    Named{"auto", lp::Method::automatic},
    Named{"simplex", lp::Method::simplex},
    Named{"ipx", lp::Method::ipx},
    Named{"hipo", lp::Method::hipo},
    Named{"ipm", lp::Method::interior_point},
    Named{"mip", lp::Method::branch_and_bound},
    Named{"qp", lp::Method::active_set},
};

/// Why the method cannot solve this kind of problem, or nothing.
std::string misfit(const lp::Problem& problem, lp::Method method) {
  const bool mip = problem.has_integers(), qp = problem.is_quadratic();
  if (method == lp::Method::automatic) return "";
  if (mip && method != lp::Method::branch_and_bound) return "the model has integers: --solver mip or auto";
  if (!mip && method == lp::Method::branch_and_bound) return "the model has no integers: --solver auto, or one for LPs";
  if (qp && !mip && (method == lp::Method::simplex || method == lp::Method::ipx)) {
    return "the model has a quadratic cost: --solver qp, hipo, ipm or auto";
  }
  if (!qp && method == lp::Method::active_set) return "the model has no quadratic cost: --solver auto, or one for LPs";
  return "";
}

/// In the file's own sense: a maximisation was turned round.
double in_sense(const SolvedFile& solved, double value) {
  return solved.read.negated ? 0.0 - value : value;
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : value > 0 ? "inf" : "-inf";
}

nlohmann::ordered_json json_number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

}  // namespace

std::vector<std::string> solver_names() {
  std::vector<std::string> names;
  for (const Named& each : kSolvers) names.emplace_back(each.name);
  return names;
}

lp::Method method_of(const std::string& name) {
  for (const Named& each : kSolvers) {
    if (each.name == name) return each.method;
  }
  return lp::Method::automatic;
}

Outcome<SolvedFile> solve_file(const std::string& path, const SolveOptions& options,
                               const lp::OnProgress& on_progress) {
  auto read = lp::read_problem(path);
  if (!read) return std::unexpected(read.error());
  if (const std::string why = misfit(read->problem, options.method); !why.empty()) {
    return failure("'" + path + "' cannot be solved so: " + why);
  }
  auto solution = lp::solve(read->problem,
                            {.wall_time_max_s = options.wall_time_max_s,
                             .mip_gap_max = options.mip_gap_max,
                             .thread_count = std::max(1, options.thread_count),
                             .interior_threads = options.thread_count,
                             .seed = options.seed,
                             .method = options.method,
                             // our own has no vertex to offer
                             .crossover = options.method != lp::Method::interior_point,
                             .race = options.race,
                             .cancel = options.cancel},
                            on_progress);
  if (!solution) return std::unexpected(solution.error());
  return SolvedFile{.path = path, .read = std::move(*read), .solution = std::move(*solution)};
}

std::string solved_text(const SolvedFile& solved) {
  const lp::Solution& s = solved.solution;
  const lp::Problem& p = solved.read.problem;
  std::string out = fmt::format("model         {}: {}, {}, {}\n", printable(solved.path), counted(p.row_count(), "row"),
                                counted(p.column_count(), "column"), counted(p.nonzero_count(), "nonzero"));
  const auto line = [&](const char* name, const std::string& text) { out += fmt::format("{:<14}{}\n", name, text); };
  line("status", to_string(s.termination));
  if (s.has_point && s.termination != lp::Termination::unbounded) {
    line("objective", number(in_sense(solved, s.objective)));
    line("bound", number(in_sense(solved, s.bound)) + (s.bound_is_proved ? ", proved" : ", branch and bound's word"));
    line("safe bound", std::isfinite(s.safe_bound) ? number(in_sense(solved, s.safe_bound)) : s.safe_bound_detail);
    line("gap", fmt::format("{:.2g} %", 100 * s.gap));
  }
  if (!s.method.empty()) line("method", s.method);
  if (s.coefficients.most > 0) {
    line("coefficients", fmt::format("{:.2g} to {:.2g}, solved with {:.2g} to {:.2g}", s.coefficients.least,
                                     s.coefficients.most, s.coefficients.scaled_least, s.coefficients.scaled_most));
  }
  line("work", fmt::format("{}, {}, {:.2f} s", counted(s.iteration_count, "iteration"), counted(s.node_count, "node"),
                           s.seconds));
  if (!s.detail.empty()) line("detail", s.detail);
  return out;
}

std::string solved_json(const SolvedFile& solved) {
  const lp::Solution& s = solved.solution;
  const lp::Problem& p = solved.read.problem;
  nlohmann::ordered_json json;
  json["ok"] = s.termination == lp::Termination::optimal;
  json["model"] = {{"path", solved.path},
                   {"rows", p.row_count()},
                   {"columns", p.column_count()},
                   {"nonzeros", p.nonzero_count()},
                   {"integers", p.has_integers()},
                   {"quadratic", p.is_quadratic()},
                   {"maximise", solved.read.negated}};
  json["termination"] = to_string(s.termination);
  const bool point = s.has_point && s.termination != lp::Termination::unbounded;
  json["objective"] = point ? json_number(in_sense(solved, s.objective)) : nlohmann::ordered_json();
  json["bound"] = json_number(in_sense(solved, s.bound));
  json["bound_is_proved"] = s.bound_is_proved;
  if (std::isfinite(s.claimed_bound)) json["claimed_bound"] = json_number(in_sense(solved, s.claimed_bound));
  json["safe_bound"] = json_number(in_sense(solved, s.safe_bound));
  json["gap"] = point ? json_number(s.gap) : nlohmann::ordered_json();
  json["solver"] = lp::version();
  json["method"] = s.method;
  json["coefficients"] = {{"least", s.coefficients.least},
                          {"most", s.coefficients.most},
                          {"scaled_least", s.coefficients.scaled_least},
                          {"scaled_most", s.coefficients.scaled_most}};
  json["iterations"] = s.iteration_count;
  json["nodes"] = s.node_count;
  json["seconds"] = s.seconds;
  json["detail"] = s.detail;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string solution_csv(const SolvedFile& solved) {
  const lp::Problem& p = solved.read.problem;
  const lp::Solution& s = solved.solution;
  std::vector<std::string> kind, name;
  std::vector<double> value, lower, upper, dual;
  std::vector<double> activity(p.row_count(), 0.0);
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      activity[static_cast<std::size_t>(p.index[k])] += p.value[k] * s.x[j];
    }
  }
  const auto add = [&](const char* what, const std::string& label, double v, double low, double high,
                       const std::vector<double>& duals, std::size_t i) {
    kind.emplace_back(what);
    name.push_back(label);
    value.push_back(v);
    lower.push_back(low);
    upper.push_back(high);
    dual.push_back(duals.empty() ? std::nan("") : in_sense(solved, duals[i]));
  };
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    add("column", solved.read.column_names[j], s.x[j], p.column_lower[j], p.column_upper[j], s.column_dual, j);
  }
  for (std::size_t i = 0; i < p.row_count(); ++i) {
    add("row", solved.read.row_names[i], activity[i], p.row_lower[i], p.row_upper[i], s.row_dual, i);
  }
  Table table{.name = "solution", .title = "Solution", .columns = {}};
  table.add_texts("kind", "column or row").values = std::move(kind);
  table.add_texts("name", "its name in the file").values = std::move(name);
  table.add_numbers("value", "", "value of a column, activity of a row").values = std::move(value);
  table.add_numbers("lower", "", "bound").values = std::move(lower);
  table.add_numbers("upper", "", "bound").values = std::move(upper);
  table.add_numbers("dual", "", "reduced cost of a column, dual of a row").values = std::move(dual);
  return to_csv(table);
}

}  // namespace beltline
