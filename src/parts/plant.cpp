#include "parts/plant.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "technology",
              .kind = Kind::choice,
              .target = "solar|wind|lng|fuel_cell|gas_turbine|ppa",
              .required = true,
              .description = "`solar` and `ppa` follow the sun unless `availability` says otherwise; a `ppa` is a "
                             "contract without capex."},
    Attribute{
        .key = "site", .kind = Kind::reference, .target = "site", .description = "The site it feeds; or `region`."},
    Attribute{.key = "region",
              .kind = Kind::reference,
              .target = "grid_region",
              .description = "The grid region it feeds; or `site`."},
    Attribute{.key = "owner",
              .kind = Kind::reference,
              .target = "party",
              .description = "Who builds and runs it; the site's owner by default."},
    Attribute{.key = "seller",
              .kind = Kind::reference,
              .target = "party",
              .description = "Who is paid for its power, if it is bought."},
    Attribute{.key = "existing",
              .kind = Kind::series,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Online without any order."},
    Attribute{.key = "total_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most that may be added. Absent: no limit."},
    Attribute{.key = "build_max",
              .kind = Kind::series,
              .unit = "MW/month",
              .min = 0,
              .description = "Most that may be ordered. Absent: no limit."},
    Attribute{
        .key = "buildable", .kind = Kind::flag, .fallback = "true", .description = "Whether more may be ordered."},
    Attribute{.key = "earliest_online", .kind = Kind::month, .description = "First month in which more may be online."},
    Attribute{
        .key = "lead", .kind = Kind::duration, .fallback = "\"12 month\"", .description = "From order to online."},
    Attribute{.key = "capex",
              .kind = Kind::series,
              .unit = "USD/MW",
              .fallback = "\"0 USD/MW\"",
              .min = 0,
              .description = "By month of the order; spent evenly over the lead time."},
    Attribute{.key = "fixed_cost",
              .kind = Kind::series,
              .unit = "USD/MW/month",
              .fallback = "\"0 USD/MW/month\"",
              .min = 0,
              .description = "Operation and maintenance."},
    Attribute{.key = "variable_cost",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .fallback = "\"0 USD/MWh\"",
              .min = 0,
              .description = "Price of a contract, or operation without fuel."},
    Attribute{.key = "fuel_cost",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .fallback = "\"0 USD/MWh\"",
              .min = 0,
              .description = "Fuel for one MWh of power."},
    Attribute{.key = "take_all",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether `variable_cost` is paid for all that the plant could give, used or not."},
    Attribute{.key = "capacity_factor",
              .kind = Kind::quantity,
              .fallback = "1",
              .min = 0,
              .max = 1,
              .description = "Mean output over capacity in a year."},
    Attribute{.key = "availability",
              .kind = Kind::series,
              .min = 0,
              .max = 1,
              .description = "Share of capacity that can run, instead of `capacity_factor`."},
    Attribute{.key = "emission_factor",
              .kind = Kind::quantity,
              .unit = "tCO2/MWh",
              .fallback = "\"0 tCO2/MWh\"",
              .min = 0,
              .description = "Emissions of a MWh."},
    Attribute{.key = "equipment",
              .kind = Kind::references,
              .target = "equipment",
              .description = "What it needs `equipment_time` before it is online."},
    Attribute{.key = "equipment_time",
              .kind = Kind::duration,
              .fallback = "\"6 month\"",
              .description = "From the arrival of its equipment to online; no longer than `lead`."},
    Attribute{.key = "life",
              .kind = Kind::duration,
              .fallback = "\"240 month\"",
              .min = 1,
              .description = "Time over which it is written off."},
};

constexpr std::string_view kDescription =
    R"(Power made at a site or in a grid region, or bought there under contract: capacity and process `plant_NAME`.

$$\text{output}_{t,s} \le a_{t,s} \cdot \text{online}_t, \qquad
a^{solar}_{t,s} = \min\Big(1,\; \text{CF}\, \frac{\sigma_{t,s}}{\bar\sigma}\Big), \quad \sigma = \max(0, \sin \text{elevation})$$

The sun's elevation is that at the place's latitude in the middle of the month (Duffie and Beckman, *Solar Engineering of
Thermal Processes*, chapter 1); its course is scaled to the capacity factor, and clouds are not told apart by month. A
contract with `take_all` is paid for all that it could give.)";

constexpr std::array kMonthMiddleDay{17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344};  // Klein 1977

bool follows_sun(const Entry& plant) {
  const std::string& technology = plant.text("technology");
  return !plant.has("availability") && plant.number("capacity_factor") < 1 &&
         (technology == "solar" || technology == "ppa");
}

/// Sun's height by month and hour [month · 24 + hour], scaled to a mean of `mean` over all of them; at most 1.
std::vector<double> solar_shape(double latitude, double mean) {
  std::vector<double> shape;
  double sum = 0;
  for (int month = 1; month <= 12; ++month) {
    for (int hour = 0; hour < 24; ++hour) {
      shape.push_back(sun_height(latitude, month, hour + 0.5));
      sum += shape.back();
    }
  }
  const double scale = sum > 0 ? mean * static_cast<double>(shape.size()) / sum : 0;
  for (double& share : shape) share = std::min(1.0, share * scale);
  return shape;
}

Series availability_of(const Compile& c, const Entry& plant, PlaceId place) {
  if (plant.has("availability")) return level_series(c, plant.series("availability"));
  const double factor = plant.number("capacity_factor");
  if (!follows_sun(plant)) return c.builder.constant(factor);
  const Calendar& calendar = c.builder.calendar();
  const std::vector<double> shape = solar_shape(c.builder.model().places[place.index()].latitude, factor);
  const int hours = std::clamp(static_cast<int>(std::lround(calendar.step_hours)), 1, 24);
  return c.builder.by_slice([&](int t, int s) {
    double sum = 0;
    for (int i = 0; i < hours; ++i) {
      const int hour = (calendar.hour_of_day(s) + i) % 24;
      sum += shape[static_cast<std::size_t>((calendar.month(t).month - 1) * 24 + hour)];
    }
    return sum / hours;
  });
}

/// Where a plant feeds in, where its emissions and equipment count, and who owns it.
struct Feed {
  PlaceId place;
  PlaceId region;
  PartyId owner;
  const SiteView* site = nullptr;
};

std::optional<Feed> feed_of(const Compile& c, const Entry& plant) {
  if (plant.has("site") == plant.has("region")) {
    fault(c, Code::inconsistent, plant, plant.has("site") ? "region" : "technology",
          {.message = "plant '" + plant.name + "' feeds " + (plant.has("site") ? "a site and a region" : "nothing"),
           .found = plant.has("site") ? "both keys" : "neither key",
           .expected = "either `site` or `region`",
           .help = plant.has("site") ? "leave out one of them" : "add site = \"site_NAME\""});
    return std::nullopt;
  }
  Feed feed;
  if (plant.has("site")) {
    feed.site = find_site(c, plant.text("site"));
    if (feed.site == nullptr) return std::nullopt;
    feed.place = feed.site->place;
    feed.region = feed.site->compute_place;
    feed.owner = feed.site->owner;
  } else {
    const Entry* region = c.spec.find("grid_region", plant.text("region"));
    if (region == nullptr) return std::nullopt;
    feed.place = place_of(c, *region, "place");
    feed.region = feed.place;
    feed.owner = party_of(c, *region, "utility");
  }
  if (plant.has("owner")) feed.owner = party_of(c, plant, "owner");
  return feed;
}

/// USD per MW and period of a contract that is paid for all it could give.
Series contract_cost(const Compile& c, const Entry& plant, Series availability) {
  const Model& model = c.builder.model();
  const Calendar& calendar = model.calendar;
  const SeriesValue& price = plant.series("variable_cost");
  const SeriesValue& fixed = plant.series("fixed_cost");
  return c.builder.by_period([&](int t) {
    double usd = fixed.per_period(calendar, t);
    for (int s = 0; s < calendar.slice_count; ++s) {
      usd += price.at(calendar, t, s) * model.at(availability, t, s) * calendar.hours(t, s);
    }
    return usd;
  });
}

CapacityId add_capacity(const Compile& c, const Entry& plant, const Feed& feed) {
  Capacity capacity;
  capacity.name = "plant_" + plant.name;
  capacity.place = feed.place;
  capacity.owner = feed.owner;
  capacity.unit = "MW";
  capacity.kind = "plant";
  capacity.existing = level_series(c, plant.series("existing"));
  capacity.buildable = plant.flag("buildable");
  capacity.lead = lead_periods(c, plant, "lead");
  if (plant.has("build_max")) capacity.build_max = per_period_series(c, plant.series("build_max"));
  if (plant.has("total_max")) capacity.total_max = plant.number("total_max");
  capacity.earliest_online =
      std::max(first_period_of(c, plant, "earliest_online"), feed.site != nullptr ? feed.site->online : 0);
  capacity.life = lead_periods(c, plant, "life");
  capacity.salvage_life = capacity.life;
  capacity.capex = level_series(c, plant.series("capex"));
  capacity.spend_profile = spend_profile(c, {{.usd = 1, .span = {.from = 0, .to = plant.months("lead")}}});
  capacity.availability = availability_of(c, plant, feed.place);
  capacity.fixed_cost = plant.flag("take_all") ? contract_cost(c, plant, capacity.availability)
                                               : per_period_series(c, plant.series("fixed_cost"));
  if (feed.site != nullptr) {
    const int before = std::max(0, capacity.lead - lead_periods(c, plant, "equipment_time"));
    add_equipment_needs(c, plant, *feed.site, before, capacity);
  }
  capacity.provenance = provenance(plant);
  return c.builder.add(std::move(capacity));
}

ProcessId add_process(const Compile& c, const Entry& plant, const Feed& feed, CapacityId capacity) {
  const Calendar& calendar = c.builder.calendar();
  Process process;
  process.name = "plant_" + plant.name;
  process.place = feed.place;
  process.owner = feed.owner;
  process.grain = Grain::rate;
  process.unit = "MW";
  process.kind = "plant";
  process.flows = {
      {.commodity = ensure_commodity(c, "electricity"), .place = feed.place, .rate = c.builder.constant(1)}};
  if (plant.number("emission_factor") > 0) {
    process.flows.push_back({.commodity = ensure_commodity(c, "emission"),
                             .place = feed.region,
                             .rate = c.builder.constant(plant.number("emission_factor"))});
  }
  process.uses = {{.capacity = capacity, .use = c.builder.constant(1)}};
  const SeriesValue& fuel = plant.series("fuel_cost");
  const SeriesValue& variable = plant.series("variable_cost");
  const bool paid_by_output = !plant.flag("take_all");
  process.cost = c.builder.by_slice(
      [&](int t, int s) { return fuel.at(calendar, t, s) + (paid_by_output ? variable.at(calendar, t, s) : 0.0); });
  const PartyId seller = party_of(c, plant, "seller");
  if (seller.valid() && feed.owner.valid() && seller != feed.owner) {
    process.payments = {
        {.payer = feed.owner, .payee = seller, .price = level_series(c, variable), .item = "electricity"}};
  }
  process.provenance = provenance(plant);
  return c.builder.add(std::move(process));
}

void compile_plant(const Compile& c, const Entry& plant) {
  const std::string name = "plant_" + plant.name;
  if (is_process_taken(c, plant, name) || is_capacity_taken(c, plant, name)) return;
  const auto feed = feed_of(c, plant);
  if (!feed) return;
  if (feed->site == nullptr && plant.has("equipment")) {
    fault(c, Code::inconsistent, plant, "equipment",
          {.message = "plant '" + plant.name + "' in a grid region names equipment",
           .found = "a region",
           .expected = "a plant at a site, whose compute region receives the equipment",
           .help = "leave out equipment, or write site instead of region"});
  }
  const CapacityId capacity = add_capacity(c, plant, *feed);
  const ProcessId process = add_process(c, plant, *feed, capacity);
  add_measure(c, plant, feed->place, feed->owner,
              {.table = "energy", .name = "plant_" + plant.name, .unit = "MW", .id = capacity.value});
  add_measure(c, plant, feed->place, feed->owner,
              {.table = "energy",
               .name = "output_" + plant.name,
               .unit = "MWh",
               .kind = TermKind::activity,
               .id = process.value});
}

}  // namespace

const Section kPlantSection{.name = "plant", .title = "Plant", .description = kDescription, .attributes = kAttributes};

double sun_height(double latitude_degrees, int month, double hour) {
  constexpr double kRadians = std::numbers::pi / 180;
  const double day = kMonthMiddleDay[static_cast<std::size_t>(month - 1)];
  const double declination = 23.45 * kRadians * std::sin(2 * std::numbers::pi * (284 + day) / 365);
  const double latitude = latitude_degrees * kRadians;
  const double angle = 15 * kRadians * (hour - 12);
  return std::max(
      0.0, std::sin(latitude) * std::sin(declination) + std::cos(latitude) * std::cos(declination) * std::cos(angle));
}

void compile_plants(const Compile& c) {
  for (const Entry& plant : c.spec.entries("plant")) compile_plant(c, plant);
}

}  // namespace beltline
