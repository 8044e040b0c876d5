#include "perf/catalogue.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/text.h"
#include "perf/catalogue_data.h"
#include "perf/catalogue_tables.h"
#include "table/files.h"

namespace beltline::perf {

namespace {

constexpr std::size_t kTableBytesMax = 16 << 20;

// What a name may end in that says how a model was tuned or packed, not what it is made of.
constexpr auto kTunings = std::to_array<std::string_view>(
    {"instruct", "chat", "hf", "it", "base", "thinking", "2507", "dynamic", "v01", "original", "0528", "0324"});

struct Ending {
  std::string_view text;
  Precision precision;
};
constexpr auto kEndings = std::to_array<Ending>({{"nvfp4", Precision::fp4},
                                                 {"mxfp4", Precision::fp4},
                                                 {"fp4", Precision::fp4},
                                                 {"fp8", Precision::fp8},
                                                 {"w8a8", Precision::int8},
                                                 {"int8", Precision::int8},
                                                 {"bf16", Precision::bf16},
                                                 {"fp16", Precision::bf16}});

template <class Entry>
bool answers(const Entry& entry, const std::string& name, const std::string& key) {
  return name_key(name) == key ||
         std::ranges::any_of(entry.aliases, [&](const std::string& alias) { return name_key(alias) == key; });
}

const CatalogueModel* model_of_key(const std::string& key, const Catalogue& catalogue) {
  const auto found = std::ranges::find_if(
      catalogue.models, [&](const CatalogueModel& m) { return answers(m, m.architecture.name, key); });
  return found == catalogue.models.end() ? nullptr : &*found;
}

const CatalogueRack* rack_of_key(const std::string& key, const Catalogue& catalogue) {
  const auto found =
      std::ranges::find_if(catalogue.racks, [&](const CatalogueRack& r) { return answers(r, r.rack.name, key); });
  return found == catalogue.racks.end() ? nullptr : &*found;
}

/// nullptr where no rack is made of it.
const CatalogueRack* first_rack_of(const CatalogueAccelerator& accelerator, const Catalogue& catalogue) {
  const auto found = std::ranges::find(catalogue.racks, accelerator.accelerator.name,
                                       [](const CatalogueRack& r) { return r.rack.accelerator.name; });
  return found == catalogue.racks.end() ? nullptr : &*found;
}

bool take_ending(std::string& key, std::string_view ending) {
  if (!key.ends_with(ending) || key.size() == ending.size()) return false;
  key.resize(key.size() - ending.size());
  return true;
}

template <class Entry, class Name>
std::vector<std::string> names_of(const std::vector<Entry>& list, Name name_of) {
  std::vector<std::string> out;
  for (const Entry& entry : list) out.push_back(name_of(entry));
  return out;
}

/// The entry that a wrong name is nearest to, by its names and aliases, told by what it is nearest to.
template <class Entry, class Name>
std::string nearest_of(std::string_view word, const std::vector<Entry>& list, Name name_of) {
  std::vector<std::string> candidates;
  for (const Entry& entry : list) {
    candidates.push_back(name_of(entry));
    candidates.insert(candidates.end(), entry.aliases.begin(), entry.aliases.end());
  }
  if (const auto slash = word.find_last_of('/'); slash != std::string_view::npos) word.remove_prefix(slash + 1);
  return nearest_word(word, candidates);
}

std::unexpected<Failure> unknown(std::string_view kind, std::string_view name, const std::string& nearest,
                                 const std::vector<std::string>& all) {
  return failure(fmt::format("no {} '{}' is known; {}", kind, printable(name),
                             nearest.empty() ? "known are " + listing(all, all.size()) : did_you_mean_text(nearest)));
}

const auto kModelName = [](const CatalogueModel& m) { return m.architecture.name; };
const auto kAcceleratorName = [](const CatalogueAccelerator& a) { return a.accelerator.name; };
const auto kRackName = [](const CatalogueRack& r) { return r.rack.name; };

Catalogue read_built_in() {
  Catalogue out;
  std::vector<std::string> faults;
  read_models(catalogue_models_text(), "models.csv", out, faults);
  read_accelerators(catalogue_accelerators_text(), "accelerators.csv", out, faults);
  read_racks(catalogue_racks_text(), "racks.csv", out, faults);
  check_names(out, faults);
  if (!faults.empty()) throw Bug(fmt::format("{}", fmt::join(faults, "\n")));
  return out;
}

}  // namespace

const Catalogue& built_in() {
  static const Catalogue catalogue = read_built_in();
  return catalogue;
}

Outcome<Catalogue> read_catalogue(const std::filesystem::path& folder, const Catalogue& base) {
  using Read = void (*)(std::string_view, const std::string&, Catalogue&, std::vector<std::string>&);
  constexpr std::pair<const char*, Read> kTables[] = {
      {"models.csv", read_models}, {"accelerators.csv", read_accelerators}, {"racks.csv", read_racks}};
  Catalogue out = base;
  std::vector<std::string> faults;
  int table_count = 0;
  for (const auto& [name, read] : kTables) {
    const std::filesystem::path path = folder / name;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    ++table_count;
    const auto text = read_file(path, kTableBytesMax);
    if (text) {
      read(*text, path.string(), out, faults);
    } else {
      faults.push_back(text.error().message);
    }
  }
  if (table_count == 0) {
    return failure(fmt::format("{}: holds no models.csv, accelerators.csv or racks.csv", printable(folder.string())));
  }
  // racks of the built-in tables hold their accelerator: a user's own of that name is meant there too
  for (CatalogueRack& entry : out.racks) {
    if (const auto* const found = accelerator_of(entry.rack.accelerator.name, out)) {
      entry.rack.accelerator = found->accelerator;
    }
  }
  check_names(out, faults);
  if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
  return out;
}

Outcome<CatalogueModel> find_model(std::string_view name, const Catalogue& catalogue) {
  std::string key = name_key(name);
  std::optional<Precision> precision;
  if (key.starts_with("meta")) key.erase(0, 4);
  // "…-Instruct-2507-FP8": endings come in any order; a name that has one by itself is found before it is cut
  while (true) {
    if (const CatalogueModel* const found = model_of_key(key, catalogue)) {
      CatalogueModel out = *found;
      if (precision) out.published.weights = out.published.experts = *precision;
      return out;
    }
    const auto* const ending =
        std::ranges::find_if(kEndings, [&](const Ending& e) { return take_ending(key, e.text); });
    if (ending != kEndings.end()) {
      precision = ending->precision;
      continue;
    }
    if (std::ranges::none_of(kTunings, [&](std::string_view t) { return take_ending(key, t); })) break;
  }
  return unknown("model", name, nearest_model(name, catalogue), model_names(catalogue));
}

Outcome<Architecture> find_architecture(std::string_view name, const Catalogue& catalogue) {
  auto found = find_model(name, catalogue);
  if (!found) return std::unexpected(found.error());
  return std::move(found->architecture);
}

Outcome<Accelerator> find_accelerator(std::string_view name, const Catalogue& catalogue) {
  if (const auto* const found = accelerator_of(name, catalogue)) return found->accelerator;
  return unknown("accelerator", name, nearest_of(name, catalogue.accelerators, kAcceleratorName),
                 accelerator_names(catalogue));
}

Outcome<Rack> find_rack(std::string_view name, const Catalogue& catalogue) {
  std::string key = name_key(name);
  if (key.starts_with("nvidia")) key.erase(0, 6);
  if (const CatalogueRack* const found = rack_of_key(key, catalogue)) return found->rack;
  if (const auto* const accelerator = accelerator_of(name, catalogue)) {
    if (const CatalogueRack* const first = first_rack_of(*accelerator, catalogue)) return first->rack;
  }
  const NameFault fault = rack_name_fault(name, catalogue);
  return failure(fmt::format("{}; {}", fault.message, fault.help));
}

std::vector<std::string> model_names(const Catalogue& catalogue) {
  return names_of(catalogue.models, kModelName);
}

std::vector<std::string> accelerator_names(const Catalogue& catalogue) {
  return names_of(catalogue.accelerators, kAcceleratorName);
}

std::vector<std::string> rack_names(const Catalogue& catalogue) {
  return names_of(catalogue.racks, kRackName);
}

std::string nearest_model(std::string_view name, const Catalogue& catalogue) {
  return nearest_of(name, catalogue.models, kModelName);
}

std::string nearest_rack(std::string_view name, const Catalogue& catalogue) {
  std::string nearest = nearest_of(name, catalogue.racks, kRackName);
  if (!nearest.empty()) return nearest;
  // an accelerator that no rack is made of is no better than what was written
  std::vector<CatalogueAccelerator> served;
  std::ranges::copy_if(catalogue.accelerators, std::back_inserter(served),
                       [&](const CatalogueAccelerator& each) { return first_rack_of(each, catalogue) != nullptr; });
  return nearest_of(name, served, kAcceleratorName);
}

NameFault rack_name_fault(std::string_view name, const Catalogue& catalogue) {
  const std::vector<std::string> all = rack_names(catalogue);
  if (accelerator_of(name, catalogue) != nullptr) {
    return {fmt::format("no rack of accelerator '{}' is known", printable(name)),
            fmt::format("add one to racks.csv of a catalogue, or name one of {}", listing(all, all.size()))};
  }
  const std::string nearest = nearest_rack(name, catalogue);
  return {fmt::format("no rack or accelerator '{}' is known", printable(name)),
          nearest.empty() ? "known are " + listing(all, all.size()) : did_you_mean_text(nearest)};
}

}  // namespace beltline::perf
