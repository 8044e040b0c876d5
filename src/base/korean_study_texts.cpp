// Texts of branches and studies in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // branches
    {"branch '{}' goes on from itself through its parents", "branch '{0}' 항목이 parent를 거쳐 자신에게 돌아옵니다"},
    {"parents that end at a branch without one", "parent가 없는 branch로 끝나는 계보"},
    {"leave out the parent of the branch that comes first", "가장 앞서는 branch의 parent를 지우십시오"},
    {"branch '{}' parts in {}, outside the horizon", "branch '{0}' 항목이 계획 기간 밖인 {1}에 갈라집니다"},
    {"move it into the horizon, or leave the branch out", "계획 기간 안으로 옮기거나 branch를 지우십시오"},
    {"branches '{}' and '{}' part from each other at different months",
     "branch '{0}', '{1}' 항목이 서로 다른 달에 갈라집니다"},
    {"one month at which all branches of a parent part", "같은 parent의 branch가 모두 갈라지는 한 달"},
    {"give both the same from, or make one the parent of a further branch",
     "from을 같게 하거나, 한쪽을 다른 branch의 parent로 만드십시오"},
    {"branch '{}' parts no later than its parent '{}'", "branch '{0}' 항목이 parent '{1}'보다 늦게 갈라지지 않습니다"},
    {"a later month than the parent's", "parent보다 늦은 달"},
    {"move it later, or leave out its parent", "더 늦은 달로 옮기거나 parent를 지우십시오"},
    {"the probabilities of branch '{}' and its siblings add up to {}",
     "branch '{0}' 항목과 형제 branch의 확률을 더하면 {1}입니다"},
    {"less than 1, so that something is left for those without one", "1 미만 (확률이 없는 branch의 몫이 남아야 함)"},
    {"change one of them, or leave one out: it then gets what is left",
     "하나를 고치거나 지우십시오. 지운 branch는 나머지를 갖습니다"},
    {"[risk] weighs costs, and the objective is another", "[risk]는 비용을 다루는데 목적 함수가 비용이 아닙니다"},
    {"kind = \"min_cost\" in [objective]", "[objective]의 kind = \"min_cost\""},
    {"plan for min_cost, or set cvar_weight to 0", "min_cost로 계획하거나 cvar_weight를 0으로 하십시오"},
    {"branch '{}' changes the network itself: {}", "branch '{0}' 항목이 네트워크 자체를 바꿉니다: {1:t}"},
    {"values of what is there in every branch", "모든 branch에 있는 것의 값"},
    {"write what differs into the scenario, and let the branches change its values",
     "달라지는 것을 시나리오에 적고 branch에서는 값만 바꾸십시오"},
    {"the calendar", "달력"},
    {"the objective", "목적 함수"},
});

}  // namespace

std::span<const KoreanText> korean_study_texts() {
  return kTexts;
}

}  // namespace beltline
