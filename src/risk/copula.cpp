#include "risk/copula.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "model/correlation.h"

namespace beltline {
namespace {

constexpr double kBelowOne = 1 - 0x1p-53;

/// Whose low and high, the 5 % and 95 % quantiles, make σ = 1.
constexpr Distribution kStandardNormal{
    .spread = Spread::normal, .low = -1.6448536269514722, .mode = 0, .high = 1.6448536269514722};

/// Φ, kept inside (0, 1) as quantiles want it.
double normal_cdf(double x) {
  return std::clamp(0.5 * std::erfc(-x * M_SQRT1_2), 0x1p-53, kBelowOne);
}

}  // namespace

Copula::Copula(int source_count, const std::vector<Correlation>& correlations)
    : normal_(kStandardNormal), group_of_(static_cast<std::size_t>(source_count), -1) {
  for (CorrelationGroup& group : correlation_groups(source_count, correlations)) {
    auto factor = cholesky(group.matrix, static_cast<int>(group.sources.size()));
    ASSERT(factor.has_value());
    for (const int source : group.sources)
      group_of_[static_cast<std::size_t>(source)] = static_cast<int>(groups_.size());
    groups_.push_back({.sources = std::move(group.sources), .factor = std::move(*factor)});
  }
}

const Copula::Group* Copula::group_of(int source) const {
  const int group = group_of_[static_cast<std::size_t>(source)];
  return group < 0 ? nullptr : &groups_[static_cast<std::size_t>(group)];
}

void Copula::correlate(const Group& group, std::size_t lanes, std::span<double> rows) const {
  const std::size_t n = group.sources.size();
  const auto row = [&](std::size_t i) {
    return rows.subspan(static_cast<std::size_t>(group.sources[i]) * lanes, lanes);
  };
  for (std::size_t i = 0; i < n; ++i) {
    for (double& x : row(i)) x = normal_.quantile(x);
  }
  // L is a lower triangle: from the last row up, no row is wanted once it is overwritten
  for (std::size_t i = n; i-- > 0;) {
    const std::span<double> own = row(i);
    for (double& x : own) x *= group.factor[i * n + i];
    for (std::size_t j = 0; j < i; ++j) {
      const double weight = group.factor[i * n + j];
      if (weight == 0) continue;
      const std::span<const double> other = row(j);
      for (std::size_t lane = 0; lane < lanes; ++lane) own[lane] += weight * other[lane];
    }
    for (double& x : own) x = normal_cdf(x);
  }
}

double Copula::correlated(const Group& group, int source, const std::function<double(int)>& uniform) const {
  const std::size_t n = group.sources.size();
  const auto i = static_cast<std::size_t>(std::ranges::lower_bound(group.sources, source) - group.sources.begin());
  ASSERT(i < n && group.sources[i] == source);
  // the same order of sums as above, so that both give the same number
  double sum = normal_.quantile(uniform(source)) * group.factor[i * n + i];
  for (std::size_t j = 0; j < i; ++j) {
    const double weight = group.factor[i * n + j];
    if (weight != 0) sum += weight * normal_.quantile(uniform(group.sources[j]));
  }
  return normal_cdf(sum);
}

}  // namespace beltline
