// Texts of the performance of replicas in Korean.
#include <array>

#include "base/korean.h"

namespace beltline {
namespace {

constexpr auto kTexts = std::to_array<KoreanText>({
    {"no coefficients of generation '{}' are known, which accelerator '{}' is of",
     "가속기 '{1}'의 세대 '{0}'에 맞는 계수가 없습니다"},
    {"give the accelerator the generation whose kernels it runs",
     "가속기의 generation에 실제로 쓰는 커널의 세대를 적으십시오"},
    {"engine '{}' does not run on accelerator '{}'", "엔진 '{0}'은(는) 가속기 '{1}'에서 실행되지 않습니다"},
    {"choose one of these engines", "이 엔진 가운데 하나를 고르십시오"},
    {"accelerator '{}' does not compute dense layers in {}",
     "가속기 '{0}'은(는) 일반 층을 {1} 형식으로 계산하지 못합니다"},
    {"accelerator '{}' does not compute experts in {}",
     "가속기 '{0}'은(는) 전문가 층을 {1} 형식으로 계산하지 못합니다"},
    {"accelerator '{}' does not compute attention in {}", "가속기 '{0}'은(는) 어텐션을 {1} 형식으로 계산하지 못합니다"},
    {"a number format that the chip computes in", "칩이 계산할 수 있는 수 형식"},
    {"choose another format, or set weights_only: weights are then widened to bf16 as they are read",
     "다른 형식을 고르거나 weights_only를 켜십시오. 그러면 가중치를 읽으면서 bf16으로 넓혀 계산합니다"},
    {"choose another format", "다른 형식을 고르십시오"},
    {"{} of the parallelism is {}", "병렬화의 {0} 값이 {1}입니다"},
    {"1 or more", "1 이상"},
    {"write 1 for no split", "나누지 않으면 1을 적으십시오"},
    {"{} attention heads cannot be divided over {}", "어텐션 헤드 {0}개를 {1}개로 나눌 수 없습니다"},
    {"a whole number", "정수"},
    {"choose a tensor parallelism that divides the heads", "헤드 수를 나누어떨어지게 하는 텐서 병렬 수를 고르십시오"},
    {"{} key-value heads cannot be divided over {}", "키-값 헤드 {0}개를 {1}개로 나눌 수 없습니다"},
    {"choose a tensor parallelism that divides the key-value heads, or that they divide",
     "키-값 헤드 수의 약수나 배수인 텐서 병렬 수를 고르십시오"},
    {"there are more stages of the pipeline than layers", "파이프라인 단계가 층보다 많습니다"},
    {"1 to {}", "1에서 {0}까지"},
    {"choose fewer stages", "단계를 줄이십시오"},
    {"model '{}' has no experts to spread", "모델 '{0}'에는 나눌 전문가가 없습니다"},
    {"1 for each of them", "각각 1"},
    {"use several replicas in place of copies of attention", "어텐션 복제 대신 복제본을 여러 개 쓰십시오"},
    {"{} experts cannot be divided over {}", "전문가 {0}개를 {1}개로 나눌 수 없습니다"},
    {"choose an expert parallelism that divides the experts",
     "전문가 수를 나누어떨어지게 하는 전문가 병렬 수를 고르십시오"},
    {"an expert's inner size of {} cannot be divided over {}", "전문가 내부 크기 {0}을(를) {1}개로 나눌 수 없습니다"},
    {"choose an expert_tensor that divides the inner size",
     "내부 크기를 나누어떨어지게 하는 expert_tensor를 고르십시오"},
    {"attention and experts are split over different numbers of accelerators",
     "어텐션과 전문가를 나눈 가속기 수가 서로 다릅니다"},
    {"{} and {}", "{0}, {1}"},
    {"change one of the four", "넷 중 하나를 고치십시오"},
    {"memory_share is {}", "memory_share 값이 {0}입니다"},
    {"write 0.9", "0.9라고 적으십시오"},
    {"model '{}' does not fit into the memory of '{}'", "모델 '{0}'이(가) '{1}'의 메모리에 들어가지 않습니다"},
    {"{} GB of weights and work space on an accelerator", "가속기 하나에 가중치와 작업 공간 {0} GB"},
    {"less than {} GB", "{0} GB 미만"},
    {"split the model over more accelerators, or store it in smaller numbers",
     "모델을 더 많은 가속기에 나누거나 더 작은 수 형식으로 저장하십시오"},
});

}  // namespace

std::span<const KoreanText> korean_perf_texts() {
  return kTexts;
}

}  // namespace beltline
