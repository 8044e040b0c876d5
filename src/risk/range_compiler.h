// A scenario that is compiled again and again with one value changed.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "parts/chance_ranges.h"
#include "run/pipeline.h"

namespace beltline {

/// One value set to another number, in its unit.
struct Setting {
  std::size_t value = 0;  // its place in the order of `for_each_value`
  double number = 0;
};

/// A Spec of its own, on a calendar of one slice a period: one for each thread.
class RangeCompiler {
 public:
  explicit RangeCompiler(const Compiled& compiled);

  /// All with the values planned with, but for these; nothing where that is refused.
  /// @cost one compilation
  [[nodiscard]] std::optional<Model> compile(std::span<const Setting> settings);

 private:
  void use_coarse_calendar();
  void forget_sources();

  Loaded loaded_;
  std::vector<Value*> values_;  // in the order of `for_each_value`
};

}  // namespace beltline
