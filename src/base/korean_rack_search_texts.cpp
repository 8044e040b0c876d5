// Texts of questions to a rack in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"the name of a model, or its config.json", "모델 이름 또는 config.json"},
    {"the config.json of a model, as transformers writes it", "transformers 형식의 모델 config.json"},
    {"give another file, or the name of a model that is known", "다른 파일이나 알려진 모델 이름을 적으십시오"},
    {"a time above 0 with its unit: us, ms, s, min or h", "단위가 붙은 0보다 긴 시간 (us, ms, s, min, h)"},
    {"write 2s or 50ms", "2s 또는 50ms처럼 적으십시오"},
    {"option {} is missing", "{0} 옵션이 없습니다"},
    {"a number of tokens", "토큰 수"},
    {"model of service '{}' is a file", "service '{0}' 항목의 model이 파일입니다"},
    {"the name of a model that the performance model knows", "성능 모델이 아는 모델 이름"},
    {"ask `beltline perf` what this file yields, and name the model here that comes closest",
     "이 파일의 성능은 `beltline perf`로 구하고, 여기에는 가장 가까운 모델 이름을 적으십시오"},
    {"no rack of accelerator '{}' is known", "가속기 '{0}'(으)로 된 랙을 알지 못합니다"},
    {"add one to racks.csv of a catalogue, or name one of {}",
     "카탈로그의 racks.csv에 랙을 더하거나 다음 가운데 하나를 적으십시오: {0}"},
    {"prompt and answer are longer than the context of '{}'", "프롬프트와 답이 '{0}' 모델의 컨텍스트보다 깁니다"},
    {"at most {} tokens together", "합쳐서 최대 {0}토큰"},
    {"shorten them by {} tokens", "{0}토큰 줄이십시오"},
    {"rack '{}' has no accelerators", "랙 '{0}'에 가속기가 없습니다"},
    {"write how many stand in it", "몇 개인지 적으십시오"},
    {"prompt and answer of service '{}' are longer than its model's context",
     "service '{0}' 항목의 프롬프트와 답이 모델의 컨텍스트보다 깁니다"},
    {"lower input_tokens or output_tokens, or name another model",
     "input_tokens나 output_tokens를 줄이거나 다른 모델을 적으십시오"},
    {"rack '{}' and '{}' have different numbers of accelerators", "rack '{0}' 항목과 '{1}'의 가속기 수가 다릅니다"},
    {"name the rack that it is in perf, or change accelerators", "perf에 맞는 랙을 적거나 accelerators를 고치십시오"},
    {"rack '{}' does not reach the service level of service '{}'",
     "rack '{0}' 항목은 service '{1}' 항목의 서비스 수준에 이르지 못합니다"},
    {"at least TTFT {} s, TPOT {} ms", "최소 TTFT {0} s, TPOT {1} ms"},
    {"raise ttft_max or tpot_max, or leave perf out of this rack",
     "ttft_max나 tpot_max를 올리거나 이 랙에서 perf를 빼십시오"},
    {"service '{}' serves a model, and rack '{}' does not say what it is",
     "service '{0}' 항목은 모델을 서비스하는데 rack '{1}' 항목에 perf가 없습니다"},
    {"perf, the rack's name in the performance model", "성능 모델의 랙 이름인 perf"},
    {"perf = \"gb300-nvl72\"", "perf = \"gb300-nvl72\""},
    {"service '{}' serves a model and has no {}", "service '{0}' 항목에 model은 있는데 {1} 키가 없습니다"},
    {"tokens of a prompt and of an answer", "프롬프트와 답의 토큰 수"},
    {"{} = \"1000 token\"", "{0} = \"1000 token\""},
    {"model or active_parameters", "model 또는 active_parameters"},
});

}  // namespace

std::span<const KoreanText> korean_rack_search_texts() {
  return kTexts;
}

}  // namespace beltline
