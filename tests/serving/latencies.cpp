// The TTFT and TPOT rows.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "perf/replica_cost.h"
#include "perf/split_loop.h"
#include "tests/serving/latency_rows.h"
#include "tests/serving/profile_shelf.h"
#include "tests/serving/validation.h"

namespace beltline::validation {

namespace {

using perf::LoopResult;
using perf::ReplicaCost;

std::string first_message(const Diagnostics& diagnostics) {
  return diagnostics.all().empty() ? "" : diagnostics.all().front().message + ": " + diagnostics.all().front().found;
}

Outcome<LoopResult> predict(const LatencyRow& row, const perf::CostSources& sources) {
  const auto cost = ReplicaCost::make(row.deployment, sources);
  if (!cost) return failure(first_message(cost.error()));
  perf::ClosedLoop loop = row.loop;
  loop.request_latency_s = (*cost)->request_latency_s(loop.prompt_tokens);
  if (!row.is_split) {
    const LoopResult result = perf::run(**cost, loop);
    if (result.ttft_s <= 0) return failure("its sequences do not fit into memory");
    return result;
  }
  const auto decode = ReplicaCost::make(row.decode_deployment, sources);
  if (!decode) return failure(first_message(decode.error()));
  return perf::run({.prefill = cost->get(),
                    .decode = decode->get(),
                    .prefill_workers = row.prefill_workers,
                    .decode_workers = row.decode_workers},
                   loop);
}

struct Pair {
  Errors ttft;
  Errors tpot;
};

/// Capped, so that rows which measured something else do not pull.
double loss(const LoopResult& result, const LatencyRow& row) {
  constexpr double kCap = 0.5;
  const double tpot = std::abs(std::log(result.tpot_s * 1e3 / row.tpot_ms));
  const double ttft = std::abs(std::log(result.ttft_s * 1e3 / row.ttft_ms));
  return std::min(tpot, kCap) + 0.5 * std::min(ttft, kCap);
}

/// Which rows a fit looks at.
struct Selection {
  std::string_view left_out;  // rows of this model
  bool is_reported = false;   // the other half, and only the model left out
};

bool is_in(const LatencyRow& row, const perf::EngineCoefficients& set, const Selection& selection) {
  if (row.engine != set.engine || row.deployment.accelerator.generation != set.generation || row.is_split) return false;
  if (selection.is_reported) return row.model == selection.left_out;
  return is_fitted_on(row.id) && row.model != selection.left_out;
}

/// Coordinate descent over the coefficients from `start` on the selected rows, each step a factor of 2, then 1.3,
/// then 1.1. With profiles and without: the one set has to do for both.
perf::EngineCoefficients fit_engine(std::span<const LatencyRow> rows, const perf::EngineCoefficients& start,
                                    const Selection& selection, ProfileShelf* shelf) {
  const auto total = [&](const perf::EngineCoefficients& set) {
    double sum = 0;
    for (const LatencyRow& row : rows) {
      if (!is_in(row, set, selection)) continue;
      for (ProfileShelf* from : {static_cast<ProfileShelf*>(nullptr), shelf}) {
        const perf::Profiles* profiles = from == nullptr ? nullptr : from->find(row.deployment);
        const auto result = predict(row, {.profiles = profiles, .engine = &set});
        sum += result ? loss(*result, row) : 0.75;
      }
    }
    return sum;
  };
  constexpr std::array kCoefficients = {&perf::EngineCoefficients::step_us,    &perf::EngineCoefficients::stream_us,
                                        &perf::EngineCoefficients::layer_us,   &perf::EngineCoefficients::eager_us,
                                        &perf::EngineCoefficients::request_us, &perf::EngineCoefficients::token_ns};
  perf::EngineCoefficients best = start;
  double least = total(best);
  for (const double factor : {2.0, 1.3, 1.1}) {
    for (bool better = true; better;) {
      better = false;
      for (const auto coefficient : kCoefficients) {
        for (const double times : {factor, 1 / factor}) {
          perf::EngineCoefficients next = best;
          next.*coefficient *= times;
          const double sum = total(next);
          if (sum >= least - 1e-9) continue;
          least = sum;
          best = next;
          better = true;
        }
      }
    }
  }
  return best;
}

/// Prints the set of an engine, and for each of its models the errors on all rows of that model of a set that was
/// fitted without it.
void fit_and_leave_out(std::span<const LatencyRow> rows, const perf::EngineCoefficients& start, ProfileShelf* shelf) {
  std::set<std::string> models;
  for (const LatencyRow& row : rows) {
    if (is_in(row, start, {})) models.insert(row.model);
  }
  if (models.empty()) return;
  const perf::EngineCoefficients best = fit_engine(rows, start, {}, shelf);
  fmt::print("  {{\"{}\", \"{}\", {:.3g}, {:.3g}, {:.3g}, {:.3g}, {:.3g}, {:.3g}, {:.3g}}}\n", best.engine,
             best.generation, best.step_us, best.sequence_us, best.stream_us, best.layer_us, best.eager_us,
             best.request_us, best.token_ns);
  if (models.size() < 2) return;
  for (const std::string& model : models) {
    const perf::EngineCoefficients without = fit_engine(rows, best, {.left_out = model}, shelf);
    Pair errors;
    for (const LatencyRow& row : rows) {
      if (!is_in(row, without, {.left_out = model, .is_reported = true})) continue;
      const perf::Profiles* profiles = shelf == nullptr ? nullptr : shelf->find(row.deployment);
      const auto result = predict(row, {.profiles = profiles, .engine = &without});
      if (!result) continue;
      errors.tpot.add(result->tpot_s * 1e3, row.tpot_ms);
      errors.ttft.add(result->ttft_s * 1e3, row.ttft_ms);
    }
    fmt::print("    without {:40} its {:3} rows: TPOT {:5.1f} %, TTFT {:5.1f} %\n", model, errors.tpot.size(),
               100 * errors.tpot.absolute_median(), 100 * errors.ttft.absolute_median());
  }
}

}  // namespace

namespace {

struct Table {
  std::map<std::string, Pair> groups;  // of the half that nothing was fitted on
  Pair held;
  Pair fitted;
};

void print(std::string_view name, const Pair& p) {
  fmt::print("  {:66} {:4}   TPOT {:+6.1f} {:6.1f} {:6.1f}   TTFT {:+6.1f} {:6.1f} {:6.1f}\n", name, p.ttft.size(),
             100 * p.tpot.bias(), 100 * p.tpot.absolute_mean(), 100 * p.tpot.absolute_median(), 100 * p.ttft.bias(),
             100 * p.ttft.absolute_mean(), 100 * p.ttft.absolute_median());
}

void write_row(std::ofstream& out, const LatencyRow& row, const LoopResult& result) {
  const auto& p = row.deployment.parallelism;
  fmt::print(out, "{},{},{},{},{},{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f}\n", row.id,
             is_fitted_on(row.id) ? "fit" : "held", row.engine, row.model, row.is_split, row.source, p.tensor,
             p.attention_data, p.expert_tensor, p.expert_parallel, row.loop.prompt_tokens, row.loop.output_tokens,
             row.loop.concurrency, row.ttft_ms, row.tpot_ms, result.ttft_s * 1e3, result.tpot_s * 1e3);
}

Table compare(std::span<const LatencyRow> rows, ProfileShelf* shelf, std::ofstream& out) {
  Table table;
  for (const LatencyRow& row : rows) {
    const perf::Profiles* profiles = shelf == nullptr ? nullptr : shelf->find(row.deployment);
    const auto result = predict(row, {.profiles = profiles});
    if (!result) {
      fmt::print("  {}: {}\n", row.id, result.error().message);
      continue;
    }
    if (out.is_open()) write_row(out, row, *result);
    const auto add = [&](Pair& pair) {
      pair.ttft.add(result->ttft_s * 1e3, row.ttft_ms);
      pair.tpot.add(result->tpot_s * 1e3, row.tpot_ms);
    };
    if (is_fitted_on(row.id)) {
      add(table.fitted);
      continue;
    }
    add(table.held);
    const std::string_view mode = row.is_split ? "split" : "mixed";
    add(table.groups[fmt::format("{:7}{:38}{:14}{}", row.engine, row.model, row.source, mode)]);
  }
  for (const auto& [name, pair] : table.groups) print(name, pair);
  print("half that the engines were fitted on", table.fitted);
  print("the other half", table.held);
  return table;
}

}  // namespace

bool validate_latencies(const Options& options) {
  const auto paths = csv_files(options.shared / "aiconfigurator", "measured_");
  if (paths.empty()) {
    fmt::print("  skipped: no {}/aiconfigurator/measured_*.csv\n", options.shared.string());
    return true;
  }
  std::vector<LatencyRow> rows;
  for (const auto& path : paths) {
    auto read = read_latency_rows(path);
    if (!read) {
      fmt::print("  {}: {}\n", path.string(), read.error().message);
      return false;
    }
    std::ranges::move(*read, std::back_inserter(rows));
  }
  auto shelf = ProfileShelf::open(options);
  if (options.fit) {
    for (const perf::EngineCoefficients& set : perf::engine_coefficients())
      fit_and_leave_out(rows, set, shelf ? &*shelf : nullptr);
    return true;
  }
  std::ofstream out;
  if (!options.rows.empty()) {
    out.open(options.rows);
    out << "id,half,engine,model,split,source,tp,dp,etp,ep,isl,osl,c,ttft,tpot,ttft_p,tpot_p\n";
  }
  std::ofstream none;
  fmt::print("  without profiles; bias, mean and median absolute error, %\n");
  const Table without = compare(rows, nullptr, shelf ? none : out);
  bool kept = keep("TPOT without profiles, median absolute error", without.held.tpot.absolute_median(), 0.20);
  kept = keep("TTFT without profiles, median absolute error", without.held.ttft.absolute_median(), 0.30) && kept;
  if (!shelf) return kept;
  fmt::print("  with profiles of {}\n", shelf->name());
  const Table with = compare(rows, &*shelf, out);
  kept = keep("TPOT with profiles, median absolute error", with.held.tpot.absolute_median(), 0.20) && kept;
  return keep("TTFT with profiles, median absolute error", with.held.ttft.absolute_median(), 0.30) && kept;
}

}  // namespace beltline::validation
