#include "plan/insist.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace beltline {
namespace {

/// The LP with a row more, Σ coefficient · column + missing ≥ bound, and the column `missing`, both last.
void add_requirement(lp::Problem& p, const std::map<int32_t, double>& coefficients, double bound) {
  const auto row = static_cast<int32_t>(p.row_count());
  std::vector<int32_t> start{0}, index;
  std::vector<double> value;
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    const std::ptrdiff_t from = p.start[j], to = p.start[j + 1];
    index.insert(index.end(), p.index.begin() + from, p.index.begin() + to);
    value.insert(value.end(), p.value.begin() + from, p.value.begin() + to);
    const auto found = coefficients.find(static_cast<int32_t>(j));
    if (found != coefficients.end() && found->second != 0) {
      index.push_back(row);
      value.push_back(found->second);
    }
    start.push_back(static_cast<int32_t>(index.size()));
  }
  index.push_back(row);
  value.push_back(1.0);
  start.push_back(static_cast<int32_t>(index.size()));
  p.start = std::move(start);
  p.index = std::move(index);
  p.value = std::move(value);
  p.cost.push_back(0);
  p.column_lower.push_back(0);
  p.column_upper.push_back(lp::kInf);
  p.row_lower.push_back(bound);
  p.row_upper.push_back(lp::kInf);
}

/// Solves from the basis of `start`.
Outcome<lp::Solution> solve_from(const lp::Problem& p, const lp::Solution& start, const std::atomic<bool>* cancel) {
  lp::Options options{.wall_time_max_s = 20, .method = lp::Method::simplex, .cancel = cancel, .devex = true};
  if (start.column_basis.size() == p.column_count() && start.row_basis.size() == p.row_count()) {
    options.start_column_basis = start.column_basis;
    options.start_row_basis = start.row_basis;
  }
  return lp::solve(p, options);
}

}  // namespace

/// The columns that one term adds up in period t, with their coefficients; what exists besides is left out.
std::vector<std::pair<int32_t, double>> columns_of(const Model& m, const Layout& l, const Term& term, int t) {
  std::vector<std::pair<int32_t, double>> out;
  const auto id = static_cast<std::size_t>(term.id);
  const double coefficient = m.at_or(term.coefficient, 1, t);
  const auto take = [&](const Block& block, auto weight) {
    for (int s = 0; block.holds(t) && s < block.slices; ++s) out.emplace_back(block.at(t, s), coefficient * weight(s));
  };
  const auto one = [](int) { return 1.0; };
  switch (term.kind) {
    case TermKind::activity: {
      const bool is_rate = m.processes[id].grain == Grain::rate;
      take(l.activity[id], [&](int s) { return is_rate ? m.hours(l.activity[id].slices, t, s) : 1.0; });
      break;
    }
    case TermKind::peak: take(l.activity[id], one); break;
    case TermKind::order: take(l.order[id], [&](int) { return module_of(m.capacities[id]); }); break;
    case TermKind::online:
    case TermKind::built: take(l.built[id], one); break;
    case TermKind::level: take(l.level[id], one); break;
    case TermKind::charge: take(l.charge[id], one); break;
    case TermKind::discharge: take(l.discharge[id], one); break;
    case TermKind::moved:
      take(l.moved[id], [&](int) { return module_of(m.capacities[m.moves[id].from.index()]); });
      break;
    case TermKind::unserved:
    case TermKind::spend:
    case TermKind::fixed:
    case TermKind::variable: break;
  }
  return out;
}

Outcome<Insisted> insist(const Relaxation& r, const std::vector<Term>& terms, int t, double amount,
                         const std::atomic<bool>* cancel) {
  constexpr int kRaiseMax = 3;
  Insisted out{.relaxation = {.model = r.model, .formulation = r.formulation, .solution = r.solution}};
  lp::Problem& p = out.relaxation.formulation.problem;
  lp::Solution& solution = out.relaxation.solution;
  out.row = static_cast<int32_t>(p.row_count());
  std::map<int32_t, double> coefficients;
  double existing = 0;
  for (const Term& term : terms) {
    for (const auto& [column, value] : columns_of(*r.model, r.formulation.layout, term, t)) {
      coefficients[column] += value;
    }
    if (term.kind == TermKind::online) {
      existing += r.model->at_or(term.coefficient, 1, t) *
                  r.model->at_or(r.model->capacities[static_cast<std::size_t>(term.id)].existing, 0, t);
    }
  }
  add_requirement(p, coefficients, amount - existing);
  if (!solution.column_basis.empty()) {
    solution.column_basis.push_back(lp::Basis::at_lower);
    solution.row_basis.push_back(lp::Basis::basic);
  }
  const std::vector<double> cost = p.cost;
  double price = 10.0 * std::max(1.0, std::abs(r.solution.objective)) / std::max(1e-9, amount);
  const auto is_missed = [&] { return solution.x.back() > 1e-6 * std::max(1.0, std::abs(amount)); };
  for (int raise = 0; raise < kRaiseMax; ++raise, price *= 1e4) {
    p.cost = cost;
    p.cost.back() = price;
    auto dear = solve_from(p, solution, cancel);
    if (!dear) return std::unexpected(dear.error());
    solution = std::move(*dear);
    if (!solution.has_point || solution.row_dual.empty()) return out;
    out.can_be_met = !is_missed();
    if (out.can_be_met) {
      out.cost_usd = std::max(0.0, (solution.objective - r.solution.objective) / r.formulation.money_scale);
      return out;
    }
    std::ranges::fill(p.cost, 0.0);
    p.cost.back() = 1.0;
    auto least = solve_from(p, solution, cancel);
    if (!least) return std::unexpected(least.error());
    solution = std::move(*least);
    if (!solution.has_point || solution.row_dual.empty() || is_missed()) return out;
  }
  // it can be met, at a price that this arithmetic does not reach
  out.can_be_met = true;
  out.cost_usd = std::nan("");
  return out;
}

}  // namespace beltline
