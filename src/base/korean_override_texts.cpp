// Texts of overrides on the command line in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // its form
    {"an override is not valid UTF-8", "--set 값이 올바른 UTF-8이 아닙니다"},
    {"write it in UTF-8", "UTF-8로 적으십시오"},
    {"'{}' is no PATH=VALUE", "'{0}' 값은 경로=값 형식이 아닙니다"},
    {"'{}' has no value", "'{0}'에 값이 없습니다"},
    {"'{}' has a path that cannot be read", "'{0}'의 경로를 읽을 수 없습니다"},
    {"'{}' names no key of its section", "'{0}'의 경로에 섹션의 키가 없습니다"},
    {"'{}' names no entry and key", "'{0}'의 경로에 항목과 키가 없습니다"},
    {"'{}' has more than one value", "'{0}'에 값이 둘 이상 있습니다"},
    {"PATH=VALUE, PATH*=FACTOR or PATH+=VALUE", "경로=값, 경로*=배수, 경로+=값 가운데 하나"},
    {"write --set 'site.ulsan.online=2029-06'", "--set 'site.ulsan.online=2029-06'처럼 적으십시오"},
    // where its path leads
    {"{} of {} has no part '{}' that could be set", "{1:t}의 {0} 값에는 따로 정할 수 있는 '{2}' 부분이 없습니다"},
    {"say which record: {}[1]", "어느 기록인지 밝히십시오: {0}[1]"},
    {"set the whole value: {}={mode = ..., low = ..., high = ...}",
     "값 전체를 적으십시오: {0}={mode = ..., low = ..., high = ...}"},
    {"{} records of {} of {} are called '{}'", "{2:t}의 {1} 기록 {0}개가 모두 '{3}' 이름을 가졌습니다"},
    {"{} of {} has no record '{}'", "{1:t}의 {0} 값에는 '{2}' 기록이 없습니다"},
    {"a value for the whole key: there are no records yet", "아직 기록이 없으므로 키 전체의 값"},
    {"a position from 1 to {}, or *", "1부터 {0}까지의 순번 또는 *"},
    {"a position from 1 to {}, *, {}", "1부터 {0}까지의 순번, *, 또는 다음 이름: {1}"},
    {"name a record by its position or its first key", "기록을 순번이나 첫 키의 값으로 가리키십시오"},
    {"the scenario has no {} '{}'", "시나리오에 {0} '{1}' 항목이 없습니다"},
    {"the name of one, or for a new one also its {}", "있는 항목의 이름, 또는 새 항목이면 다음 키도 함께: {0}"},
    {"set every key that it needs, each with a --set of its own", "필요한 키마다 --set을 하나씩 적으십시오"},
    // *= and +=
    {"{} has no {} that could be changed", "{0:t}에 바꿀 수 있는 {1} 값이 없습니다"},
    {"a number that is written, or has a default", "적혀 있거나 기본값이 있는 수"},
    {"set it with = instead", "=로 값을 정하십시오"},
    {"a number, a series or a month", "수, 계열, 월 가운데 하나"},
    {"{} cannot be scaled", "{0:t} 값에는 *=를 쓸 수 없습니다"},
    {"{} cannot be added to", "{0:t} 값에는 +=를 쓸 수 없습니다"},
    {"+= with a duration such as 24 month", "24 month 같은 기간을 더하는 +="},
    {"whole months", "정수 개월"},
    {"write {} month", "{0} month로 적으십시오"},
    {"write a smaller number", "더 작은 수를 적으십시오"},
    {"write a shorter shift", "더 짧은 기간을 적으십시오"},
});

}  // namespace

std::span<const KoreanText> korean_override_texts() {
  return kTexts;
}

}  // namespace beltline
