// The sets and parameters of OSeMOSYS's model, by name, with their subscripts and what they are where nothing is given.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beltline::osemosys {

enum class Set : uint8_t {
  region,
  technology,
  fuel,
  emission,
  mode,
  timeslice,
  year,
  season,
  daytype,
  bracket,
  storage,
  constraint,  // UDC: a set of users' own constraints
};
inline constexpr std::size_t kSetCount = 12;

/// The name in the data's text: "MODE_OF_OPERATION".
std::string_view name_of(Set set);
std::optional<Set> find_set(std::string_view name);

enum class Param : uint8_t {
  year_split,
  discount_rate,
  discount_rate_technology,
  discount_rate_storage,
  depreciation_method,
  day_split,
  days_in_day_type,
  conversion_season,
  conversion_daytype,
  conversion_bracket,
  trade_route,
  specified_demand,
  demand_profile,
  accumulated_demand,
  capacity_to_activity,
  capacity_factor,
  availability_factor,
  operational_life,
  residual_capacity,
  input_ratio,
  output_ratio,
  capital_cost,
  variable_cost,
  fixed_cost,
  to_storage,
  from_storage,
  storage_level_start,
  storage_charge_max,
  storage_discharge_max,
  storage_charge_min,
  storage_life,
  storage_capital_cost,
  storage_residual,
  unit_size,
  capacity_max,
  capacity_min,
  investment_max,
  investment_min,
  activity_max,
  activity_min,
  period_activity_max,
  period_activity_min,
  margin_tag_technology,
  margin_tag_fuel,
  reserve_margin,
  renewable_tag_technology,
  renewable_tag_fuel,
  renewable_target,
  emission_ratio,
  emission_penalty,
  exogenous_emission,
  emission_limit,
  period_exogenous_emission,
  period_emission_limit,
  udc_total_capacity,
  udc_new_capacity,
  udc_activity,
  udc_constant,
  udc_tag,
};
inline constexpr std::size_t kParamCount = static_cast<std::size_t>(Param::udc_tag) + 1;
inline constexpr std::size_t kSubscriptMax = 5;

/// Means "no limit" in the parameters that set one.
inline constexpr double kNoLimit = -1;

/// A parameter's name, its subscripts in their order, and its value where the data say nothing of it at all.
///
/// The values are those that the model's own tools write: neutral ones, -1 for no limit. Some versions of the model
/// give a parameter the first `short_dimension` subscripts only: a discount rate by region, or by region and
/// technology.
struct ParamInfo {
  std::string_view name;
  std::array<Set, kSubscriptMax> sets{};
  std::size_t dimension = 0;
  double fallback = 0;
  std::size_t short_dimension = 0;  // 0: it always has all of them

  [[nodiscard]] bool fits(std::size_t subscripts) const {
    return subscripts == dimension || (short_dimension > 0 && subscripts == short_dimension);
  }
};

const ParamInfo& info_of(Param param);
std::optional<Param> find_param(std::string_view name);

/// Whether the name is one that the data may hold beside the model's own: where the results go, and helper sets that
/// some tools compute from the ratios before the model is read.
bool is_beside_the_model(std::string_view name);

}  // namespace beltline::osemosys
