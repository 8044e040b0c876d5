#include "serving/fleet_team.h"

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace beltline::serving {

struct SiteTeam::State {
  std::vector<std::jthread> threads;
  const std::function<void(std::size_t)>* work = nullptr;
  std::size_t count = 0;
  std::atomic<std::size_t> next = 0;
  std::atomic<uint32_t> round = 0;
  std::atomic<std::size_t> resting = 0;
  std::atomic<bool> ends = false;
  std::vector<std::exception_ptr> faults;

  void take() {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        (*work)(i);
      } catch (...) {
        faults[i] = std::current_exception();
      }
    }
  }
  void stay() {
    uint32_t seen = 0;
    while (true) {
      round.wait(seen);
      seen = round.load();
      if (ends) return;
      take();
      resting.fetch_add(1);
      resting.notify_one();
    }
  }
};

SiteTeam::SiteTeam(int thread_count) : state_(std::make_unique<State>()) {
  State* const state = state_.get();
  for (int i = 1; i < thread_count; ++i) state->threads.emplace_back([state] { state->stay(); });
}

SiteTeam::~SiteTeam() {
  state_->ends = true;
  state_->round.fetch_add(1);
  state_->round.notify_all();
}

void SiteTeam::each(std::size_t count, const std::function<void(std::size_t)>& work) {
  State& state = *state_;
  if (state.threads.empty()) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  state.work = &work;
  state.count = count;
  state.faults.assign(count, nullptr);
  state.next = 0;
  state.resting = 0;
  state.round.fetch_add(1);
  state.round.notify_all();
  state.take();
  for (std::size_t rest = state.resting; rest < state.threads.size(); rest = state.resting) state.resting.wait(rest);
  for (const std::exception_ptr& fault : state.faults) {
    if (fault) std::rethrow_exception(fault);
  }
}

}  // namespace beltline::serving
