#include "training/search.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beltline::training {

namespace {

std::vector<int32_t> powers_to(int64_t most) {
  std::vector<int32_t> values;
  for (int64_t value = 1; value <= most; value *= 2) values.push_back(static_cast<int32_t>(value));
  return values;
}

std::vector<int32_t> or_only(const std::optional<int32_t>& fixed, std::vector<int32_t> values) {
  return fixed ? std::vector<int32_t>{*fixed} : values;
}

/// Stages that divide the layers, or leave the last a little short.
std::vector<int32_t> stage_counts(const TrainingJob& job, const TrainingCoefficients& c, int64_t accelerators,
                                  bool may_idle) {
  if (!c.pipelines) return {1};
  std::vector<int32_t> counts;
  const int32_t layers = job.architecture.layers;
  for (int32_t p = 1; p <= std::min<int64_t>(layers, accelerators); ++p) {
    const int32_t each = (layers + p - 1) / p;
    if ((may_idle || accelerators % p == 0) && each * p <= layers + layers / 16) counts.push_back(p);
  }
  return counts;
}

std::vector<int32_t> piece_counts(const TrainingJob& job, const TrainingCoefficients& c, int32_t pipeline) {
  std::vector<int32_t> counts{1};
  if (!c.interleaves) return counts;
  const int32_t each = (job.architecture.layers + pipeline - 1) / pipeline;
  for (int32_t v = 2; pipeline > 1 && v <= each; ++v) {
    if (each % v == 0) counts.push_back(v);
  }
  return counts;
}

std::vector<int64_t> divisors_of(int64_t number) {
  std::vector<int64_t> divisors;
  for (int64_t small = 1; small * small <= number; ++small) {
    if (number % small != 0) continue;
    divisors.push_back(small);
    if (small * small != number) divisors.push_back(number / small);
  }
  std::ranges::sort(divisors);
  return divisors;
}

class Search {
 public:
  Search(const TrainingJob& job, const TrainingCoefficients& c, int64_t accelerators, const SplitChoice& choice)
      : job_(job), c_(c), accelerators_(accelerators), choice_(choice), divisors_(divisors_of(job.batch)) {}

  void run() {
    const perf::Architecture& a = job_.architecture;
    for (const int32_t tensor :
         or_only(choice_.tensor, powers_to(std::min<int64_t>(job_.accelerator.scale_up_size, a.heads)))) {
      for (const int32_t pipeline :
           or_only(choice_.pipeline, stage_counts(job_, c_, accelerators_, choice_.may_idle))) {
        // a sequence is cut only where it is long
        for (const int32_t context : or_only(choice_.context, powers_to(std::max<int64_t>(1, job_.sequence / 4096)))) {
          const int64_t each = static_cast<int64_t>(tensor) * pipeline * context;
          if (each > accelerators_ || (!choice_.may_idle && accelerators_ % each != 0)) continue;
          job_.split.tensor = tensor;
          job_.split.pipeline = pipeline;
          job_.split.context = context;
          job_.split.data = static_cast<int32_t>(copies(accelerators_ / each));
          try_experts();
        }
      }
    }
  }

  [[nodiscard]] const std::optional<SplitFound>& best() const { return best_; }
  [[nodiscard]] const std::optional<SplitFound>& nearest() const { return nearest_; }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  [[nodiscard]] int64_t tried() const { return tried_; }

 private:
  /// Copies that the batch can be dealt to, at most `most`.
  [[nodiscard]] int64_t copies(int64_t most) const {
    if (!choice_.may_idle) return most;
    return *std::prev(std::ranges::upper_bound(divisors_, most));
  }

  void try_experts() {
    const auto experts = job_.architecture.is_mixture()
                             ? powers_to(std::min<int64_t>(job_.architecture.experts, job_.split.data))
                             : std::vector<int32_t>{1};
    for (const int32_t expert : or_only(choice_.expert, experts)) {
      job_.split.expert = expert;
      for (const int32_t pieces : or_only(choice_.interleave, piece_counts(job_, c_, job_.split.pipeline))) {
        job_.split.interleave = pieces;
        for (const int32_t micro : or_only(choice_.micro_batch, micro_batches())) {
          job_.split.micro_batch = micro;
          try_sharing();
        }
      }
    }
  }

  [[nodiscard]] std::vector<int32_t> micro_batches() const {
    if (!c_.accumulates) return {static_cast<int32_t>(std::max<int64_t>(1, job_.batch / job_.split.data))};
    return powers_to(8);
  }

  void try_sharing() {
    const auto levels = job_.split.data == 1 ? std::vector<int32_t>{0} : std::vector<int32_t>{1, 3};
    for (const int32_t zero : or_only(choice_.zero, levels)) {
      job_.split.zero = zero;
      for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
        if (recompute < c_.recompute_least || (choice_.recompute && *choice_.recompute != recompute)) continue;
        job_.recompute = recompute;
        try_one();
      }
    }
  }

  void try_one() {
    auto faults = faults_of(job_);
    if (!faults.empty()) {
      if (faults_.empty()) faults_ = std::move(faults);
      return;
    }
    ++tried_;
    const TrainingStep step = training_step_unchecked(c_, job_);
    if (!step.memory.fits()) {
      if (!nearest_ || step.memory.total() < nearest_->step.memory.total()) nearest_ = SplitFound{job_, step, 0};
      return;
    }
    // trying goes from small to large: of equals the first stays, unless a later one is leaner
    const bool is_better = !best_ || step.time.step_s < best_->step.time.step_s * (1 - 1e-9) ||
                           (step.time.step_s <= best_->step.time.step_s * (1 + 1e-9) &&
                            step.memory.total() < best_->step.memory.total() * (1 - 1e-9));
    if (is_better) best_ = SplitFound{job_, step, 0};
  }

  TrainingJob job_;
  const TrainingCoefficients& c_;
  int64_t accelerators_;
  const SplitChoice& choice_;
  std::vector<int64_t> divisors_;  // of the batch, rising
  std::optional<SplitFound> best_;
  std::optional<SplitFound> nearest_;
  std::vector<std::string> faults_;
  int64_t tried_ = 0;
};

}  // namespace

Outcome<SplitFound> best_split(const TrainingJob& job, int64_t accelerators, const SplitChoice& choice,
                               const std::optional<TrainingCoefficients>& given) {
  const auto coefficients = given ? given : find_coefficients(job.engine, job.accelerator.generation);
  if (!coefficients) return failure(fmt::format("no engine '{}' is known; known are {}", job.engine, engine_names()));
  if (accelerators < 1)
    return failure(fmt::format("accelerators are {}, expected a whole number from 1", accelerators));
  Search search(job, *coefficients, accelerators, choice);
  search.run();
  if (search.best()) {
    SplitFound found = *search.best();
    found.tried = search.tried();
    return found;
  }
  if (search.nearest()) {
    const TrainingMemory& memory = search.nearest()->step.memory;
    return failure(fmt::format(
        "{} does not fit on {} of {}, however it is split: the leanest of {} ways needs {:.1f} GB of {:.1f} GB",
        job.architecture.name, accelerators, job.accelerator.name, search.tried(), memory.total() / 1e9,
        memory.capacity / 1e9));
  }
  if (!search.faults().empty()) return failure(fmt::format("{}", fmt::join(search.faults(), "\n")));
  return failure(fmt::format("no split of {} accelerators is possible with what is asked for", accelerators));
}

}  // namespace beltline::training
