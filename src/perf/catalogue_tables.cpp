#include "perf/catalogue_tables.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "base/text.h"
#include "table/table.h"

namespace beltline::perf {

namespace {

struct UnitFactor {
  std::string_view unit;
  double factor;
};

// What a figure may be headed with: ours is the first, into which no name of a field has to be translated.
using UnitFactors = std::vector<UnitFactor>;
const UnitFactors kRates = {{"TFLOP/s", 1e12}, {"PFLOP/s", 1e15}, {"TOP/s", 1e12}, {"TOPS", 1e12}};
const UnitFactors kBytes = {{"GB", 1e9}, {"TB", 1e12}, {"GiB", 1073741824.0}};
const UnitFactors kBandwidths = {{"GB/s", 1e9}, {"TB/s", 1e12}, {"Gbit/s", 0.125e9}};
const UnitFactors kTimes = {{"us", 1e-6}, {"ns", 1e-9}, {"ms", 1e-3}, {"s", 1}};
const UnitFactors kPowers = {{"W", 1}, {"kW", 1e3}};
const UnitFactors kPrices = {{"USD", 1}, {"kUSD", 1e3}};
const UnitFactors kTokens = {{"token", 1}, {"", 1}};
const UnitFactors kParameters = {{"billion", 1e9}, {"million", 1e6}};

/// One table, cell by cell. Faults are kept, and a default given, so that one reading finds them all.
class Reader {
 public:
  Reader(const Table& table, std::string file, std::vector<std::string>& faults)
      : table_(table), file_(std::move(file)), faults_(faults) {}

  [[nodiscard]] std::size_t row_count() const { return table_.row_count(); }
  void at(std::size_t row) {
    row_ = row;
    faults_before_ = faults_.size();
  }
  [[nodiscard]] bool has_fault() const { return faults_.size() > faults_before_; }

  std::string text(std::string_view name, bool is_required = false) {
    const Column* column = find(name, is_required);
    if (column == nullptr) return {};
    std::string out = cell_text(*column);
    if (out.empty() && is_required) fault(fmt::format("column '{}' is empty", name));
    return out;
  }

  /// A figure in the unit of its header, as ours: bytes, W, s, …
  double number(std::string_view name, const UnitFactors& units, bool is_required = false) {
    const Column* column = find(name, is_required);
    if (column == nullptr) return 0;
    const auto unit = std::ranges::find(units, std::string_view(column->unit), &UnitFactor::unit);
    if (unit == units.end()) {
      fault_of_table(fmt::format("column '{}' is in '{}', expected {}", name, printable(column->unit), listed(units)));
      return 0;
    }
    const std::optional<double> value = cell_number(*column);
    if (!value || !std::isfinite(*value) || *value < 0 || (is_required && *value == 0)) {
      fault(fmt::format("column '{}' is '{}', expected a number {} 0", name, printable(cell_text(*column)),
                        is_required ? ">" : ">="));
      return 0;
    }
    return *value * unit->factor;
  }

  int32_t count(std::string_view name, bool is_required = false) {
    constexpr double kCountMax = 1e7;
    const Column* column = find(name, is_required);
    if (column == nullptr) return 0;
    const std::optional<double> value = cell_number(*column);
    if (!value || !(*value >= (is_required ? 1 : 0)) || *value > kCountMax || *value != std::floor(*value)) {
      fault(fmt::format("column '{}' is '{}', expected a whole number from {} to {}", name,
                        printable(cell_text(*column)), is_required ? 1 : 0, kCountMax));
      return 0;
    }
    return static_cast<int32_t>(*value);
  }

  bool yes(std::string_view name, bool otherwise) {
    const std::string word = text(name);
    if (word.empty()) return otherwise;
    if (word != "yes" && word != "no")
      fault(fmt::format("column '{}' is '{}', expected yes or no", name, printable(word)));
    return word == "yes";
  }

  Precision precision(std::string_view name, Precision otherwise) {
    const std::string word = text(name);
    if (word.empty()) return otherwise;
    const auto found = precision_of(word);
    if (!found)
      fault(fmt::format("column '{}' is '{}', expected one of {}", name, printable(word),
                        fmt::join(kPrecisionNames, ", ")));
    return found.value_or(otherwise);
  }

  std::vector<std::string> words(std::string_view name) {
    std::istringstream stream(text(name));
    std::vector<std::string> out;
    for (std::string word; stream >> word;) out.push_back(word);
    return out;
  }

  /// A fault of the row at hand.
  void fault(const std::string& what) {
    const Column* names = table_.find("name");
    const std::string name = names == nullptr ? "" : std::string(cell_text(*names));
    faults_.push_back(fmt::format("{}: row {} '{}': {}", file_, row_ + 1, printable(name), what));
  }

  /// Columns that nobody asked for: a misspelt one would else pass in silence.
  void check_columns(const std::vector<std::string>& known) {
    for (const Column& column : table_.columns) {
      if (std::ranges::find(known, column.name) != known.end()) continue;
      const std::string nearest = nearest_word(column.name, known);
      fault_of_table(
          fmt::format("unknown column '{}'; {}", printable(column.name),
                      nearest.empty() ? "known are " + listing(known, known.size()) : did_you_mean_text(nearest)));
    }
  }

 private:
  const Column* find(std::string_view name, bool is_required) {
    const Column* column = table_.find(name);
    if (column == nullptr && is_required) fault_of_table(fmt::format("column '{}' is missing", name));
    return column;
  }

  void fault_of_table(const std::string& what) {
    if (told_.insert(what).second) faults_.push_back(fmt::format("{}: {}", file_, what));
  }

  [[nodiscard]] std::string cell_text(const Column& column) const {
    switch (column.values.index()) {
      case 0: return fmt::format("{}", column.numbers()[row_]);
      case 1: return fmt::format("{}", column.integers()[row_]);
      default: return column.texts()[row_];
    }
  }

  [[nodiscard]] std::optional<double> cell_number(const Column& column) const {
    switch (column.values.index()) {
      case 0: return column.numbers()[row_];
      case 1: return static_cast<double>(column.integers()[row_]);
      default: return column.texts()[row_].empty() ? std::optional<double>(0) : std::nullopt;
    }
  }

  static std::string listed(const UnitFactors& units) {
    std::vector<std::string> names;
    for (const UnitFactor& unit : units) {
      if (!unit.unit.empty()) names.emplace_back(unit.unit);
    }
    return listing(names);
  }

  const Table& table_;
  std::string file_;
  std::vector<std::string>& faults_;
  std::set<std::string> told_;
  std::size_t row_ = 0;
  std::size_t faults_before_ = 0;  // of the rows before
};

std::optional<Table> parsed(std::string_view text, const std::string& file, std::vector<std::string>& faults) {
  auto table = table_from_csv(text, file);
  if (table) return std::move(*table);
  faults.push_back(fmt::format("{}: {}", file, table.error().message));
  return std::nullopt;
}

/// Puts an entry in place of the one of the same name, or at the end.
template <class Entry, class Name>
void put(std::vector<Entry>& list, Entry entry, Name name_of) {
  const auto found = std::ranges::find_if(list, [&](const Entry& e) { return name_of(e) == name_of(entry); });
  if (found != list.end()) {
    *found = std::move(entry);
  } else {
    list.push_back(std::move(entry));
  }
}

CatalogueModel model_of(Reader& row) {
  CatalogueModel out;
  Architecture& a = out.architecture;
  a.name = row.text("name", true);
  a.title = row.text("title");
  if (a.title.empty()) a.title = a.name;
  a.source = row.text("source", true);
  a.layers = row.count("layers", true);
  a.hidden = row.count("hidden", true);
  a.heads = row.count("heads", true);
  a.kv_heads = row.count("kv_heads", true);
  a.head_size = row.count("head_size", true);
  a.value_head_size = row.count("value_head_size");
  if (a.value_head_size == 0) a.value_head_size = a.head_size;
  a.ffn = row.count("ffn");
  a.gated = row.yes("gated", true);
  a.vocabulary = row.count("vocabulary", true);
  a.tied_embedding = row.yes("tied_embedding", false);
  a.context_max = static_cast<int64_t>(row.number("context_max", kTokens, true));
  a.experts = row.count("experts");
  a.active_experts = row.count("active_experts");
  a.shared_experts = row.count("shared_experts");
  a.expert_ffn = row.count("expert_ffn");
  a.dense_layers = row.count("dense_layers");
  a.kv_latent = row.count("kv_latent");
  a.q_latent = row.count("q_latent");
  a.rotary_size = row.count("rotary_size");
  a.window = static_cast<int64_t>(row.number("window", kTokens));
  a.window_layers = row.count("window_layers");
  out.published.weights = row.precision("weights", Precision::bf16);
  out.published.experts = row.precision("expert_weights", out.published.weights);
  out.parameters_published = row.number("parameters", kParameters);
  out.confidence = row.text("confidence", true);
  out.note = row.text("note");
  out.aliases = row.words("aliases");
  // of a row with a fault already, the zeros that stand for it say nothing new
  if (const std::string wrong = find_contradiction(a); !wrong.empty() && !row.has_fault()) row.fault(wrong);
  return out;
}

CatalogueAccelerator accelerator_row(Reader& row) {
  CatalogueAccelerator out;
  Accelerator& a = out.accelerator;
  a.name = row.text("name", true);
  a.title = row.text("title");
  if (a.title.empty()) a.title = a.name;
  a.generation = row.text("generation", true);
  a.source = row.text("source", true);
  for (std::size_t p = 0; p < kPrecisionCount; ++p) a.flop_per_s[p] = row.number(kPrecisionNames[p], kRates);
  if (a.flops(Precision::bf16) == 0) row.fault("column 'bf16' is 0: every accelerator here computes in it");
  a.memory_bytes = row.number("memory", kBytes, true);
  a.memory_bytes_per_s = row.number("memory_bandwidth", kBandwidths, true);
  a.scale_up = {row.number("scale_up", kBandwidths, true), row.number("scale_up_latency", kTimes)};
  a.scale_up_size = row.count("scale_up_size", true);
  a.scale_out = {row.number("scale_out", kBandwidths, true), row.number("scale_out_latency", kTimes)};
  a.power_W = row.number("power", kPowers, true);
  a.idle_W = row.number("idle_power", kPowers);
  if (a.idle_W > a.power_W) row.fault("idle_power is above power");
  a.price_USD = row.number("price", kPrices);
  out.confidence = row.text("confidence", true);
  out.note = row.text("note");
  out.aliases = row.words("aliases");
  return out;
}

CatalogueRack rack_row(Reader& row, const Catalogue& catalogue) {
  CatalogueRack out;
  Rack& rack = out.rack;
  rack.name = row.text("name", true);
  rack.title = row.text("title");
  if (rack.title.empty()) rack.title = rack.name;
  rack.source = row.text("source", true);
  const std::string accelerator = row.text("accelerator", true);
  if (const auto* const found = accelerator_of(accelerator, catalogue)) {
    rack.accelerator = found->accelerator;
  } else if (!accelerator.empty()) {
    row.fault(fmt::format("no accelerator '{}'", printable(accelerator)));
  }
  rack.accelerators = row.count("accelerators", true);
  rack.power_W = row.number("power", kPowers, true);
  rack.idle_power_W = row.number("idle_power", kPowers);
  if (rack.idle_power_W > rack.power_W) row.fault("idle_power is above power");
  rack.price_USD = row.number("price", kPrices);
  out.confidence = row.text("confidence", true);
  out.note = row.text("note");
  out.aliases = row.words("aliases");
  return out;
}

/// Entries of one kind that answer to the same name.
template <class Entry, class Name>
void check_keys(const std::vector<Entry>& list, Name name_of, std::string_view kind, std::vector<std::string>& faults) {
  std::map<std::string, std::string> owner;
  for (const Entry& entry : list) {
    std::set<std::string> keys = {name_key(name_of(entry))};
    for (const std::string& alias : entry.aliases) keys.insert(name_key(alias));
    for (const std::string& key : keys) {
      const auto [at, is_new] = owner.emplace(key, name_of(entry));
      if (!is_new) {
        faults.push_back(fmt::format("{} '{}' and '{}' both answer to '{}'", kind, printable(at->second),
                                     printable(name_of(entry)), printable(key)));
      }
    }
  }
}

}  // namespace

std::string find_contradiction(const Architecture& a) {
  for (const auto& [what, value] : {std::pair("layers", a.layers), std::pair("hidden size", a.hidden),
                                    std::pair("heads", a.heads), std::pair("KV heads", a.kv_heads),
                                    std::pair("head size", a.head_size), std::pair("vocabulary", a.vocabulary)}) {
    if (value < 1) return fmt::format("{} is {}", what, value);
  }
  if (a.context_max < 1) return fmt::format("context is {}", a.context_max);
  if (a.kv_heads > a.heads || (a.kv_heads > 0 && a.heads % a.kv_heads != 0)) {
    return fmt::format("{} heads are no multiple of {} KV heads", a.heads, a.kv_heads);
  }
  if (a.experts > 0 && (a.active_experts < 1 || a.active_experts > a.experts)) {
    return fmt::format("{} of {} experts are active", a.active_experts, a.experts);
  }
  if (a.experts > 0 && a.expert_ffn == 0) return "experts without expert_ffn";
  if (a.dense_layers > a.layers) return fmt::format("{} dense layers of {}", a.dense_layers, a.layers);
  if (a.mixture_layers() < a.layers && a.ffn == 0) return "dense layers without ffn";
  if (a.window_layers > a.layers) return fmt::format("{} layers with a window of {}", a.window_layers, a.layers);
  if ((a.window > 0) != (a.window_layers > 0)) return "window and window_layers go together";
  if (a.is_latent() && a.head_size <= a.rotary_size) return "head_size is at most rotary_size";
  return {};
}

std::string name_key(std::string_view name) {
  if (const auto slash = name.find_last_of('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    }
  }
  return out;
}

const CatalogueAccelerator* accelerator_of(std::string_view name, const Catalogue& catalogue) {
  std::string key = name_key(name);
  for (const std::string_view maker : {"nvidia", "amdinstinct", "amd", "google", "intel", "aws"}) {
    if (key.starts_with(maker) && key.size() > maker.size()) {
      key.erase(0, maker.size());
      break;
    }
  }
  for (const CatalogueAccelerator& entry : catalogue.accelerators) {
    if (name_key(entry.accelerator.name) == key) return &entry;
    if (std::ranges::any_of(entry.aliases, [&](const std::string& alias) { return name_key(alias) == key; })) {
      return &entry;
    }
  }
  return nullptr;
}

void read_models(std::string_view text, const std::string& file, Catalogue& catalogue,
                 std::vector<std::string>& faults) {
  const std::optional<Table> table = parsed(text, file, faults);
  if (!table) return;
  Reader reader(*table, file, faults);
  reader.check_columns({"name",           "title",       "layers",       "hidden",     "heads",
                        "kv_heads",       "head_size",   "ffn",          "gated",      "value_head_size",
                        "vocabulary",     "context_max", "experts",      "window",     "tied_embedding",
                        "active_experts", "expert_ffn",  "dense_layers", "kv_latent",  "shared_experts",
                        "q_latent",       "rotary_size", "weights",      "confidence", "window_layers",
                        "expert_weights", "parameters",  "source",       "note",       "aliases"});
  for (std::size_t row = 0; row < reader.row_count(); ++row) {
    reader.at(row);
    put(catalogue.models, model_of(reader), [](const CatalogueModel& m) { return m.architecture.name; });
  }
}

void read_accelerators(std::string_view text, const std::string& file, Catalogue& catalogue,
                       std::vector<std::string>& faults) {
  const std::optional<Table> table = parsed(text, file, faults);
  if (!table) return;
  Reader reader(*table, file, faults);
  reader.check_columns({"name",
                        "title",
                        "generation",
                        "bf16",
                        "fp8",
                        "int8",
                        "fp4",
                        "fp32",
                        "memory",
                        "memory_bandwidth",
                        "scale_up",
                        "scale_up_latency",
                        "scale_up_size",
                        "scale_out",
                        "scale_out_latency",
                        "power",
                        "idle_power",
                        "price",
                        "source",
                        "confidence",
                        "note",
                        "aliases"});
  for (std::size_t row = 0; row < reader.row_count(); ++row) {
    reader.at(row);
    put(catalogue.accelerators, accelerator_row(reader),
        [](const CatalogueAccelerator& a) { return a.accelerator.name; });
  }
}

void read_racks(std::string_view text, const std::string& file, Catalogue& catalogue,
                std::vector<std::string>& faults) {
  const std::optional<Table> table = parsed(text, file, faults);
  if (!table) return;
  Reader reader(*table, file, faults);
  reader.check_columns({"name", "title", "accelerator", "accelerators", "power", "idle_power", "price", "source",
                        "confidence", "note", "aliases"});
  for (std::size_t row = 0; row < reader.row_count(); ++row) {
    reader.at(row);
    put(catalogue.racks, rack_row(reader, catalogue), [](const CatalogueRack& r) { return r.rack.name; });
  }
}

void check_names(const Catalogue& catalogue, std::vector<std::string>& faults) {
  check_keys(catalogue.models, [](const CatalogueModel& m) { return m.architecture.name; }, "models", faults);
  check_keys(
      catalogue.accelerators, [](const CatalogueAccelerator& a) { return a.accelerator.name; }, "accelerators", faults);
  check_keys(catalogue.racks, [](const CatalogueRack& r) { return r.rack.name; }, "racks", faults);
}

}  // namespace beltline::perf
