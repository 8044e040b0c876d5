#include "perf/model_config.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "perf/catalogue_tables.h"
#include "table/files.h"

namespace beltline::perf {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kConfigBytesMax = 4 << 20;
constexpr double kCountMax = 1e7;

// How a type differs from a dense llama where its file need not say so.
struct Kind {
  std::string_view type;
  bool tied = false;      // embeddings are one matrix unless the file says otherwise
  bool gated = true;      // three matrices
  bool gpt_keys = false;  // n_layer, n_embd, n_head, …
};
constexpr auto kKinds = std::to_array<Kind>({{"llama"},
                                             {"mistral"},
                                             {"mixtral"},
                                             {"qwen2"},
                                             {"qwen3"},
                                             {"qwen2_moe"},
                                             {"qwen3_moe"},
                                             {"deepseek_v2"},
                                             {"deepseek_v3"},
                                             {"kimi_k2"},
                                             {"gpt_oss"},
                                             {"minimax_m2"},
                                             {"minimax"},
                                             {"glm4_moe"},
                                             {"llama4"},
                                             {"llama4_text"},
                                             {"gemma3", true},
                                             {"gemma3_text", true},
                                             {"exaone4"},
                                             {"phi3"},
                                             {"gptj", false, false, true},
                                             {"gpt2", true, false, true}});

/// Keys of one object, with faults kept.
class Keys {
 public:
  explicit Keys(const Json& object) : object_(object) {}

  [[nodiscard]] const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  int64_t count(std::initializer_list<const char*> keys, std::optional<int64_t> otherwise = std::nullopt) {
    for (const char* const key : keys) {
      const Json* const value = find(key);
      if (value == nullptr) continue;
      if (value->is_number_integer() && value->get<double>() >= 0 && value->get<double>() <= kCountMax) {
        return value->get<int64_t>();
      }
      faults.push_back(fmt::format("'{}' is {}, expected a whole number from 0 to {}", key,
                                   printable(value->dump(-1, ' ', false, Json::error_handler_t::replace)), kCountMax));
      return 0;
    }
    if (!otherwise) faults.push_back(fmt::format("'{}' is missing", *keys.begin()));
    return otherwise.value_or(0);
  }

  [[nodiscard]] bool flag(const char* key, bool otherwise) const {
    const Json* const value = find(key);
    return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
  }

  [[nodiscard]] std::string text(const char* key) const {
    const Json* const value = find(key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
  }

  std::vector<std::string> faults;

 private:
  const Json& object_;
};

int32_t narrow(int64_t value) {
  return static_cast<int32_t>(value);
}

void read_attention(Keys& keys, const Kind& kind, Architecture& a) {
  a.layers = narrow(kind.gpt_keys ? keys.count({"n_layer"}) : keys.count({"num_hidden_layers"}));
  a.hidden = narrow(kind.gpt_keys ? keys.count({"n_embd"}) : keys.count({"hidden_size"}));
  a.heads = narrow(kind.gpt_keys ? keys.count({"n_head"}) : keys.count({"num_attention_heads"}));
  a.kv_heads = narrow(keys.count({"num_key_value_heads"}, a.heads));
  a.head_size = narrow(keys.count({"head_dim"}, a.heads > 0 ? a.hidden / a.heads : 0));
  a.value_head_size = a.head_size;
  a.vocabulary = narrow(keys.count({"vocab_size"}));
  a.context_max = kind.gpt_keys ? keys.count({"n_positions", "n_ctx"}) : keys.count({"max_position_embeddings"});
  a.gated = kind.gated;
  a.tied_embedding = keys.flag("tie_word_embeddings", kind.tied);
  if (keys.find("kv_lora_rank") == nullptr) return;
  a.kv_latent = narrow(keys.count({"kv_lora_rank"}));
  a.q_latent = narrow(keys.count({"q_lora_rank"}, 0));
  a.rotary_size = narrow(keys.count({"qk_rope_head_dim"}));
  a.head_size = narrow(keys.count({"qk_nope_head_dim"})) + a.rotary_size;
  a.value_head_size = narrow(keys.count({"v_head_dim"}));
}

/// Layers without experts, of a mixture: the first so many, each one that a step leaves out, or those listed.
int64_t dense_layers(Keys& keys, const Architecture& a) {
  if (const Json* const listed = keys.find("moe_layers"); listed != nullptr && listed->is_array()) {
    return a.layers - static_cast<int64_t>(listed->size());
  }
  const int64_t step =
      std::max<int64_t>(1, keys.count({"interleave_moe_layer_step", "decoder_sparse_step", "moe_layer_freq"}, 1));
  int64_t dense = step > 1 ? a.layers - a.layers / step : 0;
  if (const Json* const only = keys.find("mlp_only_layers"); only != nullptr && only->is_array()) {
    dense += static_cast<int64_t>(only->size());
  }
  return std::max(dense, keys.count({"first_k_dense_replace"}, 0));
}

void read_feed_forward(Keys& keys, const Kind& kind, Architecture& a) {
  a.experts = narrow(keys.count({"n_routed_experts", "num_local_experts", "num_experts"}, 0));
  if (kind.gpt_keys) {
    a.ffn = narrow(keys.count({"n_inner"}, int64_t{4} * a.hidden));
    return;
  }
  a.ffn = narrow(keys.count({"intermediate_size_mlp", "intermediate_size"}));
  if (!a.is_mixture()) return;
  a.active_experts = narrow(keys.count({"num_experts_per_tok", "experts_per_token", "num_experts_per_token"}));
  // the type's own word for an expert's width, else the dense width is the expert's
  a.expert_ffn = narrow(keys.count({"moe_intermediate_size", "intermediate_size"}));
  a.shared_experts = narrow(keys.count({"n_shared_experts"}, kind.type.starts_with("llama4") ? 1 : 0));
  if (const int64_t shared = keys.count({"shared_expert_intermediate_size"}, 0); shared > 0 && a.expert_ffn > 0) {
    a.shared_experts = narrow(std::max<int64_t>(1, shared / a.expert_ffn));
  }
  a.dense_layers = narrow(dense_layers(keys, a));
}

void read_windows(Keys& keys, const Kind& kind, Architecture& a) {
  const bool is_llama4 = kind.type.starts_with("llama4");
  if (!keys.flag("use_sliding_window", true)) return;
  const int64_t window = is_llama4 ? keys.count({"attention_chunk_size"}, 0) : keys.count({"sliding_window"}, 0);
  if (window == 0 || window >= a.context_max) return;
  int64_t layers = a.layers;
  if (const Json* const types = keys.find("layer_types"); types != nullptr && types->is_array()) {
    layers = std::ranges::count_if(*types, [](const Json& t) { return t.is_string() && t != "full_attention"; });
  } else if (const int64_t pattern = is_llama4 ? 4 : keys.count({"sliding_window_pattern"}, 0); pattern > 1) {
    layers = a.layers - a.layers / pattern;
  } else if (kind.type == "gpt_oss") {
    layers = (a.layers + 1) / 2;
  } else if (const int64_t full = keys.count({"max_window_layers"}, 0); full > 0) {
    layers = std::max<int64_t>(0, a.layers - full);
  }
  if (layers <= 0) return;
  a.window = window;
  a.window_layers = narrow(layers);
}

/// Precision of weights as the file's own account of its quantisation says.
Quantisation read_quantisation(const Json& object) {
  Quantisation out;
  const auto found = object.find("quantization_config");
  if (found == object.end() || !found->is_object()) return out;
  const std::string text = found->dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto says = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (says("mxfp4")) {
    // MXFP4 as published (gpt-oss) is of the experts alone
    out.experts = Precision::fp4;
  } else if (says("NVFP4") || says("nvfp4")) {
    out.weights = out.experts = Precision::fp4;
  } else if (says("fp8") || says("FP8") || says("float8")) {
    out.weights = out.experts = Precision::fp8;
  } else if (says("\"num_bits\":8") || says("w8a8")) {
    out.weights = out.experts = Precision::int8;
  }
  return out;
}

const Kind* kind_of(const std::string& type) {
  const auto* const found = std::ranges::find(kKinds, std::string_view(type), &Kind::type);
  return found == kKinds.end() ? nullptr : found;
}

std::unexpected<Failure> unknown_kind(const std::string& source, const std::string& type) {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.type);
  if (type.empty()) return failure(fmt::format("{}: has no model_type; known are {}", source, listing(names, 40)));
  return failure(fmt::format("{}: model_type '{}' is not known; known are {}", source, printable(type),
                             listing(names, names.size())));
}

}  // namespace

Outcome<CatalogueModel> model_from_config(std::string_view json, const std::string& name, const std::string& source) {
  const Json whole = Json::parse(json, nullptr, false);
  if (whole.is_discarded() || !whole.is_object()) return failure(fmt::format("{}: not an object of JSON", source));
  const auto inner = whole.find("text_config");
  const Json& object = inner != whole.end() && inner->is_object() ? *inner : whole;
  Keys keys(object);
  std::string type = keys.text("model_type");
  if (type.empty()) type = Keys(whole).text("model_type");
  const Kind* const kind = kind_of(type);
  if (kind == nullptr) return unknown_kind(source, type);

  CatalogueModel out;
  Architecture& a = out.architecture;
  a.name = name;
  a.title = name;
  a.source = source;
  read_attention(keys, *kind, a);
  read_feed_forward(keys, *kind, a);
  read_windows(keys, *kind, a);
  out.published = read_quantisation(whole);
  out.confidence = "A";
  if (keys.faults.empty()) {
    if (const std::string wrong = find_contradiction(a); !wrong.empty()) keys.faults.push_back(wrong);
  }
  if (!keys.faults.empty()) return failure(fmt::format("{}: {}", source, fmt::join(keys.faults, "; ")));
  out.parameters_published = parameters(a);
  return out;
}

Outcome<CatalogueModel> find_or_read_model(const std::string& name_or_path, const Catalogue& catalogue) {
  std::filesystem::path path = name_or_path;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) path /= "config.json";
  const bool is_file = std::filesystem::is_regular_file(path, ignored);
  if (!is_file && path.extension() != ".json") return find_model(name_or_path, catalogue);
  const auto text = read_file(path, kConfigBytesMax);
  if (!text) return std::unexpected(text.error());
  std::string name = path.filename() == "config.json" ? path.parent_path().filename().string() : path.stem().string();
  return model_from_config(*text, name.empty() ? "model" : name, name_or_path);
}

}  // namespace beltline::perf
