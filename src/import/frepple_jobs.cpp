// Jobs as processes: lots, whole multiples, what they take and put out and when, and plans that stand fast.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/frepple_draft.h"

namespace beltline::frepple {
namespace {

// USD a unit; a day late of the least order costs 1
constexpr double kRankDay = 1e-2;  // for each day of a period, of the last alternative
constexpr double kEarlyDay =
    1e-4;  // for each day from a start to the horizon's end: nothing is made early, or for nobody
constexpr std::size_t kVariantsMax = 12;  // sizes of lots that are told apart by their time

bool has_fixed(const Job& job) {
  return std::ranges::any_of(job.flows, [](const JobFlow& flow) { return flow.fixed != 0; });
}

}  // namespace

std::vector<Variant> DraftMaker::variants_of(const Job& job) {
  const std::string name = names_.of("job", job.name);
  const double bound = need_of(job);
  const double useful = has_fractions_ ? bound : std::min(bound, largest_lot(job));
  const double most = std::min(useful, job.sizes.maximum.value_or(useful));
  const double least = least_lot(job.sizes);
  const bool counts_lots = has_fixed(job) || !job.loads.empty();
  if (job.per == 0) {
    Variant only{.name = name,
                 .lag = grid_.spans(job.duration),
                 .low = job.sizes.minimum || job.sizes.multiple ? least : 1,
                 .high = counts_lots ? std::max(least, most) : std::max(least, bound),
                 .whole = job.sizes.multiple.value_or(0)};
    // where all quantities are whole and all ratios 1, lots of less than 1 do not come up
    if (!has_fractions_ && only.whole == 1) only.whole = 0;
    if (!has_fractions_ && !counts_lots && only.low <= 1) only.low = 0;
    return {only};
  }
  // lots run side by side, so that lots of the least size are done first
  const Seconds shortest = duration_of(job, least);
  std::vector<Variant> out{
      {.name = name, .lag = grid_.spans(shortest), .low = least, .high = least, .whole = least, .is_one = true}};
  // without time for itself a large lot is no better than small ones after each other
  if (job.duration == 0 && !has_fixed(job) && counts_lots) return out;
  const auto add = [&](double low, double high, Seconds time) {
    out.push_back({.name = names_.of("job", fmt::format("{} lots {}", job.name, out.size() + 1)),
                   .lag = grid_.spans(time),
                   .low = low,
                   .high = high,
                   .whole = job.sizes.multiple.value_or(0)});
  };
  if (!counts_lots) {
    // what is no multiple of the least lot goes into lots of up to twice its size
    if (job.sizes.multiple.value_or(0) != least && has_fractions_) add(least, 2 * least, duration_of(job, 2 * least));
    return out;
  }
  // a few whole sizes: a lot of each, whose time is its own, so that no row has to say between what a lot lies
  const double step = job.sizes.multiple.value_or(1);
  const bool are_whole = !has_fractions_ && least == std::floor(least) && step == std::floor(step);
  if (are_whole && most <= least + step * static_cast<double>(kVariantsMax - 1)) {
    for (double size = least + step; size <= most; size += step) {
      add(size, size, duration_of(job, size));
      out.back().whole = size;
      out.back().is_one = true;
    }
    return out;
  }
  // larger lots take less of what each lot takes, and more time: each size up to twice the one before
  for (double high = 2 * least; out.size() < kVariantsMax; high *= 2) {
    const double size = std::min(high, most);
    if (size > out.back().high) add(least, size, duration_of(job, size));
    if (high >= most) break;
  }
  return out;
}

/// Lots that the resources let run at one time.
double DraftMaker::lots_at_once(const Job& job, const Variant& variant) const {
  double most = std::numeric_limits<double>::infinity();
  if (variant.lag == 0) return most;
  for (const JobLoad& load : job.loads) {
    const Resource& resource = model_.resources.at(load.resource);
    if (resource.is_infinite || load.quantity <= 0) continue;
    double maximum = resource.maximum;
    if (const auto found = model_.calendars.find(resource.maximum_calendar); found != model_.calendars.end()) {
      maximum = found->second.value;
      for (const CalendarBucket& bucket : found->second.buckets) maximum = std::max(maximum, bucket.value);
    }
    most = std::min(most, std::floor(std::max(0.0, maximum) / load.quantity + 1e-9));
  }
  return most;
}

void DraftMaker::add_job(const Job& job) {
  if (job.sizes.maximum && *job.sizes.maximum < least_lot(job.sizes)) {
    diagnostics_.add({.code = Code::inconsistent,
                      .origin = job.origin,
                      .message = fmt::format("'{}' has no size of lot", printable(job.name)),
                      .found = fmt::format("at least {}, at most {}", least_lot(job.sizes), *job.sizes.maximum),
                      .expected = "a size_maximum no smaller than the least lot",
                      .help = "raise size_maximum"});
    return;
  }
  std::vector<Variant> variants = variants_of(job);
  if (!job.available.empty()) split_by_time(job, variants);
  for (const Variant& variant : variants) add_variant(job, variant);
}

/// Where work rests, how long a lot takes depends on its start: a variant for each length, for the starts that have it.
void DraftMaker::split_by_time(const Job& job, std::vector<Variant>& variants) {
  std::vector<bool> works(static_cast<std::size_t>(grid_.periods), true);
  for (const std::string& name : job.available)
    for (int t = 0; t < grid_.periods; ++t)
      if (value_at(model_.calendars.at(name), grid_.begin(t)) == 0) works[static_cast<std::size_t>(t)] = false;
  std::vector<Variant> out;
  for (const Variant& variant : variants) {
    std::map<int, std::vector<bool>> starts;  // [lag]
    for (int t = 0; t < grid_.periods; ++t) {
      if (!works[static_cast<std::size_t>(t)]) continue;
      int done = 0;
      int end = t;
      while (done < variant.lag && end < grid_.periods) done += works[static_cast<std::size_t>(end++)] ? 1 : 0;
      if (done < variant.lag) break;
      starts.try_emplace(end - t, std::vector<bool>(works.size(), false)).first->second[static_cast<std::size_t>(t)] =
          true;
    }
    for (auto& [lag, may_start] : starts) {
      Variant one = variant;
      if (lag != variant.lag) one.name = names_.of("job", fmt::format("{} in {}", variant.name, lag));
      one.lag = lag;
      one.may_start = std::move(may_start);
      out.push_back(std::move(one));
    }
  }
  variants = std::move(out);
}

std::vector<Fields> DraftMaker::flow_records(const Job& job, const Variant& variant) {
  std::map<std::pair<std::string, int>, double> sums;  // (good, lag)
  for (const JobFlow& flow : job.flows) {
    const int lag = (flow.at_end ? variant.lag : 0) + grid_.spans(flow.offset);
    double rate = flow.quantity;
    if (variant.is_one) rate += flow.fixed / variant.low;
    if (rate != 0) sums[{flow.good, lag}] += rate;
  }
  std::vector<Fields> out;
  for (const auto& [key, rate] : sums) {
    Fields flow;
    flow.text("commodity", commodity(key.first)).text("place", place_of(key.first)).number("rate", rate);
    if (key.second > 0) flow.text("lag", fmt::format("{} month", key.second));
    out.push_back(std::move(flow));
  }
  return out;
}

void DraftMaker::add_variant(const Job& job, const Variant& variant) {
  const std::string& at = place(job.location);
  if (!draft_.has("place", at))
    draft_.entry("place", at).text("title", job.location.empty() ? "everywhere" : job.location);
  Fields& fields = draft_.entry("process", variant.name);
  fields.text("title", job.name).text("place", at).text("unit", "unit").text("kind", job.demand ? "delivery" : "job");
  fields.records("flows", flow_records(job, variant));
  fields.series("cost", cost_of(job, variant));
  const Numbers upper = upper_of(job, variant);
  if (std::ranges::any_of(upper.values, [](double v) { return v == 0; })) fields.series("upper", upper);
  const bool is_bounded = variant.high < need_of(job) && (has_fixed(job) || !job.loads.empty() || variant.low > 0);
  if (!variant.is_one && (variant.low > 0 || has_fixed(job) || !job.loads.empty() || is_bounded))
    add_lots(job, variant, has_fixed(job));
  if (variant.whole > 0) add_whole(job, variant);
}

Numbers DraftMaker::cost_of(const Job& job, const Variant& variant) const {
  std::vector<double> values;
  for (int t = 0; t < grid_.periods; ++t)
    values.push_back(kRankDay * job.rank * days(grid_.length) + kEarlyDay * days((grid_.periods - t) * grid_.length));
  if (job.demand != nullptr) {
    for (int t = 0; t < grid_.periods; ++t) {
      const Seconds late = std::max<Seconds>(0, grid_.begin(t + variant.lag) - job.demand->due);
      values[static_cast<std::size_t>(t)] += weight(*job.demand) * days(late);
    }
  }
  return by_period(std::move(values), "USD/unit", "cost", variant.name);
}

Numbers DraftMaker::upper_of(const Job& job, const Variant& variant) {
  const double bound = need_of(job);
  std::vector<double> values(static_cast<std::size_t>(grid_.periods), bound);
  for (int t = 0; t < grid_.periods; ++t) {
    const Seconds start = grid_.begin(t);
    const Seconds arrival = grid_.begin(t + variant.lag);
    bool may = t >= grid_.spans(job.fence);
    if (!variant.may_start.empty() && !variant.may_start[static_cast<std::size_t>(t)]) may = false;
    if (job.window.start && start < *job.window.start) may = false;
    if (job.window.end && start >= *job.window.end) may = false;
    if (job.demand != nullptr) {
      // nobody delivers before the due date
      if (arrival < job.demand->due) may = false;
      if (job.demand->max_lateness && arrival > job.demand->due + *job.demand->max_lateness) may = false;
    }
    if (!may) values[static_cast<std::size_t>(t)] = 0;
  }
  return by_period(std::move(values), "unit", "upper", variant.name);
}

void DraftMaker::add_limit(const std::string& name, const std::string& process, const std::string& capacity,
                           double coefficient, bool at_least, bool at_most) {
  Fields activity;
  activity.text("kind", "activity").text("of", process);
  Fields order;
  order.text("kind", "order").text("of", capacity).number("coefficient", -coefficient);
  Fields& fields = draft_.entry("limit", name);
  fields.text("unit", "unit").text("kind", "lot").records("terms", {activity, order});
  if (at_least) fields.number("lower", 0, "unit");
  if (at_most) fields.number("upper", 0, "unit");
}

/// low · lots ≤ activity ≤ high · lots; each lot takes its fixed quantities, and resources while it runs.
void DraftMaker::add_lots(const Job& job, const Variant& variant, bool with_fixed) {
  const std::string& lots = names_.of("lots", "lots " + variant.name);
  const int life = job.loads.empty() ? 1 : std::max(1, variant.lag);
  Fields& fields = draft_.entry("capacity", lots);
  fields.text("title", "lots of " + job.name).text("place", place(job.location)).text("unit", "unit");
  fields.text("kind", "lots").number("module_size", 1, "unit").text("life", fmt::format("{} month", life));
  const double most = std::ceil(need_of(job) / std::max(variant.low, 1e-3)) + 1;
  fields.number("build_max", std::min(most, lots_at_once(job, variant)), "unit");
  std::vector<Fields> build;
  for (const JobFlow& flow : job.flows) {
    if (!with_fixed || flow.fixed == 0) continue;
    const int lag = (flow.at_end ? variant.lag : 0) + grid_.spans(flow.offset);
    Fields record;
    record.text("commodity", commodity(flow.good)).text("place", place_of(flow.good)).number("amount", flow.fixed);
    if (lag > 0) record.text("after", fmt::format("{} month", lag));
    build.push_back(std::move(record));
  }
  fields.records("build_flows", std::move(build));
  std::vector<Fields> stand;
  for (const JobLoad& load : job.loads) {
    if (variant.lag == 0) continue;  // nothing is loaded in no time
    Fields record;
    record.text("commodity", names_.of("resource", "time of " + load.resource)).text("place", place(""));
    record.number("rate", -load.quantity);
    stand.push_back(std::move(record));
  }
  fields.records("stand_flows", std::move(stand));
  add_limit(names_.of("limit", "least " + variant.name), variant.name, lots, variant.low, true, false);
  add_limit(names_.of("limit", "most " + variant.name), variant.name, lots, variant.high, false, true);
}

/// activity = whole modules. Where each lot is one module, it also holds the resources.
void DraftMaker::add_whole(const Job& job, const Variant& variant) {
  const std::string& whole = names_.of("whole", "whole " + variant.name);
  const bool holds = variant.is_one && !job.loads.empty() && variant.lag > 0;
  Fields& fields = draft_.entry("capacity", whole);
  fields.text("title", "whole lots of " + job.name).text("place", place(job.location)).text("unit", "unit");
  fields.text("kind", "lots").number("module_size", variant.whole, "unit");
  fields.text("life", fmt::format("{} month", holds ? variant.lag : 1));
  double most = std::ceil(need_of(job) / variant.whole) + 1;
  if (variant.is_one) most = std::min(most, lots_at_once(job, variant));
  fields.number("build_max", most * variant.whole, "unit");
  if (holds) {
    std::vector<Fields> stand;
    for (const JobLoad& load : job.loads) {
      Fields record;
      record.text("commodity", names_.of("resource", "time of " + load.resource)).text("place", place(""));
      record.number("rate", -load.quantity / variant.low);
      stand.push_back(std::move(record));
    }
    fields.records("stand_flows", std::move(stand));
  }
  add_limit(names_.of("limit", "multiple " + variant.name), variant.name, whole, 1, true, true);
}

void DraftMaker::add_fixed_plan(const FixedPlan& plan) {
  const auto leave = [&](std::string why) {
    diagnostics_.add({.code = Code::unused,
                      .severity = Severity::warning,
                      .origin = plan.origin,
                      .message = fmt::format("'{}' is left out: {}", printable(plan.name), why),
                      .help = "give it the status confirmed if it stands fast"});
  };
  if (plan.status != "confirmed" && plan.status != "approved") {
    leave(plan.status.empty() || plan.status == "proposed" ? "it is proposed, and planned anew"
                                                           : "its status has no effect on what is to come");
    return;
  }
  const auto refuse = [&](std::string what) {
    diagnostics_.add({.code = Code::bad_model,
                      .origin = plan.origin,
                      .message = fmt::format("'{}' cannot be carried over: {}", printable(plan.name), what),
                      .expected = "a fixed time or a time per unit, a purchase or a transfer",
                      .help = "write one for each of its steps"});
  };
  std::vector<Fields> flows;
  const auto add = [&](const std::string& good, double quantity, Seconds when) {
    const int lag = grid_.from(when);
    if (quantity < 0) fixed_needs_[good] -= quantity;
    if (lag >= grid_.periods) {
      leave("it comes after the horizon");
      return;
    }
    Fields flow;
    flow.text("commodity", commodity(good)).text("place", place_of(good)).number("rate", quantity);
    if (lag > 0) flow.text("lag", fmt::format("{} month", lag));
    flows.push_back(std::move(flow));
  };
  Seconds duration = 0;
  const Operation* operation = nullptr;
  if (!plan.operation.empty()) {
    operation = &model_.operations.at(plan.operation);
    if (!operation->steps.empty()) return refuse("it has steps");
    duration = operation->duration;
    if (operation->kind == OperationKind::time_per)
      duration += static_cast<Seconds>(std::ceil(operation->duration_per * plan.quantity));
  } else if (plan.item.empty()) {
    return refuse("it has neither operation nor item");
  }
  const Seconds end = plan.end ? *plan.end : plan.start.value_or(grid_.current) + duration;
  const Seconds start = plan.start && *plan.start <= end ? *plan.start : end - duration;
  if (operation == nullptr) {
    add(lookup_.buffer(plan.item, plan.location), plan.quantity, end);
    if (!plan.from.empty()) add(lookup_.buffer(plan.item, plan.from), -plan.quantity, start);
  } else {
    for (const JobFlow& flow : lookup_.flows(*operation)) {
      const double quantity = flow.quantity * plan.quantity + flow.fixed;
      add(flow.good, quantity, (flow.at_end ? end : start) + flow.offset);
    }
    for (const JobLoad& load : lookup_.loads(plan.operation))
      for (int t = grid_.from(start); t < std::min(grid_.from(end), grid_.periods); ++t) {
        Fields flow;
        flow.text("commodity", names_.of("resource", "time of " + load.resource)).text("place", place(""));
        flow.number("rate", -load.quantity);
        if (t > 0) flow.text("lag", fmt::format("{} month", t));
        flows.push_back(std::move(flow));
      }
  }
  if (flows.empty()) return;
  std::vector<double> once(static_cast<std::size_t>(grid_.periods), 0.0);
  once[0] = 1;
  const std::string& name = names_.of("fixed", "fixed " + plan.name);
  draft_.entry("process", name)
      .text("title", fmt::format("{}, fixed", plan.name))
      .text("place", place(operation == nullptr ? plan.location : operation->location))
      .text("unit", "unit")
      .text("kind", "fixed")
      .records("flows", std::move(flows))
      .series("lower", by_period(once, "unit", "fixed", name))
      .series("upper", by_period(once, "unit", "fixed", name));
}

}  // namespace beltline::frepple
