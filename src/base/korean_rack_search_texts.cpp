// Texts of questions to a rack in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"no model '{}' is known", "'{0}': 알려진 모델이 아닙니다"},
    {"the name of a model, or its config.json", "모델 이름 또는 config.json"},
    {"the config.json of a model, as transformers writes it", "transformers 형식의 모델 config.json"},
    {"give another file, or the name of a model that is known", "다른 파일이나 알려진 모델 이름을 적으십시오"},
    {"no rack or accelerator '{}' is known", "'{0}': 알려진 랙이나 가속기가 아닙니다"},
    {"the name of a rack, a server or an accelerator", "랙, 서버 또는 가속기 이름"},
    {"known are {}", "알려진 것: {0}"},
    {"a time above 0 with its unit: us, ms, s, min or h", "단위가 붙은 0보다 긴 시간 (us, ms, s, min, h)"},
    {"write 2s or 50ms", "2s 또는 50ms처럼 적으십시오"},
    {"option {} is missing", "{0} 옵션이 없습니다"},
    {"a number of tokens", "토큰 수"},
    {"write {} 1000", "{0} 1000처럼 적으십시오"},
    {"prompt and answer are longer than the context of '{}'", "프롬프트와 답이 '{0}' 모델의 컨텍스트보다 깁니다"},
    {"at most {} tokens together", "합쳐서 최대 {0}토큰"},
    {"shorten them by {} tokens", "{0}토큰 줄이십시오"},
    {"rack '{}' has no accelerators", "랙 '{0}'에 가속기가 없습니다"},
    {"write how many stand in it", "몇 개인지 적으십시오"},
});

}  // namespace

std::span<const KoreanText> korean_rack_search_texts() {
  return kTexts;
}

}  // namespace beltline
