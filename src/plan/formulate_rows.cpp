#include "plan/formulate_rows.h"

#include <algorithm>
#include <cmath>

namespace beltline {
namespace {

using lp::kInf;

class RowWriter {
 public:
  RowWriter(const Model& model, const Layout& layout, double money, lp::Problem& problem)
      : m_(model), l_(layout), p_(problem), money_(money), T_(model.period_count()) {}

  void set_rows() {
    const auto n = static_cast<std::size_t>(l_.row_count);
    p_.row_lower.assign(n, 0.0);
    p_.row_upper.assign(n, 0.0);
    set_balance_rows();
    set_capacity_rows();
    for (const Block& b : l_.peak_row) range(b, -kInf, 0.0);
    set_floor_rows();
    set_cycle_rows();
    set_store_rows();
    set_limit_rows();
    set_commitment_rows();
  }

 private:
  /// What existing capacity contributes to a term in period t: a constant, moved to the row's bounds.
  double existing_part(const Term& term, int t, int s = 0) const {
    if (term.kind != TermKind::online && term.kind != TermKind::fixed) return 0;
    const Capacity& capacity = m_.capacities[static_cast<std::size_t>(term.id)];
    const double existing = m_.at_or(capacity.existing, 0, t);
    const double factor = term.kind == TermKind::fixed ? m_.at_or(capacity.fixed_cost, 0, t) : 1.0;
    return m_.at_or(term.coefficient, 1, t, s) * existing * factor;
  }

  void range(const Block& b, double lower, double upper) {
    for (int32_t r = 0; r < b.size(); ++r) {
      p_.row_lower[static_cast<std::size_t>(b.first + r)] = lower;
      p_.row_upper[static_cast<std::size_t>(b.first + r)] = upper;
    }
  }

  void set_balance_rows() {
    for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
      if (m_.commodities[m_.nodes[n].commodity.index()].disposable) range(l_.balance[n], 0.0, kInf);
    }
    const auto shift = [&](int32_t row, double by) {
      p_.row_lower[static_cast<std::size_t>(row)] += by;
      p_.row_upper[static_cast<std::size_t>(row)] += by;
    };
    for (const Demand& demand : m_.demands) {
      const Block& rows = l_.balance[demand.node.index()];
      for (int t = 0; t < T_; ++t) {
        for (int s = 0; s < rows.slices; ++s)
          shift(rows.at(t, s), m_.at_resolution(demand.quantity, rows.slices, t, s));
      }
    }
    // Existing capacity stands too, and an inventory's first level is given.
    for (const Capacity& capacity : m_.capacities) {
      if (!capacity.existing.present()) continue;
      for (const StandFlow& flow : capacity.stand_flows) {
        const Block& rows = l_.balance[flow.node.index()];
        for (int t = 0; t < T_; ++t) {
          for (int s = 0; s < rows.slices; ++s) {
            shift(rows.at(t, s), -m_.at(capacity.existing, t) * m_.at_resolution(flow.rate, rows.slices, t, s));
          }
        }
      }
    }
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const Store& store = m_.stores[v];
      if (l_.charge[v].first < 0 && store.initial != 0) {
        shift(l_.balance[store.node.index()].at(0), -store.initial * (1.0 - store.loss));
      }
    }
  }

  void set_capacity_rows() {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Capacity& capacity = m_.capacities[k];
      for (const Block* rows : {&l_.capacity[k], &l_.capacity_reverse[k]}) {
        for (int t = rows->t0; rows->first >= 0 && t < rows->t1; ++t) {
          const double existing = m_.at_or(capacity.existing, 0, t);
          for (int s = 0; s < rows->slices; ++s) {
            p_.row_lower[static_cast<std::size_t>(rows->at(t, s))] = -kInf;
            p_.row_upper[static_cast<std::size_t>(rows->at(t, s))] =
                existing * availability_of(m_, capacity, rows->slices, t, s);
          }
        }
      }
    }
  }

  /// use · activity − least share · built ≥ least share · existing.
  void set_floor_rows() {
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Block& rows = l_.floor[p];
      const Process& process = m_.processes[p];
      for (int t = rows.t0; rows.first >= 0 && t < rows.t1; ++t) {
        const double existing = existing_of(m_, process.uses.front().capacity, t);
        for (int s = 0; s < rows.slices; ++s) {
          const auto row = static_cast<std::size_t>(rows.at(t, s));
          p_.row_lower[row] = existing * m_.at_resolution(process.least_share, rows.slices, t, s);
          p_.row_upper[row] = kInf;
        }
      }
    }
  }

  void set_cycle_rows() {
    for (std::size_t c = 0; c < l_.cycles.size(); ++c) range(l_.cycle[c], -l_.cycles[c].shift, -l_.cycles[c].shift);
  }

  void set_store_rows() {
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const Store& store = m_.stores[v];
      const auto cap = [&](const Block& rows, CapacityId k, bool is_floor, const auto& per_unit) {
        for (int t = rows.t0; rows.first >= 0 && t < rows.t1; ++t) {
          for (int s = 0; s < rows.slices; ++s) {
            const auto row = static_cast<std::size_t>(rows.at(t, s));
            const double existing = per_unit(t, s) * existing_of(m_, k, t);
            p_.row_lower[row] = is_floor ? existing : -kInf;
            p_.row_upper[row] = is_floor ? kInf : existing;
          }
        }
      };
      const int slices = l_.level[v].slices;
      const auto one = [](int, int) { return 1.0; };
      cap(l_.level_cap[v], store.level_capacity, false,
          [&](int t, int s) { return level_share(m_, store, store.level_share_max, 1, slices, t, s); });
      cap(l_.level_floor[v], store.level_capacity, true,
          [&](int t, int s) { return level_share(m_, store, store.level_share_min, 0, slices, t, s); });
      cap(l_.charge_cap[v], store.power_capacity, false, one);
      cap(l_.discharge_cap[v], store.power_capacity, false, one);
      set_first_levels(v);
    }
  }

  /// An open store begins each group with what it has.
  void set_first_levels(std::size_t v) {
    const Store& store = m_.stores[v];
    const Block& rows = l_.level_recursion[v];
    for (int t = rows.t0; store.is_open && rows.first >= 0 && t < rows.t1; ++t) {
      for (int s = 0; s < rows.slices; ++s) {
        const StoreStep step = store_step(m_, rows.slices, s);
        if (!step.is_first) continue;
        const auto row = static_cast<std::size_t>(rows.at(t, s));
        p_.row_lower[row] = p_.row_upper[row] = store.initial * std::pow(1.0 - store.loss, step.hours);
      }
    }
  }

  void set_limit_rows() {
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      const Limit& limit = m_.limits[i];
      const Block& rows = l_.limit[i];
      if (rows.first < 0) continue;
      const double scale = is_money(limit.unit) ? money_ : 1.0;
      const int first = std::max(limit.first, 0), last = std::min(limit.last, T_ - 1);
      // A goal that another objective only reports binds nothing.
      const bool reported_only = limit.is_target && m_.objective.kind == ObjectiveKind::max_compute;
      if (limit.scope == LimitScope::each_slice) {
        set_slice_limit(limit, rows, scale, first, last);
        continue;
      }
      const bool one_row = limit.scope == LimitScope::window;
      double constant = 0;
      for (int t = first; t <= last; ++t) {
        double part = 0;
        for (const Term& term : limit.terms) part += existing_part(term, t);
        constant = one_row ? constant + part : part;
        if (one_row && t != last) continue;
        const auto row = static_cast<std::size_t>(one_row ? rows.first : rows.at(t));
        const int at = one_row ? first : t;
        p_.row_lower[row] =
            limit.lower.present() && !reported_only ? scale * (m_.at(limit.lower, at) - constant) : -kInf;
        p_.row_upper[row] = limit.upper.present() ? scale * (m_.at(limit.upper, at) - constant) : kInf;
      }
    }
  }

  void set_slice_limit(const Limit& limit, const Block& rows, double scale, int first, int last) {
    for (int t = first; t <= last; ++t) {
      for (int s = 0; s < rows.slices; ++s) {
        double constant = 0;
        for (const Term& term : limit.terms) constant += existing_part(term, t, s);
        const auto row = static_cast<std::size_t>(rows.at(t, s));
        const auto bound = [&](Series series, double none) {
          return series.present() ? scale * (m_.at_resolution(series, rows.slices, t, s) - constant) : none;
        };
        p_.row_lower[row] = bound(limit.lower, -kInf);
        p_.row_upper[row] = bound(limit.upper, kInf);
      }
    }
  }

  void set_commitment_rows() {
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      const Commitment& c = m_.commitments[i];
      for (int t = 0; t < T_; ++t) {
        double constant = 0;
        for (const Term& term : c.terms) constant += existing_part(term, t);
        if (l_.ceiling[i].holds(t)) {
          p_.row_lower[static_cast<std::size_t>(l_.ceiling[i].at(t))] = -kInf;
          p_.row_upper[static_cast<std::size_t>(l_.ceiling[i].at(t))] = m_.at(c.quantity, t) - constant;
        }
        if (l_.take_or_pay[i].holds(t)) {
          p_.row_lower[static_cast<std::size_t>(l_.take_or_pay[i].at(t))] =
              c.take_or_pay * m_.at(c.quantity, t) - constant;
          p_.row_upper[static_cast<std::size_t>(l_.take_or_pay[i].at(t))] = kInf;
        }
      }
    }
  }

  const Model& m_;
  const Layout& l_;
  lp::Problem& p_;
  const double money_;
  const int T_;
};

}  // namespace

void write_rows(const Model& model, const Layout& layout, double money, lp::Problem& problem) {
  RowWriter(model, layout, money, problem).set_rows();
}

}  // namespace beltline
