#include "run/provenance_table.h"

namespace beltline {

Table provenance_table(const Spec& spec, const Model& model) {
  Table table{.name = "provenance", .title = "Where every entity of the network came from", .columns = {}};
  for (const char* column : {"kind", "name", "entry", "place_in_file", "source", "title", "title_ko"})
    table.add_texts(column);
  const auto add = [&](const char* kind, const auto& entities) {
    for (const auto& entity : entities) {
      const std::string cells[] = {kind,
                                   entity.name,
                                   entity.provenance.entry,
                                   spec.files.describe(entity.provenance.origin),
                                   entity.provenance.source,
                                   entity.titles.title.empty() ? entity.name : entity.titles.title,
                                   entity.titles.title_ko};
      for (std::size_t i = 0; i < std::size(cells); ++i)
        std::get<std::vector<std::string>>(table.columns[i].values).push_back(cells[i]);
    }
  };
  add("commodity", model.commodities);
  add("place", model.places);
  add("party", model.parties);
  add("process", model.processes);
  add("capacity", model.capacities);
  add("move", model.moves);
  add("store", model.stores);
  add("demand", model.demands);
  add("limit", model.limits);
  add("commitment", model.commitments);
  return table;
}

}  // namespace beltline
