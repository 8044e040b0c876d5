#include "plan/walker.h"

#include <algorithm>
#include <cmath>

namespace beltline {
namespace {

constexpr int kStepMax = 200;
/// Below this share of the largest price on the way, something costs nothing.
constexpr double kFree = 1e-9;

std::size_t at(int32_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

Walker::Walker(const Relaxation& relaxation)
    : m_(*relaxation.model),
      l_(relaxation.formulation.layout),
      p_(relaxation.formulation.problem),
      x_(relaxation.solution),
      map_(l_),
      by_row_(rows_of(p_)) {
  // what was insisted upon is no entity of the Model
  map_.columns.resize(p_.column_count());
  map_.rows.resize(p_.row_count());
}

std::vector<CauseStep> Walker::from_row(int32_t row) {
  begin();
  walk_row(row);
  return std::move(chain_);
}

CauseStep Walker::not_online(std::size_t k, int t) const {
  const Block& built = l_.built[k];
  if (built.first >= 0 && t < built.t0) {
    return {StepKind::too_early, static_cast<int32_t>(k), built.t0, built.t0, 0};
  }
  return {StepKind::given, static_cast<int32_t>(k), t, t, m_.at_or(m_.capacities[k].existing, 0, t)};
}

void Walker::begin() {
  chain_.clear();
  rows_seen_.clear();
  columns_seen_.clear();
  price_max_ = 0;
}

void Walker::add(CauseStep step) {
  // the same thing a period earlier or later is one step, also where another (stock and its level) lies between
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, chain_.size()); ++back) {
    CauseStep& before = chain_[chain_.size() - back];
    if (before.kind != step.kind || before.id != step.id) continue;
    before.first = std::min(before.first, step.first);
    before.last = std::max(before.last, step.last);
    return;
  }
  chain_.push_back(step);
}

bool Walker::is_upper(int32_t j) const {
  const double upper = p_.column_upper[at(j)];
  return std::isfinite(upper) && x_.x[at(j)] >= upper - 1e-7 * (1 + std::abs(upper));
}

void Walker::walk_row(int32_t row) {
  while (row >= 0 && static_cast<int>(chain_.size()) < kStepMax && rows_seen_.insert(row).second) {
    const double price = x_.row_dual[at(row)];
    price_max_ = std::max(price_max_, std::abs(price));
    const LpPlace where = map_.rows[at(row)];
    if (where.kind == LpKind::balance) add({StepKind::good, where.id, where.t, where.t, 0});
    if (where.kind == LpKind::build_recursion || where.kind == LpKind::capacity) {
      add({StepKind::online, where.id, where.t, where.t, 0});
    }
    const int32_t column = supplier(row, price);
    if (column < 0) return end_at_row(row, where);
    row = follow_column(column);
  }
}

int32_t Walker::supplier(int32_t row, double price) const {
  int32_t basic = -1, bound = -1, idle = -1, closed = -1;
  double basic_share = 0, bound_rent = 0, idle_cost = 0;
  for (auto k = static_cast<std::size_t>(by_row_.start[at(row)]);
       k < static_cast<std::size_t>(by_row_.start[at(row) + 1]); ++k) {
    const int32_t j = by_row_.column[k];
    const double earned = by_row_.value[k] * price;
    if (earned <= 0 || columns_seen_.contains(j)) continue;
    const LpPlace where = map_.columns[at(j)];
    // what is left out, paid or missed is no supply
    if (where.kind == LpKind::unserved || where.kind == LpKind::shortfall || where.kind == LpKind::unpaid ||
        where.kind == LpKind::none) {
      continue;
    }
    const double reduced = x_.column_dual[at(j)];
    // what is not to be had at all is the cause only where there is no other way
    if (p_.column_upper[at(j)] == 0) {
      closed = j;
      continue;
    }
    if (is_upper(j)) {
      const double rent = -reduced / std::abs(by_row_.value[k]);
      if (rent > bound_rent || bound < 0) {
        bound = j;
        bound_rent = rent;
      }
    } else if (x_.x[at(j)] > 1e-7) {
      const double share = earned * x_.x[at(j)];
      if (share > basic_share) {
        basic = j;
        basic_share = share;
      }
    } else {
      const double cost = reduced / std::abs(by_row_.value[k]);
      if (idle < 0 || cost < idle_cost) {
        idle = j;
        idle_cost = cost;
      }
    }
  }
  if (basic >= 0) return basic;
  // an idle supplier that is as good as free to begin explains more than a full one without rent
  if (bound >= 0 && (idle < 0 || bound_rent > kFree * price_max_)) return bound;
  return idle >= 0 ? idle : bound >= 0 ? bound : closed;
}

int32_t Walker::follow_column(int32_t column) {
  columns_seen_.insert(column);
  const LpPlace where = map_.columns[at(column)];
  if (is_upper(column) && (x_.column_dual[at(column)] < 0 || p_.column_upper[at(column)] == 0)) {
    end_at_bound(column, where);
    return -1;
  }
  add_column_step(where);
  double most = 0;
  int32_t dearest = -1;
  for (auto k = static_cast<std::size_t>(p_.start[at(column)]); k < static_cast<std::size_t>(p_.start[at(column) + 1]);
       ++k) {
    const int32_t row = p_.index[k];
    const double paid = -p_.value[k] * x_.row_dual[at(row)];
    if (paid <= most || rows_seen_.contains(row)) continue;
    most = paid;
    dearest = row;
  }
  const double own = p_.cost[at(column)];
  if (own > most || dearest < 0) {
    const bool is_order = where.kind == LpKind::order || where.kind == LpKind::built;
    if (own > 0) chain_.push_back({StepKind::cost, where.id, where.t, where.t, is_order ? 1.0 : 0.0});
    return -1;
  }
  return dearest;
}

void Walker::add_column_step(const LpPlace& where) {
  switch (where.kind) {
    case LpKind::order: add({StepKind::order, where.id, where.t, where.t, 0}); break;
    case LpKind::built: add({StepKind::online, where.id, where.t, where.t, 0}); break;
    case LpKind::moved: add({StepKind::move, where.id, where.t, where.t, 0}); break;
    case LpKind::activity:
    case LpKind::units:
    case LpKind::peak: add({StepKind::run, where.id, where.t, where.t, 0}); break;
    case LpKind::level:
    case LpKind::charge:
    case LpKind::discharge: add({StepKind::hold, where.id, where.t, where.t, 0}); break;
    default: break;
  }
}

void Walker::end_at_bound(int32_t column, const LpPlace& where) {
  const double upper = p_.column_upper[at(column)];
  const auto id = at(where.id);
  switch (where.kind) {
    case LpKind::order:
      add({StepKind::order, where.id, where.t, where.t, 0});
      chain_.push_back({StepKind::build_rate, where.id, where.t, where.t, upper * module_of(m_.capacities[id])});
      break;
    case LpKind::built:
      add({StepKind::online, where.id, where.t, where.t, 0});
      chain_.push_back({StepKind::build_total, where.id, where.t, where.t, upper});
      break;
    case LpKind::activity:
      add_column_step(where);
      chain_.push_back(bound_of_activity(id, where, upper));
      break;
    default: add_column_step(where); break;
  }
}

CauseStep Walker::bound_of_activity(std::size_t p, const LpPlace& where, double upper) const {
  const Process& process = m_.processes[p];
  for (const CapacityUse& use : process.uses) {
    if (l_.single_user[use.capacity.index()] != where.id) continue;
    const double own = process.upper.present() ? m_.at(process.upper, where.t) : lp::kInf;
    if (own > upper * (1 + 1e-9)) {
      return {StepKind::given, use.capacity.value, where.t, where.t,
              m_.at_or(m_.capacities[use.capacity.index()].existing, 0, where.t)};
    }
  }
  return {StepKind::supply, where.id, where.t, where.t, upper};
}

void Walker::end_at_row(int32_t row, const LpPlace& where) {
  const auto id = at(where.id);
  switch (where.kind) {
    case LpKind::balance: end_at_good(where); break;
    case LpKind::build_recursion: chain_.push_back(not_online_by_order(id, where.t)); break;
    case LpKind::capacity: chain_.push_back(not_online(id, where.t)); break;
    case LpKind::limit: end_at_limit(row, where); break;
    case LpKind::ceiling:
    case LpKind::take_or_pay:
      chain_.push_back({StepKind::commitment, where.id, where.t, where.t, p_.row_upper[at(row)]});
      break;
    default: break;
  }
}

/// Nothing brings more of a good: what would provide it is not online yet, or there is no such thing.
void Walker::end_at_good(const LpPlace& where) {
  int32_t soonest = -1;
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    const auto& flows = m_.capacities[k].stand_flows;
    const bool provides = std::ranges::any_of(
        flows, [&](const StandFlow& f) { return f.node.value == where.id && m_.at(f.rate, where.t) > 0; });
    const Block& built = l_.built[k];
    if (!provides || built.first < 0 || where.t >= built.t0) continue;
    if (soonest < 0 || built.t0 < l_.built[at(soonest)].t0) soonest = static_cast<int32_t>(k);
  }
  if (soonest >= 0) {
    chain_.push_back(not_online(at(soonest), where.t));
  } else {
    chain_.push_back({StepKind::no_source, where.id, where.t, where.t, 0});
  }
}

CauseStep Walker::not_online_by_order(std::size_t k, int t) const {
  const int lead = m_.capacities[k].lead;
  const Block& order = l_.order[k];
  if (order.first >= 0 && t - lead < order.t0) {
    return {StepKind::too_early, static_cast<int32_t>(k), order.t0 + lead, order.t0 + lead, 0};
  }
  return {StepKind::too_late, static_cast<int32_t>(k), t, t, 0};
}

void Walker::end_at_limit(int32_t row, const LpPlace& where) {
  const Limit& limit = m_.limits[at(where.id)];
  if (x_.row_dual[at(row)] > 0) {
    for (const Term& term : limit.terms) {
      if (term.kind != TermKind::online && term.kind != TermKind::built) continue;
      if (l_.built[at(term.id)].holds(where.t)) continue;
      chain_.push_back(not_online(at(term.id), where.t));
      return;
    }
  }
  const double bound = x_.row_dual[at(row)] > 0 ? m_.at_or(limit.lower, 0, where.t) : m_.at_or(limit.upper, 0, where.t);
  chain_.push_back({StepKind::limit, where.id, where.t, where.t, bound});
}

}  // namespace beltline
