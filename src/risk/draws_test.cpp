// Distributions and draws: against exact distribution functions, moments, known integrals.
#include "risk/draws.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/random_row.h"
#include "risk/distribution.h"

namespace beltline {
namespace {

constexpr std::size_t kCount = 10'000;

const std::vector<Distribution> kDistributions{
    {.spread = Spread::uniform, .low = -2, .mode = 0, .high = 5},
    {.spread = Spread::triangular, .low = 1, .mode = 2, .high = 7},
    {.spread = Spread::triangular, .low = 1, .mode = 1, .high = 7},
    {.spread = Spread::pert, .low = 0.7, .mode = 0.9, .high = 0.95},
    {.spread = Spread::pert, .low = 3, .mode = 3, .high = 12},
    {.spread = Spread::pert, .low = 3, .mode = 12, .high = 12},
    {.spread = Spread::normal, .low = 80, .mode = 100, .high = 120},
    {.spread = Spread::lognormal, .low = 0.5, .mode = 1, .high = 2},
    {.spread = Spread::exponential, .low = 0, .mode = 4, .high = 0},
};

Chances chances_with(std::vector<Distribution> distributions) {
  Chances chances;
  for (const Distribution& each : distributions) {
    Source source;
    source.name = "source." + std::to_string(chances.sources.size());
    source.distribution = each;
    chances.sources.push_back(source);
  }
  return chances;
}

Chances uniforms(std::size_t count) {
  return chances_with(std::vector<Distribution>(count, {.spread = Spread::uniform, .low = 0, .mode = 0.5, .high = 1}));
}

/// [source, replication]
std::vector<double> drawn(const Draws& draws, std::size_t count, uint32_t first = 0) {
  std::vector<double> out(draws.source_count() * count);
  draws.values(first, count, out);
  return out;
}

double mean(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double correlation(std::span<const double> x, std::span<const double> y) {
  const double mx = mean(x), my = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

/// Largest distance between the empirical and the exact distribution function.
double distance(std::vector<double> x, const Distribution& d) {
  std::ranges::sort(x);
  double worst = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = cumulative(d, x[i]);
    worst = std::max({worst, exact - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - exact});
  }
  return worst;
}

TEST(RandomRow, HoldsTheDrawsThemselves) {
  // every length up to two registers, and counters that run over
  for (const uint32_t first : {0U, 5U, 0xFFFF'FFFDU}) {
    for (std::size_t count = 0; count <= 17; ++count) {
      std::vector<double> row(count);
      const DrawKey key{.seed = 0x1234'5678'9ABC'DEF0, .replication = first, .source = 7, .period = 3};
      uniform01_row(key, row);
      for (std::size_t i = 0; i < count; ++i) {
        DrawKey one = key;
        one.replication += static_cast<uint32_t>(i);
        EXPECT_EQ(row[i], uniform01(one)) << first << " " << i;
      }
    }
  }
}

TEST(Distribution, QuantileInvertsTheDistributionFunction) {
  for (const Distribution& d : kDistributions) {
    for (const double u : {1e-9, 1e-4, 0.05, 0.3, 0.5, 0.77, 0.95, 1 - 1e-6}) {
      EXPECT_NEAR(cumulative(d, exact_quantile(d, u)), u, 1e-9) << int(d.spread) << " at " << u;
    }
  }
}

TEST(Distribution, LowAndHighOfUnboundedSpreadsAreTheir5And95PercentQuantiles) {
  EXPECT_NEAR(cumulative({Spread::normal, 80, 100, 120}, 80), 0.05, 1e-12);
  EXPECT_NEAR(cumulative({Spread::normal, 80, 100, 120}, 120), 0.95, 1e-12);
  EXPECT_NEAR(cumulative({Spread::lognormal, 0.5, 1, 2}, 0.5), 0.05, 1e-12);
  EXPECT_NEAR(cumulative({Spread::lognormal, 0.5, 1, 2}, 2), 0.95, 1e-12);
  EXPECT_NEAR(cumulative({Spread::exponential, 0, 4, 0}, 4), 1 - std::exp(-1), 1e-12);
}

TEST(Distribution, TheTableIsMonotoneAndClose) {
  for (const Distribution& d : kDistributions) {
    const Quantiles table(d);
    const double sigma = standard_deviation_of(d);
    double before = -1e300, sum = 0, squares = 0;
    constexpr int kSteps = 200'000;
    for (int i = 0; i < kSteps; ++i) {
      const double u = (i + 0.5) / kSteps;
      const double x = table.quantile(u);
      ASSERT_GE(x, before);
      if (i % 97 == 0) {
        ASSERT_NEAR(x, exact_quantile(d, u), 2e-4 * sigma) << int(d.spread) << " at " << u;
      }
      before = x;
      sum += x;
      squares += x * x;
    }
    const double m = sum / kSteps;
    EXPECT_NEAR(m, mean_of(d), 1e-4 * sigma) << int(d.spread);
    EXPECT_NEAR(table.mean(), mean_of(d), 0);
    EXPECT_NEAR(std::sqrt(squares / kSteps - m * m), sigma, 2e-3 * sigma) << int(d.spread);
  }
}

TEST(Distribution, BoundedOnesNeverLeaveTheirBounds) {
  for (const Distribution& d : kDistributions) {
    if (d.spread != Spread::uniform && d.spread != Spread::triangular && d.spread != Spread::pert) continue;
    const Quantiles table(d);
    for (const double u : {0x1p-53, 1e-12, 1e-8, 1 - 1e-8, 1 - 1e-12, 1 - 0x1p-53}) {
      EXPECT_GE(table.quantile(u), d.low);
      EXPECT_LE(table.quantile(u), d.high);
    }
    EXPECT_NEAR(table.quantile(0x1p-53), d.low, 2e-3 * (d.high - d.low));
    EXPECT_NEAR(table.quantile(1 - 0x1p-53), d.high, 2e-3 * (d.high - d.low));
  }
}

TEST(Distribution, WithoutWidthAllIsAtTheMode) {
  for (const Spread spread : {Spread::point, Spread::uniform, Spread::triangular, Spread::pert, Spread::normal}) {
    const Distribution d{.spread = spread, .low = 3, .mode = 3, .high = 3};
    EXPECT_EQ(Quantiles(d).quantile(0.2), 3);
    EXPECT_EQ(mean_of(d), 3);
    EXPECT_EQ(standard_deviation_of(d), 0);
    EXPECT_EQ(cumulative(d, 2.9), 0);
    EXPECT_EQ(cumulative(d, 3), 1);
  }
}

TEST(Draws, PassKolmogorovSmirnovAtOnePercent) {
  // the 1 % point of √n D (Smirnov 1948, Ann. Math. Stat. 19:279)
  const double limit = 1.6276 / std::sqrt(static_cast<double>(kCount));
  const Chances chances = chances_with(kDistributions);
  for (const Sampling sampling : {Sampling::plain, Sampling::antithetic, Sampling::sobol}) {
    const Draws draws(chances, {.seed = 3, .sampling = sampling});
    const std::vector<double> values = drawn(draws, kCount);
    for (std::size_t i = 0; i < kDistributions.size(); ++i) {
      const std::vector<double> x(values.begin() + static_cast<std::ptrdiff_t>(i * kCount),
                                  values.begin() + static_cast<std::ptrdiff_t>((i + 1) * kCount));
      EXPECT_LT(distance(x, kDistributions[i]), limit) << "source " << i << ", sampling " << int(sampling);
    }
  }
}

TEST(Draws, AreTheSameBytesHoweverTheyAreSplit) {
  Chances chances = chances_with(kDistributions);
  chances.correlations.push_back({.sources = {1, 4, 6}, .coefficient = 0.5});
  for (const Sampling sampling : {Sampling::plain, Sampling::antithetic, Sampling::sobol}) {
    const Draws draws(chances, {.seed = 9, .sampling = sampling, .block_size = 256});
    const std::vector<double> whole = drawn(draws, 1000);
    uint32_t first = 0;
    for (const std::size_t lanes : {1U, 63U, 300U, 64U, 572U}) {
      const std::vector<double> part = drawn(draws, lanes, first);
      for (std::size_t source = 0; source < draws.source_count(); ++source) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          ASSERT_EQ(part[source * lanes + lane], whole[source * 1000 + first + lane]);
        }
      }
      first += static_cast<uint32_t>(lanes);
    }
  }
}

TEST(Draws, AntitheticPairsAreMirrored) {
  const Draws draws(uniforms(3), {.seed = 5, .sampling = Sampling::antithetic});
  const std::vector<double> values = drawn(draws, 500);
  for (std::size_t i = 0; i < values.size(); i += 2) EXPECT_NEAR(values[i] + values[i + 1], 1, 1e-12);
}

TEST(Draws, ReachTheCorrelationsThatAreAsked) {
  const Distribution normal{
      .spread = Spread::normal, .low = -1.6448536269514722, .mode = 0, .high = 1.6448536269514722};
  Chances chances = chances_with(std::vector<Distribution>(6, normal));
  chances.correlations = {{.sources = {0, 2}, .coefficient = 0.7},
                          {.sources = {2, 5}, .coefficient = -0.3},
                          {.sources = {3, 4}, .coefficient = 1}};
  for (const Sampling sampling : {Sampling::plain, Sampling::antithetic, Sampling::sobol}) {
    const std::vector<double> values = drawn(Draws(chances, {.sampling = sampling}), kCount);
    const auto row = [&](std::size_t i) { return std::span(values).subspan(i * kCount, kCount); };
    // a standard error of (1 − ρ²) / √n; twice of that for pairs that are not independent
    EXPECT_NEAR(correlation(row(0), row(2)), 0.7, 4 * 0.0072);
    EXPECT_NEAR(correlation(row(2), row(5)), -0.3, 4 * 0.0129);
    EXPECT_NEAR(correlation(row(0), row(5)), 0, 4 * 0.0142);
    EXPECT_NEAR(correlation(row(0), row(1)), 0, 4 * 0.0142);
    EXPECT_NEAR(correlation(row(3), row(4)), 1, 1e-6);
  }
}

TEST(Draws, LeaveSourcesOutsideACorrelationAlone) {
  Chances chances = uniforms(4);
  const std::vector<double> alone = drawn(Draws(chances, {}), 100);
  chances.correlations.push_back({.sources = {1, 2}, .coefficient = 0.9});
  const std::vector<double> together = drawn(Draws(chances, {}), 100);
  for (const std::size_t source : {0U, 3U}) {
    for (std::size_t lane = 0; lane < 100; ++lane) {
      EXPECT_EQ(alone[source * 100 + lane], together[source * 100 + lane]);
    }
  }
}

TEST(Draws, DrawTheSameFromSharedTables) {
  const Distribution pert{.spread = Spread::pert, .low = 1, .mode = 2, .high = 5};
  const Distribution other{.spread = Spread::pert, .low = 1, .mode = 3, .high = 5};
  const Chances chances = chances_with({pert, other, pert});
  QuantileTables tables;
  const Draws first(chances, {.seed = 2}, &tables);
  const Draws second(chances, {.seed = 2}, &tables);
  EXPECT_EQ(&first.quantiles(0), &second.quantiles(2));
  EXPECT_NE(&first.quantiles(0), &first.quantiles(1));
  EXPECT_EQ(drawn(first, 100), drawn(Draws(chances, {.seed = 2}), 100));
}

TEST(Draws, EachPeriodIsDrawnAnewAndItsCorrelationsHold) {
  Chances chances = uniforms(3);
  for (Source& source : chances.sources) source.each_period = true;
  chances.correlations.push_back({.sources = {0, 1}, .coefficient = 0.8});
  const Draws draws(chances, {});
  EXPECT_EQ(drawn(draws, 2), std::vector<double>(6, 0.5));
  const auto row = [&](std::size_t source, int period) {
    std::vector<double> out(kCount);
    draws.period_values(source, period, 0, kCount, out);
    return out;
  };
  const std::vector<double> x = row(0, 0), y = row(1, 0), later = row(0, 1), other = row(2, 0);
  // Spearman's of a Gaussian copula: 6/π asin(ρ/2)
  EXPECT_NEAR(correlation(x, y), 6 / M_PI * std::asin(0.4), 0.02);
  EXPECT_NEAR(correlation(x, later), 0, 0.045);
  EXPECT_NEAR(correlation(x, other), 0, 0.045);
  std::vector<double> part(10);
  draws.period_values(1, 0, 500, 10, part);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), y.begin() + 500));
}

/// Π (1 + (x − 1/2) / (i + 2)²) has the mean 1 (after Sobol' and Asotsky 2003).
double product_mean(const Draws& draws, std::size_t count, uint32_t first) {
  const std::vector<double> values = drawn(draws, count, first);
  double sum = 0;
  for (std::size_t lane = 0; lane < count; ++lane) {
    double product = 1;
    for (std::size_t i = 0; i < draws.source_count(); ++i) {
      product *= 1 + (values[i * count + lane] - 0.5) / static_cast<double>((i + 1) * (i + 1));
    }
    sum += product;
  }
  return sum / static_cast<double>(count);
}

TEST(Sobol, IntegratesASmoothFunctionFarBetterThanPlainDraws) {
  const Chances chances = uniforms(12);
  double sobol = 0, plain = 0;
  constexpr int kRepeats = 20;
  for (uint64_t seed = 1; seed <= kRepeats; ++seed) {
    const Draws even(chances, {.seed = seed, .sampling = Sampling::sobol, .block_size = 4096});
    const Draws random(chances, {.seed = seed});
    sobol += std::pow(product_mean(even, 4096, 0) - 1, 2) / kRepeats;
    plain += std::pow(product_mean(random, 4096, 0) - 1, 2) / kRepeats;
  }
  EXPECT_LT(std::sqrt(sobol), std::sqrt(plain) / 50) << std::sqrt(sobol) << " and " << std::sqrt(plain);
}

TEST(Sobol, BlocksAreUnbiasedAndIndependent) {
  const Draws draws(uniforms(8), {.seed = 2, .sampling = Sampling::sobol, .block_size = 16});
  constexpr uint32_t kBlocks = 4000;
  std::vector<double> means;
  for (uint32_t block = 0; block < kBlocks; ++block) means.push_back(product_mean(draws, 16, block * 16));
  const double m = mean(means);
  double variance = 0;
  for (const double x : means) variance += (x - m) * (x - m) / (kBlocks - 1);
  EXPECT_NEAR(m, 1, 4 * std::sqrt(variance / kBlocks));
  const std::span<const double> all(means);
  EXPECT_NEAR(correlation(all.first(kBlocks - 1), all.last(kBlocks - 1)), 0, 4 / std::sqrt(double{kBlocks}));
}

TEST(Sobol, EveryBlockPutsOnePointIntoEachCellOfEveryDimension) {
  const std::size_t count = 5000;
  const Draws draws(uniforms(count), {.seed = 4, .sampling = Sampling::sobol, .block_size = 64});
  const std::vector<double> values = drawn(draws, 64, 128);
  for (const std::size_t source : {std::size_t{0}, std::size_t{1}, std::size_t{700}, std::size_t{3666}}) {
    std::vector<int> cells(64, 0);
    for (std::size_t lane = 0; lane < 64; ++lane) ++cells[static_cast<std::size_t>(values[source * 64 + lane] * 64)];
    EXPECT_EQ(cells, std::vector<int>(64, 1)) << source;
  }
  // beyond the known direction numbers draws are plain, not one point in each cell
  std::vector<int> cells(64, 0);
  for (std::size_t lane = 0; lane < 64; ++lane) ++cells[static_cast<std::size_t>(values[4999 * 64 + lane] * 64)];
  EXPECT_NE(cells, std::vector<int>(64, 1));
}

TEST(Sobol, TheFirstTwoDimensionsFillEveryElementaryRectangle) {
  // dimensions 1 and 2 are a (0, m, 2)-net in base 2, and scrambling keeps that
  const Draws draws(uniforms(5), {.seed = 8, .sampling = Sampling::sobol, .block_size = 256, .order = {3, 1}});
  const std::vector<double> values = drawn(draws, 256, 512);
  for (const std::size_t wide : {1U, 2U, 4U, 16U, 64U, 256U}) {
    std::vector<int> cells(256, 0);
    for (std::size_t lane = 0; lane < 256; ++lane) {
      const auto a = static_cast<std::size_t>(values[3 * 256 + lane] * static_cast<double>(wide));
      const auto b = static_cast<std::size_t>(values[1 * 256 + lane] * static_cast<double>(256 / wide));
      ++cells[a * (256 / wide) + b];
    }
    EXPECT_EQ(cells, std::vector<int>(256, 1)) << wide;
  }
}

}  // namespace
}  // namespace beltline
