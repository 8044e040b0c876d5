// Values of all sources of chance, as pure functions of (seed, replication, source, period).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/chances.h"
#include "risk/distribution.h"

namespace beltline {

enum class Sampling : uint8_t {
  plain,       // independent draws
  antithetic,  // replications 2i and 2i + 1 use u and 1 − u
  sobol,       // Sobol points with Owen scrambling, one scramble a block of replications
};

struct DrawOptions {
  uint64_t seed = 1;
  Sampling sampling = Sampling::plain;
  uint32_t block_size = 1024;  // sobol: replications of one scramble, a power of two
};

/// Draws for replications: the same numbers however they are split into batches or among threads.
class Draws {
 public:
  /// @param chances  sources and correlations (positive semi-definite, as `check_correlations` says)
  Draws(const Chances& chances, const DrawOptions& options);

  [[nodiscard]] std::size_t source_count() const { return quantiles_.size(); }
  /// @param out  [source, lane] values of replications first … first + lanes − 1; sources that are drawn each period
  ///             have their mode here
  /// @cost about 20 ns a value; no allocation
  void values(uint32_t first, std::size_t lanes, std::span<double> out) const;
  /// @param out  [lane] values in one period of a source that is drawn each period
  void period_values(std::size_t source, int period, uint32_t first, std::size_t lanes, std::span<double> out) const;

 private:
  std::vector<Quantiles> quantiles_;
};

}  // namespace beltline
