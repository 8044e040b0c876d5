// rack: accelerators and host memory become a rack, which is installed at a site and runs.
//
//     assembled[t]                    takes accelerators, TB of host memory; gives one rack in t + assembly_time
//     ordered[site, t]                takes that rack; online in t + install_time, for `life`
//     Σ it · online[site, t]        ≤ it_space[site, t]                 it = power · (1 + auxiliary_share), MW
//     running[site, t, s]           ≤ availability · online
//     electricity[site, t, s]       −= running · it · load_factor · PUE[site, t, s]
//     compute[region, t, s]         += running · performance · utilisation
//     compute_rack[region, t, s]    += the same, where a service by model draws on it (parts/rack_tokens.h)
//
// Racks whose accelerator no packaging makes are bought: the assembly then takes nothing in, at most `supply_max`.
#pragma once

#include <optional>

#include "parts/part.h"

namespace beltline {

extern const Section kRackSection;

/// IT power of one rack with its share of network, storage and CPU racks, MW.
double rack_it_mw(const Entry& rack);

/// What one rack takes from the chain before it.
struct RackBill {
  double hbm_wafers = 0;   // DRAM wafer starts for its HBM dies
  double host_wafers = 0;  // DRAM wafer starts for its host memory
  double stacks = 0;
  double accelerators = 0;
  double host_tb = 0;

  [[nodiscard]] double wafers() const { return hbm_wafers + host_wafers; }
};

/// The bill of one rack at the yields of a period; without a period, the mean from its first month to the horizon.
///
///     hbm_wafers  = accelerators · stacks · dies_per_stack / (layer_yield ^ dies · test_yield) / good dies a wafer
///     host_wafers = Σ TB / TB a wafer
///
/// Stages that the scenario does not tell count nothing.
RackBill rack_bill(const Spec& spec, const Entry& rack, std::optional<int> period = std::nullopt);

/// Process `assemble_{rack}`, capacities `rack_{rack}@{site}`, processes `run_{rack}@{site}` and measures of them.
void add_racks(const Compile& c);

/// The same, and the measures of the chain before them (bill_measures.h), which take longer.
void compile_racks(const Compile& c);

}  // namespace beltline
