#include "lp/interior.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "lp/check.h"
#include "lp/interior_dissect.h"
#include "lp/interior_path.h"
#include "lp/interior_ray.h"

namespace beltline::lp {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Nodes that far more others touch than is usual: the capacities of a plan. They come last.
std::vector<uint8_t> find_border(const Graph& graph) {
  const auto n = static_cast<std::size_t>(graph.node_count());
  std::vector<uint8_t> border(n, 0);
  const double mean = static_cast<double>(graph.neighbour.size()) / static_cast<double>(std::max<std::size_t>(n, 1));
  const double most = std::max(48.0, 8 * mean);
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    border[i] = static_cast<double>(graph.start[i + 1] - graph.start[i]) > most ? 1 : 0;
    count += border[i];
  }
  // many of them are no border: minimum degree sees to those
  if (static_cast<double>(count) > 2 * std::sqrt(static_cast<double>(n))) std::ranges::fill(border, uint8_t{0});
  return border;
}

Symbolic order_form(const Form& form) {
  const auto n = static_cast<int32_t>(form.variables());
  std::vector<int64_t> start(form.start.begin(), form.start.end());
  start.resize(static_cast<std::size_t>(n) + 1, start.back());
  std::vector<int32_t> row(form.row.size());
  for (std::size_t k = 0; k < row.size(); ++k) row[k] = form.columns + form.row[k];
  std::vector<int32_t> order;
  {
    const Graph graph = make_graph(n, start, row);
    order = dissect(graph, find_border(graph));
  }
  return analyse(n, start, row, order);
}

/// Ordering leaves behind many small pieces of memory, together more than the factor takes.
void give_back() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

/// Relative changes of bounds and costs after which a point near the end is still worth beginning from.
constexpr double kLittle = 5e-3;

double largest_change(std::span<const double> before, std::span<const double> now) {
  double largest = 0;
  for (std::size_t k = 0; k < now.size(); ++k) {
    if (before[k] == now[k]) continue;
    largest = std::max(largest, std::abs(now[k] - before[k]) / std::max(std::abs(now[k]), std::abs(before[k])));
  }
  return largest;
}

/// More than some threads would wait for one another.
int threads_for(int asked) {
  constexpr unsigned kMost = 8;
  return asked > 0 ? asked : static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMost));
}

/// Everything that depends on the matrix, and a point of the last walk.
struct Machinery {
  Form form;
  std::vector<uint8_t> bounds;
  Pairs pairs;
  Symbolic symbolic;
  std::optional<Newton> newton;
  std::optional<Iterate> last;             // where to begin after a change
  std::optional<Iterate> near;             // the same, after a small one
  std::vector<double> lower, upper, cost;  // of the form, as they were for `near`

  /// The largest of bounds and costs since `near`, relative to their size.
  [[nodiscard]] double change() const {
    return std::max(
        {largest_change(lower, form.lower), largest_change(upper, form.upper), largest_change(cost, form.cost)});
  }
  [[nodiscard]] Frame frame(Team& team) const { return {.form = form, .bounds = bounds, .pairs = pairs, .team = team}; }
};

}  // namespace

struct InteriorSolver::State {
  const Problem* problem = nullptr;
  std::unique_ptr<Problem> own;  // *problem, where it is ours to change
  std::vector<double> quadratic;
  std::unique_ptr<Team> team;
  std::unique_ptr<Machinery> machinery;  // does not move: newton refers to it

  /// The problem, copied before the first change where it is only borrowed.
  Problem& change();
  void prepare();
  Path walk(const InteriorOptions& options, Clock::time_point begin, bool& late, bool& cancelled);
  void fill(const Path& path, InteriorResult& out) const;
};

const char* to_string(InteriorEnd end) {
  switch (end) {
    case InteriorEnd::optimal: return "optimal";
    case InteriorEnd::infeasible: return "infeasible";
    case InteriorEnd::unbounded: return "unbounded";
    case InteriorEnd::limit: return "limit";
    case InteriorEnd::cancelled: return "cancelled";
    case InteriorEnd::no_answer: return "no answer";
  }
  return "no answer";
}

Problem& InteriorSolver::State::change() {
  if (own == nullptr) {
    own = std::make_unique<Problem>(*problem);
    problem = own.get();
  }
  return *own;
}

InteriorSolver::InteriorSolver(Problem problem, std::vector<double> quadratic, int thread_count)
    : state_(std::make_unique<State>()) {
  state_->team = std::make_unique<Team>(threads_for(thread_count));
  state_->own = std::make_unique<Problem>(std::move(problem));
  state_->problem = state_->own.get();
  state_->quadratic = std::move(quadratic);
}
InteriorSolver::InteriorSolver(const Problem* problem, int thread_count) : state_(std::make_unique<State>()) {
  state_->team = std::make_unique<Team>(threads_for(thread_count));
  state_->problem = problem;
  state_->quadratic = problem->quadratic;
}
InteriorSolver::~InteriorSolver() = default;
InteriorSolver::InteriorSolver(InteriorSolver&&) noexcept = default;
InteriorSolver& InteriorSolver::operator=(InteriorSolver&&) noexcept = default;

void InteriorSolver::set_row_bounds(std::size_t row, double lower, double upper) {
  state_->change().row_lower[row] = lower;
  state_->change().row_upper[row] = upper;
}
void InteriorSolver::set_column_bounds(std::size_t column, double lower, double upper) {
  state_->change().column_lower[column] = lower;
  state_->change().column_upper[column] = upper;
}
void InteriorSolver::set_cost(std::size_t column, double cost) {
  state_->change().cost[column] = cost;
}

void InteriorSolver::State::prepare() {
  if (machinery && refresh(*problem, quadratic, machinery->form)) {
    std::vector<uint8_t> bounds = bounds_of(machinery->form);
    machinery->pairs = pairs_of(bounds);
    if (bounds != machinery->bounds) {
      // vectors of pairs have another length now
      machinery->last.reset();
      machinery->near.reset();
      std::ranges::copy(bounds, machinery->bounds.begin());
      if (machinery->newton) machinery->newton.emplace(machinery->frame(*team), machinery->symbolic);
    }
    return;
  }
  machinery = std::make_unique<Machinery>();
  machinery->form = make_form(*problem, quadratic);
  machinery->bounds = bounds_of(machinery->form);
  machinery->pairs = pairs_of(machinery->bounds);
  if (machinery->form.columns == 0) return;
  machinery->symbolic = order_form(machinery->form);
  give_back();
  machinery->newton.emplace(machinery->frame(*team), machinery->symbolic);
}

Path InteriorSolver::State::walk(const InteriorOptions& options, Clock::time_point begin, bool& late, bool& cancelled) {
  Machinery& m = *machinery;
  const Frame frame = m.frame(*team);
  PathOptions path{.gap_max = options.gap_max,
                   .residual_max = options.residual_max,
                   .iteration_max = options.iteration_max,
                   .keep_early = options.keep_warm,
                   .offset = problem->offset};
  for (std::size_t j = 0; j < problem->column_count(); ++j) {
    const double x = m.form.reduction.fixed[j];
    if (x != 0) path.offset += problem->cost[j] * x + (quadratic.empty() ? 0 : 0.5 * quadratic[j] * x * x);
  }
  path.proceed = [&](int iteration, const Miss& miss) {
    if (options.on_progress) {
      options.on_progress({.iteration = iteration,
                           .seconds = seconds_since(begin),
                           .primal_objective = miss.primal_objective,
                           .dual_objective = miss.dual_objective,
                           .residual = std::max(miss.primal, miss.dual)});
    }
    cancelled = options.cancel != nullptr && options.cancel->load();
    late = seconds_since(begin) > options.wall_time_max_s;
    return !cancelled && !late;
  };
  if (m.near && m.change() < kLittle) {
    Path again = follow_path(frame, *m.newton, warm_point(frame, *m.near), path);
    if (again.end != PathEnd::stalled) return again;
  }
  if (m.last) {
    Path again = follow_path(frame, *m.newton, warm_point(frame, *m.last), path);
    if (again.end != PathEnd::stalled) return again;
  }
  return follow_path(frame, *m.newton, starting_point(frame, *m.newton), path);
}

/// The point in the original's terms, and what it misses there: computed from the Problem.
void InteriorSolver::State::fill(const Path& path, InteriorResult& out) const {
  const Form& f = machinery->form;
  const Problem& p = *problem;
  const Reduction& r = f.reduction;
  out.x = r.fixed;
  for (int32_t j = 0; j < f.columns; ++j) {
    const int32_t to = r.column_of[j];
    out.x[to] = std::clamp(path.value[j], f.lower[j], f.upper[j]) * f.column_scale[j] * f.bound_scale;
  }
  out.row_dual.assign(p.row_count(), 0);
  for (int32_t i = 0; i < f.rows; ++i) {
    double y = path.row_dual[i] * f.row_scale[i] * f.cost_scale;
    const uint8_t bounds = machinery->bounds[static_cast<std::size_t>(f.columns + i)];
    if (bounds == kLower) y = std::max(y, 0.0);
    if (bounds == kUpper) y = std::min(y, 0.0);
    out.row_dual[r.row_of[i]] = y;
  }
  restore_duals(p, quadratic, r, out.x, out.row_dual);
  out.column_dual = p.cost;
  std::vector<double> activity(p.row_count(), 0.0);
  out.objective = p.offset;
  out.primal_residual = out.dual_residual = 0;
  double cost_max = 0;
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    const double x = out.x[j], q = quadratic.empty() ? 0 : quadratic[j];
    out.objective += p.cost[j] * x + 0.5 * q * x * x;
    cost_max = std::max(cost_max, std::abs(p.cost[j]));
    double& z = out.column_dual[j];
    z += q * x;
    for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) {
      activity[p.index[k]] += p.value[k] * x;
      z -= p.value[k] * out.row_dual[p.index[k]];
    }
    if ((z > 0 && p.column_lower[j] == -kInf) || (z < 0 && p.column_upper[j] == kInf)) {
      out.dual_residual = std::max(out.dual_residual, std::abs(z));
    }
  }
  out.dual_residual /= cost_max > 0 ? cost_max : 1;
  for (std::size_t i = 0; i < p.row_count(); ++i) {
    const auto miss = [&](double by, double bound) {
      if (by > 0) out.primal_residual = std::max(out.primal_residual, by / (1 + std::abs(bound)));
    };
    miss(p.row_lower[i] - activity[i], p.row_lower[i]);
    miss(activity[i] - p.row_upper[i], p.row_upper[i]);
  }
  out.gap = path.miss.gap;
}

InteriorResult InteriorSolver::solve(const InteriorOptions& options) {
  const auto begin = Clock::now();
  InteriorResult out = solve_once(options);
  if (out.end != InteriorEnd::no_answer) return out;
  InteriorOptions rest = options;
  rest.wall_time_max_s = options.wall_time_max_s - seconds_since(begin);
  find_ray(*state_->problem, state_->quadratic, rest, out);
  out.seconds = seconds_since(begin);
  return out;
}

InteriorResult InteriorSolver::solve_once(const InteriorOptions& options) {
  const auto begin = Clock::now();
  InteriorResult out;
  State& s = *state_;
  s.prepare();
  Machinery& m = *s.machinery;
  out.analysis_s = seconds_since(begin);
  if (m.form.reduction.conflict_row >= 0) {
    out.ray.assign(s.problem->row_count(), 0);
    const auto row = static_cast<std::size_t>(m.form.reduction.conflict_row);
    out.ray[row] = m.form.reduction.conflict_is_below ? 1 : -1;
    // other rows may have a part in it, through columns that they fix
    if (proves_infeasible(*s.problem, out.ray)) out.end = InteriorEnd::infeasible;
    out.seconds = seconds_since(begin);
    return out;
  }
  if (m.form.columns == 0) {
    s.fill({}, out);
    out.gap = 0;
    out.end = InteriorEnd::optimal;
    return out;
  }
  bool late = false, cancelled = false;
  Path path = s.walk(options, begin, late, cancelled);
  s.fill(path, out);
  out.iteration_count = path.iterations;
  out.factor_s = path.factor_s;
  out.solve_s = path.solve_s;
  out.flop_count = m.symbolic.flops;
  out.byte_count = m.newton->byte_count();
  m.last.reset();
  m.near.reset();
  if (path.end == PathEnd::converged) {
    out.end = InteriorEnd::optimal;
    if (options.keep_warm) {
      m.last = std::move(path.early);
      m.near = std::move(path.late);
      m.lower = m.form.lower;
      m.upper = m.form.upper;
      m.cost = m.form.cost;
    }
  } else if (cancelled) {
    out.end = InteriorEnd::cancelled;
  } else if (late || path.iterations >= options.iteration_max) {
    out.end = InteriorEnd::limit;
  }
  out.seconds = seconds_since(begin);
  return out;
}

}  // namespace beltline::lp
