// How OSeMOSYS discounts, and what a scenario with one discount rate must say to come to the same.
#pragma once

#include <cstddef>
#include <vector>

#include "import/osemosys_data.h"

namespace beltline::osemosys {

/// What an investment costs, by year: as it is, written off by the scenario, or what is left of it after the salvage
/// that the source's own rates give.
struct Investment {
  std::vector<double> capex;  // [year] money per unit
  bool has_salvage = false;   // the scenario writes it off over its life
  bool is_sinking_fund = false;
};

/// The costs of one region, technology or storage in the scenario's money.
///
/// OSeMOSYS, y0 the first and Y the last year: operating costs and penalties count (1 + r)^-(y - y0 + 0.5), investments
/// (1 + r)^-(y - y0), salvage (1 + r)^-(Y - y0 + 1), each with the rate of its region, technology or storage. The
/// scenario has one rate and discounts by periods of `gap` years. Where the two agree, numbers stay as they are.
class Money {
 public:
  explicit Money(const Data& data);

  /// The rate of the whole scenario: that of the first technology of the first region.
  [[nodiscard]] double base_rate() const { return base_rate_; }
  /// What a running cost of that rate is multiplied by in year y.
  [[nodiscard]] double running_factor(std::size_t y, double rate) const;
  /// Investment in a technology: with CapitalRecoveryFactor · PvAnnuity where its hurdle rate is not its discount rate.
  [[nodiscard]] Investment technology(std::size_t region, std::size_t technology) const;
  [[nodiscard]] Investment storage(std::size_t region, std::size_t storage) const;
  /// Periods that something with this life in years is online.
  [[nodiscard]] int periods(double life_years) const;

 private:
  struct Terms {
    std::vector<double> cost;  // [year] as paid
    double rate = 0;
    double life = 0;  // years
    bool is_sinking_fund = false;
  };
  [[nodiscard]] Investment invest(const Terms& terms) const;

  const Data& data_;
  double base_rate_ = 0;
};

}  // namespace beltline::osemosys
