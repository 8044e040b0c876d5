#include "table/manifest.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "table/example_table.h"
#include "table/files.h"

namespace beltline {
namespace {

const std::string kHash(64, 'a');

std::string example_manifest() {
  const ManifestFile files[] = {{"tables/build.parquet", 123, kHash}, {"summary.txt", 0, sha256("")}};
  return seal_manifest(R"({"scenario": "korea", "cost_usd": 1.5e12, "note": "평택"})", files);
}

TEST(Manifest, SealedTextParsesToTheSameFiles) {
  const std::string text = example_manifest();
  EXPECT_EQ(text, example_manifest());
  ASSERT_TRUE(check_seal(text));
  const auto files = parse_manifest(text);
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ((*files)[0].path, "tables/build.parquet");
  EXPECT_EQ((*files)[0].size, 123u);
  EXPECT_EQ((*files)[1].sha256, sha256(""));
  EXPECT_TRUE(text.starts_with("{\n  \"scenario\": \"korea\",\n  \"cost_usd\": 1500000000000.0")) << text;
}

TEST(Manifest, EveryFlippedBitAndEveryCutBreaksTheSeal) {
  const std::string text = example_manifest();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(check_seal(flipped)) << bit;
  }
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(check_seal(text.substr(0, size))) << size;
}

TEST(Manifest, WhatIsNoObjectOrHasOurMembersIsABug) {
  for (const char* text : {"", "[]", "7", "{", "{\"files\": []}", "{\"format\": 1}", "{\"manifest_sha256\": \"\"}"}) {
    EXPECT_THROW(static_cast<void>(seal_manifest(text, {})), Bug) << text;
  }
}

std::string with_file(const std::string& entry) {
  return R"({"format": "beltline-run-1", "files": [)" + entry + "]}";
}

std::string entry_of(const std::string& path) {
  return R"({"path": ")" + path + R"(", "size": 1, "sha256": ")" + kHash + R"("})";
}

TEST(Manifest, HostileTextsAreFailures) {
  const std::string deep(100'000, '[');
  const std::pair<std::string, const char*> cases[] = {
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"\xff", "not a JSON object"},
      {R"({"format": "beltline-run-1", "files": [)", "not a JSON object"},
      {"{\"a\": " + deep, "not a JSON object"},
      {"{\"a\": " + deep + std::string(deep.size(), ']') + "}", "nested too deep"},
      {"{}", "names no format"},
      {R"({"format": 1, "files": []})", "names no format"},
      {R"({"format": "beltline-run-2", "files": []})", "format 'beltline-run-2'"},
      {R"({"format": "beltline-run-1"})", "no list of files"},
      {R"({"format": "beltline-run-1", "files": {}})", "no list of files"},
      {with_file("7"), "not an object"},
      {with_file("{}"), "no safe path"},
      {with_file(R"({"path": "a", "sha256": "x"})"), "'a' has no size"},
      {with_file(R"({"path": "a", "size": -1})"), "'a' has no size"},
      {with_file(R"({"path": "a", "size": 1.5})"), "'a' has no size"},
      {with_file(R"({"path": "a", "size": 1, "sha256": "ABC"})"), "'a' has no SHA-256"},
      {with_file(entry_of("a") + "," + entry_of("a")), "'a' is there twice"},
      {std::string((8 << 20) + 1, ' '), "larger than"},
  };
  for (const auto& [text, message] : cases) {
    const auto files = parse_manifest(text);
    ASSERT_FALSE(files) << text.substr(0, 100);
    EXPECT_NE(files.error().message.find(message), std::string::npos) << files.error().message;
  }
}

TEST(Manifest, PathsStayInsideTheFolder) {
  for (const char* path : {"..",
                           "../x",
                           "/etc/passwd",
                           "tables/../x.parquet",
                           "tables/.parquet",
                           "tables/a/b.parquet",
                           "tables/a.txt",
                           "tables",
                           "tables/",
                           "manifest.json",
                           "scenario",
                           "scenario/",
                           "scenario/../x",
                           "scenario//x",
                           "scenario/.x",
                           "scenario/a/",
                           "scenario/a b",
                           "scenario/a/../../x",
                           "scenario/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
                           "data/x",
                           ".hidden",
                           "-rf",
                           "a b",
                           "a\\u0000b",
                           ""}) {
    EXPECT_FALSE(parse_manifest(with_file(entry_of(path)))) << path;
  }
  for (const char* path : {"tables/a.parquet", "tables/A-1_b.c.parquet", "summary.txt", "x", "scenario/scenario.toml",
                           "scenario/data/prices/2026.csv"}) {
    EXPECT_TRUE(parse_manifest(with_file(entry_of(path)))) << path;
  }
}

}  // namespace
}  // namespace beltline
