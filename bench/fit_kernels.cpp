// Fits the coefficients of the equations of operators.h and collective.h to published tables of kernels.
//
//   beltline_fit_kernels LIBRARY OUT.csv [GENERATION]
//
// For each generation of accelerators, engine, kind of kernel and precision: the set of coefficients with the smallest
// mean |ln(equation / measured)| over all accelerators of the generation, each table with the same weight, by Nelder
// and Mead's simplex from the coefficients that all engines share. Shapes of language models alone: what no layer has
// would only pull. OUT.csv is data/efficiency/kernels.csv; the errors in it are over the points of the fit.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "perf/catalogue.h"
#include "perf/collective.h"
#include "perf/profile_set.h"
#include "perf/profiles.h"

namespace {

using namespace beltline;
using namespace beltline::perf;

constexpr std::size_t kPointsMin = 30;  // fewer say nothing of a set
constexpr std::array<std::string_view, 12> kColumns = {"compute", "bandwidth", "latency_us", "norm",
                                                       "fill",    "rows_min",  "permute_ps", "exp",
                                                       "memory",  "heads_ns",  "rank_us",    "root_ns"};

struct Sample {
  const Accelerator* accelerator = nullptr;
  ProfilePoint point;
  double weight = 1;
};

/// A kind of kernel in one precision: where its coefficients are, and what they say of a point.
struct Fit {
  std::string name;       // "gemm"
  std::string precision;  // "bf16"
  std::vector<std::string> names;
  std::function<std::vector<double*>(KernelCoefficients&)> coefficients;
  std::function<double(const Kernels&, const ProfilePoint&)> seconds;
  std::function<bool(ProfileOperator, const ProfilePoint&)> takes;
};

struct Errors {
  std::size_t points = 0;
  double median = 0;
  double p90 = 0;
  double bias = 0;
};

// --- what the equations say of a point

AttentionShape attention_of(const ProfilePoint& p) {
  const double head = p.at[0];
  const double bytes = bytes_of(p.slice.stored);
  return {.heads = p.at[2],
          .kv_heads = p.at[3],
          .head_size = head,
          .value_head_size = head,
          .kv_bytes = p.at[3] * 2 * head * bytes,
          .compute = p.slice.computed,
          .kv_cache = p.slice.stored};
}

double gemm_s(const Kernels& kernels, const ProfilePoint& p) {
  return gemm(kernels, {.rows = p.at[2], .columns = p.at[0], .inner = p.at[1]}, {p.slice.stored, p.slice.computed})
      .seconds;
}

double prefill_s(const Kernels& kernels, const ProfilePoint& p) {
  const double batch = p.at[5];
  const double length = p.at[6];
  // as a step counts its blocks of queries, see ReplicaWork::prefill_filled
  const double blocks = batch * std::ceil(length / 128) * p.at[2];
  const double filled = std::clamp(blocks / kernels.coefficients.processors, 0.02, 1.0);
  const AttentionShape shape = attention_of(p);
  return prefill_latency_s(kernels, shape) + batch * prefill_attention(kernels, shape, length).seconds / filled;
}

double decode_s(const Kernels& kernels, const ProfilePoint& p) {
  return decode_attention(kernels, attention_of(p), p.at[4], p.at[5]).seconds;
}

double experts_s(const Kernels& kernels, const ProfilePoint& p) {
  const ExpertShape shape{
      .tokens = p.at[5], .hidden = p.at[2], .inner = p.at[3], .experts = p.at[0], .active = p.at[1], .groups = p.at[4]};
  return experts(kernels, shape, {p.slice.stored, p.slice.computed}).seconds;
}

double all_reduce_s(const Kernels& kernels, const ProfilePoint& p) {
  return all_reduce(kernels, {.size = p.at[0], .in_domain = p.at[0]}, p.at[1]).seconds;
}

// --- what is fitted

bool is_within(double value, double low, double high) {
  return value >= low && value <= high;
}

Fit gemm_fit(Precision precision) {
  const auto index = static_cast<std::size_t>(precision);
  return {.name = "gemm",
          .precision = std::string(name_of(precision)),
          .names = {"compute", "bandwidth", "latency_us", "norm", "fill"},
          .coefficients =
              [index](KernelCoefficients& k) {
                GemmCoefficients& c = k.gemm[index];
                return std::vector<double*>{&c.compute, &c.bandwidth, &c.latency_us, &c.norm, &c.fill};
              },
          .seconds = gemm_s,
          .takes =
              [precision](ProfileOperator kind, const ProfilePoint& p) {
                return kind == ProfileOperator::gemm && p.slice.computed == precision && p.slice.stored == precision &&
                       !p.slice.is_block_scaled && is_within(p.at[0], 256, 65'536) && is_within(p.at[1], 256, 65'536) &&
                       p.at[2] <= 16'384;
              }};
}

/// Stored so; computed in the same numbers or, with weights alone narrow, in bf16; fp8 with a scale a block, as models
/// with experts are published, or one a tensor.
Fit experts_fit(const ProfileSlice& slice) {
  const Precision precision = slice.stored;
  const auto index = static_cast<std::size_t>(precision);
  return {.name = "experts",
          .precision = std::string(name_of(precision)),
          .names = {"compute", "bandwidth", "latency_us", "norm", "rows_min", "permute_ps"},
          .coefficients =
              [index](KernelCoefficients& k) {
                ExpertCoefficients& c = k.experts[index];
                return std::vector<double*>{&c.compute, &c.bandwidth, &c.latency_us,
                                            &c.norm,    &c.rows_min,  &c.permute_ps};
              },
          .seconds = experts_s,
          .takes =
              [=](ProfileOperator kind, const ProfilePoint& p) {
                // one group: what a group more is asked than another is no matter of the kernel
                return kind == ProfileOperator::experts && p.slice == slice && p.at[4] == 1 && p.at[3] >= 128;
              }};
}

std::vector<Fit> all_fits() {
  std::vector<Fit> fits;
  for (const Precision p : {Precision::bf16, Precision::fp8, Precision::int8, Precision::fp4}) {
    fits.push_back(gemm_fit(p));
  }
  // no model has more than 16 heads on one key-value head
  const auto is_plain = [](const ProfilePoint& p) {
    return p.at[1] == kWindowNone && is_within(p.at[0], 64, 256) && p.at[2] <= 16 * p.at[3];
  };
  for (const bool fp8 : {false, true}) {
    const Precision precision = fp8 ? Precision::fp8 : Precision::bf16;
    const auto set_of = [fp8](KernelCoefficients& k) -> AttentionCoefficients& {
      return fp8 ? k.attention_fp8 : k.attention;
    };
    fits.push_back({.name = "prefill",
                    .precision = std::string(name_of(precision)),
                    .names = {"compute", "exp", "memory", "latency_us"},
                    .coefficients =
                        [set_of](KernelCoefficients& k) {
                          AttentionCoefficients& c = set_of(k);
                          return std::vector<double*>{&c.compute, &c.exp, &c.memory, &c.latency_us};
                        },
                    .seconds = prefill_s,
                    .takes =
                        [=](ProfileOperator kind, const ProfilePoint& p) {
                          return kind == ProfileOperator::prefill_attention && p.slice.computed == precision &&
                                 p.slice.stored == precision && is_plain(p) && p.at[6] >= 16;
                        }});
    fits.push_back({.name = "decode",
                    .precision = std::string(name_of(precision)),
                    .names = {"bandwidth", "latency_us", "heads_ns", "fill"},
                    .coefficients =
                        [set_of](KernelCoefficients& k) {
                          AttentionCoefficients& c = set_of(k);
                          return std::vector<double*>{&c.decode_bandwidth, &c.decode_latency_us, &c.decode_heads_ns,
                                                      &c.decode_fill};
                        },
                    .seconds = decode_s,
                    .takes =
                        [=](ProfileOperator kind, const ProfilePoint& p) {
                          return kind == ProfileOperator::decode_attention && p.slice.stored == precision &&
                                 is_plain(p) && p.at[5] >= 16;
                        }});
  }
  // of one precision the last that a table has is taken
  using enum Precision;
  constexpr ExpertSpread kSpread = ExpertSpread::power_law_101;
  for (const ProfileSlice& slice : {ProfileSlice{bf16, bf16, false, kSpread}, ProfileSlice{fp8, fp8, false, kSpread},
                                    ProfileSlice{fp8, fp8, true, kSpread}, ProfileSlice{fp4, bf16, false, kSpread},
                                    ProfileSlice{fp4, fp4, false, kSpread}}) {
    fits.push_back(experts_fit(slice));
  }
  fits.push_back(
      {.name = "collective",
       .precision = "bf16",
       .names = {"latency_us", "rank_us", "root_ns", "bandwidth"},
       .coefficients =
           [](KernelCoefficients& k) {
             CollectiveCoefficients& c = k.collective;
             return std::vector<double*>{&c.latency_us, &c.rank_us, &c.root_ns, &c.bandwidth};
           },
       .seconds = all_reduce_s,
       .takes = [](ProfileOperator kind, const ProfilePoint&) { return kind == ProfileOperator::all_reduce; }});
  return fits;
}

// --- fitting

double loss(const Fit& fit, const KernelCoefficients& coefficients, std::span<const Sample> samples) {
  double sum = 0;
  double weight = 0;
  Kernels kernels{.coefficients = coefficients};
  const Accelerator* last = nullptr;
  for (const Sample& sample : samples) {
    if (sample.accelerator != last) kernels.accelerator = *(last = sample.accelerator);
    const double error = std::abs(std::log(fit.seconds(kernels, sample.point) / sample.point.seconds));
    sum += sample.weight * (std::isfinite(error) ? error : 1e3);
    weight += sample.weight;
  }
  return sum / weight;
}

Errors errors_of(const Fit& fit, const KernelCoefficients& coefficients, std::span<const Sample> samples) {
  std::vector<double> logs;
  Kernels kernels{.coefficients = coefficients};
  for (const Sample& sample : samples) {
    kernels.accelerator = *sample.accelerator;
    logs.push_back(std::log(fit.seconds(kernels, sample.point) / sample.point.seconds));
  }
  Errors out{.points = logs.size()};
  std::ranges::sort(logs);
  out.bias = std::exp(logs[logs.size() / 2]) - 1;
  for (double& value : logs) value = std::abs(value);
  std::ranges::sort(logs);
  out.median = std::expm1(logs[logs.size() / 2]);
  out.p90 = std::expm1(logs[logs.size() * 9 / 10]);
  return out;
}

/// The simplex of Nelder and Mead (1965), on logarithms: all coefficients are positive.
std::vector<double> minimise(const std::function<double(const std::vector<double>&)>& f, std::vector<double> start) {
  const std::size_t n = start.size();
  struct Corner {
    std::vector<double> at;
    double value = 0;
  };
  std::vector<Corner> corners(n + 1, {.at = start});
  for (std::size_t i = 0; i < n; ++i) corners[i + 1].at[i] += 0.3;
  for (Corner& corner : corners) corner.value = f(corner.at);
  for (int step = 0; step < 120 * static_cast<int>(n); ++step) {
    std::ranges::sort(corners, {}, &Corner::value);
    if (corners[n].value - corners[0].value < 1e-6) break;
    std::vector<double> centre(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) centre[j] += corners[i].at[j] / static_cast<double>(n);
    }
    const auto along = [&](double factor) {
      Corner out{.at = centre};
      for (std::size_t j = 0; j < n; ++j) out.at[j] += factor * (centre[j] - corners[n].at[j]);
      out.value = f(out.at);
      return out;
    };
    const Corner reflected = along(1);
    if (reflected.value < corners[0].value) {
      const Corner expanded = along(2);
      corners[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners[n - 1].value) {
      corners[n] = reflected;
    } else if (const Corner inner = along(reflected.value < corners[n].value ? 0.5 : -0.5);
               inner.value < std::min(reflected.value, corners[n].value)) {
      corners[n] = inner;
    } else {
      for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t j = 0; j < n; ++j) corners[i].at[j] = (corners[i].at[j] + corners[0].at[j]) / 2;
        corners[i].value = f(corners[i].at);
      }
    }
  }
  return std::ranges::min_element(corners, {}, &Corner::value)->at;
}

/// What a coefficient may be: shares at most 1, norms of at least 1.
std::optional<double> limit_of(const std::string& name) {
  // a datasheet's bandwidth may be of another bin of memory than the one that was measured
  if (name == "bandwidth") return 1.2;
  if (name == "compute" || name == "memory" || name == "exp" || name == "fill") return 1.0;
  return name == "norm" ? std::optional(8.0) : std::nullopt;
}

void improve(const Fit& fit, KernelCoefficients& coefficients, std::span<const Sample> samples) {
  const std::vector<double*> slots = fit.coefficients(coefficients);
  std::vector<double> start;
  for (const double* slot : slots) start.push_back(std::log(std::max(*slot, 0.05)));
  const auto set = [&](const std::vector<double>& at) {
    for (std::size_t i = 0; i < slots.size(); ++i) *slots[i] = std::exp(at[i]);
  };
  const auto value = [&](const std::vector<double>& at) {
    set(at);
    double over = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (const auto limit = limit_of(fit.names[i])) over += std::max(0.0, at[i] - std::log(*limit));
      if (fit.names[i] == "norm" || fit.names[i] == "rows_min") over += std::max(0.0, -at[i]);
    }
    return loss(fit, coefficients, samples) + 10 * over;
  };
  std::vector<double> best = minimise(value, start);
  best = minimise(value, best);  // once more from there: a simplex may have fallen flat
  set(best);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    // three digits are more than the fit tells apart
    const double scale = std::pow(10, 2 - std::floor(std::log10(std::max(*slots[i], 1e-12))));
    *slots[i] = *slots[i] < 1e-3 ? 0 : std::round(*slots[i] * scale) / scale;
  }
}

// --- tables

struct Published {
  std::shared_ptr<const Profiles> profiles;
  Accelerator accelerator;
};

std::vector<Sample> samples_of(const Fit& fit, const std::vector<Published>& published) {
  constexpr std::size_t kPointsMax = 1'500;  // a table, evenly spread
  std::vector<Sample> out;
  for (const Published& source : published) {
    for (std::size_t k = 0; k < kProfileOperatorCount; ++k) {
      for (const ProfileTable& table : source.profiles->tables().by_kind[k]) {
        std::vector<ProfilePoint> points = table.points();
        std::erase_if(points, [&](const ProfilePoint& p) { return !fit.takes(table.kind(), p); });
        if (points.empty()) continue;
        const std::size_t stride = 1 + points.size() / kPointsMax;
        const double weight = 1.0 / static_cast<double>((points.size() + stride - 1) / stride);
        for (std::size_t i = 0; i < points.size(); i += stride) {
          out.push_back({.accelerator = &source.accelerator, .point = points[i], .weight = weight});
        }
        if (table.kind() == ProfileOperator::all_reduce) break;  // behind the engine's own stands what others share
      }
    }
  }
  return out;
}

std::string row_of(const std::string& generation, const std::string& engine, const Fit& fit, KernelCoefficients& fitted,
                   const Errors& errors) {
  std::string out = fmt::format("{},{},{},{}", generation, engine, fit.name, fit.precision);
  const std::vector<double*> slots = fit.coefficients(fitted);
  for (const std::string_view column : kColumns) {
    const auto at = std::ranges::find(fit.names, column);
    out += at == fit.names.end() ? "," : fmt::format(",{}", *slots[static_cast<std::size_t>(at - fit.names.begin())]);
  }
  out += fmt::format(",{},{:.3f},{:.3f},{:.3f},aiconfigurator-core 0.12.0,A\n", errors.points, errors.median,
                     errors.p90, errors.bias);
  return out;
}

/// By generation and engine.
std::map<std::pair<std::string, std::string>, std::vector<Published>> read_all(const ProfileLibrary& library) {
  std::map<std::pair<std::string, std::string>, bool> pairs;
  for (const ProfileEntry& entry : library.entries()) {
    const std::string& engine = entry.source.engine;
    if (engine != "nccl" && engine != "oneccl") pairs[{entry.source.system, engine}] = true;
  }
  std::map<std::pair<std::string, std::string>, std::vector<Published>> out;
  for (const auto& [pair, unused] : pairs) {
    const auto accelerator = find_accelerator(pair.first);
    if (!accelerator || find_kernels(accelerator->generation) == nullptr) continue;
    const auto profiles = library.read({.accelerator = pair.first, .engine = pair.second});
    if (!profiles) {
      fmt::print(stderr, "{}\n", profiles.error().message);
      continue;
    }
    out[{accelerator->generation, pair.second}].push_back({*profiles, *accelerator});
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  if (argc != 3 && argc != 4) {
    fmt::print(stderr, "usage: beltline_fit_kernels LIBRARY OUT.csv [GENERATION]\n");
    return 2;
  }
  const auto library = ProfileLibrary::open(arguments[1]);
  if (!library) {
    fmt::print(stderr, "{}\n", library.error().message);
    return 1;
  }
  std::ofstream csv(arguments[2]);
  csv << fmt::format("generation,engine,kernel,precision,{},points,median_error,p90_error,bias,source,confidence\n",
                     fmt::join(kColumns, ","));
  for (const auto& [key, published] : read_all(**library)) {
    const auto& [generation, engine] = key;
    if (argc == 4 && generation != arguments[3]) continue;
    const KernelCoefficients before = *find_kernels(generation);
    KernelCoefficients fitted = before;
    fitted.attention_fp8 = before.attention;
    fitted.attention_fp8.compute = std::max(before.attention.compute_fp8, 0.2);
    std::map<std::pair<std::string, std::string>, std::string> rows;  // a later fit of a kind takes its place
    for (const Fit& fit : all_fits()) {
      const std::vector<Sample> samples = samples_of(fit, published);
      if (samples.size() < kPointsMin) continue;
      const Errors shared = errors_of(fit, before, samples);
      improve(fit, fitted, samples);
      const Errors own = errors_of(fit, fitted, samples);
      fmt::print(
          "{:14} {:8} {:10} {:5} {:6} points: median {:5.1f} -> {:5.1f} %, 90 % {:6.1f} -> {:6.1f} %, bias "
          "{:+6.1f} -> {:+6.1f} %\n",
          generation, engine, fit.name, fit.precision, own.points, 100 * shared.median, 100 * own.median,
          100 * shared.p90, 100 * own.p90, 100 * shared.bias, 100 * own.bias);
      std::fflush(stdout);
      rows[{fit.name, fit.precision}] = row_of(generation, engine, fit, fitted, own);
    }
    for (const auto& [kind, row] : rows) csv << row;
  }
  return 0;
}
