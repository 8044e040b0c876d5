// What holds the solution of a plan's LP: bounds of the scenario that it touches.
#include <algorithm>
#include <cmath>

#include "plan/formulate_rows.h"
#include "plan/worth.h"

namespace beltline {

namespace {

using lp::BoundShift;
using lp::Side;

/// Within this of a bound, relative to it, a value rests on it.
constexpr double kTouch = 1e-7;

bool touches(double value, double bound) {
  return std::isfinite(bound) && std::abs(value - bound) <= kTouch * (1.0 + std::abs(bound));
}

class Collector {
 public:
  Collector(const Model& model, const Formulation& formulation, const lp::Solution& solution)
      : m_(model),
        l_(formulation.layout),
        p_(formulation.problem),
        x_(solution),
        money_(formulation.money_scale),
        cost_(goal_vector(model, formulation.layout, Goal::cost)),
        T_(model.period_count()),
        activity_(p_.row_count(), 0.0) {
    for (std::size_t j = 0; j < p_.column_count(); ++j) {
      for (auto k = static_cast<std::size_t>(p_.start[j]); k < static_cast<std::size_t>(p_.start[j + 1]); ++k) {
        activity_[static_cast<std::size_t>(p_.index[k])] += p_.value[k] * x_.x[j];
      }
    }
  }

  std::vector<Bound> run() {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      given_capacity(k);
      build_bounds(k);
    }
    for (std::size_t i = 0; i < m_.limits.size(); ++i) limit(i);
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) ceiling(i);
    for (std::size_t p = 0; p < m_.processes.size(); ++p) process_bounds(p);
    for (std::size_t v = 0; v < m_.stores.size(); ++v) store(v);
    const auto stake = [](const Bound& b) { return b.dual * std::max(std::abs(b.quantity), 1e-9); };
    std::ranges::stable_sort(out_, [&](const Bound& a, const Bound& b) { return stake(a) > stake(b); });
    return std::move(out_);
  }

 private:
  static std::size_t at(int32_t i) { return static_cast<std::size_t>(i); }
  double row_dual(int32_t row) const { return x_.row_dual.empty() ? 0.0 : x_.row_dual[at(row)]; }
  double column_dual(int32_t j) const { return x_.column_dual.empty() ? 0.0 : x_.column_dual[at(j)]; }

  /// What one more unit saves by this vertex's duals: a shift of an inactive bound moves nothing.
  double saved(const lp::Direction& direction) const {
    double sum = 0;
    for (const BoundShift& shift : direction) {
      const double dual = shift.is_column ? column_dual(shift.index) : row_dual(shift.index);
      const bool binds = shift.side == Side::both || (shift.side == Side::lower ? dual > 0 : dual < 0);
      if (binds) sum -= dual * shift.rate;
    }
    return sum;
  }

  void add(WorthKind kind, std::size_t id, int first, int last, double quantity, lp::Direction direction,
           double constant = 0) {
    const double dual = saved(direction) - constant;
    out_.push_back({.kind = kind,
                    .id = static_cast<int32_t>(id),
                    .first = first,
                    .last = last,
                    .quantity = quantity,
                    .constant = constant,
                    .dual = dual,
                    .direction = std::move(direction)});
  }

  /// Rows of a capacity that have no room left in t.
  bool is_full(std::size_t k, int t) const {
    for (const Block* rows : {&l_.capacity[k], &l_.capacity_reverse[k]}) {
      for (int s = 0; rows->holds(t) && s < rows->slices; ++s) {
        if (touches(activity_[at(rows->at(t, s))], p_.row_upper[at(rows->at(t, s))])) return true;
      }
    }
    if (l_.single_user[k] < 0) return false;
    const Block& block = l_.activity[at(l_.single_user[k])];
    for (int s = 0; s < block.slices; ++s) {
      const std::size_t j = at(block.at(t, s));
      if (touches(x_.x[j], p_.column_upper[j]) || (p_.column_lower[j] < 0 && touches(x_.x[j], p_.column_lower[j]))) {
        return true;
      }
    }
    return false;
  }

  /// A capacity binds where no order can change it: it is given, or an order would arrive later.
  void given_capacity(std::size_t k) {
    const Capacity& capacity = m_.capacities[k];
    for (int t = 0; t < T_; ++t) {
      if (l_.built[k].holds(t) || !is_full(k, t)) continue;
      double constant = 0;
      if (capacity.fixed_cost.present()) constant = m_.discount_factor(t) * m_.at(capacity.fixed_cost, t) * money_;
      add(WorthKind::capacity, k, t, t, existing_of(m_, CapacityId(k), t), unit_online(k, t), constant);
    }
  }

  /// How bounds move with one more unit of a capacity, there without an order, in period t.
  lp::Direction unit_online(std::size_t k, int t) const {
    const Capacity& capacity = m_.capacities[k];
    lp::Direction out;
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Block& rows = l_.floor[p];
      if (rows.first < 0 || m_.processes[p].uses.front().capacity != CapacityId(k)) continue;
      for (int s = 0; s < rows.slices; ++s) {
        const double least = m_.at_resolution(m_.processes[p].least_share, rows.slices, t, s);
        out.push_back({.index = rows.at(t, s), .side = Side::lower, .rate = least});
      }
    }
    for (const Block* rows : {&l_.capacity[k], &l_.capacity_reverse[k]}) {
      for (int s = 0; rows->holds(t) && s < rows->slices; ++s) {
        out.push_back(
            {.index = rows->at(t, s), .side = Side::upper, .rate = availability_of(m_, capacity, rows->slices, t, s)});
      }
    }
    if (l_.single_user[k] >= 0) unit_of_single_user(k, t, out);
    for (const StandFlow& flow : capacity.stand_flows) {
      const Block& rows = l_.balance[flow.node.index()];
      for (int s = 0; s < rows.slices; ++s) {
        out.push_back({.index = rows.at(t, s), .rate = -m_.at_resolution(flow.rate, rows.slices, t, s)});
      }
    }
    for (std::size_t v = 0; v < m_.stores.size(); ++v) unit_of_store(v, k, t, out);
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      const Limit& limit = m_.limits[i];
      if (t < limit.first || t > limit.last || l_.limit[i].first < 0) continue;
      for (int s = 0; s < l_.limit[i].slices; ++s) {
        const int32_t row = limit.scope == LimitScope::window ? l_.limit[i].first : l_.limit[i].at(t, s);
        unit_of_terms(limit.terms, k, t, s, row, is_money(limit.unit) ? money_ : 1.0, out);
      }
    }
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      for (const Block* rows : {&l_.ceiling[i], &l_.take_or_pay[i]}) {
        if (rows->holds(t)) unit_of_terms(m_.commitments[i].terms, k, t, 0, rows->at(t), 1.0, out);
      }
    }
    return out;
  }

  void unit_of_single_user(std::size_t k, int t, lp::Direction& out) const {
    const auto p = at(l_.single_user[k]);
    const Process& process = m_.processes[p];
    const Block& block = l_.activity[p];
    for (const CapacityUse& use : process.uses) {
      if (use.capacity != CapacityId(k)) continue;
      for (int s = 0; s < block.slices; ++s) {
        const double rate = availability_of(m_, m_.capacities[k], block.slices, t, s) / m_.at(use.use, 0);
        const std::size_t j = at(block.at(t, s));
        const double own = process.upper.present() ? m_.at_resolution(process.upper, block.slices, t, s) : lp::kInf;
        if (own > p_.column_upper[j]) {
          out.push_back({.index = block.at(t, s), .is_column = true, .side = Side::upper, .rate = rate});
        }
        if (process.least_share.present()) {
          const double least = m_.at_resolution(process.least_share, block.slices, t, s) / m_.at(use.use, 0);
          out.push_back({.index = block.at(t, s), .is_column = true, .side = Side::lower, .rate = least});
        } else if (p_.column_lower[j] < 0) {
          out.push_back({.index = block.at(t, s), .is_column = true, .side = Side::lower, .rate = -rate});
        }
      }
    }
  }

  void unit_of_store(std::size_t v, std::size_t k, int t, lp::Direction& out) const {
    const Store& store = m_.stores[v];
    const auto shift = [&](const Block& rows, const Block& columns, Side side, const auto& per_unit) {
      const Block& block = rows.first >= 0 ? rows : columns;
      for (int s = 0; block.holds(t) && s < block.slices; ++s) {
        out.push_back({.index = block.at(t, s), .is_column = rows.first < 0, .side = side, .rate = per_unit(s)});
      }
    };
    const auto cap = [&](const Block& rows, const Block& columns, double per_unit) {
      shift(rows, columns, Side::upper, [&](int) { return per_unit; });
    };
    if (store.level_capacity == CapacityId(k)) {
      const int slices = l_.level[v].slices;
      shift(l_.level_cap[v], l_.level[v], Side::upper,
            [&](int s) { return level_share(m_, store, store.level_share_max, 1, slices, t, s); });
      if (store.level_share_min.present()) {
        shift(l_.level_floor[v], l_.level[v], Side::lower,
              [&](int s) { return level_share(m_, store, store.level_share_min, 0, slices, t, s); });
      }
    }
    if (store.power_capacity == CapacityId(k)) {
      cap(l_.charge_cap[v], l_.charge[v], 1.0);
      cap(l_.discharge_cap[v], l_.discharge[v], 1.0);
    }
  }

  void unit_of_terms(const std::vector<Term>& terms, std::size_t k, int t, int s, int32_t row, double scale,
                     lp::Direction& out) const {
    for (const Term& term : terms) {
      if (at(term.id) != k || (term.kind != TermKind::online && term.kind != TermKind::fixed)) continue;
      const double factor = term.kind == TermKind::fixed ? m_.at_or(m_.capacities[k].fixed_cost, 0, t) : 1.0;
      out.push_back({.index = row, .rate = -scale * factor * m_.at_or(term.coefficient, 1, t, s)});
    }
  }

  void build_bounds(std::size_t k) {
    const Capacity& capacity = m_.capacities[k];
    const double size = module_of(capacity);
    const Block& order = l_.order[k];
    for (int t = order.t0; order.first >= 0 && capacity.build_max.present() && t < order.t1; ++t) {
      const double most = m_.at(capacity.build_max, t);
      const double cap = capacity.module_size > 0 ? std::floor(most / size + 1e-9) : most / size;
      const std::size_t j = at(order.at(t));
      if (!std::isfinite(cap) || !touches(x_.x[j], cap)) continue;
      // fixed modules move with the bound; free orders may stay below it
      const Side side = p_.column_lower[j] == p_.column_upper[j] ? Side::both : Side::upper;
      add(WorthKind::build_rate, k, t, t, most,
          {{.index = order.at(t), .is_column = true, .side = side, .rate = 1.0 / size}});
    }
    const Block& built = l_.built[k];
    for (int t = built.t0; built.first >= 0 && capacity.total_max >= 0 && t < built.t1; ++t) {
      if (!touches(x_.x[at(built.at(t))], capacity.total_max)) continue;
      add(WorthKind::build_total, k, t, t, capacity.total_max,
          {{.index = built.at(t), .is_column = true, .side = Side::upper}});
    }
  }

  void limit(std::size_t i) {
    const Limit& limit = m_.limits[i];
    const Block& rows = l_.limit[i];
    const double scale = is_money(limit.unit) ? money_ : 1.0;
    const int first = std::max(limit.first, 0), last = std::min(limit.last, T_ - 1);
    if (limit.scope == LimitScope::each_slice) return slice_limit(i, scale);
    for (int t = rows.t0; rows.first >= 0 && t < rows.t1; ++t) {
      const std::size_t row = at(rows.at(t));
      const bool window = limit.scope == LimitScope::window;
      const int from = window ? first : t, to = window ? last : t;
      if (limit.upper.present() && touches(activity_[row], p_.row_upper[row])) {
        add(WorthKind::limit, i, from, to, m_.at(limit.upper, t),
            {{.index = rows.at(t), .side = Side::upper, .rate = scale}});
      } else if (limit.lower.present() && touches(activity_[row], p_.row_lower[row])) {
        // one more of what is asked for is one less for the plan: a floor is worth what lowering it saves
        add(WorthKind::limit, i, from, to, m_.at(limit.lower, t),
            {{.index = rows.at(t), .side = Side::lower, .rate = -scale}}, share_of_less(i, t));
      }
    }
  }

  /// A bound that holds in each slice moves in all of them.
  void slice_limit(std::size_t i, double scale) {
    const Limit& limit = m_.limits[i];
    const Block& rows = l_.limit[i];
    for (int t = rows.t0; t < rows.t1; ++t) {
      for (const Side side : {Side::upper, Side::lower}) {
        const Series bound = side == Side::upper ? limit.upper : limit.lower;
        if (!bound.present()) continue;
        lp::Direction shifts;
        bool binds = false;
        for (int s = 0; s < rows.slices; ++s) {
          const std::size_t row = at(rows.at(t, s));
          binds = binds || touches(activity_[row], side == Side::upper ? p_.row_upper[row] : p_.row_lower[row]);
          shifts.push_back({.index = rows.at(t, s), .side = side, .rate = side == Side::upper ? scale : -scale});
        }
        if (binds) add(WorthKind::limit, i, t, t, m_.mean(bound, t), std::move(shifts));
      }
    }
  }

  /// A target counts what is missing as a share of itself: of a lower one the same miss is a larger share.
  double share_of_less(std::size_t i, int t) const {
    const Limit& limit = m_.limits[i];
    const Block& missing = l_.shortfall[i];
    if (!limit.is_target || m_.objective.kind != ObjectiveKind::earliest || !missing.holds(t)) return 0;
    const std::size_t j = at(missing.at(t));
    const double of_goal = p_.cost[j] - money_ * cost_.coefficient[j];
    return of_goal * x_.x[j] / std::max(1e-9, std::abs(m_.at(limit.lower, t)));
  }

  void ceiling(std::size_t i) {
    const Commitment& commitment = m_.commitments[i];
    const Block& rows = l_.ceiling[i];
    for (int t = rows.t0; rows.first >= 0 && t < rows.t1; ++t) {
      const std::size_t row = at(rows.at(t));
      if (!touches(activity_[row], p_.row_upper[row])) continue;
      lp::Direction direction{{.index = rows.at(t), .side = Side::upper}};
      const Block& least = l_.take_or_pay[i];
      if (least.holds(t)) {
        direction.push_back({.index = least.at(t), .side = Side::lower, .rate = commitment.take_or_pay});
      }
      add(WorthKind::commitment, i, t, t, m_.at(commitment.quantity, t), std::move(direction));
    }
  }

  void process_bounds(std::size_t p) {
    const Process& process = m_.processes[p];
    const Block& block = l_.activity[p];
    for (int t = 0; t < T_; ++t) {
      lp::Direction more, less;
      double most = 0, least = 0;
      for (int s = 0; s < block.slices; ++s) {
        const std::size_t j = at(block.at(t, s));
        if (process.upper.present()) {
          const double own = m_.at_resolution(process.upper, block.slices, t, s);
          most = std::max(most, own);
          if (own <= p_.column_upper[j] && touches(x_.x[j], own)) {
            more.push_back({.index = block.at(t, s), .is_column = true, .side = Side::upper});
          }
        }
        // what is given, such as goods under way, is no floor that somebody set
        const bool is_given = p_.column_upper[j] <= p_.column_lower[j];
        if (process.lower.present() && !is_given && p_.column_lower[j] > 0 && touches(x_.x[j], p_.column_lower[j])) {
          least = std::max(least, p_.column_lower[j]);
          less.push_back({.index = block.at(t, s), .is_column = true, .side = Side::lower, .rate = -1});
        }
      }
      if (!more.empty()) add(WorthKind::supply, p, t, t, most, std::move(more));
      if (!less.empty()) add(WorthKind::must_run, p, t, t, least, std::move(less));
    }
  }

  void store(std::size_t v) {
    const Store& store = m_.stores[v];
    const auto touched = [&](const Block& columns, Series most, int t, lp::Direction& direction) {
      for (int s = 0; columns.holds(t) && s < columns.slices; ++s) {
        const std::size_t j = at(columns.at(t, s));
        if (!touches(x_.x[j], m_.at_resolution(most, columns.slices, t, s))) continue;
        direction.push_back({.index = columns.at(t, s), .is_column = true, .side = Side::upper});
      }
    };
    for (int t = 0; t < T_; ++t) {
      lp::Direction level, power;
      if (store.level_max.present()) touched(l_.level[v], store.level_max, t, level);
      // one cap for both ways
      if (store.power_max.present()) touched(l_.charge[v], store.power_max, t, power);
      if (store.power_max.present()) touched(l_.discharge[v], store.power_max, t, power);
      if (!level.empty()) add(WorthKind::store, v, t, t, m_.at(store.level_max, t), std::move(level));
      if (!power.empty()) add(WorthKind::store, v, t, t, m_.at(store.power_max, t), std::move(power));
    }
  }

  const Model& m_;
  const Layout& l_;
  const lp::Problem& p_;
  const lp::Solution& x_;
  const double money_;
  const GoalVector cost_;  // USD
  const int T_;
  std::vector<double> activity_;  // [row]
  std::vector<Bound> out_;
};

}  // namespace

std::vector<Bound> binding_bounds(const Model& model, const Formulation& formulation, const lp::Solution& solution) {
  return Collector(model, formulation, solution).run();
}

}  // namespace beltline
