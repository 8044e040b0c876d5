#include "table/zip_archive.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table/example_table.h"
#include "table/files.h"
#include "table/zip.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;

class ZipArchiveTest : public testing::Test {
 protected:
  std::filesystem::path write(std::string_view bytes) {
    const std::filesystem::path path = scratch_.path() / "a.zip";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  const ScratchFolder scratch_{memory_folder()};
  const std::string text_ = std::string(5'000, 'x') + "end";
  const std::string bytes_ = *to_zip(std::vector<ZipEntry>{{"folder/first.txt", text_}, {"empty", ""}});
};

TEST_F(ZipArchiveTest, GivesBackWhatWasPacked) {
  const auto archive = ZipArchive::open(write(bytes_));
  ASSERT_TRUE(archive) << archive.error().message;
  ASSERT_EQ(archive->items().size(), 2U);
  EXPECT_EQ(archive->items()[0].path, "folder/first.txt");
  EXPECT_EQ(archive->items()[0].size, text_.size());
  EXPECT_EQ(*archive->read(archive->items()[0]), text_);
  EXPECT_EQ(*archive->read(archive->items()[1]), "");
  EXPECT_THAT(archive->read(archive->items()[0], 100).error().message, HasSubstr("the limit is 100"));
}

TEST_F(ZipArchiveTest, NeverGivesWrongBytes) {
  // every byte in turn, so that the list, both headers and the packed bytes are among them
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    std::string damaged = bytes_;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto archive = ZipArchive::open(write(damaged));
    if (!archive) continue;
    for (const ZipArchive::Item& item : archive->items()) {
      const auto read = archive->read(item);
      EXPECT_TRUE(!read || *read == text_ || read->empty()) << i;
    }
  }
}

TEST_F(ZipArchiveTest, SaysWhatIsNoArchive) {
  EXPECT_THAT(ZipArchive::open(write(bytes_.substr(0, bytes_.size() - 30))).error().message, HasSubstr("truncated"));
  EXPECT_THAT(ZipArchive::open(write("")).error().message, HasSubstr("no ZIP archive"));
  EXPECT_THAT(ZipArchive::open(scratch_.path() / "none.zip").error().message, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace beltline
