#include "table/sha256.h"

#include <ctime>

#include <gtest/gtest.h>

#include "table/example_table.h"
#include "table/files.h"

namespace beltline {
namespace {

// NIST, FIPS 180-4 examples and the byte-oriented vectors of the Cryptographic Algorithm Validation Program.
TEST(Sha256, FitsThePublishedVectors) {
  const struct {
    std::string text;
    const char* hash;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrst"
       "u",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
      {std::string("\x74\xba\x25\x21", 4), "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"},
  };
  for (const auto& [text, hash] : cases) EXPECT_EQ(sha256(text), hash) << text.substr(0, 20);
}

TEST(Sha256, PiecesGiveTheHashOfTheWhole) {
  std::string text;
  for (uint32_t i = 0; i < 300; ++i) text += static_cast<char>(draw(3, i, 256));
  for (std::size_t size = 0; size <= text.size(); ++size) {
    Sha256 hash;
    std::string_view rest = std::string_view(text).substr(0, size);
    for (uint32_t i = 0; !rest.empty(); ++i) {
      const std::size_t taken = std::min(rest.size(), draw(4, i, 130));
      hash.update(rest.substr(0, taken));
      rest.remove_prefix(taken);
    }
    EXPECT_EQ(hash.finish(), sha256(text.substr(0, size))) << size;
  }
}

TEST(Sha256, IsFastEnoughForRuns) {
  const std::string text(32 << 20, 'x');
  const std::clock_t start = std::clock();
  const std::string hash = sha256(text);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_EQ(hash.size(), 64u);
  RecordProperty("mb_per_second", static_cast<int>(32 / seconds));
  // some 280 MB/s without sanitizers; the limit only catches a mistake of another order
  EXPECT_LT(seconds, 10.0);
}

}  // namespace
}  // namespace beltline
