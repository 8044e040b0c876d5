#include "perf/coefficients.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "perf/catalogue.h"
#include "table/files.h"

namespace beltline::perf {

namespace {

TEST(Coefficients, EveryAcceleratorOfTheCatalogueHasItsSet) {
  for (const CatalogueAccelerator& entry : built_in().accelerators) {
    const Accelerator& accelerator = entry.accelerator;
    const KernelCoefficients* kernels = find_kernels(accelerator.generation);
    ASSERT_NE(nullptr, kernels) << accelerator.name;
    EXPECT_GT(kernels->gemm[static_cast<std::size_t>(Precision::bf16)].compute, 0) << accelerator.name;
    EXPECT_NE(nullptr, find_engine("vllm", accelerator.generation)) << accelerator.name;
  }
  EXPECT_EQ(nullptr, find_kernels("kepler"));
  EXPECT_EQ(nullptr, find_engine("trtllm", "cdna3"));
}

TEST(Coefficients, ThePageListsThoseOfTheEngines) {
  const std::string page = read_file(std::filesystem::path(BELTLINE_SOURCE_DIR) / "docs/serving-model.md").value();
  for (const EngineCoefficients& e : engine_coefficients()) {
    if (e.generation != "hopper") continue;
    const std::string row =
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |", e.engine, e.generation, e.step_us, e.sequence_us,
                    e.stream_us, e.layer_us, e.eager_us, e.request_us, e.token_ns);
    EXPECT_NE(std::string::npos, page.find(row)) << row;
  }
}

}  // namespace

}  // namespace beltline::perf
