#include "audit/reckoning.h"

#include <fmt/format.h>

#include "audit/reading.h"

namespace beltline {

Ranged stated_of(Ledger& ledger, const Claim& claim) {
  return ledger.number(claim.stated,
                       fmt::format("claim.{}.{}", claim.name, claim.kind == ClaimKind::date ? "by" : "quantity"));
}

Reckoning::Reckoning(Ledger& ledger, const Claim& claim, const Bill& bill, int split)
    : claim_(claim),
      bill_(bill),
      stated_(stated_of(ledger, claim)),
      window_(ledger.number(claim.window, fmt::format("claim.{}.window", claim.name))) {
  ClaimKind kind = claim.kind;
  Ranged amount = claim.is_rate ? stated_ * window_ : stated_;
  if (split >= 0) {
    const Read read{ledger, claim.from, claim.to};
    const Entry& record = *claim.splits[static_cast<std::size_t>(split)].record;
    hbm_share_ = read.record(record, fmt::format("claim.{}.splits[{}]", claim.name, split + 1), "hbm_share");
    amount = amount * hbm_share_;
    kind = ClaimKind::hbm_wafers;
  }
  count_ = amount / bill[kind];
}

Ranged Reckoning::of(ClaimKind kind, bool as_rate) const {
  if (as_rate && claim_unit(kind).rate.empty()) return {};
  // what was stated is what is implied of its own kind, without a way through accelerators
  if (kind == claim_.kind) {
    if (as_rate == claim_.is_rate) return stated_;
    return as_rate ? stated_ / window_ : stated_ * window_;
  }
  if (kind == ClaimKind::money_per_power || kind == ClaimKind::power_per_accelerator) return bill_[kind];
  Ranged amount = count_ * bill_[kind];
  if (hbm_share_.is_present()) {
    const Ranged wafers = claim_.is_rate ? stated_ * window_ : stated_;
    const Ranged others = wafers * (Ranged(1) - hbm_share_);
    // the other wafers are host memory, whoever it is for
    if (kind == ClaimKind::host_wafers) amount = others;
    if (kind == ClaimKind::memory)
      amount = wafers * hbm_share_ * bill_.hbm_tb_per_wafer + others * bill_.host_tb_per_wafer;
  }
  return as_rate ? amount / window_ : amount;
}

}  // namespace beltline
