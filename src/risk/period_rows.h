// Rows of numbers by period, as a play keeps them. For src/risk/play*.cpp and observe.cpp.
#pragma once

#include <cstddef>
#include <vector>

#include "model/model.h"

namespace beltline {

/// Reads and makes rows of one number a period of a Model, which outlives it.
class PeriodRows {
 public:
  explicit PeriodRows(const Model& model) : count_(model.period_count()) {}

  [[nodiscard]] std::size_t periods() const { return static_cast<std::size_t>(count_); }
  /// @param value  (period) → number. @returns [period]
  [[nodiscard]] std::vector<double> by_period(const auto& value) const {
    std::vector<double> out(periods());
    for (int t = 0; t < count_; ++t) out[static_cast<std::size_t>(t)] = value(t);
    return out;
  }
  /// @param figures  [entity, period]. @returns [period] of one entity
  [[nodiscard]] std::vector<double> row(const std::vector<double>& figures, std::size_t entity) const {
    const auto begin = figures.begin() + static_cast<std::ptrdiff_t>(entity * periods());
    return {begin, begin + count_};
  }

 private:
  int count_;
};

}  // namespace beltline
