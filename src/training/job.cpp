#include "training/job.h"

#include <fmt/format.h>

namespace beltline::training {

namespace {

void check_positive(const TrainingJob& job, std::vector<std::string>& faults) {
  const TrainingSplit& s = job.split;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, int64_t>>{{"tensor", s.tensor},
                                                                   {"pipeline", s.pipeline},
                                                                   {"interleave", s.interleave},
                                                                   {"data", s.data},
                                                                   {"expert", s.expert},
                                                                   {"context", s.context},
                                                                   {"micro-batch", s.micro_batch},
                                                                   {"sequence", job.sequence},
                                                                   {"batch", job.batch}}) {
    if (value < 1) faults.push_back(fmt::format("{} is {}, expected a whole number from 1", name, value));
  }
  if (s.zero < 0 || s.zero > 3) faults.push_back(fmt::format("zero is {}, expected 0, 1, 2 or 3", s.zero));
}

void check_model(const TrainingJob& job, std::vector<std::string>& faults) {
  const TrainingSplit& s = job.split;
  const perf::Architecture& a = job.architecture;
  if (a.heads % s.tensor != 0) {
    faults.push_back(fmt::format("tensor is {}, which does not divide the {} heads of {}", s.tensor, a.heads, a.name));
  }
  // the last stages may be a layer short
  if (s.interleave > (a.layers + s.pipeline - 1) / s.pipeline) {
    faults.push_back(fmt::format("pipeline · interleave is {}, more than the {} layers of {}",
                                 s.pipeline * s.interleave, a.layers, a.name));
  }
  if (s.interleave > 1 && s.pipeline == 1) faults.emplace_back("interleave needs a pipeline of more than one stage");
  if (s.expert > 1 && !a.is_mixture()) {
    faults.push_back(fmt::format("expert is {}, but {} has no experts", s.expert, a.name));
  } else if (s.expert > 1 && a.experts % s.expert != 0) {
    faults.push_back(
        fmt::format("expert is {}, which does not divide the {} experts of {}", s.expert, a.experts, a.name));
  }
  if (job.sequence > a.context_max) {
    faults.push_back(
        fmt::format("sequence is {} tokens, longer than the {} of {}", job.sequence, a.context_max, a.name));
  }
  if (job.sequence % s.context != 0) {
    faults.push_back(fmt::format("context is {}, which does not divide the sequence of {}", s.context, job.sequence));
  }
}

}  // namespace

std::vector<std::string> faults_of(const TrainingJob& job) {
  std::vector<std::string> faults;
  check_positive(job, faults);
  if (!faults.empty()) return faults;
  check_model(job, faults);
  const TrainingSplit& s = job.split;
  if (s.data % s.expert != 0)
    faults.push_back(fmt::format("expert is {}, which does not divide data {}", s.expert, s.data));
  const int64_t at_once = static_cast<int64_t>(s.data) * s.micro_batch;
  if (job.batch % at_once != 0) {
    faults.push_back(fmt::format("batch is {} sequences, no multiple of data · micro-batch, {}", job.batch, at_once));
  } else if (s.interleave > 1 && job.micro_batches() % s.pipeline != 0) {
    faults.push_back(fmt::format("{} micro-batches are no multiple of the {} stages, which interleave needs",
                                 job.micro_batches(), s.pipeline));
  }
  if (job.accelerator.flops(job.precision) <= 0) {
    faults.push_back(fmt::format("{} does not compute in {}", job.accelerator.name, perf::name_of(job.precision)));
  }
  return faults;
}

double model_flop_per_token(const perf::Architecture& a, int64_t sequence) {
  // the input embedding is a look-up, no product
  const double lookup = a.tied_embedding ? 0 : a.vocabulary * static_cast<double>(a.hidden);
  const double linear = 6 * (perf::active_parameters(a) - lookup);
  const double attention = 6.0 * a.layers * a.heads * (a.head_size + a.value_head_size) * static_cast<double>(sequence);
  return linear + attention;
}

}  // namespace beltline::training
