#include "training/report.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "training/coefficients.h"

namespace beltline::training {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kDay_s = 86400;
constexpr double kGB = 1e9;

/// Accelerator-seconds that were there, and rack-power of them.
struct Use {
  double accelerator_s = 0;
};

/// Over the mean calendar time of the run.
Use use_of(const TrainingReport& report) {
  const double end = report.outlook.elapsed_s.mean;
  Use use;
  for (std::size_t i = 0; i < report.fleet.size(); ++i) {
    const double from = report.fleet[i].from_days * kDay_s;
    const double to = i + 1 < report.fleet.size() ? report.fleet[i + 1].from_days * kDay_s : end;
    use.accelerator_s += static_cast<double>(report.fleet[i].accelerators) * std::max(0.0, std::min(to, end) - from);
  }
  return use;
}

class Words {
 public:
  Words(const TrainingReport& report, Language language) : r_(report), language_(language) {}

  std::string text() const {
    std::string out = head();
    for (std::size_t i = 0; i < r_.found.size(); ++i) out += stretch(i);
    return out + end();
  }

 private:
  template <class... Values>
  std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(language_ == Language::korean ? korean : english), values...);
  }

  [[nodiscard]] std::string head() const {
    const TrainingJob& job = r_.found.front().job;
    std::string out =
        tell("{} on {}: {:.3g} tokens, batches of {} sequences of {} tokens, {}\n",
             "{1}의 {0} 학습: 토큰 {2:.3g}개, 토큰 {4}개짜리 시퀀스 {3}개 배치, {5}\n", job.architecture.title,
             r_.rack.title, r_.tokens, job.batch, job.sequence, perf::name_of(job.precision));
    if (!r_.found.front().step.is_fitted) {
      out += tell("  no measured run of this accelerator and engine: shares of the peak are a guess for all\n",
                  "  이 가속기와 엔진의 측정값 없음: 최대 성능 대비 비율은 공통 추정치\n");
    }
    return out;
  }

  [[nodiscard]] std::string stretch(std::size_t i) const {
    const SplitFound& f = r_.found[i];
    const TrainingSplit& s = f.job.split;
    const StepTime& t = f.step.time;
    std::string out;
    if (r_.fleet.size() > 1) out += tell("from day {:g}\n", "{:g}일부터\n", r_.fleet[i].from_days);
    out += tell("  accelerators      {} of {} in use\n", "  가속기            {1}대 중 {0}대 사용\n", s.accelerators(),
                r_.fleet[i].accelerators);
    out += tell(
        "  split             tensor {} · pipeline {} × {} · data {} · expert {} · context {} · ZeRO {}, micro-batch "
        "{}, "
        "recompute {}\n",
        "  분할              텐서 {} · 파이프라인 {} × {} · 데이터 {} · 전문가 {} · 문맥 {} · ZeRO {}, 마이크로배치 "
        "{}, "
        "재계산 {}\n",
        s.tensor, s.pipeline, s.interleave, s.data, s.expert, s.context, s.zero, s.micro_batch,
        name_of(f.job.recompute));
    out += tell("  step              {:.3f} s, {:.3g} tokens/s, MFU {:.1f} % ({:.1f} % of bf16)\n",
                "  스텝              {:.3f}초, 초당 토큰 {:.3g}개, MFU {:.1f} % (bf16 기준 {:.1f} %)\n", t.step_s,
                t.tokens_per_s, 100 * t.mfu, 100 * t.mfu_bf16);
    return out + parts(t) + memory(f.step.memory) + failures(i);
  }

  [[nodiscard]] std::string parts(const StepTime& t) const {
    const auto share = [&](double seconds) { return 100 * seconds / t.step_s; };
    return tell(
        "                    products {:.1f} % · attention {:.1f} % · memory-bound {:.1f} % · tensor {:.1f} % · "
        "experts "
        "{:.1f} % · context {:.1f} %\n"
        "                    bubble {:.1f} % · between stages {:.1f} % · data group {:.1f} % · optimiser {:.1f} %; "
        "recomputed {:.1f} %\n",
        "                    행렬곱 {:.1f} % · 어텐션 {:.1f} % · 메모리 {:.1f} % · 텐서 통신 {:.1f} % · 전문가 통신 "
        "{:.1f} % · "
        "문맥 통신 {:.1f} %\n"
        "                    버블 {:.1f} % · 단계 간 전송 {:.1f} % · 데이터 통신 {:.1f} % · 옵티마이저 {:.1f} %, "
        "재계산분 "
        "{:.1f} %\n",
        share(t.busy.products), share(t.busy.attention), share(t.busy.memory), share(t.busy.tensor),
        share(t.busy.expert), share(t.busy.context), share(t.bubble_s), share(t.send_s), share(t.data_s),
        share(t.optimiser_s), share(t.again_s));
  }

  [[nodiscard]] std::string memory(const TrainingMemory& m) const {
    return tell(
        "  memory            {:.1f} of {:.1f} GB: weights {:.1f}, gradients {:.1f}, optimiser {:.1f}, activations "
        "{:.1f}, "
        "buffers {:.1f}\n",
        "  메모리            {1:.1f} GB 중 {0:.1f} GB: 가중치 {2:.1f}, 기울기 {3:.1f}, 옵티마이저 {4:.1f}, 활성값 "
        "{5:.1f}, 버퍼 "
        "{6:.1f}\n",
        m.total() / kGB, m.capacity / kGB, m.weights / kGB, m.gradients / kGB, m.optimiser / kGB, m.activations / kGB,
        m.buffers / kGB);
  }

  [[nodiscard]] std::string failures(std::size_t i) const {
    if (!r_.has_failures) return "";
    const double accelerators = r_.plan.phases[i].accelerators;
    const TimeShares& s = r_.closed[i];
    const double interval = r_.plan.interval_s > 0 ? r_.plan.interval_s : r_.intervals[i].best_s;
    return tell(
               "  failures          one in {:.1f} h; a checkpoint every {:.0f} s (best {:.0f}, Young {:.0f}, Daly "
               "{:.0f})\n",
               "  장애              {:.1f}시간에 1회, 체크포인트 {:.0f}초마다(최적 {:.0f}, Young {:.0f}, Daly "
               "{:.0f})\n",
               mean_time_between_s(r_.plan.rates, accelerators) / 3600, interval, r_.intervals[i].best_s,
               r_.intervals[i].young_s, r_.intervals[i].daly_s) +
           tell(
               "  goodput           {:.1f} %; checkpoints {:.1f} %, done again {:.1f} %, down {:.1f} %, waiting for "
               "repair {:.1f} "
               "%\n",
               "  유효 시간         {:.1f} %, 체크포인트 {:.1f} %, 재작업 {:.1f} %, 복구 {:.1f} %, 수리 대기 {:.1f} "
               "%\n",
               100 * s.useful, 100 * s.checkpoint, 100 * s.lost, 100 * s.down, 100 * s.waiting);
  }

  [[nodiscard]] std::string end() const {
    const RunOutlook& o = r_.outlook;
    std::string out;
    if (o.through_share < 1) {
      out +=
          tell("the run is not through: its fleet ends at no accelerators\n", "학습이 끝나지 않음: 가속기가 없어짐\n");
    }
    out += tell(
        "the run takes {:.1f} ± {:.1f} days (P10 {:.1f}, P90 {:.1f}), {:.0f} interruptions, goodput {:.1f} ± {:.1f} "
        "%\n",
        "소요 {:.1f} ± {:.1f}일(P10 {:.1f}, P90 {:.1f}), 중단 {:.0f}회, 유효 시간 {:.1f} ± {:.1f} %\n",
        o.elapsed_s.mean / kDay_s, o.elapsed_s.half_width / kDay_s, o.p10_elapsed_s / kDay_s, o.p90_elapsed_s / kDay_s,
        o.interruptions.mean, 100 * o.useful_share.mean, 100 * o.useful_share.half_width);
    out += tell("  energy {:.0f} MWh with cooling, {:.3g} USD", "  냉각 포함 에너지 {:.0f} MWh, {:.3g} USD",
                r_.energy_MWh(), r_.power_USD());
    if (r_.racks_USD() > 0) {
      out += tell("; racks {:.3g} USD; together {:.3g} USD\n", ", 랙 {:.3g} USD, 합계 {:.3g} USD\n", r_.racks_USD(),
                  r_.racks_USD() + r_.power_USD());
    } else {
      out += tell("; the price of the rack is not known\n", ", 랙 가격은 알려지지 않음\n");
    }
    return out;
  }

  const TrainingReport& r_;
  Language language_;
};

Json split_json(const TrainingJob& job) {
  const TrainingSplit& s = job.split;
  return {{"accelerators", s.accelerators()},
          {"tensor", s.tensor},
          {"pipeline", s.pipeline},
          {"interleave", s.interleave},
          {"data", s.data},
          {"expert", s.expert},
          {"context", s.context},
          {"zero", s.zero},
          {"micro_batch", s.micro_batch},
          {"sequence_parallel", s.sequence_parallel},
          {"recompute", name_of(job.recompute)}};
}

Json step_json(const StepTime& t) {
  return {{"step_s", t.step_s},
          {"tokens_per_s", t.tokens_per_s},
          {"flop", t.flop_model},
          {"mfu", t.mfu},
          {"mfu_bf16", t.mfu_bf16},
          {"products_s", t.busy.products},
          {"attention_s", t.busy.attention},
          {"memory_s", t.busy.memory},
          {"tensor_s", t.busy.tensor},
          {"expert_s", t.busy.expert},
          {"context_s", t.busy.context},
          {"bubble_s", t.bubble_s},
          {"bubble_share", t.bubble_share},
          {"send_s", t.send_s},
          {"data_s", t.data_s},
          {"optimiser_s", t.optimiser_s},
          {"recomputed_s", t.again_s}};
}

Json memory_json(const TrainingMemory& m) {
  return {{"weights_GB", m.weights / kGB},     {"gradients_GB", m.gradients / kGB},
          {"optimiser_GB", m.optimiser / kGB}, {"activations_GB", m.activations / kGB},
          {"buffers_GB", m.buffers / kGB},     {"all_GB", m.total() / kGB},
          {"capacity_GB", m.capacity / kGB}};
}

Json shares_json(const TimeShares& s) {
  return {
      {"useful", s.useful}, {"checkpoint", s.checkpoint}, {"lost", s.lost}, {"down", s.down}, {"waiting", s.waiting}};
}

Json stretch_json(const TrainingReport& report, std::size_t i) {
  const SplitFound& f = report.found[i];
  Json out = {{"from_days", report.fleet[i].from_days},
              {"accelerators", report.fleet[i].accelerators},
              {"split", split_json(f.job)},
              {"step", step_json(f.step.time)},
              {"memory", memory_json(f.step.memory)},
              {"fitted", f.step.is_fitted}};
  if (report.has_failures) {
    out["mean_time_between_interruptions_h"] =
        mean_time_between_s(report.plan.rates, report.plan.phases[i].accelerators) / 3600;
    out["checkpoint_interval_s"] = {{"best", report.intervals[i].best_s},
                                    {"young", report.intervals[i].young_s},
                                    {"daly", report.intervals[i].daly_s}};
    out["shares"] = shares_json(report.closed[i]);
  }
  return out;
}

Json estimate_json(const Estimate& e, double unit) {
  return {{"mean", e.mean / unit}, {"half_width_95", e.half_width / unit}};
}

}  // namespace

double TrainingReport::energy_MWh() const {
  const double each_W = rack.power_W / rack.accelerators;
  const double idle_W = rack.idle_power_W / rack.accelerators;
  const double idle = outlook.shares.down + outlook.shares.waiting;
  return use_of(*this).accelerator_s / 3600 * ((1 - idle) * each_W + idle * idle_W) / 1e6 * costs.pue;
}

double TrainingReport::power_USD() const {
  return energy_MWh() * 1000 * costs.power_USD_kWh;
}

double TrainingReport::racks_USD() const {
  const double life_s = costs.life_years * 365.25 * kDay_s;
  return use_of(*this).accelerator_s / life_s * rack.price_USD / rack.accelerators;
}

std::string training_text(const TrainingReport& report, Language language) {
  return Words(report, language).text();
}

std::string training_json(const TrainingReport& report) {
  const TrainingJob& job = report.found.front().job;
  Json stretches = Json::array();
  for (std::size_t i = 0; i < report.found.size(); ++i) stretches.push_back(stretch_json(report, i));
  const RunOutlook& o = report.outlook;
  Json out = {{"ok", true},
              {"model", job.architecture.name},
              {"rack", report.rack.name},
              {"engine", job.engine},
              {"precision", perf::name_of(job.precision)},
              {"tokens", report.tokens},
              {"batch_sequences", job.batch},
              {"sequence_tokens", job.sequence},
              {"fleet", std::move(stretches)},
              {"run",
               {{"days", estimate_json(o.elapsed_s, kDay_s)},
                {"days_p10", o.p10_elapsed_s / kDay_s},
                {"days_p90", o.p90_elapsed_s / kDay_s},
                {"through_share", o.through_share},
                {"interruptions", estimate_json(o.interruptions, 1)},
                {"goodput", estimate_json(o.useful_share, 1)},
                {"shares", shares_json(o.shares)},
                {"energy_MWh", report.energy_MWh()},
                {"power_USD", report.power_USD()},
                {"racks_USD", report.rack.price_USD > 0 ? Json(report.racks_USD()) : Json(nullptr)}}}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beltline::training
