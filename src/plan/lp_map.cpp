#include "plan/lp_map.h"

namespace beltline {
namespace {

void mark(const std::vector<Block>& blocks, LpKind kind, std::vector<LpPlace>& places) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
      for (int s = 0; s < block.slices; ++s) {
        places[static_cast<std::size_t>(block.at(t, s))] = {kind, static_cast<int32_t>(i), t, s};
      }
    }
  }
}

}  // namespace

LpMap::LpMap(const Layout& l)
    : columns(static_cast<std::size_t>(l.column_count)), rows(static_cast<std::size_t>(l.row_count)) {
  mark(l.order, LpKind::order, columns);
  mark(l.built, LpKind::built, columns);
  mark(l.moved, LpKind::moved, columns);
  mark(l.activity, LpKind::activity, columns);
  mark(l.peak, LpKind::peak, columns);
  mark(l.level, LpKind::level, columns);
  mark(l.charge, LpKind::charge, columns);
  mark(l.discharge, LpKind::discharge, columns);
  mark(l.unserved, LpKind::unserved, columns);
  mark(l.shortfall, LpKind::shortfall, columns);
  mark(l.unpaid, LpKind::unpaid, columns);
  const CommitmentLayout& c = l.commitment;
  for (const auto* blocks : {&c.on, &c.starts, &c.stops}) mark(*blocks, LpKind::units, columns);
  mark(l.balance, LpKind::balance, rows);
  mark(l.build_recursion, LpKind::build_recursion, rows);
  mark(l.capacity, LpKind::capacity, rows);
  mark(l.capacity_reverse, LpKind::capacity, rows);
  mark(l.floor, LpKind::floor, rows);
  mark(l.peak_row, LpKind::peak_row, rows);
  mark(l.level_recursion, LpKind::level_recursion, rows);
  mark(l.level_cap, LpKind::store_cap, rows);
  mark(l.level_floor, LpKind::store_cap, rows);
  mark(l.charge_cap, LpKind::store_cap, rows);
  mark(l.discharge_cap, LpKind::store_cap, rows);
  mark(l.limit, LpKind::limit, rows);
  mark(l.ceiling, LpKind::ceiling, rows);
  mark(l.take_or_pay, LpKind::take_or_pay, rows);
  mark(l.cycle, LpKind::cycle, rows);
  for (const auto* blocks : {&c.recursion, &c.most, &c.least, &c.min_up, &c.min_down, &c.ramp_up, &c.ramp_down,
                             &c.start_ramp, &c.stop_ramp}) {
    mark(*blocks, LpKind::unit_row, rows);
  }
}

Rows rows_of(const lp::Problem& p) {
  Rows out;
  out.start.assign(p.row_count() + 1, 0);
  for (const int32_t row : p.index) ++out.start[static_cast<std::size_t>(row) + 1];
  for (std::size_t i = 0; i < p.row_count(); ++i) out.start[i + 1] += out.start[i];
  out.column.resize(p.nonzero_count());
  out.value.resize(p.nonzero_count());
  std::vector<int32_t> next(out.start.begin(), out.start.end() - 1);
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(p.index[k])]++);
      out.column[place] = static_cast<int32_t>(j);
      out.value[place] = p.value[k];
    }
  }
  return out;
}

}  // namespace beltline
