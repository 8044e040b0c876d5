#include "import/osemosys_draft.h"

#include <algorithm>

#include <fmt/format.h>

namespace beltline::osemosys {

std::vector<Mode> find_modes(const Data& data) {
  std::vector<Mode> modes;
  const auto ever = [&](auto value) {
    for (std::size_t y = 0; y < data.years.size(); ++y) {
      if (value(y) != 0) return true;
    }
    return false;
  };
  for (std::size_t r = 0; r < data.size(Set::region); ++r) {
    for (std::size_t t = 0; t < data.size(Set::technology); ++t) {
      for (std::size_t m = 0; m < data.size(Set::mode); ++m) {
        Mode mode{.region = r, .technology = t, .mode = m};
        for (std::size_t f = 0; f < data.size(Set::fuel); ++f) {
          if (ever([&](std::size_t y) { return data.at(Param::input_ratio, {r, t, f, m, y}); }))
            mode.inputs.push_back(f);
          if (ever([&](std::size_t y) { return data.at(Param::output_ratio, {r, t, f, m, y}); }))
            mode.outputs.push_back(f);
        }
        for (std::size_t e = 0; e < data.size(Set::emission); ++e) {
          if (ever([&](std::size_t y) { return data.at(Param::emission_ratio, {r, t, e, m, y}); }))
            mode.emissions.push_back(e);
        }
        for (std::size_t s = 0; s < data.size(Set::storage); ++s) {
          if (data.at(Param::to_storage, {r, t, s, m}) > 0) mode.charges.push_back(s);
          if (data.at(Param::from_storage, {r, t, s, m}) > 0) mode.discharges.push_back(s);
        }
        const bool may_serve =
            data.at(Param::period_activity_min, {r, t}) > 0 || ever([&](std::size_t y) {
              return data.at(Param::activity_min, {r, t, y}) > 0 || data.at(Param::variable_cost, {r, t, m, y}) < 0;
            });
        if (!mode.is_idle() || may_serve) modes.push_back(std::move(mode));
      }
    }
  }
  return modes;
}

DraftMaker::DraftMaker(const Data& data, const std::string& source, Diagnostics& diagnostics)
    : data_(data), source_(source), diagnostics_(diagnostics), money_(data), modes_(find_modes(data)) {
  for (std::size_t r = 0; r < data.size(Set::region); ++r) has_margin_.push_back(finds_margin(r));
}

Draft DraftMaker::make() {
  add_head();
  add_places();
  add_demands();
  for (std::size_t r = 0; r < data_.size(Set::region); ++r) {
    if (has_margin(r)) add_firm_capacity(r);
    for (std::size_t t = 0; t < data_.size(Set::technology); ++t) {
      if (is_used(r, t)) add_capacity(r, t);
    }
  }
  for (const Mode& mode : modes_) add_process(mode);
  add_trade();
  for (std::size_t r = 0; r < data_.size(Set::region); ++r) {
    for (std::size_t t = 0; t < data_.size(Set::technology); ++t) {
      if (is_used(r, t)) add_technology_limits(r, t);
    }
    add_renewable_target(r);
    for (std::size_t e = 0; e < data_.size(Set::emission); ++e) add_emission(r, e);
    for (std::size_t s = 0; s < data_.size(Set::storage); ++s) add_storage(r, s);
  }
  return std::move(draft_);
}

// ---- what all parts write with

Numbers DraftMaker::yearly(const ByYear& value, std::string_view unit, std::string family, std::string column) const {
  Numbers numbers{.unit = std::string(unit), .by = "period", .family = std::move(family), .column = std::move(column)};
  for (std::size_t y = 0; y < data_.years.size(); ++y) numbers.values.push_back(value(y));
  return numbers;
}

/// One row of slices where all years have the same, else one a year.
Numbers DraftMaker::sliced(const BySlice& value, std::string_view unit, std::string family, std::string column) const {
  Numbers numbers{.unit = std::string(unit), .family = std::move(family), .column = std::move(column)};
  const std::size_t slices = data_.size(Set::timeslice);
  bool is_alike = true;
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    for (std::size_t l = 0; l < slices; ++l) {
      numbers.values.push_back(value(l, y));
      is_alike = is_alike && numbers.values.back() == numbers.values[l];
    }
  }
  if (is_alike) numbers.values.resize(slices);
  return numbers;
}

std::string DraftMaker::at_region(std::string_view text, std::size_t region) const {
  if (data_.size(Set::region) == 1) return std::string(text);
  return fmt::format("{}_{}", text, data_.name(Set::region, region));
}

std::string DraftMaker::title(std::string_view text, std::size_t region) const {
  return fmt::format("{} in {}", text, data_.name(Set::region, region));
}

const std::string& DraftMaker::place(std::size_t region) {
  return places_.of("region", data_.name(Set::region, region));
}

// the prefix keeps fuels apart from commodities that every scenario knows, such as electricity in MW
const std::string& DraftMaker::fuel(std::size_t fuel) {
  return commodities_.of("fuel", "fuel_" + data_.name(Set::fuel, fuel));
}

const std::string& DraftMaker::stored(std::size_t storage) {
  return commodities_.of("storage", "stored_" + data_.name(Set::storage, storage));
}

const std::string& DraftMaker::capacity(std::size_t region, std::size_t technology) {
  return capacities_.of("technology", at_region(data_.name(Set::technology, technology), region));
}

const std::string& DraftMaker::storage_capacity(std::size_t region, std::size_t storage) {
  return capacities_.of("storage", at_region("storage_" + data_.name(Set::storage, storage), region));
}

const std::string& DraftMaker::process(const Mode& mode) {
  const std::string own = at_region(data_.name(Set::technology, mode.technology), mode.region);
  return processes_.of("technology", fmt::format("{}_mode_{}", own, data_.name(Set::mode, mode.mode)));
}

std::string DraftMaker::limit(std::string_view text, std::size_t region) {
  return limits_.of("limit", at_region(text, region));
}

std::string DraftMaker::month(std::size_t y) const {
  return fmt::format("{}-01", data_.years[y]);
}

Fields DraftMaker::term(std::string_view kind, std::string_view of) {
  Fields fields;
  fields.text("kind", kind).text("of", of);
  return fields;
}

Fields DraftMaker::term(std::string_view kind, std::string_view of, const ByYear& coefficient,
                        std::string_view family) const {
  Fields fields = term(kind, of);
  fields.series("coefficient", yearly(coefficient, "", std::string(family), std::string(of)));
  return fields;
}

bool DraftMaker::any_year(const ByYear& value) const {
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    if (value(y) != 0) return true;
  }
  return false;
}

void DraftMaker::add_limits(const Bound& bound, std::string_view of, std::size_t region,
                            const std::vector<Fields>& terms) {
  const std::size_t count = data_.years.size();
  for (std::size_t first = 0; first < count; ++first) {
    if (!bound.holds(first)) continue;
    std::size_t last = first;
    while (last + 1 < count && bound.holds(last + 1)) ++last;
    const bool is_whole = first == 0 && last + 1 == count;
    const std::string when = is_whole ? "" : fmt::format("_{}", data_.years[first]);
    const std::string name = limit(fmt::format("{}_{}{}", of, bound.name, when), region);
    Fields& fields = draft_.entry("limit", name);
    fields.text("title", title(bound.title, region)).text("unit", "unit").text("kind", bound.name);
    fields.records("terms", terms);
    if (!is_whole) fields.text("first", month(first)).text("last", month(last));
    // outside its years the bound has no meaning, and takes the nearest that has one
    const auto value = [&](std::size_t y) { return bound.value(std::clamp(y, first, last)); };
    fields.series(bound.key, yearly(value, "unit", std::string(bound.name), name));
    first = last;
  }
}

void DraftMaker::add_window_limit(const Bound& bound, std::string_view of, std::size_t region,
                                  const std::vector<Fields>& terms) {
  if (!bound.holds(0)) return;
  Fields& fields = draft_.entry("limit", limit(fmt::format("{}_{}", of, bound.name), region));
  fields.text("title", title(bound.title, region)).text("unit", "unit").text("kind", bound.name);
  fields.records("terms", terms).text("scope", "window").number(bound.key, bound.value(0), "unit");
}

// ---- the parts

void DraftMaker::add_head() {
  draft_.header = fmt::format(
      "OSeMOSYS model {}\n"
      "A unit is whatever the source counts in: PJ of a fuel, GW of a capacity, kt of an emission. Activity is in\n"
      "unit/h; over the hours of a year it is OSeMOSYS's activity. Money is that of the source, written as USD.",
      source_);
  draft_.period_title = "year";
  for (const int year : data_.years) draft_.period_names.push_back(fmt::format("{}", year));
  draft_.row_title = "slice";
  for (std::size_t l = 0; l < data_.size(Set::timeslice); ++l)
    draft_.row_names.push_back(data_.name(Set::timeslice, l));
  Fields& calendar = draft_.single("calendar");
  calendar.text("start", month(0)).whole("periods", static_cast<int64_t>(data_.years.size()));
  calendar.whole("months_per_period", 12 * data_.gap());
  calendar.whole("slices", static_cast<int64_t>(data_.size(Set::timeslice)));
  calendar.series(
      "slice_hours",
      sliced([&](std::size_t l, std::size_t y) { return data_.at(Param::year_split, {l, y}) * kHoursPerYear; }, "h",
             "slice_hours", "hours"));
  draft_.single("money").whole("base_year", data_.years[0]);
  Fields& objective = draft_.single("objective");
  objective.number("discount_rate", money_.base_rate()).text("capex_at", "start");
}

void DraftMaker::add_places() {
  for (std::size_t r = 0; r < data_.size(Set::region); ++r) {
    draft_.entry("place", place(r)).text("title", data_.name(Set::region, r)).text("kind", "region");
  }
  for (std::size_t f = 0; f < data_.size(Set::fuel); ++f) {
    Fields& fields = draft_.entry("commodity", fuel(f));
    fields.text("title", data_.name(Set::fuel, f))
        .text("unit", "unit/h")
        .text("grain", "rate")
        .flag("disposable", true);
  }
}

/// The slices' demand is what EBa11 asks for. EBb4 asks for the year's, the slices' included: what is above them may
/// come in any slice.
void DraftMaker::add_demands() {
  for (std::size_t r = 0; r < data_.size(Set::region); ++r) {
    for (std::size_t f = 0; f < data_.size(Set::fuel); ++f) {
      const std::string& name = data_.name(Set::fuel, f);
      const auto in_slice = [&](std::size_t l, std::size_t y) {
        return data_.at(Param::specified_demand, {r, f, y}) * data_.at(Param::demand_profile, {r, f, l, y});
      };
      const auto annual = [&](std::size_t y) {
        double served = 0;
        for (std::size_t l = 0; l < data_.size(Set::timeslice); ++l) served += in_slice(l, y);
        return std::max(0.0, data_.at(Param::accumulated_demand, {r, f, y}) - served);
      };
      if (any_year([&](std::size_t y) { return data_.at(Param::specified_demand, {r, f, y}); })) {
        Fields& fields = draft_.entry("demand", demands_.of("demand", at_region(name, r)));
        fields.text("title", title(name, r)).text("commodity", fuel(f)).text("place", place(r));
        fields.series("quantity", sliced(
                                      [&](std::size_t l, std::size_t y) {
                                        return in_slice(l, y) / data_.at(Param::year_split, {l, y}) / kHoursPerYear;
                                      },
                                      "unit/h", "demand", at_region(name, r)));
      }
      if (!any_year(annual)) continue;
      const std::string& total = commodities_.of("annual", "annual_" + name);
      if (!draft_.has("commodity", total)) {
        draft_.entry("commodity", total)
            .text("title", name + " of a year")
            .text("unit", "unit")
            .flag("disposable", true);
      }
      Fields& serve = draft_.entry("process", processes_.of("annual", at_region("serve_" + name, r)));
      serve.text("title", title(name + " of a year", r)).text("place", place(r)).text("grain", "rate");
      serve.text("unit", "unit/h").text("kind", "demand");
      Fields in, out;
      in.text("commodity", fuel(f)).number("rate", -1);
      out.text("commodity", total).number("rate", 1);
      serve.records("flows", {in, out});
      Fields& fields = draft_.entry("demand", demands_.of("annual", at_region("annual_" + name, r)));
      fields.text("title", title(name + " of a year", r)).text("commodity", total).text("place", place(r));
      fields.series("quantity", yearly(annual, "unit", "annual_demand", at_region(name, r)));
    }
  }
}

void DraftMaker::add_trade() {
  for (std::size_t r = 0; r < data_.size(Set::region); ++r) {
    for (std::size_t rr = r + 1; rr < data_.size(Set::region); ++rr) {
      for (std::size_t f = 0; f < data_.size(Set::fuel); ++f) {
        const auto there = [&](std::size_t y) { return data_.at(Param::trade_route, {r, rr, f, y}); };
        const auto back = [&](std::size_t y) { return data_.at(Param::trade_route, {rr, r, f, y}); };
        if (!any_year(there) && !any_year(back)) continue;
        for (std::size_t y = 0; y < data_.years.size(); ++y) {
          if ((there(y) == 0) == (back(y) == 0)) continue;
          report_one_way(r, rr, f, y);
          break;
        }
        const std::string name = fmt::format("trade_{}_{}_{}", data_.name(Set::fuel, f), data_.name(Set::region, r),
                                             data_.name(Set::region, rr));
        Fields& fields = draft_.entry("process", processes_.of("trade", name));
        fields.text("title", fmt::format("{} from {} to {}", data_.name(Set::fuel, f), data_.name(Set::region, r),
                                         data_.name(Set::region, rr)));
        fields.text("place", place(r)).text("grain", "rate").text("unit", "unit/h").text("kind", "trade");
        fields.flag("runs_back", true);
        Fields out, in;
        out.text("commodity", fuel(f)).text("place", place(r));
        out.series("rate", yearly([&](std::size_t y) { return -there(y); }, "", "trade", name + "_from"));
        in.text("commodity", fuel(f)).text("place", place(rr));
        in.series("rate", yearly(back, "", "trade", name + "_to"));
        fields.records("flows", {out, in});
      }
    }
  }
}

}  // namespace beltline::osemosys
