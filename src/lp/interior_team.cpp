#include "lp/interior_team.h"

namespace beltline::lp {
namespace {

constexpr int kSpinMax = 4'000;  // looks before a thread sleeps: some ten microseconds

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

Team::Team(int thread_count) {
  for (int i = 1; i < thread_count; ++i) others_.emplace_back([this] { serve(); });
}

Team::~Team() {
  closing_ = true;
  call_.fetch_add(1, std::memory_order_release);
  call_.notify_all();
}

void Team::take() {
  for (int32_t piece = next_.fetch_add(1, std::memory_order_relaxed); piece < count_;
       piece = next_.fetch_add(1, std::memory_order_relaxed)) {
    (*work_)(piece);
  }
}

void Team::serve() {
  uint32_t seen = 0;
  for (;;) {
    uint32_t call = call_.load(std::memory_order_acquire);
    for (int spin = 0; call == seen && spin < kSpinMax; ++spin) {
      pause();
      call = call_.load(std::memory_order_acquire);
    }
    if (call == seen) {
      call_.wait(seen, std::memory_order_acquire);
      continue;
    }
    seen = call;
    if (closing_) return;
    take();
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void Team::run(int32_t count, const std::function<void(int32_t)>& work) {
  if (others_.empty() || count < 2) {
    for (int32_t piece = 0; piece < count; ++piece) work(piece);
    return;
  }
  work_ = &work;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int32_t>(others_.size()), std::memory_order_relaxed);
  call_.fetch_add(1, std::memory_order_release);
  call_.notify_all();
  take();
  for (int spin = 0;; ++spin) {
    const int32_t busy = busy_.load(std::memory_order_acquire);
    if (busy == 0) return;
    if (spin < kSpinMax) {
      pause();
    } else {
      busy_.wait(busy, std::memory_order_acquire);
    }
  }
}

}  // namespace beltline::lp
