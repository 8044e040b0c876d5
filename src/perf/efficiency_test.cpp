#include "perf/efficiency.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "perf/catalogue.h"
#include "perf/operators.h"

namespace beltline::perf {
namespace {

TEST(Efficiency, EveryRowIsOfAKnownGenerationAndSaysItsError) {
  ASSERT_GT(kernel_fits().size(), 100U);
  std::set<std::string> kinds;
  for (const KernelFit& fit : kernel_fits()) {
    EXPECT_NE(find_kernels(fit.generation), nullptr) << fit.generation;
    EXPECT_GE(fit.points, 30U);
    EXPECT_TRUE(fit.median_error > 0 && fit.median_error <= fit.p90_error) << fit.kernel;
    EXPECT_LT(std::abs(fit.bias), 0.15) << fit.generation << fit.engine << fit.kernel;
    if (fit.kernel == "gemm" && fit.precision == Precision::bf16) {
      EXPECT_LT(fit.median_error, 0.12) << fit.generation << fit.engine;
    }
    kinds.insert(fit.kernel);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"collective", "decode", "experts", "gemm", "prefill"}));
}

TEST(Efficiency, AnEngineHasItsOwnKernelsAndAnUnknownOneThoseOfAll) {
  const KernelCoefficients* const shared = find_kernels("ampere");
  EXPECT_EQ(find_kernels("ampere", "unheard-of"), shared);
  EXPECT_EQ(find_kernels("unheard-of", "vllm"), nullptr);
  EXPECT_EQ(find_kernels("ampere", "tensorrt"), find_kernels("ampere", "trtllm"));
  EXPECT_EQ(find_kernels("hopper", "vllm"), find_kernels("hopper"));
  const KernelCoefficients* const vllm = find_kernels("blackwell", "vllm");
  ASSERT_NE(vllm, find_kernels("blackwell"));
  EXPECT_GT(vllm->attention_fp8.decode_bandwidth, 0);
  EXPECT_EQ(vllm->attention_fp8.compute, 0);  // it has no table of prefill in fp8
  EXPECT_EQ(vllm->gemm[1].compute, find_kernels("blackwell")->gemm[1].compute);
}

TEST(Efficiency, DecodesFromACacheInFp8HaveATimeWithoutPrefillInFp8) {
  const Kernels kernels{.accelerator = *find_accelerator("b200"), .coefficients = *find_kernels("blackwell", "vllm")};
  AttentionShape shape{.heads = 8, .kv_heads = 1, .head_size = 128, .value_head_size = 128, .kv_bytes = 512};
  const double bf16_s = decode_attention(kernels, shape, 256, 8192).seconds;
  shape.kv_cache = Precision::fp8;
  shape.kv_bytes = 256;
  const double fp8_s = decode_attention(kernels, shape, 256, 8192).seconds;
  EXPECT_LT(fp8_s, 0.8 * bf16_s);
  EXPECT_GT(fp8_s, 0.4 * bf16_s);
}

}  // namespace
}  // namespace beltline::perf
