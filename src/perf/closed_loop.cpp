#include "perf/closed_loop.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>
#include <vector>

namespace beltline::perf {

namespace {

constexpr double kSecond = 1e12;  // picoseconds

/// The n-th number of the van der Corput sequence of a base: evenly spread over [0, 1) at every length.
double evenly(uint64_t n, uint64_t base) {
  double value = 0;
  double place = 1;
  for (; n > 0; n /= base) {
    place /= static_cast<double>(base);
    value += place * static_cast<double>(n % base);
  }
  return value;
}

struct LoopRequest {
  int64_t prompt = 0;
  int64_t output = 0;
  int64_t done = 0;  // tokens of the prompt computed
  Picoseconds sent = 0;
  Picoseconds first = 0;
  Picoseconds ready = 0;   // when it can join a step
  int64_t ready_step = 0;  // the first step that can take it
};

class Loop {
 public:
  Loop(const StepCost& cost, const ClosedLoop& loop) : cost_(cost), loop_(loop), kv_max_(cost.kv_tokens_max()) {}

  LoopResult run() {
    const int64_t total = int64_t{loop_.concurrency} * std::max(loop_.rounds, 1);
    requests_.resize(static_cast<std::size_t>(total));
    while (sent_ < loop_.concurrency) send(0);
    while (finished_ < total) {
      admit();
      if (decoding_.empty() && prefilling_.empty()) {
        // nothing runs: the next request begins at once
        if (waiting_.empty()) break;
        step_ = std::max(step_, requests_[waiting_.front()].ready_step);
        now_ = std::max(now_, requests_[waiting_.front()].ready);
        admit();
        if (prefilling_.empty()) return {};
      }
      if (prefilling_.empty()) {
        decode_until_event();
      } else {
        mixed_step();
      }
      finish();
    }
    return result(total);
  }

 private:
  struct Ending {
    int64_t at;  // decode steps made when it ends
    std::size_t request;
    bool operator>(const Ending& other) const { return at != other.at ? at > other.at : request > other.request; }
  };

  void send(int64_t ready_step) {
    if (sent_ >= static_cast<int64_t>(requests_.size())) return;
    const auto i = static_cast<std::size_t>(sent_++);
    LoopRequest& request = requests_[i];
    const auto length = [&](int64_t n, uint64_t base) {
      const double share = 1 - loop_.length_spread * evenly(i + 1, base);
      return std::max<int64_t>(std::llround(static_cast<double>(n) * share), 1);
    };
    request.prompt = length(loop_.prompt_tokens, 2);
    request.output = length(loop_.output_tokens, 3);
    request.sent = now_;
    request.ready = now_ + std::llround(loop_.request_latency_s * kSecond);
    request.ready_step = ready_step;
    waiting_.push_back(i);
  }

  [[nodiscard]] int64_t reserved(const LoopRequest& request) const {
    return request.prompt + (loop_.policy.reserves ? request.output : (request.output + 1) / 2);
  }

  void admit() {
    while (!waiting_.empty()) {
      const LoopRequest& request = requests_[waiting_.front()];
      const auto running = static_cast<int64_t>(decoding_.size() + prefilling_.size());
      if (request.ready_step > step_ || request.ready > now_ || running >= loop_.policy.sequences_max) return;
      if (kv_used_ + reserved(request) > kv_max_) return;
      kv_used_ += reserved(request);
      prefilling_.push_back(waiting_.front());
      waiting_.pop_front();
    }
  }

  void mixed_step() {
    const auto decodes = loop_.policy.mixes ? static_cast<int64_t>(decoding_.size()) : 0;
    int64_t room = std::max<int64_t>(loop_.policy.tokens_max * loop_.copies - decodes, 1);
    chunks_.clear();
    std::size_t whole = 0;
    for (const std::size_t i : prefilling_) {
      LoopRequest& request = requests_[i];
      const int64_t left = request.prompt - request.done;
      // a prompt that may not be cut goes alone where no step holds it
      if (room <= 0 || (!loop_.policy.chunks && left > room && !chunks_.empty())) break;
      const int64_t take = loop_.policy.chunks ? std::min({left, room, loop_.policy.tokens_max}) : left;
      chunks_.push_back({.tokens = static_cast<int32_t>(take), .context = request.done, .is_last = take == left});
      request.done += take;
      room -= take;
      if (take == left) ++whole;
    }
    const Step step{
        .chunks = chunks_, .decodes = static_cast<int32_t>(decodes), .decode_context = decodes > 0 ? context_ : 0};
    now_ += cost_.step(step);
    energy_J_ += cost_.step_energy_J(step);
    ++step_;
    if (decodes > 0) {
      context_ += decodes;
      ++decoded_;
    }
    for (; whole > 0; --whole) {
      const std::size_t i = prefilling_.front();
      prefilling_.pop_front();
      LoopRequest& request = requests_[i];
      request.first = now_;
      context_ += request.prompt;
      decoding_.push({.at = decoded_ + request.output - 1, .request = i});
    }
  }

  /// Steps without prompts until a sequence ends or a request can join.
  void decode_until_event() {
    const auto n = static_cast<int64_t>(decoding_.size());
    int64_t steps = std::max<int64_t>(decoding_.top().at - decoded_, 1);
    const DecodeLine line = cost_.decode_line(static_cast<int32_t>(n), context_);
    if (!waiting_.empty()) {
      const LoopRequest& next = requests_[waiting_.front()];
      // rounded down, since steps get longer: what is left is taken one step at a time
      const int64_t until = (next.ready - now_) / std::max<Picoseconds>(line.base + line.slope * context_, 1);
      const int64_t wait = std::max({next.ready_step - step_, until * 9 / 10, int64_t{next.ready > now_}});
      if (wait > 0) steps = std::min(steps, wait);
    }
    if (line.context_max < context_ + n * (steps - 1)) steps = (line.context_max - context_) / n + 1;
    energy_J_ += static_cast<double>(steps) *
                 cost_.step_energy_J(
                     {.chunks = {}, .decodes = static_cast<int32_t>(n), .decode_context = context_ + n * (steps / 2)});
    now_ += steps * line.base + line.slope * (steps * context_ + n * (steps * (steps - 1) / 2));
    step_ += steps;
    decoded_ += steps;
    context_ += n * steps;
  }

  void finish() {
    while (!decoding_.empty() && decoding_.top().at <= decoded_) {
      const LoopRequest& request = requests_[decoding_.top().request];
      // a sequence holds its prompt and one token for each decode step
      context_ -= request.prompt + request.output - 1;
      kv_used_ -= reserved(request);
      ttft_ += static_cast<double>(request.first - request.sent);
      if (request.output > 1) {
        tpot_ += static_cast<double>(now_ - request.first) / static_cast<double>(request.output - 1);
        ++tpot_count_;
      }
      outputs_ += request.output;
      ++finished_;
      decoding_.pop();
      send(step_ + loop_.policy.lag_steps);
    }
  }

  [[nodiscard]] LoopResult result(int64_t total) const {
    const double seconds = static_cast<double>(now_) / kSecond;
    return {.ttft_s = ttft_ / static_cast<double>(total) / kSecond,
            .tpot_s = tpot_count_ > 0 ? tpot_ / static_cast<double>(tpot_count_) / kSecond : 0,
            .output_tokens_per_s = static_cast<double>(outputs_) / seconds,
            .energy_J = energy_J_,
            .seconds = seconds};
  }

  const StepCost& cost_;
  const ClosedLoop& loop_;
  int64_t kv_max_;
  std::vector<LoopRequest> requests_;
  std::deque<std::size_t> waiting_;
  std::deque<std::size_t> prefilling_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> decoding_;
  std::vector<Chunk> chunks_;
  Picoseconds now_ = 0;
  int64_t step_ = 0;
  int64_t decoded_ = 0;  // steps in which sequences decoded
  int64_t context_ = 0;  // tokens in the cache of those that decode
  int64_t kv_used_ = 0;
  int64_t sent_ = 0;
  int64_t finished_ = 0;
  int64_t outputs_ = 0;
  int64_t tpot_count_ = 0;
  double ttft_ = 0;
  double tpot_ = 0;
  double energy_J_ = 0;
};

}  // namespace

BatchPolicy policy_of(std::string_view engine) {
  if (engine == "sglang") return {.tokens_max = 8192, .sequences_max = 1024, .mixes = false, .reserves = false};
  if (engine == "tensorrt") return {.tokens_max = 8192, .sequences_max = 2048, .chunks = false};
  if (engine == "trtllm") return {.tokens_max = 8192, .sequences_max = 2048, .chunks = false, .lag_steps = 1};
  return {.tokens_max = 8192, .sequences_max = 1024, .reserves = false};
}

LoopResult run(const StepCost& cost, const ClosedLoop& loop) {
  if (loop.prompt_tokens < 1 || loop.output_tokens < 1 || loop.concurrency < 1) return {};
  return Loop(cost, loop).run();
}

}  // namespace beltline::perf
