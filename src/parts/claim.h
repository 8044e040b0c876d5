// claim: a figure that somebody announced, to be held against what the bill of materials says (src/audit).
//
// A claim plans nothing: it says how much (wafers a month, gigawatts, dollars, accelerators, …), over which window,
// with which racks, and whose figure it is. Claims of one programme must agree with each other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parts/part.h"

namespace beltline {

extern const Section kClaimSection;

/// What a claim counts. The order is that of the columns of the audit.
enum class ClaimKind : uint8_t {
  wafers,                 // DRAM wafer starts, all products
  hbm_wafers,             // of these, for HBM core dies
  host_wafers,            // of these, for host memory
  interposers,            // interposer wafers of advanced packaging
  stacks,                 // HBM stacks
  memory,                 // memory delivered, HBM and host
  accelerators,           // packaged accelerators
  racks,                  // racks
  it_power,               // IT power of what was built
  power,                  // facility power: IT times PUE
  energy,                 // energy a year when all of it runs
  money,                  // racks, what stands beside them, halls and connections
  money_per_power,        // USD for each MW of facility power
  power_per_accelerator,  // facility power for each accelerator
  date,                   // months until the first of it is online
};
inline constexpr int kClaimKindCount = 15;

/// How a kind is written and counted.
struct ClaimUnit {
  ClaimKind kind;
  std::string_view word;   // in a scenario: "hbm_wafers"
  std::string_view total;  // unit of an amount, or of a level: "wafer", "MW"
  std::string_view rate;   // unit of an amount a month; "" where only a level makes sense
};
const ClaimUnit& claim_unit(ClaimKind kind);

/// What a claim is for.
enum class ClaimRole : uint8_t {
  build,     // is to be built: implies every other kind
  capacity,  // exists: what builds need is held against it
  figure,    // somebody's reckoning: held against what builds imply, and implies nothing itself
};

/// One kind of rack in a mix.
struct ClaimRack {
  const Entry* rack = nullptr;
  double share = 1;  // of the accelerators
};

/// What a claim is computed with: one generation of racks, or a mix.
struct ClaimBasis {
  std::string name;  // of the rack, or "mix"
  std::string title, title_ko;
  std::vector<ClaimRack> racks;
};

/// A reading of a claim of wafers: only so much of them is HBM, and all that HBM is for the programme.
struct ClaimSplit {
  const Entry* record = nullptr;
  std::string title, title_ko;
};

/// A claim with all that it leaves out filled in: from its commitment, its racks, its horizon.
struct Claim {
  const Entry* entry = nullptr;  // its own, or the commitment's where it was made of one
  std::string name;
  std::string title, title_ko;
  ClaimKind kind = ClaimKind::wafers;
  ClaimRole role = ClaimRole::build;
  bool is_rate = false;                 // a month
  Quantity stated;                      // in the kind's `total` or `rate`
  Quantity window;                      // months in which it is to be built
  YearMonth from, to;                   // what the parts' series are read over: the window, within the horizon
  std::vector<std::string> programmes;  // claims that share one must agree
  std::string part_of;                  // another claim
  std::string note;
  std::optional<YearMonth> by;          // of a date
  Quantity first;                       // of a date: how much is to be online, in the total of `first_kind`
  std::optional<ClaimKind> first_kind;  // absent: the first rack
  std::optional<YearMonth> begun;       // of a date: when work began
  std::vector<ClaimBasis> bases;
  std::vector<ClaimSplit> splits;
  std::vector<const Entry*> sites;  // whose PUE and cost it has
};

/// All claims, by name. A scenario without [claim.NAME] has one for each commitment with a quantity whose unit is that
/// of a kind.
///
/// @errors BL0102 no quantity, BL0107 a unit that does not fit the kind, BL0205 no rack or site in the scenario, BL0206
///         shares that do not add up to 1 or keys that do not go with the kind, BL0300 an empty window
std::vector<Claim> read_claims(const Spec& spec, Diagnostics& diagnostics);

/// claim: read by src/audit; compiling it only checks it.
std::span<const Part> claim_parts();

}  // namespace beltline
