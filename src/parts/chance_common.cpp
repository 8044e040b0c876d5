#include "parts/chance_common.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {
namespace {

constexpr double kTolerance = 1e-9;

/// The place of a word among those that a '|' joins.
template <class Choice>
Choice choice_of(const Entry& entry, std::string_view key, std::string_view words) {
  const std::vector<std::string> list = split_words(words);
  const auto found = std::ranges::find(list, entry.text(key));
  ASSERT(found != list.end());  // the parser has checked
  return static_cast<Choice>(found - list.begin());
}

/// The kinds of entities that an aspect moves.
std::vector<ChanceTarget> targets_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::delay:
    case Aspect::limit:
    case Aspect::cost: return {ChanceTarget::process, ChanceTarget::capacity};
    case Aspect::yield:
    case Aspect::intake: return {ChanceTarget::process};
    case Aspect::demand: return {ChanceTarget::demand};
    case Aspect::availability: return {ChanceTarget::capacity};
  }
  return {};
}

std::vector<std::string> names_of(const Model& model, ChanceTarget target) {
  std::vector<std::string> names;
  const auto take = [&](const auto& entities) {
    for (const auto& entity : entities) names.push_back(entity.name);
  };
  switch (target) {
    case ChanceTarget::process: take(model.processes); break;
    case ChanceTarget::capacity: take(model.capacities); break;
    case ChanceTarget::demand: take(model.demands); break;
  }
  return names;
}

bool puts_out_at_once(const Model& model, const Aim& aim, Aspect aspect) {
  return aspect == Aspect::delay && aim.target == ChanceTarget::process &&
         model.processes[static_cast<std::size_t>(aim.id)].grain == Grain::rate;
}

/// "low of 'ramp'"; of a record, which has no name, "value".
std::string subject(const Entry& entry, std::string_view key) {
  return entry.name.empty() ? std::string(key) : fmt::format("{} of '{}'", key, entry.name);
}

std::string kinds_text(const std::vector<ChanceTarget>& targets) {
  const std::vector<std::string> words = split_words(kTargetWords);
  std::string text;
  for (const ChanceTarget target : targets) {
    text += (text.empty() ? "" : " or ") + words[static_cast<std::size_t>(target)];
  }
  return text;
}

/// The most that the yields of one entry make together; 0 if it tells none, or only the defects that one follows from.
double yields_of(const Entry& entry) {
  if (entry.has("yield_model")) return 0;
  double product = 1;
  bool has_any = false;
  for (const auto& [key, value] : entry.values) {
    if (!value.attribute->is_yield) continue;
    const bool is_series = value.attribute->kind == Kind::series;
    if (is_series && value.series.values.empty()) continue;
    product *= is_series ? std::ranges::max(value.series.values) : value.quantity.mode;
    has_any = true;
  }
  return has_any ? product : 0;
}

/// The most that the scenario says of the yield of this process: by its own entry, and by those that this entry names
/// and that stand in the process's name. 0 if it says nothing.
double yield_said(const Compile& c, const Process& process) {
  const std::string& path = process.provenance.entry;
  const std::size_t dot = path.find('.');
  const Entry* const own = dot == std::string::npos ? nullptr : c.spec.find(path.substr(0, dot), path.substr(dot + 1));
  if (own == nullptr) return 0;
  double most = yields_of(*own);
  const auto note = [&](const Entry& entry) {
    const double yield = yields_of(entry);
    if (yield > 0) most = most > 0 ? most * yield : yield;
  };
  for (const auto& [key, value] : own->values) {
    if (value.attribute->kind != Kind::reference && value.attribute->kind != Kind::references) continue;
    std::vector<std::string> names = value.names;
    if (names.empty()) names.push_back(value.text);
    for (const std::string& section : split_words(value.attribute->target)) {
      for (const std::string& name : names) {
        const Entry* const named = c.spec.find(section, name);
        if (named != nullptr && process.name.find(name) != std::string::npos) note(*named);
      }
    }
  }
  return most;
}

/// Most that comes out of one unit that goes in, of goods counted in one unit; 0 where none are.
double share_out(const Model& model, const Process& process) {
  std::map<std::string, std::pair<double, double>> by_unit;  // in, out
  for (const Flow& flow : process.flows) {
    double in = 0, out = 0;
    for (int t = 0; t < model.period_count(); ++t) {
      const double rate = model.mean(flow.rate, t);
      in = std::max(in, -rate);
      out = std::max(out, rate);
    }
    auto& sums = by_unit[model.commodities[flow.commodity.index()].unit];
    sums.first += in;
    sums.second += out;
  }
  double most = 0;
  for (const auto& [unit, sums] : by_unit) {
    if (sums.first > 0) most = std::max(most, sums.second / sums.first);
  }
  return most;
}

double availability_max(const Model& model, const Capacity& capacity) {
  if (!capacity.availability.present()) return 1;
  double most = 0;
  for (int t = 0; t < model.period_count(); ++t) {
    for (int s = 0; s < model.calendar.slice_count; ++s) most = std::max(most, model.at(capacity.availability, t, s));
  }
  return most;
}

void report_yield(const Compile& c, const Entry& entry, std::string_view key, const std::string& name, double reached,
                  Severity severity) {
  fault(c, Code::bad_yield, entry, key,
        {.severity = severity,
         .message = fmt::format("a yield of '{}' would be {:.4g}", name, reached),
         .found = fmt::format("{:.4g}", reached),
         .expected = "at most 1",
         .help = fmt::format("write a factor of at most {:.4g}", entry.number(key) / reached)});
}

}  // namespace

Aspect aspect_of(const Entry& entry, std::string_view key) {
  return choice_of<Aspect>(entry, key, kAspectWords);
}

Spread spread_of(const Entry& entry, std::string_view key) {
  const std::string& word = entry.text(key);
  if (word == "pert") return Spread::pert;
  if (word == "triangular") return Spread::triangular;
  if (word == "uniform") return Spread::uniform;
  if (word == "normal") return Spread::normal;
  if (word == "lognormal") return Spread::lognormal;
  ASSERT(word == "exponential");
  return Spread::exponential;
}

std::vector<Aim> aims_of(const Compile& c, const Entry& entry, Aspect aspect) {
  const Model& model = c.builder.model();
  const std::string& pattern = entry.text("of");
  std::vector<ChanceTarget> wanted = targets_of(aspect);
  if (entry.has("kind")) {
    const auto kind = choice_of<ChanceTarget>(entry, "kind", kTargetWords);
    if (std::ranges::find(wanted, kind) == wanted.end()) {
      fault(c, Code::inconsistent, entry, "kind",
            {.message = fmt::format("a {} has nothing that is moved as {}", entry.text("kind"),
                                    split_words(kAspectWords)[static_cast<std::size_t>(aspect)]),
             .found = entry.text("kind"),
             .expected = kinds_text(wanted),
             .help = "write another kind, or leave it out"});
      return {};
    }
    wanted = {kind};
  }
  std::vector<Aim> aims;
  std::vector<std::string> names;
  bool is_too_early = false, is_other_kind = false;
  for (const ChanceTarget target : {ChanceTarget::process, ChanceTarget::capacity, ChanceTarget::demand}) {
    const bool is_wanted = std::ranges::find(wanted, target) != wanted.end();
    const std::vector<std::string> all = names_of(model, target);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!matches(pattern, all[i])) continue;
      const Aim aim{.target = target, .id = static_cast<int32_t>(i)};
      if (!is_wanted) {
        is_other_kind = true;
      } else if (puts_out_at_once(model, aim, aspect)) {
        is_too_early = true;
      } else {
        aims.push_back(aim);
      }
    }
    if (is_wanted) names.insert(names.end(), all.begin(), all.end());
  }
  if (!aims.empty()) return aims;
  const std::string kinds = kinds_text(wanted);
  if (is_too_early) {
    fault(c, Code::grain_mismatch, entry, "of",
          {.message = fmt::format("'{}' runs as a rate: what it puts out is there at once", pattern),
           .found = pattern,
           .expected = "a process that runs as an amount, or a capacity",
           .help = "name the capacity that it runs on"});
  } else if (is_other_kind) {
    fault(c, Code::inconsistent, entry, "of",
          {.message = fmt::format("'{}' is no {}, which alone has what this moves", pattern, kinds),
           .found = pattern,
           .expected = fmt::format("the name of a {}, or a pattern with '*' that fits one", kinds),
           .help = "name another, or write another `what`"});
  } else {
    const std::string near = nearest_word(pattern, names);
    fault(c, Code::dangling_reference, entry, "of",
          {.message = fmt::format("no {} is named '{}'", kinds, pattern),
           .found = pattern,
           .expected = fmt::format("the name of a {}, or a pattern with '*' that fits one", kinds),
           .help = near.empty() ? "write a name that the tables of a plan show, or a pattern" : did_you_mean_text(near),
           .fix = {near}});
  }
  return {};
}

std::optional<double> chance_value(const Compile& c, const Entry& entry, std::string_view key, Aspect aspect) {
  if (aspect != Aspect::delay) {
    const auto factor = number_in(c, entry, key, {{"1"}});
    if (!factor || *factor >= 0) return factor;
    fault(c, Code::out_of_range, entry, key,
          {.message = fmt::format("{} is negative", subject(entry, key)),
           .found = fmt::format("{:g}", *factor),
           .expected = "a factor of 0 or more",
           .help = "write 1 for no change, 0.9 for a tenth less"});
    return std::nullopt;
  }
  const Quantity& quantity = entry.quantity(key);
  const auto months = c.spec.units.duration_months(quantity.mode, quantity.unit);
  if (months) return *months;
  fault(c, Code::wrong_dimension, entry, key,
        {.message = fmt::format("{} is no time", subject(entry, key)),
         .found = quantity.unit.empty() || quantity.unit == "1" ? "a plain number" : quantity.unit,
         .expected = "month, week or the like",
         .help = fmt::format("write \"{:g} month\", negative for earlier", quantity.mode)});
  return std::nullopt;
}

double influence_value(const Compile& c, Aspect aspect, double value) {
  return aspect == Aspect::delay ? value / c.builder.calendar().months_per_period : value;
}

void check_factor(const Compile& c, const Entry& entry, std::string_view key, Aspect aspect, double most,
                  const std::vector<Aim>& aims) {
  if (most <= 1 || (aspect != Aspect::yield && aspect != Aspect::availability)) return;
  const Model& model = c.builder.model();
  for (const Aim& aim : aims) {
    const auto i = static_cast<std::size_t>(aim.id);
    if (aspect == Aspect::availability) {
      const double reached = availability_max(model, model.capacities[i]) * most;
      if (reached <= 1 + kTolerance) continue;
      return fault(
          c, Code::out_of_range, entry, key,
          {.message = fmt::format("the availability of '{}' would be {:.4g}", model.capacities[i].name, reached),
           .found = fmt::format("{:.4g}", reached),
           .expected = "at most 1",
           .help = fmt::format("write a factor of at most {:.4g}", most / reached)});
    }
    const Process& process = model.processes[i];
    const double share = share_out(model, process) * most;
    if (share > 1 + kTolerance) return report_yield(c, entry, key, process.name, share, Severity::error);
    const double yield = yield_said(c, process) * most;
    // the yield of one step among several: what comes of them all is not known here
    if (yield > 1 + kTolerance) return report_yield(c, entry, key, process.name, yield, Severity::warning);
  }
}

Titles titles_of(const Entry& entry) {
  const auto text = [&](std::string_view key) { return entry.has(key) ? entry.text(key) : std::string(); };
  return {.title = text("title"), .title_ko = text("title_ko")};
}

}  // namespace beltline
