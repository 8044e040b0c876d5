#include "scenario/load.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/core.h"
#include "scenario/documents.h"
#include "scenario/limits.h"
#include "scenario/override.h"
#include "scenario/reading.h"
#include "scenario/resolve.h"
#include "scenario/source.h"

namespace beltline {
namespace {

/// Everything one load works on. The steps are called in order by `run`.
class Loader {
 public:
  Loader(ScenarioFiles files, std::span<const Section* const> sections, const LoadOptions& options)
      : files_(std::move(files)), series_(files_), options_(options) {
    for (const auto list : {core_sections(), sections}) {
      for (const Section* section : list) sections_.emplace(section->name, section);
    }
  }

  Loaded run(const std::string& main, const std::string& default_name) {
    spec_.main = main;
    const Documents documents = read_documents(files_, main, sections_, diagnostics_);
    read_overrides(documents);
    const std::vector<RawEntry> found = find_entries(documents, sections_, diagnostics_);
    // first what gives values their meaning: the calendar and the currencies
    read_core(found, documents.complete);
    for (const RawEntry& raw : found) {
      if (!is_core(*raw.section)) read(raw);
    }
    for (const CsvDocument& csv : documents.csv) read_csv(csv);
    if (documents.complete) add_new_entries(/*is_core=*/false);
    sort_entries(spec_, files_.files(), diagnostics_);
    // where a file is missing, so are the names in it
    if (documents.complete) check_references(spec_, diagnostics_);
    return finish(default_name);
  }

 private:
  [[nodiscard]] static bool is_core(const Section& section) {
    return std::ranges::find(core_sections(), &section) != core_sections().end();
  }

  void read_core(const std::vector<RawEntry>& found, bool complete) {
    for (const RawEntry& raw : found) {
      if (is_core(*raw.section)) read(raw);
    }
    if (complete) add_new_entries(/*is_core=*/true);
    if (const Entry* money = spec_.single("money")) add_currencies(*money, spec_.units, diagnostics_);
    if (const Entry* calendar = spec_.single("calendar")) {
      // a length that could not be read has been reported; it is not missing
      const auto raw = std::ranges::find(found, calendar->section, &RawEntry::section);
      const bool is_unread = std::ranges::any_of(std::initializer_list<const char*>{"periods", "hours"}, [&](auto key) {
        return raw != found.end() && raw->table->find(key) != nullptr && !calendar->has(key);
      });
      if (!is_unread) calendar_ = make_calendar(*calendar, diagnostics_);
    } else if (complete) {
      diagnostics_.add({.code = Code::missing_section,
                        .origin = {.file = 0, .line = 1, .column = 1},
                        .message = "there is no [calendar]",
                        .expected = "[calendar] with start and periods",
                        .help = "write [calendar], start = \"2025-10\", periods = 63"});
    }
    if (!calendar_) return;
    spec_.calendar = *calendar_;
    reading_.calendar = &spec_.calendar;
  }

  /// What the files set themselves, then what the caller does: a later one meets what an earlier one left.
  void read_overrides(const Documents& documents) {
    std::vector<std::string> sets = sets_of(documents, diagnostics_);
    sets.insert(sets.end(), options_.overrides.begin(), options_.overrides.end());
    spec_.overrides = options_.overrides;
    if (sets.empty()) return;
    const int32_t file = files_.add_text(kOverrideFile, fmt::format("{}", fmt::join(sets, "\n")));
    overrides_ = Overrides(sets, file, sections_, diagnostics_);
  }

  void add_new_entries(bool is_core) {
    for (const Overrides::NewEntry& made : overrides_.take_new(is_core, spec_, diagnostics_)) {
      add_entry(*made.section, made.name, made.origin, made.table);
    }
  }

  void read(const RawEntry& raw) { add_entry(*raw.section, raw.name, raw.origin, *raw.table); }

  void add_entry(const Section& section, const std::string& name, const Origin& origin, const SourceNode& table) {
    if (++entry_count_ > limits::kEntries) {
      if (entry_count_ == limits::kEntries + 1) {
        diagnostics_.add({.code = Code::too_many,
                          .origin = origin,
                          .message = "the scenario has too many entries",
                          .expected = fmt::format("at most {}", limits::kEntries),
                          .help = "leave some out, or add up what is alike"});
      }
      return;
    }
    Entry entry;
    entry.section = &section;
    entry.name = name;
    entry.origin = origin;
    const std::string owner =
        section.single ? fmt::format("[{}]", section.name) : fmt::format("{} '{}'", section.name, name);
    if (overrides_.concerns(section, name)) {
      const SourceNode changed = overrides_.assign(section, name, table, diagnostics_);
      read_entry(reading_, section.attributes, owner, changed, entry);
      overrides_.change(reading_, section, changed, entry);
    } else {
      read_entry(reading_, section.attributes, owner, table, entry);
    }
    spec_.sections[std::string(section.name)].push_back(std::move(entry));
  }

  void read_csv(const CsvDocument& document) {
    // a copy: reading a series' file may move the texts
    const std::string text = files_.files()[document.file].text;
    const std::optional<CsvTable> table = parse_csv(text, document.file, diagnostics_);
    if (!table) return;
    const CsvEntries rows(*table, *document.section, diagnostics_);
    if (!rows.good()) return;
    for (std::size_t row = 0; row < rows.row_count(); ++row) {
      const std::string name = rows.name(row);
      if (!check_name(name, *document.section, rows.origin(row), diagnostics_)) continue;
      add_entry(*document.section, name, rows.origin(row), rows.table(row));
    }
  }

  Loaded finish(const std::string& default_name) {
    Loaded loaded;
    spec_.hash = files_.hash();
    if (!diagnostics_.has_errors()) loaded.originals = files_.originals();
    loaded.files = files_.take_files();
    loaded.diagnostics = std::move(diagnostics_);
    loaded.diagnostics.sort_and_limit(loaded.files);
    if (loaded.diagnostics.has_errors()) return loaded;

    spec_.files = loaded.files;
    spec_.name = default_name;
    if (const Entry* scenario = spec_.single("scenario")) {
      if (scenario->has("name")) spec_.name = scenario->text("name");
      if (scenario->has("title")) spec_.title = scenario->text("title");
    }
    if (spec_.title.empty()) spec_.title = spec_.name;
    loaded.spec = std::move(spec_);
    return loaded;
  }

  ScenarioFiles files_;
  SectionMap sections_;
  Diagnostics diagnostics_;
  SeriesFiles series_;
  const LoadOptions& options_;
  Overrides overrides_;
  Spec spec_;
  std::optional<Calendar> calendar_;
  Reading reading_{.units = spec_.units, .diagnostics = diagnostics_, .series_files = series_};
  std::size_t entry_count_ = 0;
};

Loaded unreadable(std::string message) {
  Loaded loaded;
  loaded.diagnostics.add({.code = Code::file_unreadable,
                          .origin = {},
                          .message = std::move(message),
                          .expected = "a folder with scenario.toml, or a TOML file",
                          .help = "beltline init NAME writes a first scenario into a new folder"});
  return loaded;
}

}  // namespace

Loaded load_scenario(const std::filesystem::path& folder, std::span<const Section* const> sections,
                     const LoadOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string shown = printable(folder.string(), 4096);
  const bool is_folder = fs::is_directory(folder, error);
  if (!is_folder && !fs::exists(folder, error)) return unreadable(fmt::format("'{}' is not there", shown));
  const fs::path parent = is_folder ? folder : folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  const fs::path root = fs::canonical(parent, error);
  if (error) return unreadable(fmt::format("'{}' cannot be read: no permission", shown));
  const std::string main = is_folder ? "scenario.toml" : folder.filename().string();
  const std::string name = is_folder ? root.filename().string() : folder.stem().string();
  return Loader(ScenarioFiles(root), sections, options).run(main, name);
}

Loaded load_scenario(const std::vector<SourceFile>& files, std::span<const Section* const> sections,
                     const LoadOptions& options) {
  return Loader(ScenarioFiles(std::span<const SourceFile>(files)), sections, options).run(options.main, options.name);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  return nearest_word(word, candidates);
}

}  // namespace beltline
