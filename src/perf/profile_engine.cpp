#include "perf/profile_engine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/assert.h"
#include "table/files.h"
#include "table/table.h"

namespace beltline::perf {

namespace {

// Fitted on the decode and prefill steps of one measured run (vLLM 0.19, Llama-3.1-8B on one RTX PRO 6000), and held
// against the other: docs/serving-engine.md.
constexpr std::array<ProfileOverheads, 1> kOverheads = {{{"vllm", 300, 4, 1500}}};

/// One file of a profile: its columns as numbers, its first as text where it names layers.
struct ProfileFile {
  Table table;
  std::vector<std::string> faults;

  [[nodiscard]] const Column* column(std::string_view name) {
    const Column* found = table.find(name);
    if (found == nullptr) faults.push_back(fmt::format("column '{}' is missing", name));
    return found;
  }
  /// Rows whose number is not at least `least` are faults; the first is told.
  std::vector<double> numbers(std::string_view name, double least) {
    std::vector<double> values;
    const Column* found = column(name);
    if (found == nullptr) return values;
    if (std::holds_alternative<std::vector<std::string>>(found->values)) {
      faults.push_back(fmt::format("column '{}' holds texts, expected numbers", name));
      return values;
    }
    for (std::size_t row = 0; row < found->size(); ++row) {
      const bool is_whole = std::holds_alternative<std::vector<int64_t>>(found->values);
      values.push_back(is_whole ? static_cast<double>(found->integers()[row]) : found->numbers()[row]);
      if (values.back() >= least && values.back() < 1e12) continue;
      faults.push_back(fmt::format("row {}: {} is {}, expected at least {}", row + 2, name, values.back(), least));
      return {};
    }
    return values;
  }
};

ProfileFile read_profile(const std::filesystem::path& path) {
  ProfileFile file;
  const Outcome<std::string> text = read_file(path, std::size_t{256} << 20);
  if (!text) {
    file.faults.push_back(text.error().message);
    return file;
  }
  Outcome<Table> table = table_from_csv(*text, path.stem().string());
  if (!table) {
    file.faults.push_back(table.error().message);
    return file;
  }
  file.table = std::move(*table);
  if (file.table.row_count() == 0) file.faults.emplace_back("no rows");
  return file;
}

/// Curves by the name of their layer.
std::map<std::string, CountCurve> read_curves(ProfileFile& file, std::string_view count) {
  std::map<std::string, CountCurve> curves;
  if (!file.faults.empty()) return curves;
  const Column* layers = file.column("layer");
  const std::vector<double> counts = file.numbers(count, 1), times = file.numbers("time_us", 0);
  if (!file.faults.empty()) return curves;
  if (!std::holds_alternative<std::vector<std::string>>(layers->values)) {
    file.faults.emplace_back("column 'layer' holds numbers, expected names");
    return curves;
  }
  for (std::size_t row = 0; row < counts.size(); ++row) {
    curves[layers->texts()[row]].add(static_cast<int64_t>(counts[row]), times[row]);
  }
  for (auto& [name, curve] : curves) curve.finish();
  return curves;
}

AttentionGrid read_attention(ProfileFile& file) {
  AttentionGrid grid;
  if (!file.faults.empty()) return grid;
  const std::vector<double> chunk = file.numbers("prefill_chunk", 0), prefix = file.numbers("kv_prefill", 0),
                            decodes = file.numbers("n_decode", 0), context = file.numbers("kv_decode", 0),
                            times = file.numbers("time_us", 0);
  if (!file.faults.empty()) return grid;
  const auto whole = [](double value) { return static_cast<int64_t>(value); };
  for (std::size_t row = 0; row < times.size(); ++row) {
    grid.add(whole(chunk[row]), whole(prefix[row]), whole(decodes[row]), whole(context[row]), times[row]);
  }
  grid.finish();
  if (grid.contexts().size() < 2) file.faults.emplace_back("fewer than two contexts without a prompt");
  return grid;
}

}  // namespace

const ProfileOverheads* find_profile_overheads(std::string_view engine) {
  const auto found = std::ranges::find(kOverheads, engine, &ProfileOverheads::engine);
  return found == kOverheads.end() ? nullptr : &*found;
}

Outcome<std::shared_ptr<const ProfileCost>> ProfileCost::read(const std::filesystem::path& folder,
                                                              const ProfileEngineOptions& options) {
  std::shared_ptr<ProfileCost> made(new ProfileCost(options));
  std::string faults;
  const auto tell = [&](const char* name, const ProfileFile& file) {
    for (const std::string& fault : file.faults) faults += fmt::format("{}: {}\n", (folder / name).string(), fault);
  };
  const ProfileOverheads* overheads = find_profile_overheads(options.engine);
  if (overheads == nullptr) faults += fmt::format("engine '{}' was not measured; 'vllm' was\n", options.engine);

  ProfileFile dense = read_profile(folder / "dense.csv");
  for (auto& [name, curve] : read_curves(dense, "tokens")) {
    const bool is_outside = name == "embedding" || name == "final_layernorm";
    made->dense_.push_back({curve, is_outside ? 0 : name == "layernorm" ? 2 : 1});
  }
  tell("dense.csv", dense);
  ProfileFile sampled = read_profile(folder / "per_sequence.csv");
  for (auto& [name, curve] : read_curves(sampled, "sequences")) made->head_.push_back(curve);
  tell("per_sequence.csv", sampled);
  ProfileFile attention = read_profile(folder / "attention.csv");
  made->attention_ = read_attention(attention);
  tell("attention.csv", attention);
  if (!faults.empty()) return failure(faults.substr(0, faults.size() - 1));

  made->overheads_ = *overheads;
  made->contexts_ = made->attention_.contexts();
  return made;
}

GridValue ProfileCost::dense(int64_t tokens) const {
  GridValue sum;
  for (const DenseLayer& layer : dense_) {
    const GridValue value = layer.curve(static_cast<double>(tokens));
    sum.us += value.us * (layer.in_layer == 0 ? 1 : layer.in_layer * options_.architecture.layers);
    sum.basis = worse(sum.basis, value.basis);
  }
  return sum;
}

GridValue ProfileCost::head(int64_t samples) const {
  GridValue sum;
  if (samples == 0) return sum;
  for (const CountCurve& curve : head_) {
    const GridValue value = curve(static_cast<double>(samples));
    sum.us += value.us;
    sum.basis = worse(sum.basis, value.basis);
  }
  return sum;
}

// Two all-reduces a layer, of each token's hidden numbers; one gathering of logits, of each sample's vocabulary.
// Ring: 2 (n − 1) / n of the bytes cross the slowest link for a reduction, (n − 1) / n for a gathering.
double ProfileCost::messages_us(int64_t tokens, int64_t samples) const {
  if (options_.tensor == 1) return 0;
  const double share = static_cast<double>(options_.tensor - 1) / options_.tensor;
  const Architecture& model = options_.architecture;
  constexpr double kBytes = 2;  // activations are bf16
  const double reduced = 2 * share * static_cast<double>(tokens) * model.hidden * kBytes / options_.link.bytes_per_s;
  const double gathered = share * static_cast<double>(samples) * model.vocabulary * kBytes / options_.link.bytes_per_s;
  return 1e6 * (2 * model.layers * (options_.link.latency_s + reduced) +
                (samples > 0 ? options_.link.latency_s + gathered : 0));
}

// Pieces of several prompts in one kernel: launched once, then each has its own tiles.
GridValue ProfileCost::prompt_attention(std::span<const Chunk> chunks) const {
  const GridValue least = attention_(1, 0, 0, 0);
  GridValue sum = least;
  for (const Chunk& chunk : chunks) {
    const GridValue value = attention_(chunk.tokens, static_cast<double>(chunk.context), 0, 0);
    sum.us += std::max(0.0, value.us - least.us);
    sum.basis = worse(sum.basis, value.basis);
  }
  return sum;
}

GridValue ProfileCost::attention(const Step& step) const {
  const double decodes = step.decodes;
  const double context = step.decodes == 0 ? 0 : static_cast<double>(step.decode_context) / decodes;
  if (step.chunks.empty()) return attention_(0, 0, decodes, context);
  double tokens = 0, products = 0;
  for (const Chunk& chunk : step.chunks) {
    tokens += chunk.tokens;
    products += chunk.tokens * (static_cast<double>(chunk.context) + chunk.tokens / 2.0);
  }
  // one piece of as many tokens: after so many in the cache that it has as many products of queries and keys
  const double excess = products - tokens * tokens / 2;
  GridValue value = attention_(tokens, std::max(0.0, excess / tokens), decodes, context);
  if (step.chunks.size() > 1 && excess < 0) {
    const GridValue apart = prompt_attention(step.chunks), together = attention_(tokens, 0, 0, 0);
    value.us += std::min(0.0, apart.us - together.us);
    value.basis = worse(value.basis, worse(Basis::interpolated, apart.basis));
  }
  return value;
}

GridValue ProfileCost::step_us(const Step& step) const {
  int64_t tokens = step.decodes, samples = step.decodes;
  for (const Chunk& chunk : step.chunks) {
    tokens += chunk.tokens;
    samples += chunk.is_last ? 1 : 0;
  }
  const GridValue layers = dense(tokens), logits = head(samples), looks = attention(step);
  double us = layers.us + logits.us + options_.architecture.layers * looks.us + messages_us(tokens, samples);
  us += overheads_.step_us + overheads_.sequence_us * static_cast<double>(samples);
  if (!step.chunks.empty()) us += overheads_.prompt_us;
  return {us, worse(worse(layers.basis, logits.basis), looks.basis)};
}

Picoseconds ProfileCost::step(const Step& step) const {
  if (step.chunks.empty()) {
    const DecodeLine line = decode_line(step.decodes, step.decode_context);
    return line.base + line.slope * step.decode_context;
  }
  return std::llround(1e6 * step_us(step).us);
}

DecodeLine ProfileCost::decode_line(int32_t decodes, int64_t decode_context) const {
  ASSERT(decodes > 0);
  const auto at = [&](int64_t context) {
    return 1e6 * step_us({.chunks = {}, .decodes = decodes, .decode_context = context * decodes}).us;
  };
  const auto above = std::ranges::upper_bound(contexts_, decode_context / decodes);
  if (above == contexts_.begin()) {  // below the first measured context: as there
    return {std::llround(at(contexts_.front())), 0, contexts_.front() * decodes - 1};
  }
  const bool is_beyond = above == contexts_.end();
  const int64_t low = is_beyond ? *(contexts_.end() - 2) : *(above - 1);
  const int64_t high = is_beyond ? contexts_.back() : *above;
  const int64_t start = low * decodes, end = high * decodes;
  const double first = at(low), last = at(high);
  // a kernel that was measured faster with more to read is noise
  const Picoseconds slope = std::max<int64_t>(0, std::llround((last - first) / static_cast<double>(end - start)));
  const double anchor = slope == 0 ? (first + last) / 2 : first;
  return {.base = std::llround(anchor) - slope * start,
          .slope = slope,
          .context_max = is_beyond ? std::numeric_limits<int64_t>::max() / 2 : end - 1};
}

double ProfileCost::step_energy_J(const Step& asked) const {
  return 1e-12 * static_cast<double>(step(asked)) * options_.power_W * options_.tensor;
}

Basis ProfileCost::basis(const Step& step) const {
  const Basis kernels = step_us(step).basis;
  return options_.tensor > 1 ? Basis::analytic : kernels;
}

}  // namespace beltline::perf
