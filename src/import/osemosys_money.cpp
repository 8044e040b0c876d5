#include "import/osemosys_money.h"

#include <algorithm>
#include <cmath>

namespace beltline::osemosys {
namespace {

/// Share of an investment that is left after `age` years.
double share_left(double age, double life, double rate, bool is_sinking_fund) {
  if (!is_sinking_fund || rate <= 0) return 1 - age / life;
  return 1 - (std::pow(1 + rate, age) - 1) / (std::pow(1 + rate, life) - 1);
}

/// Σ (1 + r)^-k over the years of a life, from the start of the first: CapitalRecoveryFactor is its inverse at the
/// hurdle rate, PvAnnuity itself at the discount rate.
double annuity(double rate, double life) {
  if (rate == 0) return life;
  return (1 - std::pow(1 + rate, -life)) * (1 + rate) / rate;
}

}  // namespace

Money::Money(const Data& data) : data_(data), base_rate_(data.discount_rate(0, 0)) {}

double Money::running_factor(std::size_t y, double rate) const {
  if (rate == base_rate_ && data_.gap() == 1) return 1;
  const double at_source = static_cast<double>(data_.years[y] - data_.years[0]) + 0.5;
  const double at_middle = (static_cast<double>(y) + 0.5) * data_.gap();
  return std::pow(1 + base_rate_, at_middle) / std::pow(1 + rate, at_source);
}

int Money::periods(double life_years) const {
  return static_cast<int>(std::ceil(std::min(life_years, 1e4) / data_.gap()));
}

Investment Money::technology(std::size_t region, std::size_t technology) const {
  Terms terms{.rate = data_.discount_rate(region, technology),
              .life = data_.at(Param::operational_life, {region, technology}),
              .is_sinking_fund = data_.at(Param::depreciation_method, {region}) == 1};
  const double hurdle = data_.hurdle_rate(region, technology);
  const double spread = hurdle == terms.rate ? 1 : annuity(terms.rate, terms.life) / annuity(hurdle, terms.life);
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    terms.cost.push_back(spread * data_.at(Param::capital_cost, {region, technology, y}));
  }
  return invest(terms);
}

Investment Money::storage(std::size_t region, std::size_t storage) const {
  Terms terms{.rate = data_.storage_rate(region, storage),
              .life = data_.at(Param::storage_life, {region, storage}),
              .is_sinking_fund = data_.at(Param::depreciation_method, {region}) == 1};
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    terms.cost.push_back(data_.at(Param::storage_capital_cost, {region, storage, y}));
  }
  return invest(terms);
}

Investment Money::invest(const Terms& terms) const {
  const bool is_plain =
      terms.rate == base_rate_ && data_.gap() == 1 && terms.life == std::floor(terms.life) && terms.life <= 1000;
  if (is_plain) {
    return {.capex = terms.cost, .has_salvage = true, .is_sinking_fund = terms.is_sinking_fund && terms.rate > 0};
  }
  Investment out;
  const double last = data_.years.back();
  const double first = data_.years.front();
  for (std::size_t y = 0; y < data_.years.size(); ++y) {
    const double year = data_.years[y];
    double worth = std::pow(1 + terms.rate, -(year - first));
    if (year + terms.life - 1 > last) {
      worth -= share_left(last - year + 1, terms.life, terms.rate, terms.is_sinking_fund) *
               std::pow(1 + terms.rate, -(last - first + 1));
    }
    out.capex.push_back(terms.cost[y] * worth * std::pow(1 + base_rate_, static_cast<double>(y) * data_.gap()));
  }
  return out;
}

}  // namespace beltline::osemosys
