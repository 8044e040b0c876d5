#include "run/remedy.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "run/inputs.h"
#include "run/lever.h"

namespace beltline {
namespace {

using Clock = std::chrono::steady_clock;

/// Of a sum of shares: less is nothing.
constexpr double kEnough = 1e-9;
/// A value that changes less than this share of what is missing does not matter.
constexpr double kMatters = 1e-3;
constexpr double kMost = 1e4;  // times a value is raised or lowered at the most
constexpr int kStepMax = 4;    // values changed one after the other

class Finder {
 public:
  Finder(const Compiled& compiled, const Shortages& shortages, const RemedyOptions& options)
      : c_(compiled), shortages_(shortages), options_(options), inputs_(inputs_of(*compiled.spec)) {
    for (const Shortage& item : shortages_.items) add_once(asked_for_, provenance_of(*c_.model, item.entity).entry);
  }

  Outcome<std::vector<Remedy>> run() {
    // the quick question first, so that the long one cannot take all the time
    if (auto done = ask_less(); !done) return std::unexpected(done.error());
    if (auto done = ask_later(); !done) return std::unexpected(done.error());
    if (auto done = search_more(); !done) return std::unexpected(done.error());
    std::ranges::stable_sort(out_, [](const Remedy& a, const Remedy& b) {
      if (a.kind != b.kind) return a.kind < b.kind;
      return std::pair(a.changes.size(), a.size) < std::pair(b.changes.size(), b.size);
    });
    return std::move(out_);
  }

 private:
  [[nodiscard]] double seconds_left() const {
    return options_.wall_time_max_s - std::chrono::duration<double>(Clock::now() - begin_).count();
  }
  [[nodiscard]] bool is_over() const { return seconds_left() <= 0 || (options_.cancel != nullptr && *options_.cancel); }

  [[nodiscard]] std::vector<std::string> options_of(const std::vector<Pull>& pulls) const {
    std::vector<std::string> out;
    for (const Pull& pull : pulls) out.push_back(pull.lever.option(pull.strength));
    return out;
  }

  /// What is missing with these changes; nothing where they make no scenario.
  Outcome<std::optional<Shortages>> ask(const std::vector<Pull>& pulls, bool with_causes) {
    std::vector<std::string> sets = c_.spec->overrides;
    for (std::string& option : options_of(pulls)) sets.push_back(std::move(option));
    Compiled changed = compile_texts(c_.originals, {.overrides = sets, .main = c_.spec->main, .name = c_.spec->name});
    if (!changed.model) return std::optional<Shortages>{};
    keep_past(c_, *changed.model);
    auto found = find_shortages(
        *changed.model,
        {.wall_time_max_s = std::max(1.0, seconds_left()), .with_causes = with_causes, .cancel = options_.cancel});
    if (!found) return std::unexpected(found.error());
    if (found->termination != Termination::optimal) return std::optional<Shortages>{};
    return std::optional<Shortages>(std::move(*found));
  }

  /// The share that is missing; infinite where the changes make no scenario.
  Outcome<double> missing(const std::vector<Pull>& pulls) {
    std::string key;
    for (const std::string& option : options_of(pulls)) key += option + "\n";
    if (const auto found = asked_.find(key); found != asked_.end()) return found->second;
    auto answer = ask(pulls, false);
    if (!answer) return std::unexpected(answer.error());
    return asked_[key] = *answer ? measure(**answer) : INFINITY;
  }

  /// What is missing in one number. With whole modules alone against it, next to nothing: amounts are enough.
  static double measure(const Shortages& shortages) {
    if (shortages.items.empty()) return 0;
    return shortages.whole_modules ? 1e-6 * std::min(1.0, shortages.share) : shortages.share;
  }

  // how far to change one

  /// The strengths tried, growing.
  static std::vector<double> strengths(const Lever& lever) {
    switch (lever.how) {
      case Lever::How::scale: return {1.25, 2, 4, 10, 100, kMost};
      case Lever::How::begin: return {1, 4, 16, 64, 256, 1e3, 1e4, 1e5, 1e6, 1e7};
      case Lever::How::shift: return {3, 12, 24, 48};
    }
    return {};
  }

  struct Reach {
    double strength = 0;  // at which `share` is reached, nearly the least such
    double share = INFINITY;
  };

  /// How little of a lever takes away most, beside other pulls: all, if it can; else as much as it can.
  Outcome<Reach> reach(const std::vector<Pull>& base, const Lever& lever, double before) {
    const auto at = [&](double strength) {
      std::vector<Pull> pulls = base;
      pulls.push_back({lever, strength});
      return missing(pulls);
    };
    Reach best{.strength = 0, .share = before};
    double below = lever.none();
    bool first = true;
    for (const double strength : strengths(lever)) {
      if (is_over()) break;
      const auto share = at(strength);
      if (!share) return std::unexpected(share.error());
      if (!std::isfinite(*share)) break;
      // nothing gained by a first step may mean that steps are small: units, months, whole modules
      const bool steps = lever.how != Lever::How::scale || (first && before <= 1e-6);
      if (best.strength == 0 && (*share > before * (1 + 1e-7) || (!steps && *share > before * (1 - 1e-7)))) break;
      first = false;
      if (*share < best.share * (1 - kMatters)) {
        if (best.strength > 0) below = best.strength;
        best = {strength, *share};
      }
      if (*share <= kEnough || strength > 1e3 * best.strength) break;
    }
    if (best.strength == 0) return best;
    // the least strength that is as good
    for (int i = 0; i < 12 && !is_over() && best.strength > below * 1.004 + (lever.how == Lever::How::shift ? 1 : 0);
         ++i) {
      double middle = below > 0 ? std::sqrt(below * best.strength) : 0.5 * best.strength;
      if (lever.how == Lever::How::shift) middle = std::floor(0.5 * (below + best.strength));
      if (middle <= below || middle >= best.strength) break;
      const auto share = at(middle);
      if (!share) return std::unexpected(share.error());
      if (*share <= best.share * (1 + 1e-6) + kEnough) {
        best.strength = middle;
      } else {
        below = middle;
      }
    }
    for (const double round : {rounded_near(best.strength, lever), rounded_up(best.strength, lever)}) {
      const auto share = at(round);
      if (!share) return std::unexpected(share.error());
      if (*share > best.share * (1 + 1e-6) + kEnough) continue;
      return Reach{round, *share};
    }
    return best;
  }

  Outcome<void> search_more() {
    struct Found {
      Lever lever;
      Reach reach;
    };
    std::vector<Found> partial;
    std::size_t whole = 0;
    const auto single = [&](const std::vector<Pull>& base, const std::vector<std::string>& from,
                            double before) -> Outcome<void> {
      partial.clear();
      for (const std::string& entry : from) {
        if (whole >= options_.count_max) break;
        // one value of an entry is enough as a way out: its smallest
        std::optional<Found> best;
        for (const Lever& lever : levers_of(inputs_, entry)) {
          if (is_over()) return {};
          if (std::ranges::any_of(base, [&](const Pull& pull) { return pull.lever.path() == lever.path(); })) continue;
          if (options_.on_progress) options_.on_progress(lever.path());
          auto reached = reach(base, lever, before);
          if (!reached) return std::unexpected(reached.error());
          if (reached->strength <= 0) continue;
          if (reached->share > kEnough) {
            partial.push_back({lever, *reached});
          } else if (!best || lever.size(reached->strength) < best->lever.size(best->reach.strength)) {
            best = Found{lever, *reached};
          }
        }
        if (!best) continue;
        std::vector<Pull> pulls = base;
        pulls.push_back({best->lever, best->reach.strength});
        if (auto done = conclude(std::move(pulls), RemedyKind::more); !done) return done;
        ++whole;
      }
      return {};
    };
    std::vector<Pull> base;
    Shortages now = shortages_;
    std::vector<std::string> from = entries_that_bind(*c_.model, *c_.spec, now, asked_for_);
    for (int step = 0; step < kStepMax && !is_over(); ++step) {
      if (auto done = single(base, from, measure(now)); !done) return done;
      if (whole > 0 || partial.empty()) return {};
      // no single one: what helps most, as far as it helps
      const auto most = std::ranges::min_element(partial, {}, [](const Found& f) {
        return std::pair(std::round(1e3 * f.reach.share), f.lever.size(f.reach.strength));
      });
      base.push_back({most->lever, most->reach.strength});
      auto answer = ask(base, true);
      if (!answer) return std::unexpected(answer.error());
      if (!*answer) return {};
      now = std::move(**answer);
      if (now.items.empty()) return conclude(std::move(base), RemedyKind::more);
      std::vector<std::string> next = entries_that_bind(*c_.model, *c_.spec, now, asked_for_);
      for (const std::string& entry : from) add_once(next, entry);
      from = std::move(next);
    }
    return {};
  }

  /// Less asked for: each requirement that is short, by what it is short.
  Outcome<void> ask_less() {
    std::vector<Pull> pulls;
    Shortages now = shortages_;
    for (int round = 0; round < 8 && !is_over(); ++round) {
      bool any = false;
      for (const Shortage& item : now.items) {
        if (item.required <= 0 || item.is_excess) continue;
        // a little more than the share, so that rounding does no harm; what has nothing is not asked for any more
        const double left = 1.0 - 1.002 * item.missing / item.required - 1e-4;
        const double once = left > 0.01 ? 1.0 / left : INFINITY;
        // what is left over moves on to other months and requirements: bolder steps from round to round, and conclude
        // takes back what was too much
        const double factor = std::pow(once, 1 + round);
        const std::string entry = provenance_of(*c_.model, item.entity).entry;
        for (const Lever& lever : levers_of(inputs_, entry)) {
          if (lever.how != Lever::How::scale || lever.up || !is_quantity(lever.input)) continue;
          const auto same = std::ranges::find(pulls, lever.path(), [](const Pull& p) { return p.lever.path(); });
          if (same != pulls.end()) {
            same->strength *= factor;
          } else {
            pulls.push_back({lever, factor});
          }
          any = true;
          break;
        }
      }
      if (!any || pulls.size() > 8) return {};
      auto answer = ask(pulls, true);
      if (!answer) return std::unexpected(answer.error());
      if (!*answer) return {};
      now = std::move(**answer);
      if (!now.items.empty()) continue;
      return conclude(std::move(pulls), RemedyKind::less);
    }
    return {};
  }

  /// The same later: from the first month on in which nothing would be missing.
  Outcome<void> ask_later() {
    std::vector<Pull> pulls;
    Shortages now = shortages_;
    const int last = c_.model->period_count() - 1;
    for (int round = 0; round < 6 && !is_over(); ++round) {
      for (const Shortage& item : now.items) {
        if (item.is_excess || item.last >= last) return {};  // never enough: another month does not help
        const std::string entry = provenance_of(*c_.model, item.entity).entry;
        const std::vector<Lever> levers = levers_of(inputs_, entry);
        const auto lever = std::ranges::find_if(levers, [](const Lever& each) {
          return each.how == Lever::How::shift && each.up && each.input.key == "first";
        });
        if (lever == levers.end()) return {};
        const double months = (item.last - item.first + 1) * c_.model->calendar.months_per_period;
        const auto same = std::ranges::find(pulls, lever->path(), [](const Pull& p) { return p.lever.path(); });
        if (same != pulls.end()) {
          same->strength += months;
        } else {
          pulls.push_back({*lever, months});
        }
      }
      if (pulls.empty() || pulls.size() > 8) return {};
      auto answer = ask(pulls, true);
      if (!answer) return std::unexpected(answer.error());
      if (!*answer) return {};
      now = std::move(**answer);
      if (now.items.empty()) return conclude(std::move(pulls), RemedyKind::later);
    }
    return {};
  }

  /// The key that says how much is asked for.
  static bool is_quantity(const Input& input) {
    static constexpr std::string_view kKeys[] = {"quantity", "lower", "tokens", "seats", "share", "amount"};
    return std::ranges::find(kKeys, input.key) != std::end(kKeys);
  }

  /// Makes each pull as small as it can be beside the others, tries the whole, and keeps it.
  Outcome<void> conclude(std::vector<Pull> pulls, RemedyKind kind) {
    for (std::size_t i = 0; i < pulls.size() && (pulls.size() > 1 || kind != RemedyKind::more); ++i) {
      if (auto done = shrink(pulls, i); !done) return done;
    }
    auto share = missing(pulls);
    if (!share) return std::unexpected(share.error());
    // rounding, or whole modules: a little more of all
    for (const double more : {1.02, 1.1, 1.25, 1.6, 2.5}) {
      if (*share <= kEnough || is_over()) break;
      std::vector<Pull> stronger = pulls;
      for (Pull& pull : stronger) pull.strength = rounded_up(pull.strength * more, pull.lever);
      share = missing(stronger);
      if (!share) return std::unexpected(share.error());
      if (*share <= kEnough) pulls = stronger;
    }
    if (*share > kEnough) return {};
    const auto is_nothing = [](const Pull& pull) { return std::isinf(pull.strength); };
    if (pulls.size() > 1 && std::ranges::all_of(pulls, is_nothing)) return {};  // to ask for nothing is no remedy
    Remedy remedy{.kind = kind, .is_tried = true};
    for (const Pull& pull : pulls) {
      remedy.changes.push_back(change_of(*c_.spec, pull));
      remedy.size += pull.lever.size(pull.strength);
    }
    out_.push_back(std::move(remedy));
    return {};
  }

  Outcome<void> shrink(std::vector<Pull>& pulls, std::size_t i) {
    double enough = pulls[i].strength;
    if (std::isinf(enough)) {  // nothing at all: is a hundredth too much?
      pulls[i].strength = 100;
      const auto share = missing(pulls);
      if (!share) return std::unexpected(share.error());
      if (*share > kEnough) {
        pulls[i].strength = enough;
        return {};
      }
      enough = 100;
    }
    double below = pulls[i].lever.none();
    for (int step = 0; step < 10 && !is_over(); ++step) {
      double middle = below > 0 ? std::sqrt(below * enough) : 0.5 * enough;
      if (pulls[i].lever.how == Lever::How::shift) middle = std::floor(0.5 * (below + enough));
      if (middle <= below || middle >= enough * (1 - 1e-3)) break;
      pulls[i].strength = middle;
      const auto share = missing(pulls);
      if (!share) return std::unexpected(share.error());
      (*share <= kEnough ? enough : below) = middle;
    }
    for (const double round : {rounded_near(enough, pulls[i].lever), rounded_up(enough, pulls[i].lever)}) {
      pulls[i].strength = round;
      const auto share = missing(pulls);
      if (!share) return std::unexpected(share.error());
      if (*share <= kEnough) return {};
    }
    pulls[i].strength = enough;
    return {};
  }

  const Compiled& c_;
  const Shortages& shortages_;
  const RemedyOptions& options_;
  const Clock::time_point begin_ = Clock::now();
  std::vector<Input> inputs_;
  std::vector<std::string> asked_for_;  // entries of the requirements: left to ask_less and ask_later
  std::map<std::string, double> asked_;
  std::vector<Remedy> out_;
};

}  // namespace

Outcome<std::vector<Remedy>> find_remedies(const Compiled& compiled, const Shortages& shortages,
                                           const RemedyOptions& options) {
  ASSERT(compiled.spec && compiled.model);
  return Finder(compiled, shortages, options).run();
}

}  // namespace beltline
