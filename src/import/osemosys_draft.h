// OSeMOSYS's model as a scenario: years as periods, time slices as slices, fuels as commodities, technologies as
// capacities with one process a mode, and limits for the rest.
//
// Fuels are rates in unit/h, so that a process's activity times the hours of a slice (YearSplit · 8760) is what
// OSeMOSYS counts in its unit of activity: costs, emission ratios and limits keep their numbers.
//
// | OSeMOSYS                                    | scenario |
// | EBa11, SpecifiedAnnualDemand                | commodity fuel_F (disposable), demand F |
// | EBb4, AccumulatedAnnualDemand               | what of F goes into F_annual in any slice; demand F_annual by period |
// | CAa1..CAa5, CC, SV, OC2                     | capacity T |
// | CAa4, CapacityFactor, CapacityToActivityUnit | availability of T, uses of its processes |
// | CAb1, AvailabilityFactor                    | limit T_availability |
// | TCC, NCC, AAC, TAC                          | build_max of T, limits T_capacity_max, T_activity_min, ... |
// | RM1..RM3                                    | commodity firm_capacity: capacities offer it, production of tagged fuels needs it |
// | RE1..RE4                                    | limit renewable_target |
// | E1..E9                                      | commodity emission_E, process emit_E with its penalty, limits on it |
// | EBa10, TradeRoute                           | process trade_F, which runs both ways |
// | S1..S15, SC1..SC6, SI1..SI10                | commodity stored_S and its store, capacity storage_S, limits |
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.h"
#include "import/names.h"
#include "import/osemosys_data.h"
#include "import/osemosys_money.h"

namespace beltline::osemosys {

inline constexpr double kHoursPerYear = 8760;

/// A technology of a region in one of its modes, and what it touches in any year.
struct Mode {
  std::size_t region = 0;
  std::size_t technology = 0;
  std::size_t mode = 0;
  std::vector<std::size_t> inputs, outputs;  // fuels
  std::vector<std::size_t> emissions;
  std::vector<std::size_t> charges, discharges;  // storages

  /// Whether it takes in and puts out nothing.
  [[nodiscard]] bool is_idle() const {
    return inputs.empty() && outputs.empty() && emissions.empty() && charges.empty() && discharges.empty();
  }
};

/// The modes in the order of regions, technologies and modes.
///
/// Idle ones are left out but where they may serve: every technology has every mode in the long form, so that one which
/// must run may run idle. (The fast form has no idle modes.)
std::vector<Mode> find_modes(const Data& data);

/// The parts of the scenario, one after the other; what they share stands here.
class DraftMaker {
 public:
  DraftMaker(const Data& data, const std::string& source, Diagnostics& diagnostics);

  Draft make();

 private:
  using ByYear = std::function<double(std::size_t y)>;
  using BySlice = std::function<double(std::size_t l, std::size_t y)>;

  // osemosys_draft.cpp: what all parts write with
  [[nodiscard]] Numbers yearly(const ByYear& value, std::string_view unit, std::string family,
                               std::string column) const;
  [[nodiscard]] Numbers sliced(const BySlice& value, std::string_view unit, std::string family,
                               std::string column) const;
  [[nodiscard]] std::string at_region(std::string_view text, std::size_t region) const;
  [[nodiscard]] std::string title(std::string_view text, std::size_t region) const;
  const std::string& place(std::size_t region);
  const std::string& fuel(std::size_t fuel);
  const std::string& stored(std::size_t storage);
  const std::string& capacity(std::size_t region, std::size_t technology);
  const std::string& storage_capacity(std::size_t region, std::size_t storage);
  const std::string& process(const Mode& mode);
  std::string limit(std::string_view text, std::size_t region);
  [[nodiscard]] std::string month(std::size_t y) const;
  [[nodiscard]] static Fields term(std::string_view kind, std::string_view of);
  [[nodiscard]] Fields term(std::string_view kind, std::string_view of, const ByYear& coefficient,
                            std::string_view family) const;
  /// Limits over the years in which the bound says something: one for each run of such years.
  struct Bound {
    std::string_view name;  // "capacity_max"
    std::string title;
    std::string_view key;  // "upper"
    std::function<bool(std::size_t y)> holds;
    ByYear value;
  };
  void add_limits(const Bound& bound, std::string_view of, std::size_t region, const std::vector<Fields>& terms);
  /// One limit over the whole horizon.
  void add_window_limit(const Bound& bound, std::string_view of, std::size_t region, const std::vector<Fields>& terms);
  [[nodiscard]] bool any_year(const ByYear& value) const;

  // the parts
  void add_head();
  void add_places();
  void add_demands();
  void add_trade();
  void report_one_way(std::size_t from, std::size_t to, std::size_t fuel, std::size_t y);
  void add_emission(std::size_t region, std::size_t emission);
  void add_firm_capacity(std::size_t region);
  void add_renewable_target(std::size_t region);

  // osemosys_technology.cpp
  [[nodiscard]] bool is_used(std::size_t region, std::size_t technology) const;
  void add_capacity(std::size_t region, std::size_t technology);
  void add_module_size(Fields& fields, std::size_t region, std::size_t technology);
  void set_investment(Fields& fields, const Investment& investment, double life, const std::string& name) const;
  void add_process(const Mode& mode);
  std::vector<Fields> flows_of(const Mode& mode, const std::string& name);
  void set_costs(Fields& fields, const Mode& mode, const std::string& name) const;
  void report_idle(const Mode& mode);
  void add_technology_limits(std::size_t region, std::size_t technology);
  void add_availability_limit(std::size_t region, std::size_t technology);
  [[nodiscard]] double factor_max(std::size_t region, std::size_t technology) const;
  [[nodiscard]] double margin_need(const Mode& mode, std::size_t y) const;
  [[nodiscard]] bool finds_margin(std::size_t region) const;
  [[nodiscard]] bool has_margin(std::size_t region) const { return has_margin_[region]; }
  std::vector<Fields> activity_terms(std::size_t region, std::size_t technology);

  // osemosys_storage.cpp
  [[nodiscard]] Fields storage_flow(const Mode& mode, std::size_t storage, bool charges, const std::string& name);
  void add_storage(std::size_t region, std::size_t storage);

  friend class StorageMaker;

  const Data& data_;
  const std::string& source_;
  Diagnostics& diagnostics_;
  Money money_;
  std::vector<Mode> modes_;
  std::vector<bool> has_margin_;  // [region]
  Draft draft_;
  NameMap places_, commodities_, capacities_, processes_, demands_, limits_, stores_;
};

}  // namespace beltline::osemosys
