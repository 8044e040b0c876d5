// From one claim to all kinds: how many accelerators it stands for, and what these are in every other kind.
//
//     N = amount / q = rate · W / q           accelerators that a claim of kind q stands for, in a window of W months
//     N = rate · W · h / q_HBM                the same of wafers, where a share h of them is HBM
//     amount = N · q      rate = N · q / W    of any other kind
#pragma once

#include "audit/bill.h"

namespace beltline {

/// The claim's own figure, in its unit.
Ranged stated_of(Ledger& ledger, const Claim& claim);

/// What a claim implies, with one bill and in one reading.
class Reckoning {
 public:
  /// @pre bill[claim.kind] is present; the claim is neither a date nor a quotient
  /// @param split  of the claim's readings; -1: as the racks take it
  Reckoning(Ledger& ledger, const Claim& claim, const Bill& bill, int split);

  /// An amount (or level), or a rate where the kind has one; absent where the scenario does not say, or it has none.
  [[nodiscard]] Ranged of(ClaimKind kind, bool as_rate) const;

 private:
  const Claim& claim_;
  const Bill& bill_;
  Ranged stated_;
  Ranged window_;
  Ranged hbm_share_;  // absent without a split
  Ranged count_;      // accelerators
};

}  // namespace beltline
