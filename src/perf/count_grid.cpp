#include "perf/count_grid.h"

#include <algorithm>

#include "base/assert.h"

namespace beltline::perf {

namespace {

/// Between which two of `axis` a value lies, and how far along.
struct Bracket {
  int64_t low = 0, high = 0;
  double share = 0;
  Basis basis = Basis::measured;
};

Bracket bracket(const std::vector<int64_t>& axis, double value) {
  ASSERT(!axis.empty());
  const auto above = std::ranges::lower_bound(axis, value, {}, [](int64_t at) { return static_cast<double>(at); });
  if (above != axis.end() && static_cast<double>(*above) == value) return {*above, *above, 0, Basis::measured};
  if (above == axis.begin()) return {axis.front(), axis.front(), 0, Basis::extrapolated};
  const bool is_beyond = above == axis.end();
  if (is_beyond && axis.size() == 1) return {axis.back(), axis.back(), 0, Basis::extrapolated};
  const int64_t low = is_beyond ? *(axis.end() - 2) : *(above - 1);
  const int64_t high = is_beyond ? axis.back() : *above;
  const double share = (value - static_cast<double>(low)) / static_cast<double>(high - low);
  return {low, high, share, is_beyond ? Basis::extrapolated : Basis::interpolated};
}

/// The line through two values; beyond them it does not fall below the nearer one.
template <class At>
GridValue between(const Bracket& it, const At& at) {
  GridValue low = at(it.low);
  if (it.low == it.high) return {low.us, worse(low.basis, it.basis)};
  const GridValue high = at(it.high);
  double us = low.us + (high.us - low.us) * it.share;
  if (it.share > 1) us = std::max(us, high.us);
  return {us, worse(worse(low.basis, high.basis), it.basis)};
}

}  // namespace

void CountCurve::finish() {
  std::ranges::stable_sort(points_, {}, &std::pair<int64_t, double>::first);
  std::vector<std::pair<int64_t, double>> kept;
  for (std::size_t at = 0; at < points_.size();) {
    std::size_t end = at;
    double sum = 0;
    for (; end < points_.size() && points_[end].first == points_[at].first; ++end) sum += points_[end].second;
    kept.emplace_back(points_[at].first, sum / static_cast<double>(end - at));
    at = end;
  }
  points_ = std::move(kept);
}

GridValue CountCurve::operator()(double count) const {
  ASSERT(!points_.empty());
  const auto above =
      std::ranges::lower_bound(points_, count, {}, [](const auto& point) { return static_cast<double>(point.first); });
  if (above != points_.end() && static_cast<double>(above->first) == count) return {above->second, Basis::measured};
  if (above == points_.begin()) return {points_.front().second, Basis::extrapolated};
  const bool is_beyond = above == points_.end();
  if (is_beyond && points_.size() == 1) return {points_.back().second, Basis::extrapolated};
  const auto& high = is_beyond ? points_.back() : *above;
  const auto& low = is_beyond ? *(points_.end() - 2) : *(above - 1);
  const double share = (count - static_cast<double>(low.first)) / static_cast<double>(high.first - low.first);
  const double us = low.second + (high.second - low.second) * share;
  if (is_beyond) return {std::max(us, high.second), Basis::extrapolated};
  return {us, Basis::interpolated};
}

void PairGrid::finish() {
  for (auto& [row, curve] : curves_) {
    curve.finish();
    rows_.push_back(row);
  }
}

GridValue PairGrid::operator()(double row, double count) const {
  return between(bracket(rows_, row), [&](int64_t of) { return curves_.at(of)(count); });
}

void AttentionGrid::add(int64_t chunk, int64_t prefix, int64_t decodes, int64_t context, double us) {
  curves_[{chunk, decodes}][prefix].add(context, us);
}

void AttentionGrid::finish() {
  for (auto& [key, family] : curves_) {
    for (auto& [prefix, curve] : family) curve.finish();
    if (key.first > 0) chunks_.push_back(key.first);
    if (key.second > 0) decodes_.push_back(key.second);
  }
  for (auto* axis : {&chunks_, &decodes_}) {
    std::ranges::sort(*axis);
    axis->erase(std::ranges::unique(*axis).begin(), axis->end());
  }
}

// Of one measured pair; where a pair does not fit into a step's budget, the nearest with fewer sequences.
GridValue AttentionGrid::at(int64_t chunk, int64_t decodes, double prefix, double context) const {
  auto found = curves_.upper_bound({chunk, decodes});
  const bool is_measured = found != curves_.begin() && std::prev(found)->first == std::pair(chunk, decodes);
  if (found == curves_.begin() || std::prev(found)->first.first != chunk) return {0, Basis::extrapolated};
  const Family& family = std::prev(found)->second;
  std::vector<int64_t> prefixes;
  for (const auto& entry : family) prefixes.push_back(entry.first);
  GridValue value = between(bracket(prefixes, prefix), [&](int64_t of) { return family.at(of)(context); });
  if (!is_measured) value.basis = Basis::extrapolated;
  return value;
}

GridValue AttentionGrid::at_chunk(int64_t chunk, double prefix, double decodes, double context) const {
  if (decodes == 0) return at(chunk, 0, prefix, 0);
  return between(bracket(decodes_, decodes), [&](int64_t of) { return at(chunk, of, prefix, context); });
}

GridValue AttentionGrid::operator()(double chunk, double prefix, double decodes, double context) const {
  if (chunk == 0) return at_chunk(0, 0, decodes, context);
  return between(bracket(chunks_, chunk), [&](int64_t of) { return at_chunk(of, prefix, decodes, context); });
}

std::vector<int64_t> AttentionGrid::contexts() const {
  std::vector<int64_t> contexts;
  for (const auto& [key, family] : curves_) {
    if (key.first != 0) continue;
    for (const auto& [prefix, curve] : family) {
      for (const auto& point : curve.points()) contexts.push_back(point.first);
    }
  }
  std::ranges::sort(contexts);
  contexts.erase(std::ranges::unique(contexts).begin(), contexts.end());
  return contexts;
}

}  // namespace beltline::perf
