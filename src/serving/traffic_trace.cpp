#include "serving/traffic_trace.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "serving/traffic_hash.h"

namespace beltline::serving {
namespace {

/// Different names of models in one trace.
constexpr std::size_t kModelsMax = 1000;

/// "12.345678 s" after the first row.
std::string seconds_text(int64_t ns) {
  return fmt::format("{:.6f} s", static_cast<double>(ns) / 1e9);
}

}  // namespace

TraceSource::TraceSource(LineReader lines, TraceOptions options, TrafficFaults& faults)
    : lines_(std::move(lines)), options_(std::move(options)), faults_(faults) {
  ASSERT(options_.speed > 0);
}

std::unique_ptr<TraceSource> TraceSource::open(const std::filesystem::path& path, TraceOptions options,
                                               TrafficFaults& faults) {
  auto lines = LineReader::open(path);
  if (!lines) {
    faults.add({.code = Code::file_unreadable,
                .message = "the trace cannot be read",
                .found = lines.error().message,
                .expected = "a file of CSV or JSON lines, plain or packed by gzip",
                .help = "name another file"});
    return nullptr;
  }
  std::unique_ptr<TraceSource> source(new TraceSource(std::move(*lines), std::move(options), faults));
  return source->start() ? std::move(source) : nullptr;
}

bool TraceSource::start() {
  std::optional<TextLine> line = lines_.next();
  while (line && line->text.empty() && line->is_ended) line = lines_.next();
  if (!line || line->text.empty()) {
    check_end();
    if (faults_.empty())
      faults_.add({.code = Code::file_empty,
                   .message = "the trace holds nothing",
                   .help = "name a file with at least one request"});
    return false;
  }
  if (!check_text(*line)) return false;
  std::string_view text = line->text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  RowFaults row_faults;
  format_ = find_trace_format(text, options_.format, row_faults);
  for (Diagnostic& fault : row_faults) faults_.add(std::move(fault), line->number, line->text);
  if (!format_) return false;
  if (!format_->has_header()) {
    first_text_ = text;
    first_ = *line;
    first_->text = first_text_;
  }
  return true;
}

double TraceSource::progress() const {
  return lines_.bytes_all() == 0
             ? 0
             : std::min(1.0, static_cast<double>(lines_.bytes_read()) / static_cast<double>(lines_.bytes_all()));
}

bool TraceSource::check_text(const TextLine& line) {
  const auto refuse = [&](Diagnostic diagnostic) {
    faults_.add(std::move(diagnostic), line.number, line.text);
    return false;
  };
  if (line.is_cut)
    return refuse({.code = Code::file_too_large,
                   .origin = {.column = 1},
                   .message = "the line is too long",
                   .expected = fmt::format("at most {} bytes", kLineBytesMax),
                   .help = "look whether the file is what its name says"});
  if (const std::size_t nul = line.text.find('\0'); nul != std::string_view::npos)
    return refuse({.code = Code::file_nul_byte,
                   .origin = {.column = static_cast<uint32_t>(nul + 1)},
                   .message = "the line holds a NUL byte",
                   .help = "save the file as UTF-8"});
  if (const std::size_t bad = find_invalid_utf8(line.text); bad != std::string_view::npos)
    return refuse({.code = Code::file_not_utf8,
                   .origin = {.column = static_cast<uint32_t>(bad + 1)},
                   .message = "the line is not UTF-8",
                   .found = fmt::format("byte 0x{:02x}", static_cast<uint8_t>(line.text[bad])),
                   .help = "save the file as UTF-8"});
  return true;
}

void TraceSource::check_row(const TextLine& line) {
  const auto add = [&](Diagnostic diagnostic) {
    diagnostic.origin = {.column = 1, .length = static_cast<uint32_t>(std::max<std::size_t>(line.text.size(), 1))};
    row_faults_.push_back(std::move(diagnostic));
  };
  const std::string leave_out = "repair the row, or leave such rows out and count them: --on-fault skip";
  if (begin_ns_ && row_.time_ns < last_ns_) {
    add({.code = Code::inconsistent,
         .message = "time goes backwards",
         .found = seconds_text(row_.time_ns - *begin_ns_),
         .expected = fmt::format("at least {}, the time of line {}", seconds_text(last_ns_ - *begin_ns_), last_line_),
         .help = "sort the file by time, or leave such rows out and count them: --on-fault skip"});
  }
  if (row_.input_tokens == 0) {
    add({.code = Code::out_of_range,
         .message = "the prompt has no tokens",
         .found = "0",
         .expected = "at least 1 token",
         .help = leave_out});
  }
  if (row_.output_tokens == 0) {
    add({.code = Code::out_of_range,
         .message = "the answer has no tokens: the request failed",
         .found = "0",
         .expected = "at least 1 token",
         .help = "leave such rows out and count them: --on-fault skip"});
  }
  if (models_.size() >= kModelsMax && std::ranges::find(models_, row_.model) == models_.end()) {
    add({.code = Code::too_many,
         .message = "the trace names too many models",
         .expected = fmt::format("at most {}", kModelsMax),
         .help = "look whether the columns have changed places"});
  }
  const int64_t context = options_.context_of ? options_.context_of(row_.model) : 0;
  if (context > 0 && row_.input_tokens >= context) {
    add({.code = Code::out_of_range,
         .message = "the prompt is longer than the context of its model",
         .found = fmt::format("{} tokens", row_.input_tokens),
         .expected = fmt::format("at most {} tokens", context - 1),
         .help = "serve it by a model with more context, or leave such rows out and count them: --on-fault skip"});
  }
}

bool TraceSource::read_row(const TextLine& line) {
  ++counts_.rows;
  row_faults_.clear();
  bool good = check_text(line);
  if (good) {
    format_->read(line.text, row_, row_faults_);
    // what a fault left of the row is not judged any further
    if (row_faults_.empty()) check_row(line);
    if (!row_faults_.empty() && !line.is_ended) {
      for (Diagnostic& fault : row_faults_) {
        if (fault.code != Code::csv_short_row && fault.code != Code::file_syntax) continue;
        fault.help = "the last line has no end: the file may be cut off";
      }
    }
    for (Diagnostic& fault : row_faults_) faults_.add(std::move(fault), line.number, line.text);
    good = row_faults_.empty();
  }
  if (!good) {
    ++counts_.faulty;
    if (options_.on_fault == FaultPolicy::stop) stopped_ = true;
    return false;
  }
  if (!begin_ns_) begin_ns_ = row_.time_ns;
  last_ns_ = row_.time_ns;
  last_line_ = line.number;
  return true;
}

void TraceSource::check_end() {
  if (!lines_.failed()) return;
  faults_.add({.code = Code::file_unreadable,
               .message = "the file ends early",
               .found = lines_.failed()->message,
               .help = "fetch or pack it again; `gzip -t FILE` checks a packed one"});
  // what was read is not the whole traffic, whatever the policy on rows
  stopped_ = true;
}

int32_t TraceSource::model_index(std::string_view name) {
  const auto found = std::ranges::find(models_, name);
  if (found != models_.end()) return static_cast<int32_t>(found - models_.begin());
  models_.emplace_back(name);
  return static_cast<int32_t>(models_.size() - 1);
}

void TraceSource::give(TrafficRequest& request) {
  ++counts_.given;
  request.arrival = arrival_;
  request.input_tokens = row_.input_tokens;
  request.output_tokens = row_.output_tokens;
  request.model = model_index(row_.model);
  request.place = 0;
  request.priority = row_.priority;
  request.session = row_.session.empty() ? 0 : hash_text(row_.session);
  const int64_t context = options_.context_of ? options_.context_of(row_.model) : 0;
  if (context > 0 && request.input_tokens + request.output_tokens > context) {
    ++counts_.outputs_cut;
    counts_.tokens_cut += request.input_tokens + request.output_tokens - context;
    request.output_tokens = context - request.input_tokens;
  }
  request.pieces.clear();
  const int64_t block = format_->block_tokens();
  int64_t left = row_.input_tokens;
  for (const uint64_t hash : row_.blocks) {
    if (left <= 0) break;
    request.pieces.push_back({hash_of(hash, 0x6d6f6f6e), std::min(block, left)});
    left -= block;
  }
}

bool TraceSource::next(TrafficRequest& request) {
  while (true) {
    std::optional<TextLine> line = first_ ? std::exchange(first_, std::nullopt) : lines_.next();
    if (!line) {
      check_end();
      return false;
    }
    if (line->text.empty()) continue;
    const bool good = read_row(*line);
    if (!good || stopped_) continue;
    const int64_t after_ns = row_.time_ns - *begin_ns_;
    const auto from_ns = options_.from / kNanosecond;
    const double span_ns = static_cast<double>(after_ns - from_ns) / options_.speed;
    if (after_ns < from_ns) {
      ++counts_.outside;
      continue;
    }
    if (span_ns >= static_cast<double>(std::min(options_.duration, kTrafficMax) / kNanosecond)) {
      if (options_.duration >= kTrafficMax) {
        faults_.add({.code = Code::out_of_range,
                     .origin = {.column = 1},
                     .message = "the trace lasts longer than can be simulated at once",
                     .found = fmt::format("{:.1f} days", span_ns / 86'400e9),
                     .expected = "at most 100 days",
                     .help = "take a part of it: --from 30d --duration 1d"},
                    line->number, line->text);
        ++counts_.faulty;
        stopped_ = true;
        return false;
      }
      // times only grow: nothing after this row is asked for
      ++counts_.outside;
      return false;
    }
    arrival_ = options_.speed == 1 ? (after_ns - from_ns) * kNanosecond
                                   : static_cast<Picoseconds>(std::llround(span_ns * static_cast<double>(kNanosecond)));
    give(request);
    return true;
  }
}

}  // namespace beltline::serving
