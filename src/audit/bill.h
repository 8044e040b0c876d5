// What one accelerator takes and brings, through the parts of the scenario.
//
//     S           = (√die area + scribe)²                                    area a die takes
//     good dies   = (π d² / (4 S) − π d / √(2 S)) · yield                    a wafer; d = diameter − 2 · edge exclusion
//     HBM wafers  = stacks · dies / stack yield / good dies                  yields: parts/die_yield.h, stack.h
//     host wafers = Σ TB / (good dies · die capacity)                        over the racks' host memory
//     interposers = 1 / (packages a wafer · packaging yield)
//     IT power    = rack power · (1 + auxiliary share) / accelerators a rack
//     power       = IT power · PUE
//     energy      = power · load factor · hours of a year
//     money       = (rack price + auxiliary price) / accelerators a rack + IT power · hall cost + power · connection
//     cost
//
// The formulas are those of the parts (parts/product.h, stack.h, packaging.h, rack.h, site.h, hall.h, hull.h,
// connection.h), with each value as its range. Of plants and batteries nothing is counted.
#pragma once

#include <array>

#include "audit/ledger.h"
#include "parts/claim.h"

namespace beltline {

/// Of each kind, what one accelerator stands for, in the kind's `total` unit; absent where the scenario does not say.
/// `money_per_power` and `power_per_accelerator` are quotients, in their own units; `date` is absent.
struct Bill {
  std::array<Ranged, kClaimKindCount> per_accelerator;
  Ranged hbm_tb_per_wafer;   // good stacks' TB for each HBM wafer, for readings with a share of HBM
  Ranged host_tb_per_wafer;  // TB for each wafer of host memory

  [[nodiscard]] const Ranged& operator[](ClaimKind kind) const {
    return per_accelerator[static_cast<std::size_t>(kind)];
  }
};

/// The bill of a claim's racks at its sites. A mix is the mean over its racks, weighted by their accelerators.
/// @cost O(lines × samples)
Bill bill_of(Ledger& ledger, const Spec& spec, const Claim& claim, const ClaimBasis& basis);

/// Months from `begun` until the first racks run, or what the claim wants online, where nothing was begun before:
///
///     chain = HBM wafer → stack → package → rack, or host memory → rack, whichever takes longer, and installing it;
///             of an amount, not before the packaging plants have made it at the programme's share of them
///     site  = permit, site work, shell, then fit-out (not before its equipment is there), commissioning
///     grid  = permit, assessment, queue, substation
///     months = min over the sites of max(chain, site, grid)
///
/// Absent where neither racks nor sites say how long they take.
Ranged lead_of(Ledger& ledger, const Spec& spec, const Claim& claim, const ClaimBasis& basis);

}  // namespace beltline
