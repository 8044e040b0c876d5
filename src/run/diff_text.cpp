// A difference for people, and as JSON.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/calendar.h"
#include "base/text.h"
#include "run/diff.h"
#include "run/inputs.h"
#include "run/json_number.h"

namespace beltline {
namespace {

/// "+3.1 %", "−28.7 %"; small ones keep two digits.
std::string signed_percent(double share) {
  if (std::isnan(share)) return "?";
  if (std::abs(share) < 5e-7) return "±0 %";
  const int decimals = std::abs(share) >= 0.0995 ? 0 : std::abs(share) >= 0.00995 ? 1 : 2;
  std::string text = fmt::format("{:+.{}f} %", 100 * share, std::abs(share) < 5e-5 ? 4 : decimals);
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

/// "+USD 3 billion", "−12 MW".
std::string signed_told(double value, std::string_view unit) {
  if (std::isnan(value)) return "?";
  return (value < 0 ? "−" : "+") + told(std::abs(value), unit);
}

std::string objective_told(double value, const std::string& unit) {
  // as the summary has it
  if (unit == "PFLOP/s*h") return fmt::format("{:.4g} EFLOP/s·year of compute", value / 1e3 / kHoursPerYear);
  if (unit == "USD") return told(value, unit);
  return fmt::format("{:.4g} target periods missed", value);
}

std::string goal_word(const std::string& unit) {
  return unit == "PFLOP/s*h" ? "compute" : unit == "USD" ? "cost" : "target periods missed";
}

/// @param noise  shares below this may be the gaps of two plans; 0 where both are exact
std::string impact_told(const Impact& impact, const std::string& unit, double noise) {
  if (!impact.unknown.empty()) return impact.unknown;
  std::vector<std::string> parts;
  if (unit == "USD") {
    parts.push_back(fmt::format("cost {}, {}", signed_percent(impact.share), signed_told(impact.usd, "USD")));
  } else if (std::abs(impact.share) < noise) {
    parts.push_back(
        fmt::format("{} {}, which the plans' gaps could be", signed_percent(impact.share), goal_word(unit)));
  } else if (std::abs(impact.share) < 5e-7) {
    parts.push_back("no change in " + goal_word(unit));
    if (std::abs(impact.cost_usd) > 0.5) parts.push_back(fmt::format("cost {}", signed_told(impact.cost_usd, "USD")));
  } else {
    parts.push_back(fmt::format("{} {}", signed_percent(impact.share), goal_word(unit)));
    if (unit == "PFLOP/s*h") parts.push_back("worth " + told(std::abs(impact.usd), "USD"));
    if (unit != "PFLOP/s*h") parts.push_back(fmt::format("cost {}", signed_told(impact.cost_usd, "USD")));
  }
  if (std::abs(impact.missed_usd) > 0.5)
    parts.push_back(fmt::format("{} {} for what is missed", told(std::abs(impact.missed_usd), "USD"),
                                impact.missed_usd > 0 ? "more" : "less"));
  return fmt::format("{}", fmt::join(parts, ", "));
}

constexpr const char* kAsBefore = " as before";

class Writer {
 public:
  Writer(const Difference& difference, bool all) : d_(difference), all_(all) {}

  std::string run() {
    head();
    causes();
    missed();
    decisions();
    results();
    drawn();
    for (const std::string& note : d_.notes) line("note", note);
    if (left_out_ && !all_) line("", "--all tells everything, --json for programs");
    return out_;
  }

 private:
  void line(std::string_view label, const std::string& text) {
    out_ += fmt::format("{:<10} {}\n", label, printable(text, 400));
  }

  /// How many of a list are told, and that others are left out.
  std::size_t shown(std::size_t count, std::size_t count_max) {
    if (all_ || count <= count_max) return count;
    left_out_ = true;
    return count_max;
  }

  void more(std::size_t count, std::size_t told_count, std::string_view what) {
    if (count > told_count) line("", fmt::format("… and {} more {}", count - told_count, what));
  }

  void head() {
    for (const RunFacts* run : {&d_.a, &d_.b}) {
      std::string text = run->folder + ": " + run->termination;
      if (run->has_plan) {
        const bool is_cost = run->unit == "USD";
        text += ", " + objective_told(run->objective, run->unit);
        if (!is_cost) text += ", " + told(run->cost_usd, "USD");
        if (run->missed_usd > 0.5) {
          text += fmt::format(", {} {} for what is missed", is_cost ? "of it" : "and", told(run->missed_usd, "USD"));
        }
      }
      line(run == &d_.a ? "A" : "B", text);
    }
    if (d_.total.unknown.empty()) line("B less A", impact_told(d_.total, d_.a.unit, d_.noise));
  }

  void causes() {
    const auto count =
        static_cast<std::size_t>(std::ranges::count_if(d_.causes, [](const Cause& cause) { return !cause.is_remark; }));
    if (count == 0) return line("inputs", d_.method);
    line("inputs", fmt::format("by worth: {}", d_.method));
    const std::size_t told_count = shown(count, 5);
    for (std::size_t i = 0; i < told_count; ++i) cause(d_.causes[i], i + 1);
    more(count, told_count, "entries");
    if (count == d_.causes.size()) return;
    line("", fmt::format("… and {} that differ only in ranges, sources or titles", d_.causes.size() - count));
    if (!all_) left_out_ = true;
    for (std::size_t i = count; all_ && i < d_.causes.size(); ++i) cause(d_.causes[i], i + 1);
  }

  void cause(const Cause& cause, std::size_t number) {
    std::string text = fmt::format("{}. {}", number, cause.entry);
    if (!cause.title.empty()) text += fmt::format(" ({})", cause.title);
    // a single cause has the plans' own difference
    const bool is_single = std::ranges::count_if(d_.causes, [](const Cause& c) { return !c.is_remark; }) == 1;
    if (!cause.is_remark) text += ": " + impact_told(cause.impact, d_.a.unit, is_single ? d_.noise : 0);
    line("", text);
    const std::size_t told_count = shown(cause.changes.size(), 3);
    for (std::size_t i = 0; i < told_count; ++i) {
      const ValueChange& change = cause.changes[i];
      const std::string_view key =
          std::string_view(change.path).substr(std::min(change.path.size(), cause.entry.size() + 1));
      std::string value = fmt::format("   {}: {} → {}", key, change.before.empty() ? "not written" : change.before,
                                      change.after.empty() ? "not written" : change.after);
      if (!std::isnan(change.ratio)) value += fmt::format(" (× {:.4g})", change.ratio);
      const bool moved = change.place_before != change.place_after && !change.place_after.empty();
      value += fmt::format("  [{}{}]", moved && !change.place_before.empty() ? change.place_before + " → " : "",
                           change.place_after.empty() ? change.place_before : change.place_after);
      line("", value);
    }
    more(cause.changes.size(), told_count, "values");
  }

  void missed() {
    const std::size_t told_count = shown(d_.missed.size(), 4);
    for (std::size_t i = 0; i < told_count; ++i) {
      const Promise& p = d_.missed[i];
      const auto side = [&](double most, const std::string& when) {
        return most > 0 ? fmt::format("{} short, {}", told(most, p.unit), when) : std::string("met");
      };
      line(i == 0 ? "missed" : "",
           fmt::format("{}: {} → {}", p.title, side(p.before, p.when_before), side(p.after, p.when_after)));
    }
    more(d_.missed.size(), told_count, "goals");
  }

  void decisions() {
    std::vector<std::string> lines;
    for (const Decision& d : d_.decisions) {
      std::string text = decision(d);
      // what moved by less than half a month is for --all
      if (all_ || !text.ends_with(kAsBefore)) lines.push_back(std::move(text));
    }
    const std::size_t told_count = shown(lines.size(), 8);
    for (std::size_t i = 0; i < told_count; ++i) line(i == 0 ? "decisions" : "", lines[i]);
    more(d_.decisions.size(), told_count, "decisions");
  }

  static std::string months(double count) {
    return std::round(count) == 1 ? std::string("a month") : fmt::format("{:.0f} months", count);
  }

  static std::string decision(const Decision& d) {
    const double size = std::max(d.before, d.after);
    std::string text = d.title + ": ";
    if (d.after <= 0) {
      text += fmt::format("none (was {}, from {})", told(d.before, d.unit), d.first_before);
    } else if (d.before <= 0) {
      text += fmt::format("{} from {} (was none)", told(d.after, d.unit), d.first_after);
    } else {
      const bool is_same = std::abs(d.after - d.before) <= 1e-3 * size;
      text += is_same ? told(d.after, d.unit) + kAsBefore
                      : fmt::format("{} → {} ({})", told(d.before, ""), told(d.after, d.unit),
                                    signed_percent(d.after / d.before - 1));
      if (d.mw_before > 0 && !is_same) text += fmt::format(", {:.0f} → {:.0f} MW", d.mw_before, d.mw_after);
      if (std::abs(d.months_later) >= 0.5)
        text += fmt::format(", {} {}", months(std::abs(d.months_later)), d.months_later > 0 ? "later" : "earlier");
      if (d.first_before != d.first_after) text += fmt::format(", first {} → {}", d.first_before, d.first_after);
    }
    const double usd = d.usd_after - d.usd_before;
    if (std::abs(usd) > 1e-3 * std::max(d.usd_before, d.usd_after)) text += ", " + signed_told(usd, "USD");
    return text;
  }

  void results() {
    std::vector<const ResultChange*> chosen;
    std::set<std::string> rows;
    for (const ResultChange& r : d_.results) {
      // of a row of years the one that differs most
      if (all_ || rows.insert(without_year(r.name)).second) chosen.push_back(&r);
    }
    const std::size_t told_count = shown(chosen.size(), 8);
    for (std::size_t i = 0; i < told_count; ++i) {
      const ResultChange& r = *chosen[i];
      const std::string before = r.unit == "USD" ? told(r.before, r.unit) : told(r.before, "");
      line(i == 0 ? "results" : "", fmt::format("{}: {} → {} ({})", r.title, before, told(r.after, r.unit),
                                                r.before == 0 ? "was none" : signed_percent(r.after / r.before - 1)));
    }
    more(d_.results.size(), told_count, fmt::format("figures that differ by more than {:.2g} %", 100 * d_.noise));
  }

  static std::string without_year(const std::string& name) {
    const std::size_t at = name.rfind('_');
    const bool is_year = at != std::string::npos && name.size() == at + 5 &&
                         name.find_first_not_of("0123456789", at + 1) == std::string::npos;
    return is_year ? name.substr(0, at) : name;
  }

  void drawn() {
    const std::size_t told_count = shown(d_.drawn.size(), 1);
    for (std::size_t i = 0; i < told_count; ++i) {
      const Promise& p = d_.drawn[i];
      const std::string before = told(p.before, p.unit == "USD" ? p.unit : "");
      line(i == 0 ? "drawn" : "", fmt::format("{}: {} → {} on the mean", p.title, before, told(p.after, p.unit)));
    }
    more(d_.drawn.size(), told_count, "promises");
  }

  const Difference& d_;
  bool all_;
  bool left_out_ = false;
  std::string out_;
};

using Json = nlohmann::ordered_json;

Json to_json(const RunFacts& run) {
  return {{"run", run.folder},
          {"title", run.title},
          {"set", run.overrides},
          {"termination", run.termination},
          {"objective", number_or_null(run.objective)},
          {"unit", run.unit},
          {"gap", number_or_null(run.gap)},
          {"cost_usd", number_or_null(run.cost_usd)},
          {"missed_usd", number_or_null(run.missed_usd)}};
}

Json to_json(const Impact& impact) {
  Json json = {{"objective", number_or_null(impact.objective)},
               {"share", number_or_null(impact.share)},
               {"usd", number_or_null(impact.usd)},
               {"cost_usd", number_or_null(impact.cost_usd)},
               {"missed_usd", number_or_null(impact.missed_usd)}};
  if (!impact.unknown.empty()) json["unknown"] = impact.unknown;
  return json;
}

Json to_json(const Cause& cause) {
  Json changes = Json::array();
  for (const ValueChange& change : cause.changes) {
    changes.push_back({{"path", change.path},
                       {"before", change.before},
                       {"after", change.after},
                       {"ratio", number_or_null(change.ratio)},
                       {"confidence", change.confidence == ' ' ? std::string() : std::string(1, change.confidence)},
                       {"place_before", change.place_before},
                       {"place_after", change.place_after}});
  }
  return {{"entry", cause.entry},
          {"title", cause.title},
          {"is_remark", cause.is_remark},
          {"worth", to_json(cause.impact)},
          {"changes", std::move(changes)}};
}

Json to_json(const Decision& d) {
  return {{"name", d.name},
          {"title", d.title},
          {"entry", d.entry},
          {"unit", d.unit},
          {"before", d.before},
          {"after", d.after},
          {"mw_before", d.mw_before},
          {"mw_after", d.mw_after},
          {"first_before", d.first_before},
          {"first_after", d.first_after},
          {"months_later", d.months_later},
          {"usd_before", d.usd_before},
          {"usd_after", d.usd_after},
          {"usd_moved", d.usd_moved}};
}

Json to_json(const Promise& p) {
  Json json = {{"name", p.name}, {"title", p.title}, {"unit", p.unit}, {"before", p.before}, {"after", p.after}};
  if (!p.when_before.empty() || !p.when_after.empty()) {
    json["when_before"] = p.when_before;
    json["when_after"] = p.when_after;
  }
  return json;
}

Json to_json(const ResultChange& r) {
  return {{"name", r.name},   {"title", r.title},       {"unit", r.unit},    {"before", r.before},
          {"after", r.after}, {"relative", r.relative}, {"weight", r.weight}};
}

template <class T>
Json list(const std::vector<T>& items) {
  Json json = Json::array();
  for (const T& item : items) json.push_back(to_json(item));
  return json;
}

}  // namespace

std::string difference_text(const Difference& difference, bool all) {
  return Writer(difference, all).run();
}

std::string difference_json(const Difference& d) {
  const Json json = {{"a", to_json(d.a)},
                     {"b", to_json(d.b)},
                     {"total", to_json(d.total)},
                     {"method", d.method},
                     {"inputs", list(d.causes)},
                     {"missed", list(d.missed)},
                     {"decisions", list(d.decisions)},
                     {"results", list(d.results)},
                     {"drawn", list(d.drawn)},
                     {"noise", d.noise},
                     {"notes", d.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beltline
