#include "perf/catalogue.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beltline::perf {
namespace {

using testing::HasSubstr;

TEST(Catalogue, ParametersAreThePublishedOnes) {
  ASSERT_GE(built_in().models.size(), 50U);
  for (const CatalogueModel& model : built_in().models) {
    ASSERT_GT(model.parameters_published, 0) << model.architecture.name;
    EXPECT_NEAR(parameters(model.architecture) / model.parameters_published, 1.0, 0.01) << model.architecture.name;
  }
}

TEST(Catalogue, EveryRowHasSourceAndConfidence) {
  const auto is_known = [](const Confidence& c) { return c == "A" || c == "B" || c == "C"; };
  for (const CatalogueModel& m : built_in().models) {
    EXPECT_TRUE(is_known(m.confidence) && !m.architecture.source.empty()) << m.architecture.name;
  }
  for (const CatalogueAccelerator& a : built_in().accelerators) {
    EXPECT_TRUE(is_known(a.confidence) && !a.accelerator.source.empty()) << a.accelerator.name;
  }
  for (const CatalogueRack& r : built_in().racks) {
    EXPECT_TRUE(is_known(r.confidence) && !r.rack.source.empty()) << r.rack.name;
    EXPECT_GE(r.rack.power_W, r.rack.accelerators * r.rack.accelerator.power_W) << r.rack.name;
    EXPECT_GT(r.rack.idle_power_W, r.rack.accelerators * r.rack.accelerator.idle_W) << r.rack.name;
  }
}

TEST(Catalogue, KeysAndValuesOfATokenAreThePublishedOnes) {
  // bytes in bf16, from the models' files
  const std::pair<const char*, double> kCases[] = {
      {"llama-3.1-8b", 131072}, {"llama-3.1-70b", 327680}, {"llama-3.1-405b", 516096},  {"gpt-oss-20b", 49152},
      {"gpt-oss-120b", 73728},  {"mixtral-8x22b", 229376}, {"qwen3-235b-a22b", 192512}, {"deepseek-v3", 70272}};
  for (const auto& [name, bytes] : kCases) {
    EXPECT_EQ(kv_numbers_per_token(*find_architecture(name)) * 2, bytes) << name;
  }
}

TEST(Catalogue, FindsModelsAsPeopleWriteThem) {
  const std::pair<const char*, const char*> kCases[] = {{"Qwen/Qwen3-32B", "qwen3-32b"},
                                                        {"meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"},
                                                        {"meta-llama/Meta-Llama-3.1-70B-Instruct", "llama-3.1-70b"},
                                                        {"meta-llama/Llama-2-7b-chat-hf", "llama-2-7b"},
                                                        {"LLaMA-70B", "llama-2-70b"},
                                                        {"llama31_8b", "llama-3.1-8b"},
                                                        {"GPT-J-6B", "gpt-j-6b"},
                                                        {"GPT-OSS-120B", "gpt-oss-120b"},
                                                        {"deepseek-ai/DeepSeek-R1-0528", "deepseek-r1"},
                                                        {"MiniMaxAI/MiniMax-M2.5", "minimax-m2.5"},
                                                        {"Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "qwen3-235b-a22b"},
                                                        {"Megatron-1T", "megatron-1t"}};
  for (const auto& [written, name] : kCases) {
    const auto found = find_model(written);
    ASSERT_TRUE(found) << written << ": " << found.error().message;
    EXPECT_EQ(found->architecture.name, name) << written;
  }
}

TEST(Catalogue, AModelsEndingSetsItsPrecision) {
  EXPECT_EQ(find_model("Qwen/Qwen3-235B-A22B")->published.weights, Precision::bf16);
  EXPECT_EQ(find_model("Qwen/Qwen3-235B-A22B-FP8")->published.experts, Precision::fp8);
  EXPECT_EQ(find_model("nvidia/DeepSeek-R1-0528-NVFP4")->published.weights, Precision::fp4);
  EXPECT_EQ(find_model("gpt-oss-120b")->published.weights, Precision::bf16);
  EXPECT_EQ(find_model("gpt-oss-120b")->published.experts, Precision::fp4);
}

TEST(Catalogue, FindsAcceleratorsAndRacksAsPeopleWriteThem) {
  const std::pair<const char*, const char*> kAccelerators[] = {
      {"H100", "h100-sxm"},           {"h100_sxm", "h100-sxm"},          {"NVIDIA H100 SXM5 80GB", "h100-sxm"},
      {"RTXPRO6000", "rtx-pro-6000"}, {"AMD Instinct MI300X", "mi300x"}, {"B200-SXM-180GB", "b200"},
      {"TPU-v5p", "tpu-v5p"},         {"A100", "a100-sxm-80gb"}};
  for (const auto& [written, name] : kAccelerators) {
    const auto found = find_accelerator(written);
    ASSERT_TRUE(found) << written << ": " << found.error().message;
    EXPECT_EQ(found->name, name) << written;
  }
  EXPECT_EQ(find_rack("GB300_NVL72")->accelerators, 72);
  EXPECT_EQ(find_rack("vr-nvl144")->accelerators, 72);
  EXPECT_EQ(find_rack("NVIDIA GB300 NVL72")->name, "gb300-nvl72");
  EXPECT_EQ(find_rack("h100")->name, "hgx-h100");
}

TEST(Catalogue, AnUnknownNameIsAnErrorWithTheNearest) {
  EXPECT_THAT(find_model("lama-3.1-70b").error().message, HasSubstr("did you mean 'llama-3.1-70b'?"));
  EXPECT_THAT(find_accelerator("h100-sxn").error().message, HasSubstr("did you mean 'h100-sxm'?"));
  EXPECT_THAT(find_rack("gb300-nvl73").error().message, HasSubstr("did you mean 'gb300-nvl72'?"));
  EXPECT_THAT(find_rack("abacus").error().message, HasSubstr("known are gb300-nvl72, gb200-nvl72"));
  EXPECT_EQ(nearest_rack("gb300nvl7"), "gb300nvl72");
}

// What the table of accelerators has can be asked for.
TEST(Catalogue, EveryAcceleratorHasARack) {
  for (const std::string& name : accelerator_names()) {
    const auto rack = find_rack(name);
    ASSERT_TRUE(rack) << rack.error().message;
    EXPECT_EQ(rack->accelerator.name, name);
  }
}

class CatalogueFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const char* name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("catalogue_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

constexpr const char* kOwnAccelerator =
    "name,generation,bf16 [PFLOP/s],memory [TB],memory_bandwidth [TB/s],scale_up [GB/s],scale_up_size,"
    "scale_out [Gbit/s],power [kW],source,confidence\n"
    "own-1,own,2,0.1,3,400,16,800,0.9,house,C\n";

TEST_F(CatalogueFolder, AnAcceleratorWithoutARackIsSaidToBeOne) {
  write("accelerators.csv", kOwnAccelerator);
  const auto catalogue = read_catalogue(folder_);
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const NameFault fault = rack_name_fault("own-1", *catalogue);
  EXPECT_THAT(fault.message, HasSubstr("no rack of accelerator 'own-1' is known"));
  EXPECT_THAT(fault.help, HasSubstr("add one to racks.csv"));
  EXPECT_THAT(find_rack("own-1", *catalogue).error().message, HasSubstr("no rack of accelerator 'own-1' is known"));
  // nor is it offered in place of another
  EXPECT_THAT(rack_name_fault("own-2", *catalogue).help, testing::Not(HasSubstr("own-1")));
}

TEST_F(CatalogueFolder, AUsersTablesAddToTheBuiltIn) {
  write("accelerators.csv", kOwnAccelerator);
  write("racks.csv", "name,accelerator,accelerators,power [kW],source,confidence\nown-rack,own-1,16,20,house,C\n");
  const auto catalogue = read_catalogue(folder_);
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const auto rack = find_rack("own_rack", *catalogue);
  ASSERT_TRUE(rack) << rack.error().message;
  EXPECT_EQ(rack->accelerator.flops(Precision::bf16), 2e15);
  EXPECT_EQ(rack->accelerator.memory_bytes, 1e11);
  EXPECT_EQ(rack->accelerator.scale_out.bytes_per_s, 1e11);
  EXPECT_EQ(rack->power_W, 20e3);
  EXPECT_TRUE(find_rack("gb300-nvl72", *catalogue));
}

TEST_F(CatalogueFolder, AllFaultsOfAFileAreToldAtOnce) {
  write("racks.csv",
        "name,accelerator,accelerators,powr [kW],power [MWh],source,confidence\n"
        "a,h1000,0,1,20,house,C\nhgx-h1-00,h100,8,1,20,house,C\n");
  const auto catalogue = read_catalogue(folder_);
  ASSERT_FALSE(catalogue);
  for (const char* const what :
       {"unknown column 'powr'", "column 'power' is in 'MWh', expected W, kW", "row 1 'a': no accelerator 'h1000'",
        "row 1 'a': column 'accelerators' is '0', expected a whole number from 1",
        "racks 'hgx-h100' and 'hgx-h1-00' both answer to 'hgxh100'"}) {
    EXPECT_THAT(catalogue.error().message, HasSubstr(what));
  }
}

TEST_F(CatalogueFolder, WhatHoldsNoTableIsAnError) {
  EXPECT_THAT(read_catalogue(folder_).error().message, HasSubstr("holds no models.csv"));
  write("models.csv", "name\n\"a");
  EXPECT_THAT(read_catalogue(folder_).error().message, HasSubstr("the quote is never closed"));
}

}  // namespace
}  // namespace beltline::perf
