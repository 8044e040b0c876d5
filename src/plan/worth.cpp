#include "plan/worth.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <tuple>

namespace beltline {

namespace {

using lp::BoundShift;

/// A worth below this, in LP money, is rounding.
constexpr double kNothing = 1e-9;

/// Bounds → worths: both ends for the first, the duals for the rest.
Outcome<std::vector<Worth>> priced(const Formulation& formulation, const lp::Solution& solution,
                                   const std::vector<Bound>& bounds, const WorthOptions& options) {
  std::vector<lp::Direction> directions;
  for (const Bound& bound : bounds) {
    if (directions.size() >= options.count_max) break;
    directions.push_back(bound.direction);
  }
  lp::Options lp_options;
  lp_options.wall_time_max_s = options.wall_time_max_s;
  lp_options.cancel = options.cancel;
  const auto found = lp::derivatives(formulation.problem, solution, directions, lp_options);
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
