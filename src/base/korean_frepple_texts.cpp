// Texts of imported frePPLe models in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // the text of the model
    {"the file has too many tags", "파일에 태그가 너무 많습니다"},
    {"split the model", "모형을 나누십시오"},
    {"the text is not XML", "XML 문법이 아닙니다"},
    {"no element", "요소 없음"},
    {"a model of frePPLe in XML", "XML로 쓴 frePPLe 모형"},
    {"close every tag in the order in which they were opened", "태그를 연 순서에 맞게 모두 닫으십시오"},
    {"elements are more than {} deep", "요소의 중첩이 {0}단계를 넘습니다"},
    {"name what is meant instead of nesting it", "중첩하지 말고 이름으로 가리키십시오"},
    {"the text begins with <{}>", "글이 <{0}>(으)로 시작합니다"},
    {"name a model of frePPLe", "frePPLe 모형 파일을 지정하십시오"},
    {"instructions to a program are not carried out", "프로그램에 주는 지시문은 실행하지 않습니다"},
    {"the plan is Beltline's own; what they would set is not",
     "계획은 Beltline이 세우며, 지시문이 정할 내용은 반영되지 않습니다"},
    {"the model has no current date", "모형에 현재 날짜가 없습니다"},
    {"add it: nothing starts before it", "추가하십시오. 그 전에는 아무것도 시작하지 않습니다"},
    // fields
    {"'{}' is no field of a {}", "'{0}' 항목은 {1}에 없습니다"},
    {"a field of frePPLe", "frePPLe의 항목"},
    {"delete it, or look for its name in frePPLe's manual", "지우거나 frePPLe 설명서에서 이름을 찾아보십시오"},
    {"{} of a {} cannot be carried over", "{1}의 {0} 항목은 옮길 수 없습니다"},
    {"a resource in buckets cannot be carried over", "버킷 단위 자원은 옮길 수 없습니다"},
    {"a resource in buckets", "버킷 단위 자원"},
    {"the removal of a {}", "{0} 삭제"},
    {"the removal of a {} cannot be carried over", "{0} 삭제는 옮길 수 없습니다"},
    {"a model without it", "그것이 없는 모형"},
    {"take it out, or say the same with operations, flows and lots", "빼거나, 작업·흐름·로트로 같은 뜻을 적으십시오"},
    {"a date such as 2009-01-03T00:00:00", "2009-01-03T00:00:00 같은 날짜"},
    {"a duration such as P7D or PT12H", "P7D나 PT12H 같은 기간"},
    {"write the value as frePPLe does", "frePPLe의 표기대로 적으십시오"},
    {"write a number that is not negative", "음수가 아닌 수를 적으십시오"},
    {"{} is '{}'", "{0} 값이 '{1}'입니다"},
    {"a {} has no name", "{0}에 이름이 없습니다"},
    {"a name", "이름"},
    {"add an attribute name", "name 속성을 추가하십시오"},
    {"'{}' is no kind of {}", "{1:t}에 '{0}' 종류는 없습니다"},
    {"write one of these kinds", "이 종류 가운데 하나를 적으십시오"},
    // the network
    {"{} '{}' is described nowhere", "{0:t} '{1}' 항목이 어디에도 기술되어 있지 않습니다"},
    {"operation", "작업"},
    {"flow", "흐름"},
    {"buffer", "버퍼"},
    {"resource", "자원"},
    {"describe it, or correct the name", "기술하거나 이름을 고치십시오"},
    {"name it", "이름을 지정하십시오"},
    {"a flow has no operation", "흐름에 작업이 없습니다"},
    {"a flow has neither item nor buffer", "흐름에 품목도 버퍼도 없습니다"},
    {"a load has no operation", "부하에 작업이 없습니다"},
    {"a load has no resource", "부하에 자원이 없습니다"},
    {"a supplier has no item", "공급자에 품목이 없습니다"},
    {"demand '{}' has no item", "수요 '{0}'에 품목이 없습니다"},
    {"operation '{}' has no steps", "작업 '{0}'에 단계가 없습니다"},
    {"demand '{}' has no location, and its item lies in {} buffers",
     "수요 '{0}'에 위치가 없는데, 그 품목이 버퍼 {1}곳에 있습니다"},
    {"'{}' has too many alternatives", "'{0}'의 대안이 너무 많습니다"},
    {"write fewer flows and loads that stand for each other", "서로 대신하는 흐름과 부하를 줄이십시오"},
    {"what is bought for '{}' arrives at any time", "'{0}'에 들이는 구매품은 언제든 도착합니다"},
    {"the location's calendar holds for its operations only", "위치의 달력은 그곳의 작업에만 적용됩니다"},
    {"a location", "위치"},
    {"add the location or the operation that delivers", "위치나 납품 작업을 추가하십시오"},
    {"operation '{}' holds itself", "작업 '{0}'이(가) 자기 자신을 포함합니다"},
    {"take it out of its own steps", "자신의 단계에서 빼십시오"},
    {"'{}' is made of itself", "'{0}'의 재료에 자기 자신이 들어 있습니다"},
    {"no loop, and at most {} levels", "순환이 없고 {0}단계 이하"},
    {"take one of the operations of the loop out", "순환하는 작업 가운데 하나를 빼십시오"},
    // periods
    {"--period is '{}'", "--period 값이 '{0}'입니다"},
    {"the model spans {} periods of {}", "모형의 기간이 {1} 단위로 {0}개입니다"},
    {"name longer periods with --period, such as --period P7D", "--period P7D처럼 더 긴 기간을 지정하십시오"},
    {"periods of {} do not divide all times of the model",
     "{0} 단위로는 모형의 모든 시간을 나누어 떨어지게 할 수 없습니다"},
    {"times that need periods of {}", "{0} 단위가 필요한 시간"},
    {"each duration is rounded up to whole periods, so that dates may come out later, never earlier",
     "각 소요 시간을 기간 단위로 올림하므로, 날짜가 늦게 나올 수는 있어도 이르게 나오지는 않습니다"},
    // what is written
    {"buffer '{}' has {} on hand", "버퍼 '{0}'의 재고가 {1}입니다"},
    {"write what is short as a demand", "모자라는 양은 수요로 적으십시오"},
    {"the maximum of buffer '{}' is left out", "버퍼 '{0}'의 최대값은 제외합니다"},
    {"it is the level up to which frePPLe orders, not a limit; here lots follow demand",
     "한도가 아니라 frePPLe가 주문으로 채우는 수준입니다. 여기서는 로트가 수요를 따릅니다"},
    {"the posttime of operation '{}' is left out", "작업 '{0}'의 posttime은 제외합니다"},
    {"the extra safety lead time of item '{}' is left out", "품목 '{0}'의 추가 안전 리드타임은 제외합니다"},
    {"frePPLe plans it where there is time and gives it up before an order is late",
     "frePPLe는 시간이 있을 때만 반영하고, 주문이 늦어지기 전에 포기합니다"},
    {"'{}' has no size of lot", "'{0}'에 맞는 로트 크기가 없습니다"},
    {"at least {}, at most {}", "최소 {0}, 최대 {1}"},
    {"a size_maximum no smaller than the least lot", "최소 로트 이상의 size_maximum"},
    {"raise size_maximum", "size_maximum을 올리십시오"},
    {"'{}' is left out: {}", "'{0}' 항목은 제외합니다: {1:t}"},
    {"it is proposed, and planned anew", "제안 상태이므로 새로 계획합니다"},
    {"its status has no effect on what is to come", "상태가 앞으로의 계획에 영향을 주지 않습니다"},
    {"it comes after the horizon", "계획 기간이 끝난 뒤에 옵니다"},
    {"give it the status confirmed if it stands fast", "확정된 것이면 상태를 confirmed로 적으십시오"},
    {"'{}' cannot be carried over: {}", "'{0}' 항목은 옮길 수 없습니다: {1:t}"},
    {"it has steps", "단계가 있습니다"},
    {"it has neither operation nor item", "작업도 품목도 없습니다"},
    {"a fixed time or a time per unit, a purchase or a transfer", "고정 시간이나 개당 시간 작업, 구매 또는 이송"},
    {"write one for each of its steps", "단계마다 하나씩 적으십시오"},
});

}  // namespace

std::span<const KoreanText> korean_frepple_texts() {
  return kTexts;
}

}  // namespace beltline
