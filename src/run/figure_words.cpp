#include "run/figure_words.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace beltline {
namespace {

/// A family of figures, HEAD ITEM _YEAR; {i} is the item's title, {y} the year.
struct Family {
  std::string_view head;
  std::string_view section;  // of the item; "": there is none
  bool has_year;
  std::string_view words;
  std::string_view formula;
};

// Longer heads before shorter ones that they begin with.
constexpr std::array kFamilies{
    Family{"spent_of_budget_", "budget", true, "spent of the budget \"{i}\" in {y}",
           "sum of what falls due in the budget's months of {y}, over all that it covers"},
    Family{"spent_of_budget_", "budget", false, "spent of the budget \"{i}\"",
           "sum of what falls due in the budget's months, over all that it covers"},
    Family{"it_power_", "site", true, "IT power of {i} at the end of {y}",
           "racks online at the site in the last month of {y} times the IT power of one, over all generations"},
    Family{"it_power", "", false, "IT power at the end of the horizon",
           "racks online in the last month times the IT power of one, over all generations and sites"},
    Family{"facility_power_per_accelerator", "", false, "facility power of one accelerator",
           "facility power over accelerators online, both in the last month"},
    Family{"facility_power", "", false, "facility power at the end of the horizon",
           "racks online in the last month times the IT power of one times the PUE of their site"},
    Family{
        "all_in_cost", "", false, "all-in cost of a gigawatt",
        "capex of racks, halls, hulls, connections, plants and batteries over the facility power of the racks ordered"},
    Family{"accelerators_online", "", false, "accelerators online at the end of the horizon",
           "racks online in the last month times the accelerators of one"},
    Family{"wafer_starts_max", "", false, "DRAM wafer starts in the busiest month",
           "wafers started at all fabs in the month in which they are most"},
    Family{"wafer_starts_", "", true, "DRAM wafer starts a month in {y}",
           "wafers started at all fabs, mean of the months of {y}"},
    Family{"share_of_", "commitment", false, "most drawn of \"{i}\"",
           "what the plan draws over what is promised, in the month in which it is most"},
    Family{"wafers_for_10_gw_of_", "rack", false, "wafers a month for 10 GW of {i}",
           "wafers of one rack, by yields of dies and stacks, times racks in 10 GW of facility power, over 48 months"},
    Family{"stacks_per_accelerator_", "rack", false, "HBM stacks of an accelerator of {i}",
           "stacks of a rack over its accelerators"},
    Family{"pue_min_", "site", false, "lowest PUE of {i}", "PUE of the site in its coolest month, by its climate"},
    Family{"pue_max_", "site", false, "highest PUE of {i}", "PUE of the site in its warmest month, by its climate"},
    Family{"hulls_ordered", "", false, "hulls ordered", "hulls ordered over the horizon, over the power of one"},
    Family{"hull_power_ordered", "", false, "IT power of the hulls ordered", "MW of hulls ordered over the horizon"},
    Family{"seats_demanded_", "seats", false, "seats wanted of {i}", "seats wanted in the last month"},
    Family{"seats_served_", "seats", false, "seats served of {i}", "seats served in the last month"},
    Family{"agents_", "seats", false, "support agents for {i}", "agents at work in the last month"},
    Family{"revenue_", "seats", false, "revenue of {i}", "seats served times their price, over the horizon"},
    Family{"margin_", "seats", false, "reseller's margin of {i}", "the reseller's share of revenue, over the horizon"},
};

bool is_year(std::string_view text) {
  return text.size() == 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string title_or(const Spec& spec, std::string_view section, std::string_view name) {
  const Entry* const entry = spec.find(section, name);
  return entry != nullptr && entry->has("title") ? entry->text("title") : std::string(name);
}

std::string filled(std::string_view words, const std::string& item, std::string_view year) {
  std::string out(words);
  for (const auto& [mark, text] :
       {std::pair(std::string_view("{i}"), std::string_view(item)), std::pair(std::string_view("{y}"), year)}) {
    if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), text);
  }
  return out;
}

}  // namespace

namespace {

/// The family of a figure, and its words with item and year filled in; nothing for a figure of none.
struct Found {
  const Family* family;
  std::string item;
  std::string year;
};

std::optional<Found> find_family(const Spec& spec, std::string_view name) {
  for (const Family& family : kFamilies) {
    if (!name.starts_with(family.head)) continue;
    std::string_view item = name.substr(family.head.size());
    std::string_view year;
    if (family.has_year) {
      const std::size_t at = item.rfind('_');
      year = at == std::string_view::npos ? item : item.substr(at + 1);
      if (!is_year(year)) continue;
      item = at == std::string_view::npos ? std::string_view() : item.substr(0, at);
    }
    if (family.section.empty() != item.empty()) continue;
    return Found{&family, title_or(spec, family.section, item), std::string(year)};
  }
  return std::nullopt;
}

}  // namespace

std::string figure_formula(const Spec& spec, std::string_view name) {
  const auto found = find_family(spec, name);
  return found ? filled(found->family->formula, found->item, found->year) : std::string();
}

std::string figure_title(const Spec& spec, std::string_view name) {
  if (const auto found = find_family(spec, name)) return filled(found->family->words, found->item, found->year);
  // a measure, perhaps of a place: "jobs@korea"
  const std::size_t at = name.find('@');
  std::string words(name.substr(0, at));
  std::ranges::replace(words, '_', ' ');
  if (at == std::string_view::npos) return words;
  return fmt::format("{}, {}", words, title_or(spec, "place", name.substr(at + 1)));
}

FigureScope figure_scope(std::string_view name) {
  constexpr std::array kSeats{"seats_", "agents_", "revenue_", "margin_"};
  const bool is_seats = std::ranges::any_of(kSeats, [&](std::string_view head) { return name.starts_with(head); });
  if (is_seats || name.find('@') != std::string_view::npos) return FigureScope::consequence;
  const std::size_t at = name.rfind('_');
  const bool has_year = at != std::string_view::npos && is_year(name.substr(at + 1));
  const bool is_detail =
      name.starts_with("wafers_for_10_gw") || name.starts_with("pue_") || name.starts_with("stacks_");
  return has_year || is_detail ? FigureScope::one_of_many : FigureScope::whole;
}

}  // namespace beltline
