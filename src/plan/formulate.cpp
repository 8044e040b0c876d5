#include "plan/formulate.h"

#include <algorithm>
#include <cmath>

#include "plan/commitment.h"
#include "plan/formulate_rows.h"

namespace beltline {
namespace {

using lp::kInf;

/// One place where a variable enters a row that users wrote: a limit or a commitment.
struct TermUse {
  TermKind kind;
  Series coefficient;
  const Block* rows;
  int first, last;  // periods, inclusive
  LimitScope scope;
  double scale;

  [[nodiscard]] bool covers(int t) const { return t >= first && t <= last && rows->first >= 0; }
  [[nodiscard]] int32_t row(int t, int s) const {
    return scope == LimitScope::window ? rows->first : rows->at(t, scope == LimitScope::each_slice ? s : 0);
  }
};

/// Terms by the entity they read, so that a column finds its rows without a search.
struct TermIndex {
  std::vector<std::vector<TermUse>> process, capacity, store, demand, move;
};

/// Writes the columns, one after the other; rows are there already.
class Formulator {
 public:
  Formulator(const Model& model, Formulation& out)
      : m_(model), l_(out.layout), p_(out.problem), money_(out.money_scale), T_(model.period_count()) {}

  void run() {
    index_terms();
    write_rows(m_, l_, money_, p_);
    set_unit_rows();
    reserve();
    add_orders();
    add_built();
    add_moves();
    add_activities();
    add_peaks();
    add_stores();
    add_unserved();
    add_shortfalls();
    add_unpaid();
    add_units();
    ASSERT(p_.column_lower.size() == static_cast<std::size_t>(l_.column_count));
    p_.cost.assign(p_.column_lower.size(), 0.0);
  }

 private:
  void index_terms() {
    terms_.process.resize(m_.processes.size());
    terms_.capacity.resize(m_.capacities.size());
    terms_.store.resize(m_.stores.size());
    terms_.demand.resize(m_.demands.size());
    terms_.move.resize(m_.moves.size());
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      const Limit& limit = m_.limits[i];
      index(limit.terms, {.rows = &l_.limit[i],
                          .first = std::max(limit.first, 0),
                          .last = std::min(limit.last, T_ - 1),
                          .scope = limit.scope,
                          .scale = is_money(limit.unit) ? money_ : 1.0});
    }
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      const Commitment& c = m_.commitments[i];
      for (const Block* rows : {&l_.ceiling[i], &l_.take_or_pay[i]}) {
        if (rows->first < 0) continue;
        index(c.terms,
              {.rows = rows, .first = rows->t0, .last = rows->t1 - 1, .scope = LimitScope::each_period, .scale = 1.0});
      }
    }
  }

  void index(const std::vector<Term>& terms, TermUse use) {
    for (const Term& term : terms) {
      use.kind = term.kind;
      use.coefficient = term.coefficient;
      const auto id = static_cast<std::size_t>(term.id);
      switch (term.kind) {
        case TermKind::activity:
        case TermKind::peak:
        case TermKind::variable: terms_.process.at(id).push_back(use); break;
        case TermKind::order:
        case TermKind::online:
        case TermKind::built:
        case TermKind::spend:
        case TermKind::fixed: terms_.capacity.at(id).push_back(use); break;
        case TermKind::level:
        case TermKind::charge:
        case TermKind::discharge: terms_.store.at(id).push_back(use); break;
        case TermKind::unserved: terms_.demand.at(id).push_back(use); break;
        case TermKind::moved: terms_.move.at(id).push_back(use); break;
      }
    }
  }

  /// Exact for networks of processes; other columns are few and grow the arrays by a little.
  void reserve() {
    std::size_t nonzeros = 0;
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Process& process = m_.processes[p];
      const std::size_t columns = static_cast<std::size_t>(l_.activity[p].size());
      std::size_t each = terms_.process[p].size() + (l_.peak[p].first >= 0 ? 1 : 0);
      for (const Flow& flow : process.flows) {
        each += static_cast<std::size_t>(std::max(1, l_.balance[flow.node.index()].slices / l_.activity[p].slices));
      }
      for (const CapacityUse& use : process.uses) {
        const Block& rows = l_.capacity[use.capacity.index()];
        if (rows.first >= 0) each += static_cast<std::size_t>(std::max(1, rows.slices / l_.activity[p].slices));
        if (l_.capacity_reverse[use.capacity.index()].first >= 0) ++each;
      }
      nonzeros += columns * each;
    }
    for (const Cycle& cycle : l_.cycles)
      nonzeros += cycle.lines.size() * static_cast<std::size_t>(T_ * m_.calendar.slice_count);
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const auto columns = static_cast<std::size_t>(l_.level[v].size());
      nonzeros += columns * (l_.charge[v].first >= 0 ? 6 : 2);
      if (l_.level_cap[v].first >= 0) nonzeros += 2 * columns;
      if (l_.charge_cap[v].first >= 0) nonzeros += 4 * columns;
    }
    for (const Block& b : l_.unserved) nonzeros += static_cast<std::size_t>(b.size());
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      if (l_.built[k].first < 0) continue;
      std::size_t each = 4 + static_cast<std::size_t>(l_.capacity[k].slices + l_.capacity_reverse[k].slices);
      for (const StandFlow& flow : m_.capacities[k].stand_flows) {
        each += static_cast<std::size_t>(l_.balance[flow.node.index()].slices);
      }
      nonzeros += each * static_cast<std::size_t>(T_);
    }
    nonzeros += units_.value.size();
    p_.index.reserve(nonzeros);
    p_.value.reserve(nonzeros);
    const auto n = static_cast<std::size_t>(l_.column_count);
    p_.start.reserve(n + 1);
    p_.start.push_back(0);
    p_.column_lower.reserve(n);
    p_.column_upper.reserve(n);
  }

  void put(int32_t row, double value) {
    if (value == 0) return;
    p_.index.push_back(row);
    p_.value.push_back(value);
  }

  void close(double lower, double upper, bool integer = false) {
    const auto begin = static_cast<std::size_t>(p_.start.back());
    put_unit_rows(p_.column_lower.size());
    order_entries(begin);
    p_.start.push_back(static_cast<int32_t>(p_.index.size()));
    p_.column_lower.push_back(lower);
    p_.column_upper.push_back(upper);
    if (integer && p_.integer.empty()) p_.integer.assign(static_cast<std::size_t>(l_.column_count), 0);
    if (integer) p_.integer[p_.column_lower.size() - 1] = 1;
  }

  /// Rows ascending, duplicates added up. Columns are short: insertion sort beats anything cleverer.
  void order_entries(std::size_t begin) {
    const std::size_t end = p_.index.size();
    bool ordered = true;
    for (std::size_t i = begin + 1; i < end && ordered; ++i) ordered = p_.index[i - 1] < p_.index[i];
    if (ordered) return;
    if (end - begin > 64) {
      order_long(begin);
    } else {
      for (std::size_t i = begin + 1; i < end; ++i) {
        const int32_t row = p_.index[i];
        const double value = p_.value[i];
        std::size_t j = i;
        for (; j > begin && p_.index[j - 1] > row; --j) {
          p_.index[j] = p_.index[j - 1];
          p_.value[j] = p_.value[j - 1];
        }
        p_.index[j] = row;
        p_.value[j] = value;
      }
    }
    std::size_t keep = begin;
    for (std::size_t i = begin; i < end; ++i) {
      if (keep > begin && p_.index[keep - 1] == p_.index[i]) {
        p_.value[keep - 1] += p_.value[i];
      } else {
        p_.index[keep] = p_.index[i];
        p_.value[keep++] = p_.value[i];
      }
    }
    p_.index.resize(keep);
    p_.value.resize(keep);
  }

  void order_long(std::size_t begin) {
    std::vector<std::pair<int32_t, double>> entries;
    for (std::size_t i = begin; i < p_.index.size(); ++i) entries.emplace_back(p_.index[i], p_.value[i]);
    std::ranges::stable_sort(entries, {}, &std::pair<int32_t, double>::first);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      p_.index[begin + i] = entries[i].first;
      p_.value[begin + i] = entries[i].second;
    }
  }

  /// What a column without slices adds to the rows it counts in: in each slice, where the row is one of a slice.
  void put_terms(const std::vector<TermUse>& uses, TermKind kind, int t, double amount) {
    for (const TermUse& use : uses) {
      if (use.kind != kind || !use.covers(t)) continue;
      for (int s = 0; s < (use.scope == LimitScope::each_slice ? use.rows->slices : 1); ++s) {
        put(use.row(t, s), use.scale * m_.at_or(use.coefficient, 1, t, s) * amount);
      }
    }
  }

  /// What slice s, one of `slices`, adds: `weight` times the amount, the amount itself in a row of its slice.
  void put_slice_terms(const std::vector<TermUse>& uses, TermKind kind, int slices, int t, int s, double weight,
                       double amount) {
    for (const TermUse& use : uses) {
      if (use.kind != kind || !use.covers(t)) continue;
      const auto coefficient = [&](int u) {
        return use.coefficient.present() ? m_.at_resolution(use.coefficient, slices, t, u) : 1.0;
      };
      if (use.scope != LimitScope::each_slice) {
        put(use.row(t, s), use.scale * coefficient(s) * weight * amount);
      } else if (slices > 1) {
        put(use.row(t, s), use.scale * coefficient(s) * amount);
      } else {
        // a place told in outline counts the same in every slice
        for (int u = 0; u < use.rows->slices; ++u) {
          put(use.row(t, u), use.scale * m_.at_or(use.coefficient, 1, t, u) * amount);
        }
      }
    }
  }

  /// order[k, t]: starts the recursion after its lead, ends it after its life, consumes its build flows, is paid for.
  void add_orders() {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Capacity& capacity = m_.capacities[k];
      const Block& block = l_.order[k];
      const double size = module_of(capacity);
      for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
        const int online = t + capacity.lead;
        put(l_.build_recursion[k].at(online), -size);
        if (capacity.life > 0 && online + capacity.life < T_)
          put(l_.build_recursion[k].at(online + capacity.life), size);
        for (const BuildFlow& flow : capacity.build_flows) {
          const Block& rows = l_.balance[flow.node.index()];
          const int at = t + flow.offset;
          if (!rows.holds(at)) continue;
          const bool is_rate = m_.commodities[flow.commodity.index()].grain == Grain::rate;
          const double amount = size * flow.amount / (is_rate ? m_.calendar.hours(at) : 1.0);
          for (int s = 0; s < rows.slices; ++s) put(rows.at(at, s), amount);
        }
        put_terms(terms_.capacity[k], TermKind::order, t, size);
        for (const TermUse& use : terms_.capacity[k]) {
          if (use.kind != TermKind::spend) continue;
          for (int j = 0; j < std::max<int>(1, static_cast<int>(capacity.spend_profile.size())); ++j) {
            if (!use.covers(t + j)) continue;
            const double usd = use.scale * m_.at_or(use.coefficient, 1, t + j) * size * spend(m_, capacity, t, j);
            for (int s = 0; s < (use.scope == LimitScope::each_slice ? use.rows->slices : 1); ++s) {
              put(use.row(t + j, s), usd);
            }
          }
        }
        const double most = capacity.build_max.present() ? m_.at(capacity.build_max, t) / size : kInf;
        const bool whole = capacity.module_size > 0;
        close(0, whole ? std::floor(most + 1e-9) : most, whole);
      }
    }
  }

  /// built[k, t] − built[k, t−1] = orders arriving − orders retiring + moves in − moves out.
  void add_built() {
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Capacity& capacity = m_.capacities[k];
      const Block& block = l_.built[k];
      for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
        put(l_.build_recursion[k].at(t), 1.0);
        if (t + 1 < block.t1) put(l_.build_recursion[k].at(t + 1), -1.0);
        for (const Block* rows : {&l_.capacity[k], &l_.capacity_reverse[k]}) {
          for (int s = 0; rows->first >= 0 && s < rows->slices; ++s) {
            put(rows->at(t, s), -availability_of(m_, capacity, rows->slices, t, s));
          }
        }
        for (const StandFlow& flow : capacity.stand_flows) {
          const Block& rows = l_.balance[flow.node.index()];
          for (int s = 0; s < rows.slices; ++s) put(rows.at(t, s), m_.at_resolution(flow.rate, rows.slices, t, s));
        }
        for (std::size_t p : floors_on(k)) {
          for (int s = 0; s < l_.floor[p].slices; ++s) {
            put(l_.floor[p].at(t, s), -m_.at_resolution(m_.processes[p].least_share, l_.floor[p].slices, t, s));
          }
        }
        for (std::size_t v : stores_on(k)) put_store_caps(v, k, t);
        put_terms(terms_.capacity[k], TermKind::online, t, 1.0);
        put_terms(terms_.capacity[k], TermKind::built, t, 1.0);
        put_terms(terms_.capacity[k], TermKind::fixed, t, m_.at_or(capacity.fixed_cost, 0, t));
        close(0, capacity.total_max >= 0 ? capacity.total_max : kInf);
      }
    }
  }

  std::vector<std::size_t> floors_on(std::size_t k) const {
    std::vector<std::size_t> found;
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      if (l_.floor[p].first >= 0 && m_.processes[p].uses.front().capacity == CapacityId(k)) found.push_back(p);
    }
    return found;
  }

  std::vector<std::size_t> stores_on(std::size_t k) const {
    std::vector<std::size_t> found;
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const Store& store = m_.stores[v];
      if (store.level_capacity == CapacityId(k) || store.power_capacity == CapacityId(k)) found.push_back(v);
    }
    return found;
  }

  void put_store_caps(std::size_t v, std::size_t k, int t) {
    const Store& store = m_.stores[v];
    const auto put_all = [&](const Block& rows, const auto& per_unit) {
      for (int s = 0; rows.first >= 0 && s < rows.slices; ++s) put(rows.at(t, s), -per_unit(s));
    };
    const auto one = [](int) { return 1.0; };
    if (store.level_capacity == CapacityId(k)) {
      const int slices = l_.level[v].slices;
      put_all(l_.level_cap[v], [&](int s) { return level_share(m_, store, store.level_share_max, 1, slices, t, s); });
      put_all(l_.level_floor[v], [&](int s) { return level_share(m_, store, store.level_share_min, 0, slices, t, s); });
    }
    if (store.power_capacity == CapacityId(k)) {
      put_all(l_.charge_cap[v], one);
      put_all(l_.discharge_cap[v], one);
    }
  }

  void add_moves() {
    for (std::size_t i = 0; i < m_.moves.size(); ++i) {
      const Move& move = m_.moves[i];
      const Block& block = l_.moved[i];
      const double size = module_of(m_.capacities[move.from.index()]);
      for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
        put(l_.build_recursion[move.from.index()].at(t), size);
        put(l_.build_recursion[move.to.index()].at(t + move.lag), -size);
        put_terms(terms_.move[i], TermKind::moved, t, size);
        close(0, kInf, m_.capacities[move.from.index()].module_size > 0);
      }
    }
  }

  void add_activities() {
    std::vector<std::vector<std::pair<std::size_t, double>>> cycles_of(m_.processes.size());
    for (std::size_t c = 0; c < l_.cycles.size(); ++c) {
      for (const auto& [process, reactance] : l_.cycles[c].lines) cycles_of[process.index()].emplace_back(c, reactance);
    }
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Process& process = m_.processes[p];
      const Block& block = l_.activity[p];
      for (int t = 0; t < T_; ++t) {
        for (int s = 0; s < block.slices; ++s) {
          put_flows(process, block.slices, t, s);
          put_uses(process, block.slices, t, s);
          if (l_.peak_row[p].first >= 0) put(l_.peak_row[p].at(t, s), 1.0);
          if (l_.floor[p].first >= 0) {
            put(l_.floor[p].at(t, s), m_.at_resolution(process.uses.front().use, block.slices, t, s));
          }
          for (const auto& [c, reactance] : cycles_of[p]) put(l_.cycle[c].at(t, s), reactance);
          if (!terms_.process[p].empty()) put_process_terms(p, t, s);
          const auto [lower, upper] = activity_bounds(p, t, s);
          close(lower, upper);
        }
      }
    }
  }

  void put_flows(const Process& process, int slices, int t, int s) {
    for (const Flow& flow : process.flows) {
      const Block& rows = l_.balance[flow.node.index()];
      const int arrival = t + flow.lag;
      if (arrival >= T_) continue;
      if (rows.slices > slices) {
        for (int u = 0; u < rows.slices; ++u) {
          put(rows.at(arrival, u), flow_weight(m_, process, flow, slices, rows.slices, t, u));
        }
      } else {
        const int into = flow.delay == 0 || rows.slices == 1 ? s : delayed_slice(m_.calendar, flow, s);
        if (into < 0) continue;
        put(rows.at(arrival, rows.slices == 1 ? 0 : into), flow_weight(m_, process, flow, slices, rows.slices, t, s));
      }
    }
  }

  void put_uses(const Process& process, int slices, int t, int s) {
    for (const CapacityUse& use : process.uses) {
      const Block& rows = l_.capacity[use.capacity.index()];
      if (rows.first < 0) continue;
      const Block& reverse = l_.capacity_reverse[use.capacity.index()];
      const int first = rows.slices > slices ? 0 : (rows.slices == 1 ? 0 : s);
      const int last = rows.slices > slices ? rows.slices - 1 : first;
      for (int u = first; u <= last; ++u) {
        const double amount = m_.at_resolution(use.use, std::max(slices, rows.slices), t, rows.slices > slices ? u : s);
        put(rows.at(t, u), amount);
        if (reverse.first >= 0) put(reverse.at(t, u), -amount);
      }
    }
  }

  void put_process_terms(std::size_t p, int t, int s) {
    const Process& process = m_.processes[p];
    const int slices = l_.activity[p].slices;
    const double weight = process.grain == Grain::rate ? m_.hours(slices, t, s) : 1.0;
    const double cost = process.cost.present() ? m_.at_resolution(process.cost, slices, t, s) : 0.0;
    put_slice_terms(terms_.process[p], TermKind::activity, slices, t, s, weight, 1.0);
    put_slice_terms(terms_.process[p], TermKind::variable, slices, t, s, weight, cost);
  }

  std::pair<double, double> activity_bounds(std::size_t p, int t, int s) const {
    const Process& process = m_.processes[p];
    const int slices = l_.activity[p].slices;
    double lower = process.lower.present() ? m_.at_resolution(process.lower, slices, t, s)
                   : process.runs_back     ? -kInf
                                           : 0.0;
    double upper = process.upper.present() ? m_.at_resolution(process.upper, slices, t, s) : kInf;
    for (const CapacityUse& use : process.uses) {
      const std::size_t k = use.capacity.index();
      if (l_.single_user[k] != static_cast<int>(p)) continue;
      const Capacity& capacity = m_.capacities[k];
      const double most =
          m_.at_or(capacity.existing, 0, t) * availability_of(m_, capacity, slices, t, s) / m_.at(use.use, 0);
      upper = std::min(upper, most);
      if (lower < 0 && !process.least_share.present()) lower = std::max(lower, -most);
    }
    if (process.least_share.present() && l_.floor[p].first < 0 && !process.uses.empty()) {
      const CapacityUse& use = process.uses.front();
      const double least = m_.at_resolution(process.least_share, slices, t, s) * existing_of(m_, use.capacity, t);
      lower = std::max(lower, least / m_.at_resolution(use.use, slices, t, s));
    }
    return {lower, upper};
  }

  void add_peaks() {
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Process& process = m_.processes[p];
      for (int t = 0; l_.peak[p].first >= 0 && t < T_; ++t) {
        for (int s = 0; s < l_.peak_row[p].slices; ++s) put(l_.peak_row[p].at(t, s), -1.0);
        put_terms(terms_.process[p], TermKind::peak, t, 1.0);
        put_terms(terms_.process[p], TermKind::variable, t, m_.at_or(process.peak_cost, 0, t));
        close(0, kInf);
      }
    }
  }

  /// Rates: level[s] = level[s−1]·(1−loss)^h + h·(efficiency_in·charge − discharge/efficiency_out), cyclic in a group.
  /// Amounts: the balance itself holds level[t−1]·(1−loss) − level[t].
  void add_stores() {
    for (std::size_t v = 0; v < m_.stores.size(); ++v) add_levels(v);
    // Columns follow the layout: level, charge, discharge of one store lie together.
  }

  void add_levels(std::size_t v) {
    const Store& store = m_.stores[v];
    const Block& level = l_.level[v];
    const Block& balance = l_.balance[store.node.index()];
    const bool is_rate = l_.charge[v].first >= 0;
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < level.slices; ++s) {
        if (is_rate) {
          put(l_.level_recursion[v].at(t, s), 1.0);
          const StoreStep step = store_step(m_, level.slices, s);
          const double keep = std::pow(1.0 - store.loss, store_step(m_, level.slices, step.next).hours);
          if (!(store.is_open && step.is_last)) put(l_.level_recursion[v].at(t, step.next), -keep);
        } else {
          put(balance.at(t), -1.0);
          if (t + 1 < T_) put(balance.at(t + 1), 1.0 - store.loss);
        }
        for (const Block* rows : {&l_.level_cap[v], &l_.level_floor[v]}) {
          if (rows->first >= 0) put(rows->at(t, s), 1.0);
        }
        const double share = is_rate && level.slices > 1 ? m_.calendar.hours(t, s) / m_.calendar.hours(t) : 1.0;
        put_slice_terms(terms_.store[v], TermKind::level, level.slices, t, s, share, 1.0);
        close(level_min(v, t, s), level_max(v, t, s));
      }
    }
    if (!is_rate) return;
    add_flow_columns(v, TermKind::charge, l_.charge_cap[v], -1.0, -store.efficiency_in);
    add_flow_columns(v, TermKind::discharge, l_.discharge_cap[v], 1.0, 1.0 / store.efficiency_out);
  }

  void add_flow_columns(std::size_t v, TermKind kind, const Block& cap, double into_balance, double into_level) {
    const Store& store = m_.stores[v];
    const Block& recursion = l_.level_recursion[v];
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < recursion.slices; ++s) {
        put(l_.balance[store.node.index()].at(t, s), into_balance);
        put(recursion.at(t, s), into_level * store_step(m_, recursion.slices, s).hours);
        if (cap.first >= 0) put(cap.at(t, s), 1.0);
        put_slice_terms(terms_.store[v], kind, recursion.slices, t, s, m_.hours(recursion.slices, t, s), 1.0);
        close(0, fixed_cap(store.power_capacity, 1.0, store.power_max, cap, recursion.slices, t, s));
      }
    }
  }

  double level_max(std::size_t v, int t, int s) const {
    const Store& store = m_.stores[v];
    const int slices = l_.level[v].slices;
    const double per_unit = level_share(m_, store, store.level_share_max, 1, slices, t, s);
    return fixed_cap(store.level_capacity, per_unit, store.level_max, l_.level_cap[v], slices, t, s);
  }

  double level_min(std::size_t v, int t, int s) const {
    const Store& store = m_.stores[v];
    const int slices = l_.level[v].slices;
    double least = store.level_min.present() ? m_.at_resolution(store.level_min, slices, t, s) : 0.0;
    if (store.level_share_min.present() && store.level_capacity.valid() && l_.level_floor[v].first < 0) {
      least = std::max(least, level_share(m_, store, store.level_share_min, 0, slices, t, s) *
                                  existing_of(m_, store.level_capacity, t));
    }
    return least;
  }

  /// A cap that no decision moves is a bound.
  double fixed_cap(CapacityId k, double per_unit, Series most, const Block& rows, int slices, int t, int s) const {
    double cap = most.present() ? m_.at_resolution(most, slices, t, s) : kInf;
    if (k.valid() && rows.first < 0) cap = std::min(cap, per_unit * existing_of(m_, k, t));
    return cap;
  }

  void add_unserved() {
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      const Demand& demand = m_.demands[d];
      const Block& block = l_.unserved[d];
      const bool is_rate = m_.commodities[demand.commodity.index()].grain == Grain::rate;
      for (int t = 0; block.first >= 0 && t < T_; ++t) {
        for (int s = 0; s < block.slices; ++s) {
          put(l_.balance[demand.node.index()].at(t, s), 1.0);
          put_slice_terms(terms_.demand[d], TermKind::unserved, block.slices, t, s,
                          is_rate ? m_.hours(block.slices, t, s) : 1.0, 1.0);
          close(0, std::max(0.0, m_.at_resolution(demand.quantity, block.slices, t, s)));
        }
      }
    }
  }

  void add_shortfalls() {
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      const Block& block = l_.shortfall[i];
      const double scale = is_money(m_.limits[i].unit) ? money_ : 1.0;
      for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
        put(l_.limit[i].at(t), scale);
        close(0, kInf);
      }
    }
  }

  void add_unpaid() {
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      const Block& block = l_.unpaid[i];
      for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
        put(l_.take_or_pay[i].at(t), 1.0);
        close(0, kInf);
      }
    }
  }

  void set_unit_rows() {
    units_ = commitment_rows(m_, l_);
    std::ranges::copy(units_.lower, p_.row_lower.begin() + units_.first);
    std::ranges::copy(units_.upper, p_.row_upper.begin() + units_.first);
  }

  /// What rows of units and ramps have of column j.
  void put_unit_rows(std::size_t j) {
    if (units_.start.empty()) return;
    for (auto i = static_cast<std::size_t>(units_.start[j]); i < static_cast<std::size_t>(units_.start[j + 1]); ++i) {
      put(units_.index[i], units_.value[i]);
    }
  }

  /// Units on, started and stopped. Whole numbers of the first two make the third whole.
  void add_units() {
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const CommitmentLayout& l = l_.commitment;
      const auto add = [&](const Block& block, double CommitmentCost::* usd, bool integer) {
        for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
          const double most = units_max(m_, l_, p, t);
          for (int s = 0; s < block.slices; ++s) {
            const double hours = std::max(m_.calendar.hours(t, s), 1e-9);  // a slice may stand for none
            put_slice_terms(terms_.process[p], TermKind::variable, block.slices, t, s, hours,
                            commitment_cost(m_, m_.processes[p], t, s).*usd / hours);
            close(0, most, integer);
          }
        }
      };
      add(l.on[p], &CommitmentCost::on, true);
      add(l.starts[p], &CommitmentCost::start, true);
      add(l.stops[p], &CommitmentCost::stop, false);
    }
  }

  const Model& m_;
  const Layout& l_;
  lp::Problem& p_;
  const double money_;
  const int T_;
  TermIndex terms_;
  CommitmentRows units_;
};

}  // namespace

Formulation formulate(const Model& model) {
  Formulation out;
  out.layout = make_layout(model);
  out.money_scale = money_scale_of(model, out.layout);
  Formulator(model, out).run();
  return out;
}

}  // namespace beltline
