// What of a plan is played, from the Plan or from the tables of its run.
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "plan/verify.h"
#include "risk/play.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

PlanFigures no_figures(const Model& m) {
  const auto periods = static_cast<std::size_t>(m.period_count());
  return {.order = std::vector<double>(m.capacities.size() * periods),
          .moved = std::vector<double>(m.moves.size() * periods),
          .activity = std::vector<double>(m.processes.size() * periods),
          .peak = std::vector<double>(m.processes.size() * periods),
          .variable = std::vector<double>(m.processes.size() * periods)};
}

/// Cells of a run's table as numbers of [entity, period].
class FigureReader {
 public:
  FigureReader(const Model& m, const std::filesystem::path& folder) : m_(m), folder_(folder) {
    for (int t = 0; t < m.period_count(); ++t) period_of_.emplace(m.calendar.label(t), t);
  }

  /// @param into  (index of the entity, period, row of the table)
  Outcome<void> read(const std::string& table, const char* entity, const char* period, const auto& entities,
                     const auto& into) {
    auto rows = read_run_table(folder_, table);
    if (!rows) return std::unexpected(rows.error());
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < entities.size(); ++i) index_of.emplace(entities[i].name, i);
    for (const char* column : {entity, period}) {
      if (rows->find(column) == nullptr) return failure(fmt::format("table '{}' has no column '{}'", table, column));
    }
    for (std::size_t i = 0; i < rows->row_count(); ++i) {
      const auto found = index_of.find(rows->column(entity).texts()[i]);
      const auto when = period_of_.find(rows->column(period).texts()[i]);
      if (found == index_of.end() || when == period_of_.end()) {
        return failure(fmt::format("table '{}' is of another scenario: '{}' in {}", table,
                                   rows->column(entity).texts()[i], rows->column(period).texts()[i]));
      }
      into(found->second * period_of_.size() + static_cast<std::size_t>(when->second), when->second, *rows, i);
    }
    return {};
  }

 private:
  const Model& m_;
  std::filesystem::path folder_;
  std::map<std::string, int> period_of_;
};

}  // namespace

PlanFigures figures_of(const Model& m, const Plan& plan) {
  PlanFigures out = no_figures(m);
  std::size_t at = 0;
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    for (int t = 0; t < m.period_count(); ++t) out.order[at++] = plan.order.at(k, t);
  }
  at = 0;
  for (std::size_t i = 0; i < m.moves.size(); ++i) {
    for (int t = 0; t < m.period_count(); ++t) out.moved[at++] = plan.moved.at(i, t);
  }
  at = 0;
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const int slices = plan.activity.slices[p];
    for (int t = 0; t < m.period_count(); ++t, ++at) {
      for (int s = 0; s < slices; ++s) {
        const double a = plan.activity.at(p, t, s);
        out.activity[at] += a * (m.processes[p].grain == Grain::rate ? m.hours(slices, t, s) : 1.0);
        out.peak[at] = std::max(out.peak[at], std::abs(a));
      }
      out.variable[at] = term_value(m, plan, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, t);
    }
  }
  return out;
}

Outcome<PlanFigures> read_figures(const Model& m, const std::filesystem::path& run_folder) {
  PlanFigures out = no_figures(m);
  FigureReader reader(m, run_folder);
  auto read = reader.read("builds", "capacity", "ordered", m.capacities,
                          [&](std::size_t at, int, const Table& rows, std::size_t i) {
                            out.order[at] += rows.column("quantity").numbers()[i];
                          });
  if (!read) return std::unexpected(read.error());
  read = reader.read("moves", "move", "leaves", m.moves, [&](std::size_t at, int, const Table& rows, std::size_t i) {
    out.moved[at] += rows.column("quantity").numbers()[i];
  });
  if (!read) return std::unexpected(read.error());
  read = reader.read("activity", "process", "period", m.processes,
                     [&](std::size_t at, int t, const Table& rows, std::size_t i) {
                       const auto p = at / static_cast<std::size_t>(m.period_count());
                       const double hours = m.processes[p].grain == Grain::rate ? m.calendar.hours(t) : 1.0;
                       out.activity[at] += rows.column("mean").numbers()[i] * hours;
                       out.peak[at] = rows.column("peak").numbers()[i];
                       out.variable[at] = rows.column("cost").numbers()[i];
                     });
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace beltline
