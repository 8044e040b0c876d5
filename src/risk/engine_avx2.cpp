// The play's loops for processors that have AVX2.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "risk/state.h"

#if defined(__x86_64__)
// from here on, and not before: what the standard library inlines elsewhere must run everywhere
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#include "risk/lanes/goods.h"
#include "risk/lanes/lags.h"
#include "risk/lanes/observe.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace beltline {

StatePtr make_avx2_state(const PlayerInput& input) {
  if (__builtin_cpu_supports("avx2") == 0) return nullptr;
  return std::make_unique<avx2::Mover>(input);
}

}  // namespace beltline
#else
namespace beltline {

StatePtr make_avx2_state(const PlayerInput&) {
  return nullptr;
}

}  // namespace beltline
#endif
