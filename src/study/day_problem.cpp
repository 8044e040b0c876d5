#include "study/day_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "plan/lp_map.h"

namespace beltline {
namespace {

/// Where a column or row lies in the chronology.
struct Spot {
  bool has_slices = false;
  int t = 0;
  int day = 0;
  int hour = 0;   // slice of the day
  int group = 0;  // chosen day
  int which = 0;  // of several columns or rows of one place: units on, started, stopped
  LpPlace place;
};

/// Places of columns or rows with their days; what has one slice a period has none.
std::vector<Spot> spots(const std::vector<LpPlace>& places, const Days& days) {
  std::map<std::pair<int, int>, int> last_slice;  // (kind, id) → largest slice
  for (const LpPlace& place : places) {
    int& last = last_slice[{static_cast<int>(place.kind), place.id}];
    last = std::max(last, place.s);
  }
  std::vector<Spot> out;
  std::map<std::tuple<int, int, int, int>, int> seen;  // (kind, id, period, slice) → how many so far
  for (const LpPlace& place : places) {
    Spot spot{.has_slices = last_slice[{static_cast<int>(place.kind), place.id}] > 0,
              .t = place.t,
              .which = seen[{static_cast<int>(place.kind), place.id, place.t, place.s}]++,
              .place = place};
    if (spot.has_slices) {
      spot.day = place.s / days.slices_per_day;
      spot.hour = place.s % days.slices_per_day;
      spot.group = days.periods[static_cast<std::size_t>(place.t)].chosen_of[static_cast<std::size_t>(spot.day)];
    }
    out.push_back(spot);
  }
  return out;
}

/// Columns in any order of entries: rows are sorted and added up at the end.
class ColumnWriter {
 public:
  explicit ColumnWriter(lp::Problem& p) : p_(p) {}

  int32_t add(double cost, double lower, double upper, bool integer) {
    p_.cost.push_back(cost);
    p_.column_lower.push_back(lower);
    p_.column_upper.push_back(upper);
    integer_.push_back(integer ? 1 : 0);
    entries_.emplace_back();
    return static_cast<int32_t>(p_.cost.size()) - 1;
  }
  int32_t add_row(double lower, double upper) {
    p_.row_lower.push_back(lower);
    p_.row_upper.push_back(upper);
    return static_cast<int32_t>(p_.row_lower.size()) - 1;
  }
  void put(int32_t column, int32_t row, double value) {
    entries_[static_cast<std::size_t>(column)].emplace_back(row, value);
  }
  double& cost(int32_t column) { return p_.cost[static_cast<std::size_t>(column)]; }

  void finish() {
    if (std::ranges::find(integer_, 1) != integer_.end()) p_.integer = integer_;
    p_.start.assign(1, 0);
    for (auto& entries : entries_) {
      std::ranges::stable_sort(entries, {}, &std::pair<int32_t, double>::first);
      const auto begin = p_.index.size();
      for (const auto& [row, value] : entries) {
        if (p_.index.size() > begin && p_.index.back() == row) {
          p_.value.back() += value;
        } else {
          p_.index.push_back(row);
          p_.value.push_back(value);
        }
      }
      p_.start.push_back(static_cast<int32_t>(p_.index.size()));
    }
  }

 private:
  lp::Problem& p_;
  std::vector<std::vector<std::pair<int32_t, double>>> entries_;
  std::vector<uint8_t> integer_;
};

using ColumnKey = std::tuple<int, int, int, int, int, int>;  // kind, id, which, t, group, hour

ColumnKey key_of(const Spot& spot) {
  return {static_cast<int>(spot.place.kind), spot.place.id, spot.which, spot.t, spot.group, spot.hour};
}

bool is_chosen(const Spot& spot, const Days& days) {
  return days.periods[static_cast<std::size_t>(spot.t)].day[static_cast<std::size_t>(spot.group)] == spot.day;
}

// --- the plan

class PlanFolder {
 public:
  PlanFolder(const lp::Problem& whole, const Layout& layout, const Days& days)
      : w_(whole), days_(days), map_(layout), columns_(spots(map_.columns, days)), rows_(spots(map_.rows, days)) {}

  FoldedProblem run() {
    ColumnWriter writer(out_.problem);
    out_.problem.offset = w_.offset;
    std::map<ColumnKey, int32_t> known;
    std::vector<double> quadratic;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const bool is_merged = merges(columns_[j]);
      const auto next = static_cast<int32_t>(out_.problem.cost.size());
      const int32_t at = is_merged ? known.try_emplace(key_of(columns_[j]), next).first->second : next;
      if (at == next) {
        writer.add(0, w_.column_lower[j], w_.column_upper[j], !w_.integer.empty() && w_.integer[j]);
        quadratic.push_back(0);
      }
      writer.cost(at) += w_.cost[j];
      if (!w_.quadratic.empty()) quadratic[static_cast<std::size_t>(at)] += w_.quadratic[j];
      if (is_merged && is_chosen(columns_[j], days_)) {
        // bounds by slice are those of the chosen day
        out_.problem.column_lower[static_cast<std::size_t>(at)] = w_.column_lower[j];
        out_.problem.column_upper[static_cast<std::size_t>(at)] = w_.column_upper[j];
      }
      out_.column.push_back(at);
    }
    const std::vector<int32_t> row = keep_rows(writer);
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      for (auto k = static_cast<std::size_t>(w_.start[j]); k < static_cast<std::size_t>(w_.start[j + 1]); ++k) {
        const int32_t at = row[static_cast<std::size_t>(w_.index[k])];
        if (at >= 0) writer.put(out_.column[j], at, w_.value[k]);
      }
    }
    writer.finish();
    if (!w_.quadratic.empty()) out_.problem.quadratic = std::move(quadratic);
    return std::move(out_);
  }

 private:
  [[nodiscard]] static bool merges(const Spot& spot) { return spot.has_slices && spot.place.kind != LpKind::level; }

  std::vector<int32_t> keep_rows(ColumnWriter& writer) const {
    std::vector<uint8_t> has_level(rows_.size(), 0);
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      if (columns_[j].place.kind != LpKind::level) continue;
      for (auto k = static_cast<std::size_t>(w_.start[j]); k < static_cast<std::size_t>(w_.start[j + 1]); ++k)
        has_level[static_cast<std::size_t>(w_.index[k])] = 1;
    }
    std::vector<int32_t> row(rows_.size(), -1);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].has_slices && !has_level[i] && !is_chosen(rows_[i], days_)) continue;
      row[i] = writer.add_row(w_.row_lower[i], w_.row_upper[i]);
    }
    return row;
  }

  const lp::Problem& w_;
  const Days& days_;
  const LpMap map_;
  const std::vector<Spot> columns_, rows_;
  FoldedProblem out_;
};

// --- the bound

class BoundFolder {
 public:
  BoundFolder(const lp::Problem& whole, const Layout& layout, const Days& days)
      : w_(whole),
        days_(days),
        map_(layout),
        columns_(spots(map_.columns, days)),
        rows_(spots(map_.rows, days)),
        by_row_(rows_of(whole)),
        writer_(out_.problem) {}

  FoldedProblem run() {
    out_.problem.offset = w_.offset;
    if (!w_.quadratic.empty()) refuse("costs are quadratic");
    fold_columns();
    fold_rows();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].has_slices) fold_whole_row(i);
    }
    tie_other_days();
    writer_.finish();
    return std::move(out_);
  }

 private:
  void refuse(std::string why) {
    if (out_.is_bound) out_.why_not = std::move(why);
    out_.is_bound = false;
  }

  [[nodiscard]] double size(const Spot& spot) const {
    return days_.periods[static_cast<std::size_t>(spot.t)].stands_for[static_cast<std::size_t>(spot.group)];
  }

  /// A column by slice is the mean over the days of its group, at the least cost among them.
  void fold_columns() {
    std::map<ColumnKey, std::vector<std::size_t>> groups;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      if (columns_[j].has_slices) groups[key_of(columns_[j])].push_back(j);
    }
    out_.column.assign(columns_.size(), -1);
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      if (out_.column[j] >= 0) continue;
      if (!columns_[j].has_slices) {
        out_.column[j] = writer_.add(w_.cost[j], w_.column_lower[j], w_.column_upper[j], false);
        continue;
      }
      const std::vector<std::size_t>& members = groups[key_of(columns_[j])];
      const double n = static_cast<double>(members.size());
      double least = lp::kInf, most = -lp::kInf, lower = 0, upper = 0;
      for (const std::size_t member : members) {
        least = std::min(least, w_.cost[member]);
        most = std::max(most, w_.cost[member]);
        lower += w_.column_lower[member] / n;
        upper += w_.column_upper[member] / n;
      }
      if (lower < 0 && most > least) refuse("costs of what may run both ways differ between the days of a group");
      const int32_t at = writer_.add(n * least, lower, upper, false);
      for (const std::size_t member : members) out_.column[member] = at;
    }
  }

  struct Mean {
    double value = 0;
    bool is_other_day = false;
  };

  /// The column that stands for column j in a row of group `group`: its mean over the days, or, of another day, a mean
  /// of its own.
  int32_t mean_column(const Spot& row, std::size_t j) {
    const Spot& spot = columns_[j];
    if (!spot.has_slices || (spot.t == row.t && spot.day == row.day)) return out_.column[j];
    const int shift = ((spot.day - row.day) % days_.day_count + days_.day_count) % days_.day_count;
    auto& other = other_days_[{static_cast<int>(spot.place.kind), spot.place.id, spot.which, spot.t, spot.hour, shift}];
    const auto found = other.find(row.group);
    if (found != other.end()) return found->second;
    // its bounds: the mean over the days of the row's group
    double lower = 0, upper = 0;
    const DayChoice& choice = days_.periods[static_cast<std::size_t>(row.t)];
    const int32_t first = static_cast<int32_t>(j) - spot.place.s;  // slices of one entity and period lie together
    bool is_one_group = choice.stands_for[static_cast<std::size_t>(spot.group)] ==
                        choice.stands_for[static_cast<std::size_t>(row.group)];
    const double n = choice.stands_for[static_cast<std::size_t>(row.group)];
    for (int d = 0; d < days_.day_count; ++d) {
      if (choice.chosen_of[static_cast<std::size_t>(d)] != row.group) continue;
      const int from = (d + shift) % days_.day_count;
      is_one_group = is_one_group && choice.chosen_of[static_cast<std::size_t>(from)] == spot.group;
      const auto member = static_cast<std::size_t>(first + from * days_.slices_per_day + spot.hour);
      lower += w_.column_lower[member] / n;
      upper += w_.column_upper[member] / n;
    }
    // where the neighbours are just the days of one group, their mean is that group's
    const int32_t at = is_one_group ? out_.column[j] : writer_.add(0, lower, upper, false);
    other.emplace(row.group, at);
    return at;
  }

  using RowKey = std::tuple<int, int, int, int, int, int>;  // kind, id, t, group, hour, which of several such rows

  void fold_rows() {
    std::map<RowKey, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Spot& spot = rows_[i];
      if (!spot.has_slices) continue;
      groups[{static_cast<int>(spot.place.kind), spot.place.id, spot.t, spot.group, spot.hour, spot.which}].push_back(
          i);
    }
    for (const auto& [key, members] : groups) fold_group(members);
  }

  /// The mean of the rows of one group, if their by-slice columns have the same coefficients on all its days.
  void fold_group(const std::vector<std::size_t>& members) {
    const double n = static_cast<double>(members.size());
    std::map<int32_t, double> whole;                              // column without slices → mean coefficient
    std::map<ColumnKey, std::pair<double, std::size_t>> pattern;  // by-slice column, relative → coefficient and days
    std::map<ColumnKey, std::size_t> example;                     // a column of the first row
    double lower = 0, upper = 0;
    bool fits = true;
    for (const std::size_t i : members) {
      lower += w_.row_lower[i] / n;
      upper += w_.row_upper[i] / n;
      for (auto k = static_cast<std::size_t>(by_row_.start[i]); k < static_cast<std::size_t>(by_row_.start[i + 1]);
           ++k) {
        const auto j = static_cast<std::size_t>(by_row_.column[k]);
        const Spot& spot = columns_[j];
        if (!spot.has_slices) {
          whole[static_cast<int32_t>(j)] += by_row_.value[k] / n;
          continue;
        }
        const int shift = ((spot.day - rows_[i].day) % days_.day_count + days_.day_count) % days_.day_count;
        const ColumnKey key{static_cast<int>(spot.place.kind), spot.place.id, spot.which, spot.t, shift, spot.hour};
        const auto [found, is_new] = pattern.try_emplace(key, by_row_.value[k], 0);
        if (is_new && i == members.front()) example.emplace(key, j);
        fits = fits && std::abs(found->second.first - by_row_.value[k]) <= 1e-12 * std::abs(by_row_.value[k]);
        ++found->second.second;
      }
    }
    for (const auto& [key, entry] : pattern) fits = fits && entry.second == members.size();
    if (!fits) return;  // without this row the optimum can only be less
    const int32_t row = writer_.add_row(lower, upper);
    for (const auto& [j, value] : whole) writer_.put(out_.column[static_cast<std::size_t>(j)], row, value);
    for (const auto& [key, j] : example) writer_.put(mean_column(rows_[members.front()], j), row, pattern[key].first);
  }

  /// A row of whole periods: by-slice columns count as often as their group has days, with the coefficient that binds
  /// least where they differ.
  void fold_whole_row(std::size_t i) {
    std::map<int32_t, std::tuple<double, double, double>> sums;  // folded column → least, most coefficient, days
    bool both_ways = false;
    for (auto k = static_cast<std::size_t>(by_row_.start[i]); k < static_cast<std::size_t>(by_row_.start[i + 1]); ++k) {
      const auto j = static_cast<std::size_t>(by_row_.column[k]);
      const double a = by_row_.value[k];
      auto [found, is_new] = sums.try_emplace(out_.column[j], a, a, 0.0);
      auto& [least, most, count] = found->second;
      least = std::min(least, a);
      most = std::max(most, a);
      count += 1;
      both_ways = both_ways || (columns_[j].has_slices && w_.column_lower[j] < 0);
    }
    bool differs = false;
    for (auto& [column, entry] : sums) {
      auto& [least, most, count] = entry;
      const Spot* spot = nullptr;
      const double days = days_of(column, spot);
      if (days > count) {
        // not every day of the group enters the row
        least = std::min(least, 0.0);
        most = std::max(most, 0.0);
      }
      count = days;
      differs = differs || most - least > 1e-12 * std::abs(most);
    }
    if (differs && both_ways) return;
    const bool has_lower = w_.row_lower[i] > -lp::kInf, has_upper = w_.row_upper[i] < lp::kInf;
    const auto write = [&](double lower, double upper, bool use_least) {
      const int32_t row = writer_.add_row(lower, upper);
      for (const auto& [column, entry] : sums) {
        const auto& [least, most, count] = entry;
        writer_.put(column, row, count * (use_least ? least : most));
      }
    };
    if (!differs) return write(w_.row_lower[i], w_.row_upper[i], true);
    if (has_upper) write(-lp::kInf, w_.row_upper[i], true);
    if (has_lower) write(w_.row_lower[i], lp::kInf, false);
  }

  /// Days that a folded column stands for: 1 for those without slices.
  double days_of(int32_t column, const Spot*&) {
    if (days_of_.empty()) {
      days_of_.assign(out_.problem.cost.size(), 1.0);
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        if (columns_[j].has_slices) days_of_[static_cast<std::size_t>(out_.column[j])] = size(columns_[j]);
      }
    }
    return days_of_[static_cast<std::size_t>(column)];
  }

  /// Σ over groups of size · mean of another day = Σ size · mean: every day is another's neighbour once.
  void tie_other_days() {
    for (const auto& [key, groups] : other_days_) {
      const auto& [kind, id, which, t, hour, shift] = key;
      const DayChoice& choice = days_.periods[static_cast<std::size_t>(t)];
      if (groups.size() != choice.day.size()) continue;  // a row of some group is gone: its neighbours are not counted
      const int32_t row = writer_.add_row(0, 0);
      for (const auto& [group, column] : groups)
        writer_.put(column, row, choice.stands_for[static_cast<std::size_t>(group)]);
      std::map<int, int32_t> own;  // group → folded column
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        const Spot& spot = columns_[j];
        if (spot.has_slices && static_cast<int>(spot.place.kind) == kind && spot.place.id == id &&
            spot.which == which && spot.t == t && spot.hour == hour) {
          own[spot.group] = out_.column[j];
        }
      }
      for (const auto& [group, column] : own)  // entries of one column add up
        writer_.put(column, row, -choice.stands_for[static_cast<std::size_t>(group)]);
    }
  }

  const lp::Problem& w_;
  const Days& days_;
  const LpMap map_;
  const std::vector<Spot> columns_, rows_;
  const Rows by_row_;
  FoldedProblem out_;
  ColumnWriter writer_;
  std::map<std::tuple<int, int, int, int, int, int>, std::map<int, int32_t>>
      other_days_;               // kind, id, which, t, hour, shift → group
  std::vector<double> days_of_;  // [folded column]
};

}  // namespace

FoldedProblem fold_for_plan(const lp::Problem& whole, const Layout& layout, const Days& days) {
  return PlanFolder(whole, layout, days).run();
}

FoldedProblem fold_for_bound(const lp::Problem& whole, const Layout& layout, const Days& days) {
  return BoundFolder(whole, layout, days).run();
}

}  // namespace beltline
