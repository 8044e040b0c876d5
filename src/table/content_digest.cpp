#include "table/content_digest.h"

#include <bit>

#include "table/sha256.h"

namespace beltline {

namespace {

static_assert(std::endian::native == std::endian::little, "the digest is over little-endian numbers");

void add_bytes(Sha256& hash, const void* data, std::size_t size) {
  hash.update({static_cast<const char*>(data), size});
}

void add_count(Sha256& hash, uint64_t count) {
  add_bytes(hash, &count, sizeof count);
}

// The length first, so that no two lists of texts hash alike.
void add_text(Sha256& hash, std::string_view text) {
  add_count(hash, text.size());
  hash.update(text);
}

}  // namespace

std::string content_digest(const Table& table) {
  Sha256 hash;
  add_text(hash, table.title);
  add_count(hash, table.columns.size());
  for (const Column& column : table.columns) {
    add_text(hash, column.name);
    add_text(hash, column.unit);
    add_text(hash, column.description);
    add_count(hash, column.values.index());
    add_count(hash, column.size());
    switch (column.values.index()) {
      case 0: add_bytes(hash, column.numbers().data(), column.size() * sizeof(double)); break;
      case 1: add_bytes(hash, column.integers().data(), column.size() * sizeof(int64_t)); break;
      default:
        for (const std::string& text : column.texts()) add_text(hash, text);
    }
  }
  return hash.finish();
}

}  // namespace beltline
