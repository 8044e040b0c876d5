// The table of units: how many are on, start and stop, slice by slice.
#include "plan/table_rows.h"

namespace beltline {

std::optional<Table> commitment_table(const Model& m, const Plan& plan) {
  Table table = make("unit_commitment", "Units on, and units that start and stop, slice by slice",
                     {{"process", "text", "name"},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"hour", "", "hour of the representative day, or of the year"},
                      {"on", "", "units on in the slice"},
                      {"starts", "", "units that start at its beginning"},
                      {"stops", "", "units that stop at its beginning"},
                      {"activity", "", "in the process's unit"}});
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const Process& process = m.processes[p];
    for (int t = 0; t < m.period_count(); ++t) {
      double begin = 0;
      for (int s = 0; s < plan.units_on.slices[p]; ++s) {
        texts(table, 0).push_back(process.name);
        texts(table, 1).push_back(place_name(m, process.place));
        texts(table, 2).push_back(m.calendar.label(t));
        const double row[] = {begin, plan.units_on.at(p, t, s), plan.starts.at(p, t, s), plan.stops.at(p, t, s),
                              plan.activity.at(p, t, s)};
        for (std::size_t i = 0; i < std::size(row); ++i) numbers(table, 3 + i).push_back(row[i]);
        begin += m.calendar.step(s);
      }
    }
  }
  if (texts(table, 0).empty()) return std::nullopt;
  return table;
}

}  // namespace beltline
