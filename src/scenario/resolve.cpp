#include "scenario/resolve.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/reading.h"

namespace beltline {
namespace {

/// Walks all references of a scenario.
class Resolver {
 public:
  Resolver(const Spec& spec, Diagnostics& diagnostics) : spec_(spec), diagnostics_(diagnostics) {}

  void entry(const Entry& entry, const std::string& owner) {
    for (const auto& [key, value] : entry.values) {
      switch (value.attribute->kind) {
        case Kind::reference: name(value, value.text, value.origin, owner); break;
        case Kind::references:
          for (std::size_t i = 0; i < value.names.size(); ++i)
            name(value, value.names[i], value.name_origins[i], owner);
          break;
        case Kind::records:
          for (std::size_t i = 0; i < value.records.size(); ++i) {
            this->entry(value.records[i], fmt::format("{}[{}] of {}", key, i + 1, owner));
          }
          break;
        default: break;
      }
    }
  }

 private:
  void name(const Value& value, const std::string& name, const Origin& origin, const std::string& owner) {
    const std::vector<std::string>& sections = targets(value.attribute->target);
    for (const std::string& section : sections) {
      if (spec_.find(section, name) != nullptr) return;
    }
    std::vector<std::string> names;
    for (const std::string& section : sections) {
      for (const Entry& entry : spec_.entries(section)) names.push_back(entry.name);
    }
    const std::string nearest = nearest_word(name, names);
    diagnostics_.add(
        {.code = Code::dangling_reference,
         .origin = origin,
         .message =
             fmt::format("{} of {} refers to '{}', which is nowhere", value.attribute->key, owner, printable(name)),
         .found = printable(name),
         .expected = fmt::format("the name of a {}", fmt::join(sections, " or ")),
         .help = nearest.empty() ? help_without_suggestion(sections, name, names) : did_you_mean_text(nearest),
         // several names in one CSV cell have one place
         .fix = {is_one_of_a_cell(value, origin) ? std::string() : nearest}});
  }

  static bool is_one_of_a_cell(const Value& value, const Origin& origin) {
    return std::ranges::count(value.name_origins, origin) > 1;
  }

  static std::string help_without_suggestion(const std::vector<std::string>& sections, const std::string& name,
                                             const std::vector<std::string>& names) {
    const std::string shown = printable(name);
    if (names.empty()) return fmt::format("add [{}.{}]", sections.front(), shown);
    return fmt::format("add [{}.{}], or write one of {}", sections.front(), shown, listing(names));
  }

  const std::vector<std::string>& targets(std::string_view target) {
    const auto known = targets_.find(target);
    return known != targets_.end() ? known->second : targets_.emplace(target, split_words(target)).first->second;
  }

  const Spec& spec_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::vector<std::string>, std::less<>> targets_;
};

}  // namespace

void check_references(const Spec& spec, Diagnostics& diagnostics) {
  Resolver resolver(spec, diagnostics);
  for (const auto& [section, entries] : spec.sections) {
    for (const Entry& entry : entries) {
      resolver.entry(
          entry, entry.section->single ? fmt::format("[{}]", section) : fmt::format("{} '{}'", section, entry.name));
    }
  }
}

void sort_entries(Spec& spec, const SourceFiles& files, Diagnostics& diagnostics) {
  // by place within one name, so that the order of includes does not decide which of two is the first
  const auto key = [&](const Entry& e) {
    return std::tuple(std::string_view(e.name), std::string_view(files[e.origin.file].path), e.origin.line,
                      e.origin.column);
  };
  for (auto& [section, entries] : spec.sections) {
    std::ranges::sort(entries, [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    const Entry* first = nullptr;
    for (const Entry& entry : entries) {
      if (first == nullptr || first->name != entry.name) {
        first = &entry;
        continue;
      }
      diagnostics.add(
          {.code = Code::duplicate_name,
           .origin = entry.origin,
           .message = entry.section->single ? fmt::format("section [{}] is written twice", section)
                                            : fmt::format("{} '{}' is written twice", section, entry.name),
           .help = entry.section->single
                       ? fmt::format("the first is at {}; write all its keys there", files.describe(first->origin))
                       : fmt::format("the first is at {}; rename this one, or leave it out",
                                     files.describe(first->origin))});
    }
    const auto repeated = std::ranges::unique(entries, {}, &Entry::name);
    entries.erase(repeated.begin(), repeated.end());
  }
}

}  // namespace beltline
