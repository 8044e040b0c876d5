// A Model laid beside others of the same scenario, entity by entity. For src/risk/influences.cpp and comparison_*.cpp.
#pragma once

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "risk/influences.h"
#include "risk/range_targets.h"

namespace beltline {

inline constexpr double kSameFactor = 1e-9;

/// Factors at low and high.
struct Factors {
  double low = 1;
  double high = 1;

  [[nodiscard]] bool move() const { return std::abs(low - 1) > kSameFactor || std::abs(high - 1) > kSameFactor; }
  [[nodiscard]] bool same(const Factors& other) const {
    return std::abs(low - other.low) <= kSameFactor && std::abs(high - other.high) <= kSameFactor;
  }
};

/// The mean over periods of b / a, where a is not 0; 1 if it always is.
template <class A, class B>
double mean_ratio(int periods, const A& a, const B& b) {
  double sum = 0;
  int count = 0;
  for (int t = 0; t < periods; ++t) {
    const double base = a(t);
    if (base == 0) continue;
    sum += b(t) / base;
    ++count;
  }
  return count == 0 ? 1 : sum / count;
}

/// Whether two series hold the same numbers, by their place in the pool: quick, and sometimes no where the answer is
/// yes.
bool same_numbers(const Model& a, Series x, const Model& b, Series y);

class ModelComparison {
 public:
  ModelComparison(const Model& base, const std::vector<std::vector<char>>& takes, const Ends& ends,
                  const CompareOptions& options);

  std::vector<Found> run();
  /// Whether an end builds of, stands on or stores something of which the base has none: no factor leads there.
  [[nodiscard]] bool has_new_goods() const;

 private:
  struct Where {
    ChanceTarget target;
    std::size_t id;
    int part = kWholePart;
  };

  /// @param series     Model → Series
  /// @param otherwise  what an absent series stands for
  template <class Get>
  Factors factors(const Get& series, double otherwise = 0) const {
    const Series own = series(base_);
    const auto ratio = [&](const Model& m) {
      const Series other = series(m);
      if (same_numbers(base_, own, m, other)) return 1.0;
      const auto level = [&](const Model& of, Series s, int t) { return s.present() ? of.mean(s, t) : otherwise; };
      return mean_ratio(
          periods_, [&](int t) { return level(base_, own, t); }, [&](int t) { return level(m, other, t); });
    };
    return {.low = ratio(*ends_.low.model), .high = ratio(*ends_.high.model)};
  }
  /// @param number  Model → one number
  template <class Get>
  Factors factors_of_number(const Get& number) const {
    const double own = number(base_);
    if (own == 0) return {};
    return {.low = number(*ends_.low.model) / own, .high = number(*ends_.high.model) / own};
  }

  void add_factor(Aspect aspect, const Factors& factor, Where where);
  /// @param lag  Model → whole periods
  template <class Lag>
  void add_delay(const Lag& lag, Where where, int stage) {
    const int base = lag(base_);
    const auto moves = [&](const Changed* each) { return lag(*each->model) != base; };
    bool any = false;
    for (const Changed* each : changed_) any = any || moves(each);
    if (!any) return;
    const int sign = ends_.is_duration ? sign_of(lag, base) : 0;
    const auto delay = [&](const Changed& end) {
      const double whole = lag(*end.model) - base;
      const double own = sign * end.periods;
      return sign != 0 && std::abs(whole - own) < 1 - kSameFactor ? own : whole;
    };
    const double low = delay(ends_.low), high = delay(ends_.high);
    const bool is_own = sign != 0 && low == sign * ends_.low.periods && high == sign * ends_.high.periods;
    out_.push_back({.influence = {.target = where.target,
                                  .id = static_cast<int32_t>(where.id),
                                  .aspect = Aspect::delay,
                                  .stage = stage,
                                  .at_low = low,
                                  .at_mode = 0,
                                  .at_high = high},
                    .sign = is_own ? sign : 0});
  }
  /// Whether the lag grows or falls with the duration.
  template <class Lag>
  [[nodiscard]] int sign_of(const Lag& lag, int base) const {
    for (const Changed* each : {&ends_.probe, &ends_.high, &ends_.low}) {
      if (each->model == nullptr) continue;
      const int moved = lag(*each->model) - base;
      if (moved != 0) return (moved > 0) == (each->periods > 0) ? 1 : -1;
    }
    return 0;
  }

  // processes and capacities (influences.cpp)
  void process(std::size_t p);
  void flows(std::size_t p, const Where& where);
  [[nodiscard]] bool takes(std::size_t p, std::size_t j) const { return takes_[p][j] != 0; }
  [[nodiscard]] int output_lag(const Model& m, std::size_t p) const;
  void uses(std::size_t p);
  [[nodiscard]] Factors money(std::size_t p) const;
  void capacity(std::size_t k);
  [[nodiscard]] int stage_of(std::size_t k) const;
  // what is built of, stood on, towed and stored (comparison_goods.cpp)
  [[nodiscard]] bool has_like_build_flows(std::size_t k) const;
  [[nodiscard]] bool has_like_stand_flows(std::size_t k) const;
  void build_flows(std::size_t k);
  void stand_flows(std::size_t k);
  void moves();
  void stores();

  const Model& base_;
  const std::vector<std::vector<char>>& takes_;
  const Ends& ends_;
  CompareOptions options_;
  int periods_;
  std::vector<const Changed*> changed_;
  std::vector<Found> out_;
};

}  // namespace beltline
