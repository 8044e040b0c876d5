// Clients of ServeGen: a folder of chunk-N-trace.csv and chunk-N-dataset.json, one pair a client.
//
//     chunk-0-trace.csv      0,1.1666,0.9813,Gamma,1.0385,0.8246       second, requests/s, cv, pattern, shape, scale
//     chunk-0-dataset.json   {"0": {"input_tokens": "{12: 0.25, 40: 0.75}", "output_tokens": "{8: 1.0}"}, …}
//
// A row holds until the next one; an empty pattern is a window without requests. Lengths of a window are those of the
// last dataset that is not younger.
// @source github.com/alibaba/ServeGen (Apache-2.0), arXiv 2505.09999
#pragma once

#include <filesystem>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "base/diagnostic.h"
#include "serving/fleet.h"
#include "serving/traffic.h"

namespace beltline::serving {

/// Lengths with their probabilities, as sums up to each.
struct LengthShares {
  std::vector<std::pair<double, int64_t>> sums;  // rising; the last is 1

  [[nodiscard]] int64_t at(double share) const;
  [[nodiscard]] double mean() const;
};

struct ServeGenClient {
  struct Window {
    double begin_s = 0, end_s = 0;  // after the start of the part that was read
    double requests_per_s = 0;
    double shape = 1;
    bool is_weibull = false;
    std::size_t lengths = 0;  // index
  };
  uint64_t number = 0;  // of the chunk
  std::vector<Window> windows;
  std::vector<std::pair<LengthShares, LengthShares>> lengths;  // input, output
};

struct ServeGenPool {
  std::vector<ServeGenClient> clients;  // by number
  Picoseconds duration = 0;             // of the part that was read

  [[nodiscard]] double requests_per_s() const;
  [[nodiscard]] MeanRequest mean() const;
};

struct ReadServeGen {
  SourceFiles files;
  Diagnostics diagnostics;
  std::optional<ServeGenPool> pool;  // if no fault was found
};

/// Reads the part of the clients' time from `from` on, for `duration` (−1: to its end).
/// @errors BL0001 a folder without chunks, a chunk without its other file, BL0007 text that is no JSON or a pointer of
///         Git LFS, BL0020 cells, BL0023 values, BL0104 rates below 0, BL0206 times that do not rise, BL0300 no request
ReadServeGen read_servegen(const std::filesystem::path& folder, Picoseconds from, Picoseconds duration);
/// Whether a path is a folder with chunks.
bool is_servegen(const std::filesystem::path& path);

/// Draws requests of all clients, each a renewal process in the time of its rate.
class ServeGenTraffic final : public TrafficSource {
 public:
  /// @param context  tokens of the model's context, 0: no limit; answers are cut where it ends, prompts one token
  /// before
  ServeGenTraffic(const ServeGenPool& pool, uint64_t seed, double scale, int64_t context);

  bool next(TrafficRequest& request) override;
  [[nodiscard]] std::span<const std::string> models() const override { return names_; }
  [[nodiscard]] std::span<const std::string> places() const override { return names_; }
  /// Requests whose prompt or answer was cut at the context.
  [[nodiscard]] uint64_t cut() const { return cut_; }

 private:
  struct Arrival {
    double at_s = 0;
    std::size_t client = 0;

    friend bool operator>(const Arrival& a, const Arrival& b) {
      return std::tie(a.at_s, a.client) > std::tie(b.at_s, b.client);
    }
  };
  struct State {
    std::size_t window = 0;
    double at_s = 0;
    uint64_t requests = 0;
  };
  void advance(std::size_t client);

  const ServeGenPool& pool_;
  uint64_t seed_;
  double scale_;
  int64_t context_;
  std::vector<State> states_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::vector<std::string> names_{""};
  uint64_t cut_ = 0;
};

}  // namespace beltline::serving
