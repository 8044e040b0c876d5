// Which format a trace has.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "serving/traffic_azure.h"
#include "serving/traffic_burstgpt.h"
#include "serving/traffic_json.h"
#include "serving/traffic_row.h"
#include "serving/traffic_vidur.h"

namespace beltline::serving {
namespace {

using Make = std::unique_ptr<TraceFormat> (*)(std::string_view header);

/// A format of CSV, known by the columns that it cannot do without.
struct CsvKind {
  std::string_view name;
  std::span<const std::string_view> required;
  Make make;
};

template <class Format>
std::unique_ptr<TraceFormat> make(std::string_view header) {
  return std::make_unique<Format>(header);
}

constexpr std::array kCsvKinds{
    CsvKind{"azure", std::span(AzureFormat::kColumns).first(3), make<AzureFormat>},
    CsvKind{"burstgpt", std::span(BurstGptFormat::kColumns).first(3), make<BurstGptFormat>},
    CsvKind{"vidur", std::span(VidurFormat::kColumns).first(3), make<VidurFormat>},
};

constexpr std::array<std::string_view, 6> kNames = {"azure", "burstgpt", "vidur", "mooncake", "vllm", "llmservingsim"};

/// Columns of a kind that a header lacks.
std::vector<std::string> missing_columns(const CsvKind& kind, const std::vector<TraceCell>& header) {
  std::vector<std::string> missing;
  for (const std::string_view wanted : kind.required) {
    if (std::ranges::find(header, wanted, &TraceCell::text) == header.end()) missing.emplace_back(wanted);
  }
  return missing;
}

std::unique_ptr<TraceFormat> find_csv(std::string_view line, std::string_view name, RowFaults& faults) {
  std::vector<TraceCell> header;
  cut_cells(line, header);
  const CsvKind* nearest = nullptr;
  std::vector<std::string> nearest_missing;
  for (const CsvKind& kind : kCsvKinds) {
    if (!name.empty() && kind.name != name) continue;
    std::vector<std::string> missing = missing_columns(kind, header);
    if (missing.empty()) return kind.make(line);
    const bool has_some = missing.size() < kind.required.size();
    if (!name.empty() || (has_some && (nearest == nullptr || missing.size() < nearest_missing.size()))) {
      nearest = &kind;
      nearest_missing = std::move(missing);
    }
  }
  const Origin whole{.column = 1, .length = static_cast<uint32_t>(std::max<std::size_t>(line.size(), 1))};
  if (nearest != nullptr) {
    const bool has_no_time = nearest_missing.front() == nearest->required.front();
    faults.push_back(
        {.code = Code::csv_missing_column,
         .origin = whole,
         .message = fmt::format("the header lacks {} of the format {}", listing(nearest_missing), nearest->name),
         .found = printable(line),
         .expected = fmt::format("{}", fmt::join(nearest->required, ",")),
         .help = has_no_time && nearest_missing.size() == 1
                     ? "lengths without times are no traffic; add a column of arrivals"
                     : "name the columns so, in any order"});
    return nullptr;
  }
  faults.push_back({.code = Code::csv_bad_header,
                    .origin = whole,
                    .message = "the first line is of no format that is known",
                    .found = printable(line),
                    .expected = fmt::format("a trace of {}", fmt::join(kNames, ", ")),
                    .help = "docs/serving.md shows each format; --format names one"});
  return nullptr;
}

const JsonNames* json_kind(std::string_view name) {
  const auto found = std::ranges::find(json_formats(), name, &JsonNames::format);
  return found == json_formats().end() ? nullptr : &*found;
}

}  // namespace

std::span<const std::string_view> trace_format_names() {
  return kNames;
}

std::unique_ptr<TraceFormat> find_trace_format(std::string_view first_line, std::string_view name, RowFaults& faults) {
  if (const JsonNames* const kind = json_kind(name)) return std::make_unique<JsonFormat>(*kind);
  const std::size_t begin = first_line.find_first_not_of(" \t");
  const bool is_json = begin != std::string_view::npos && first_line[begin] == '{';
  if (!is_json || !name.empty()) return find_csv(first_line, name, faults);
  for (const JsonNames& kind : json_formats()) {
    // its time is what tells a kind from the others
    if (first_line.find(fmt::format("\"{}\"", kind.time)) != std::string_view::npos &&
        first_line.find(fmt::format("\"{}\"", kind.input)) != std::string_view::npos)
      return std::make_unique<JsonFormat>(kind);
  }
  faults.push_back({.code = Code::csv_bad_header,
                    .origin = {.column = 1},
                    .message = "the first line is of no format that is known",
                    .found = printable(first_line),
                    .expected = "an object with timestamp and input_length, arrival_time and input_toks, or "
                                "arrival_time_ns and input_toks",
                    .help = "docs/serving.md shows each format; --format names one"});
  return nullptr;
}

}  // namespace beltline::serving
