#include <limits>

#include "run/page_tables.h"

namespace beltline {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

std::string text_or(const Entry& entry, std::string_view key) {
  return entry.has(key) ? entry.text(key) : "";
}

/// Whether the section itself has a reference or choice of this name (not every section's `kind` is a text).
bool has_attribute(const Entry& entry, std::string_view key) {
  if (entry.section == nullptr || !entry.has(key)) return false;
  const Kind kind = entry.value(key).attribute->kind;
  return kind == Kind::reference || kind == Kind::choice || kind == Kind::text;
}

struct Row {
  std::string kind, name, title, title_ko, place, site_kind, region;
  double latitude = std::numeric_limits<double>::quiet_NaN();
  double longitude = std::numeric_limits<double>::quiet_NaN();
};

Row row_of(const Spec& spec, const std::string& section, const Entry& entry) {
  Row row{
      .kind = section, .name = entry.name, .title = text_or(entry, "title"), .title_ko = text_or(entry, "title_ko")};
  const auto word = [&](std::string_view key) { return has_attribute(entry, key) ? entry.text(key) : std::string{}; };
  row.place = section == "place" ? entry.name : word("place");
  if (section == "place" || section == "site") row.site_kind = word("kind");
  if (section == "site") row.region = word("compute_region");
  if (section == "fab") row.region = word("owner");
  const Entry* place = row.place.empty() ? nullptr : spec.find("place", row.place);
  // latitude and longitude 0 is the schema's default for a place that is nowhere
  if (place != nullptr && (place->number("latitude") != 0 || place->number("longitude") != 0)) {
    row.latitude = place->number("latitude");
    row.longitude = place->number("longitude");
  }
  return row;
}

}  // namespace

Table names_table(const Spec& spec) {
  Table table{.name = "names", .title = "What things are called, and where they are", .columns = {}};
  table.add_texts("kind", "section of the scenario");
  for (const char* column : {"name", "title", "title_ko", "place"}) table.add_texts(column);
  table.add_numbers("latitude", "degree", "north");
  table.add_numbers("longitude", "degree", "east");
  table.add_texts("site_kind", "of a site: land or mooring; of a place: land, sea, fab, grid, region");
  table.add_texts("region", "of a site: where its compute is of use; of a fab: its owner");
  const auto add = [&](const Row& row) {
    const std::string* cells[] = {&row.kind, &row.name, &row.title, &row.title_ko, &row.place};
    for (std::size_t i = 0; i < 5; ++i) std::get<Texts>(table.columns[i].values).push_back(*cells[i]);
    std::get<Numbers>(table.columns[5].values).push_back(row.latitude);
    std::get<Numbers>(table.columns[6].values).push_back(row.longitude);
    std::get<Texts>(table.columns[7].values).push_back(row.site_kind);
    std::get<Texts>(table.columns[8].values).push_back(row.region);
  };
  if (const Entry* scenario = spec.single("scenario"); scenario != nullptr) {
    add({.kind = "scenario", .name = spec.name, .title = spec.title, .title_ko = text_or(*scenario, "title_ko")});
  }
  for (const auto& [section, entries] : spec.sections) {
    for (const Entry& entry : entries) {
      if (entry.section == nullptr || entry.section->single || entry.name.empty()) continue;
      const Row row = row_of(spec, section, entry);
      if (!row.title.empty() || !row.title_ko.empty() || !row.place.empty()) add(row);
    }
  }
  for (const Entry& belt : spec.entries("belt")) {
    for (const std::string& name : belt.has("sites") ? belt.names("sites") : Texts{}) {
      const Entry* site = spec.find("site", name);
      if (site == nullptr) continue;
      Row row = row_of(spec, "site", *site);
      row.kind = "belt_site";
      row.region = belt.name;
      add(row);
    }
  }
  return table;
}

}  // namespace beltline
