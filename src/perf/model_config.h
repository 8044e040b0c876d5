// A model as its config.json tells it, in the form that the transformers library writes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "perf/catalogue.h"

namespace beltline::perf {

/// Reads a config.json: llama, mistral, mixtral, qwen2, qwen3, qwen2_moe, qwen3_moe, deepseek_v2, deepseek_v3, kimi_k2,
/// gpt_oss, gptj, gpt2, minimax_m2, glm4_moe, llama4, gemma3, exaone4 and phi3, by `model_type`. Of a model that also
/// sees, the part that reads text. What a type leaves out is taken as that type's own default.
///
/// @param name    what the model is called in tables
/// @param source  the file, as the user wrote it
/// @errors not JSON, an unknown type, keys that are missing or no whole numbers from 1 to 10^7, figures that contradict
///         each other; all at once
Outcome<CatalogueModel> model_from_config(std::string_view json, const std::string& name, const std::string& source);

/// A name of the catalogue, or the path of a config.json, or of a folder that holds one.
/// @errors as find_model and model_from_config; a path that cannot be read
Outcome<CatalogueModel> find_or_read_model(const std::string& name_or_path, const Catalogue& catalogue = built_in());

}  // namespace beltline::perf
