#include "study/stochastic_problem.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "plan/lp_map.h"

namespace beltline {

double cvar(std::span<const double> costs, std::span<const double> probabilities, double level) {
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return costs[i]; });
  double left = 1 - level, sum = 0;
  for (const std::size_t i : order) {
    const double taken = std::min(left, probabilities[i]);
    sum += taken * costs[i];
    left -= taken;
  }
  return sum / (1 - level - left);
}

double RiskMeasure::of(std::span<const double> costs, std::span<const double> probabilities) const {
  double mean = 0;
  for (std::size_t i = 0; i < costs.size(); ++i) mean += probabilities[i] * costs[i];
  return weight == 0 ? mean : (1 - weight) * mean + weight * cvar(costs, probabilities, level);
}

bool StochasticProblem::has_integers() const {
  return std::ranges::any_of(formulations, [](const Formulation& f) { return f.problem.has_integers(); });
}

bool StochasticProblem::is_quadratic() const {
  return std::ranges::any_of(formulations, [](const Formulation& f) { return !f.problem.quadratic.empty(); });
}

bool StochasticProblem::is_two_stage() const {
  return std::ranges::all_of(node, [&](int n) { return n <= 0; });
}

std::vector<double> StochasticProblem::probabilities() const {
  std::vector<double> out;
  for (const Case& each : cases) out.push_back(each.probability);
  return out;
}

namespace {

/// What a column is, beyond the case that it is of.
struct ColumnKey {
  int node;
  LpPlace place;
  int which = 0;  // of several columns of one place: units on, started, stopped

  bool operator==(const ColumnKey& other) const {
    return node == other.node && which == other.which && place.kind == other.place.kind && place.id == other.place.id &&
           place.t == other.place.t && place.s == other.place.s;
  }
};

struct HashColumnKey {
  std::size_t operator()(const ColumnKey& key) const {
    std::size_t hash = static_cast<std::size_t>(key.node) + 31U * static_cast<std::size_t>(key.which);
    for (const int64_t part :
         {int64_t(key.place.kind), int64_t{key.place.id}, int64_t{key.place.t}, int64_t{key.place.s}}) {
      hash = hash * 0x9E3779B97F4A7C15ULL + static_cast<std::size_t>(part + 1);
      hash ^= hash >> 29;
    }
    return hash;
  }
};

/// Cases below each node of the tree.
std::map<int, int> cases_below(const std::vector<Case>& cases) {
  std::map<int, int> count;
  for (const Case& each : cases) {
    std::vector<int> nodes = each.stage;
    std::ranges::sort(nodes);
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    for (const int n : nodes) ++count[n];
  }
  return count;
}

}  // namespace

Outcome<StochasticProblem> make_stochastic_problem(std::vector<Case> cases) {
  StochasticProblem out;
  out.cases = std::move(cases);
  const std::map<int, int> below = cases_below(out.cases);
  for (const auto& [n, count] : below) out.node_count = std::max(out.node_count, n + 1);
  std::unordered_map<ColumnKey, int32_t, HashColumnKey> known;
  for (const Case& each : out.cases) {
    Formulation f = formulate(*each.model);
    if (out.formulations.empty()) out.money_scale = f.money_scale;
    const LpMap map(f.layout);
    std::vector<int32_t> variable(map.columns.size());
    std::unordered_map<ColumnKey, int, HashColumnKey> seen;
    for (std::size_t j = 0; j < map.columns.size(); ++j) {
      const LpPlace& place = map.columns[j];
      if (place.kind == LpKind::none)
        return failure(fmt::format("column {} of case '{}' is of a kind that branches cannot share", j, each.name));
      const int n = each.stage[static_cast<std::size_t>(place.t)];
      // a case's own decisions need no name that others know
      const bool is_shared = below.at(n) > 1;
      const auto next = static_cast<int32_t>(out.holder_count.size());
      const int32_t v = is_shared ? known.try_emplace({n, place, seen[{n, place}]++}, next).first->second : next;
      if (v == next) {
        out.holder_count.push_back(0);
        out.is_decision.push_back(place.kind == LpKind::order || place.kind == LpKind::moved);
        out.node.push_back(is_shared ? n : -1);
      }
      ++out.holder_count[static_cast<std::size_t>(v)];
      variable[j] = v;
    }
    out.variable.push_back(std::move(variable));
    out.formulations.push_back(std::move(f));
  }
  // what only some cases have can be decided in none
  for (std::size_t c = 0; c < out.cases.size(); ++c) {
    lp::Problem& p = out.formulations[c].problem;
    for (std::size_t j = 0; j < out.variable[c].size(); ++j) {
      const auto v = static_cast<std::size_t>(out.variable[c][j]);
      if (out.node[v] >= 0 && out.holder_count[v] < below.at(out.node[v])) p.column_upper[j] = 0;
    }
  }
  return out;
}

void set_goals(StochasticProblem& problem, const Weights& weights) {
  for (std::size_t c = 0; c < problem.cases.size(); ++c) {
    Formulation& f = problem.formulations[c];
    const double own_scale = f.money_scale;  // of its rows over money; costs share one scale
    f.money_scale = problem.money_scale;
    set_goal(*problem.cases[c].model, f, weights);
    f.money_scale = own_scale;
  }
}

double cost_of_case(const StochasticProblem& problem, std::size_t case_index, const std::vector<double>& x) {
  const lp::Problem& p = problem.formulations[case_index].problem;
  double sum = p.offset;
  for (std::size_t j = 0; j < x.size(); ++j) sum += p.cost[j] * x[j];
  for (std::size_t j = 0; j < p.quadratic.size(); ++j) sum += 0.5 * p.quadratic[j] * x[j] * x[j];
  return sum;
}

namespace {

/// A row in terms of variables, for finding those that several cases write alike.
struct SharedRow {
  std::vector<int32_t> variable;
  std::vector<double> value;
  double lower = 0, upper = 0;

  auto operator<=>(const SharedRow&) const = default;
};

class ExtensiveBuilder {
 public:
  ExtensiveBuilder(const StochasticProblem& s, const RiskMeasure& risk) : s_(s), risk_(risk), p_(out_.problem) {}

  ExtensiveForm run() {
    for (std::size_t c = 0; c < s_.cases.size(); ++c) add_rows(c);
    add_variables();
    if (risk_.weight > 0) add_risk();
    write_columns();
    return std::move(out_);
  }

 private:
  void add_rows(std::size_t c) {
    const lp::Problem& own = s_.formulations[c].problem;
    const Rows rows = rows_of(own);
    std::vector<int32_t> map(own.row_count());
    std::vector<uint8_t> is_writer(own.row_count(), 1);
    for (std::size_t i = 0; i < own.row_count(); ++i) {
      const auto next = static_cast<int32_t>(p_.row_lower.size());
      int32_t at = next;
      if (auto shared = shared_row(c, own, rows, i)) at = known_.try_emplace(std::move(*shared), next).first->second;
      map[i] = at;
      if (at == next) {
        p_.row_lower.push_back(own.row_lower[i]);
        p_.row_upper.push_back(own.row_upper[i]);
        out_.row_weight.push_back(0);
      } else {
        is_writer[i] = 0;
      }
      out_.row_weight[static_cast<std::size_t>(at)] += s_.cases[c].probability;
    }
    out_.row.push_back(std::move(map));
    writes_.push_back(std::move(is_writer));
  }

  std::optional<SharedRow> shared_row(std::size_t c, const lp::Problem& own, const Rows& rows, std::size_t i) const {
    SharedRow row{.variable = {}, .value = {}, .lower = own.row_lower[i], .upper = own.row_upper[i]};
    const auto begin = static_cast<std::size_t>(rows.start[i]), end = static_cast<std::size_t>(rows.start[i + 1]);
    if (begin == end) return std::nullopt;
    std::vector<std::pair<int32_t, double>> entries;
    for (std::size_t k = begin; k < end; ++k) {
      const auto column = static_cast<std::size_t>(rows.column[k]);
      if (!s_.is_common(c, column)) return std::nullopt;
      entries.emplace_back(s_.variable[c][column], rows.value[k]);
    }
    std::ranges::sort(entries);
    for (const auto& [v, value] : entries) {
      row.variable.push_back(v);
      row.value.push_back(value);
    }
    return row;
  }

  void add_variables() {
    const std::size_t count = s_.variable_count();
    p_.cost.assign(count, 0.0);
    p_.column_lower.assign(count, -lp::kInf);
    p_.column_upper.assign(count, lp::kInf);
    if (s_.has_integers()) p_.integer.assign(count, 0);
    entries_.resize(count);
    const double mean_weight = 1 - risk_.weight;
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const lp::Problem& own = s_.formulations[c].problem;
      const double weight = mean_weight * s_.cases[c].probability;
      p_.offset += weight * own.offset;
      for (std::size_t j = 0; j < own.column_count(); ++j) {
        const auto v = static_cast<std::size_t>(s_.variable[c][j]);
        p_.cost[v] += weight * own.cost[j];
        if (!own.quadratic.empty()) {
          if (p_.quadratic.empty()) p_.quadratic.assign(count, 0.0);
          p_.quadratic[v] += weight * own.quadratic[j];
        }
        p_.column_lower[v] = std::max(p_.column_lower[v], own.column_lower[j]);
        p_.column_upper[v] = std::min(p_.column_upper[v], own.column_upper[j]);
        if (!own.integer.empty() && own.integer[j]) p_.integer[v] = 1;
        for (auto k = static_cast<std::size_t>(own.start[j]); k < static_cast<std::size_t>(own.start[j + 1]); ++k) {
          const auto i = static_cast<std::size_t>(own.index[k]);
          if (writes_[c][i]) entries_[v].emplace_back(out_.row[c][i], own.value[k]);
        }
      }
    }
  }

  /// η + Σ π z / (1 − α), with z_c + η − c_cᵀx ≥ offset_c.
  void add_risk() {
    const auto eta = static_cast<std::size_t>(p_.cost.size());
    const auto add_column = [&](double cost, double lower) {
      p_.cost.push_back(cost);
      p_.column_lower.push_back(lower);
      p_.column_upper.push_back(lp::kInf);
      if (!p_.integer.empty()) p_.integer.push_back(0);
      if (!p_.quadratic.empty()) p_.quadratic.push_back(0);
      entries_.emplace_back();
    };
    add_column(risk_.weight, -lp::kInf);
    for (std::size_t c = 0; c < s_.cases.size(); ++c) {
      const lp::Problem& own = s_.formulations[c].problem;
      const auto row = static_cast<int32_t>(p_.row_lower.size());
      p_.row_lower.push_back(own.offset);
      p_.row_upper.push_back(lp::kInf);
      out_.row_weight.push_back(1);
      entries_[eta].emplace_back(row, 1.0);
      add_column(risk_.weight * s_.cases[c].probability / (1 - risk_.level), 0.0);
      entries_.back().emplace_back(row, 1.0);
      for (std::size_t j = 0; j < own.column_count(); ++j) {
        if (own.cost[j] != 0) entries_[static_cast<std::size_t>(s_.variable[c][j])].emplace_back(row, -own.cost[j]);
      }
    }
  }

  /// Rows ascend within a variable: cases came one after the other, but a case's row may be an earlier one's.
  void write_columns() {
    p_.start.push_back(0);
    for (auto& entries : entries_) {
      std::ranges::stable_sort(entries, {}, &std::pair<int32_t, double>::first);
      for (const auto& [row, value] : entries) {
        p_.index.push_back(row);
        p_.value.push_back(value);
      }
      p_.start.push_back(static_cast<int32_t>(p_.index.size()));
      std::vector<std::pair<int32_t, double>>().swap(entries);
    }
  }

  const StochasticProblem& s_;
  const RiskMeasure& risk_;
  ExtensiveForm out_;
  lp::Problem& p_;
  std::map<SharedRow, int32_t> known_;
  std::vector<std::vector<uint8_t>> writes_;  // [case][row] whether it is the first to write the row
  std::vector<std::vector<std::pair<int32_t, double>>> entries_;
};

}  // namespace

ExtensiveForm extensive_form(const StochasticProblem& problem, const RiskMeasure& risk) {
  return ExtensiveBuilder(problem, risk).run();
}

std::vector<double> case_point(const StochasticProblem& problem, std::size_t case_index, const std::vector<double>& x) {
  std::vector<double> out;
  out.reserve(problem.variable[case_index].size());
  for (const int32_t v : problem.variable[case_index]) out.push_back(x[static_cast<std::size_t>(v)]);
  return out;
}

}  // namespace beltline
