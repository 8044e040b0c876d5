// Texts of options of the command line, of shares and of what cannot be counted, in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // options that take a number
    {"option {} is '{}'", "{0} 옵션의 값이 '{1}'입니다"},
    {"a whole number from {} to {}", "{0}부터 {1}까지의 정수"},
    {"a number from {} to {}", "{0}부터 {1}까지의 수"},
    {"write {} {}, as without it", "{0} {1}처럼 적으십시오. 적지 않으면 이 값입니다"},
    {"write {} {} or more", "{0} {1} 이상으로 적으십시오"},
    // suppliers
    {"share_max is left out of account where the suppliers that take orders may not have all of them",
     "주문을 받는 공급사들이 전량을 맡을 수 없는 기간에는 share_max를 적용하지 않습니다"},
    {"write share_max by dates, 1 until the other supplier takes orders",
     "다른 공급사가 주문을 받기 전까지는 1이 되도록 share_max를 날짜별로 적으십시오"},
    {"what one costs below the first break", "첫 할인 수량 미만일 때의 단가"},
    // alternates
    {"an alternate of {} stands in for itself", "{0:t}의 대체품이 자기 자신을 대체합니다"},
    {"another part", "다른 부품"},
    {"name the part that it may stand in for, or leave the record out",
     "대신할 수 있는 부품의 이름을 적거나 기록을 지우십시오"},
    {"nothing can be made of {} while part '{}' is out of force and its alternates may not cover all",
     "'{1}' 부품을 쓸 수 없고 대체품이 전량을 대신할 수 없는 동안에는 {0:t}에서 아무것도 만들 수 없습니다"},
    {"shares that add up to 1", "합이 1이 되는 비율"},
    {"write share = 1 for what replaces the part, or end its alternates with it",
     "부품을 대체하는 품목에 share = 1을 적거나, 대체품도 함께 끝내십시오"},
    // actuals
    {"commitment '{}' has no unit in which it could be counted", "'{0}' 약정에는 실적을 셀 단위가 없습니다"},
    {"no unit", "단위 없음"},
    {"a commitment with a unit", "단위가 있는 약정"},
    {"add unit = \"MW\" to it, or whatever it is counted in", "약정에 unit = \"MW\"처럼 세는 단위를 더하십시오"},
});

}  // namespace

std::span<const KoreanText> korean_option_texts() {
  return kTexts;
}

}  // namespace beltline
