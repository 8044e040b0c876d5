// Texts of the engines of a fleet in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // cells of a trace; the first word is the column's name
    {"is no priority", "우선순위가 아닙니다"},
    {"{} is no priority", "{0} 값이 우선순위가 아닙니다"},
    {"a whole number from 0 to {}", "0에서 {0}까지의 정수"},
    {"write 0 for who goes first", "가장 먼저 처리할 요청에 0을 적으십시오"},
    // [engine.NAME]
    {"engine '{}' sets what another has set", "엔진 '{0}'이(가) 다른 엔진이 이미 정한 것을 다시 정합니다"},
    {"leave one of them out, or name another model", "하나를 지우거나 다른 모델을 적으십시오"},
    {"engine '{}' decodes more tokens than a step has",
     "엔진 '{0}'이(가) 디코딩하는 토큰이 한 스텝의 토큰보다 많습니다"},
    {"at least {}, sequences_max times one and draft_tokens", "sequences_max × (1 + draft_tokens)인 {0} 이상"},
    {"raise step_tokens_max, or lower sequences_max or draft_tokens",
     "step_tokens_max를 올리거나 sequences_max 또는 draft_tokens를 낮추십시오"},
    // [split.NAME]
    {"the fleet has no site '{}'", "플릿에 사이트 '{0}'이(가) 없습니다"},
    {"name a site of the fleet", "플릿에 있는 사이트를 적으십시오"},
    {"split '{}' splits what another has split", "분리 '{0}'이(가) 다른 분리가 이미 나눈 것을 다시 나눕니다"},
    {"leave one of them out, or name another site or model", "하나를 지우거나 다른 사이트나 모델을 적으십시오"},
    {"split '{}' splits static batches of '{}'", "분리 '{0}'이(가) '{1}'의 정적 배치를 나눕니다"},
    {"batches that sequences may join when their keys and values arrive",
     "키와 값이 도착한 시퀀스가 들어갈 수 있는 배치"},
    {"leave out static_batches, or the split", "static_batches나 분리를 지우십시오"},
    {"site '{}' has one replica of '{}' and cannot split it",
     "사이트 '{0}'에는 '{1}'의 복제본이 하나뿐이어서 나눌 수 없습니다"},
    {"{} replicas on '{}'", "'{1}' 위의 복제본 {0}개"},
    {"at least 2, one to prefill and one to decode", "프리필용 하나와 디코딩용 하나, 적어도 2개"},
    {"add racks, raise the model's share, or name other sites with `site`",
     "랙을 늘리거나 모델의 몫을 올리거나 `site`로 다른 사이트를 적으십시오"},
    {"how large keys and values of '{}' are is not known", "'{0}'의 키와 값의 크기를 알 수 없습니다"},
    {"token_size beside a replica that was measured", "측정된 복제본에는 token_size"},
    {"write token_size = \"160 kB\"", "token_size = \"160 kB\"처럼 적으십시오"},
    // --engines
    {"--engines is for a run", "--engines는 실행 결과에만 쓸 수 있습니다"},
    {"a fleet's file", "플릿 파일"},
    {"[engine.NAME] and [split.NAME] in that file", "그 파일 안의 [engine.NAME]과 [split.NAME]"},
    {"write them there, or include the file: include = [\"engines.toml\"]",
     "그 파일에 적거나 파일을 포함하십시오: include = [\"engines.toml\"]"},
    {"of a run: TOML file of [engine.NAME] and [split.NAME], how its engines work",
     "실행 결과용: 엔진이 어떻게 도는지 적은 [engine.NAME]과 [split.NAME]의 TOML 파일"},
});

}  // namespace

std::span<const KoreanText> korean_engine_texts() {
  return kTexts;
}

}  // namespace beltline
