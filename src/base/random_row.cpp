#include "base/random_row.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace beltline {
namespace {

#if defined(__x86_64__)
/// Philox 4x32-10 as in random.cpp, four counters side by side: each in the lower half of a 64-bit lane. What a product
/// leaves in an upper half is never looked at: products are of lower halves.
[[gnu::target("avx2")]] std::size_t wide_row(const DrawKey& first, std::span<double> out) {
  const __m256i multiplier0 = _mm256_set1_epi64x(0xD2511F53);
  const __m256i multiplier1 = _mm256_set1_epi64x(0xCD9E8D57);
  const __m256i one = _mm256_set1_epi64x(0x3FF0'0000'0000'0000);
  std::size_t i = 0;
  for (; i + 4 <= out.size(); i += 4) {
    const auto replication = first.replication + static_cast<uint32_t>(i);  // counts round, as one by one
    __m256i a = _mm256_set_epi64x(replication + 3U, replication + 2U, replication + 1U, replication);
    __m256i b = _mm256_set1_epi64x(first.source);
    __m256i c = _mm256_set1_epi64x(first.period);
    __m256i d = _mm256_setzero_si256();
    auto key0 = static_cast<uint32_t>(first.seed);
    auto key1 = static_cast<uint32_t>(first.seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const __m256i product0 = _mm256_mul_epu32(multiplier0, a);
      const __m256i product1 = _mm256_mul_epu32(multiplier1, c);
      a = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product1, 32), b), _mm256_set1_epi64x(key0));
      c = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product0, 32), d), _mm256_set1_epi64x(key1));
      b = product1;
      d = product0;
      key0 += 0x9E3779B9;
      key1 += 0xBB67AE85;
    }
    // the upper 52 of the 64 bits (b, a) as the fraction of a number in [1, 2), and half a step more
    const __m256i low = _mm256_srli_epi64(_mm256_slli_epi64(a, 32), 44);
    const __m256i high = _mm256_srli_epi64(_mm256_slli_epi64(b, 32), 12);
    const __m256d above = _mm256_castsi256_pd(_mm256_or_si256(one, _mm256_or_si256(low, high)));
    const __m256d u = _mm256_add_pd(_mm256_sub_pd(above, _mm256_set1_pd(1)), _mm256_set1_pd(0x1p-53));
    _mm256_storeu_pd(out.data() + i, u);
  }
  return i;
}
#endif

}  // namespace

void uniform01_row(const DrawKey& first, std::span<double> out) {
  std::size_t done = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) done = wide_row(first, out);
#endif
  DrawKey key = first;
  for (std::size_t i = done; i < out.size(); ++i) {
    key.replication = first.replication + static_cast<uint32_t>(i);
    out[i] = uniform01(key);
  }
}

}  // namespace beltline
