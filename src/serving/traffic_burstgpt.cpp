#include "serving/traffic_burstgpt.h"

namespace beltline::serving {

void BurstGptFormat::read(std::string_view line, TraceRow& row, RowFaults& faults) {
  constexpr int64_t kSecondNs = 1'000'000'000;
  row.clear();
  if (!columns_.cut(line, faults)) return;
  row.time_ns = read_time(columns_.cell(0), kColumns[0], kSecondNs, faults);
  row.input_tokens = read_tokens(columns_.cell(1), kColumns[1], faults);
  row.output_tokens = read_tokens(columns_.cell(2), kColumns[2], faults);
  if (columns_.has(3)) row.model = columns_.cell(3).text;
  if (columns_.has(4)) row.session = columns_.cell(4).text;
  if (columns_.has(5)) row.priority = read_priority(columns_.cell(5), faults);
}

}  // namespace beltline::serving
