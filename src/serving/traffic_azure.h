// The Azure LLM inference traces of 2023 and 2024: TIMESTAMP,ContextTokens,GeneratedTokens.
//
//     2023-11-16 18:15:46.6805900,374,44
//     2024-05-10 00:00:00.009930+00:00,2162,5
//
// @source github.com/Azure/AzurePublicDataset (CC-BY 4.0); Splitwise (ISCA 2024), DynamoLLM (HPCA 2025)
#pragma once

#include <array>

#include "serving/traffic_row.h"

namespace beltline::serving {

class AzureFormat final : public TraceFormat {
 public:
  static constexpr std::array<std::string_view, 4> kColumns = {"TIMESTAMP", "ContextTokens", "GeneratedTokens",
                                                               "priority"};
  explicit AzureFormat(std::string_view header) : columns_(header, kColumns) {}
  [[nodiscard]] std::string_view name() const override { return "azure"; }
  [[nodiscard]] bool has_header() const override { return true; }
  void read(std::string_view line, TraceRow& row, RowFaults& faults) override;

 private:
  TraceColumns columns_;
};

/// "2024-05-10 00:00:00.009930+00:00" (or with T and Z) in nanoseconds since 1970; without a zone it is UTC. Nothing
/// where it is no such time.
std::optional<int64_t> parse_timestamp_ns(std::string_view text);

}  // namespace beltline::serving
