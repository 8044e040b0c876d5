// Demand over a time: the distributions that stock formulas know, with the same five functions for each.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace beltline::stock {

/// Density, distribution, its inverse and the loss E[(Z − z)⁺] of the standard normal distribution.
/// @param p  in (0, 1)
/// @cost     a few exponentials; relative error below 1e-14
/// @source   inverse: Wichura 1988, algorithm AS 241, and one Newton step; loss: φ(z) − z (1 − Φ(z))
double normal_density(double z);
double normal_cumulative(double z);
double normal_quantile(double p);
double normal_loss(double z);
/// ½ E[((Z − z)⁺)²], the loss once more integrated. @source Zipkin 2000, section 6.4
double normal_second_loss(double z);

/// P(D = k) of a Poisson demand; 0 below 0.
double poisson_probability(int64_t k, double mean);

struct Normal {
  double mean = 0;
  double deviation = 0;  // ≥ 0; 0 is a certain demand
};

/// Its logarithm is normal; given by its own mean (> 0) and deviation (≥ 0).
struct Lognormal {
  double mean = 1;
  double deviation = 0;
};

struct Uniform {
  double low = 0;
  double high = 1;  // ≥ low
};

/// Whole units, each for itself.
struct Poisson {
  double mean = 1;  // ≥ 0
};

struct Outcomes {
  std::vector<double> values;         // rising
  std::vector<double> probabilities;  // [value] > 0, summing to 1
};

using Distribution = std::variant<Normal, Lognormal, Uniform, Poisson, Outcomes>;

double mean(const Distribution& demand);
double deviation(const Distribution& demand);
/// P(D ≤ x).
double cumulative(const Distribution& demand, double x);
/// The smallest x with P(D ≤ x) ≥ p, for p in (0, 1).
double quantile(const Distribution& demand, double p);
/// E[(D − x)⁺]: what x leaves unserved.
double loss(const Distribution& demand, double x);
/// Whether only whole numbers come.
bool is_whole(const Distribution& demand);

}  // namespace beltline::stock
