#include "serving/section_file.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/documents.h"
#include "scenario/reading.h"
#include "scenario/resolve.h"
#include "scenario/source.h"

namespace beltline::serving {
namespace {

/// One day of 24 hours: what a series by `hour_of_day` is read against.
const Calendar& one_day() {
  static const Calendar calendar = Calendar::hourly(24);
  return calendar;
}

SectionFile read(ScenarioFiles files, const std::string& main, std::span<const Section* const> sections) {
  SectionFile out;
  SectionMap by_name;
  for (const Section* section : sections) by_name.emplace(section->name, section);
  const Documents documents = read_documents(files, main, by_name, out.diagnostics);
  Spec spec;
  SeriesFiles series(files);
  Reading reading{.units = spec.units, .diagnostics = out.diagnostics, .series_files = series, .calendar = &one_day()};
  for (const RawEntry& raw : find_entries(documents, by_name, out.diagnostics)) {
    Entry entry;
    entry.section = raw.section;
    entry.name = raw.name;
    entry.origin = raw.origin;
    const std::string owner = raw.section->single ? fmt::format("[{}]", raw.section->name)
                                                  : fmt::format("{} '{}'", raw.section->name, raw.name);
    read_entry(reading, raw.section->attributes, owner, *raw.table, entry);
    spec.sections[std::string(raw.section->name)].push_back(std::move(entry));
  }
  sort_entries(spec, files.files(), out.diagnostics);
  // where a file is missing, so are the names in it
  if (documents.complete) check_references(spec, out.diagnostics);
  out.sections = std::move(spec.sections);
  if (files.files().size() > 0) out.text = files.files()[0].text;
  out.files = files.take_files();
  return out;
}

}  // namespace

const std::vector<Entry>& SectionFile::entries(std::string_view section) const {
  static const std::vector<Entry> none;
  const auto found = sections.find(section);
  return found == sections.end() ? none : found->second;
}

const Entry* SectionFile::single(std::string_view section) const {
  const std::vector<Entry>& all = entries(section);
  return all.empty() ? nullptr : &all.front();
}

SectionFile read_sections(const std::filesystem::path& path, std::span<const Section* const> sections) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::path root = fs::canonical(parent, error);
  if (error || !fs::exists(path, error) || fs::is_directory(path, error)) {
    SectionFile out;
    out.diagnostics.add({.code = Code::file_unreadable,
                         .origin = {},
                         .message = fmt::format("'{}' is not there", printable(path.string(), 4096)),
                         .expected = "a TOML file",
                         .help = "name another file"});
    return out;
  }
  return read(ScenarioFiles(root), path.filename().string(), sections);
}

SectionFile read_sections_text(const std::string& name, std::string_view text,
                               std::span<const Section* const> sections) {
  const std::vector<SourceFile> files{{name, std::string(text)}};
  return read(ScenarioFiles(std::span<const SourceFile>(files)), name, sections);
}

double at_hour(const SeriesValue& series, int hour) {
  return series.at(one_day(), 0, hour);
}

}  // namespace beltline::serving
