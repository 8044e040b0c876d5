// The section uncertainty: what may come otherwise than planned, by how much.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/chance_common.h"
#include "parts/chance_parts.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "of",
              .required = true,
              .description = "Name of the process, capacity or demand; '*' stands for any text."},
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = kTargetWords,
              .description = "Which of them, where several have a name that fits. Without it, all that `what` moves."},
    Attribute{
        .key = "what",
        .kind = Kind::choice,
        .target = kAspectWords,
        .required = true,
        .description =
            "What moves: `delay`, time added to the lag of what comes out, to the way from order to online, or to "
            "announced capacity; and as factors `yield`, what comes out; `intake`, what goes in; `limit`, what "
            "may be done, ordered or is there; `cost`; `demand`; `availability`, the share that can be used."},
    Attribute{.key = "spread",
              .kind = Kind::choice,
              .target = kSpreadWords,
              .fallback = "\"pert\"",
              .description = "`pert`, `triangular`: low, mode, high; `uniform`: low, high; `normal`, `lognormal`: low "
                             "and high are the 5 % and 95 % quantiles, mode the mean or median (their middle without "
                             "it); `exponential`: mode is the mean."},
    Attribute{.key = "low", .kind = Kind::quantity, .unit = "*", .description = "Least, or 5 % quantile."},
    Attribute{.key = "mode",
              .kind = Kind::quantity,
              .unit = "*",
              .description = "Most likely: a factor such as 0.95, a delay such as \"2 month\", negative for earlier."},
    Attribute{.key = "high", .kind = Kind::quantity, .unit = "*", .description = "Most, or 95 % quantile."},
    Attribute{.key = "each_period",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Drawn anew in every period; else once for the whole horizon."},
    Attribute{.key = "from", .kind = Kind::month, .description = "First month in which it counts."},
    Attribute{.key = "until", .kind = Kind::month, .description = "Last month in which it counts, inclusive."},
};

/// The keys that a spread needs and those that mean nothing to it.
bool needs(Spread spread, std::string_view key) {
  if (spread == Spread::exponential) return key == "mode";
  return key != "mode" || spread == Spread::pert || spread == Spread::triangular;
}
bool ignores(Spread spread, std::string_view key) {
  return spread == Spread::exponential ? key != "mode" : spread == Spread::uniform && key == "mode";
}

bool check_keys(const Compile& c, const Entry& entry, Spread spread) {
  bool good = true;
  for (const std::string_view key : {"low", "mode", "high"}) {
    if (needs(spread, key) && !entry.has(key)) {
      good = false;
      c.diagnostics.add({.code = Code::missing_key,
                         .origin = entry.origin,
                         .message = fmt::format("uncertainty '{}' has no {}", entry.name, key),
                         .expected = fmt::format("{}, which a spread {} needs", key, entry.text("spread")),
                         .help = fmt::format("add {}, or write another spread", key)});
    }
    if (ignores(spread, key) && entry.has(key)) {
      fault(c, Code::unused, entry, key,
            {.severity = Severity::warning,
             .message = fmt::format("{} of uncertainty '{}' says nothing to a spread {}", key, entry.name,
                                    entry.text("spread")),
             .help = fmt::format("leave out {}, or write another spread", key)});
    }
  }
  return good;
}

/// "write low = 0.8, mode = 0.9, high = 1": the numbers in the order of their values.
std::string order_help(const Entry& entry, const std::vector<std::pair<std::string_view, double>>& written) {
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [key, value] : written) {
    const Quantity& q = entry.quantity(key);
    const bool is_plain = q.unit.empty() || q.unit == "1";
    sorted.emplace_back(value, is_plain ? fmt::format("{:g}", q.mode) : fmt::format("\"{:g} {}\"", q.mode, q.unit));
  }
  std::ranges::sort(sorted);
  std::string text = "write ";
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", written[i].first, sorted[i].second);
  }
  return text;
}

/// low, mode and high as the distribution has them, those left out filled in; nothing after a fault.
std::optional<Distribution> distribution_of(const Compile& c, const Entry& entry, Aspect aspect) {
  Distribution d{.spread = spread_of(entry, "spread")};
  bool good = check_keys(c, entry, d.spread);
  std::vector<std::pair<std::string_view, double>> written;
  for (const auto& [key, slot] : {std::pair("low", &d.low), std::pair("mode", &d.mode), std::pair("high", &d.high)}) {
    if (!entry.has(key) || ignores(d.spread, key)) continue;
    const auto value = chance_value(c, entry, key, aspect);
    good = good && value.has_value();
    *slot = value.value_or(0);
    written.emplace_back(key, *slot);
  }
  if (!good) return std::nullopt;
  if (!std::ranges::is_sorted(written, {}, &std::pair<std::string_view, double>::second)) {
    fault(c, Code::range_order, entry, written.front().first,
          {.message = fmt::format("uncertainty '{}' is not in order", entry.name),
           .found = fmt::format("low {:g}, mode {:g}, high {:g}", d.low, d.mode, d.high),
           .expected = "low <= mode <= high",
           .help = order_help(entry, written)});
    return std::nullopt;
  }
  const bool has_mode = entry.has("mode") && !ignores(d.spread, "mode");
  if (d.spread == Spread::exponential) d.low = 0, d.high = 2 * d.mode;
  const bool is_log = d.spread == Spread::lognormal;
  const std::string_view least = is_log ? "low" : "mode";
  if ((is_log && d.low <= 0) || (d.spread == Spread::exponential && d.mode < 0)) {
    fault(c, Code::out_of_range, entry, least,
          {.message =
               fmt::format("uncertainty '{}' has a spread {}, which is positive", entry.name, entry.text("spread")),
           .found = fmt::format("{:g}", is_log ? d.low : d.mode),
           .expected = "more than 0",
           .help = "write a positive number, or another spread"});
    return std::nullopt;
  }
  if (!has_mode && d.spread != Spread::exponential) d.mode = is_log ? std::sqrt(d.low * d.high) : (d.low + d.high) / 2;
  return d;
}

void add_uncertainty(const Compile& c, const Entry& entry) {
  const Aspect aspect = aspect_of(entry, "what");
  const auto window = window_of(c, entry, {.first = "from", .last = "until"});
  const auto distribution = distribution_of(c, entry, aspect);
  const std::vector<Aim> aims = aims_of(c, entry, aspect);
  if (!window || !distribution || aims.empty()) return;
  check_factor(c, entry, distribution->spread == Spread::exponential ? "mode" : "high", aspect, distribution->high,
               aims);
  Chances& chances = c.builder.model().chances;
  const int source = static_cast<int>(chances.sources.size());
  chances.sources.push_back({.name = "uncertainty." + entry.name,
                             .unit = aspect == Aspect::delay ? "month" : "1",
                             .distribution = *distribution,
                             .each_period = entry.flag("each_period"),
                             .titles = titles_of(entry),
                             .provenance = provenance(entry)});
  for (const Aim& aim : aims) {
    chances.influences.push_back({.source = source,
                                  .target = aim.target,
                                  .id = aim.id,
                                  .aspect = aspect,
                                  .at_low = influence_value(c, aspect, distribution->low),
                                  .at_mode = influence_value(c, aspect, distribution->mode),
                                  .at_high = influence_value(c, aspect, distribution->high),
                                  .first = window->first,
                                  .last = window->last});
  }
}

}  // namespace

const Section kUncertaintySection{
    .name = "uncertainty",
    .title = "Uncertainty",
    .description =
        "What may come otherwise than planned, for `beltline risk`: a ramp that is late, a yield that stalls, a demand "
        "that grows. The plan does not know it. Ranges {low, mode, high} of the scenario's own values need no entry: "
        "they are drawn as they stand. PERT is the beta distribution with mean (low + 4 mode + high) / 6 (Malcolm et "
        "al. 1959).",
    .attributes = kAttributes,
};

void compile_uncertainties(const Compile& c) {
  for (const Entry& entry : c.spec.entries("uncertainty")) add_uncertainty(c, entry);
}

}  // namespace beltline
