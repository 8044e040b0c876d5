#include "plan/cause.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "plan/lp_map.h"
#include "plan/verify.h"

namespace beltline {
namespace {

constexpr int kStepMax = 200;
constexpr int kInsistMax = 24;
/// Below this share of the largest price on the way, something costs nothing.
constexpr double kFree = 1e-9;

/// Walks from what is short to what binds, on the prices of an LP.
class Walker {
 public:
  explicit Walker(const Relaxation& relaxation)
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

  std::vector<CauseStep> from_row(int32_t row) {
    begin();
    walk_row(row);
    return std::move(chain_);
  }

  /// Why a capacity has no column for being online in t.
  CauseStep not_online(std::size_t k, int t) const {
    const Block& built = l_.built[k];
    if (built.first >= 0 && t < built.t0) {
      return {StepKind::too_early, static_cast<int32_t>(k), built.t0, built.t0, 0};
    }
    return {StepKind::given, static_cast<int32_t>(k), t, t, m_.at_or(m_.capacities[k].existing, 0, t)};
  }

 private:
  static std::size_t at(int32_t i) { return static_cast<std::size_t>(i); }

  void begin() {
    chain_.clear();
    rows_seen_.clear();
    columns_seen_.clear();
    price_max_ = 0;
  }

  void add(CauseStep step) {
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

  bool is_upper(int32_t j) const {
    const double upper = p_.column_upper[at(j)];
    return std::isfinite(upper) && x_.x[at(j)] >= upper - 1e-7 * (1 + std::abs(upper));
  }

  /// What row `row` waits for: the column that would supply one more of it.
  void walk_row(int32_t row) {
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

  /// The marginal supplier of a row: in the basis; else at its bound, with the largest rent; else the one that is
  /// nearest to being worth it. −1 if nothing can supply it.
  int32_t supplier(int32_t row, double price) const {
    int32_t basic = -1, bound = -1, idle = -1;
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
    return idle >= 0 ? idle : bound;
  }

  /// Adds the column's step; the row that it pays most for, or −1 where it ends the chain itself.
  int32_t follow_column(int32_t column) {
    columns_seen_.insert(column);
    const LpPlace where = map_.columns[at(column)];
    if (is_upper(column) && (x_.column_dual[at(column)] < 0 || p_.column_upper[at(column)] == 0)) {
      end_at_bound(column, where);
      return -1;
    }
    add_column_step(where);
    double most = 0;
    int32_t dearest = -1;
    for (auto k = static_cast<std::size_t>(p_.start[at(column)]);
         k < static_cast<std::size_t>(p_.start[at(column) + 1]); ++k) {
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

  void add_column_step(const LpPlace& where) {
    switch (where.kind) {
      case LpKind::order: add({StepKind::order, where.id, where.t, where.t, 0}); break;
      case LpKind::built: add({StepKind::online, where.id, where.t, where.t, 0}); break;
      case LpKind::moved: add({StepKind::move, where.id, where.t, where.t, 0}); break;
      case LpKind::activity:
      case LpKind::peak: add({StepKind::run, where.id, where.t, where.t, 0}); break;
      case LpKind::level:
      case LpKind::charge:
      case LpKind::discharge: add({StepKind::hold, where.id, where.t, where.t, 0}); break;
      default: break;
    }
  }

  void end_at_bound(int32_t column, const LpPlace& where) {
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

  /// A process at its bound: its own, or that of the capacity which it alone uses.
  CauseStep bound_of_activity(std::size_t p, const LpPlace& where, double upper) const {
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

  /// Nothing can supply more of the row: its own bound is the cause.
  void end_at_row(int32_t row, const LpPlace& where) {
    const auto id = at(where.id);
    switch (where.kind) {
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

  CauseStep not_online_by_order(std::size_t k, int t) const {
    const int lead = m_.capacities[k].lead;
    const Block& order = l_.order[k];
    if (order.first >= 0 && t - lead < order.t0) {
      return {StepKind::too_early, static_cast<int32_t>(k), order.t0 + lead, order.t0 + lead, 0};
    }
    return {StepKind::too_late, static_cast<int32_t>(k), t, t, 0};
  }

  /// A floor that nothing can raise yet waits for what its terms count; a ceiling is the cause itself.
  void end_at_limit(int32_t row, const LpPlace& where) {
    const Limit& limit = m_.limits[at(where.id)];
    if (x_.row_dual[at(row)] > 0) {
      for (const Term& term : limit.terms) {
        if (term.kind != TermKind::online && term.kind != TermKind::built) continue;
        if (l_.built[at(term.id)].holds(where.t)) continue;
        chain_.push_back(not_online(at(term.id), where.t));
        return;
      }
    }
    const double bound =
        x_.row_dual[at(row)] > 0 ? m_.at_or(limit.lower, 0, where.t) : m_.at_or(limit.upper, 0, where.t);
    chain_.push_back({StepKind::limit, where.id, where.t, where.t, bound});
  }

  const Model& m_;
  const Layout& l_;
  const lp::Problem& p_;
  const lp::Solution& x_;
  LpMap map_;
  const Rows by_row_;
  std::vector<CauseStep> chain_;
  std::set<int32_t> rows_seen_, columns_seen_;
  double price_max_ = 0;
};

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

/// The LP with Σ terms ≥ `amount` in period t, missed at a price above all others, begun from the basis it has. Its
/// last row is the requirement.
Outcome<Relaxation> insist(const Relaxation& r, const std::vector<Term>& terms, int t, double amount,
                           const std::atomic<bool>* cancel) {
  Relaxation out{.model = r.model, .formulation = r.formulation, .solution = {}};
  lp::Problem& p = out.formulation.problem;
  const auto row = static_cast<int32_t>(p.row_count());
  std::map<int32_t, double> coefficients;
  double existing = 0;
  for (const Term& term : terms) {
    for (const auto& [column, value] : columns_of(*r.model, r.formulation.layout, term, t))
      coefficients[column] += value;
    if (term.kind == TermKind::online) {
      existing += r.model->at_or(term.coefficient, 1, t) *
                  r.model->at_or(r.model->capacities[static_cast<std::size_t>(term.id)].existing, 0, t);
    }
  }
  std::vector<int32_t> start{0}, index;
  std::vector<double> value;
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    const auto from = static_cast<std::size_t>(p.start[j]), to = static_cast<std::size_t>(p.start[j + 1]);
    index.insert(index.end(), p.index.begin() + static_cast<std::ptrdiff_t>(from),
                 p.index.begin() + static_cast<std::ptrdiff_t>(to));
    value.insert(value.end(), p.value.begin() + static_cast<std::ptrdiff_t>(from),
                 p.value.begin() + static_cast<std::ptrdiff_t>(to));
    const auto found = coefficients.find(static_cast<int32_t>(j));
    if (found != coefficients.end() && found->second != 0) {
      index.push_back(row);
      value.push_back(found->second);
    }
    start.push_back(static_cast<int32_t>(index.size()));
  }
  // missing it costs more than all that the plan is worth, spread over what is missing
  const double penalty = 10.0 * std::max(1.0, std::abs(r.solution.objective)) / std::max(1e-9, amount);
  index.push_back(row);
  value.push_back(1.0);
  start.push_back(static_cast<int32_t>(index.size()));
  p.start = std::move(start);
  p.index = std::move(index);
  p.value = std::move(value);
  p.cost.push_back(penalty);
  p.column_lower.push_back(0);
  p.column_upper.push_back(lp::kInf);
  p.row_lower.push_back(amount - existing);
  p.row_upper.push_back(lp::kInf);
  lp::Options options{.wall_time_max_s = 20, .method = lp::Method::simplex, .cancel = cancel};
  if (!r.solution.column_basis.empty()) {
    options.start_column_basis = r.solution.column_basis;
    options.start_column_basis.push_back(lp::Basis::at_lower);
    options.start_row_basis = r.solution.row_basis;
    options.start_row_basis.push_back(lp::Basis::basic);
  }
  auto solution = lp::solve(p, options);
  if (!solution) return std::unexpected(solution.error());
  out.solution = std::move(*solution);
  return out;
}

class Finder {
 public:
  Finder(const Model& model, const Plan& plan, const Relaxation& relaxation, const std::atomic<bool>* cancel)
      : m_(model), p_(plan), r_(relaxation), cancel_(cancel), walker_(relaxation) {}

  Outcome<std::vector<Delivery>> run() {
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      if (auto done = limit(i); !done) return std::unexpected(done.error());
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) demand(d);
    for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
      if (auto done = commitment(i); !done) return std::unexpected(done.error());
    }
    std::ranges::stable_sort(out_, [](const Delivery& a, const Delivery& b) {
      const double cost_a = std::isnan(a.cost_total) ? 0 : a.cost_total,
                   cost_b = std::isnan(b.cost_total) ? 0 : b.cost_total;
      if (cost_a != cost_b) return cost_a > cost_b;
      return a.missing * (a.last - a.first + 1) > b.missing * (b.last - b.first + 1);
    });
    return std::move(out_);
  }

 private:
  int last() const { return m_.period_count() - 1; }
  double months() const { return m_.calendar.months_per_period; }

  /// Fills the periods and amounts of a delivery; false if nothing is missing.
  template <class Promised, class Missing>
  bool measure(Delivery& out, int first, int last_period, Promised promised, Missing missing) const {
    bool any = false;
    for (int t = std::max(0, first); t <= std::min(last(), last_period); ++t) {
      const double lacking = missing(t), wanted = promised(t);
      if (lacking <= 1e-6 * std::max(1.0, std::abs(wanted))) continue;
      if (!any) out.first = t;
      out.last = t;
      any = true;
      if (lacking > out.missing) {
        out.missing = lacking;
        out.promised = wanted;
      }
    }
    return any;
  }

  Outcome<void> limit(std::size_t i) {
    const Limit& limit = m_.limits[i];
    if (!limit.lower.present() || (!limit.shortfall_cost.present() && !limit.is_target)) return {};
    const bool window = limit.scope == LimitScope::window;
    const int first = std::max(0, limit.first), end = window ? first : limit.last;
    Delivery out{.kind = DeliveryKind::limit, .id = static_cast<int32_t>(i)};
    const auto missing = [&](int t) { return shortfall(i, t); };
    if (!measure(out, first, end, [&](int t) { return m_.at(limit.lower, t); }, missing)) return {};
    if (window) out.last = std::min(last(), limit.last);
    out.cost_per_month = out.cost_total = std::nan("");
    if (limit.shortfall_cost.present()) {
      out.cost_per_month = out.cost_total = 0;
      for (int t = out.first; t <= (window ? out.first : out.last); ++t) {
        const double usd = m_.at(limit.shortfall_cost, t) * missing(t);
        out.cost_total += usd;
        out.cost_per_month = std::max(out.cost_per_month, usd / months());
      }
    }
    const Block& rows = r_.formulation.layout.limit[i];
    const int32_t row = rows.first < 0 ? -1 : (window ? rows.first : rows.at(out.first));
    const bool priced = row >= 0 && std::abs(r_.solution.row_dual[static_cast<std::size_t>(row)]) > 0;
    if (priced) {
      out.chain = walker_.from_row(row);
    } else if (auto done = chain_of_terms(out, limit.terms); !done) {
      return done;
    }
    settle(out, limit.terms);
    return {};
  }

  /// The chain of something that has no price: what it would run into if it were insisted upon.
  Outcome<void> chain_of_terms(Delivery& out, const std::vector<Term>& terms) {
    out.cost_to_meet = std::nan("");
    // what cannot be online yet needs no prices
    std::vector<CauseStep> never;
    bool any = false;
    for (const Term& term : terms) {
      const bool of_stock = term.kind == TermKind::online || term.kind == TermKind::built;
      if (!columns_of(*r_.model, r_.formulation.layout, term, out.first).empty()) any = true;
      if (of_stock && !r_.formulation.layout.built[static_cast<std::size_t>(term.id)].holds(out.first)) {
        never.push_back(walker_.not_online(static_cast<std::size_t>(term.id), out.first));
      }
    }
    if (!any) {
      out.cost_to_meet = lp::kInf;
      if (!never.empty()) out.chain.push_back(never.front());
      return {};
    }
    if (insisted_ >= kInsistMax || (cancel_ != nullptr && *cancel_)) return {};
    ++insisted_;
    auto insisted = insist(r_, terms, out.first, out.promised, cancel_);
    if (!insisted) return std::unexpected(insisted.error());
    if (insisted->solution.row_dual.empty()) return {};
    const auto row = static_cast<int32_t>(insisted->formulation.problem.row_count() - 1);
    const bool missed = insisted->solution.x.back() > 1e-6 * std::max(1.0, out.promised);
    const double dearer = (insisted->solution.objective - r_.solution.objective) / r_.formulation.money_scale;
    out.cost_to_meet = missed ? lp::kInf : std::max(0.0, dearer);
    out.chain = Walker(*insisted).from_row(row);
    if (out.chain.empty() && !never.empty()) out.chain.push_back(never.front());
    return {};
  }

  /// What a limit lacks in t: what the plan pays for, or of a goal that is only reported, the difference.
  double shortfall(std::size_t i, int t) const {
    const Limit& limit = m_.limits[i];
    if (p_.shortfall.at(i, t) > 0 || !limit.is_target) return p_.shortfall.at(i, t);
    double value = 0;
    const bool window = limit.scope == LimitScope::window;
    const int first = window ? std::max(0, limit.first) : t, end = window ? std::min(last(), limit.last) : t;
    for (int u = first; u <= end; ++u) {
      for (const Term& term : limit.terms) value += m_.at_or(term.coefficient, 1, u) * term_value(m_, p_, term, u);
    }
    return std::max(0.0, m_.at(limit.lower, t) - value);
  }

  void demand(std::size_t d) {
    const Demand& demand = m_.demands[d];
    if (!demand.unserved_cost.present()) return;
    const int slices = p_.unserved.slices[d];
    const bool is_rate = m_.commodities[demand.commodity.index()].grain == Grain::rate;
    const auto mean = [&](int t, auto value) {
      double sum = 0, hours = 0;
      for (int s = 0; s < slices; ++s) {
        const double h = is_rate ? m_.hours(slices, t, s) : 1.0;
        sum += h * value(s);
        hours += h;
      }
      return sum / hours;
    };
    const auto unserved = [&](int t) { return mean(t, [&](int s) { return p_.unserved.at(d, t, s); }); };
    Delivery out{.kind = DeliveryKind::demand, .id = static_cast<int32_t>(d)};
    const auto wanted = [&](int t) {
      return mean(t, [&](int s) { return m_.at_resolution(demand.quantity, slices, t, s); });
    };
    if (!measure(out, 0, last(), wanted, unserved)) return;
    for (int t = out.first; t <= out.last; ++t) {
      double usd = 0;
      for (int s = 0; s < slices; ++s) {
        usd += (is_rate ? m_.hours(slices, t, s) : 1.0) * p_.unserved.at(d, t, s) *
               m_.at_resolution(demand.unserved_cost, slices, t, s);
      }
      out.cost_total += usd;
      out.cost_per_month = std::max(out.cost_per_month, usd / months());
    }
    out.chain = walker_.from_row(dearest_row(r_, demand, out.first));
    settle(out, {});
  }

  Outcome<void> commitment(std::size_t i) {
    const Commitment& c = m_.commitments[i];
    // ceilings are drawn on as needed; money promised is no delivery
    if (c.terms.empty() || c.ceiling || !c.quantity.present() || c.unit.starts_with("USD")) return {};
    const auto drawn = [&](int t) {
      double sum = 0;
      for (const Term& term : c.terms) sum += m_.at_or(term.coefficient, 1, t) * term_value(m_, p_, term, t);
      return sum;
    };
    Delivery out{.kind = DeliveryKind::commitment, .id = static_cast<int32_t>(i)};
    const auto promised = [&](int t) { return m_.at(c.quantity, t); };
    if (!measure(out, c.first, c.last, promised, [&](int t) { return promised(t) - drawn(t); })) return {};
    out.cost_per_month = out.cost_total = std::nan("");
    if (auto done = chain_of_terms(out, c.terms); !done) return done;
    settle(out, c.terms);
    return {};
  }

  /// A chain that found nothing dear: with modules in any amount it would not be missing.
  void settle(Delivery& out, const std::vector<Term>& terms) {
    if (out.chain.empty() || !is_cause(out.chain.back().kind)) {
      for (const Term& term : terms) {
        const bool of_capacity =
            term.kind == TermKind::online || term.kind == TermKind::built || term.kind == TermKind::order;
        if (!of_capacity || m_.capacities[static_cast<std::size_t>(term.id)].module_size <= 0) continue;
        const double size = m_.capacities[static_cast<std::size_t>(term.id)].module_size;
        out.chain.push_back({StepKind::whole_modules, term.id, out.first, out.first, size});
        break;
      }
    }
    out_.push_back(std::move(out));
  }

 public:
  static int32_t dearest_row(const Relaxation& r, const Demand& demand, int t) {
    const Block& rows = r.formulation.layout.balance[demand.node.index()];
    int32_t row = rows.at(t);
    for (int s = 1; s < rows.slices; ++s) {
      const auto price = [&](int32_t i) { return std::abs(r.solution.row_dual[static_cast<std::size_t>(i)]); };
      if (price(rows.at(t, s)) > price(row)) row = rows.at(t, s);
    }
    return row;
  }

 private:
  const Model& m_;
  const Plan& p_;
  const Relaxation& r_;
  const std::atomic<bool>* cancel_;
  Walker walker_;
  int insisted_ = 0;
  std::vector<Delivery> out_;
};

}  // namespace

Outcome<std::vector<Delivery>> late_deliveries(const Model& model, const Plan& plan, const Relaxation& relaxation,
                                               const std::atomic<bool>* cancel) {
  return Finder(model, plan, relaxation, cancel).run();
}

std::vector<CauseStep> trace_limit(const Relaxation& relaxation, LimitId limit, int t) {
  const Block& rows = relaxation.formulation.layout.limit[limit.index()];
  if (rows.first < 0) return {};
  return Walker(relaxation).from_row(rows.at(std::clamp(t, rows.t0, rows.t1 - 1)));
}

std::vector<CauseStep> trace_demand(const Relaxation& relaxation, DemandId demand, int t) {
  return Walker(relaxation).from_row(Finder::dearest_row(relaxation, relaxation.model->demands[demand.index()], t));
}

}  // namespace beltline
