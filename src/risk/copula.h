// Correlated sources: a Gaussian copula over the groups that correlations make.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "model/chances.h"
#include "risk/distribution.h"

namespace beltline {

/// Turns independent uniform draws into correlated ones: z = Φ⁻¹(u), x = L z, u' = Φ(x), where L Lᵀ is the matrix of
/// the coefficients (Nelsen 2006, An Introduction to Copulas, ch. 2). Sources in no correlation are left alone.
class Copula {
 public:
  struct Group {
    std::vector<int> sources;    // ascending
    std::vector<double> factor;  // [row, column] lower triangle L
  };

  /// @param correlations  of sources 0 … source_count − 1; their matrices have a `cholesky` (model/correlation.h), else
  /// it
  ///                      is a Bug: the sections that write them have checked
  /// @cost O(Σ size³) over the groups
  Copula(int source_count, const std::vector<Correlation>& correlations);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// The source's group, or null.
  [[nodiscard]] const Group* group_of(int source) const;

  /// @param rows  [source, lane] uniform draws of all sources; those of the group are replaced
  void correlate(const Group& group, std::size_t lanes, std::span<double> rows) const;
  /// The correlated draw of one source of the group.
  /// @param uniform  the independent draw of a source of the group
  [[nodiscard]] double correlated(const Group& group, int source, const std::function<double(int)>& uniform) const;

 private:
  Quantiles normal_;  // standard
  std::vector<Group> groups_;
  std::vector<int> group_of_;  // [source] −1: none
};

}  // namespace beltline
