#include "lp/interior_fold.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

constexpr double kExcess = 0.01;  // of all products: what a step may take too far
constexpr double kProduct = 0.5;  // of mu: pairs below go to their hyperbola
constexpr double kLeft = 0.005;   // of a distance or dual: a step that leaves less is too far
constexpr double kShortest = 1e-8;
constexpr double kLeast = 1e-4;  // of a distance or dual: no pair loses more at once

/// What lies beyond zero after `length` of the step, weighed by the other half of each pair.
double excess(const Frame& frame, std::span<const double> from, std::span<const double> by,
              std::span<const double> weight, double length) {
  return frame.sum([&](const Pairs::Chunk& chunk) {
    double sum = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      sum += std::max(0.0, -(from[p] + length * by[p])) * weight[p];
    }
    return sum;
  });
}

double longest(const Frame& frame, std::span<const double> from, std::span<const double> by,
               std::span<const double> weight, double most) {
  const auto is_too_far = [&](double length) { return excess(frame, from, by, weight, length) > most; };
  if (!is_too_far(1)) return 1;
  double low = 0.25, high = 1;
  while (low > kShortest && is_too_far(low)) {
    high = low;
    low *= 0.25;
  }
  for (int round = 0; round < 4; ++round) {
    const double middle = 0.5 * (low + high);
    (is_too_far(middle) ? high : low) = middle;
  }
  return low;
}

struct Pair {
  double distance;
  double dual;
};

bool stays(const Pair& from, const Pair& to, double mu) {
  return to.distance > kLeft * from.distance && to.dual > kLeft * from.dual && to.distance * to.dual >= kProduct * mu;
}

/// The point of distance · dual = mu next to `to`, in units that make both halves of `from` of a size.
Pair fold(const Pair& from, const Pair& to, double mu) {
  const double unit = std::sqrt(from.distance / from.dual);
  const double difference = to.distance / unit - to.dual * unit;
  const double larger = 0.5 * (std::abs(difference) + std::sqrt(difference * difference + 4 * mu));
  const double smaller = mu / larger;
  return {.distance = std::max(kLeast * from.distance, unit * (difference > 0 ? larger : smaller)),
          .dual = std::max(kLeast * from.dual, (difference > 0 ? smaller : larger) / unit)};
}

}  // namespace

StepLength longest_step(const Frame& frame, const Iterate& point, const PairStep& step) {
  // the largest share of its distance, or dual, that the step takes from a pair
  const auto loss = [&](std::span<const double> from, std::span<const double> by) {
    return frame.largest([&](const Pairs::Chunk& chunk) {
      double most = 0;
      for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) most = std::max(most, -by[p] / from[p]);
      return most;
    });
  };
  return {.primal = 1 / std::max(1.0, loss(point.distance, step.distance)),
          .dual = 1 / std::max(1.0, loss(point.dual, step.dual))};
}

double complementarity(const Frame& frame, const Iterate& point, const PairStep& step, const StepLength& length) {
  const double sum = frame.sum([&](const Pairs::Chunk& chunk) {
    double part = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      part += (point.distance[p] + length.primal * step.distance[p]) * (point.dual[p] + length.dual * step.dual[p]);
    }
    return part;
  });
  return point.dual.empty() ? 0 : sum / static_cast<double>(point.dual.size());
}

double residual_of_folds(const Frame& frame, const Iterate& point, const Residual& residual, Newton& newton,
                         const Mix& mix) {
  const Pairs& pairs = frame.pairs;
  const PairStep& affine = newton.affine();
  const double sum = frame.sum([&](const Pairs::Chunk& chunk) {
    newton.find_condition(chunk, point, residual, mix);
    double part = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const Pair from = {point.distance[p], point.dual[p]};
      const double change = pairs.sign[p] * newton.change(static_cast<std::size_t>(pairs.variable[p]), mix);
      const double aim = mix.centring - mix.second * affine.distance[p] * affine.dual[p];
      Pair to{.distance = from.distance + change - residual.pair[p], .dual = 0};
      to.dual = from.dual + (aim - from.dual * to.distance) / from.distance;
      if (stays(from, to, mix.centring)) continue;
      const Pair folded = fold(from, to, mix.centring);
      part += std::abs(folded.distance - to.distance) * folded.dual + std::abs(folded.dual - to.dual) * folded.distance;
    }
    return part;
  });
  return point.dual.empty() ? 0 : sum / (mix.centring * static_cast<double>(point.dual.size()));
}

StepLength longest_fold(const Frame& frame, const Iterate& point, const Iterate& step) {
  const double most = kExcess * complementarity(frame, point) * static_cast<double>(point.dual.size());
  return {.primal = longest(frame, point.distance, step.distance, point.dual, most),
          .dual = longest(frame, point.dual, step.dual, point.distance, most)};
}

void move_and_fold(const Frame& frame, const Iterate& step, const StepLength& length, double mu, Iterate& point) {
  const std::size_t n = frame.columns();
  frame.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) point.value[v] += length.primal * step.value[v];
    for (std::size_t v = std::max(chunk.begin, n); v < chunk.end; ++v) {
      point.row_dual[v - n] += length.dual * step.row_dual[v - n];
    }
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const Pair from = {point.distance[p], point.dual[p]};
      Pair to = {from.distance + length.primal * step.distance[p], from.dual + length.dual * step.dual[p]};
      if (!stays(from, to, mu)) to = fold(from, to, mu);
      point.distance[p] = to.distance;
      point.dual[p] = to.dual;
    }
  });
}

}  // namespace beltline::lp
