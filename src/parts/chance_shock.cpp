// The section shock: something that happens, or does not.
#include <array>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/chance_common.h"
#include "parts/chance_parts.h"

namespace beltline {
namespace {

constexpr std::array kEffectFields{
    Attribute{.key = "of",
              .required = true,
              .description = "Name of the process, capacity or demand; '*' stands for any text."},
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = kTargetWords,
              .description = "Which of them, where several have a name that fits."},
    Attribute{.key = "what",
              .kind = Kind::choice,
              .target = kAspectWords,
              .required = true,
              .description = "What moves while it lasts, as in `uncertainty`."},
    Attribute{.key = "value",
              .kind = Kind::quantity,
              .unit = "*",
              .required = true,
              .description = "The factor while it lasts (0: nothing), or for a delay the time added."},
};

constexpr std::array kAttributes{
    Attribute{.key = "rate",
              .kind = Kind::quantity,
              .unit = "1/year",
              .required = true,
              .min = 0,
              .description = "How often it may be expected: `\"0.05 /year\"` is once in twenty years."},
    Attribute{.key = "months",
              .fallback = "\"1-12\"",
              .description = "Months of the year in which it may begin: `\"7-9\"`, `\"11-2\"`, `\"3, 6-8\"`."},
    Attribute{.key = "from", .kind = Kind::month, .description = "First month in which it may begin."},
    Attribute{.key = "until", .kind = Kind::month, .description = "Last month in which it may begin, inclusive."},
    Attribute{.key = "duration",
              .kind = Kind::duration,
              .required = true,
              .min = 0,
              .min_exclusive = true,
              .description = "How long it lasts, rounded up to whole periods: a time, or {low, mode, high}."},
    Attribute{.key = "spread",
              .kind = Kind::choice,
              .target = kSpreadWords,
              .fallback = "\"pert\"",
              .description = "How `duration` is spread over its range, as in `uncertainty`."},
    Attribute{.key = "effects",
              .kind = Kind::records,
              .required = true,
              .fields = kEffectFields,
              .description = "What it does while it lasts."},
    Attribute{.key = "independent",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Each of the things it hits has its own: transformers that fail one by one. Otherwise one "
                             "event hits all at once."},
};

/// A month of the year at the start of `text`, which is taken off; 0 if there is none.
int take_month(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  int month = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), month);
  if (error != std::errc() || month < 1 || month > 12) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  return month;
}

/// "7-9", "11-2", "3, 6-8" → a bit for each month; 0 for anything else.
uint32_t months_of(std::string_view text) {
  uint32_t mask = 0;
  while (true) {
    const int first = take_month(text);
    int last = first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      last = take_month(text);
    }
    if (first == 0 || last == 0) return 0;
    for (int month = first;; month = month % 12 + 1) {
      mask |= 1U << (month - 1);
      if (month == last) break;
    }
    if (text.empty()) return mask;
    if (!text.starts_with(',')) return 0;
    text.remove_prefix(1);
  }
}

/// The key `months`; a text that holds none is BL0300, one that is no months BL0111.
uint32_t months_in(const Compile& c, const Entry& entry) {
  const std::string& text = entry.text("months");
  if (const uint32_t months = months_of(text); months != 0) return months;
  const bool is_empty = text.find_first_not_of(" ,") == std::string::npos;
  fault(c, is_empty ? Code::empty_window : Code::bad_month, entry, "months",
        {.message = is_empty ? fmt::format("shock '{}' has no months in which it may begin", entry.name)
                             : fmt::format("months of shock '{}' are no months of the year", entry.name),
         .found = "'" + text + "'",
         .expected = "months of the year, 1 to 12",
         .help = "write \"7-9\", \"11-2\" or \"3, 6-8\", or leave it out for all"});
  return 0;
}

/// The effects of one record.
void add_effects(const Compile& c, const Entry& record, Shock& shock) {
  const Aspect aspect = aspect_of(record, "what");
  const auto value = chance_value(c, record, "value", aspect);
  const std::vector<Aim> aims = aims_of(c, record, aspect);
  if (!value || aims.empty()) return;
  check_factor(c, record, "value", aspect, *value, aims);
  const double size = influence_value(c, aspect, *value);
  for (const Aim& aim : aims) {
    shock.effects.push_back({.source = -1,
                             .target = aim.target,
                             .id = aim.id,
                             .aspect = aspect,
                             .at_low = size,
                             .at_mode = size,
                             .at_high = size});
  }
}

void add_shock(const Compile& c, const Entry& entry) {
  const Calendar& calendar = c.builder.calendar();
  const auto window = window_of(c, entry, {.first = "from", .last = "until"});
  const uint32_t months = months_in(c, entry);
  Shock shock;
  shock.name = entry.name;
  for (const Entry& record : entry.records("effects")) add_effects(c, record, shock);
  if (entry.records("effects").empty()) {
    fault(c, Code::unused, entry, "effects",
          {.severity = Severity::warning,
           .message = fmt::format("shock '{}' does nothing", entry.name),
           .expected = "one effect or more",
           .help = "write [{of = \"NAME\", what = \"limit\", value = 0}]"});
  }
  if (!window || months == 0) return;
  shock.months = months;
  shock.first = window->first;
  shock.last = window->last;
  double expected = 0;
  for (int t = shock.first; t <= shock.last; ++t) expected += entry.quantity("rate").per_period(calendar, t);
  shock.rate = expected / (shock.last - shock.first + 1);
  const Quantity& duration = entry.quantity("duration");
  const double months_per_period = calendar.months_per_period;
  shock.duration = {.spread = duration.low < duration.high ? spread_of(entry, "spread") : Spread::point,
                    .low = duration.low / months_per_period,
                    .mode = duration.mode / months_per_period,
                    .high = duration.high / months_per_period};
  shock.is_independent = entry.flag("independent");
  shock.titles = titles_of(entry);
  shock.provenance = provenance(entry);
  c.builder.model().chances.shocks.push_back(std::move(shock));
}

}  // namespace

const Section kShockSection{
    .name = "shock",
    .title = "Shock",
    .description =
        "Something that happens, or does not: an earthquake, a strike, an export licence withheld, a storm, a "
        "transformer that fails. In `beltline risk` it begins in each month of its window by a Poisson process of this "
        "rate and moves what `effects` say while it lasts. The plan does not know it.",
    .attributes = kAttributes,
};

void compile_shocks(const Compile& c) {
  for (const Entry& entry : c.spec.entries("shock")) add_shock(c, entry);
}

}  // namespace beltline
