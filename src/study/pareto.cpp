#include "study/pareto.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plan/extract.h"
#include "plan/table_rows.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "run/amounts.h"
#include "study/stopwatch.h"

namespace beltline {
namespace {

/// What the later goals count for beside the first, of their ranges: it decides between equals only.
constexpr double kTieWeight = 1e-4;
/// How far a goal may slip, of its size, when the next one is looked at: a solver's tolerance.
constexpr double kSlip = 1e-7;

struct Point {
  std::vector<double> values;  // [goal]
  std::string how;
  bool verified = false;
  std::vector<double> online;  // [capacity] at the end
};

class Front {
 public:
  Front(const Compiled& compiled, GoalModel goals, const ParetoOptions& options)
      : compiled_(compiled), options_(options), study_(std::move(goals.study)), goals_(std::move(goals.goals)) {
    for (const Expression& goal : goals_) {
      const double scale = scale_of(goal.coefficient) * (goal.maximise ? -1 : 1);
      scale_.push_back(scale);
      std::vector<double> vector = goal.coefficient;
      for (double& each : vector) each *= scale;
      first_row_.push_back(problem().row_count());
      add_row(problem(), vector, -lp::kInf, lp::kInf);
      vectors_.push_back(std::move(vector));
    }
    problem().cost.assign(problem().column_count(), 0.0);
  }

  Outcome<StudyReport> run() {
    report_.study = "pareto";
    report_.termination = Termination::optimal;
    for (std::size_t g = 0; g < goals_.size() && good(); ++g) {
      if (auto done = find_end(g); !done) return std::unexpected(done.error());
    }
    if (good()) {
      if (auto done = walk(); !done) return std::unexpected(done.error());
    }
    drop_dominated();
    return write();
  }

 private:
  lp::Problem& problem() { return study_.formulation.problem; }
  bool good() const { return report_.termination == Termination::optimal; }

  /// A goal as it is minimised: scaled, turned round where it is maximised, without its constant.
  double inner(std::size_t g, const std::vector<double>& x) const {
    double sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j) sum += vectors_[g][j] * x[j];
    return sum;
  }

  void bound(std::size_t g, double most) { problem().row_upper[first_row_[g]] = most; }
  void free_all() {
    for (std::size_t g = 0; g < goals_.size(); ++g) bound(g, lp::kInf);
  }

  /// Best in goal g, then in the others in their order.
  Outcome<void> find_end(std::size_t g) {
    free_all();
    std::vector<std::size_t> order = {g};
    for (std::size_t other = 0; other < goals_.size(); ++other) {
      if (other != g) order.push_back(other);
    }
    std::vector<double> x;
    for (const std::size_t each : order) {
      problem().cost = vectors_[each];
      auto solution = solve(fmt::format("best {} of {}", goals_[each].name, goals_[g].name));
      if (!solution) return std::unexpected(solution.error());
      if (!accept(*solution)) return {};
      x = std::move(solution->x);
      const double value = inner(each, x);
      bound(each, value + kSlip * (1 + std::abs(value)));
    }
    keep("best " + goals_[g].name, x);
    std::vector<double> row;
    for (std::size_t each = 0; each < goals_.size(); ++each) row.push_back(inner(each, x));
    payoff_.push_back(std::move(row));
    return {};
  }

  /// The first goal with the later ones held at every combination of evenly spaced values.
  Outcome<void> walk() {
    const std::size_t held = goals_.size() - 1;
    std::vector<double> low(held), high(held);
    for (std::size_t h = 0; h < held; ++h) {
      low[h] = lp::kInf;
      high[h] = -lp::kInf;
      for (const auto& row : payoff_) {
        low[h] = std::min(low[h], row[h + 1]);
        high[h] = std::max(high[h], row[h + 1]);
      }
    }
    problem().cost = vectors_[0];
    double range = 0;
    for (const auto& row : payoff_) range = std::max(range, std::abs(row[0] - payoff_[0][0]));
    for (std::size_t h = 0; h < held; ++h) {
      const double weight = kTieWeight * range / std::max(1e-12, high[h] - low[h]);
      if (high[h] - low[h] <= 1e-12 * (1 + std::abs(high[h]))) continue;
      for (std::size_t j = 0; j < problem().cost.size(); ++j) problem().cost[j] += weight * vectors_[h + 1][j];
    }
    // of two goals the ends are there already
    const int steps = options_.points - 1;
    const int first = held == 1 ? 1 : 0, last = held == 1 ? steps - 1 : steps;
    std::vector<int> step(held, first);
    while (good() && first <= last) {
      free_all();
      for (std::size_t h = 0; h < held; ++h) {
        const double value = low[h] + (high[h] - low[h]) * step[h] / std::max(1, steps);
        bound(h + 1, value + kSlip * (1 + std::abs(value)));
      }
      auto solution = solve(fmt::format("point {}", points_.size() + 1));
      if (!solution) return std::unexpected(solution.error());
      // a combination that nothing meets is no point of the front
      if (solution->termination != lp::Termination::infeasible && accept(*solution)) keep("between", solution->x);
      std::size_t h = 0;
      while (h < held && ++step[h] > last) step[h++] = first;
      if (h == held) break;
    }
    return {};
  }

  bool accept(const lp::Solution& solution) {
    if (solution.termination == lp::Termination::optimal && solution.has_point) return true;
    report_.termination = translate(solution.termination);
    return false;
  }

  void keep(const std::string& how, const std::vector<double>& x) {
    Point point{.values = {}, .how = how};
    for (const Expression& goal : goals_) point.values.push_back(goal.at(x));
    Plan plan = empty_plan(study_.model, study_.formulation.layout);
    extract_decisions(study_.model, study_.formulation, x, plan);
    point.verified = verify(study_.model, plan).holds;
    const int last = study_.model.period_count() - 1;
    for (std::size_t k = 0; k < study_.model.capacities.size(); ++k) point.online.push_back(plan.built.at(k, last));
    points_.push_back(std::move(point));
  }

  Outcome<lp::Solution> solve(const std::string& stage) {
    if (options_.on_progress) options_.on_progress({stage, {}});
    lp::Options how{.wall_time_max_s = watch_.left(options_.wall_time_max_s),
                    .thread_count = options_.thread_count,
                    .cancel = options_.cancel,
                    .start_column_basis = column_basis_,
                    .start_row_basis = row_basis_};
    auto solution = lp::solve(problem(), how);
    if (solution && !solution->column_basis.empty()) {
      column_basis_ = solution->column_basis;
      row_basis_ = solution->row_basis;
    }
    return solution;
  }

  double minimised(const Point& point, std::size_t g) const { return (goals_[g].maximise ? -1 : 1) * point.values[g]; }

  bool dominates(const Point& a, const Point& b) const {
    bool better = false;
    for (std::size_t g = 0; g < goals_.size(); ++g) {
      const double size = 1e-6 * (1 + std::abs(a.values[g]));
      if (minimised(a, g) > minimised(b, g) + size) return false;
      better = better || minimised(a, g) < minimised(b, g) - size;
    }
    return better;
  }

  bool is_same(const Point& a, const Point& b) const {
    for (std::size_t g = 0; g < goals_.size(); ++g) {
      if (std::abs(a.values[g] - b.values[g]) > 1e-6 * (1 + std::abs(a.values[g]))) return false;
    }
    return true;
  }

  /// Leaves the front alone, each point once, in order of the first goal.
  void drop_dominated() {
    std::vector<Point> kept;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      bool out = false;
      for (std::size_t k = 0; k < points_.size(); ++k) {
        out = out || (k != i && dominates(points_[k], points_[i])) || (k < i && is_same(points_[k], points_[i]));
      }
      if (!out) kept.push_back(points_[i]);
    }
    std::ranges::stable_sort(kept, {}, [&](const Point& p) { return minimised(p, 0); });
    points_ = std::move(kept);
  }

  Table front() const {
    Table table = make("pareto", "Plans of which none is better in one goal without being worse in another",
                       {{"point", "text", ""}, {"how", "text", "an end, or between"}});
    for (const Expression& goal : goals_)
      table.add_numbers(goal.name, goal.unit, goal.maximise ? "maximised" : "minimised");
    table.add_numbers("verified", "1", "1 where the model's own equations confirm it");
    for (std::size_t i = 0; i < points_.size(); ++i) {
      texts(table, 0).push_back(fmt::format("{}", i + 1));
      texts(table, 1).push_back(points_[i].how);
      for (std::size_t g = 0; g < goals_.size(); ++g) numbers(table, 2 + g).push_back(points_[i].values[g]);
      numbers(table, 2 + goals_.size()).push_back(points_[i].verified ? 1 : 0);
    }
    return table;
  }

  Table builds() const {
    Table table = make("pareto_builds", "What each point has online at the end; zeros left out",
                       {{"point", "text", ""},
                        {"capacity", "text", ""},
                        {"kind", "text", ""},
                        {"place", "text", ""},
                        {"unit", "text", ""},
                        {"online", "", "built, in `unit`"}});
    for (std::size_t i = 0; i < points_.size(); ++i) {
      for (std::size_t k = 0; k < points_[i].online.size(); ++k) {
        if (points_[i].online[k] < kTiny) continue;
        const Capacity& capacity = study_.model.capacities[k];
        texts(table, 0).push_back(fmt::format("{}", i + 1));
        texts(table, 1).push_back(capacity.name);
        texts(table, 2).push_back(capacity.kind);
        texts(table, 3).push_back(place_name(study_.model, capacity.place));
        texts(table, 4).push_back(capacity.unit);
        numbers(table, 5).push_back(points_[i].online[k]);
      }
    }
    return table;
  }

  std::string words(Language language) const {
    const bool korean = language == Language::korean;
    std::vector<std::string> names;
    for (const Expression& goal : goals_) {
      names.push_back(fmt::format(
          "{} ({})", goal.name, goal.maximise ? (korean ? "최대화" : "maximised") : (korean ? "최소화" : "minimised")));
    }
    std::string out = fmt::format("{}: {}\n", printable(compiled_.spec->title, 200), fmt::join(names, ", "));
    if (!good()) out += fmt::format("  {}\n", to_string(report_.termination));
    if (study_.modules_free || study_.is_coarse) {
      out += fmt::format(
          "  {}\n",
          study_.is_coarse
              ? (korean ? "기간마다 한 구간, 모듈은 임의의 양" : "on one slice a period, with modules in any amount")
              : (korean ? "모든 구간, 모듈은 임의의 양" : "on all slices, with modules in any amount"));
    }
    for (std::size_t i = 0; i < points_.size(); ++i) {
      out += fmt::format("  {:>3}.", i + 1);
      for (std::size_t g = 0; g < goals_.size(); ++g) {
        const Expression& goal = goals_[g];
        const double value = points_[i].values[g];
        out += fmt::format("  {:>22}", goal.unit == "USD" ? money(value, language)
                                       : goal.unit.empty() || goal.unit == "1"
                                           ? fmt::format("{:.5g}", value)
                                           : quantity_words(value, goal.unit, language));
      }
      out += fmt::format("  {}\n", points_[i].how == "between" ? "" : points_[i].how);
    }
    return out;
  }

  StudyReport write() {
    nlohmann::ordered_json facts = {{"coarse", study_.is_coarse}, {"modules_free", study_.modules_free}};
    for (const Expression& goal : goals_)
      facts["goals"].push_back({{"name", goal.name}, {"unit", goal.unit}, {"maximised", goal.maximise}});
    report_.facts_json = facts.dump();
    report_.tables = {front(), builds()};
    report_.text = words(Language::english);
    report_.text_ko = words(Language::korean);
    return std::move(report_);
  }

  const Compiled& compiled_;
  const ParetoOptions& options_;
  StudyModel study_;
  const std::vector<Expression> goals_;
  std::vector<double> scale_;                 // [goal] inner value = scale · (value − constant)
  std::vector<std::vector<double>> vectors_;  // [goal][column] as it is minimised
  std::vector<std::size_t> first_row_;        // [goal] its row
  std::vector<std::vector<double>> payoff_;   // [end][goal] inner
  std::vector<Point> points_;
  std::vector<lp::Basis> column_basis_, row_basis_;
  StudyReport report_;
  Stopwatch watch_;
};

}  // namespace

Outcome<StudyReport> pareto_front(const Compiled& compiled, const ParetoOptions& options) {
  auto goals = make_goal_model(*compiled.model, options.goals, options);
  if (!goals) return std::unexpected(goals.error());
  return Front(compiled, std::move(*goals), options).run();
}

}  // namespace beltline
