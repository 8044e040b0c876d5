// BurstGPT: Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type; in later files also Session ID and
// Elapsed time. Timestamp in seconds.
//
//     5,ChatGPT,472,18,490,Conversation log
//     19440110.0,1722ac82-0a46-4bf0-aa08-89794e7a2b3f,43,GPT-4,906,446,1352,Conversation log
//
// A request with 0 response tokens is one that failed there.
// @source github.com/HPMLL/BurstGPT (CC-BY 4.0), arXiv 2401.17644
#pragma once

#include <array>

#include "serving/traffic_row.h"

namespace beltline::serving {

class BurstGptFormat final : public TraceFormat {
 public:
  static constexpr std::array<std::string_view, 6> kColumns = {"Timestamp", "Request tokens", "Response tokens",
                                                               "Model",     "Session ID",     "priority"};
  explicit BurstGptFormat(std::string_view header) : columns_(header, kColumns) {}
  [[nodiscard]] std::string_view name() const override { return "burstgpt"; }
  [[nodiscard]] bool has_header() const override { return true; }
  void read(std::string_view line, TraceRow& row, RowFaults& faults) override;

 private:
  TraceColumns columns_;
};

}  // namespace beltline::serving
