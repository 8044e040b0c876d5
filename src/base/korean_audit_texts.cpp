// Texts of claims and their audit in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"claims are computed with a {}, and the scenario has none",
     "claim 계산에는 {0} 항목이 필요한데 시나리오에 없습니다"},
    {"no section [{}.NAME]", "[{0}.NAME] 섹션 없음"},
    {"at least one [{}.NAME]", "하나 이상의 [{0}.NAME]"},
    {"add [{}.NAME], or leave out the claims", "[{0}.NAME]을 더하거나 claim을 지우십시오"},
    {"the window of claim '{}' ends before it begins", "claim '{0}' 항목의 기간이 시작 전에 끝납니다"},
    {"a last month that is not before the first", "first보다 앞서지 않는 last"},
    {"write a later last, or an earlier first", "last를 늦추거나 first를 앞당기십시오"},
    {"the shares of the mix of claim '{}' do not add up to 1",
     "claim '{0}' 항목의 mix에 적은 share를 더하면 1이 아닙니다"},
    {"shares of the accelerators that add up to 1", "더하면 1이 되는 가속기 비중"},
    {"change a share, or add the generation that is missing", "share를 고치거나 빠진 세대를 더하십시오"},
    {"claim '{}' has no quantity", "claim '{0}' 항목에 quantity가 없습니다"},
    {"no key quantity", "quantity 키 없음"},
    {"a commitment without one", "quantity가 없는 commitment"},
    {"what is claimed, such as \"10 GW\"", "발표된 양 (예: \"10 GW\")"},
    {"write quantity = \"10 GW\", or name a commitment that has a quantity",
     "quantity = \"10 GW\"처럼 적거나 quantity가 있는 commitment를 지정하십시오"},
    {"quantity of claim '{}' has no unit", "claim '{0}' 항목의 quantity에 단위가 없습니다"},
    {"quantity of claim '{}' has a unit that does not fit its kind",
     "claim '{0}' 항목의 quantity 단위가 kind와 맞지 않습니다"},
    {"for kind {}: {}", "kind {0}: {1:t}"},
    {"{} or {}", "{0} 또는 {1}"},
    {"write it in {}, or choose another kind", "{0:t} 단위로 적거나 다른 kind를 고르십시오"},
    {"claim '{}' of kind date has no month", "kind가 date인 claim '{0}' 항목에 달이 없습니다"},
    {"no key by", "by 키 없음"},
    {"the month by which it is to be online", "가동 목표 월"},
    {"write by = \"2026-12\"", "by = \"2026-12\"처럼 적으십시오"},
    {"claim '{}' is to be online before it was begun", "claim '{0}' 항목이 착수 전에 가동하게 되어 있습니다"},
    {"a month after the one in which work began", "착수한 달 이후의 달"},
    {"write a later by, or an earlier begun", "by를 늦추거나 begun을 앞당기십시오"},
    {"for kind date: MW, accelerator or rack", "kind date: MW, accelerator 또는 rack"},
    {"write it in MW, accelerator or rack, or leave it out",
     "MW, accelerator, rack 중 하나의 단위로 적거나 지우십시오"},
    {"claim '{}' has a key that does not go with its kind", "claim '{0}' 항목에 kind와 맞지 않는 키가 있습니다"},
    {"{} with kind {}", "kind {1}에 {0}"},
    {"leave out this key, or choose another kind", "이 키를 지우거나 다른 kind를 고르십시오"},
    {"claim '{}' cannot be a part of '{}'", "claim '{0}' 항목은 '{1}' 항목의 일부가 될 수 없습니다"},
    {"{} in {}, {} in {}", "{0} ({1}), {2} ({3})"},
    {"another claim of the same kind and unit", "kind와 단위가 같은 다른 claim"},
    {"name another claim, or leave out part_of", "다른 claim을 지정하거나 part_of를 지우십시오"},
    {"nothing in the scenario says what {} a rack of '{}' stands for, as claim '{}' needs",
     "claim '{2}' 계산에 필요한 {0}(랙 '{1}' 기준)을 시나리오에서 알 수 없습니다"},
    {"racks with an accelerator, its stack and product, packaging, and host memory",
     "accelerator와 그 stack·product, packaging, host_memory가 있는 랙"},
    {"add what is missing to the rack, or name other racks in generations",
     "랙에 빠진 것을 더하거나 generations에 다른 랙을 지정하십시오"},
});

}  // namespace

std::span<const KoreanText> korean_audit_texts() {
  return kTexts;
}

}  // namespace beltline
