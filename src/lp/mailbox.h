// What a solving child writes and its waiting parent reads: one anonymous mapping shared across the fork.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "base/failure.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// What the solver says; nothing but a claim until it is verified.
enum class Claim : uint32_t {
  none,  // no answer, or one without a meaning here
  optimal,
  infeasible,
  unbounded,
  infeasible_or_unbounded,
  limit,
  interrupted,
};
const char* to_string(Claim claim);

/// Memory of both processes. A child may be killed between any two instructions, so everything is published last by one
/// atomic store, and incumbents alternate between two slots: the slot that was published is never the one written to.
class Mailbox {
 public:
  /// @errors the operating system has no memory
  static Outcome<std::unique_ptr<Mailbox>> create(std::size_t column_count, std::size_t row_count);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Plain numbers, for progress; each is current on its own.
  struct Board {
    std::atomic<bool> cancel = false;  // parent to child; all others child to parent
    std::atomic<double> bound = -kInf;
    std::atomic<double> incumbent = kInf;
    std::atomic<int64_t> iteration_count = 0;
    std::atomic<int64_t> node_count = 0;
    std::atomic<bool> claimed = false;  // claim, final values and the arrays they say exist are complete
    Claim claim = Claim::none;
    bool has_point = false;
    bool has_duals = false;
    double final_bound = -kInf;
    std::atomic<bool> has_primal_ray = false;
    std::atomic<bool> has_dual_ray = false;
    bool has_basis = false;
    std::atomic<uint32_t> incumbent_count = 0;
    char detail[256] = "";
    char method[64] = "";  // what ran
    CoefficientRange coefficients;
    std::atomic<uint32_t> finished_count = 0;  // of a live problem: solves that are over, rays and all
  };

  Board& board() { return *board_; }
  std::span<double> x() { return {arrays_, columns_}; }
  std::span<double> column_dual() { return {arrays_ + columns_, columns_}; }
  std::span<double> row_dual() { return {arrays_ + 2 * columns_, rows_}; }
  std::span<double> primal_ray() { return {arrays_ + 2 * columns_ + rows_, columns_}; }
  std::span<double> dual_ray() { return {arrays_ + 3 * columns_ + rows_, rows_}; }
  std::span<uint8_t> column_basis() { return {bytes_of_basis(), columns_}; }
  std::span<uint8_t> row_basis() { return {bytes_of_basis() + columns_, rows_}; }

  /// Parent, between two solves of a live problem: as if new.
  void clear();
  /// Child: a better point. Not for two threads at once.
  void publish_incumbent(std::span<const double> point);
  /// Parent, once the child is gone: the last point published, empty if none was.
  std::span<const double> incumbent();
  /// Child: says one line for people; longer text is cut.
  void set_detail(const char* text);
  /// Child: says what solves.
  void set_method(const char* text);

 private:
  Mailbox(void* memory, std::size_t bytes, std::size_t column_count, std::size_t row_count);
  uint8_t* bytes_of_basis() { return reinterpret_cast<uint8_t*>(arrays_ + 5 * columns_ + 2 * rows_); }
  std::span<double> slot(uint32_t which) { return {arrays_ + 3 * columns_ + 2 * rows_ + which * columns_, columns_}; }

  void* memory_;
  std::size_t bytes_;
  std::size_t columns_;
  std::size_t rows_;
  Board* board_;
  double* arrays_;
};

static_assert(std::atomic<double>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free,
              "a lock would be private to each process");

}  // namespace beltline::lp
