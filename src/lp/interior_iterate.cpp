#include "lp/interior_iterate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace beltline::lp {
namespace {

constexpr std::size_t kChunk = 8'192;  // variables

/// A difference, or zero where it is no more than the rounding of terms of this size: where an optimum is not unique, a
/// step would move a column far for very little.
double unless_rounding(double difference, double size) {
  constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
  return std::abs(difference) <= kRounding * size ? 0 : difference;
}

/// value − Σ terms of one row or column.
double rest_of(double value, std::span<const double> coefficient, std::span<const int32_t> at, const double* x) {
  double sum = value, size = std::abs(value);
  for (std::size_t k = 0; k < at.size(); ++k) {
    const double term = coefficient[k] * x[at[k]];
    sum -= term;
    size = std::max(size, std::abs(term));
  }
  return unless_rounding(sum, size);
}

}  // namespace

std::vector<uint8_t> bounds_of(const Form& form) {
  std::vector<uint8_t> bounds(form.variables());
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    const bool row = v >= static_cast<std::size_t>(form.columns);
    bounds[v] =
        row && form.lower[v] == form.upper[v]
            ? static_cast<uint8_t>(kFixed)
            : static_cast<uint8_t>((form.lower[v] > -kInf ? kLower : kFree) | (form.upper[v] < kInf ? kUpper : kFree));
  }
  return bounds;
}

Pairs pairs_of(std::span<const uint8_t> bounds) {
  Pairs p;
  std::size_t count = 0;
  for (const uint8_t b : bounds) count += ((b & kLower) != 0 ? 1 : 0) + ((b & kUpper) != 0 ? 1 : 0);
  p.variable.reserve(count);
  p.sign.reserve(count);
  const auto add = [&](std::size_t v, float sign) {
    p.variable.push_back(static_cast<int32_t>(v));
    p.sign.push_back(sign);
  };
  for (std::size_t v = 0; v < bounds.size();) {
    Pairs::Chunk chunk{.begin = v, .end = std::min(bounds.size(), v + kChunk), .pair_begin = p.count()};
    for (; v < chunk.end; ++v) {
      if ((bounds[v] & kLower) != 0) add(v, 1);
      if ((bounds[v] & kUpper) != 0) add(v, -1);
    }
    chunk.pair_end = p.count();
    p.chunk.push_back(chunk);
  }
  return p;
}

Iterate make_iterate(const Frame& frame) {
  return {.value = std::vector<double>(frame.variables(), 0.0),
          .row_dual = std::vector<double>(frame.rows(), 0.0),
          .distance = std::vector<double>(frame.pairs.count(), 0.0),
          .dual = std::vector<double>(frame.pairs.count(), 0.0)};
}

void compute_residual(const Frame& frame, const Iterate& point, Residual& out) {
  const Form& f = frame.form;
  const Pairs& pairs = frame.pairs;
  const std::size_t n = frame.columns();
  out.row.resize(frame.rows());
  out.pair.resize(pairs.count());
  out.dual.resize(frame.variables());
  const auto column = [&](std::size_t j) {
    const auto begin = static_cast<std::size_t>(f.start[j]), count = static_cast<std::size_t>(f.start[j + 1]) - begin;
    // −(cost + q x) + Σ sign · dual + Aᵀ y: the terms are subtracted from the other side
    const double sum = f.cost[j] + f.quadratic[j] * point.value[j] - out.dual[j];
    out.dual[j] = -rest_of(sum, {f.value.data() + begin, count}, {f.row.data() + begin, count}, point.row_dual.data());
  };
  const auto row = [&](std::size_t i) {
    const auto begin = static_cast<std::size_t>(f.row_start[i]),
               count = static_cast<std::size_t>(f.row_start[i + 1]) - begin;
    out.row[i] = rest_of(point.value[n + i], {f.row_value.data() + begin, count}, {f.column.data() + begin, count},
                         point.value.data());
    const double z = out.dual[n + i];
    out.dual[n + i] = frame.bounds[n + i] == kFixed ? 0 : unless_rounding(z - point.row_dual[i], std::abs(z));
  };
  frame.each([&](const Pairs::Chunk& chunk) {
    std::fill(out.dual.begin() + static_cast<std::ptrdiff_t>(chunk.begin),
              out.dual.begin() + static_cast<std::ptrdiff_t>(chunk.end), 0.0);
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const auto v = static_cast<std::size_t>(pairs.variable[p]);
      out.dual[v] += pairs.sign[p] * point.dual[p];
      const double bound = frame.bound(p), distance = point.distance[p];
      out.pair[p] =
          unless_rounding(distance - pairs.sign[p] * (point.value[v] - bound), std::max(std::abs(bound), distance));
    }
    for (std::size_t v = chunk.begin; v < std::min(chunk.end, n); ++v) column(v);
    for (std::size_t v = std::max(chunk.begin, n); v < chunk.end; ++v) row(v - n);
  });
}

double complementarity(const Frame& frame, const Iterate& point) {
  const double sum = frame.sum([&](const Pairs::Chunk& chunk) {
    double part = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) part += point.distance[p] * point.dual[p];
    return part;
  });
  return point.dual.empty() ? 0 : sum / static_cast<double>(point.dual.size());
}

}  // namespace beltline::lp
