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
constexpr std::array<ProfileOverheads, 1> kOverheads = {{{"vllm", 300, 2, 3000}}};

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

/// Rows of one degree of expert parallelism, or all where the file does not tell degrees apart.
PairGrid read_experts(ProfileFile& file, int32_t degree) {
  PairGrid grid;
  if (!file.faults.empty()) return grid;
  const std::vector<double> tokens = file.numbers("tokens", 1), active = file.numbers("activated_experts", 1),
                            times = file.numbers("time_us", 0);
  const std::vector<double> degrees = file.table.find("ep") == nullptr ? std::vector<double>{} : file.numbers("ep", 1);
  if (!file.faults.empty()) return grid;
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!degrees.empty() && degrees[row] != degree) continue;
    grid.add(static_cast<int64_t>(tokens[row]), static_cast<int64_t>(active[row]), times[row]);
  }
  grid.finish();
  if (grid.is_empty()) file.faults.push_back(fmt::format("no rows of ep {}", degree));
  return grid;
}

/// How often a step runs a layer of dense.csv.
int32_t times_of(const std::string& name, const Architecture& model) {
  if (name == "embedding" || name == "final_layernorm") return 1;
  if (name == "layernorm") return 2 * model.layers;
  const bool is_dense_feed = name == "gate_up_proj" || name == "act_fn" || name == "down_proj";
  return is_dense_feed ? model.layers - model.mixture_layers() : model.layers;
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
    made->dense_.push_back({curve, times_of(name, options.architecture)});
  }
  tell("dense.csv", dense);
  ProfileFile sampled = read_profile(folder / "per_sequence.csv");
  for (auto& [name, curve] : read_curves(sampled, "sequences")) made->head_.push_back(curve);
  tell("per_sequence.csv", sampled);
  ProfileFile attention = read_profile(folder / "attention.csv");
  made->attention_ = read_attention(attention);
  tell("attention.csv", attention);
  if (options.architecture.is_mixture()) {
    ProfileFile experts = read_profile(folder / "moe.csv");
    made->experts_ = read_experts(experts, options.spreads_experts ? options.tensor * options.copies : 1);
    tell("moe.csv", experts);
  }
  if (!faults.empty()) return failure(faults.substr(0, faults.size() - 1));

  made->overheads_ = *overheads;
  made->contexts_ = made->attention_.contexts();
  return made;
}

GridValue ProfileCost::dense(int64_t tokens) const {
  GridValue sum;
  for (const DenseLayer& layer : dense_) {
    const GridValue value = layer.curve(static_cast<double>(tokens));
    sum.us += value.us * layer.times;
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

// Tokens of all copies come together at the experts.
GridValue ProfileCost::experts(int64_t tokens) const {
  GridValue value;
  const Architecture& model = options_.architecture;
  if (!model.is_mixture()) return value;
  const double share = options_.spreads_experts ? 1.0 / (options_.tensor * options_.copies) : 1.0;
  const double missed = std::pow(1 - static_cast<double>(model.active_experts) / model.experts, tokens);
  value = experts_(static_cast<double>(tokens), std::max(1.0, share * model.experts * (1 - missed)));
  value.us *= model.mixture_layers();
  if (options_.copies == 1) return value;
  // gathered before, scattered after: each passes (n − 1) / n of all tokens' hidden numbers, in bf16
  const double bytes = 2.0 * static_cast<double>(tokens) * model.hidden * (options_.copies - 1) / options_.copies;
  value.us += 2e6 * model.mixture_layers() * (options_.link.latency_s + bytes / options_.link.bytes_per_s);
  return value;
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

GridValue ProfileCost::attention(const Share& share, double context) const {
  const double decodes = share.decodes;
  if (share.chunks.empty()) return attention_(0, 0, decodes, context);
  double tokens = 0, products = 0;
  for (const Chunk& chunk : share.chunks) {
    tokens += chunk.tokens;
    products += chunk.tokens * (static_cast<double>(chunk.context) + chunk.tokens / 2.0);
  }
  const double excess = products - tokens * tokens / 2;
  if (share.chunks.size() == 1 || excess >= 0) {
    // one piece of as many tokens: after so many in the cache that it has as many products of queries and keys
    return attention_(tokens, std::max(0.0, excess / tokens), decodes, context);
  }
  // decodes beside a piece of the mean size, and the other pieces' own time
  const double mean = tokens / static_cast<double>(share.chunks.size());
  GridValue value = attention_(mean, 0, decodes, context);
  const GridValue apart = prompt_attention(share.chunks), one = attention_(mean, 0, 0, 0);
  value.us += std::max(0.0, apart.us - one.us);
  value.basis = worse(value.basis, worse(Basis::interpolated, apart.basis));
  return value;
}

std::vector<ProfileCost::Share> ProfileCost::shares(const Step& step) const {
  std::vector<Share> shares(static_cast<std::size_t>(options_.copies));
  for (int32_t copy = 0; copy < options_.copies; ++copy) {
    Share& share = shares[static_cast<std::size_t>(copy)];
    share.decodes = (step.decodes + options_.copies - 1 - copy) / options_.copies;
    share.tokens = share.samples = share.decodes;
  }
  for (const Chunk& chunk : step.chunks) {
    Share& share = *std::ranges::min_element(shares, {}, &Share::tokens);
    share.chunks.push_back(chunk);
    share.tokens += chunk.tokens;
    share.samples += chunk.is_last ? 1 : 0;
  }
  return shares;
}

GridValue ProfileCost::copy_us(const Share& share, double context) const {
  if (share.tokens == 0) return {};
  const GridValue layers = dense(share.tokens), logits = head(share.samples), looks = attention(share, context);
  const double us = layers.us + logits.us + options_.architecture.layers * looks.us +
                    messages_us(share.tokens, share.samples) +
                    overheads_.sequence_us * static_cast<double>(share.samples);
  return {us, worse(worse(layers.basis, logits.basis), looks.basis)};
}

GridValue ProfileCost::step_us(const Step& step) const {
  const double context = step.decodes == 0 ? 0 : static_cast<double>(step.decode_context) / step.decodes;
  GridValue slowest;
  int64_t tokens = 0;
  for (const Share& share : shares(step)) {
    const GridValue value = copy_us(share, context);
    slowest = {std::max(slowest.us, value.us), worse(slowest.basis, value.basis)};
    tokens += share.tokens;
  }
  const GridValue mixture = experts(tokens);
  const double us = slowest.us + mixture.us + overheads_.step_us + (step.chunks.empty() ? 0 : overheads_.prompt_us);
  return {us, worse(slowest.basis, mixture.basis)};
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
  return 1e-12 * static_cast<double>(step(asked)) * options_.power_W * options_.tensor * options_.copies;
}

Basis ProfileCost::basis(const Step& step) const {
  const Basis kernels = step_us(step).basis;
  return options_.tensor * options_.copies > 1 ? Basis::analytic : kernels;
}

}  // namespace beltline::perf
