#include "queue/erlang.h"

#include <cmath>
#include <limits>

#include "base/assert.h"

namespace beltline::queue {

namespace {

/// Where the series of the lower incomplete gamma function takes more terms than the fraction of the upper one.
constexpr double kFractionFrom = 2.5;

/// 1/B(f, a) = a^(−f) e^a Γ(f + 1, a) for f in [0, 1): by Lentz's continued fraction of Γ(s, a), s = f + 1.
double inverse_by_fraction(double f, double load) {
  const double s = f + 1;
  constexpr double kTiny = 1e-300;
  double b = load + 1 - s;
  double c = 1 / kTiny;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < 10'000; ++i) {
    const double a = -i * (i - s);
    b += 2;
    d = a * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + a / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double factor = d * c;
    fraction *= factor;
    if (std::abs(factor - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return load * fraction;
}

/// The same for a small load: Γ(s) less the series of the lower incomplete gamma function.
double inverse_by_series(double f, double load) {
  const double s = f + 1;
  double term = 1 / s;
  double sum = term;
  for (int i = 1; i < 1000 && term > sum * std::numeric_limits<double>::epsilon(); ++i) {
    term *= load / (s + i);
    sum += term;
  }
  return std::exp(load - f * std::log(load)) * std::tgamma(s) - load * sum;
}

}  // namespace

double erlang_b(double servers, double load) {
  ASSERT(servers >= 0 && load >= 0 && std::isfinite(servers) && std::isfinite(load));
  if (load == 0) return servers == 0 ? 1 : 0;
  const double fraction = servers - std::floor(servers);
  double blocked = 1;
  if (fraction > 0) {
    blocked = 1 / (load > kFractionFrom ? inverse_by_fraction(fraction, load) : inverse_by_series(fraction, load));
  }
  const auto steps = static_cast<int64_t>(std::floor(servers));
  for (int64_t k = 1; k <= steps; ++k) {
    const double c = fraction + static_cast<double>(k);
    blocked = load * blocked / (c + load * blocked);
  }
  return blocked;
}

double erlang_c(double servers, double load) {
  ASSERT(servers > 0);
  const double busy = load / servers;
  if (busy >= 1) return 1;
  const double blocked = erlang_b(servers, load);
  return blocked / (1 - busy * (1 - blocked));
}

int servers_for_blocking(double load, double blocking) {
  ASSERT(load >= 0 && std::isfinite(load) && blocking > 0 && blocking < 1);
  int servers = 0;
  for (double blocked = 1; blocked > blocking;) {
    ++servers;
    blocked = load * blocked / (servers + load * blocked);
  }
  return servers;
}

}  // namespace beltline::queue
