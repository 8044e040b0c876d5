#include "study/sweep.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plan/outlook.h"
#include "plan/table_rows.h"
#include "plan/verify.h"
#include "run/amounts.h"
#include "run/inputs.h"
#include "study/stopwatch.h"

namespace beltline {
namespace {

constexpr std::size_t kCombinationsMax = 10'000;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// What a variant of the scenario comes to.
struct Reading {
  Termination termination = Termination::unverified;
  double objective = kNone;
  double cost_usd = kNone;  // without what is missed
  double missed_usd = kNone;
  std::string fault;  // why it does not compile
};

/// Variants one after the other into models, models at once into readings.
class Variants {
 public:
  Variants(const Compiled& compiled, const StudyOptions& options) : compiled_(compiled), options_(options) {}

  /// The scenario as it is; later ones begin from where its LP ended.
  Outcome<Reading> base() {
    auto found = outlook(*compiled_.model, outlook_options());
    if (!found) return std::unexpected(found.error());
    start_ = found->start;
    return reading(*found);
  }

  /// @param changes  [variant] overrides
  Outcome<std::vector<Reading>> read(const std::vector<std::vector<std::string>>& changes, bool full, double gap) {
    std::vector<Reading> out(changes.size());
    std::vector<std::optional<Failure>> failures(changes.size());
    const auto count = static_cast<std::size_t>(std::max(1, options_.thread_count));
    // compiled in batches: a model of a year by the hour is large
    for (std::size_t begin = 0; begin < changes.size(); begin += 4 * count) {
      const std::size_t end = std::min(changes.size(), begin + 4 * count);
      std::vector<Compiled> batch;
      for (std::size_t i = begin; i < end; ++i) batch.push_back(compile(changes[i]));
      std::atomic<std::size_t> next = 0;
      const auto work = [&] {
        for (std::size_t b = next++; b < batch.size(); b = next++) {
          auto one = solve(batch[b], full, gap);
          if (one) {
            out[begin + b] = std::move(*one);
          } else {
            failures[begin + b] = one.error();
          }
        }
      };
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < std::min(count, batch.size()); ++i) others.emplace_back(work);
      work();
      others.clear();
      if (options_.on_progress) options_.on_progress({fmt::format("{} of {}", end, changes.size()), {}});
      if (is_stopped()) break;
    }
    for (const auto& failed : failures) {
      if (failed) return std::unexpected(*failed);
    }
    return out;
  }

  [[nodiscard]] bool is_stopped() const {
    return (options_.cancel != nullptr && *options_.cancel) || watch_.seconds() > options_.wall_time_max_s;
  }
  [[nodiscard]] Termination end() const {
    if (!is_stopped()) return Termination::optimal;
    return options_.cancel != nullptr && *options_.cancel ? Termination::interrupted : Termination::limit;
  }

 private:
  Compiled compile(const std::vector<std::string>& changes) const {
    LoadOptions how{.overrides = compiled_.spec->overrides, .main = compiled_.spec->main, .name = compiled_.spec->name};
    how.overrides.insert(how.overrides.end(), changes.begin(), changes.end());
    return compile_texts(compiled_.originals, how);
  }

  OutlookOptions outlook_options() const {
    return {.wall_time_max_s = std::min(120.0, watch_.left(options_.wall_time_max_s)),
            .cancel = options_.cancel,
            .start = start_};
  }

  Outcome<Reading> solve(const Compiled& variant, bool full, double gap) const {
    if (!variant.model) {
      const auto& found = variant.diagnostics.all();
      return Reading{.fault = found.empty() ? "it does not compile" : found.front().message};
    }
    if (full) {
      // a row of the sweep has no room for reasons
      auto plan = make_plan(*variant.model, {.wall_time_max_s = watch_.left(options_.wall_time_max_s),
                                             .mip_gap_max = gap,
                                             .cancel = options_.cancel,
                                             .with_reasons = false});
      if (!plan) return std::unexpected(plan.error());
      if (!plan->has_point) return Reading{.termination = plan->termination};
      const double missed = missed_usd(*variant.model, *plan);
      return Reading{.termination = plan->termination,
                     .objective = plan->objective,
                     .cost_usd = plan->cost_usd - missed,
                     .missed_usd = missed};
    }
    auto found = outlook(*variant.model, outlook_options());
    if (!found) return std::unexpected(found.error());
    return reading(*found);
  }

  static Reading reading(const Outlook& found) {
    if (found.termination != Termination::optimal) return {.termination = found.termination};
    return {.termination = found.termination,
            .objective = found.objective,
            .cost_usd = found.cost_usd,
            .missed_usd = found.missed_usd};
  }

  const Compiled& compiled_;
  const StudyOptions& options_;
  OutlookStart start_;
  Stopwatch watch_;
};

std::string unit_of_objective(const Model& m) {
  switch (m.objective.kind) {
    case ObjectiveKind::min_cost: return "USD";
    case ObjectiveKind::max_compute: return "PFLOP/s*h";
    case ObjectiveKind::earliest: return "1";
  }
  return "1";
}

std::string told_objective(const Model& m, double value, Language language) {
  const std::string unit = unit_of_objective(m);
  if (!std::isfinite(value)) return language == Language::korean ? "없음" : "none";
  return unit == "USD" ? money(value, language)
         : unit == "1" ? fmt::format("{:.4g}", value)
                       : quantity_words(value, unit, language);
}

std::string ending(const Reading& reading) {
  return reading.fault.empty() ? to_string(reading.termination) : reading.fault;
}

// --- sweeps

class Sweep {
 public:
  Sweep(const Compiled& compiled, const SweepOptions& options, std::vector<Variation> variations)
      : compiled_(compiled), options_(options), variations_(std::move(variations)) {}

  Outcome<StudyReport> run() {
    for (std::size_t i = 0; i < count(); ++i) {
      std::vector<std::string> changes;
      for (std::size_t v = 0; v < variations_.size(); ++v) changes.push_back(variations_[v].path + value(i, v));
      changes_.push_back(std::move(changes));
    }
    Variants variants(compiled_, options_);
    if (auto base = variants.base(); !base) return std::unexpected(base.error());
    auto readings = variants.read(changes_, options_.full, options_.mip_gap_max);
    if (!readings) return std::unexpected(readings.error());
    readings_ = std::move(*readings);
    const bool all_bad = std::ranges::all_of(readings_, [](const Reading& r) { return !r.fault.empty(); });
    if (all_bad) return failure(readings_.front().fault);
    StudyReport report{.study = "sweep",
                       .termination = variants.end(),
                       .facts_json = {},
                       .tables = {table()},
                       .text = {},
                       .text_ko = {}};
    nlohmann::ordered_json facts = {{"full", options_.full}, {"objective_unit", unit_of_objective(*compiled_.model)}};
    for (const Variation& each : variations_) facts["vary"].push_back({{"path", each.path}, {"values", each.values}});
    report.facts_json = facts.dump();
    report.text = words(Language::english);
    report.text_ko = words(Language::korean);
    return report;
  }

 private:
  [[nodiscard]] std::size_t count() const {
    std::size_t product = 1;
    for (const Variation& each : variations_) product *= each.values.size();
    return product;
  }

  /// The last variation goes round fastest.
  [[nodiscard]] const std::string& value(std::size_t i, std::size_t v) const {
    for (std::size_t after = variations_.size(); after-- > v + 1;) i /= variations_[after].values.size();
    return variations_[v].values[i % variations_[v].values.size()];
  }

  Table table() const {
    Table out{.name = "sweep",
              .title = options_.full ? "The plan of every combination" : "The outlook of every combination",
              .columns = {}};
    for (const Variation& each : variations_) out.add_texts(each.path);
    out.add_texts("ends", "how it ends");
    out.add_numbers("objective", unit_of_objective(*compiled_.model));
    out.add_numbers("cost", "USD", "discounted, less salvage, without what is missed");
    out.add_numbers("missed", "USD", "what the cost counts for unserved demand and missed goals");
    const std::size_t n = variations_.size();
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      for (std::size_t v = 0; v < n; ++v) texts(out, v).push_back(value(i, v));
      texts(out, n).push_back(ending(readings_[i]));
      numbers(out, n + 1).push_back(readings_[i].objective);
      numbers(out, n + 2).push_back(readings_[i].cost_usd);
      numbers(out, n + 3).push_back(readings_[i].missed_usd);
    }
    return out;
  }

  std::string words(Language language) const {
    const bool korean = language == Language::korean;
    std::string out = fmt::format("{}: {}\n", printable(compiled_.spec->title, 200),
                                  options_.full ? (korean ? "조합마다 세운 계획" : "the plan of every combination")
                                                : (korean ? "조합마다의 전망(기간마다 한 구간, 모듈은 임의의 양)"
                                                          : "the outlook of every combination, on one slice a period "
                                                            "with modules in any amount"));
    constexpr std::size_t kRowsMax = 40;
    for (std::size_t i = 0; i < std::min(kRowsMax, readings_.size()); ++i) {
      std::string line = "  ";
      for (std::size_t v = 0; v < variations_.size(); ++v)
        line += fmt::format("{}{}  ", variations_[v].path, printable(value(i, v), 40));
      out += line +
             (std::isfinite(readings_[i].objective) ? told_objective(*compiled_.model, readings_[i].objective, language)
                                                    : ending(readings_[i])) +
             "\n";
    }
    if (readings_.size() > kRowsMax)
      out += fmt::format(fmt::runtime(korean ? "  … 그 밖에 {}건: 표 sweep\n" : "  … and {} more: table sweep\n"),
                         readings_.size() - kRowsMax);
    return out;
  }

  const Compiled& compiled_;
  const SweepOptions& options_;
  const std::vector<Variation> variations_;
  std::vector<std::vector<std::string>> changes_;
  std::vector<Reading> readings_;
};

// --- tornado

struct Range {
  Input input;
  Reading low, high;

  /// How far the objective moves between the ends; a scenario without a plan is farther than any.
  [[nodiscard]] double swing(double base, bool of_cost) const {
    double least = base, most = base;
    for (const Reading* each : {&low, &high}) {
      const double value = of_cost ? each->cost_usd + each->missed_usd : each->objective;
      if (!std::isfinite(value)) return std::numeric_limits<double>::infinity();
      least = std::min(least, value);
      most = std::max(most, value);
    }
    return most - least;
  }
};

std::string override_of(const Input& input, double value) {
  const std::string number = fmt::format("{:.17g}", value);
  return input.unit.empty() || input.unit == "1" ? fmt::format("{}={}", input.path, number)
                                                 : fmt::format("{}={} {}", input.path, number, input.unit);
}

bool has_range(const Input& input) {
  return std::isfinite(input.low) && std::isfinite(input.high) && input.low < input.high && !input.is_default &&
         input.section != "branch" && input.section != "risk" && input.section != "claim";
}

Table tornado_table(const Model& m, const Reading& base, const std::vector<Range>& ranges) {
  const std::string unit = unit_of_objective(m);
  Table table =
      make("tornado", "What each range of the scenario does to the outlook, widest first",
           {{"path", "text", "as --set takes it"},
            {"confidence", "text", ""},
            {"unit", "text", "of low, mode and high"},
            {"low", "", ""},
            {"mode", "", ""},
            {"high", "", ""},
            {"objective_low", unit, "with the value at its low"},
            {"objective_mode", unit, ""},
            {"objective_high", unit, "with the value at its high"},
            {"swing", unit, "between the least and the most of the three; infinite where one end has no plan"},
            {"cost_low", "USD", "discounted, less salvage, without what is missed"},
            {"cost_high", "USD", ""},
            {"missed_low", "USD", "what the cost counts for unserved demand and missed goals"},
            {"missed_high", "USD", ""},
            {"ends_low", "text", "how the outlook ends"},
            {"ends_high", "text", ""}});
  for (const Range& range : ranges) {
    texts(table, 0).push_back(range.input.path);
    texts(table, 1).push_back(range.input.confidence == ' ' ? "" : std::string(1, range.input.confidence));
    texts(table, 2).push_back(range.input.unit);
    const double values[] = {range.input.low,
                             range.input.mode,
                             range.input.high,
                             range.low.objective,
                             base.objective,
                             range.high.objective,
                             range.swing(base.objective, false),
                             range.low.cost_usd,
                             range.high.cost_usd,
                             range.low.missed_usd,
                             range.high.missed_usd};
    for (std::size_t i = 0; i < std::size(values); ++i) numbers(table, 3 + i).push_back(values[i]);
    texts(table, 14).push_back(ending(range.low));
    texts(table, 15).push_back(ending(range.high));
  }
  return table;
}

std::string tornado_words(const Compiled& compiled, const Reading& base, const std::vector<Range>& ranges,
                          Language language) {
  const bool korean = language == Language::korean;
  const Model& m = *compiled.model;
  std::string out =
      fmt::format(fmt::runtime(korean ? "{}: 범위가 있는 값 {}개를 하나씩 움직인 전망, 기준 {}\n"
                                      : "{}: the outlook with each of {} ranges at its ends, from {}\n"),
                  printable(compiled.spec->title, 200), ranges.size(), told_objective(m, base.objective, language));
  constexpr std::size_t kRowsMax = 25;
  double widest = 0;
  for (const Range& range : ranges) {
    const double swing = range.swing(base.objective, false);
    if (std::isfinite(swing)) widest = std::max(widest, swing);
  }
  for (std::size_t i = 0; i < std::min(kRowsMax, ranges.size()); ++i) {
    const Range& range = ranges[i];
    const double swing = range.swing(base.objective, false);
    const int bars = std::isfinite(swing) && widest > 0 ? static_cast<int>(std::lround(20 * swing / widest)) : 20;
    std::string bar;
    for (int b = 0; b < bars; ++b) bar += "█";
    out += fmt::format(
        fmt::runtime(korean ? "  {:>2}. {}  {}~{}: {} ~ {}  {}\n" : "  {:>2}. {}  {} to {}: {} to {}  {}\n"), i + 1,
        range.input.path, told(range.input.low, ""), told(range.input.high, range.input.unit),
        std::isfinite(range.low.objective) ? told_objective(m, range.low.objective, language) : ending(range.low),
        std::isfinite(range.high.objective) ? told_objective(m, range.high.objective, language) : ending(range.high),
        bar);
  }
  if (ranges.size() > kRowsMax)
    out += fmt::format(fmt::runtime(korean ? "  … 그 밖에 {}건: 표 tornado\n" : "  … and {} more: table tornado\n"),
                       ranges.size() - kRowsMax);
  return out;
}

}  // namespace

Outcome<Variation> read_variation(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return failure(fmt::format("'{}' is no variation: write KEY=a,b,c", printable(text)));
  Variation out{.path = text.substr(0, equals + 1), .values = {}};
  std::string value;
  int depth = 0;
  char quote = 0;
  for (const char c : text.substr(equals + 1)) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      out.values.push_back(std::exchange(value, {}));
      continue;
    }
    value += c;
  }
  out.values.push_back(value);
  for (std::string& each : out.values) {
    while (each.starts_with(' ')) each.erase(0, 1);
    if (each.empty()) return failure(fmt::format("'{}' has an empty value between its commas", printable(text)));
  }
  return out;
}

Outcome<StudyReport> sweep(const Compiled& compiled, const SweepOptions& options) {
  std::vector<Variation> variations;
  std::size_t count = 1;
  for (const std::string& text : options.vary) {
    auto variation = read_variation(text);
    if (!variation) return std::unexpected(variation.error());
    count *= variation->values.size();
    if (count > kCombinationsMax) return failure(fmt::format("more than {} combinations", kCombinationsMax));
    variations.push_back(std::move(*variation));
  }
  if (variations.empty()) return failure("a sweep needs something to vary: --vary KEY=a,b,c");
  return Sweep(compiled, options, std::move(variations)).run();
}

Outcome<StudyReport> tornado(const Compiled& compiled, const std::string& only, const StudyOptions& options) {
  std::vector<Range> ranges;
  for (const Input& input : inputs_of(*compiled.spec)) {
    if (has_range(input) && input.path.starts_with(only)) ranges.push_back({.input = input});
  }
  std::vector<std::vector<std::string>> changes;
  for (const Range& range : ranges) {
    changes.push_back({override_of(range.input, range.input.low)});
    changes.push_back({override_of(range.input, range.input.high)});
  }
  Variants variants(compiled, options);
  auto base = variants.base();
  if (!base) return std::unexpected(base.error());
  auto readings = variants.read(changes, false, 0);
  if (!readings) return std::unexpected(readings.error());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    ranges[i].low = (*readings)[2 * i];
    ranges[i].high = (*readings)[2 * i + 1];
  }
  std::ranges::stable_sort(ranges, [&](const Range& a, const Range& b) {
    const auto key = [&](const Range& r) {
      return std::pair(r.swing(base->objective, false), r.swing(base->cost_usd + base->missed_usd, true));
    };
    return key(a) > key(b);
  });
  StudyReport report{
      .study = "tornado", .termination = variants.end(), .facts_json = {}, .tables = {}, .text = {}, .text_ko = {}};
  report.facts_json = nlohmann::ordered_json{{"ranges", ranges.size()},
                                             {"objective", base->objective},
                                             {"cost_usd", base->cost_usd},
                                             {"objective_unit", unit_of_objective(*compiled.model)}}
                          .dump();
  report.tables = {tornado_table(*compiled.model, *base, ranges)};
  report.text = tornado_words(compiled, *base, ranges, Language::english);
  report.text_ko = tornado_words(compiled, *base, ranges, Language::korean);
  return report;
}

}  // namespace beltline
