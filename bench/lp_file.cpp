// beltline_lp_file: solves an LP file as `beltline solve` does, and measures what any solver's solution misses.
//
//   beltline_lp_file solve FILE METHOD LIMIT_S THREADS SOLUTION    METHOD as --solver takes it: auto, ipm, simplex, …
//   beltline_lp_file check FILE SOLUTION
//
// Each prints one line of JSON. Processes of their own for side_by_side.py, whose memory and CPU can be told apart.
#include "bench/lp_file.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/measure.h"
#include "lp/solver.h"
#include "run/solve_file.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// Wall and CPU seconds since it was made.
class Stopwatch {
 public:
  void lap(Json& out, const std::string& step) {
    const auto now = std::chrono::steady_clock::now();
    out["wall_" + step] = std::chrono::duration<double>(now - wall_).count();
    out["cpu_" + step] = cpu_s() - cpu_;
    wall_ = std::chrono::steady_clock::now();
    cpu_ = cpu_s();
  }

 private:
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_s();
};

/// The largest of this process and of its solvers, whose memory counts what they share with it.
double peak_process_bytes() {
  rusage children{};
  getrusage(RUSAGE_CHILDREN, &children);
  return std::max(status_bytes("VmHWM"), 1024.0 * static_cast<double>(children.ru_maxrss));
}

Outcome<Json> solve(char** argument) {
  Json out;
  Stopwatch watch;
  auto problem = read_lp_file(argument[0]);
  if (!problem) return std::unexpected(problem.error());
  watch.lap(out, "read");
  const lp::Method method = method_of(argument[1]);
  auto solution = lp::solve(*problem, {.wall_time_max_s = std::atof(argument[2]),
                                       .thread_count = std::atoi(argument[3]),
                                       .method = method,
                                       .crossover = !lp::is_interior(method)});
  if (!solution) return std::unexpected(solution.error());
  watch.lap(out, "solve");
  out["status"] = to_string(solution->termination);
  out["method"] = solution->method;
  out["detail"] = solution->detail;
  out["iterations"] = solution->iteration_count;
  out["objective"] = solution->objective;
  out["peak_bytes"] = peak_process_bytes();
  if (!solution->has_point || solution->row_dual.empty()) return out;
  const auto written =
      write_solution_file(argument[4], {.x = std::move(solution->x), .row_dual = std::move(solution->row_dual)});
  if (!written) return std::unexpected(written.error());
  return out;
}

/// Worst multiplier or reduced cost of a sign that no bound holds, of the largest cost.
double dual_miss(const lp::Problem& p, const std::vector<double>& row_dual) {
  double worst = 0, cost_max = 0;
  const auto see = [&](double dual, double lower, double upper) {
    if ((dual > 0 && lower == -lp::kInf) || (dual < 0 && upper == lp::kInf)) worst = std::max(worst, std::abs(dual));
  };
  for (std::size_t i = 0; i < p.row_count(); ++i) see(row_dual[i], p.row_lower[i], p.row_upper[i]);
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    cost_max = std::max(cost_max, std::abs(p.cost[j]));
    double reduced = p.cost[j];
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      reduced -= p.value[k] * row_dual[static_cast<std::size_t>(p.index[k])];
    }
    see(reduced, p.column_lower[j], p.column_upper[j]);
  }
  return worst / std::max(cost_max, 1e-300);
}

Outcome<Json> check(char** argument) {
  const auto problem = read_lp_file(argument[0]);
  if (!problem) return std::unexpected(problem.error());
  const auto solution = read_solution_file(argument[1], *problem);
  if (!solution) return std::unexpected(solution.error());
  const lp::Check point = lp::check_point(*problem, solution->x);
  // what a tolerance of 1e-6 forgives shows as `dual`
  const double bound = lp::dual_bound(*problem, solution->row_dual, 1e-6);
  Json out;
  out["objective"] = point.objective;
  out["primal"] = std::max(point.row_violation, point.bound_violation);
  out["dual"] = dual_miss(*problem, solution->row_dual);
  out["gap"] = std::isfinite(bound) ? std::abs(point.objective - bound) / std::max(1.0, std::abs(point.objective)) : 1;
  return out;
}

}  // namespace
}  // namespace beltline

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  beltline::Outcome<beltline::Json> out = beltline::failure("usage: beltline_lp_file solve|check … (see its source)");
  if (mode == "solve" && argc == 7) out = beltline::solve(argv + 2);
  if (mode == "check" && argc == 4) out = beltline::check(argv + 2);
  if (!out) {
    fmt::print(stderr, "beltline_lp_file: {}\n", out.error().message);
    return 1;
  }
  fmt::print("JSON {}\n", out->dump());
  return 0;
}
