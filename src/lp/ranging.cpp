#include "lp/ranging.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "base/assert.h"
#include "lp/highs.h"
#include "lp/process.h"

namespace beltline::lp {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Doubles that a child writes and its parent reads.
class SharedNumbers {
 public:
  static Outcome<SharedNumbers> create(std::size_t count) {
    const std::size_t bytes = std::max<std::size_t>(1, count) * sizeof(double);
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return failure(std::string("cannot map memory for the solver: ") + std::strerror(errno));
    SharedNumbers shared(static_cast<double*>(memory), count, bytes);
    std::ranges::fill(shared.numbers(), kUnknown);
    return shared;
  }
  SharedNumbers(SharedNumbers&& other) noexcept : data_(other.data_), count_(other.count_), bytes_(other.bytes_) {
    other.data_ = nullptr;
  }
  SharedNumbers& operator=(SharedNumbers&&) = delete;
  ~SharedNumbers() {
    if (data_ != nullptr) munmap(data_, bytes_);
  }
  [[nodiscard]] std::span<double> numbers() { return {data_, count_}; }

 private:
  SharedNumbers(double* data, std::size_t count, std::size_t bytes) : data_(data), count_(count), bytes_(bytes) {}
  double* data_;
  std::size_t count_;
  std::size_t bytes_;
};

/// v'(δ) by the duals alone: what one bound of an active row or column moves times its dual.
double by_duals(const Solution& solution, const Direction& direction) {
  double sum = 0;
  for (const BoundShift& shift : direction) {
    const auto& duals = shift.is_column ? solution.column_dual : solution.row_dual;
    const double dual = duals.empty() ? 0.0 : duals[static_cast<std::size_t>(shift.index)];
    const bool binds = shift.side == Side::both || (shift.side == Side::lower ? dual > 0 : dual < 0);
    if (binds) sum += dual * shift.rate;
  }
  return sum;
}

/// Waits for the child; kills it when the time is up or at a cancel.
void wait_for(Child& child, const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  auto pause = std::chrono::microseconds(100);
  while (!child.has_ended()) {
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 5 / 4, std::chrono::microseconds(20'000));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const bool cancelled = options.cancel != nullptr && *options.cancel;
    if (cancelled || seconds > options.wall_time_max_s + kGrace_s) child.kill();
  }
}

}  // namespace

Outcome<std::vector<Derivative>> derivatives(const Problem& problem, const Solution& solution,
                                             const std::vector<Direction>& directions, const Options& options) {
  ASSERT(!problem.has_integers());
  std::vector<Derivative> out(directions.size());
  for (std::size_t i = 0; i < directions.size(); ++i) {
    const double slope = by_duals(solution, directions[i]);
    out[i] = {.less = slope, .more = slope, .exact = false};
  }
  if (directions.empty() || solution.column_basis.empty()) return out;
  auto shared = SharedNumbers::create(2 * directions.size());
  if (!shared) return std::unexpected(shared.error());
  auto child = Child::start([&] { run_derivatives(problem, solution, directions, options, shared->numbers()); });
  if (!child) return std::unexpected(child.error());
  wait_for(*child, options);
  for (std::size_t i = 0; i < directions.size(); ++i) {
    const double more = shared->numbers()[2 * i], back = shared->numbers()[2 * i + 1];
    if (std::isnan(more) || std::isnan(back)) continue;
    // rounding may cross two ends that are one
    out[i] = {.less = std::min(-back, more), .more = std::max(-back, more), .exact = true};
  }
  return out;
}

}  // namespace beltline::lp
