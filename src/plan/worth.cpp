#include "plan/worth.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <tuple>

namespace beltline {

namespace {

using lp::BoundShift;

/// A worth below this, in LP money, is rounding.
constexpr double kNothing = 1e-9;

/// The derivatives, in parts that share nothing.
Outcome<std::vector<lp::Derivative>> derivatives_in_parts(const Formulation& formulation, const lp::Solution& solution,
                                                          const std::vector<lp::Direction>& directions,
                                                          const WorthOptions& options) {
  lp::Options lp_options;
  lp_options.wall_time_max_s = options.wall_time_max_s;
  lp_options.cancel = options.cancel;
  const std::size_t parts = std::clamp<std::size_t>(options.part_count, 1, std::max<std::size_t>(1, directions.size()));
  std::vector<std::vector<lp::Direction>> part(parts);
  for (std::size_t k = 0; k < directions.size(); ++k) part[k * parts / directions.size()].push_back(directions[k]);
  std::vector<std::optional<Outcome<std::vector<lp::Derivative>>>> found(parts);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < parts; i = next++) {
      found[i] = lp::derivatives(formulation.problem, solution, part[i], lp_options);
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < std::min(options.thread_count, static_cast<int>(parts)); ++i) others.emplace_back(work);
    work();
  }
  std::vector<lp::Derivative> out;
  for (const auto& each : found) {
    const Outcome<std::vector<lp::Derivative>>& answer = *each;
    if (!answer) return std::unexpected(answer.error());
    out.insert(out.end(), answer->begin(), answer->end());
  }
  return out;
}

/// Bounds → worths: both ends for the first, the duals for the rest.
Outcome<std::vector<Worth>> priced(const Formulation& formulation, const lp::Solution& solution,
                                   const std::vector<Bound>& bounds, const WorthOptions& options) {
  std::vector<lp::Direction> directions;
  for (const Bound& bound : bounds) {
    if (directions.size() >= options.count_max) break;
    directions.push_back(bound.direction);
  }
  const auto found = derivatives_in_parts(formulation, solution, directions, options);
  if (!found) return std::unexpected(found.error());
  const double usd = 1.0 / formulation.money_scale;
  std::vector<Worth> out;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const Bound& b = bounds[i];
    Worth worth{.kind = b.kind, .id = b.id, .first = b.first, .last = b.last, .quantity = b.quantity};
    worth.one_more = worth.one_less = usd * b.dual;
    if (i < found->size() && (*found)[i].exact) {
      worth.one_more = -usd * ((*found)[i].more + b.constant) + 0.0;  // no negative zero
      worth.one_less = -usd * ((*found)[i].less + b.constant) + 0.0;
      worth.exact = true;
    }
    // what neither one more nor one less would move does not bind, and of nothing there can be no less
    const double most = b.quantity == 0 ? worth.one_more : worth.one_less;
    if (most > kNothing * usd) out.push_back(worth);
  }
  return out;
}

/// Rows with modules in them, and rows that a column of such a row also enters: a dock slot feeds the dock whose hulls
/// are ordered whole.
std::vector<uint8_t> rows_of_modules(const Model& model, const Formulation& f) {
  const lp::Problem& p = f.problem;
  std::vector<uint8_t> row(p.row_count(), 0);
  const auto mark_column = [&](std::size_t j, std::vector<uint8_t>& rows) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      rows[static_cast<std::size_t>(p.index[k])] = 1;
    }
  };
  for (std::size_t c = 0; c < model.capacities.size(); ++c) {
    const Block& order = f.layout.order[c];
    if (model.capacities[c].module_size <= 0) continue;
    for (int32_t i = 0; i < order.size(); ++i) mark_column(static_cast<std::size_t>(order.first + i), row);
  }
  std::vector<uint8_t> wider = row;
  for (const Block& block : f.layout.activity) {
    for (int32_t i = 0; i < block.size(); ++i) {
      const auto j = static_cast<std::size_t>(block.first + i);
      bool meets = false;
      for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
        meets = meets || row[static_cast<std::size_t>(p.index[k])] != 0;
      }
      if (meets) mark_column(j, wider);
    }
  }
  return wider;
}

}  // namespace

Outcome<std::vector<Worth>> worths(const Model& model, const Formulation& formulation, const lp::Solution& solution,
                                   const WorthOptions& options) {
  return priced(formulation, solution, binding_bounds(model, formulation, solution), options);
}

Outcome<std::vector<Worth>> module_worths(const Relaxation& relaxation, const std::vector<Worth>& fixed,
                                          const WorthOptions& options) {
  const auto key = [](const auto& each) { return std::tuple(each.kind, each.id, each.first); };
  std::set<std::tuple<WorthKind, int32_t, int>> known;
  for (const Worth& worth : fixed) known.insert(key(worth));
  const std::vector<uint8_t> of_modules = rows_of_modules(*relaxation.model, relaxation.formulation);
  const lp::Problem& p = relaxation.formulation.problem;
  std::vector<Bound> bounds = binding_bounds(*relaxation.model, relaxation.formulation, relaxation.solution);
  std::erase_if(bounds, [&](const Bound& b) {
    if (known.contains(key(b))) return true;
    return std::ranges::none_of(b.direction, [&](const BoundShift& shift) {
      const auto i = static_cast<std::size_t>(shift.index);
      if (!shift.is_column) return of_modules[i] != 0;
      const auto rows = std::span(p.index).subspan(static_cast<std::size_t>(p.start[i]),
                                                   static_cast<std::size_t>(p.start[i + 1] - p.start[i]));
      return std::ranges::any_of(rows, [&](int32_t row) { return of_modules[static_cast<std::size_t>(row)] != 0; });
    });
  });
  auto found = priced(relaxation.formulation, relaxation.solution, bounds, options);
  if (!found) return found;
  for (Worth& worth : *found) worth.modules_free = true;
  return found;
}

}  // namespace beltline
