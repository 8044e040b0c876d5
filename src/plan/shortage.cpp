#include "plan/shortage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "plan/cause.h"
#include "plan/coarse.h"
#include "plan/formulate_rows.h"
#include "plan/lp_map.h"
#include "plan/termination.h"
#include "plan/worth.h"

namespace beltline {
namespace {

/// Below this share of a requirement nothing is missing: the solver's tolerances add up to less.
constexpr double kNothing = 1e-6;
/// What must go and passes a ceiling counts this many times: it gives way last.
constexpr double kLast = 1e3;

/// A column that lets one requirement be missed in one period and slice.
struct Slack {
  Entity entity;
  int t = 0;
  double hours = 1;     // weight of the slice in the period's mean
  double required = 0;  // in this period and slice
  bool is_excess = false;
  double unit = 1;  // of the column, in the entity's unit
};

/// The LP in which every requirement may be missed at a price of its own whole.
class Elastic {
 public:
  /// @param with_last  also what comes by itself and upper bounds may be passed, as a last resort
  Elastic(const Model& model, bool with_last)
      : m_(model), f_(formulate(model)), own_(f_.problem.column_count()), with_last_(with_last) {
    soften_demands();
    soften_limits();
    soften_least_running();
    if (with_last_) soften_the_rest();
    if (!f_.problem.integer.empty()) f_.problem.integer.resize(f_.problem.column_lower.size(), 0);
  }

  Formulation& formulation() { return f_; }

  /// Missing per period of each requirement.
  [[nodiscard]] std::vector<Shortage> read(const std::vector<double>& x) const {
    struct Sum {
      std::map<int, std::array<double, 3>> periods;  // missing, required, hours
      double missing = 0, required = 0, hours = 0;
    };
    std::map<std::tuple<EntityKind, int32_t, bool>, Sum> sums;
    for (std::size_t i = 0; i < slacks_.size(); ++i) {
      const Slack& slack = slacks_[i];
      Sum& sum = sums[{slack.entity.kind, slack.entity.id, slack.is_excess}];
      auto& period = sum.periods[slack.t];
      const double missing = slack.unit * std::max(0.0, x[own_ + i]);
      period[0] += slack.hours * missing;
      period[1] += slack.hours * slack.required;
      period[2] += slack.hours;
      sum.missing += slack.hours * missing;
      sum.required += slack.hours * slack.required;
      sum.hours += slack.hours;
    }
    std::vector<Shortage> out;
    for (const auto& [key, sum] : sums) {
      const double whole = std::max(std::abs(sum.required), 1e-9);
      if (sum.missing <= kNothing * whole) continue;
      Shortage item{.entity = {std::get<0>(key), std::get<1>(key)}, .is_excess = std::get<2>(key)};
      item.share = sum.missing / whole;
      item.first = -1;
      for (const auto& [t, period] : sum.periods) {
        const double missing = period[0] / period[2], required = period[1] / period[2];
        if (missing <= kNothing * std::max(std::abs(required), whole / sum.hours)) continue;
        if (item.first < 0) item.first = t;
        item.last = t;
        if (missing <= item.missing) continue;
        item.missing = missing;
        item.required = required;
        item.worst = t;
      }
      if (item.first < 0) continue;
      if (item.entity.kind == EntityKind::limit) widen(item);
      out.push_back(item);
    }
    std::ranges::stable_sort(out, std::greater(), &Shortage::share);
    return out;
  }

 private:
  void widen(Shortage& item) const {
    const Limit& limit = m_.limits[static_cast<std::size_t>(item.entity.id)];
    if (limit.scope == LimitScope::window) item.last = std::min(limit.last, m_.period_count() - 1);
  }

  /// A further column with one entry. Its unit is `size`, so that every price is near 1 whatever the entity counts in.
  void add(Slack slack, int32_t row, double value, double upper, double weight, double size) {
    f_.problem.index.push_back(row);
    f_.problem.value.push_back(value * size);
    close(slack, upper, weight, size);
  }

  void close(Slack slack, double upper, double weight, double size) {
    lp::Problem& p = f_.problem;
    slack.unit = size;
    p.start.push_back(static_cast<int32_t>(p.index.size()));
    p.column_lower.push_back(0);
    p.column_upper.push_back(upper / size);
    p.cost.push_back(weight * size * static_cast<double>(m_.period_count() * m_.calendar.slice_count));
    slacks_.push_back(slack);
  }

  template <class Value>
  static double highest(const Block& rows, Value value) {
    double most = 0;
    for (int t = rows.t0; t < rows.t1; ++t) {
      for (int s = 0; s < rows.slices; ++s) most = std::max(most, std::abs(value(t, s)));
    }
    return most > 0 ? most : 1.0;
  }

  void soften_demands() {
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      if (f_.layout.unserved[d].first >= 0) continue;
      const Demand& demand = m_.demands[d];
      const Block& rows = f_.layout.balance[demand.node.index()];
      const bool is_rate = m_.commodities[demand.commodity.index()].grain == Grain::rate;
      const auto quantity = [&](int t, int s) { return m_.at_resolution(demand.quantity, rows.slices, t, s); };
      const auto hours = [&](int t, int s) { return is_rate ? m_.hours(rows.slices, t, s) : 1.0; };
      double whole = 0;
      for (int t = rows.t0; t < rows.t1; ++t) {
        for (int s = 0; s < rows.slices; ++s) whole += hours(t, s) * std::max(0.0, quantity(t, s));
      }
      const double size = highest(rows, quantity);
      for (int t = rows.t0; whole > 0 && t < rows.t1; ++t) {
        for (int s = 0; s < rows.slices; ++s) {
          const double q = std::max(0.0, quantity(t, s));
          add({{EntityKind::demand, static_cast<int32_t>(d)}, t, hours(t, s), q}, rows.at(t, s), 1.0, q,
              hours(t, s) / whole, size);
        }
      }
    }
  }

  void soften_limits() {
    for (std::size_t i = 0; i < m_.limits.size(); ++i) {
      const Block& rows = f_.layout.limit[i];
      if (rows.first < 0 || f_.layout.shortfall[i].first >= 0 || !m_.limits[i].lower.present()) continue;
      const double money = m_.limits[i].unit == "USD" ? f_.money_scale : 1.0;
      // a floor of 0 may still be one: at least as much of this as of that
      double whole = 0;
      for (int t = rows.t0; t < rows.t1; ++t) whole += std::abs(m_.at(m_.limits[i].lower, t));
      if (whole == 0) whole = 1;
      const bool window = m_.limits[i].scope == LimitScope::window;
      if (m_.limits[i].scope == LimitScope::each_slice) {
        soften_slices(i, money, 1.0 / whole);
        continue;
      }
      double size = 0;
      for (int t = rows.t0; t < (window ? rows.t0 + 1 : rows.t1); ++t) {
        size = std::max(size, std::abs(m_.at(m_.limits[i].lower, t)));
      }
      if (!(size > 0 && std::isfinite(size))) size = 1;
      for (int t = rows.t0; t < (window ? rows.t0 + 1 : rows.t1); ++t) {
        const double lower = m_.at(m_.limits[i].lower, t);
        if (!std::isfinite(lower)) continue;
        add({{EntityKind::limit, static_cast<int32_t>(i)}, t, 1, lower}, rows.at(t), money, lp::kInf, 1.0 / whole,
            size);
      }
    }
  }

  /// A floor in each slice is missed slice by slice.
  void soften_slices(std::size_t i, double money, double weight) {
    const Limit& limit = m_.limits[i];
    const Block& rows = f_.layout.limit[i];
    const auto lower = [&](int t, int s) { return m_.at_resolution(limit.lower, rows.slices, t, s); };
    const double size = highest(rows, lower);
    for (int t = rows.t0; t < rows.t1; ++t) {
      for (int s = 0; s < rows.slices; ++s) {
        if (!std::isfinite(lower(t, s))) continue;
        const double share = m_.calendar.hours(t, s) / m_.calendar.hours(t);
        add({{EntityKind::limit, static_cast<int32_t>(i)}, t, share, lower(t, s)}, rows.at(t, s), money, lp::kInf,
            weight * share, size);
      }
    }
  }

  /// x ≥ lower becomes x = x' + lower − missed with 0 ≤ missed ≤ lower.
  void soften_least_running() {
    lp::Problem& p = f_.problem;
    for (std::size_t i = 0; i < m_.processes.size(); ++i) {
      if (!m_.processes[i].lower.present()) continue;
      const Block& block = f_.layout.activity[i];
      const bool is_rate = m_.processes[i].grain == Grain::rate;
      const auto hours = [&](int t, int s) { return is_rate ? m_.hours(block.slices, t, s) : 1.0; };
      double whole = 0;
      for (int t = block.t0; t < block.t1; ++t) {
        for (int s = 0; s < block.slices; ++s) {
          whole += hours(t, s) * std::max(0.0, p.column_lower[static_cast<std::size_t>(block.at(t, s))]);
        }
      }
      const double size =
          highest(block, [&](int t, int s) { return p.column_lower[static_cast<std::size_t>(block.at(t, s))]; });
      for (int t = block.t0; whole > 0 && t < block.t1; ++t) {
        for (int s = 0; s < block.slices; ++s) {
          const auto j = static_cast<std::size_t>(block.at(t, s));
          const double lower = p.column_lower[j];
          if (lower <= 0) continue;
          for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
            p.index.push_back(p.index[k]);
            p.value.push_back(-p.value[k] * size);
          }
          close({{EntityKind::process, static_cast<int32_t>(i)}, t, hours(t, s), lower}, lower, hours(t, s) / whole,
                size);
        }
      }
    }
  }

  /// What no floor explains: goods that come and cannot go, or are held by what is there already; ceilings below what
  /// happens by itself.
  void soften_the_rest() {
    for (std::size_t n = 0; n < f_.layout.balance.size(); ++n) {
      const Block& rows = f_.layout.balance[n];
      for (int t = rows.t0; rows.first >= 0 && t < rows.t1; ++t) {
        for (int s = 0; s < rows.slices; ++s) {
          const auto row = static_cast<std::size_t>(rows.at(t, s));
          const double scale = std::max(1.0, std::abs(f_.problem.row_lower[row]));
          const Slack slack{{EntityKind::good, static_cast<int32_t>(n)}, t, 1, scale};
          add(slack, rows.at(t, s), 1.0, lp::kInf, kLast / scale, scale);
          Slack over = slack;
          over.is_excess = true;
          if (std::isfinite(f_.problem.row_upper[row])) add(over, rows.at(t, s), -1.0, lp::kInf, kLast / scale, scale);
        }
      }
    }
    const auto pass = [&](EntityKind kind, const std::vector<Block>& blocks) {
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block& rows = blocks[i];
        for (int t = rows.t0; rows.first >= 0 && rows.at(t) < rows.first + rows.size(); ++t) {
          // rows over money are scaled; what is told is in USD
          const bool of_money = kind == EntityKind::limit && is_money(m_.limits[i].unit);
          const double money = of_money ? f_.money_scale : 1.0;
          const double upper = f_.problem.row_upper[static_cast<std::size_t>(rows.at(t))] / money;
          if (!std::isfinite(upper)) continue;
          const double scale = std::max(1.0, std::abs(upper));
          // what nobody decides stands on the right of the row: the limit itself is what the scenario says
          const bool is_written = kind == EntityKind::limit && m_.limits[i].upper.present();
          const double required = is_written ? m_.at(m_.limits[i].upper, t) : upper;
          add({{kind, static_cast<int32_t>(i)}, t, 1, required, true}, rows.at(t), -money, lp::kInf, kLast / scale,
              scale);
        }
      }
    };
    pass(EntityKind::limit, f_.layout.limit);
    pass(EntityKind::commitment, f_.layout.ceiling);
  }

  const Model& m_;
  Formulation f_;
  std::size_t own_;
  const bool with_last_;
  std::vector<Slack> slacks_;  // [column − own_]
};

class Search {
 public:
  explicit Search(const ShortageOptions& options) : options_(options) {}

  /// One calendar: with modules in any amount; then, if nothing is missing, with whole ones.
  Outcome<Shortages> run(const Model& model, bool whole_modules) {
    for (const bool with_last : {false, true}) {
      Elastic elastic(model, with_last);
      Formulation& f = elastic.formulation();
      const bool is_whole = whole_modules && f.problem.has_integers();
      auto solution = lp::solve(is_whole ? f.problem : lp::relaxed(f.problem), lp_options(is_whole));
      if (!solution) return std::unexpected(solution.error());
      if (solution->termination == lp::Termination::infeasible && !with_last) continue;
      Shortages out{.termination = translate(solution->termination)};
      if (!solution->has_point) return out;
      // the best whole modules found so far show a shortage as well as the best there are
      if (out.termination == Termination::limit) out.termination = Termination::optimal;
      out.items = elastic.read(solution->x);
      for (const Shortage& item : out.items) out.share += item.share;
      out.whole_modules = is_whole && !out.items.empty();
      if (!out.items.empty() && options_.with_causes) {
        if (auto done = add_causes(model, f, std::move(*solution), is_whole, out); !done) {
          return std::unexpected(done.error());
        }
      }
      return out;
    }
    return Shortages{.termination = Termination::infeasible};
  }

 private:
  [[nodiscard]] lp::Options lp_options(bool is_whole) const {
    // what is missing is read off the point, whatever its bound
    return {.wall_time_max_s = options_.wall_time_max_s,
            .mip_gap_max = is_whole ? 0.01 : 1e-4,
            .prove_bound = false,
            .cancel = options_.cancel};
  }

  /// Chains on the prices of the elastic LP; of whole modules, on those with the modules fixed.
  Outcome<void> add_causes(const Model& model, Formulation& f, lp::Solution solution, bool is_whole, Shortages& out) {
    if (is_whole) {
      for (std::size_t j = 0; j < f.problem.integer.size(); ++j) {
        if (f.problem.integer[j] != 0)
          f.problem.column_lower[j] = f.problem.column_upper[j] = std::round(solution.x[j]);
      }
    }
    f.problem.integer.clear();
    if (is_whole) {
      auto prices = lp::solve(f.problem, lp_options(false));
      if (!prices) return std::unexpected(prices.error());
      solution = std::move(*prices);
    }
    if (solution.row_dual.empty()) return {};
    const Relaxation relaxation{.model = &model, .formulation = std::move(f), .solution = std::move(solution)};
    for (Shortage& item : out.items) {
      if (item.entity.kind == EntityKind::demand) {
        item.chain = trace_demand(relaxation, DemandId(static_cast<std::size_t>(item.entity.id)), item.first);
      } else if (item.entity.kind == EntityKind::limit && !item.is_excess) {
        item.chain = trace_limit(relaxation, LimitId(static_cast<std::size_t>(item.entity.id)), item.first);
      }
      if (is_whole && !item.chain.empty()) tell_modules(model, item.chain);
    }
    std::vector<std::pair<Entity, double>> stakes;
    for (const Bound& bound : binding_bounds(model, relaxation.formulation, relaxation.solution)) {
      const Entity entity = entity_of(Worth{.kind = bound.kind, .id = bound.id});
      const double stake = std::abs(bound.dual) * std::max(std::abs(bound.quantity), 1e-3);
      const auto found = std::ranges::find(stakes, entity, &std::pair<Entity, double>::first);
      if (found == stakes.end()) {
        stakes.emplace_back(entity, stake);
      } else {
        found->second += stake;
      }
    }
    for (const auto& [entity, stake] : stakes) {
      if (stake > 1e-9) out.pressures.push_back({entity, stake});
    }
    std::ranges::stable_sort(out.pressures, std::greater(), &Pressure::stake);
    return {};
  }

  /// With its modules fixed, an order's bound is what whole modules made it.
  static void tell_modules(const Model& model, std::vector<CauseStep>& chain) {
    CauseStep& end = chain.back();
    if (end.kind != StepKind::build_rate) return;
    const double size = model.capacities[static_cast<std::size_t>(end.id)].module_size;
    if (size <= 0) return;
    end.kind = StepKind::whole_modules;
    end.quantity = size;
  }

  const ShortageOptions& options_;
};

}  // namespace

Outcome<Shortages> find_shortages(const Model& model, const ShortageOptions& options) {
  Search search(options);
  std::size_t columns = 0;
  for (const Process& process : model.processes) {
    columns += static_cast<std::size_t>(model.period_count() *
                                        (process.grain == Grain::rate ? model.calendar.slice_count : 1));
  }
  const bool is_large = columns >= static_cast<std::size_t>(options.coarse_column_min);
  std::optional<Model> coarse;
  if (is_large) {
    coarse = coarsen(model);
    auto found = search.run(*coarse, false);
    if (!found || !found->items.empty() || found->termination != Termination::optimal) return found;
  }
  auto found = search.run(model, false);
  if (!found || found->termination != Termination::optimal) return found;
  if (!found->items.empty()) {
    found->by_slice = is_large;
    return found;
  }
  return search.run(is_large ? *coarse : model, true);
}

}  // namespace beltline
