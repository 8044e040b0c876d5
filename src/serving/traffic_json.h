// Traces of one JSON object a line.
//
//     {"timestamp": 40, "input_length": 23769, "output_length": 3, "hash_ids": [151, 152]}              Mooncake
//     {"arrival_time": 1777142838.33, "input_toks": 2358, "output_toks": 531, "request_id": "bench-0"}  vLLM's bench
//     {"arrival_time_ns": 40, "input_toks": 2358, "output_toks": 531}                           LLMServingSim
//
// Mooncake's time is in milliseconds, and each of its hash_ids stands for 512 tokens of the prompt and all before them.
// @source github.com/kvcache-ai/Mooncake (Apache-2.0), FAST 2025
#pragma once

#include <memory>
#include <string>

#include "serving/traffic_row.h"

namespace beltline::serving {

/// Tokens of a block of Mooncake's traces.
inline constexpr int64_t kMooncakeBlock = 512;

/// The names that a kind of JSON trace gives to what is wanted of it.
struct JsonNames {
  std::string_view format;
  std::string_view time;
  int64_t time_unit_ns = 1;
  std::string_view input;
  std::string_view output;
  std::string_view blocks;  // "" of a kind without
  int64_t block_tokens = 0;
};

class JsonFormat final : public TraceFormat {
 public:
  explicit JsonFormat(const JsonNames& names);
  ~JsonFormat() override;
  [[nodiscard]] std::string_view name() const override { return names_.format; }
  [[nodiscard]] bool has_header() const override { return false; }
  void read(std::string_view line, TraceRow& row, RowFaults& faults) override;
  [[nodiscard]] int64_t block_tokens() const override { return names_.block_tokens; }

 private:
  struct Handler;
  JsonNames names_;
  std::unique_ptr<Handler> handler_;
};

/// The kinds of JSON traces.
std::span<const JsonNames> json_formats();

}  // namespace beltline::serving
