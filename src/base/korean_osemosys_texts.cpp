// Texts of imported OSeMOSYS models in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // the text of the data
    {"a comment that begins with /* has no end", "/*로 시작한 주석이 끝나지 않았습니다"},
    {"add */ where the comment ends", "주석이 끝나는 곳에 */를 적으십시오"},
    {"a quoted name has no end on its line", "따옴표로 시작한 이름이 그 줄에서 끝나지 않았습니다"},
    {"close the quote", "따옴표를 닫으십시오"},
    {"a '=' stands alone", "'='가 홀로 있습니다"},
    {"write :=", ":=로 적으십시오"},
    {"the end of the text", "글의 끝"},
    {"the data have '{}' here", "데이터의 이 자리에 '{0:t}' 항목이 있습니다"},
    {"write the data as GNU MathProg has them", "GNU MathProg의 데이터 형식으로 적으십시오"},
    {"add '{}' here", "여기에 '{0}' 기호를 추가하십시오"},
    {"set, param or end", "set, param 또는 end"},
    {"a name or number", "이름 또는 수"},
    {"the name of a set", "집합의 이름"},
    {"a member of the set or ;", "집합의 원소 또는 ;"},
    {"set '{}' is not one of the model's and is left out", "'{0}' 집합은 모형에 없으므로 제외합니다"},
    {"delete it, if nothing else needs it", "다른 곳에 필요하지 않으면 지우십시오"},
    {"'{}' has its data twice", "'{0}' 데이터가 두 번 나옵니다"},
    {"its data once, as on line {}", "{0}번째 줄처럼 데이터 한 번"},
    {"delete one of the two", "둘 가운데 하나를 지우십시오"},
    {"the name of a parameter", "매개변수의 이름"},
    {"parameter '{}' is not one of the model's", "'{0}' 매개변수는 모형에 없습니다"},
    {"a parameter of OSeMOSYS", "OSeMOSYS의 매개변수"},
    {"delete it, or say the same with the model's parameters", "지우거나 모형의 매개변수로 같은 뜻을 적으십시오"},
    {"{} subscripts of {}", "{1}의 첨자 {0}개"},
    {"subscripts and a value, a table, a slice or ;", "첨자와 값, 표, 슬라이스 또는 ;"},
    {"a slice with two * before a table", "표 앞에 *가 둘 있는 슬라이스"},
    {"a column of the table or :=", "표의 열 또는 :="},
    {"a parameter with as many subscripts as the first", "첫 매개변수와 첨자 수가 같은 매개변수"},
    // sets and parameters
    {"set {} has no members", "{0} 집합에 원소가 없습니다"},
    {"one member or more", "원소 하나 이상"},
    {"add set {} := A B;", "set {0} := A B; 줄을 추가하십시오"},
    {"set {} has the member '{}' twice", "{0} 집합에 '{1}' 원소가 두 번 나옵니다"},
    {"each member once", "원소마다 한 번"},
    {"set {} has the member '{}'", "{0} 집합에 '{1}' 원소가 있습니다"},
    {"whole numbers", "정수"},
    {"number the members", "원소를 정수로 적으십시오"},
    {"the years lie outside what a calendar holds", "연도가 달력의 범위를 벗어납니다"},
    {"the years {} to {}", "{0}년부터 {1}년까지"},
    {"write the years of the plan", "계획하는 연도를 적으십시오"},
    {"the years do not follow each other at even distances", "연도의 간격이 고르지 않습니다"},
    {"the year {} after {}", "{1}년 다음에 {0}년"},
    {"the member {} after {}", "원소 {1} 다음에 {0}"},
    {"add the years between them, or leave some out", "사이의 연도를 추가하거나 일부를 빼십시오"},
    {"the members of set {} do not count on", "{0} 집합의 원소가 연속된 수가 아닙니다"},
    {"consecutive numbers", "연속된 정수"},
    {"number the members 1 2 3", "원소를 1 2 3처럼 적으십시오"},
    {"{} has neither a default nor all its values", "{0} 매개변수에 기본값이 없고 값도 모자랍니다"},
    {"{} of {} values", "값 {1}개 가운데 {0}개"},
    {"all values, or a default", "모든 값 또는 기본값"},
    {"write param {} default {} :=", "param {0} default {1} :=로 적으십시오"},
    {"{}[{}] has two values", "{0}[{1}] 값이 둘입니다"},
    {"one value", "값 하나"},
    {"{} has a value for '{}', which is not in set {}", "{0} 매개변수에 {2} 집합에 없는 '{1}'의 값이 있습니다"},
    {"a member of {}", "{0} 집합의 원소"},
    {"add it to the set, or delete the value", "집합에 추가하거나 값을 지우십시오"},
    {"the data have no {}", "데이터에 {0} 매개변수가 없습니다"},
    {"its values, or a default", "값 또는 기본값"},
    {"add param {} with its values", "param {0} 줄과 값을 추가하십시오"},
    {"UDC, users' own constraints, cannot be carried over: versions of the model differ in what UDCTag means",
     "사용자 제약 UDC는 옮길 수 없습니다: UDCTag의 뜻이 모형의 판마다 다릅니다"},
    {"{} constraints", "제약 {0}개"},
    {"no members of UDC", "원소가 없는 UDC"},
    {"empty the set, and write the constraints as [limit.NAME] into the scenario",
     "집합을 비우고 제약을 시나리오에 [limit.NAME]으로 적으십시오"},
    {"YearSplit[{},{}] leaves the time slice no time", "YearSplit[{0},{1}] 값이 시간대에 시간을 주지 않습니다"},
    {"write its share of the year, or delete the slice", "한 해에서 차지하는 비율을 적거나 시간대를 지우십시오"},
    {"the time slices of {} do not make a year", "{0}년의 시간대를 합해도 한 해가 되지 않습니다"},
    {"write shares that sum to 1", "합이 1이 되도록 적으십시오"},
    // folders
    {"'{}' has no file of a set or parameter of OSeMOSYS", "'{0}'에 OSeMOSYS의 집합이나 매개변수 파일이 없습니다"},
    {"files such as REGION.csv and CapitalCost.csv", "REGION.csv, CapitalCost.csv 같은 파일"},
    {"name the folder that otoole wrote, or a text of data", "otoole이 쓴 폴더나 데이터 파일을 지정하십시오"},
    {"'{}' is not UTF-8", "'{0}' 파일이 UTF-8이 아닙니다"},
    {"save it as UTF-8", "UTF-8로 저장하십시오"},
    // what the scenario cannot hold
    {"TradeRoute links {} with {} for {} in {} one way only",
     "TradeRoute가 {3}년 {2} 연료에 대해 {0} 지역과 {1} 지역을 한 방향으로만 잇습니다"},
    {"the same link from the other side", "반대 방향의 같은 연결"},
    {"write the route both ways, or delete it", "양방향으로 적거나 지우십시오"},
    {"storage {} has no time: SEASON, DAYTYPE or DAILYTIMEBRACKET has no members",
     "{0} 저장 설비에 시간이 없습니다: SEASON, DAYTYPE, DAILYTIMEBRACKET 가운데 원소가 없는 집합이 있습니다"},
    {"one member or more of each", "집합마다 원소 하나 이상"},
    {"add the sets, and Conversionls, Conversionld and Conversionlh",
     "집합과 Conversionls, Conversionld, Conversionlh를 추가하십시오"},
    {"CapacityOfOneTechnologyUnit of {} changes over the years",
     "{0} 기술의 CapacityOfOneTechnologyUnit 값이 해마다 다릅니다"},
    {"one size for all years", "모든 해에 같은 크기"},
    {"split the technology into one for each size", "크기마다 기술을 나누십시오"},
    {"{} in {} can run idle in mode {}, which counts for its least activity",
     "{1} 지역의 {0} 기술은 {2}번 방식으로 헛돌아도 최소 활동량을 채웁니다"},
    {"a mode with an input, an output or an emission", "투입, 산출 또는 배출이 있는 방식"},
    {"to forbid it, delete the mode's process in the scenario", "금지하려면 시나리오에서 그 방식의 공정을 지우십시오"},
});

}  // namespace

std::span<const KoreanText> korean_osemosys_texts() {
  return kTexts;
}

}  // namespace beltline
