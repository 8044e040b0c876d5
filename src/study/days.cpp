#include "study/days.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "model/splice.h"

namespace beltline {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Distances between the days of one period, root of the sum of squares over scaled profiles.
Matrix distances(const Model& m, int t, int days, int per_day) {
  std::vector<std::vector<double>> profile(static_cast<std::size_t>(days));
  for (const Series series : series_by_slice(m)) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (int s = 0; s < m.calendar.slice_count; ++s) {
      low = std::min(low, m.at(series, t, s));
      high = std::max(high, m.at(series, t, s));
    }
    if (!(high > low)) continue;
    for (int d = 0; d < days; ++d) {
      for (int h = 0; h < per_day; ++h)
        profile[static_cast<std::size_t>(d)].push_back((m.at(series, t, d * per_day + h) - low) / (high - low));
    }
  }
  Matrix out(static_cast<std::size_t>(days), std::vector<double>(static_cast<std::size_t>(days), 0.0));
  for (std::size_t a = 0; a < out.size(); ++a) {
    for (std::size_t b = a + 1; b < out.size(); ++b) {
      double sum = 0;
      for (std::size_t i = 0; i < profile[a].size(); ++i) {
        const double x = profile[a][i] - profile[b][i];
        sum += x * x;
      }
      out[a][b] = out[b][a] = std::sqrt(sum);
    }
  }
  return out;
}

/// Sums by day, to find the extreme ones.
struct DayTotals {
  std::vector<double> peak, renewable, net;  // [day] highest load; mean share available; most load net of it
};

DayTotals totals(const Model& m, int t, int days, int per_day) {
  const auto slices = static_cast<std::size_t>(m.calendar.slice_count);
  std::vector<double> load(slices, 0.0), available(slices, 0.0);
  double sources = 0;
  for (const Demand& demand : m.demands) {
    if (demand.quantity.slice_stride == 0) continue;
    for (std::size_t s = 0; s < slices; ++s) load[s] += m.at(demand.quantity, t, static_cast<int>(s));
  }
  const auto add_source = [&](Series share, double size) {
    if (!share.present() || share.slice_stride == 0 || size <= 0) return;
    ++sources;
    for (std::size_t s = 0; s < slices; ++s) available[s] += m.at(share, t, static_cast<int>(s)) / size;
  };
  for (const Capacity& capacity : m.capacities) add_source(capacity.availability, 1.0);
  for (const Process& process : m.processes) {
    if (!process.upper.present() || process.upper.slice_stride == 0) continue;
    double most = 0;
    for (std::size_t s = 0; s < slices; ++s) most = std::max(most, m.at(process.upper, t, static_cast<int>(s)));
    add_source(process.upper, most);
  }
  double mean_load = 0, mean_available = 0;
  for (std::size_t s = 0; s < slices; ++s) {
    mean_load += load[s] / static_cast<double>(slices);
    mean_available += available[s] / static_cast<double>(slices);
  }
  DayTotals out;
  for (int d = 0; d < days; ++d) {
    double peak = 0, renewable = 0, net = -std::numeric_limits<double>::infinity();
    for (int h = 0; h < per_day; ++h) {
      const auto s = static_cast<std::size_t>(d * per_day + h);
      peak = std::max(peak, load[s]);
      renewable += available[s];
      net = std::max(
          net, (mean_load > 0 ? load[s] / mean_load : 0) - (mean_available > 0 ? available[s] / mean_available : 0));
    }
    out.peak.push_back(peak);
    out.renewable.push_back(sources > 0 ? renewable : 0.0);
    out.net.push_back(net);
  }
  return out;
}

/// PAM among the days that are left: the medoids, by index of the day.
std::vector<int> medoids(const Matrix& distance, const std::vector<int>& days, std::size_t count) {
  const auto at = [&](int a, int b) { return distance[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)]; };
  std::vector<int> chosen;
  std::vector<double> nearest(distance.size(), std::numeric_limits<double>::infinity());
  while (chosen.size() < count) {
    double best = std::numeric_limits<double>::infinity();
    int take = -1;
    for (const int candidate : days) {
      if (std::ranges::find(chosen, candidate) != chosen.end()) continue;
      double sum = 0;
      for (const int day : days) sum += std::min(nearest[static_cast<std::size_t>(day)], at(candidate, day));
      if (sum < best) {
        best = sum;
        take = candidate;
      }
    }
    chosen.push_back(take);
    for (const int day : days)
      nearest[static_cast<std::size_t>(day)] = std::min(nearest[static_cast<std::size_t>(day)], at(take, day));
  }
  const auto cost = [&] {
    double sum = 0;
    for (const int day : days) {
      double least = std::numeric_limits<double>::infinity();
      for (const int c : chosen) least = std::min(least, at(c, day));
      sum += least;
    }
    return sum;
  };
  double now = cost();
  for (bool better = true; better;) {
    better = false;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      // distance to the nearest of the others
      std::vector<double> other(distance.size(), std::numeric_limits<double>::infinity());
      for (const int day : days) {
        for (std::size_t k = 0; k < chosen.size(); ++k) {
          if (k != i)
            other[static_cast<std::size_t>(day)] = std::min(other[static_cast<std::size_t>(day)], at(chosen[k], day));
        }
      }
      double best = now - 1e-9 * (1 + now);
      int swap = -1;
      for (const int candidate : days) {
        if (std::ranges::find(chosen, candidate) != chosen.end()) continue;
        double sum = 0;
        for (const int day : days) sum += std::min(other[static_cast<std::size_t>(day)], at(candidate, day));
        if (sum < best) {
          best = sum;
          swap = candidate;
        }
      }
      if (swap < 0) continue;
      chosen[i] = swap;
      now = best;
      better = true;
    }
  }
  std::ranges::sort(chosen);
  return chosen;
}

DayChoice choose(const Model& m, int t, int days, int per_day, int count) {
  DayChoice out;
  std::vector<int> left;
  for (int d = 0; d < days; ++d) left.push_back(d);
  const Matrix distance = distances(m, t, days, per_day);
  std::vector<std::pair<int, std::string>> extremes;
  const auto keep = [&](int day, const char* why) {
    // at least two days besides the extreme ones
    if (count<days&& static_cast<int>(extremes.size()) + 3> count) return;
    if (std::ranges::find(extremes, day, &std::pair<int, std::string>::first) == extremes.end())
      extremes.emplace_back(day, why);
  };
  if (count < days) {
    const DayTotals sums = totals(m, t, days, per_day);
    keep(static_cast<int>(std::ranges::max_element(sums.peak) - sums.peak.begin()), "peak load");
    keep(static_cast<int>(std::ranges::max_element(sums.net) - sums.net.begin()), "largest net load");
    keep(static_cast<int>(std::ranges::min_element(sums.renewable) - sums.renewable.begin()), "least renewable");
  }
  for (const auto& [day, why] : extremes) {
    std::erase(left, day);
    out.day.push_back(day);
    out.why.push_back(why);
  }
  const std::size_t more = std::min(left.size(), static_cast<std::size_t>(count) - extremes.size());
  const std::vector<int> chosen = more == left.size() ? left : medoids(distance, left, more);
  for (const int day : chosen) {
    out.day.push_back(day);
    out.why.emplace_back("medoid");
  }
  out.stands_for.assign(out.day.size(), 0);
  for (int d = 0; d < days; ++d) {
    std::size_t best = out.day.size();
    for (std::size_t i = 0; i < out.day.size(); ++i) {
      if (out.day[i] == d) best = i;
    }
    for (std::size_t i = extremes.size(); best == out.day.size() && i < out.day.size(); ++i) best = i;
    if (out.day[best] != d) {
      for (std::size_t i = extremes.size(); i < out.day.size(); ++i) {
        const auto gap = [&](std::size_t k) {
          return distance[static_cast<std::size_t>(out.day[k])][static_cast<std::size_t>(d)];
        };
        if (gap(i) < gap(best)) best = i;
      }
    }
    out.chosen_of.push_back(static_cast<int>(best));
    ++out.stands_for[best];
  }
  return out;
}

}  // namespace

Outcome<Days> choose_days(const Model& model, int count) {
  const Calendar& c = model.calendar;
  const double per_day = 24 / c.step_hours;
  const int slices_per_day = static_cast<int>(std::lround(per_day));
  if (!c.steps.empty() || std::abs(per_day - slices_per_day) > 1e-9 || slices_per_day < 1)
    return failure("representative days need slices of one length that divides a day");
  if (c.group_size != c.slice_count || c.slice_count % slices_per_day != 0 || c.slice_count < 2 * slices_per_day) {
    return failure(fmt::format(
        "representative days need a chronology of several whole days, such as [calendar] with hours; this one has {} "
        "slices in groups of {}",
        c.slice_count, c.group_size));
  }
  Days out{.slices_per_day = slices_per_day, .day_count = c.slice_count / slices_per_day, .periods = {}};
  if (count < 1) return failure("at least one day must stand for all");
  for (int t = 0; t < model.period_count(); ++t)
    out.periods.push_back(choose(model, t, out.day_count, slices_per_day, std::min(count, out.day_count)));
  return out;
}

}  // namespace beltline
