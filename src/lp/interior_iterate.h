// The point of an interior-point method, and what it still misses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "lp/interior_form.h"
#include "lp/interior_team.h"

namespace beltline::lp {

/// Which bounds a variable has. The activity of an equality row is no variable at all.
enum Bounds : uint8_t { kFree = 0, kLower = 1, kUpper = 2, kBoxed = 3, kFixed = 4 };

std::vector<uint8_t> bounds_of(const Form& form);

/// Every bound of every variable, in the variables' order, a lower one before an upper one: all that is positive in the
/// method comes in pairs of a distance from a bound and that bound's dual.
struct Pairs {
  std::vector<int32_t> variable;  // [pair]
  std::vector<float> sign;        // [pair] 1 of a lower bound, −1 of an upper one

  /// Some thousand variables that follow one another, and their pairs: what a thread takes at a time.
  struct Chunk {
    std::size_t begin = 0, end = 0;  // variables
    std::size_t pair_begin = 0, pair_end = 0;
  };
  std::vector<Chunk> chunk;

  [[nodiscard]] std::size_t count() const { return variable.size(); }
};

Pairs pairs_of(std::span<const uint8_t> bounds);

/// Variables are columns, then rows' activities. Distances from bounds are variables of their own, so that a point may
/// begin outside its bounds and that close to one nothing cancels.
///
///   A x = s,   sign ((x, s) − bound) = distance
///   cost + quadratic x − Aᵀ y − Σ sign · dual = 0,   y − Σ sign · dual = 0 on rows
struct Iterate {
  std::vector<double> value;     // [variable]
  std::vector<double> row_dual;  // [row]
  std::vector<double> distance;  // [pair] > 0
  std::vector<double> dual;      // [pair] > 0
};

/// What the conditions above lack, each with the sign that a step adds up to.
struct Residual {
  std::vector<double> row;   // [row] s − A x
  std::vector<double> pair;  // [pair] distance − sign (value − bound)
  std::vector<double> dual;  // [variable]
};

struct StepLength {
  double primal = 1;
  double dual = 1;
};

/// Everything that does not change along the path.
struct Frame {
  const Form& form;
  std::span<const uint8_t> bounds;
  const Pairs& pairs;
  Team& team;

  /// Calls work(chunk) for each chunk, on all threads.
  template <class Work>
  void each(const Work& work) const {
    team.run(static_cast<int32_t>(pairs.chunk.size()), [&](int32_t k) { work(pairs.chunk[k]); });
  }
  /// The sum, or the largest, of what work(chunk) returns: added up in order, so that threads change nothing.
  template <class Work>
  [[nodiscard]] double sum(const Work& work) const {
    std::vector<double> part(pairs.chunk.size());
    team.run(static_cast<int32_t>(part.size()), [&](int32_t k) { part[k] = work(pairs.chunk[k]); });
    return std::accumulate(part.begin(), part.end(), 0.0);
  }
  template <class Work>
  [[nodiscard]] double largest(const Work& work) const {
    std::vector<double> part(pairs.chunk.size());
    team.run(static_cast<int32_t>(part.size()), [&](int32_t k) { part[k] = work(pairs.chunk[k]); });
    return part.empty() ? 0.0 : *std::ranges::max_element(part);
  }

  /// Of a pair.
  [[nodiscard]] double bound(std::size_t pair) const {
    return (pairs.sign[pair] > 0 ? form.lower : form.upper)[pairs.variable[pair]];
  }
  [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(form.columns); }
  [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(form.rows); }
  [[nodiscard]] std::size_t variables() const { return form.variables(); }
};

Iterate make_iterate(const Frame& frame);
void compute_residual(const Frame& frame, const Iterate& point, Residual& out);
/// Mean of distance · dual.
double complementarity(const Frame& frame, const Iterate& point);

}  // namespace beltline::lp
