#include "lp/mailbox.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>

#include "base/assert.h"

namespace beltline::lp {
namespace {

constexpr std::size_t kBoardBytes = (sizeof(Mailbox::Board) + 63) / 64 * 64;

}  // namespace

const char* to_string(Claim claim) {
  switch (claim) {
    case Claim::none: return "nothing";
    case Claim::optimal: return "optimal";
    case Claim::infeasible: return "infeasible";
    case Claim::unbounded: return "unbounded";
    case Claim::infeasible_or_unbounded: return "infeasible or unbounded";
    case Claim::limit: return "limit reached";
    case Claim::interrupted: return "interrupted";
  }
  return "nothing";
}

Outcome<std::unique_ptr<Mailbox>> Mailbox::create(std::size_t column_count, std::size_t row_count) {
  // x, column duals, a ray and two incumbents by column; duals and a ray by row; a byte of basis for each. Pages nobody
  // writes cost nothing.
  const std::size_t bytes =
      kBoardBytes + sizeof(double) * (5 * column_count + 2 * row_count) + column_count + row_count;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return failure("cannot map " + std::to_string(bytes) + " bytes for the solver: " + std::strerror(errno));
  }
  return std::unique_ptr<Mailbox>(new Mailbox(memory, bytes, column_count, row_count));
}

Mailbox::Mailbox(void* memory, std::size_t bytes, std::size_t column_count, std::size_t row_count)
    : memory_(memory),
      bytes_(bytes),
      columns_(column_count),
      rows_(row_count),
      board_(new(memory) Board),
      arrays_(reinterpret_cast<double*>(static_cast<char*>(memory) + kBoardBytes)) {}

Mailbox::~Mailbox() {
  munmap(memory_, bytes_);
}

void Mailbox::publish_incumbent(std::span<const double> point) {
  ASSERT(point.size() == columns_);
  const uint32_t count = board_->incumbent_count.load(std::memory_order_relaxed);
  std::copy(point.begin(), point.end(), slot(count % 2).begin());
  board_->incumbent_count.store(count + 1, std::memory_order_release);
}

std::span<const double> Mailbox::incumbent() {
  const uint32_t count = board_->incumbent_count.load(std::memory_order_acquire);
  if (count == 0) return {};
  return slot((count - 1) % 2);
}

void Mailbox::set_detail(const char* text) {
  std::snprintf(board_->detail, sizeof board_->detail, "%s", text);
}

void Mailbox::clear() {
  const uint32_t finished = board_->finished_count;
  board_ = new (memory_) Board;
  board_->finished_count = finished;
}

void Mailbox::set_method(const char* text) {
  std::snprintf(board_->method, sizeof board_->method, "%s", text);
}

}  // namespace beltline::lp
