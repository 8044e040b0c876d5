#include "risk/ranges.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "risk/influences.h"
#include "risk/range_compiler.h"
#include "risk/range_titles.h"

namespace beltline {
namespace {

constexpr double kFraction = 1e-6;  // of a period: less is whole
/// Values of one key that are first tried together: what none of them moves, each alone does not move either.
constexpr std::size_t kTogether = 4;
/// How near to the mode an end is tried that the scenario refuses.
constexpr double kShareMin = 0.2;

/// A value that may be a source.
struct Candidate {
  std::size_t value = 0;  // in the order of `for_each_value`
  ValuePlace place;       // in the compiled scenario's own Spec
  Source source;
  std::string section;
  std::string key;
  bool is_duration = false;
  bool has_range = true;  // false: a duration that is no whole number of periods, wanted for the slack of its leads
};

bool is_money(const Quantity& range) {
  return range.unit.find("USD") != std::string::npos;
}

std::vector<Candidate> candidates_of(const Spec& spec, bool with_costs) {
  std::vector<Candidate> out;
  std::size_t index = 0;
  const double months = spec.calendar.months_per_period;
  for_each_value(spec, [&](const ValuePlace& place) {
    const std::size_t value = index++;
    if (!is_drawn_section(place.owner->section->name)) return;
    const bool is_duration = place.value->attribute->kind == Kind::duration;
    const auto range = range_of(*place.value);
    Candidate made{.value = value,
                   .place = place,
                   .section = std::string(place.owner->section->name),
                   .key = place.key,
                   .is_duration = is_duration,
                   .has_range = range.has_value()};
    if (range && !with_costs && is_money(*range)) return;
    if (range) {
      made.source = source_of(place, *range);
    } else {
      const double periods = place.value->quantity.mode / months;
      if (!is_duration || !(std::abs(periods - std::round(periods)) > kFraction)) return;
      made.source.name = place.full_path();
      made.source.distribution.mode = place.value->quantity.mode;
    }
    out.push_back(std::move(made));
  });
  return out;
}

/// Runs `task(worker, i)` for i below `count` on several threads; which worker takes which changes no result.
void run_all(std::vector<RangeCompiler>& workers, std::size_t count,
             const std::function<void(RangeCompiler&, std::size_t)>& task) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&](RangeCompiler& worker) {
    for (std::size_t i = next++; i < count; i = next++) task(worker, i);
  };
  std::vector<std::jthread> others;
  for (std::size_t w = 1; w < std::min(workers.size(), count); ++w) others.emplace_back([&, w] { work(workers[w]); });
  work(workers.front());
}

class Ranges {
 public:
  Ranges(const Compiled& compiled, int thread_count, bool with_costs)
      : compiled_(compiled), options_{.with_costs = with_costs}, months_(compiled.spec->calendar.months_per_period) {
    candidates_ = candidates_of(*compiled.spec, with_costs);
    const std::size_t count = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, thread_count)), 1,
                                                      std::max<std::size_t>(1, candidates_.size()));
    workers_.reserve(count);
    for (std::size_t w = 0; w < count && !candidates_.empty(); ++w) workers_.emplace_back(compiled);
  }

  ScenarioRanges run() {
    ScenarioRanges out{.chances = compiled_.model->chances, .idle = {}};
    if (candidates_.empty()) {
      title_the_untitled(*compiled_.model, out.chances);
      return out;
    }
    base_ = workers_.front().compile({});
    // what the lean compilation leaves out refuses nothing that the whole one took
    ASSERT(base_ && has_same_entities(*base_, *compiled_.model));
    comparer_.emplace(*base_, options_);
    leave_out_groups();
    std::vector<Effects> effects(candidates_.size());
    run_all(workers_, candidates_.size(),
            [&](RangeCompiler& worker, std::size_t i) { effects[i] = effects_of(worker, candidates_[i]); });
    take_up_slack(effects);
    for (std::size_t i = 0; i < candidates_.size(); ++i) add(candidates_[i], effects[i], out.chances);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (effects[i].found.empty()) leave_out(candidates_[i], effects[i].reason);
    }
    std::ranges::sort(left_out_, {}, &std::pair<std::size_t, IdleRange>::first);
    for (auto& [value, range] : left_out_) out.idle.push_back(std::move(range));
    title_the_untitled(*compiled_.model, out.chances);
    return out;
  }

 private:
  /// What a candidate moves, and why nothing where it is nothing.
  struct Effects {
    std::vector<Found> found;
    IdleReason reason = IdleReason::kept_by_plan;
  };

  [[nodiscard]] double periods_to(const Candidate& candidate, double number) const {
    return (number - candidate.source.distribution.mode) / months_;
  }

  /// A candidate at one of its ends, or on the way to it.
  struct End {
    std::optional<Model> model;  // nothing: for the reason
    double share = 1;            // of the way from the mode
    IdleReason reason = IdleReason::refused;
  };

  /// An end that the scenario refuses (an overlap longer than what it overlaps) is told from as far as it allows.
  End at(RangeCompiler& worker, const Candidate& candidate, double number) const {
    const double mode = candidate.source.distribution.mode;
    End end;
    for (end.share = 1; end.share > kShareMin; end.share /= 2) {
      const Setting setting{candidate.value, mode + end.share * (number - mode)};
      end.model = worker.compile({&setting, 1});
      if (end.model) break;
    }
    if (end.model && !has_same_entities(*base_, *end.model)) {
      end.model.reset();
      end.reason = IdleReason::structure;
    }
    return end;
  }

  /// What one candidate does. Of a duration without a range: what one period more does.
  Effects effects_of(RangeCompiler& worker, const Candidate& candidate) const {
    const Distribution& range = candidate.source.distribution;
    if (!candidate.has_range) {
      const End longer = at(worker, candidate, range.mode + months_);
      if (!longer.model || longer.share < 1) return {};
      const Changed end{&*longer.model, 1};
      return {.found = comparer_->influences_of({.low = end, .high = end, .is_duration = true})};
    }
    End low, high, longer;
    if (range.low < range.mode && !(low = at(worker, candidate, range.low)).model) return {{}, low.reason};
    if (range.high > range.mode && !(high = at(worker, candidate, range.high)).model) return {{}, high.reason};
    Ends ends{.low = {low.model ? &*low.model : &*base_, low.share * periods_to(candidate, range.low)},
              .high = {high.model ? &*high.model : &*base_, high.share * periods_to(candidate, range.high)},
              .is_duration = candidate.is_duration};
    // less than a period may be lost in rounding up
    if (candidate.is_duration && std::max(-ends.low.periods, ends.high.periods) < 1) {
      longer = at(worker, candidate, range.mode + months_);
      if (longer.model && longer.share == 1) ends.probe = {&*longer.model, 1};
    }
    if (comparer_->has_new_goods(ends)) return {{}, IdleReason::nothing_yet};
    Effects effects{.found = comparer_->influences_of(ends)};
    for (Found& each : effects.found) {
      each.influence.at_low = extended(each.influence, each.influence.at_low, low.share);
      each.influence.at_high = extended(each.influence, each.influence.at_high, high.share);
    }
    return effects;
  }

  /// What an influence is at the end, from what it is at a share of the way there.
  static double extended(const Influence& influence, double value, double share) {
    if (share == 1) return value;
    const double whole = influence.at_mode + (value - influence.at_mode) / share;
    return influence.aspect == Aspect::delay ? whole : std::max(0.0, whole);
  }

  /// Drops the candidates of sections, and of keys with many of them, that together move nothing. Durations of one
  /// section may make up for each other; those of one key move one way.
  void leave_out_groups() {
    drop_idle([](const Candidate& each) { return each.is_duration ? each.source.name : each.section; }, 2);
    drop_idle([](const Candidate& each) { return each.section + "." + each.key; }, kTogether);
  }

  template <class Key>
  void drop_idle(const Key& key, std::size_t size_min) {
    std::map<std::string, std::vector<std::size_t>> by_key;
    for (std::size_t i = 0; i < candidates_.size(); ++i) by_key[key(candidates_[i])].push_back(i);
    std::vector<std::vector<std::size_t>> groups;
    for (auto& [name, members] : by_key) {
      if (members.size() >= size_min) groups.push_back(std::move(members));
    }
    std::vector<char> is_idle(groups.size(), 0);
    run_all(workers_, groups.size(),
            [&](RangeCompiler& worker, std::size_t g) { is_idle[g] = moves_nothing(worker, groups[g]) ? 1 : 0; });
    std::vector<char> drop(candidates_.size(), 0);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      for (const std::size_t i : groups[g]) drop[i] = is_idle[g];
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (drop[i] != 0) leave_out(candidates_[i], IdleReason::kept_by_plan);
    }
    std::size_t next = 0;
    std::erase_if(candidates_, [&](const Candidate&) { return drop[next++] != 0; });
  }

  [[nodiscard]] bool moves_nothing(RangeCompiler& worker, const std::vector<std::size_t>& members) const {
    for (const bool is_high : {true, false}) {
      std::vector<Setting> settings;
      for (const std::size_t i : members) {
        const Candidate& each = candidates_[i];
        const Distribution& range = each.source.distribution;
        // a duration by a period at least, so that rounding hides nothing
        double number = is_high ? range.high : range.low;
        if (each.is_duration && is_high) number = std::max(each.has_range ? range.high : 0, range.mode + months_);
        if (!each.has_range && !is_high) number = range.mode;
        settings.push_back({each.value, number});
      }
      const auto model = worker.compile(settings);
      if (!model || !has_same_entities(*base_, *model)) return false;
      const Changed end{&*model, 0};
      const Ends ends{.low = end, .high = end};
      if (comparer_->has_new_goods(ends) || !comparer_->influences_of(ends).empty()) return false;
    }
    return true;
  }

  /// Leads and lags were rounded up: the latest step of each is early by what was added.
  void take_up_slack(std::vector<Effects>& effects) const {
    struct Way {
      double periods = 0;  // Σ ± durations
      Influence* last = nullptr;
    };
    std::map<std::pair<ChanceTarget, int32_t>, Way> ways;
    for (std::size_t i = 0; i < effects.size(); ++i) {
      for (Found& each : effects[i].found) {
        Influence& influence = each.influence;
        if (influence.aspect != Aspect::delay) continue;
        Way& way = ways[{influence.target, influence.id}];
        way.periods += each.sign * candidates_[i].source.distribution.mode / months_;
        const bool is_last = way.last == nullptr || influence.stage >= way.last->stage;
        if (candidates_[i].has_range && each.sign != 0 && is_last) way.last = &influence;
      }
    }
    for (const auto& [entity, way] : ways) {
      if (way.last == nullptr) continue;
      const double slack = std::ceil(way.periods - kFraction) - way.periods;
      if (slack <= kFraction) continue;
      way.last->at_low -= slack;
      way.last->at_mode -= slack;
      way.last->at_high -= slack;
    }
  }

  void add(const Candidate& candidate, const Effects& effects, Chances& out) const {
    if (!candidate.has_range || effects.found.empty()) return;
    int source = find_source(out, candidate.source.name);
    if (source < 0) {
      source = static_cast<int>(out.sources.size());
      out.sources.push_back(candidate.source);
    }
    for (const Found& each : effects.found) {
      out.influences.push_back(each.influence);
      out.influences.back().source = source;
    }
    out.sources[static_cast<std::size_t>(source)].titles = title_of(candidate, &effects.found.front().influence);
  }

  void leave_out(const Candidate& candidate, IdleReason reason) {
    if (!candidate.has_range) return;
    IdleRange range{.source = candidate.source, .reason = reason};
    range.source.titles = title_of(candidate, nullptr);
    left_out_.emplace_back(candidate.value, std::move(range));
  }

  [[nodiscard]] Titles title_of(const Candidate& candidate, const Influence* moved) const {
    return title_of_range(*compiled_.spec, *compiled_.model, candidate.place, moved);
  }

  const Compiled& compiled_;
  CompareOptions options_;
  double months_;
  std::vector<Candidate> candidates_;
  std::vector<std::pair<std::size_t, IdleRange>> left_out_;  // by value
  std::vector<RangeCompiler> workers_;
  std::optional<Model> base_;
  std::optional<Comparer> comparer_;
};

}  // namespace

ScenarioRanges ranges_of(const Compiled& compiled, int thread_count, bool with_costs) {
  ASSERT(compiled.spec && compiled.model);
  return Ranges(compiled, thread_count, with_costs).run();
}

Chances chances_of(const Compiled& compiled, int thread_count, bool with_costs) {
  return ranges_of(compiled, thread_count, with_costs).chances;
}

}  // namespace beltline
