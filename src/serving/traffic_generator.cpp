#include "serving/traffic_generator.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "serving/traffic_draws.h"
#include "serving/traffic_hash.h"

namespace beltline::serving {
namespace {

// what a draw is for, as part of its stream's name
constexpr uint64_t kGaps = 1, kSurges = 2, kLengths = 3, kSessionLengths = 4;

int32_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<int32_t>(found - names.begin());
  names.push_back(name);
  return static_cast<int32_t>(names.size() - 1);
}

int64_t draw_length(const LengthModel& length, TrafficDraws& draws) {
  double tokens = length.median;
  if (!length.quantiles.empty()) {
    const double at = draws.uniform() * static_cast<double>(length.quantiles.size() - 1);
    const auto i = std::min(static_cast<std::size_t>(at), length.quantiles.size() - 1);
    const std::size_t j = std::min(i + 1, length.quantiles.size() - 1);
    tokens = length.quantiles[i] + (at - static_cast<double>(i)) * (length.quantiles[j] - length.quantiles[i]);
  } else if (length.sigma > 0) {
    tokens = length.median * std::exp(length.sigma * draws.normal());
  }
  const int64_t max = length.max > 0 ? length.max : kTokensMax;
  return std::clamp(static_cast<int64_t>(std::llround(std::min(tokens, 1e15))), length.min, max);
}

}  // namespace

/// Where one kind of clients stands: the clock, and how far it is in the time of its rate.
struct TrafficGenerator::Stream {
  const ClientModel* client = nullptr;
  uint64_t name = 0;             // of its draws
  int32_t model = 0, place = 0;  // indices
  double sessions_per_s = 0;     // mean over the day, scaled
  double shape = 1;              // of gamma or Weibull gaps
  double local_s = 0;            // local time of day when the traffic starts
  double now_s = 0;              // of the session that began last
  uint64_t sessions = 0;
  uint64_t seed = 0;

  /// Sessions a second at a time, without surges: linear between the middles of hours.
  [[nodiscard]] double rate(double at_s) const {
    const double hour = std::fmod((local_s + at_s) / 3600 - 0.5 + 48, 24.0);
    const auto i = static_cast<std::size_t>(hour) % 24;
    const double part = hour - std::floor(hour);
    return sessions_per_s * (client->day[i] + part * (client->day[(i + 1) % 24] - client->day[i]));
  }
  /// The next time at which the rate bends or the surge changes.
  [[nodiscard]] double next_bend(double at_s) const {
    const double hour = (local_s + at_s) / 3600 - 0.5;
    double next = (std::floor(hour) + 1.5) * 3600 - local_s;
    if (client->surge_cv > 0) {
      const double surge_s = static_cast<double>(client->surge_time) / kSecond;
      next = std::min(next, (std::floor(at_s / surge_s) + 1) * surge_s);
    }
    // rounding must not keep the clock where it is
    return std::max(next, std::nextafter(at_s, 1e300));
  }
  [[nodiscard]] double surge(double at_s) const {
    if (client->surge_cv <= 0) return 1;
    const double surge_s = static_cast<double>(client->surge_time) / kSecond;
    TrafficDraws draws(seed, hash_of(name, kSurges), static_cast<uint64_t>(at_s / surge_s));
    return draws.gamma_mean1(gamma_shape_of_cv(client->surge_cv));
  }
  /// Moves the clock on until the integral of the rate has grown by `gap`. False if that is not before `end_s`.
  bool move(double gap, double end_s) {
    while (now_s < end_s) {
      const double bend = std::min(next_bend(now_s), end_s);
      const double factor = surge((now_s + bend) / 2);
      const double begin_rate = factor * rate(now_s);
      const double slope = (factor * rate(std::nextafter(bend, 0.0)) - begin_rate) / (bend - now_s);
      const double all = (begin_rate + slope * (bend - now_s) / 2) * (bend - now_s);
      if (all >= gap && all > 0) {
        // begin·x + slope·x²/2 = gap, in the form that does not cancel
        const double root = std::sqrt(std::max(0.0, begin_rate * begin_rate + 2 * slope * gap));
        now_s = std::min(bend, now_s + 2 * gap / (begin_rate + root));
        return now_s < end_s;
      }
      gap -= all;
      now_s = bend;
    }
    return false;
  }
};

TrafficGenerator::TrafficGenerator(const TrafficModel& model, const GeneratorOptions& options)
    : model_(model), options_(options) {
  ASSERT(options.scale > 0 && options.duration > 0 && options.duration <= kTrafficMax);
  for (const ClientModel& client : model_.clients) {
    Stream stream;
    stream.client = &client;
    stream.seed = hash_of(options.seed, options.replication);
    stream.name = hash_text(client.name);
    stream.model = index_of(models_, client.model);
    stream.place = index_of(places_, client.place);
    stream.sessions_per_s = options.scale * client.requests_per_s / client.turns_mean;
    stream.shape = client.arrivals == ArrivalKind::gamma     ? gamma_shape_of_cv(client.cv)
                   : client.arrivals == ArrivalKind::weibull ? weibull_shape_of_cv(client.cv)
                                                             : 1;
    stream.local_s = static_cast<double>(options.start_of_day) / kSecond +
                     3600 * (client.utc_offset_h - model_.utc_offset_h) + 86'400;
    streams_.push_back(stream);
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) begin_session(i);
}

TrafficGenerator::~TrafficGenerator() = default;

void TrafficGenerator::begin_session(std::size_t index) {
  Stream& stream = streams_[index];
  if (stream.sessions_per_s <= 0) return;
  TrafficDraws draws(stream.seed, hash_of(stream.name, kGaps), stream.sessions);
  const double gap = stream.client->arrivals == ArrivalKind::gamma     ? draws.gamma_mean1(stream.shape)
                     : stream.client->arrivals == ArrivalKind::weibull ? draws.weibull_mean1(stream.shape)
                                                                       : draws.exponential();
  if (!stream.move(gap, static_cast<double>(options_.duration) / kSecond)) return;
  turns_.push({.at = static_cast<Picoseconds>(stream.now_s * 1e12),
               .session = stream.sessions++,
               .stream = static_cast<uint32_t>(index)});
}

int64_t TrafficGenerator::make(const Turn& turn, TrafficRequest& request) {
  const Stream& stream = streams_[turn.stream];
  const ClientModel& client = *stream.client;
  TrafficDraws draws(stream.seed, hash_of(hash_of(stream.name, kLengths), turn.session), turn.turn);
  const int64_t fresh = draw_length(client.input, draws);
  const int64_t answer = draw_length(client.output, draws);
  const int64_t thought =
      client.reasoning_share > 0 && draws.uniform() < client.reasoning_share ? draw_length(client.reasoning, draws) : 0;

  request.arrival = turn.at;
  request.input_tokens = client.shared_tokens + turn.history + fresh;
  request.output_tokens = answer + thought;
  request.model = stream.model;
  request.place = stream.place;
  request.priority = client.priority;
  request.session = hash_of(hash_of(stream.seed, stream.name), turn.session) | 1;
  request.pieces.clear();
  if (client.shared_tokens > 0) request.pieces.push_back({stream.name, client.shared_tokens});
  if (client.turns_mean > 1) request.pieces.push_back({request.session, turn.history + fresh});
  return turn.history + fresh + answer;
}

void TrafficGenerator::add_next_turn(const Turn& turn, const TrafficRequest& request, int64_t history) {
  const Stream& stream = streams_[turn.stream];
  const ClientModel& client = *stream.client;
  // a geometric number of turns in all
  TrafficDraws ends(stream.seed, hash_of(hash_of(stream.name, kSessionLengths), turn.session), turn.turn);
  if (ends.uniform() * client.turns_mean < 1) return;
  const double think_s = ends.exponential() * static_cast<double>(client.think_mean) / kSecond;
  const double answer_s = static_cast<double>(request.output_tokens) * static_cast<double>(client.token_time) / kSecond;
  const double at_s = static_cast<double>(turn.at) / kSecond + answer_s + think_s;
  if (at_s >= static_cast<double>(options_.duration) / kSecond) return;
  turns_.push({.at = static_cast<Picoseconds>(at_s * 1e12),
               .session = turn.session,
               .history = history,
               .stream = turn.stream,
               .turn = turn.turn + 1});
}

bool TrafficGenerator::next(TrafficRequest& request) {
  while (!turns_.empty()) {
    const Turn turn = turns_.top();
    turns_.pop();
    if (turn.turn == 0) begin_session(turn.stream);
    const int64_t history = make(turn, request);
    client_ = turn.stream;
    const int64_t context = turn.stream < options_.context.size() ? options_.context[turn.stream] : 0;
    if (context <= 0 || request.input_tokens + request.output_tokens <= context) {
      add_next_turn(turn, request, history);
      return true;
    }
    ++sessions_cut_;
    if (turn.turn > 0 || request.input_tokens >= context) continue;
    // a first turn is answered as far as the context goes
    request.output_tokens = context - request.input_tokens;
    return true;
  }
  return false;
}

}  // namespace beltline::serving
