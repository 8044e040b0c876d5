// How well a table predicts what was left out of it.
#include <algorithm>
#include <cmath>
#include <set>

#include "perf/profile_table.h"

namespace beltline::perf {

namespace {

double quantile(std::vector<double>& values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

/// Predicts the points that `is_left_out` says from all others; what they cannot interpolate is passed over.
template <class IsLeftOut>
void predict(ProfileOperator kind, std::span<const GridPoint> points, const IsLeftOut& is_left_out,
             std::vector<double>& ratios) {
  const std::size_t axis_count = axes_of(kind).size();
  std::vector<GridPoint> rest;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!is_left_out(i)) rest.push_back(points[i]);
  }
  if (rest.empty() || rest.size() == points.size()) return;
  const auto grid = ProfileGrid::make(axis_count, rest, rigid_axes_of(kind));
  if (!grid) return;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!is_left_out(i)) continue;
    const auto found = grid->find({points[i].at.data(), axis_count});
    if (found.basis == Basis::interpolated) ratios.push_back(std::exp(double{found.value} - double{points[i].value}));
  }
}

void summarise(ProfileError error, std::vector<double> ratios, std::vector<ProfileError>& out) {
  error.tested_count = ratios.size();
  if (!ratios.empty()) {
    error.bias = quantile(ratios, 0.5) - 1;
    for (double& ratio : ratios) ratio = std::abs(ratio - 1);
    error.median = quantile(ratios, 0.5);
    error.p90 = quantile(ratios, 0.9);
  }
  out.push_back(std::move(error));
}

}  // namespace

void ProfileTable::cross_validate(std::size_t stride, std::vector<ProfileError>& out) const {
  // a tenth of the points at a time, spread over the table: one by one would build the grid for each of them
  constexpr std::size_t kFolds = 10;
  for (const Part& part : parts_) {
    const std::vector<GridPoint> points = part.grid.points();
    const std::size_t axis_count = part.grid.axis_count();
    const ProfileError error{
        .kind = kind_, .source = &source_, .slice = label_of(part.slice), .point_count = points.size()};
    std::vector<double> ratios;
    for (std::size_t fold = 0; fold < kFolds; fold += stride) {
      // a multiplicative hash: neighbours of a line fall into different tenths
      predict(kind_, points, [&](std::size_t i) { return (i * 2'654'435'761u >> 16) % kFolds == fold; }, ratios);
    }
    summarise(error, std::move(ratios), out);
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
      std::set<float> lines;
      for (const GridPoint& point : points) lines.insert(point.at[axis]);
      std::vector<double> of_lines;
      std::size_t count = 0;
      for (const float line : lines) {
        if (count++ % stride != 0) continue;
        predict(kind_, points, [&](std::size_t i) { return points[i].at[axis] == line; }, of_lines);
      }
      if (of_lines.empty()) continue;
      ProfileError of_axis = error;
      of_axis.axis = axes_of(kind_)[axis];
      summarise(std::move(of_axis), std::move(of_lines), out);
    }
  }
}

}  // namespace beltline::perf
