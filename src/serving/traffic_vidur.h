// Vidur's traces: arrived_at,num_prefill_tokens,num_decode_tokens, time in seconds; further columns do no harm.
//
//     0.0,374,44
//
// @source github.com/microsoft/vidur (MIT)
#pragma once

#include <array>

#include "serving/traffic_row.h"

namespace beltline::serving {

class VidurFormat final : public TraceFormat {
 public:
  static constexpr std::array<std::string_view, 5> kColumns = {"arrived_at", "num_prefill_tokens", "num_decode_tokens",
                                                               "session_id", "priority"};
  explicit VidurFormat(std::string_view header) : columns_(header, kColumns) {}
  [[nodiscard]] std::string_view name() const override { return "vidur"; }
  [[nodiscard]] bool has_header() const override { return true; }
  void read(std::string_view line, TraceRow& row, RowFaults& faults) override;

 private:
  TraceColumns columns_;
};

}  // namespace beltline::serving
