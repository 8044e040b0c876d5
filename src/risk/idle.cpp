#include "risk/idle.h"

#include <algorithm>

namespace beltline {

std::vector<IdleRange> idle_of(std::vector<IdleRange> ranges, const Play& play, const std::vector<char>& is_reached) {
  for (std::size_t s = 0; s < play.chances.sources.size(); ++s) {
    if (is_reached[s] != 0) continue;
    const Source& source = play.chances.sources[s];
    // a range that a correlation names is a source, moved or not
    const auto is_same = [&](const IdleRange& each) { return each.source.name == source.name; };
    if (std::ranges::any_of(ranges, is_same)) continue;
    // what is asked for the plan has met or left unserved already: the play does not look at it
    const auto is_played = [&](const Influence& each) {
      return each.source == static_cast<int>(s) && each.aspect != Aspect::demand;
    };
    const bool may_be_played = std::ranges::any_of(play.chances.influences, is_played);
    ranges.push_back({source, may_be_played ? IdleReason::not_planned : IdleReason::kept_by_plan});
  }
  return ranges;
}

std::string reason_words(IdleReason reason, Language language) {
  const bool is_korean = language == Language::korean;
  switch (reason) {
    case IdleReason::kept_by_plan:
      return is_korean ? "계획이 지킨 값이라 실행에서는 보지 않음"
                       : "the plan has kept it; the play does not look at it";
    case IdleReason::structure: return is_korean ? "무엇이 있는지를 정하는 값" : "it decides what there is";
    case IdleReason::refused:
      return is_korean ? "범위의 끝을 시나리오가 받지 않음" : "the scenario refuses an end of the range";
    case IdleReason::nothing_yet:
      return is_korean ? "계획한 값이 0이라 배율이 없음" : "planned with nothing of it, so that no factor leads there";
    case IdleReason::not_planned:
      return is_korean ? "이 계획이 쓰지 않는 것에만 닿음" : "this plan makes no use of what it moves";
  }
  return "";
}

}  // namespace beltline
