#include "model/splice.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/each_series.h"

namespace beltline {
namespace {

template <class Entity>
std::optional<std::string> other_names(const std::vector<Entity>& a, const std::vector<Entity>& b, const char* kind) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i].name == b[i].name) continue;
    return fmt::format("{} '{}'", kind, i < b.size() ? b[i].name : a[i].name);
  }
  return std::nullopt;
}

/// Whether the parts of each entity are as many on both sides, so that series fit each other one by one.
std::optional<std::string> other_parts(const Model& a, const Model& b) {
  for (std::size_t p = 0; p < a.processes.size(); ++p) {
    const Process &x = a.processes[p], &y = b.processes[p];
    if (x.flows.size() != y.flows.size() || x.uses.size() != y.uses.size() || x.payments.size() != y.payments.size() ||
        x.grain != y.grain || x.commitment.has_value() != y.commitment.has_value()) {
      return fmt::format("process '{}'", y.name);
    }
  }
  for (std::size_t k = 0; k < a.capacities.size(); ++k) {
    if (a.capacities[k].stand_flows.size() != b.capacities[k].stand_flows.size())
      return fmt::format("capacity '{}'", b.capacities[k].name);
  }
  for (std::size_t i = 0; i < a.limits.size(); ++i) {
    if (a.limits[i].terms.size() != b.limits[i].terms.size()) return fmt::format("limit '{}'", b.limits[i].name);
  }
  for (std::size_t i = 0; i < a.commitments.size(); ++i) {
    if (a.commitments[i].terms.size() != b.commitments[i].terms.size())
      return fmt::format("commitment '{}'", b.commitments[i].name);
  }
  for (std::size_t i = 0; i < a.measures.size(); ++i) {
    if (a.measures[i].terms.size() != b.measures[i].terms.size())
      return fmt::format("measure '{}'", b.measures[i].name);
  }
  return std::nullopt;
}

std::vector<Series> series_of(const Model& m) {
  std::vector<Series> out;
  each_series(m, [&](const Series& series, int) { out.push_back(series); });
  return out;
}

/// Slices that a new series needs: one, unless one of its sources varies within the period.
int slices_of(const Model& m, std::initializer_list<Series> sources) {
  return std::ranges::any_of(sources, [](const Series& s) { return s.slice_stride != 0; }) ? m.calendar.slice_count : 1;
}

/// Appends value(t, s) to the pool.
template <class ValueAt>
Series append(Model& m, int slices, ValueAt value) {
  const Series series{
      .offset = static_cast<int32_t>(m.pool.size()), .period_stride = slices, .slice_stride = slices == 1 ? 0 : 1};
  for (int t = 0; t < m.period_count(); ++t) {
    for (int s = 0; s < slices; ++s) m.pool.push_back(value(t, s));
  }
  return series;
}

}  // namespace

std::optional<std::string> find_other_network(const Model& a, const Model& b) {
  const Calendar &x = a.calendar, &y = b.calendar;
  if (x.start != y.start || x.period_count != y.period_count || x.months_per_period != y.months_per_period ||
      x.slice_hours != y.slice_hours || x.steps != y.steps || x.group_size != y.group_size ||
      x.step_hours != y.step_hours) {
    return "the calendar";
  }
  for (int t = 0; t < a.period_count(); ++t) {
    if (a.discount_factor(t) != b.discount_factor(t) || a.capex_factor(t) != b.capex_factor(t)) return "the objective";
  }
  if (a.objective.kind != b.objective.kind || a.objective.discount_rate != b.objective.discount_rate ||
      a.objective.tolerance != b.objective.tolerance) {
    return "the objective";
  }
  if (auto other = other_names(a.commodities, b.commodities, "commodity")) return other;
  if (auto other = other_names(a.places, b.places, "place")) return other;
  if (auto other = other_names(a.processes, b.processes, "process")) return other;
  if (auto other = other_names(a.capacities, b.capacities, "capacity")) return other;
  if (auto other = other_names(a.moves, b.moves, "move")) return other;
  if (auto other = other_names(a.stores, b.stores, "store")) return other;
  if (auto other = other_names(a.demands, b.demands, "demand")) return other;
  if (auto other = other_names(a.limits, b.limits, "limit")) return other;
  if (auto other = other_names(a.commitments, b.commitments, "commitment")) return other;
  if (auto other = other_names(a.measures, b.measures, "measure")) return other;
  return other_parts(a, b);
}

void take_earlier_values(Model& model, const Model& earlier, int from) {
  if (from <= 0) return;
  const std::vector<Series> before = series_of(earlier);
  std::size_t next = 0;
  each_series(model, [&](Series& series, int window_last) {
    const Series old = before[next++];
    // a window that is still open when the branch parts is bounded by what is known then
    if (!series.present() || !old.present() || window_last >= from) return;
    const int slices = slices_of(model, {series, old});
    const auto differs = [&] {
      for (int t = 0; t < from; ++t) {
        for (int s = 0; s < slices; ++s) {
          if (model.at(series, t, s) != earlier.at(old, t, s)) return true;
        }
      }
      return false;
    };
    if (!differs()) return;
    const Series own = series;
    series =
        append(model, slices, [&](int t, int s) { return t < from ? earlier.at(old, t, s) : model.at(own, t, s); });
  });
}

Model mean_model(std::span<const Model* const> models, std::span<const double> weights) {
  Model mean = *models.front();
  std::vector<std::vector<Series>> all;
  for (const Model* model : models) all.push_back(series_of(*model));
  std::size_t next = 0;
  each_series(mean, [&](Series& series, int) {
    const std::size_t i = next++;
    bool everywhere = true, same = true;
    int slices = 1;
    for (std::size_t k = 0; k < models.size(); ++k) {
      everywhere = everywhere && all[k][i].present();
      if (all[k][i].slice_stride != 0) slices = mean.calendar.slice_count;
    }
    if (!everywhere) return;
    for (int t = 0; same && t < mean.period_count(); ++t) {
      for (int s = 0; same && s < slices; ++s) {
        const double first = models[0]->at(all[0][i], t, s);
        for (std::size_t k = 1; k < models.size(); ++k) same = same && models[k]->at(all[k][i], t, s) == first;
      }
    }
    if (same) return;
    series = append(mean, slices, [&](int t, int s) {
      double sum = 0;
      for (std::size_t k = 0; k < models.size(); ++k) sum += weights[k] * models[k]->at(all[k][i], t, s);
      return sum;
    });
  });
  return mean;
}

std::vector<Series> series_by_slice(const Model& model) {
  std::vector<Series> out;
  each_series(model, [&](const Series& series, int) {
    if (series.present() && series.slice_stride != 0) out.push_back(series);
  });
  return out;
}

}  // namespace beltline
