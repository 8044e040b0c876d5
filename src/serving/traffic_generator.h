// Requests drawn from a model of traffic.
//
// Sessions of a kind of clients begin as a renewal process in the time that its rate makes of the clock:
//
//     Λ(t_n) = Σ_{i ≤ n} g_i,   Λ(t) = ∫₀ᵗ rate(s) · surge(s) ds,   g_i of mean 1 and the model's cv
//
// which for exponential g is an inhomogeneous Poisson process (Çinlar 1975; Cox and Lewis 1966), and for gamma or
// Weibull g has the bursts of that cv at every rate. All draws are pure functions of (seed, kind of clients, number of
// the session or of the interval), so that the same seed gives the same requests.
#pragma once

#include <memory>
#include <queue>
#include <tuple>
#include <vector>

#include "serving/traffic.h"
#include "serving/traffic_model.h"

namespace beltline::serving {

struct GeneratorOptions {
  uint64_t seed = 1;
  uint32_t replication = 0;
  Picoseconds start_of_day = 0;  // the clock, by the model's utc_offset, when the traffic starts
  Picoseconds duration = 86'400 * kSecond;
  double scale = 1;  // times the model's rates
  /// Tokens of context by client, 0 or absent: no limit. A session ends before the turn that does not fit.
  std::vector<int64_t> context = {};
};

class TrafficGenerator final : public TrafficSource {
 public:
  TrafficGenerator(const TrafficModel& model, const GeneratorOptions& options);
  ~TrafficGenerator() override;

  bool next(TrafficRequest& request) override;
  [[nodiscard]] std::span<const std::string> models() const override { return models_; }
  [[nodiscard]] std::span<const std::string> places() const override { return places_; }
  /// Sessions that ended, or whose only answer was cut, because the context was full.
  [[nodiscard]] uint64_t sessions_cut() const { return sessions_cut_; }
  /// Kind of clients of the request given last.
  [[nodiscard]] std::size_t client() const { return client_; }

 private:
  struct Stream;
  struct Turn {
    Picoseconds at = 0;
    uint64_t session = 0;  // number within its stream
    int64_t history = 0;   // tokens after the shared ones that the session has so far
    uint32_t stream = 0;
    uint32_t turn = 0;

    /// The order in which requests come; at one time by stream and session.
    friend bool operator>(const Turn& a, const Turn& b) {
      return std::tie(a.at, a.stream, a.session, a.turn) > std::tie(b.at, b.stream, b.session, b.turn);
    }
  };
  void begin_session(std::size_t stream);
  /// @returns what the session's next turn repeats, without the shared tokens
  int64_t make(const Turn& turn, TrafficRequest& request);
  void add_next_turn(const Turn& turn, const TrafficRequest& request, int64_t history);

  TrafficModel model_;
  GeneratorOptions options_;
  std::vector<std::string> models_, places_;
  std::vector<Stream> streams_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
  uint64_t sessions_cut_ = 0;
  std::size_t client_ = 0;
};

}  // namespace beltline::serving
