// tariff: what a site pays for power from the grid, by time of use.
//
//     price(t, h) = (Σ_d share_d · rate_d(season, h) + adders) · (1 + fund)          USD/MWh
//
// The days d of a month are working days, Saturdays (peak hours are billed at the mid rate) and holidays (all hours are
// billed off-peak). Besides, a demand charge falls due on the highest load of the month.
// Source: KEPCO, Terms and Conditions for Electricity Service, industrial service (B), high voltage.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "parts/part.h"

namespace beltline {

extern const Section kTariffSection;
void compile_tariffs(const Compile& c);

/// Hours of the day marked in "11-12, 13-18": hour h is marked if h … h + 1 lies inside; "22-8" runs over midnight.
/// Empty text marks none; nothing for text of another form.
std::optional<std::array<bool, 24>> parse_hours(std::string_view text);

/// Price of energy in slice s of period t, USD/MWh, adders and fund included.
double energy_price(const Calendar& calendar, const Entry& tariff, int t, int s);
/// Demand charge of period t, USD per MW of the period's highest load.
double demand_charge(const Calendar& calendar, const Entry& tariff, int t);
/// Mean price of one MWh at the load factor (mean over highest load), demand charge included, over the twelve months
/// from period `first` (or fewer at the horizon).
double mean_price(const Calendar& calendar, const Entry& tariff, int first, double load_factor);

}  // namespace beltline
