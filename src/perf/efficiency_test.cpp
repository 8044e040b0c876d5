#include "perf/efficiency.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "perf/catalogue.h"
#include "perf/operators.h"
#include "perf/profile_set.h"
#include "perf/profiles.h"

namespace beltline::perf {
namespace {

TEST(Efficiency, EveryRowIsOfAKnownGenerationAndSaysItsError) {
  ASSERT_GT(kernel_fits().size(), 100U);
  std::set<std::string> kinds;
  for (const KernelFit& fit : kernel_fits()) {
    EXPECT_NE(find_kernels(fit.generation), nullptr) << fit.generation;
    EXPECT_NE(find_kernels(fit.generation, fit.engine), find_kernels(fit.generation)) << fit.engine;
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
  const KernelCoefficients* const shared = find_kernels("hopper");
  EXPECT_EQ(find_kernels("hopper", "unheard-of"), shared);
  EXPECT_EQ(find_kernels("unheard-of", "vllm"), nullptr);
  EXPECT_EQ(find_kernels("hopper", "tensorrt"), find_kernels("hopper", "trtllm"));
  const KernelCoefficients* const vllm = find_kernels("hopper", "vllm");
  ASSERT_NE(vllm, shared);
  EXPECT_EQ(vllm->energy.byte_pJ, shared->energy.byte_pJ);
  EXPECT_GT(vllm->attention_fp8.decode_bandwidth, 0);
  // nothing computes faster than its datasheet says
  for (const GemmCoefficients& c : vllm->gemm) EXPECT_LE(c.compute, 1);
}

TEST(EfficiencyPublished, EquationsAreNearTheTablesTheyWereFittedOn) {
  const std::filesystem::path folder =
      std::filesystem::path(BELTLINE_SOURCE_DIR) / "../shared/validation/serving/aiconfigurator";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no published kernels at " << folder;
  const auto profiles = read_profiles(folder, {.accelerator = "h100-sxm", .engine = "vllm"});
  ASSERT_TRUE(profiles) << profiles.error().message;
  const Kernels kernels{.accelerator = *find_accelerator("h100-sxm"), .coefficients = *find_kernels("hopper", "vllm")};
  std::vector<double> errors;
  for (const ProfilePoint& p : (*profiles)->tables().of(ProfileOperator::gemm).front().points()) {
    // what memory bounds: long products run slower than in a burst, see find_kernels
    if (p.slice.stored != Precision::bf16 || p.at[2] > 256 || std::min(p.at[0], p.at[1]) < 256) continue;
    const double seconds = gemm(kernels, {.rows = p.at[2], .columns = p.at[0], .inner = p.at[1]}, {}).seconds;
    errors.push_back(std::abs(seconds / p.seconds - 1));
  }
  ASSERT_GT(errors.size(), 1'000U);
  std::ranges::nth_element(errors, errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2));
  EXPECT_LT(errors[errors.size() / 2], 0.08);
}

}  // namespace
}  // namespace beltline::perf
