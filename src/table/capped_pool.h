// A memory pool for Arrow that says no: what keeps a small hostile file from asking for gigabytes.
#pragma once

#include <cstdint>
#include <string>

#include <arrow/memory_pool.h>

namespace beltline {

/// Passes on to the system's allocator up to `bytes_max` in use at a time. One thread.
class CappedPool final : public arrow::MemoryPool {
 public:
  explicit CappedPool(int64_t bytes_max) : bytes_max_(bytes_max) {}

  /// Counts memory that the caller is about to allocate elsewhere; false if that is too much. Never given back.
  [[nodiscard]] bool take(int64_t bytes) {
    if (bytes > bytes_max_ - bytes_) return false;
    bytes_ += bytes;
    return true;
  }

  using arrow::MemoryPool::Allocate;
  using arrow::MemoryPool::Free;
  using arrow::MemoryPool::Reallocate;

  arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t** out) override {
    if (size > bytes_max_ - bytes_) return too_much(size);
    ARROW_RETURN_NOT_OK(system_->Allocate(size, alignment, out));
    bytes_ += size;
    return arrow::Status::OK();
  }

  arrow::Status Reallocate(int64_t old_size, int64_t new_size, int64_t alignment, uint8_t** at) override {
    // both copies may exist for a moment
    if (new_size > bytes_max_ - bytes_) return too_much(new_size);
    ARROW_RETURN_NOT_OK(system_->Reallocate(old_size, new_size, alignment, at));
    bytes_ += new_size - old_size;
    return arrow::Status::OK();
  }

  void Free(uint8_t* buffer, int64_t size, int64_t alignment) override {
    system_->Free(buffer, size, alignment);
    bytes_ -= size;
  }

  [[nodiscard]] int64_t bytes_allocated() const override { return bytes_; }
  [[nodiscard]] int64_t total_bytes_allocated() const override { return system_->total_bytes_allocated(); }
  [[nodiscard]] int64_t num_allocations() const override { return system_->num_allocations(); }
  [[nodiscard]] std::string backend_name() const override { return "capped"; }

 private:
  [[nodiscard]] arrow::Status too_much(int64_t size) const {
    return arrow::Status::OutOfMemory("decoding asks for ", bytes_ + size, " bytes, the limit is ", bytes_max_);
  }

  arrow::MemoryPool* system_ = arrow::system_memory_pool();
  int64_t bytes_max_;
  int64_t bytes_ = 0;
};

}  // namespace beltline
