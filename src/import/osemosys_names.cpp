#include "import/osemosys_names.h"

namespace beltline::osemosys {
namespace {

constexpr std::array<std::string_view, kSetCount> kSetNames{
    "REGION", "TECHNOLOGY", "FUEL",    "EMISSION",         "MODE_OF_OPERATION", "TIMESLICE",
    "YEAR",   "SEASON",     "DAYTYPE", "DAILYTIMEBRACKET", "STORAGE",           "UDC"};

constexpr Set R = Set::region, T = Set::technology, F = Set::fuel, E = Set::emission, M = Set::mode, L = Set::timeslice,
              Y = Set::year, LS = Set::season, LD = Set::daytype, LH = Set::bracket, S = Set::storage,
              U = Set::constraint;

// in the order of Param
constexpr std::array<ParamInfo, kParamCount> kParams{{
    {"YearSplit", {L, Y}, 2, 0},
    {"DiscountRate", {R, T}, 2, 0.05, 1},
    {"DiscountRateIdv", {R, T}, 2, 0.05},
    {"DiscountRateStorage", {R, S}, 2, 0.05, 1},
    {"DepreciationMethod", {R}, 1, 1},
    {"DaySplit", {LH, Y}, 2, 0.00137},
    {"DaysInDayType", {LS, LD, Y}, 3, 7},
    {"Conversionls", {L, LS}, 2, 0},
    {"Conversionld", {L, LD}, 2, 0},
    {"Conversionlh", {L, LH}, 2, 0},
    {"TradeRoute", {R, R, F, Y}, 4, 0},
    {"SpecifiedAnnualDemand", {R, F, Y}, 3, 0},
    {"SpecifiedDemandProfile", {R, F, L, Y}, 4, 0},
    {"AccumulatedAnnualDemand", {R, F, Y}, 3, 0},
    {"CapacityToActivityUnit", {R, T}, 2, 1},
    {"CapacityFactor", {R, T, L, Y}, 4, 1},
    {"AvailabilityFactor", {R, T, Y}, 3, 1},
    {"OperationalLife", {R, T}, 2, 1},
    {"ResidualCapacity", {R, T, Y}, 3, 0},
    {"InputActivityRatio", {R, T, F, M, Y}, 5, 0},
    {"OutputActivityRatio", {R, T, F, M, Y}, 5, 0},
    {"CapitalCost", {R, T, Y}, 3, 0},
    {"VariableCost", {R, T, M, Y}, 4, 0},
    {"FixedCost", {R, T, Y}, 3, 0},
    {"TechnologyToStorage", {R, T, S, M}, 4, 0},
    {"TechnologyFromStorage", {R, T, S, M}, 4, 0},
    {"StorageLevelStart", {R, S}, 2, 0},
    {"StorageMaxChargeRate", {R, S}, 2, 0},
    {"StorageMaxDischargeRate", {R, S}, 2, 0},
    {"MinStorageCharge", {R, S, Y}, 3, 0},
    {"OperationalLifeStorage", {R, S}, 2, 0},
    {"CapitalCostStorage", {R, S, Y}, 3, 0},
    {"ResidualStorageCapacity", {R, S, Y}, 3, 0},
    {"CapacityOfOneTechnologyUnit", {R, T, Y}, 3, 0},
    {"TotalAnnualMaxCapacity", {R, T, Y}, 3, kNoLimit},
    {"TotalAnnualMinCapacity", {R, T, Y}, 3, 0},
    {"TotalAnnualMaxCapacityInvestment", {R, T, Y}, 3, kNoLimit},
    {"TotalAnnualMinCapacityInvestment", {R, T, Y}, 3, 0},
    {"TotalTechnologyAnnualActivityUpperLimit", {R, T, Y}, 3, kNoLimit},
    {"TotalTechnologyAnnualActivityLowerLimit", {R, T, Y}, 3, 0},
    {"TotalTechnologyModelPeriodActivityUpperLimit", {R, T}, 2, kNoLimit},
    {"TotalTechnologyModelPeriodActivityLowerLimit", {R, T}, 2, 0},
    {"ReserveMarginTagTechnology", {R, T, Y}, 3, 0},
    {"ReserveMarginTagFuel", {R, F, Y}, 3, 0},
    {"ReserveMargin", {R, Y}, 2, 0},
    {"RETagTechnology", {R, T, Y}, 3, 0},
    {"RETagFuel", {R, F, Y}, 3, 0},
    {"REMinProductionTarget", {R, Y}, 2, 0},
    {"EmissionActivityRatio", {R, T, E, M, Y}, 5, 0},
    {"EmissionsPenalty", {R, E, Y}, 3, 0},
    {"AnnualExogenousEmission", {R, E, Y}, 3, 0},
    {"AnnualEmissionLimit", {R, E, Y}, 3, kNoLimit},
    {"ModelPeriodExogenousEmission", {R, E}, 2, 0},
    {"ModelPeriodEmissionLimit", {R, E}, 2, kNoLimit},
    {"UDCMultiplierTotalCapacity", {R, T, U, Y}, 4, 0},
    {"UDCMultiplierNewCapacity", {R, T, U, Y}, 4, 0},
    {"UDCMultiplierActivity", {R, T, U, Y}, 4, 0},
    {"UDCConstant", {R, U, Y}, 3, 0},
    {"UDCTag", {R, U}, 2, 0},
}};

}  // namespace

std::string_view name_of(Set set) {
  return kSetNames[static_cast<std::size_t>(set)];
}

std::optional<Set> find_set(std::string_view name) {
  for (std::size_t i = 0; i < kSetCount; ++i) {
    if (kSetNames[i] == name) return static_cast<Set>(i);
  }
  return std::nullopt;
}

const ParamInfo& info_of(Param param) {
  return kParams[static_cast<std::size_t>(param)];
}

std::optional<Param> find_param(std::string_view name) {
  for (std::size_t i = 0; i < kParamCount; ++i) {
    if (kParams[i].name == name) return static_cast<Param>(i);
  }
  return std::nullopt;
}

bool is_beside_the_model(std::string_view name) {
  return name == "ResultsPath" || name == "_REGION" || name.starts_with("MODExTECHNOLOGY") ||
         name.starts_with("MODEperTECHNOLOGY") || name.starts_with("TIMESLICEof");
}

}  // namespace beltline::osemosys
