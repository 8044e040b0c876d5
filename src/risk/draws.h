// Values of all sources of chance, as pure functions of (seed, replication, source, period).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/chances.h"
#include "risk/copula.h"
#include "risk/distribution.h"
#include "risk/sobol.h"

namespace beltline {

enum class Sampling : uint8_t {
  plain,       // independent draws
  antithetic,  // replications 2i and 2i + 1 use u and 1 − u
  sobol,       // Sobol points with Owen scrambling, one scramble a block of replications
};

struct DrawOptions {
  uint64_t seed = 1;
  Sampling sampling = Sampling::plain;
  uint32_t block_size = 1024;  // sobol: replications of one scramble, a power of two up to 65,536
  std::vector<int> order;      // sobol: sources that matter most, first: they get the best dimensions; others follow
};

/// Quantile functions, each made once for all Draws that ask for it. Not for two threads at once.
class QuantileTables {
 public:
  /// @cost a tenth of a millisecond for a distribution that is new, else O(distributions)
  std::shared_ptr<const Quantiles> of(const Distribution& distribution);

 private:
  std::vector<std::shared_ptr<const Quantiles>> made_;
};

/// Draws for replications: the same numbers however they are split into batches or among threads.
///
/// Sources that are drawn each period have no Sobol dimension: their draws are plain, or antithetic. So are those
/// beyond the dimensions that direction numbers are known for.
class Draws {
 public:
  /// @param chances  sources and correlations (positive semi-definite; each between sources of one kind, drawn once or
  /// each
  ///                 period)
  /// @param tables   where quantile functions are shared with other Draws; null: with none
  Draws(const Chances& chances, const DrawOptions& options, QuantileTables* tables = nullptr);

  [[nodiscard]] std::size_t source_count() const { return tables_.size(); }
  [[nodiscard]] const Quantiles& quantiles(std::size_t source) const { return *tables_[source]; }
  /// @param out  [source, lane] values of replications first … first + lanes − 1; sources that are drawn each period
  ///             have their mode here
  /// @cost about 25 ns a value, 35 ns of a Sobol point, 80 ns where it is correlated; no allocation
  void values(uint32_t first, std::size_t lanes, std::span<double> out) const;
  /// @param out  [lane] values in one period of a source that is drawn each period
  /// @cost as above, for each source that it is correlated with
  void period_values(std::size_t source, int period, uint32_t first, std::size_t lanes, std::span<double> out) const;

 private:
  /// Uniform draws of one source, before any correlation. `period` 0 stands for once a replication.
  void uniforms(std::size_t source, uint32_t period, uint32_t first, std::span<double> out) const;
  void place_dimensions(const std::vector<int>& order);

  DrawOptions options_;
  std::vector<std::shared_ptr<const Quantiles>>
      tables_;                        // [source] one for all of a distribution: it stays in the cache
  std::vector<uint8_t> each_period_;  // [source]
  std::vector<int> dimensions_;       // [source] of the Sobol points; −1: none
  std::optional<SobolBlocks> sobol_;
  Copula copula_;
};

}  // namespace beltline
