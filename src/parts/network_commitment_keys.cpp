#include "parts/network_commitment_keys.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

/// Keys that only units have.
constexpr std::string_view kOfUnits[] = {"unit_size", "min_load",   "start_cost", "stop_cost", "no_load_cost", "min_up",
                                         "min_down",  "ramp_start", "ramp_stop",  "on_before", "units_before"};
constexpr std::string_view kOthers[] = {"ramp_up", "ramp_down", "carry", "level_before"};
constexpr std::string_view kStates[] = {"on_before", "units_before", "level_before"};
constexpr std::string_view kTimes[] = {"min_up", "min_down", "on_before"};

/// The first of some keys that was written, or "".
template <std::size_t N>
std::string_view first_written(const Entry& entry, const std::string_view (&keys)[N]) {
  const auto found = std::ranges::find_if(keys, [&](std::string_view key) { return entry.has(key); });
  return found == std::end(keys) ? std::string_view{} : *found;
}

class Reader {
 public:
  Reader(const Compile& c, const Entry& entry, Process& process) : c_(c), entry_(entry), process_(process) {}

  void run() {
    const std::string_view of_units = first_written(entry_, kOfUnits);
    const std::string_view first = of_units.empty() ? first_written(entry_, kOthers) : of_units;
    if (first.empty() || !has_slices(first)) return;
    UnitCommitment out;
    out.has_units = !of_units.empty();
    read_capacity(out, first);
    read_costs(out);
    read_ramps(out);
    read_times(out);
    read_state(out);
    if (out.has_units) check_units(out);
    process_.commitment = out;
  }

 private:
  void contradiction(std::string_view key, Diagnostic rest) const {
    fault(c_, Code::inconsistent, entry_, key, std::move(rest));
  }

  bool has_slices(std::string_view key) const {
    const bool is_amount = process_.grain == Grain::amount;
    if (!is_amount && !c_.builder.model().places[process_.place.index()].outline) return true;
    fault(c_, Code::grain_mismatch, entry_, key,
          {.message =
               fmt::format("{} of process '{}' needs slices, and the process has one value a period", key, entry_.name),
           .found = is_amount ? "an amount" : "a place told in outline",
           .expected = "a rate at a place that is not told in outline",
           .help = "leave out this key, or write grain = \"rate\" and another place"});
    return false;
  }

  [[nodiscard]] const Capacity* capacity() const {
    return process_.uses.empty() ? nullptr : &c_.builder.model().capacities[process_.uses.front().capacity.index()];
  }

  void read_capacity(UnitCommitment& out, std::string_view first) const {
    const Capacity* const k = capacity();
    const std::string unit = k != nullptr ? k->unit : process_.unit;
    if (entry_.has("unit_size")) out.unit_size = number_in(c_, entry_, "unit_size", {{unit}}).value_or(0);
    if (k == nullptr) {
      if (entry_.has("unit_size") || entry_.has("uses")) return;
      fault(c_, Code::missing_key, entry_, first,
            {.message = fmt::format("process '{}' has units or ramps but nothing to size them by", entry_.name),
             .found = "neither uses nor unit_size",
             .expected = "a capacity that it runs on, or the size of its one unit",
             .help = "write uses = [{capacity = \"NAME\"}], or unit_size"});
      return;
    }
    const Series use = process_.uses.front().use;
    if (use.period_stride == 0 && use.slice_stride == 0 && c_.builder.model().at(use, 0) > 0) return;
    contradiction("uses", {.message = fmt::format(
                               "process '{}' has units or ramps, but no constant use of its capacity", entry_.name),
                           .found = "a use that varies or is not positive",
                           .expected = "one positive number",
                           .help = "write use as one number, and let the availability of the capacity vary"});
  }

  void read_costs(UnitCommitment& out) const {
    out.min_load = series_in(c_, entry_, "min_load", {{"1"}});
    out.start_cost = series_in(c_, entry_, "start_cost", {{"USD"}});
    out.stop_cost = series_in(c_, entry_, "stop_cost", {{"USD"}});
    out.no_load_cost = series_in(c_, entry_, "no_load_cost", {{"USD/hour"}});
  }

  void read_ramps(UnitCommitment& out) const {
    out.ramp_up = series_in(c_, entry_, "ramp_up", {{"1/hour"}});
    out.ramp_down = series_in(c_, entry_, "ramp_down", {{"1/hour"}});
    if (entry_.has("ramp_start")) out.ramp_start = entry_.number("ramp_start");
    if (entry_.has("ramp_stop")) out.ramp_stop = entry_.number("ramp_stop");
    out.ramps_by_count = entry_.text("ramp_rows") == "count";
  }

  /// Times are all in hours, or all in slices: no number of slices is a number of hours where slices differ.
  void read_times(UnitCommitment& out) const {
    std::string_view hours, slices;
    for (const std::string_view key : kTimes) {
      if (!entry_.has(key)) continue;
      const std::string& unit = entry_.quantity(key).unit;
      const bool counts = c_.spec.units.convertible(unit.empty() ? "1" : unit, "1");
      (counts ? slices : hours) = key;
      const double value = number_in(c_, entry_, key, {{"hour"}, {"1"}}).value_or(0);
      if (key == "min_up") out.min_up = value;
      if (key == "min_down") out.min_down = value;
      if (key == "on_before") out.on_before = value;
    }
    out.counts_slices = !slices.empty();
    if (hours.empty() || slices.empty()) return;
    contradiction(
        slices, {.message = fmt::format("process '{}' counts {} in slices and {} in hours", entry_.name, slices, hours),
                 .found = "both",
                 .expected = "all of min_up, min_down and on_before in hours, or all as plain numbers",
                 .help = "write them in one unit"});
  }

  void read_state(UnitCommitment& out) const {
    if (entry_.has("units_before")) out.units_before = entry_.number("units_before");
    if (entry_.has("level_before")) out.level_before = number_in(c_, entry_, "level_before", {{process_.unit}});
    const std::string_view state = first_written(entry_, kStates);
    out.is_cyclic = entry_.has("carry") ? entry_.text("carry") == "cyclic" : state.empty();
    if (out.is_cyclic && !state.empty()) {
      contradiction("carry", {.message = fmt::format("process '{}' is cyclic and has {}", entry_.name, state),
                              .found = "carry = \"cyclic\"",
                              .expected = "carry = \"open\", or no state before",
                              .help = "write carry = \"open\", or leave out the state before"});
    }
    if (out.is_cyclic || !out.has_units) return;
    const bool is_off = out.units_before ? *out.units_before == 0 : out.on_before && *out.on_before <= 0;
    if (out.on_before && *out.on_before <= 0 && out.units_before.value_or(0) > 0) {
      contradiction("units_before",
                    {.message = fmt::format("units of process '{}' were off and on before", entry_.name),
                     .found = fmt::format("units_before = {}", *out.units_before),
                     .expected = "0, or a positive on_before",
                     .help = "write how long they had been on, or units_before = 0"});
    }
    if (is_off && out.level_before.value_or(0) != 0) {
      contradiction("level_before", {.message = fmt::format("process '{}' ran before with all units off", entry_.name),
                                     .found = fmt::format("{} {}", *out.level_before, process_.unit),
                                     .expected = "0",
                                     .help = "leave out level_before, or write a positive on_before"});
    }
    if (out.level_before && !out.on_before && !out.units_before) {
      contradiction(
          "level_before",
          {.message = fmt::format("process '{}' has a level before, but not the units that were on", entry_.name),
           .found = "level_before without on_before",
           .expected = "on_before or units_before besides",
           .help = "write how long the units had been on, or how many were"});
    }
  }

  void check_units(const UnitCommitment& out) const {
    const Capacity* const k = capacity();
    if (k == nullptr) return;
    for (const Process& other : c_.builder.model().processes) {
      if (!other.commitment || !other.commitment->has_units || other.uses.empty()) continue;
      if (other.uses.front().capacity != process_.uses.front().capacity) continue;
      contradiction("uses", {.message = fmt::format("processes '{}' and '{}' both start and stop units of '{}'",
                                                    other.name, entry_.name, k->name),
                             .found = "one capacity",
                             .expected = "a capacity for each",
                             .help = "split the capacity, or let only one of them have units"});
    }
    if (out.unit_size > 0) {
      check_existing(*k, out.unit_size);
      return;
    }
    if (!k->buildable) return;
    if (k->total_max < 0) {
      contradiction("uses", {.message = fmt::format("process '{}' starts and stops one unit that may become any size",
                                                    entry_.name),
                             .found = fmt::format("capacity '{}' without total_max", k->name),
                             .expected = "a unit_size, or a total_max of the capacity",
                             .help = "write unit_size, or the most that can be built as total_max"});
    }
    const Model& model = c_.builder.model();
    for (int t = 0; out.min_load.present() && t < model.period_count(); ++t) {
      for (int s = 0; s < model.calendar.slice_count; ++s) {
        if (model.at(out.min_load, t, s) >= 0) continue;
        contradiction("min_load", {.message = fmt::format("min_load of process '{}' is negative, and its one unit may "
                                                          "become any size",
                                                          entry_.name),
                                   .found = fmt::format("{}", model.at(out.min_load, t, s)),
                                   .expected = "0 or more, or a unit_size",
                                   .help = "write unit_size"});
        return;
      }
    }
  }

  /// What is left beside whole units can never run.
  void check_existing(const Capacity& k, double size) const {
    const Model& model = c_.builder.model();
    for (int t = 0; k.existing.present() && t < model.period_count(); ++t) {
      const double units = model.at(k.existing, t) / size;
      if (std::abs(units - std::round(units)) <= 1e-6) continue;
      Diagnostic d{
          .severity = Severity::warning,
          .message = fmt::format("capacity '{}' is no whole number of units in {}", k.name, model.calendar.label(t)),
          .found = fmt::format("{:.6g} units of this size", units),
          .expected = "a whole number",
          .help = "write another unit_size; what is left beside whole units stands idle"};
      contradiction("unit_size", std::move(d));
      return;
    }
  }

  const Compile& c_;
  const Entry& entry_;
  Process& process_;
};

}  // namespace

void set_units(const Compile& c, const Entry& entry, Process& process) {
  Reader(c, entry, process).run();
}

}  // namespace beltline
