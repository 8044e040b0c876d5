// Requests as they come to a fleet, one after the other: from a trace or from a generator.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "serving/engine.h"

namespace beltline::serving {

inline constexpr Picoseconds kNanosecond = 1'000;
/// What traffic may last: the clock of the simulators holds 106 days.
inline constexpr Picoseconds kTrafficMax = 100 * 86'400 * kSecond;
/// Tokens of one prompt or answer; more is a fault of the file.
inline constexpr int64_t kTokensMax = 100'000'000;

/// The last to go.
inline constexpr int32_t kPriorityMax = 99;

/// A stretch at the front of a prompt, as tokens of a stream that other prompts may begin with too. Two prompts share
/// what their first pieces have in common: pieces of one stream share the shorter one's tokens.
struct PromptPiece {
  uint64_t stream = 0;
  int64_t tokens = 0;

  bool operator==(const PromptPiece&) const = default;
};

struct TrafficRequest {
  Picoseconds arrival = 0;  // after the start of the traffic, never before the request before it
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
  int32_t model = 0;                // index into TrafficSource::models
  int32_t place = 0;                // index into TrafficSource::places
  int32_t priority = 0;             // 0 to kPriorityMax, lower goes first
  uint64_t session = 0;             // the same for the turns of one conversation; 0: none
  std::vector<PromptPiece> pieces;  // from the front; what they leave of the prompt is shared with nobody
};

/// Requests in the order of their arrival. What it holds does not grow with the number of requests.
class TrafficSource {
 public:
  virtual ~TrafficSource() = default;
  /// The next request into `request`, whose memory is used again; false after the last one.
  virtual bool next(TrafficRequest& request) = 0;
  /// Names of models as the traffic has them, those met so far; "" where it names none.
  [[nodiscard]] virtual std::span<const std::string> models() const = 0;
  /// Names of the places that requests come from; "" where it names none.
  [[nodiscard]] virtual std::span<const std::string> places() const = 0;
};

}  // namespace beltline::serving
