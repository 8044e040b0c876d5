#include "run/remedy.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "run/inputs.h"
#include "scenario/resolve.h"

namespace beltline {
namespace {

using Clock = std::chrono::steady_clock;

/// Of a sum of shares: less is nothing.
constexpr double kEnough = 1e-9;
/// A value that changes less than this share of what is missing does not matter.
constexpr double kMatters = 1e-3;
constexpr double kMost = 1e4;  // times a value is raised or lowered at the most
constexpr std::size_t kEntryMax = 10;
constexpr int kStepMax = 4;  // values changed one after the other

/// One value that may be changed, and how.
struct Lever {
  enum class How { scale, begin, shift };
  How how = How::scale;
  bool up = true;
  Input input;
  std::string path;

  /// The change at a strength: factor (scale), amount (begin) or months (shift).
  [[nodiscard]] std::string option(double strength) const {
    switch (how) {
      case How::scale: {
        const double factor = up ? strength : 1 / strength;
        if (is_plain()) return fmt::format("{}={}", path, amount(input.mode * factor));
        return fmt::format("{}*={}", path, written(factor));
      }
      case How::begin: return fmt::format("{}={}", path, amount(strength));
      case How::shift: return fmt::format("{}+={} month", path, written(up ? strength : -strength));
    }
    return {};
  }

  [[nodiscard]] std::string amount(double value) const {
    if (input.unit.empty() || input.unit == "1") return written(value);
    for (const auto& [size, letter] : {std::pair{1e9, "B"}, std::pair{1e6, "M"}}) {
      if (input.unit == "USD" && value >= size) return fmt::format("{} {} USD", written(value / size), letter);
    }
    return fmt::format("{} {}", written(value), input.unit);
  }

  /// One number without a range: written anew, it loses nothing.
  [[nodiscard]] bool is_plain() const {
    const Value& value = *input.spec_value;
    const bool is_one = value.attribute->kind != Kind::series || value.series.grain == SeriesValue::Grain::constant;
    return is_one && input.low == input.mode && input.high == input.mode;
  }

  static std::string written(double value) { return fmt::format("{:.6g}", value); }

  [[nodiscard]] double size(double strength) const {
    switch (how) {
      case How::scale: return std::log(strength);
      case How::begin: return std::log(2.0);
      case How::shift: return std::log(2.0) * strength / 12.0;
    }
    return 0;
  }
};

/// A lever at a strength.
struct Pull {
  Lever lever;
  double strength = 1;
};

/// A little further out, in as few digits as keep it within 5 %: 196 → 200, 18.05 → 18.1; downwards 0.093 → 0.09.
double rounded(double value, bool up) {
  if (!(value > 0) || !std::isfinite(value)) return value;
  for (int digits = 1; digits <= 4; ++digits) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
    const double round = unit * (up ? std::ceil(value / unit - 1e-9) : std::floor(value / unit + 1e-9));
    if (std::abs(round - value) <= 0.05 * value) return round;
  }
  return value;
}

/// The number nearest, in at most three digits: 18.03 → 18.
double nearest(double value) {
  if (!(value > 0) || !std::isfinite(value)) return value;
  for (int digits = 1; digits <= 3; ++digits) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - digits + 1);
    const double round = unit * std::round(value / unit);
    if (std::abs(round - value) <= 0.005 * value) return round;
  }
  return value;
}

/// The strength at which people would write the number, `write` of it: of a plain number the number itself.
template <class Write>
double at_written(double strength, const Lever& lever, Write write) {
  switch (lever.how) {
    case Lever::How::shift: return std::ceil(strength - 1e-9);
    case Lever::How::begin: return write(strength, true);
    case Lever::How::scale: break;
  }
  const double of = lever.is_plain() ? std::abs(lever.input.mode) : 1.0;
  return lever.up ? write(of * strength, true) / of : of / write(of / strength, false);
}
double rounded_up(double strength, const Lever& lever) {
  return at_written(strength, lever, rounded);
}
double rounded_near(double strength, const Lever& lever) {
  return at_written(strength, lever, [](double value, bool) { return nearest(value); });
}

class Finder {
 public:
  Finder(const Compiled& compiled, const Shortages& shortages, const RemedyOptions& options)
      : c_(compiled), shortages_(shortages), options_(options), inputs_(inputs_of(*compiled.spec)) {}

  Outcome<std::vector<Remedy>> run() {
    // the quick question first, so that the long one cannot take all the time
    if (auto done = ask_less(); !done) return std::unexpected(done.error());
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
    const Compiled changed =
        compile_texts(c_.originals, {.overrides = sets, .main = c_.spec->main, .name = c_.spec->name});
    if (!changed.model) return std::optional<Shortages>{};
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

  // which values to try

  static void add_once(std::vector<std::string>& out, const std::string& entry) {
    if (!entry.empty() && std::ranges::find(out, entry) == out.end()) out.push_back(entry);
  }

  /// Entries of what binds, those at the ends of chains first; then those that they name.
  [[nodiscard]] std::vector<std::string> entries(const Model& m, const Spec& spec, const Shortages& shortages) const {
    // what is asked for is no supply: it is left to ask_less
    std::set<std::string> asked;
    for (const Shortage& item : shortages_.items) asked.insert(provenance_of(*c_.model, item.entity).entry);
    std::vector<std::string> out;
    const auto add_once = [&](std::vector<std::string>& to, const std::string& entry) {
      if (!asked.contains(entry)) Finder::add_once(to, entry);
    };
    for (const Shortage& item : shortages.items) {
      if (!item.chain.empty()) add_once(out, provenance_of(m, entity_of(item.chain.back())).entry);
    }
    for (const Pressure& pressure : shortages.pressures) {
      if (out.size() >= kEntryMax) break;
      add_once(out, provenance_of(m, pressure.entity).entry);
    }
    const std::size_t own = out.size();
    for (std::size_t i = 0; i < own; ++i) {
      for (const std::string& named : named_by(spec, out[i])) {
        if (out.size() < 2 * kEntryMax) add_once(out, named);
      }
    }
    return out;
  }

  static const Entry* find_entry(const Spec& spec, const std::string& name) {
    const std::size_t dot = name.find('.');
    return dot == std::string::npos ? spec.single(name) : spec.find(name.substr(0, dot), name.substr(dot + 1));
  }

  static std::vector<std::string> named_by(const Spec& spec, const std::string& name) {
    std::vector<std::string> out;
    const Entry* const entry = find_entry(spec, name);
    if (entry == nullptr) return out;
    for (const auto& [key, value] : entry->values) {
      if (value.attribute->kind != Kind::reference) continue;
      for (const std::string& section : split_words(value.attribute->target)) {
        if (spec.find(section, value.text) != nullptr) out.push_back(section + "." + value.text);
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<Lever> levers_of(const std::string& entry) const {
    std::vector<Lever> out;
    for (const Input& input : inputs_) {
      const std::string own = input.entry.empty() ? input.section : input.section + "." + input.entry;
      if (own != entry) continue;
      const Attribute& attribute = *input.spec_value->attribute;
      Lever lever{.input = input, .path = input.path};
      switch (attribute.kind) {
        case Kind::quantity:
        case Kind::duration:
        case Kind::series: {
          const bool is_nothing = attribute.kind == Kind::series ? all_zero(input.spec_value->series) : input.mode == 0;
          if (is_nothing) {
            if (attribute.kind == Kind::duration) break;
            lever.how = Lever::How::begin;
            out.push_back(lever);
            break;
          }
          for (const bool up : {true, false}) {
            lever.up = up;
            out.push_back(lever);
          }
          break;
        }
        case Kind::month:
          lever.how = Lever::How::shift;
          for (const bool up : {false, true}) {
            lever.up = up;
            out.push_back(lever);
          }
          break;
        default: break;
      }
    }
    return out;
  }

  static bool all_zero(const SeriesValue& series) {
    return std::ranges::all_of(series.values, [](double value) { return value == 0; });
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
    double below = lever.how == Lever::How::scale ? 1.0 : 0.0;
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
        for (const Lever& lever : levers_of(entry)) {
          if (is_over()) return {};
          if (std::ranges::any_of(base, [&](const Pull& pull) { return pull.lever.path == lever.path; })) continue;
          if (options_.on_progress) options_.on_progress(lever.path);
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
    std::vector<std::string> from = entries(*c_.model, *c_.spec, now);
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
      std::vector<std::string> next = entries(*c_.model, *c_.spec, now);
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
        for (const Lever& lever : levers_of(entry)) {
          if (lever.how != Lever::How::scale || lever.up || !is_quantity(lever.input)) continue;
          const auto same = std::ranges::find(pulls, lever.path, [](const Pull& p) { return p.lever.path; });
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

  /// The key that says how much is asked for.
  static bool is_quantity(const Input& input) {
    static constexpr std::string_view kKeys[] = {"quantity", "lower", "tokens", "seats", "share", "amount"};
    return std::ranges::find(kKeys, input.key) != std::end(kKeys);
  }

  /// Makes each pull as small as it can be beside the others, tries the whole, and keeps it.
  Outcome<void> conclude(std::vector<Pull> pulls, RemedyKind kind) {
    for (std::size_t i = 0; i < pulls.size() && (pulls.size() > 1 || kind == RemedyKind::less); ++i) {
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
      remedy.changes.push_back(change_of(pull));
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
    double below = pulls[i].lever.how == Lever::How::scale ? 1.0 : 0.0;
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

  [[nodiscard]] Change change_of(const Pull& pull) const {
    const Input& input = pull.lever.input;
    Change change{.path = pull.lever.path, .before = input.value, .option = pull.lever.option(pull.strength)};
    if (input.origin.file >= 0) {
      change.place = fmt::format("{}:{}", c_.spec->files[input.origin.file].path, input.origin.line);
    }
    switch (pull.lever.how) {
      case Lever::How::scale: {
        const double factor = pull.lever.up ? pull.strength : 1 / pull.strength;
        const bool is_one = input.spec_value->attribute->kind != Kind::series ||
                            input.spec_value->series.grain == SeriesValue::Grain::constant;
        change.after = is_one ? told(input.mode * factor, input.unit) : fmt::format("× {:.4g}", factor);
        break;
      }
      case Lever::How::begin: change.after = told(pull.strength, input.unit); break;
      case Lever::How::shift: {
        const int months = static_cast<int>(pull.lever.up ? pull.strength : -pull.strength);
        change.after = to_string(input.spec_value->month.plus(months));
        change.option = fmt::format("{}={}", change.path, change.after);
        break;
      }
    }
    return change;
  }

  const Compiled& c_;
  const Shortages& shortages_;
  const RemedyOptions& options_;
  const Clock::time_point begin_ = Clock::now();
  std::vector<Input> inputs_;
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
