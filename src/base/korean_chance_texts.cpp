// Texts of what is not certain, in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // what is named, and how far it moves
    {"process or capacity", "process 또는 capacity"},
    {"a yield of '{}' would be {}", "'{0}' 수율이 {1}이 됩니다"},
    {"at most 1", "1 이하"},
    {"write a factor of at most {}", "배수를 {0} 이하로 적으십시오"},
    {"a {} has nothing that is moved as {}", "{0} 항목에는 {1}(으)로 움직일 것이 없습니다"},
    {"write another kind, or leave it out", "kind를 바꾸거나 빼십시오"},
    {"'{}' runs as a rate: what it puts out is there at once",
     "'{0}' 공정은 비율량으로 돌므로 나오는 것이 바로 나옵니다"},
    {"a process that runs as an amount, or a capacity", "수량으로 도는 공정, 또는 용량"},
    {"name the capacity that it runs on", "그 공정이 쓰는 용량을 적으십시오"},
    {"'{}' is no {}, which alone has what this moves", "'{0}' 항목은 이것이 움직이는 값을 가진 {1:t} 항목이 아닙니다"},
    {"name another, or write another `what`", "다른 이름을 적거나 `what`을 바꾸십시오"},
    {"{} is negative", "{0:t} 값이 음수입니다"},
    {"a factor of 0 or more", "0 이상인 배수"},
    {"write 1 for no change, 0.9 for a tenth less", "변화가 없으면 1, 10분의 1이 줄면 0.9로 적으십시오"},
    {"{} is no time", "{0:t} 값이 시간이 아닙니다"},
    {"month, week or the like", "month, week 같은 단위"},
    {"write \"{} month\", negative for earlier", "\"{0} month\"처럼 적으십시오. 앞당겨지면 음수로 적습니다"},
    {"the availability of '{}' would be {}", "'{0}' 용량의 가용률이 {1}이 됩니다"},
    // uncertainty
    {"uncertainty '{}' has no {}", "uncertainty '{0}' 항목에 {1} 키가 없습니다"},
    {"{}, which a spread {} needs", "분포 {1}에 필요한 {0}"},
    {"add {}, or write another spread", "{0} 키를 더하거나 spread를 바꾸십시오"},
    {"{} of uncertainty '{}' says nothing to a spread {}",
     "uncertainty '{1}' 항목의 {0} 값은 분포 {2}에 쓰이지 않습니다"},
    {"leave out {}, or write another spread", "{0} 키를 빼거나 spread를 바꾸십시오"},
    {"uncertainty '{}' is not in order", "uncertainty '{0}' 항목의 값이 순서에 맞지 않습니다"},
    {"write low = {}, mode = {}, high = {}", "low = {0}, mode = {1}, high = {2}로 적으십시오"},
    {"write low = {}, high = {}", "low = {0}, high = {1}로 적으십시오"},
    {"low {}, mode {}, high {}", "low {0}, mode {1}, high {2}"},
    {"uncertainty '{}' has a spread {}, which is positive",
     "uncertainty '{0}' 항목의 분포 {1}에는 양수만 쓸 수 있습니다"},
    {"more than 0", "0보다 큰 값"},
    {"write a positive number, or another spread", "양수를 적거나 spread를 바꾸십시오"},
    // correlation
    {"no value is named '{}'", "이름이 '{0}'인 값이 없습니다"},
    {"the path of a value with a range, or uncertainty.NAME", "범위가 있는 값의 경로, 또는 uncertainty.NAME"},
    {"value '{}' has no range to be drawn from", "'{0}' 값에는 뽑을 범위가 없습니다"},
    {"write it as {low = …, mode = …, high = …}, or add an uncertainty",
     "{low = …, mode = …, high = …}로 적거나 uncertainty 항목을 더하십시오"},
    {"write a path that the table inputs of a plan shows", "계획의 inputs 표에 나오는 경로를 적으십시오"},
    {"correlation '{}' joins what is drawn once and what is drawn each period",
     "correlation '{0}' 항목이 한 번 뽑는 것과 기간마다 뽑는 것을 묶습니다"},
    {"all once, or all each period", "모두 한 번, 또는 모두 기간마다"},
    {"write each_period alike, or leave one of them out", "each_period를 같게 적거나 하나를 빼십시오"},
    {"correlations '{}' and '{}' say different things of '{}' and '{}'",
     "correlation '{0}', '{1}' 항목이 '{2}', '{3}' 사이의 계수를 다르게 적습니다"},
    {"take the pair out of one of them, or write the same coefficient",
     "한쪽에서 그 짝을 빼거나 계수를 같게 적으십시오"},
    {"no {} values can be correlated as '{}' says: the smallest eigenvalue of their matrix is {}",
     "'{1}' 항목대로 상관된 값 {0}개는 있을 수 없습니다. 행렬의 가장 작은 고윳값이 {2}입니다"},
    {"a positive semi-definite matrix of all coefficients", "모든 계수를 모은 양의 준정부호 행렬"},
    {"write coefficient = {}", "coefficient = {0}(으)로 적으십시오"},
    {"write coefficient = {}, and the others that join them {} times as large",
     "coefficient = {0}(으)로 적고, 이들을 묶는 다른 계수에는 {1}배를 적으십시오"},
    {"correlation '{}' joins fewer than two values", "correlation '{0}' 항목이 묶는 값이 둘보다 적습니다"},
    {"two or more", "둘 이상"},
    {"name another, or a pattern with '*' that fits several", "하나를 더 적거나 여럿에 맞는 '*' 패턴을 적으십시오"},
    // shock
    {"shock '{}' has no months in which it may begin", "shock '{0}' 항목이 시작될 수 있는 달이 없습니다"},
    {"months of shock '{}' are no months of the year", "shock '{0}' 항목의 months 값이 한 해의 달이 아닙니다"},
    {"months of the year, 1 to 12", "한 해의 달, 1~12"},
    {"write \"7-9\", \"11-2\" or \"3, 6-8\", or leave it out for all",
     "\"7-9\", \"11-2\", \"3, 6-8\"처럼 적거나, 모든 달이면 빼십시오"},
    {"shock '{}' does nothing", "shock '{0}' 항목이 아무것도 하지 않습니다"},
    {"one effect or more", "하나 이상의 effect"},
    {"write [{of = \"NAME\", what = \"limit\", value = 0}]",
     "[{of = \"NAME\", what = \"limit\", value = 0}]처럼 적으십시오"},
    // milestone
    {"milestone '{}' counts nothing", "milestone '{0}' 항목이 아무것도 세지 않습니다"},
    {"an empty list", "빈 목록"},
    {"one term or more", "하나 이상의 항"},
    {"write [{kind = \"online\", of = \"NAME\"}]", "[{kind = \"online\", of = \"NAME\"}]처럼 적으십시오"},
    // buffer
    {"'{}' is not ordered by the plan, which can leave it no time",
     "'{0}' 항목은 계획이 발주하지 않으므로 여유를 둘 수 없습니다"},
    {"a capacity that can be built, or a process", "지을 수 있는 용량, 또는 공정"},
    {"leave out the buffer, or name what waits for it", "buffer를 빼거나 그것을 기다리는 쪽을 적으십시오"},
});

}  // namespace

std::span<const KoreanText> korean_chance_texts() {
  return kTexts;
}

}  // namespace beltline
