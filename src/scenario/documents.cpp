#include "scenario/documents.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/toml.h"

namespace beltline {
namespace {

/// "data/process-memory.csv" → "process".
std::string_view section_name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.find_first_of("-."));
}

std::vector<std::string> names_of(const SectionMap& sections) {
  std::vector<std::string> names;
  for (const auto& [name, section] : sections) names.push_back(name);
  return names;
}

/// "data/proces-memory.csv" → "data/process-memory.csv".
std::string with_section_name(std::string_view path, std::string_view nearest) {
  if (nearest.empty()) return {};
  const std::string_view old = section_name_of(path);
  const auto begin = static_cast<std::size_t>(old.data() - path.data());
  return fmt::format("{}{}{}", path.substr(0, begin), nearest, path.substr(begin + old.size()));
}

/// Follows `include` depth first.
class DocumentReader {
 public:
  DocumentReader(ScenarioFiles& files, const SectionMap& sections, Diagnostics& diagnostics)
      : files_(files), sections_(sections), diagnostics_(diagnostics) {}

  void read_toml(const std::string& path, const Origin& place) {
    if (std::ranges::find(open_, path) != open_.end()) {
      diagnostics_.add({.code = Code::include_cycle,
                        .origin = place,
                        .message = fmt::format("'{}' includes itself", printable(path)),
                        .found = fmt::format("{} -> {}", fmt::join(open_, " -> "), path),
                        .help = "leave out this include"});
      documents_.complete = false;
      return;
    }
    if (std::ranges::find(done_, path) != done_.end()) return;  // two files may include a third
    done_.push_back(path);
    const std::optional<int32_t> file = files_.read(path, place, diagnostics_);
    std::optional<SourceNode> root;
    if (file && prescan_toml(files_.files()[*file].text, *file, diagnostics_)) {
      root = parse_toml(files_.files()[*file].text, *file, diagnostics_);
    }
    if (!root) {
      documents_.complete = false;
      return;
    }
    open_.push_back(path);
    if (const SourceNode* includes = root->find("include"); includes != nullptr) follow(*includes, path);
    open_.pop_back();
    documents_.toml.push_back({*file, std::move(*root)});
  }

  Documents take() { return std::move(documents_); }

 private:
  void follow(const SourceNode& includes, const std::string& from) {
    const auto wrong = [&](const SourceNode& node) {
      diagnostics_.add({.code = Code::wrong_type,
                        .origin = node.origin,
                        .message = fmt::format("include is {}", describe(node.type)),
                        .expected = "a list of paths in quotes",
                        .help = "write include = [\"sites.toml\", \"data/*.csv\"]"});
      documents_.complete = false;
    };
    if (includes.type != NodeType::list) return wrong(includes);
    for (const SourceNode& item : includes.items) {
      if (item.type != NodeType::text) {
        wrong(item);
        continue;
      }
      const std::vector<std::string> paths = files_.expand(item.text, from, item.origin, diagnostics_);
      if (paths.empty()) documents_.complete = false;
      const bool is_pattern = item.text.find_first_of("*?") != std::string::npos;
      for (const std::string& path : paths) {
        // "*.toml" may match the file it stands in
        if (is_pattern && std::ranges::find(open_, path) != open_.end()) continue;
        include(path, item.origin);
      }
    }
  }

  void include(const std::string& path, const Origin& place) {
    const FileKind kind = kind_of(path);
    if (kind == FileKind::toml) return read_toml(path, place);
    const std::string_view name = section_name_of(path);
    const std::string nearest = kind == FileKind::csv ? nearest_word(name, names_of(sections_)) : std::string();
    const auto section = sections_.find(name);
    if (kind != FileKind::csv || section == sections_.end() || section->second->single) {
      diagnostics_.add({.code = Code::include_unknown_kind,
                        .origin = place,
                        .message = fmt::format("'{}' is neither TOML nor the CSV of a section", printable(path)),
                        .expected = "a name such as sites.toml, or process-memory.csv for entries of section 'process'",
                        .help = nearest.empty()
                                    ? "call a table of entries SECTION.csv or SECTION-anything.csv"
                                    : fmt::format("rename the file to {}", with_section_name(path, nearest))});
      documents_.complete = false;
      return;
    }
    if (std::ranges::find(done_, path) != done_.end()) return;
    done_.push_back(path);
    const std::optional<int32_t> file = files_.read(path, place, diagnostics_);
    if (file) {
      documents_.csv.push_back({section->second, *file});
    } else {
      documents_.complete = false;
    }
  }

  ScenarioFiles& files_;
  const SectionMap& sections_;
  Diagnostics& diagnostics_;
  Documents documents_;
  std::vector<std::string> open_;
  std::vector<std::string> done_;
};

/// The entries of one section's table in one file.
void find_in_section(const Member& member, const Section& section, std::vector<RawEntry>& found,
                     Diagnostics& diagnostics) {
  const auto wrong = [&](const SourceNode& node) {
    diagnostics.add({.code = Code::wrong_type,
                     .origin = node.origin,
                     .message = fmt::format("section '{}' holds {}", section.name, describe(node.type)),
                     .expected = section.single ? fmt::format("one table [{}]", section.name)
                                                : fmt::format("tables [{}.NAME]", section.name),
                     .help = section.single ? fmt::format("write [{}] in single brackets", section.name)
                                            : fmt::format("give each entry a name: [{}.my_name]", section.name)});
  };
  if (member.value.type != NodeType::table) return wrong(member.value);
  if (section.single) {
    found.push_back({&section, "", member.key_origin, &member.value});
    return;
  }
  for (const Member& entry : member.value.members) {
    if (entry.value.type != NodeType::table) {
      wrong(entry.value);
    } else if (check_name(entry.key, section, entry.key_origin, diagnostics)) {
      found.push_back({&section, entry.key, entry.key_origin, &entry.value});
    }
  }
}

}  // namespace

bool check_name(std::string_view name, const Section& section, const Origin& place, Diagnostics& diagnostics) {
  const auto is_good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= limits::kNameBytes && name[0] >= 'a' && name[0] <= 'z' &&
      std::ranges::all_of(name, is_good)) {
    return true;
  }
  // offer the name as it would have to be
  std::string better;
  for (const char c : name.substr(0, limits::kNameBytes)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_good(lower) && !(better.empty() && (lower < 'a' || lower > 'z'))) better += lower;
    if ((c == '-' || c == ' ' || c == '.') && !better.empty()) better += '_';
  }
  diagnostics.add({.code = Code::bad_name,
                   .origin = place,
                   .message = fmt::format("'{}' cannot name an entry of section '{}'", printable(name), section.name),
                   .expected = "a lower-case letter, then lower-case letters, digits and _, at most 64 in all",
                   .help = better.empty() ? "write a name such as ulsan_2" : fmt::format("write {}", better),
                   .fix = {better, true}});
  return false;
}

Documents read_documents(ScenarioFiles& files, const std::string& main, const SectionMap& sections,
                         Diagnostics& diagnostics) {
  DocumentReader reader(files, sections, diagnostics);
  reader.read_toml(main, {});
  return reader.take();
}

std::vector<std::string> sets_of(const Documents& documents, Diagnostics& diagnostics) {
  std::vector<std::string> sets;
  const auto wrong = [&](const SourceNode& node) {
    diagnostics.add({.code = Code::wrong_type,
                     .origin = node.origin,
                     .message = fmt::format("set is {}", describe(node.type)),
                     .expected = "a list of overrides in quotes",
                     .help = "write set = [\"site.ulsan.online=2029-06\"]"});
  };
  for (const TomlDocument& document : documents.toml) {
    const SourceNode* list = document.root.find("set");
    if (list == nullptr) continue;
    if (list->type != NodeType::list) {
      wrong(*list);
      continue;
    }
    for (const SourceNode& item : list->items) {
      if (item.type == NodeType::text) {
        sets.push_back(item.text);
      } else {
        wrong(item);
      }
    }
  }
  return sets;
}

std::vector<RawEntry> find_entries(const Documents& documents, const SectionMap& sections, Diagnostics& diagnostics) {
  std::vector<RawEntry> found;
  for (const TomlDocument& document : documents.toml) {
    for (const Member& member : document.root.members) {
      if (member.key == "include" || member.key == "set") continue;
      if (const auto section = sections.find(member.key); section != sections.end()) {
        find_in_section(member, *section->second, found, diagnostics);
        continue;
      }
      const std::string nearest = nearest_word(member.key, names_of(sections));
      diagnostics.add({.code = Code::unknown_section,
                       .origin = member.key_origin,
                       .message = fmt::format("no section is called '{}'", printable(member.key)),
                       .found = printable(member.key),
                       .help = nearest.empty() ? fmt::format("the sections are {}", listing(names_of(sections), 60))
                                               : did_you_mean_text(nearest),
                       .fix = {nearest, true}});
    }
  }
  return found;
}

}  // namespace beltline
