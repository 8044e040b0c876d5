// Texts of the chain from wafer to rack in Korean: yields, base dies, bills of materials, suppliers, customers.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // yields
    {"product '{}' does not say how many of its dies are good", "'{0}' 제품에 양품 다이의 비율이 없습니다"},
    {"one of yield, defect_density and learning", "yield, defect_density, learning 가운데 하나"},
    {"add yield = 0.8", "추가하십시오: yield = 0.8"},
    {"product '{}' tells its yield in more than one way", "'{0}' 제품의 수율을 두 가지 이상으로 적었습니다"},
    {"{} and {}", "{0}, {1}"},
    {"leave out {}", "{0} 키를 빼십시오"},
    {"{} of product '{}' has no effect without {}", "'{1}' 제품의 {0} 키는 {2} 없이 효과가 없습니다"},
    {"product '{}' has defects but no yield_model", "'{0}' 제품에 결함은 있으나 yield_model이 없습니다"},
    {"poisson, murphy, seeds or negative_binomial", "poisson, murphy, seeds, negative_binomial 가운데 하나"},
    {"add yield_model = \"murphy\"", "추가하십시오: yield_model = \"murphy\""},
    {"product '{}' does not say how its defects cluster", "'{0}' 제품에 결함의 군집 정도가 없습니다"},
    {"clustering, the alpha of the model", "모형의 알파인 clustering"},
    {"add clustering = 2, or write yield_model = \"murphy\"",
     "clustering = 2를 추가하거나 yield_model = \"murphy\"로 적으십시오"},
    {"the critical area of product '{}' is larger than its die", "'{0}' 제품의 임계 면적이 다이보다 큽니다"},
    {"at most die_area, {} mm2", "die_area({0} mm2) 이하"},
    {"write a smaller critical_area, or leave it out", "critical_area를 더 작게 적거나 빼십시오"},
    {"learning of product '{}' is empty", "'{0}' 제품의 learning이 비어 있습니다"},
    {"a table with from, start, mature and time_constant", "from, start, mature, time_constant가 있는 표"},
    {"write how its defects become fewer, or yield = 0.8", "결함이 줄어드는 방식을 적거나 yield = 0.8로 적으십시오"},
    {"defects of product '{}' become more while it learns", "'{0}' 제품의 결함이 학습하면서 늘어납니다"},
    {"{} per cm2", "cm2당 {0}"},
    {"at most start, {} per cm2", "start(cm2당 {0}) 이하"},
    {"exchange start and mature", "start와 mature를 서로 바꾸십시오"},
    {"product '{}' learns in no time", "'{0}' 제품의 학습 시간이 0입니다"},
    {"a time longer than 0", "0보다 긴 시간"},
    {"write the months after which 63 % is learnt, or defect_density alone",
     "63 %를 학습할 때까지의 개월 수를 적거나 defect_density만 적으십시오"},
    {"two curves of learning of product '{}' begin in one month",
     "'{0}' 제품의 learning 곡선 둘이 같은 달에 시작합니다"},
    {"one curve a month", "한 달에 곡선 하나"},
    {"family of product '{}' is no word", "'{0}' 제품의 family가 단어가 아닙니다"},
    {"small letters and digits", "소문자와 숫자"},
    {"write family = \"hbm\" or family = \"ddr5\"", "family = \"hbm\" 또는 family = \"ddr5\"로 적으십시오"},
    // base dies
    {"base die '{}' needs either dies_per_wafer or die_area",
     "'{0}' 베이스 다이에는 dies_per_wafer와 die_area 가운데 하나가 필요합니다"},
    {"leave out dies_per_wafer", "dies_per_wafer를 빼십시오"},
    {"add dies_per_wafer = 400", "추가하십시오: dies_per_wafer = 400"},
    {"no base die '{}' fits on its wafer", "'{0}' 베이스 다이가 웨이퍼에 들어가지 않습니다"},
    {"no line of a stack takes base die '{}'", "'{0}' 베이스 다이를 쓰는 적층 라인이 없습니다"},
    {"base_die = \"{}\" in a line of a stack", "적층 라인의 base_die = \"{0}\""},
    {"name it in a line of a stack, or leave it out", "적층 라인에 적거나 이 항목을 빼십시오"},
});

}  // namespace

std::span<const KoreanText> korean_chain_texts() {
  return kTexts;
}

}  // namespace beltline
