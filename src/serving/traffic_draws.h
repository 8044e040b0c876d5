// Random draws of the traffic: pure functions of (seed, stream, index), whatever was drawn before and on which thread.
#pragma once

#include <cstdint>

namespace beltline::serving {

/// What an index of a stream draws, one number after the other.
class TrafficDraws {
 public:
  /// @param stream  any 64 bits that name what is drawn; streams with different names are independent
  TrafficDraws(uint64_t seed, uint64_t stream, uint64_t index);

  /// (0, 1).
  double uniform();
  double exponential();  // mean 1
  double normal();       // mean 0, standard deviation 1
  /// Gamma with mean 1 and this shape > 0 (Marsaglia and Tsang 2000).
  double gamma_mean1(double shape);
  /// Weibull with mean 1 and this shape > 0.
  double weibull_mean1(double shape);

 private:
  uint64_t seed_;
  uint32_t high_;
  uint32_t low_;
  uint32_t counter_ = 0;
};

/// Shape of a gamma distribution with this coefficient of variation > 0: 1/cv².
double gamma_shape_of_cv(double cv);
/// Shape of a Weibull distribution with this coefficient of variation, in [0.05, 20].
double weibull_shape_of_cv(double cv);

}  // namespace beltline::serving
