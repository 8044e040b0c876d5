#include "perf/model_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beltline::perf {
namespace {

using testing::HasSubstr;

// config.json of published models, as far as their weights depend on them
constexpr const char* kQwen3Moe = R"({"model_type": "qwen3_moe", "hidden_size": 4096, "num_hidden_layers": 94,
  "num_attention_heads": 64, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 12288,
  "moe_intermediate_size": 1536, "num_experts": 128, "num_experts_per_tok": 8, "decoder_sparse_step": 1,
  "mlp_only_layers": [], "vocab_size": 151936, "max_position_embeddings": 40960, "tie_word_embeddings": false,
  "sliding_window": null, "use_sliding_window": false})";
constexpr const char* kDeepSeek = R"({"model_type": "deepseek_v3", "hidden_size": 7168, "num_hidden_layers": 61,
  "num_attention_heads": 128, "num_key_value_heads": 128, "intermediate_size": 18432, "moe_intermediate_size": 2048,
  "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 3,
  "moe_layer_freq": 1, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
  "v_head_dim": 128, "vocab_size": 129280, "max_position_embeddings": 163840,
  "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}})";
constexpr const char* kGptOss = R"({"model_type": "gpt_oss", "hidden_size": 2880, "num_hidden_layers": 24,
  "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "intermediate_size": 2880,
  "num_local_experts": 32, "num_experts_per_tok": 4, "sliding_window": 128, "vocab_size": 201088,
  "max_position_embeddings": 131072, "quantization_config": {"quant_method": "mxfp4"}})";
constexpr const char* kGptJ = R"({"model_type": "gptj", "n_embd": 4096, "n_layer": 28, "n_head": 16,
  "n_positions": 2048, "n_inner": null, "vocab_size": 50400, "tie_word_embeddings": false})";
constexpr const char* kMaverick = R"({"model_type": "llama4", "text_config": {"model_type": "llama4_text",
  "hidden_size": 5120, "num_hidden_layers": 48, "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128,
  "intermediate_size": 8192, "intermediate_size_mlp": 16384, "num_local_experts": 128, "num_experts_per_tok": 1,
  "interleave_moe_layer_step": 2, "attention_chunk_size": 8192, "vocab_size": 202048,
  "max_position_embeddings": 1048576}})";
constexpr const char* kMixtral = R"({"model_type": "mixtral", "hidden_size": 4096, "num_hidden_layers": 32,
  "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "num_local_experts": 8,
  "num_experts_per_tok": 2, "vocab_size": 32000, "max_position_embeddings": 32768, "sliding_window": null})";

TEST(ModelConfig, AgreesWithTheCatalogue) {
  const std::pair<const char*, const char*> kCases[] = {{kQwen3Moe, "qwen3-235b-a22b"},  {kDeepSeek, "deepseek-v3"},
                                                        {kGptOss, "gpt-oss-20b"},        {kGptJ, "gpt-j-6b"},
                                                        {kMaverick, "llama-4-maverick"}, {kMixtral, "mixtral-8x7b"}};
  for (const auto& [json, name] : kCases) {
    const auto read = model_from_config(json, name, "config.json");
    ASSERT_TRUE(read) << name << ": " << read.error().message;
    const auto known = find_model(name);
    EXPECT_EQ(parameters(read->architecture), parameters(known->architecture)) << name;
    EXPECT_EQ(active_parameters(read->architecture), active_parameters(known->architecture)) << name;
    EXPECT_EQ(kv_numbers_per_token(read->architecture), kv_numbers_per_token(known->architecture)) << name;
    EXPECT_EQ(read->architecture.context_max, known->architecture.context_max) << name;
    EXPECT_EQ(read->architecture.window_layers, known->architecture.window_layers) << name;
    EXPECT_EQ(read->published.experts, known->published.experts) << name;
  }
}

TEST(ModelConfig, TellsAllThatIsMissing) {
  const auto read = model_from_config(R"({"model_type": "llama", "hidden_size": "big", "num_hidden_layers": 32,
    "vocab_size": 1.5})",
                                      "x", "x/config.json");
  ASSERT_FALSE(read);
  for (const char* const what : {"x/config.json: ", "'hidden_size' is \"big\"", "'num_attention_heads' is missing",
                                 "'vocab_size' is 1.5", "'max_position_embeddings' is missing"}) {
    EXPECT_THAT(read.error().message, HasSubstr(what));
  }
}

TEST(ModelConfig, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(model_from_config(R"({"model_type": "mamba"})", "x", "c").error().message,
              HasSubstr("model_type 'mamba' is not known; known are llama"));
  EXPECT_THAT(model_from_config("{}", "x", "c").error().message, HasSubstr("no model_type"));
  EXPECT_THAT(model_from_config("[1", "x", "c").error().message, HasSubstr("not an object of JSON"));
  EXPECT_THAT(model_from_config(R"({"model_type": "llama", "hidden_size": 0, "num_hidden_layers": 1,
    "num_attention_heads": 3, "num_key_value_heads": 2, "intermediate_size": 1, "vocab_size": 9,
    "max_position_embeddings": 9})",
                                "x", "c")
                  .error()
                  .message,
              HasSubstr("hidden size is 0"));
  EXPECT_THAT(find_or_read_model("/nowhere/config.json").error().message, HasSubstr("/nowhere/config.json"));
  EXPECT_TRUE(find_or_read_model("llama-3.1-8b"));
}

}  // namespace
}  // namespace beltline::perf
