#include "serving/traffic_faults.h"

#include <limits>

#include <fmt/format.h>

#include "base/count.h"
#include "base/diagnostic_codes.h"

namespace beltline::serving {
namespace {

/// Lines whose text is shown below a fault. SourceFiles finds a line by the line ends before it, so that each line
/// before costs 9 bytes while faults are told.
constexpr uint64_t kShownLineMax = 1'000'000;
/// Bytes kept of a line.
constexpr std::size_t kLineShownMax = 1000;

}  // namespace

void TrafficFaults::add(Diagnostic diagnostic, uint64_t line, std::string_view text) {
  ++count_;
  ++by_code_[diagnostic.code];
  if (kept_.size() >= kFaultsTold) return;
  diagnostic.origin.file = 0;
  diagnostic.origin.line = static_cast<uint32_t>(std::min<uint64_t>(line, std::numeric_limits<uint32_t>::max()));
  kept_.push_back(std::move(diagnostic));
  if (line <= kShownLineMax && (lines_.empty() || lines_.back().number != line))
    lines_.push_back({line, std::string(text.substr(0, kLineShownMax))});
}

void TrafficFaults::add(Diagnostic diagnostic) {
  ++count_;
  ++by_code_[diagnostic.code];
  diagnostic.origin = {.file = 0};
  kept_.push_back(std::move(diagnostic));
}

TrafficFaults::Told TrafficFaults::told() const {
  std::string text;
  uint64_t line = 1;
  for (const KeptLine& kept : lines_) {
    text.append(kept.number - line, '\n');
    line = kept.number;
    text += kept.text;
  }
  Told told;
  told.files.add(path_, std::move(text));
  for (const Diagnostic& diagnostic : kept_) told.diagnostics.add(diagnostic);
  if (count_ > kept_.size()) {
    std::string kinds;
    for (const auto& [code, count] : by_code_)
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", code_name(code), count);
    told.diagnostics.add({.code = Code::too_many,
                          .origin = {.file = 0},
                          .message = fmt::format("{} more of the same kinds of fault", count_ - kept_.size()),
                          .found = kinds,
                          .help = "repair the file, or leave such rows out and count them: --on-fault skip"});
  }
  return told;
}

}  // namespace beltline::serving
