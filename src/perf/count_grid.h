// Tables of measured times over counts: along one axis, and of attention over four.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "perf/operators.h"

namespace beltline::perf {

/// A value with what it rests on.
struct GridValue {
  double us = 0;
  Basis basis = Basis::measured;
};

/// Times over one count. Linear between points; below the first it is the first; beyond the last the line through the
/// last two, and extrapolated.
class CountCurve {
 public:
  void add(int64_t count, double us) { points_.emplace_back(count, us); }
  /// Sorts, and keeps the mean of points of one count.
  void finish();
  [[nodiscard]] bool is_empty() const { return points_.empty(); }
  [[nodiscard]] GridValue operator()(double count) const;
  [[nodiscard]] const std::vector<std::pair<int64_t, double>>& points() const { return points_; }

 private:
  std::vector<std::pair<int64_t, double>> points_;
};

/// Times over two counts, linear along each between the nearest lines that were measured.
class PairGrid {
 public:
  void add(int64_t row, int64_t count, double us) { curves_[row].add(count, us); }
  void finish();
  [[nodiscard]] bool is_empty() const { return curves_.empty(); }
  [[nodiscard]] GridValue operator()(double row, double count) const;

 private:
  std::map<int64_t, CountCurve> curves_;
  std::vector<int64_t> rows_;
};

/// Attention of one layer in a step of an engine, as LLMServingSim's profiler measures it: one piece of a prompt of
/// `chunk` tokens after `prefix` tokens in the cache, beside `decodes` sequences that look back on `context` tokens
/// each. Linear along each axis between the nearest lines of the grid that were measured.
class AttentionGrid {
 public:
  void add(int64_t chunk, int64_t prefix, int64_t decodes, int64_t context, double us);
  void finish();
  [[nodiscard]] bool is_empty() const { return curves_.empty(); }
  [[nodiscard]] GridValue operator()(double chunk, double prefix, double decodes, double context) const;
  /// Without a prompt: the contexts between which the time is a line, ascending.
  [[nodiscard]] std::vector<int64_t> contexts() const;
  /// Sequences that decode at most, over all points.
  [[nodiscard]] int64_t decodes_max() const { return decodes_.empty() ? 0 : decodes_.back(); }

 private:
  using Family = std::map<int64_t, CountCurve>;  // by prefix, over the context

  [[nodiscard]] GridValue at(int64_t chunk, int64_t decodes, double prefix, double context) const;
  [[nodiscard]] GridValue at_chunk(int64_t chunk, double prefix, double decodes, double context) const;

  std::map<std::pair<int64_t, int64_t>, Family> curves_;  // by (chunk, decodes)
  std::vector<int64_t> chunks_, decodes_;                 // > 0
};

}  // namespace beltline::perf
