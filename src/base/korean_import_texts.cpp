// Texts of imported sources in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"'{}' is neither a folder of CSV files nor a netCDF file", "'{0}'은 CSV 폴더도 netCDF 파일도 아닙니다"},
});

}  // namespace

std::span<const KoreanText> korean_import_texts() {
  return kTexts;
}

}  // namespace beltline
