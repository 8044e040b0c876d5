#include "run/diff.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/count.h"
#include "run/diff_calendar.h"
#include "run/diff_inputs.h"
#include "run/diff_outputs.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// B less A, as the two plans have it.
Impact impact_of_plans(const RunRead& a, const RunRead& b) {
  Impact impact{.objective = kNone, .share = kNone, .usd = kNone, .cost_usd = kNone, .missed_usd = kNone};
  for (const RunRead* run : {&a, &b}) {
    if (run->facts.has_plan) continue;
    impact.unknown = fmt::format("{} has no plan: {}", run == &a ? "A" : "B", run->facts.termination);
    return impact;
  }
  impact.cost_usd = b.facts.cost_usd - a.facts.cost_usd;
  impact.missed_usd = b.facts.missed_usd - a.facts.missed_usd;
  if (a.facts.unit != b.facts.unit) {
    impact.unknown = fmt::format("they have different goals, in {} and in {}", a.facts.unit, b.facts.unit);
    return impact;
  }
  const CommonMonths common = common_months(a.model().calendar, b.model().calendar);
  if (!common.same_span) {
    // the totals of other horizons are of other things
    impact.cost_usd = impact.missed_usd = kNone;
    impact.unknown =
        common.first < common.end
            ? fmt::format("their horizons differ; decisions and spending are compared in {}", common.span())
            : "their horizons have no month in common";
    return impact;
  }
  impact.objective = b.facts.objective - a.facts.objective;
  rate(a.model(), a.facts.objective, a.facts.cost_usd, impact);
  return impact;
}

/// Relative differences that two plans within their gaps may have for nothing.
double noise_of(const RunRead& a, const RunRead& b) {
  double noise = 1e-6;
  for (const RunRead* run : {&a, &b}) {
    if (std::isfinite(run->facts.gap)) noise = std::max(noise, run->facts.gap);
    const Objective& objective = run->model().objective;
    if (objective.kind != ObjectiveKind::min_cost) noise = std::max(noise, objective.tolerance);
  }
  return noise;
}

void add_notes(const RunRead& a, const RunRead& b, Difference& out) {
  const Calendar& x = a.model().calendar;
  const Calendar& y = b.model().calendar;
  if (x.period_count != y.period_count || x.start != y.start || x.months_per_period != y.months_per_period) {
    out.notes.push_back(fmt::format("their horizons differ: {} from {}, and {} from {}",
                                    counted(x.period_count, "period"), x.label(0), y.period_count, y.label(0)));
    const CommonMonths common = common_months(x, y);
    if (common.first >= common.end) {
      out.notes.emplace_back("they have no month in common: decisions cannot be compared");
    } else {
      out.notes.push_back(fmt::format("decisions and misses are compared in the common months, {}{}", common.span(),
                                      common.grain > 1 ? fmt::format(", by periods of {} months", common.grain) : ""));
    }
  }
  if (a.options_text != b.options_text) {
    out.notes.push_back(fmt::format("they were planned with other options: {} and {}", a.options_text, b.options_text));
  }
  for (const RunRead* run : {&a, &b}) {
    if (run->facts.has_plan && run->facts.termination != "optimal") {
      out.notes.push_back(fmt::format("{} is not an optimal plan ({}): some of the difference may be its own",
                                      run == &a ? "A" : "B", run->facts.termination));
    }
  }
}

}  // namespace

Outcome<Difference> compare_runs(const std::filesystem::path& a, const std::filesystem::path& b,
                                 const DiffOptions& options) {
  auto before = read_run(a);
  if (!before) return std::unexpected(before.error());
  auto after = read_run(b);
  if (!after) return std::unexpected(after.error());
  Difference out{.a = before->facts, .b = after->facts};
  out.total = impact_of_plans(*before, *after);
  out.noise = noise_of(*before, *after);
  add_notes(*before, *after, out);

  out.causes = changed_entries(*before->compiled.spec, *after->compiled.spec);
  const auto count = std::ranges::count_if(out.causes, [](const Cause& cause) { return !cause.is_remark; });
  if (count == 0) {
    out.method = out.causes.empty() ? "no input differs" : "nothing that a plan reads differs";
  } else if (count == 1) {
    std::ranges::stable_sort(out.causes, {}, &Cause::is_remark);
    out.causes.front().impact = out.total;
    out.method = "the difference of the two plans, since this is all that differs";
  } else {
    auto method = weigh_causes(before->compiled, after->compiled, options, out.causes);
    if (!method) return std::unexpected(method.error());
    out.method = std::move(*method);
  }

  const auto distances = distances_from(out.causes, *after->compiled.spec, after->model());
  out.decisions = changed_decisions(*before, *after, distances);
  out.missed = changed_misses(*before, *after);
  out.drawn = changed_draws(*before, *after, out.noise);
  out.results = changed_results(*before, *after, out.noise);
  return out;
}

}  // namespace beltline
