#include "risk/draws.h"

#include <algorithm>

#include "base/assert.h"
#include "base/random.h"
#include "base/random_row.h"

namespace beltline {

std::shared_ptr<const Quantiles> QuantileTables::of(const Distribution& distribution) {
  const auto same = std::ranges::find_if(made_, [&](const auto& each) { return each->distribution() == distribution; });
  if (same != made_.end()) return *same;
  return made_.emplace_back(std::make_shared<const Quantiles>(distribution));
}

Draws::Draws(const Chances& chances, const DrawOptions& options, QuantileTables* tables)
    : options_(options),
      dimensions_(chances.sources.size(), -1),
      copula_(static_cast<int>(chances.sources.size()), chances.correlations) {
  QuantileTables own;
  for (const Source& source : chances.sources) {
    tables_.push_back((tables != nullptr ? *tables : own).of(source.distribution));
    each_period_.push_back(source.each_period ? 1 : 0);
  }
  for (const Copula::Group& group : copula_.groups()) {
    const auto kind = [&](int source) { return each_period_[static_cast<std::size_t>(source)]; };
    ASSERT(std::ranges::all_of(group.sources, [&](int s) { return kind(s) == kind(group.sources.front()); }));
  }
  if (options_.sampling == Sampling::sobol) place_dimensions(options_.order);
}

void Draws::place_dimensions(const std::vector<int>& order) {
  int count = 0;
  const auto place = [&](std::size_t source) {
    const bool has_one = each_period_[source] != 0 || dimensions_[source] >= 0;
    if (has_one || static_cast<std::size_t>(count) >= SobolBlocks::dimension_max()) return;
    dimensions_[source] = count++;
  };
  for (const int source : order) {
    ASSERT(source >= 0 && static_cast<std::size_t>(source) < dimensions_.size());
    place(static_cast<std::size_t>(source));
  }
  for (std::size_t source = 0; source < dimensions_.size(); ++source) place(source);
  sobol_.emplace(static_cast<std::size_t>(count), options_.block_size);
}

void Draws::uniforms(std::size_t source, uint32_t period, uint32_t first, std::span<double> out) const {
  const auto index = static_cast<uint32_t>(source);
  if (period == 0 && dimensions_[source] >= 0) {
    sobol_->points({.seed = options_.seed, .source = index, .dimension = static_cast<std::size_t>(dimensions_[source])},
                   first, out);
    return;
  }
  if (options_.sampling != Sampling::antithetic) {
    return uniform01_row({.seed = options_.seed, .replication = first, .source = index, .period = period}, out);
  }
  const auto draw = [&](uint32_t replication) {
    return uniform01({.seed = options_.seed, .replication = replication, .source = index, .period = period});
  };
  const auto lanes = static_cast<uint32_t>(out.size());
  for (uint32_t lane = 0; lane < lanes; ++lane) {
    const uint32_t replication = first + lane;
    // 1 − u of a draw below 2⁻⁵³ would be 1; the draws keep that distance from both ends
    const double u = draw(replication / 2);
    out[lane] = replication % 2 == 0 ? u : 1 - u;
  }
}

void Draws::values(uint32_t first, std::size_t lanes, std::span<double> out) const {
  ASSERT(out.size() == source_count() * lanes);
  for (std::size_t source = 0; source < source_count(); ++source) {
    const std::span<double> row = out.subspan(source * lanes, lanes);
    if (each_period_[source] != 0) {
      std::ranges::fill(row, quantiles(source).distribution().mode);
    } else {
      uniforms(source, 0, first, row);
    }
  }
  for (const Copula::Group& group : copula_.groups()) {
    if (each_period_[static_cast<std::size_t>(group.sources.front())] == 0) copula_.correlate(group, lanes, out);
  }
  for (std::size_t source = 0; source < source_count(); ++source) {
    if (each_period_[source] != 0) continue;
    quantiles(source).quantiles(out.subspan(source * lanes, lanes));
  }
}

void Draws::period_values(std::size_t source, int period, uint32_t first, std::size_t lanes,
                          std::span<double> out) const {
  ASSERT(source < source_count() && each_period_[source] != 0 && period >= 0 && out.size() == lanes);
  const auto key = static_cast<uint32_t>(period) + 1;
  if (const Copula::Group* const group = copula_.group_of(static_cast<int>(source)); group == nullptr) {
    uniforms(source, key, first, out);
  } else {
    // lane by lane: the draws of the others are wanted for this source alone
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      out[lane] = copula_.correlated(*group, static_cast<int>(source), [&](int other) {
        double u = 0;
        uniforms(static_cast<std::size_t>(other), key, first + static_cast<uint32_t>(lane), std::span(&u, 1));
        return u;
      });
    }
  }
  quantiles(source).quantiles(out);
}

}  // namespace beltline
