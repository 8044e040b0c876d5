#include "perf/profiles.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "perf/profile_forms.h"
#include "perf/profile_grid.h"
#include "table/example_table.h"
#include "table/table.h"
#include "table/zip.h"

namespace beltline::perf {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

constexpr const char* kGemm =
    "gemm_dtype,m,n,k,latency\n"
    "bfloat16,1,4096,4096,0.01\nbfloat16,16,4096,4096,0.01\nbfloat16,256,4096,4096,0.02\nbfloat16,4096,4096,4096,0.2\n"
    "bfloat16,1,8192,4096,0.02\nbfloat16,16,8192,4096,0.02\nbfloat16,256,8192,4096,0.04\nbfloat16,4096,8192,4096,0.4\n"
    "fp8_block,16,4096,4096,0.005\nfp8_block,4096,4096,4096,0.1\nodd,16,4096,4096,7\n";

class ProfilesTest : public testing::Test {
 protected:
  void write(const fs::path& path, std::string_view text) {
    fs::create_directories((scratch_.path() / path).parent_path());
    std::ofstream(scratch_.path() / path, std::ios::binary) << text;
  }

  [[nodiscard]] Outcome<std::shared_ptr<const Profiles>> read(const ProfileChoice& choice = {.accelerator = "h100",
                                                                                             .engine = "vllm"}) const {
    return read_profiles(scratch_.path(), choice);
  }

  [[nodiscard]] std::string fault() const {
    const auto profiles = read();
    return profiles ? "" : profiles.error().message;
  }

  const ScratchFolder scratch_{memory_folder()};
};

TEST(ProfileGrid, InterpolatesOnRaggedLines) {
  // the second line has no point at 16
  const std::vector<GridPoint> points = {{{1, 1}, 0},  {{1, 4}, 2},  {{1, 16}, 4},
                                         {{4, 1}, 10}, {{4, 4}, 12}, {{1, 1}, 5}};
  const auto grid = ProfileGrid::make(2, points);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->point_count(), 5U);  // the smaller of two at one place
  const auto find = [&](float a, float b) { return grid->find(std::array{a, b}); };
  EXPECT_EQ(find(1, 1).value, 0);
  EXPECT_EQ(find(1, 1).basis, Basis::measured);
  EXPECT_FLOAT_EQ(find(1, 2).value, 1);
  EXPECT_EQ(find(1, 2).basis, Basis::interpolated);
  EXPECT_FLOAT_EQ(find(2, 2).value, 6);
  EXPECT_FLOAT_EQ(find(1, 64).value, 4);
  EXPECT_EQ(find(1, 64).basis, Basis::extrapolated);
  EXPECT_FLOAT_EQ(find(2, 16).value, 8);  // halfway between 4 and the last of the other line
  EXPECT_EQ(find(2, 16).basis, Basis::extrapolated);
  EXPECT_EQ(find(8, 4).value, 12);
  // an axis of kinds has nothing between its lines
  const auto rigid = ProfileGrid::make(2, points, 1);
  EXPECT_EQ(rigid->find(std::array{1.0F, 2.0F}).basis, Basis::interpolated);
  EXPECT_EQ(rigid->find(std::array{2.0F, 2.0F}).basis, Basis::extrapolated);
  const std::vector<GridPoint> back = grid->points();
  ASSERT_EQ(back.size(), 5U);
  EXPECT_EQ(back[2].at[1], 16);
  EXPECT_EQ(back[4].at[0], 4);
  EXPECT_EQ(back[4].value, 12);
}

TEST_F(ProfilesTest, GemmIsMeasuredBetweenAndBeyond) {
  write("h100_sxm_gemm_vllm_0.24.0_gemm_perf.csv", kGemm);
  const auto profiles = read();
  ASSERT_TRUE(profiles) << profiles.error().message;
  const auto gemm = [&](double m, double n) {
    return *(*profiles)->gemm({.rows = m, .columns = n, .inner = 4096}, {});
  };
  EXPECT_EQ(gemm(256, 4096).basis, Basis::measured);
  EXPECT_NEAR(gemm(256, 4096).seconds, 2e-5, 1e-11);
  EXPECT_EQ(gemm(256, 4096).source->version, "0.24.0");
  EXPECT_EQ(gemm(1000, 6000).basis, Basis::interpolated);
  EXPECT_GT(gemm(1000, 6000).seconds, gemm(256, 4096).seconds);
  EXPECT_LT(gemm(1000, 6000).seconds, gemm(4096, 8192).seconds);
  // beyond the last row the work decides: four times the rows, four times the time
  const Reading beyond = gemm(1 << 20, 8192);
  EXPECT_EQ(beyond.basis, Basis::extrapolated);
  EXPECT_NEAR(beyond.seconds * 4 / gemm(1 << 22, 8192).seconds, 1, 0.01);
  // continuous across a line
  EXPECT_NEAR(gemm(256.001, 4096).seconds / gemm(255.999, 4096).seconds, 1, 1e-4);

  const GemmNumbers fp8{.stored = Precision::fp8, .computed = Precision::fp8};
  const auto blocks = (*profiles)->gemm({.rows = 16, .columns = 4096, .inner = 4096}, fp8);
  ASSERT_TRUE(blocks);
  EXPECT_NEAR(blocks->seconds, 5e-6, 1e-11);
  EXPECT_EQ(blocks->basis, Basis::extrapolated);  // one scale a block stands in for one scale a tensor
  EXPECT_FALSE((*profiles)->gemm({.rows = 16, .columns = 4096, .inner = 4096}, {Precision::fp4, Precision::fp4}));
  EXPECT_FALSE((*profiles)->gemm({.rows = 0, .columns = 4096, .inner = 4096}, {}));
  EXPECT_FALSE((*profiles)->gemm({.rows = std::nan(""), .columns = 4096, .inner = 4096}, {}));
  EXPECT_FALSE(
      (*profiles)->decode_attention({.heads = 8, .kv_heads = 8, .head_size = 128, .value_head_size = 128}, 1, 9));
  EXPECT_FALSE((*profiles)->all_reduce(8, 1024));
}

TEST_F(ProfilesTest, AttentionKnowsWindowsAndPrefixes) {
  write("h100_sxm/attention/vllm/1.0/context_attention_perf.csv",
        "batch_size,isl,num_heads,num_key_value_heads,head_dim,attn_dtype,kv_cache_dtype,window_size,latency\n"
        "1,1024,32,8,128,bfloat16,bfloat16,0,0.1\n1,4096,32,8,128,bfloat16,bfloat16,0,1.6\n"
        "1,1024,32,8,128,bfloat16,bfloat16,128,0.05\n1,4096,32,8,128,bfloat16,bfloat16,128,0.2\n");
  write("h100_sxm/attention/vllm/1.0/generation_attention_perf.csv",
        "batch_size,num_heads,num_key_value_heads,head_dim,attn_dtype,kv_cache_dtype,step,window_size,latency\n"
        "1,32,8,128,bfloat16,bfloat16,1023,0,0.01\n64,32,8,128,bfloat16,bfloat16,1023,0,0.1\n");
  const auto profiles = read();
  ASSERT_TRUE(profiles) << profiles.error().message;
  AttentionShape shape{.heads = 32, .kv_heads = 8, .head_size = 128, .value_head_size = 128};
  EXPECT_NEAR((*profiles)->prefill_attention(shape, 1, 4096)->seconds, 1.6e-3, 1e-9);
  // the last quarter of a prompt sees its first three: 7/16 of all pairs
  const auto last = (*profiles)->prefill_attention(shape, 1, 1024, 3072);
  EXPECT_EQ(last->basis, Basis::extrapolated);
  EXPECT_NEAR(last->seconds / 1.6e-3, 7.0 / 16, 0.25);
  EXPECT_EQ((*profiles)->decode_attention(shape, 64, 1024)->basis, Basis::measured);
  shape.window = 128;
  EXPECT_NEAR((*profiles)->prefill_attention(shape, 1, 4096)->seconds, 2e-4, 1e-9);
  shape.window = 1 << 20;  // longer than the prompt: none
  EXPECT_EQ((*profiles)->prefill_attention(shape, 1, 4096)->basis, Basis::measured);
  shape.compute = Precision::fp8;  // not there: bf16 stands in
  EXPECT_EQ((*profiles)->prefill_attention(shape, 1, 4096)->basis, Basis::extrapolated);
  shape.value_head_size = 64;
  EXPECT_FALSE((*profiles)->prefill_attention(shape, 1, 4096));
}

TEST_F(ProfilesTest, MessagesAreCountedInNumbersAndTheEnginesOwnComeFirst) {
  write("h100_sxm/comm/nccl/2.29/nccl_perf.csv",
        "op_name,nccl_dtype,num_gpus,message_size,latency\n"
        "all_gather,half,2,512,0.01\nall_gather,half,2,1048576,0.02\nall_reduce,half,2,512,0.03\n"
        "all_reduce,half,16,512,0.09\nall_gather,int8,2,512,0.007\nother,half,2,512,0.5\n");
  write("h100_sxm/comm/vllm/1.0/custom_allreduce_perf.csv",
        "allreduce_dtype,num_gpus,message_size,latency,backend\n"
        "bfloat16,2,512,0.02,eager\nbfloat16,2,512,0.004,graph\nbfloat16,8,512,0.006,graph\n");
  const auto profiles = read();
  ASSERT_TRUE(profiles) << profiles.error().message;
  EXPECT_NEAR((*profiles)->all_gather(2, 1024)->seconds, 1e-5, 1e-11);
  EXPECT_NEAR((*profiles)->all_reduce(2, 1024)->seconds, 4e-6, 1e-11);
  EXPECT_EQ((*profiles)->all_reduce(4, 1024)->basis, Basis::interpolated);
  // beyond the engine's own, what all share
  EXPECT_NEAR((*profiles)->all_reduce(16, 1024)->seconds, 9e-5, 1e-10);
  EXPECT_EQ((*profiles)->all_reduce(16, 1024)->source->engine, "nccl");
  EXPECT_FALSE((*profiles)->all_to_all(2, 1024));
}

TEST_F(ProfilesTest, ExpertsAndLatentAttentionAreFound) {
  write("h100_sxm/moe/vllm/1.0/moe_perf.csv",
        "moe_dtype,num_tokens,hidden_size,inter_size,topk,num_experts,moe_tp_size,moe_ep_size,distribution,latency\n"
        "fp8_block,16,7168,2048,8,256,1,8,power_law_1.01,0.2\nfp8_block,16,7168,2048,8,256,4,1,power_law_1.01,0.3\n"
        "fp8_block,16,7168,2048,8,256,1,8,balanced,0.1\n");
  write("h100_sxm/mla/vllm/1.0/generation_mla_perf.csv",
        "mla_dtype,kv_cache_dtype,num_heads,batch_size,isl,tp_size,step,latency\n"
        "bfloat16,bfloat16,16,8,1,8,1023,0.02\nbfloat16,bfloat16,16,8,1,8,4095,0.04\n");
  const auto profiles = read();
  ASSERT_TRUE(profiles) << profiles.error().message;
  const GemmNumbers fp8{.stored = Precision::fp8, .computed = Precision::fp8};
  ExpertShape shape{.tokens = 16, .hidden = 7168, .inner = 2048, .experts = 256, .active = 8, .groups = 8};
  EXPECT_NEAR((*profiles)->experts(shape, fp8)->seconds, 2e-4, 1e-10);
  shape.inner = 512;  // a quarter of an expert
  shape.groups = 1;
  EXPECT_NEAR((*profiles)->experts(shape, fp8)->seconds, 3e-4, 1e-10);
  const AttentionShape latent{.heads = 16, .kv_heads = 16, .head_size = 576, .value_head_size = 512, .latent = true};
  EXPECT_EQ((*profiles)->decode_attention(latent, 8, 1024)->basis, Basis::measured);
  EXPECT_EQ((*profiles)->decode_attention(latent, 8, 2048)->basis, Basis::interpolated);

  const auto without = read({.accelerator = "h100", .engine = "vllm", .with_experts = false, .with_latent = false});
  EXPECT_FALSE((*without)->has(ProfileOperator::experts));
  EXPECT_FALSE((*without)->has(ProfileOperator::latent_decode));
}

TEST_F(ProfilesTest, ChoosesTheVersionAndSaysSo) {
  EXPECT_LT(compare_versions("1.3.0rc20", "1.3.0"), 0);
  EXPECT_LT(compare_versions("1.3.0rc3", "1.3.0rc20"), 0);
  EXPECT_LT(compare_versions("0.5.6", "0.5.6.post2"), 0);
  EXPECT_LT(compare_versions("0.9.0", "0.24.0"), 0);
  EXPECT_LT(compare_versions("0.1.dev19262", "0.1"), 0);
  EXPECT_EQ(compare_versions("0.24", "0.24"), 0);

  const std::string head = "gemm_dtype,m,n,k,latency\n";
  write("h100_sxm/gemm/vllm/0.9.0/gemm_perf.csv", head + "bfloat16,1,64,64,9\n");
  write("h100_sxm/gemm/vllm/0.24.0/gemm_perf.csv", head + "bfloat16,1,64,64,24\n");
  const auto version = [&](const std::string& wanted) {
    const auto profiles = read({.accelerator = "h100", .engine = "vLLM", .version = wanted});
    return *(*profiles)->gemm({.rows = 1, .columns = 64, .inner = 64}, {})->source;
  };
  EXPECT_EQ(version("").version, "0.24.0");
  EXPECT_EQ(version("").note, "");
  EXPECT_EQ(version("0.9.0").version, "0.9.0");
  EXPECT_EQ(version("0.11.1").version, "0.9.0");
  EXPECT_EQ(version("0.11.1").note, "version 0.9.0 stands in for 0.11.1");
  EXPECT_EQ(version("0.8.0").version, "0.9.0");
  // a few shapes measured anew stand before the older collection of all
  write("h100_sxm/gemm/vllm/0.25.0/gemm_perf.csv", head + "bfloat16,1,128,128,25\n");
  write("h100_sxm/gemm/vllm/0.24.0/gemm_perf.csv", kGemm);
  EXPECT_EQ(version("").version, "0.25.0");
  const auto both = read();
  EXPECT_EQ((*both)->gemm({.rows = 16, .columns = 4096, .inner = 4096}, {})->source->version, "0.24.0");
}

TEST_F(ProfilesTest, VidursTablesArePointsOfTheSameKinds) {
  write("compute/h100/meta-llama/M/mlp.csv",
        "time_stats.attn_pre_proj.median,time_stats.attn_post_proj.median,time_stats.mlp_up_proj.median,"
        "time_stats.mlp_down_proj.median,n_head,n_kv_head,n_embd,n_expanded_embd,use_gated_mlp,num_tokens,"
        "num_tensor_parallel_workers\n"
        "0.1,0.2,0.3,0.4,32,8,4096,14336,True,64,2\n");
  write("compute/h100/meta-llama/M/attention.csv",
        "time_stats.attn_decode.median,time_stats.attn_prefill.median,n_embd,n_q_head,n_kv_head,"
        "num_tensor_parallel_workers,batch_size,prefill_chunk_size,kv_cache_size,is_prefill\n"
        "0.5,,4096,32,8,2,16,0,1024,False\n,0.6,4096,32,8,2,1,512,1024,True\n");
  write("network/h100_dgx/all_reduce.csv",
        ",time_stats.all_reduce.median,num_workers,size,devices_per_node\n0,0.7,2,2048,1\n1,0.05,2,2048,2\n");
  write("network/h100_dgx/send_recv.csv",
        ",time_stats.send_recv.median,num_workers,size,devices_per_node\n0,0.01,2,2048,2\n");
  const auto profiles = read();
  ASSERT_TRUE(profiles) << profiles.error().message;
  const auto gemm_ms = [&](double n, double k) {
    return (*profiles)->gemm({.rows = 64, .columns = n, .inner = k}, {})->seconds * 1e3;
  };
  EXPECT_NEAR(gemm_ms(3072, 4096), 0.1, 1e-6);
  EXPECT_NEAR(gemm_ms(4096, 2048), 0.2, 1e-6);
  EXPECT_NEAR(gemm_ms(14336, 4096), 0.3, 1e-6);
  EXPECT_NEAR(gemm_ms(4096, 7168), 0.4, 1e-6);
  const AttentionShape shape{.heads = 16, .kv_heads = 4, .head_size = 128, .value_head_size = 128};
  EXPECT_EQ((*profiles)->decode_attention(shape, 16, 1024)->basis, Basis::measured);
  EXPECT_NEAR((*profiles)->prefill_attention(shape, 1, 512, 1024)->seconds, 6e-4, 1e-9);
  EXPECT_NEAR((*profiles)->all_reduce(2, 2048)->seconds, 5e-5, 1e-10);  // within a server
  EXPECT_NEAR((*profiles)->send(2048)->seconds, 1e-5, 1e-11);
}

TEST_F(ProfilesTest, ArchivesAndParquetAreReadAsTheyStand) {
  const auto table = table_from_csv(kGemm, "gemm_perf");
  ASSERT_TRUE(table);
  const std::string parquet = *to_parquet(*table);
  write("wheel/a.whl",
        *to_zip(std::vector<ZipEntry>{{"core/systems/data/h200_sxm/gemm/sglang/0.5/gemm_perf.parquet", parquet},
                                      {"core/x.py", "x"}}));
  const auto profiles =
      read_profiles(scratch_.path() / "wheel/a.whl", {.accelerator = "NVIDIA H200 SXM", .engine = "sglang"});
  ASSERT_TRUE(profiles) << profiles.error().message;
  EXPECT_EQ((*profiles)->gemm({.rows = 256, .columns = 4096, .inner = 4096}, {})->basis, Basis::measured);
  ASSERT_EQ((*profiles)->sources().size(), 1U);
  EXPECT_EQ((*profiles)->sources()[0].system, "h200_sxm");

  // a truncated or damaged file is never a wrong number
  write("h100_sxm/gemm/vllm/1/gemm_perf.parquet", parquet.substr(0, parquet.size() / 2));
  EXPECT_THAT(fault(), HasSubstr("gemm_perf.parquet: Parquet: "));
}

TEST_F(ProfilesTest, AFolderWithinALibraryOrAFileMayBeNamed) {
  write("h100_sxm/gemm/vllm/1.0/gemm_perf.csv", kGemm);
  for (const char* const part : {"h100_sxm", "h100_sxm/gemm", "h100_sxm/gemm/vllm/1.0/gemm_perf.csv"}) {
    const auto profiles = read_profiles(scratch_.path() / part, {.accelerator = "h100", .engine = "vllm"});
    ASSERT_TRUE(profiles) << profiles.error().message;
    EXPECT_TRUE((*profiles)->has(ProfileOperator::gemm)) << part;
  }
}

TEST_F(ProfilesTest, SaysEveryFaultWithItsPlace) {
  EXPECT_THAT(fault(), HasSubstr("holds no tables of kernels"));
  write("gemm_perf.csv", kGemm);
  EXPECT_THAT(fault(), HasSubstr("gemm_perf.csv: does not say which accelerator"));
  fs::remove(scratch_.path() / "gemm_perf.csv");

  write("a100_sxm/gemm/vllm/1/gemm_perf.csv", kGemm);
  EXPECT_THAT(fault(), HasSubstr("no profiles of accelerator 'h100'; there are those of a100_sxm"));
  write("h100_sxm/gemm/sglang/1/gemm_perf.csv", kGemm);
  EXPECT_THAT(fault(), HasSubstr("no profiles of engine 'vllm' on 'h100'; there are those of sglang"));

  write("h100_sxm/gemm/vllm/1/gemm_perf.csv",
        "gemm_dtype,m,n,latency\nbfloat16,0,64,1\nbfloat16,4,x,-1\nbfloat16,4,8,0\n");
  write("h100_sxm/comm/nccl/1/nccl_perf.csv", "op_name,nccl_dtype,num_gpus,message_size,latency\n");
  write("h100_sxm/moe/vllm/1/moe_perf.csv", "moe_dtype,num_tokens\nfp8\n");
  const std::string message = fault();
  EXPECT_THAT(message, HasSubstr("gemm_perf.csv: no column 'k'; it has gemm_dtype, m, n, latency"));
  EXPECT_THAT(message, HasSubstr("gemm_perf.csv, row 1: m is '0', expected a number >= 1"));
  EXPECT_THAT(message, HasSubstr("gemm_perf.csv, row 2: n is 'x', expected a number >= 1"));
  EXPECT_THAT(message, HasSubstr("gemm_perf.csv, row 2: latency is '-1', expected a number > 0"));
  EXPECT_THAT(message, HasSubstr("nccl_perf.csv: holds no rows"));
  EXPECT_THAT(message, HasSubstr("moe_perf.csv: line 2"));
  EXPECT_THAT(message, Not(HasSubstr("sglang")));
}

TEST(ProfilesPublished, LeftOutPointsAreFoundAgain) {
  const fs::path folder = fs::path(BELTLINE_SOURCE_DIR) / "../shared/validation/serving/aiconfigurator";
  if (!fs::exists(folder)) GTEST_SKIP() << "no published kernels at " << folder;
  const auto profiles = read_profiles(folder, {.accelerator = "h100-sxm", .engine = "vllm"});
  ASSERT_TRUE(profiles) << profiles.error().message;
  int checked = 0;
  for (const ProfileError& error : (*profiles)->cross_validate(3)) {
    const bool is_attention =
        error.kind == ProfileOperator::prefill_attention || error.kind == ProfileOperator::decode_attention;
    if (!error.axis.empty() || (!is_attention && error.kind != ProfileOperator::gemm)) continue;
    EXPECT_GT(error.tested_count, 100U) << name_of(error.kind);
    // fp8 at one scale a tensor is rough: whether rows are a multiple of 16 decides by a third
    EXPECT_LT(error.median, is_attention ? 0.04 : error.slice == "bf16" ? 0.05 : 0.08) << name_of(error.kind);
    EXPECT_LT(std::abs(error.bias), 0.02) << name_of(error.kind);
    ++checked;
  }
  EXPECT_EQ(checked, 4);
}

}  // namespace
}  // namespace beltline::perf
