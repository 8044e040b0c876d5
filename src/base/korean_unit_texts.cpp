// Texts of units that start, stop and ramp in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"{} of process '{}' needs slices, and the process has one value a period",
     "'{1}' 공정은 기간마다 값이 하나뿐이라 {0} 키에 필요한 시간대가 없습니다"},
    {"a place told in outline", "개요로만 적은 장소"},
    {"a rate at a place that is not told in outline", "개요로 적지 않은 장소의 비율량"},
    {"leave out this key, or write grain = \"rate\" and another place",
     "이 키를 빼거나, grain = \"rate\"와 다른 장소를 적으십시오"},
    {"process '{}' has units or ramps but nothing to size them by",
     "'{0}' 공정에 호기나 증감발 한도가 있으나 크기의 기준이 없습니다"},
    {"neither uses nor unit_size", "uses도 unit_size도 없음"},
    {"a capacity that it runs on, or the size of its one unit", "공정이 쓰는 용량, 또는 하나뿐인 호기의 크기"},
    {"write uses = [{capacity = \"NAME\"}], or unit_size",
     "uses = [{capacity = \"NAME\"}] 또는 unit_size를 적으십시오"},
    {"process '{}' has units or ramps, but no constant use of its capacity",
     "'{0}' 공정에 호기나 증감발 한도가 있으나 용량을 쓰는 양(use)이 일정하지 않습니다"},
    {"a use that varies or is not positive", "변하거나 양수가 아닌 use"},
    {"one positive number", "양수 하나"},
    {"write use as one number, and let the availability of the capacity vary",
     "use는 수 하나로 적고, 변하는 것은 용량의 availability로 적으십시오"},
    {"process '{}' counts {} in slices and {} in hours", "'{0}' 공정의 {1} 값은 시간대 수이고 {2} 값은 시간입니다"},
    {"both", "둘 다"},
    {"all of min_up, min_down and on_before in hours, or all as plain numbers",
     "min_up, min_down, on_before 모두 시간으로, 또는 모두 단위 없는 수로"},
    {"write them in one unit", "한 가지 단위로 적으십시오"},
    {"process '{}' is cyclic and has {}", "'{0}' 공정은 순환(cyclic)인데 {1} 값이 있습니다"},
    {"carry = \"open\", or no state before", "carry = \"open\", 또는 이전 상태 없음"},
    {"write carry = \"open\", or leave out the state before", "carry = \"open\"으로 적거나 이전 상태를 빼십시오"},
    {"units of process '{}' were off and on before", "'{0}' 공정의 호기가 이전에 꺼져 있으면서 켜져 있습니다"},
    {"0, or a positive on_before", "0, 또는 양수인 on_before"},
    {"write how long they had been on, or units_before = 0", "켜져 있던 시간을 적거나 units_before = 0으로 적으십시오"},
    {"process '{}' ran before with all units off", "'{0}' 공정은 모든 호기가 꺼진 채로 이전에 돌았습니다"},
    {"leave out level_before, or write a positive on_before", "level_before를 빼거나 양수인 on_before를 적으십시오"},
    {"process '{}' has a level before, but not the units that were on",
     "'{0}' 공정에 이전 가동량은 있으나 켜져 있던 호기가 없습니다"},
    {"level_before without on_before", "on_before 없는 level_before"},
    {"on_before or units_before besides", "on_before나 units_before도 함께"},
    {"write how long the units had been on, or how many were", "호기가 켜져 있던 시간이나 그 수를 적으십시오"},
    {"processes '{}' and '{}' both start and stop units of '{}'",
     "'{0}', '{1}' 두 공정이 '{2}' 용량의 호기를 함께 켜고 끕니다"},
    {"one capacity", "용량 하나"},
    {"a capacity for each", "공정마다 용량 하나"},
    {"split the capacity, or let only one of them have units", "용량을 나누거나, 한 공정에만 호기를 두십시오"},
    {"process '{}' starts and stops one unit that may become any size",
     "'{0}' 공정이 켜고 끄는 호기 하나의 크기에 한도가 없습니다"},
    {"capacity '{}' without total_max", "total_max 없는 '{0}' 용량"},
    {"a unit_size, or a total_max of the capacity", "unit_size, 또는 용량의 total_max"},
    {"write unit_size, or the most that can be built as total_max",
     "unit_size를 적거나, 지을 수 있는 최대량을 total_max로 적으십시오"},
    {"min_load of process '{}' is negative, and its one unit may become any size",
     "'{0}' 공정의 min_load 값이 음수인데, 하나뿐인 호기의 크기가 정해져 있지 않습니다"},
    {"0 or more, or a unit_size", "0 이상, 또는 unit_size"},
    {"write unit_size", "unit_size를 적으십시오"},
    {"capacity '{}' is no whole number of units in {}", "'{0}' 용량이 {1}에 호기 수의 정수배가 아닙니다"},
    {"{} units of this size", "이 크기의 호기 {0}개"},
    {"write another unit_size; what is left beside whole units stands idle",
     "unit_size를 달리 적으십시오. 정수배를 넘는 나머지는 쓰이지 않습니다"},
});

}  // namespace

std::span<const KoreanText> korean_unit_texts() {
  return kTexts;
}

}  // namespace beltline
