// Any text as a trace of requests: no crash, each row either whole or told with its place in the line.
//
// Random text hardly has the header of a format. The first byte therefore picks a format, and its header is put before.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "serving/traffic.h"
#include "serving/traffic_row.h"

namespace {

using namespace beltline::serving;

constexpr std::string_view kHeaders[] = {
    "TIMESTAMP,ContextTokens,GeneratedTokens",
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type",
    "arrived_at,num_prefill_tokens,num_decode_tokens",
    R"({"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": [0]})",
    R"({"arrival_time": 1.5, "input_toks": 1, "output_toks": 1})",
    ""};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  std::string_view header = kHeaders[data[0] % std::size(kHeaders)];
  RowFaults faults;
  if (header.empty()) header = text.substr(0, text.find('\n'));
  const auto format = find_trace_format(header, "", faults);
  if (!format) return faults.empty() ? (std::abort(), 0) : 0;
  TraceRow row;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    faults.clear();
    format->read(line, row, faults);
    for (const auto& fault : faults) {
      if (fault.message.empty() || fault.origin.column == 0 || fault.origin.column > line.size() + 1) std::abort();
    }
    if (faults.empty() && (row.input_tokens < 0 || row.output_tokens < 0 || row.input_tokens > kTokensMax))
      std::abort();
  }
  return 0;
}
