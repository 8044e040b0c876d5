// Texts of training runs and of support desks, in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    // jobs
    {"{} is {}, expected a whole number from 1", "{0} 값이 {1}입니다. 1 이상의 정수여야 합니다"},
    {"zero is {}, expected 0, 1, 2 or 3", "zero 값이 {0}입니다. 0, 1, 2, 3 가운데 하나여야 합니다"},
    {"tensor is {}, which does not divide the {} heads of {}",
     "tensor 값 {0}이(가) {2}의 헤드 {1}개를 나누지 못합니다"},
    {"pipeline · interleave is {}, more than the {} layers of {}",
     "pipeline · interleave 값 {0}이(가) {2}의 층 {1}개보다 많습니다"},
    {"interleave needs a pipeline of more than one stage", "interleave에는 둘 이상의 파이프라인 단계가 필요합니다"},
    {"expert is {}, but {} has no experts", "expert 값이 {0}이지만 {1}에는 전문가가 없습니다"},
    {"expert is {}, which does not divide the {} experts of {}",
     "expert 값 {0}이(가) {2}의 전문가 {1}개를 나누지 못합니다"},
    {"expert is {}, which does not divide data {}", "expert 값 {0}이(가) data 값 {1}을(를) 나누지 못합니다"},
    {"sequence is {} tokens, longer than the {} of {}", "시퀀스 길이 {0}토큰이 {2}의 최대 길이 {1}보다 깁니다"},
    {"context is {}, which does not divide the sequence of {}",
     "context 값 {0}이(가) 시퀀스 길이 {1}을(를) 나누지 못합니다"},
    {"batch is {} sequences, no multiple of data · micro-batch, {}",
     "배치 {0}시퀀스가 data · micro-batch 값 {1}의 배수가 아닙니다"},
    {"{} micro-batches are no multiple of the {} stages, which interleave needs",
     "마이크로배치 {0}개가 단계 수 {1}의 배수가 아닙니다. interleave에 필요합니다"},
    {"{} does not compute in {}", "{0:t} 가속기는 {1} 연산을 하지 못합니다"},
    {"pipeline is {}, but {} has no stages", "pipeline 값이 {0}이지만 {1} 엔진에는 단계가 없습니다"},
    {"interleave is {}, but {} has whole stages only", "interleave 값이 {0}이지만 {1} 엔진은 단계를 나누지 않습니다"},
    {"a step has {} micro-batches, but {} takes one",
     "한 스텝의 마이크로배치가 {0}개이지만 {1} 엔진은 하나만 받습니다"},
    {"no split of {} accelerators is possible with what is asked for",
     "요청한 조건으로는 가속기 {0}대를 나눌 수 없습니다"},
    {"{} does not fit on {} of {}, however it is split: the leanest of {} ways needs {} GB of {} GB",
     "{0} 모델은 어떻게 나누어도 {2} {1}대에 들어가지 않습니다. {3}가지 가운데 가장 작은 것이 {5} GB 중 {4} GB를 "
     "씁니다"},
    // the command
    {"no model '{}' is known", "'{0}' 모델을 알지 못합니다"},
    {"the name of a model", "모델 이름"},
    {"no rack or accelerator '{}' is known", "'{0}' 랙이나 가속기를 알지 못합니다"},
    {"the name of a rack, a server or an accelerator", "랙, 서버 또는 가속기 이름"},
    {"no engine '{}' is known", "'{0}' 엔진을 알지 못합니다"},
    {"the name of a framework", "프레임워크 이름"},
    {"known are {}", "알려진 것: {0}"},
    {"option --accelerators is missing", "--accelerators 옵션이 없습니다"},
    {"a number of accelerators", "가속기 수"},
    {"write --accelerators 1024, or --fleet 0:1024,30:2048",
     "--accelerators 1024 또는 --fleet 0:1024,30:2048처럼 적으십시오"},
    {"option --tokens is missing", "--tokens 옵션이 없습니다"},
    {"a number of tokens above 0", "0보다 큰 토큰 수"},
    {"write --tokens 15.6e12", "--tokens 15.6e12처럼 적으십시오"},
    {"DAY:ACCELERATORS, more of them behind commas, the first of day 0, days rising",
     "날짜:가속기 수. 쉼표로 이어 적고, 첫 날짜는 0, 날짜는 커지는 순서"},
    {"write 0:8192,60:16384", "0:8192,60:16384처럼 적으십시오"},
    {"the run would take {} years", "학습에 {0}년이 걸립니다"},
    {"at most {} years", "최대 {0}년"},
    {"take more accelerators or fewer tokens; where it is always down, let it find failures and start sooner",
     "가속기를 늘리거나 토큰을 줄이십시오. 늘 멈춰 있다면 장애 감지와 재시작을 앞당기십시오"},
    {"runs with {} interruptions each take too long to play", "중단이 {0}회씩인 실행은 모의 시간이 너무 깁니다"},
    {"at most {} interruptions in all", "모두 합해 중단 {0}회 이하"},
    {"play fewer runs, or a shorter one", "실행 수를 줄이거나 더 짧은 실행으로 하십시오"},
    // support desks
    {"desk '{}' closes before it opens", "'{0}' 데스크가 문을 열기 전에 닫습니다"},
    {"a closing_hour after the opening_hour", "opening_hour보다 늦은 closing_hour"},
    {"a desk around the clock is open from 0 to 24", "하루 종일 여는 데스크는 0부터 24까지입니다"},
    {"a shift of desk '{}' is no whole number of hours", "'{0}' 데스크의 근무 시간이 정수 시간이 아닙니다"},
    {"seats '{}' have segments and a {} beside them", "'{0}' 좌석에 segment가 있는데 {1} 값이 또 있습니다"},
    {"seats '{}' have no {}", "'{0}' 좌석에 {1} 값이 없습니다"},
    {"demand and price, or segments that have their own", "demand와 price, 또는 각자 값을 가진 segment"},
    {"leave it out: it follows from the segments", "지우십시오. segment에서 계산됩니다"},
    {"add it, or [[seats.{}.segment]]", "값을 더하거나 [[seats.{0}.segment]]를 더하십시오"},
    {"seats '{}' say what an active user's day takes twice",
     "'{0}' 좌석이 활성 사용자의 하루 사용량을 두 번 적었습니다"},
    {"seats '{}' do not say what an active user's day takes", "'{0}' 좌석에 활성 사용자의 하루 사용량이 없습니다"},
    {"tokens_chat, or prompts and tokens_prompt", "tokens_chat, 또는 prompts와 tokens_prompt"},
    {"write tokens_chat = \"25000 token\", or prompts = 12 and tokens_prompt = \"2000 token\"",
     "tokens_chat = \"25000 token\" 또는 prompts = 12와 tokens_prompt = \"2000 token\"처럼 적으십시오"},
    {"1 h to 24 h, whole hours", "1 h부터 24 h까지의 정수 시간"},
});

}  // namespace

std::span<const KoreanText> korean_training_texts() {
  return kTexts;
}

}  // namespace beltline
