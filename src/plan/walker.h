// The walk from what is short to what binds, on the prices of an LP.
#pragma once

#include <set>
#include <vector>

#include "plan/cause.h"
#include "plan/lp_map.h"

namespace beltline {

/// Walks from a row that is short to what it waits for: the column that would supply one more of it, the row that this
/// column pays most for, and so on, until nothing can supply more.
class Walker {
 public:
  /// @param relaxation  with prices; outlives this
  explicit Walker(const Relaxation& relaxation);

  /// The chain from a row of the LP, at most 200 steps; what lies between two periods of one thing is one step.
  std::vector<CauseStep> from_row(int32_t row);

  /// Why a capacity has no column for being online in t.
  [[nodiscard]] CauseStep not_online(std::size_t k, int t) const;

 private:
  void begin();
  void add(CauseStep step);
  [[nodiscard]] bool is_upper(int32_t j) const;
  /// What row `row` waits for: the column that would supply one more of it.
  void walk_row(int32_t row);
  /// The marginal supplier of a row: in the basis; else at its bound, with the largest rent; else the one that is
  /// nearest to being worth it. −1 if nothing can supply it.
  [[nodiscard]] int32_t supplier(int32_t row, double price) const;
  /// Adds the column's step; the row that it pays most for, or −1 where it ends the chain itself.
  int32_t follow_column(int32_t column);
  void add_column_step(const LpPlace& where);
  void end_at_bound(int32_t column, const LpPlace& where);
  /// A process at its bound: its own, or that of the capacity which it alone uses.
  [[nodiscard]] CauseStep bound_of_activity(std::size_t p, const LpPlace& where, double upper) const;
  /// Nothing can supply more of the row: its own bound is the cause.
  void end_at_row(int32_t row, const LpPlace& where);
  void end_at_good(const LpPlace& where);
  [[nodiscard]] CauseStep not_online_by_order(std::size_t k, int t) const;
  /// A floor that nothing can raise yet waits for what its terms count; a ceiling is the cause itself.
  void end_at_limit(int32_t row, const LpPlace& where);

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

}  // namespace beltline
