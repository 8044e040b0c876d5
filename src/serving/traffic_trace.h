// A trace of requests from a file of any size, checked row by row.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "serving/traffic.h"
#include "serving/traffic_faults.h"
#include "serving/traffic_lines.h"
#include "serving/traffic_row.h"

namespace beltline::serving {

/// What becomes of a row that is at fault.
enum class FaultPolicy : uint8_t {
  stop,  // no request after the first fault; the rest of the file is read for its faults alone
  skip,  // left out and counted
};

struct TraceOptions {
  std::string format = {};  // "": by the first line
  FaultPolicy on_fault = FaultPolicy::stop;
  Picoseconds from = 0;                // after the first row: what comes before is left out and counted
  Picoseconds duration = kTrafficMax;  // after `from`
  double speed = 1;                    // times between requests divided by it
  /// Tokens of context of the model that a name stands for; 0: no limit.
  std::function<int64_t(std::string_view model)> context_of = {};
};

/// Rows of the file: each is in exactly one of given, outside, faulty.
struct TraceCounts {
  uint64_t rows = 0;
  uint64_t given = 0;
  uint64_t outside = 0;      // of the time asked for
  uint64_t faulty = 0;       // left out
  uint64_t outputs_cut = 0;  // of those given: answers that end where the context does
  int64_t tokens_cut = 0;    // of those answers
};

class TraceSource final : public TrafficSource {
 public:
  /// Opens a file and reads its header; null after adding to `faults`.
  /// @errors BL0001 not readable, or packed by another than gzip, BL0002 empty, BL0021, BL0022 of no known format
  static std::unique_ptr<TraceSource> open(const std::filesystem::path& path, TraceOptions options,
                                           TrafficFaults& faults);

  /// @errors in `faults`: BL0004 not UTF-8, BL0005 a NUL byte, BL0007 syntax, BL0020 cells, BL0023 and BL0105 values,
  ///         BL0104 negative lengths, no tokens, a prompt beyond the context, times beyond 100 days, BL0206 time that
  ///         goes backwards, BL0001 a file that ends early
  bool next(TrafficRequest& request) override;
  [[nodiscard]] std::span<const std::string> models() const override { return models_; }
  [[nodiscard]] std::span<const std::string> places() const override { return places_; }

  [[nodiscard]] const TraceCounts& counts() const { return counts_; }
  /// Whether a fault has ended it: what it gave is not the whole traffic.
  [[nodiscard]] bool is_stopped() const { return stopped_; }
  [[nodiscard]] std::string_view format_name() const { return format_->name(); }
  [[nodiscard]] bool is_packed() const { return lines_.is_packed(); }
  /// Share of the file that was read, [0, 1].
  [[nodiscard]] double progress() const;

 private:
  TraceSource(LineReader lines, TraceOptions options, TrafficFaults& faults);
  bool start();
  bool read_row(const TextLine& line);
  bool check_text(const TextLine& line);
  void check_row(const TextLine& line);
  void check_end();
  void give(TrafficRequest& request);
  int32_t model_index(std::string_view name);

  LineReader lines_;
  TraceOptions options_;
  TrafficFaults& faults_;
  std::unique_ptr<TraceFormat> format_;
  std::optional<TextLine> first_;  // of a format without header
  std::string first_text_;
  TraceRow row_;
  RowFaults row_faults_;
  TraceCounts counts_;
  std::vector<std::string> models_;
  std::vector<std::string> places_{""};
  std::optional<int64_t> begin_ns_;  // time of the first row
  int64_t last_ns_ = 0;              // of the last good row
  uint64_t last_line_ = 0;
  Picoseconds arrival_ = 0;
  bool is_outside_ = false;
  bool stopped_ = false;
};

}  // namespace beltline::serving
