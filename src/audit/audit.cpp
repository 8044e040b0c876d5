#include "audit/audit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "audit/reckoning.h"
#include "audit/remedy.h"
#include "base/diagnostic_codes.h"

namespace beltline {
namespace {

constexpr double kNear = 1.5;         // a ratio within this is near 1
constexpr double kSame = 1.02;        // one within this is 1: announced figures are rounded, to two digits at best
constexpr double kSlipNear = 2.0;     // a ratio within this of a power of 1000 looks like a slip of a unit
constexpr double kWeakDriver = 0.05;  // correlations below this are noise of the samples

constexpr bool is_quotient(ClaimKind kind) {
  return kind == ClaimKind::money_per_power || kind == ClaimKind::power_per_accelerator;
}

/// Kinds that people count a month; the others are amounts over the window, or levels.
constexpr bool is_told_as_rate(ClaimKind kind) {
  return kind <= ClaimKind::interposers || kind == ClaimKind::memory;
}

class Auditor {
 public:
  Auditor(const Spec& spec, const AuditOptions& options, Diagnostics& diagnostics)
      : spec_(spec),
        options_(options),
        diagnostics_(diagnostics),
        ledger_({.sample_count = options.sample_count, .seed = options.seed}, spec.calendar) {}

  Audit run() {
    result_.claims = read_claims(spec_, diagnostics_);
    put_in_order(result_.claims);
    result_.sample_count = options_.sample_count;
    result_.seed = options_.seed;
    result_.is_of_one_claim = !options_.claim.empty();
    for (std::size_t c = 0; c < result_.claims.size(); ++c) {
      const Claim& claim = result_.claims[c];
      if (claim.role != ClaimRole::build || (!options_.claim.empty() && options_.claim != claim.name)) continue;
      for (std::size_t b = 0; b < claim.bases.size(); ++b) add_rows(static_cast<int>(c), static_cast<int>(b));
    }
    result_.lines = ledger_.lines();
    return std::move(result_);
  }

 private:
  const Spec& spec_;
  const AuditOptions& options_;
  Diagnostics& diagnostics_;
  Ledger ledger_;
  Audit result_;

  void add_rows(int claim_index, int basis_index) {
    const Claim& claim = result_.claims[static_cast<std::size_t>(claim_index)];
    const ClaimBasis& basis = claim.bases[static_cast<std::size_t>(basis_index)];
    if (claim.kind == ClaimKind::date) {
      add_date(claim_index, basis_index);
      return;
    }
    const Bill bill = bill_of(ledger_, spec_, claim, basis);
    if (!bill[claim.kind].is_present()) {
      add_silent(claim, basis);
      return;
    }
    if (is_quotient(claim.kind)) {
      add_quotient(claim_index, basis_index, bill);
      return;
    }
    for (int split = -1; split < static_cast<int>(claim.splits.size()); ++split) {
      AuditRow row{.claim = claim_index, .basis = basis_index, .split = split, .implied = {}};
      const Reckoning reckoning(ledger_, claim, bill, split);
      for (int k = 0; k < kClaimKindCount; ++k) {
        const auto kind = static_cast<ClaimKind>(k);
        const bool as_rate = is_told_as_rate(kind);
        const Ranged value = reckoning.of(kind, as_rate);
        if (value.is_present()) row.implied.push_back(implied_of(kind, as_rate, value));
      }
      result_.rows.push_back(std::move(row));
      compare(reckoning);
    }
  }

  /// The racks of a claim say nothing of what it counts.
  void add_silent(const Claim& claim, const ClaimBasis& basis) {
    diagnostics_.add({.code = Code::inconsistent,
                      .origin = claim.entry->where("kind"),
                      .message = fmt::format("nothing in the scenario says what {} a rack of '{}' stands for, as claim "
                                             "'{}' needs",
                                             claim_unit(claim.kind).word, basis.name, claim.name),
                      .found = fmt::format("kind = \"{}\"", claim_unit(claim.kind).word),
                      .expected = "racks with an accelerator, its stack and product, packaging, and host memory",
                      .help = "add what is missing to the rack, or name other racks in generations"});
  }

  void add_date(int claim_index, int basis_index) {
    const Claim& claim = result_.claims[static_cast<std::size_t>(claim_index)];
    const Ranged lead = lead_of(ledger_, spec_, claim, claim.bases[static_cast<std::size_t>(basis_index)]);
    if (!lead.is_present()) return;
    Implied implied = implied_of(ClaimKind::date, false, lead);
    result_.rows.push_back({.claim = claim_index, .basis = basis_index, .split = -1, .implied = {implied}});
    Comparison comparison{.row = last_row(), .claim = claim_index, .relation = Relation::date};
    const double there = claim.stated.mode;
    comparison.ratio = spread_of(lead / Ranged(there));
    const auto in_time = std::ranges::count_if(lead.values, [&](double months) { return months <= there; });
    comparison.share_met = static_cast<double>(in_time) / static_cast<double>(lead.values.size());
    comparison.implied = std::move(implied);
    // late with more than even odds is no agreement, however near
    comparison.verdict = comparison.share_met >= 0.5    ? Verdict::agrees
                         : comparison.ratio.p50 < kNear ? Verdict::near
                                                        : Verdict::differs;
    result_.comparisons.push_back(std::move(comparison));
  }

  /// A claim of USD a MW or kW an accelerator is held against the bill alone.
  void add_quotient(int claim_index, int basis_index, const Bill& bill) {
    const Claim& claim = result_.claims[static_cast<std::size_t>(claim_index)];
    Implied implied = implied_of(claim.kind, false, bill[claim.kind]);
    result_.rows.push_back({.claim = claim_index, .basis = basis_index, .split = -1, .implied = {implied}});
    const Ranged stated = stated_of(ledger_, claim);
    add_comparison({.row = last_row(), .claim = claim_index, .relation = Relation::agreement}, bill[claim.kind],
                   std::move(implied), stated);
  }

  [[nodiscard]] int last_row() const { return static_cast<int>(result_.rows.size()) - 1; }

  void compare(const Reckoning& reckoning) {
    const AuditRow& row = result_.rows.back();
    const Claim& own = result_.claims[static_cast<std::size_t>(row.claim)];
    for (std::size_t i = 0; i < result_.claims.size(); ++i) {
      const Claim& other = result_.claims[i];
      const bool is_self = static_cast<int>(i) == row.claim;
      const bool is_own_row = is_quotient(other.kind) && other.role == ClaimRole::build;
      if (is_self || other.kind == ClaimKind::date || is_own_row) continue;
      const auto relation = relation_of(own, other);
      // whether a part is one does not hang on how it is read
      if (!relation || (*relation == Relation::part && (row.basis > 0 || row.split >= 0))) continue;
      const Ranged value =
          *relation == Relation::part ? stated_of(ledger_, own) : reckoning.of(other.kind, other.is_rate);
      if (!value.is_present()) continue;
      add_comparison({.row = last_row(), .claim = static_cast<int>(i), .relation = *relation}, value,
                     implied_of(other.kind, other.is_rate, value), stated_of(ledger_, other));
      Comparison& added = result_.comparisons.back();
      const bool is_strange = added.relation == Relation::agreement && added.verdict == Verdict::differs;
      if (is_strange && added.unit_slip == 0) {
        added.changes = find_changes({.spec = spec_,
                                      .claim = own,
                                      .basis = own.bases[static_cast<std::size_t>(row.basis)],
                                      .split = row.split,
                                      .other = other,
                                      .lines = ledger_.lines(),
                                      .drivers = added.implied.drivers,
                                      .ratio = added.ratio.p50});
      }
    }
  }

  /// Large programmes first, then by name; in each, power, accelerators and money before the rest, capacities last.
  static void put_in_order(std::vector<Claim>& claims) {
    std::map<std::string, int> builds;  // by programme
    for (const Claim& claim : claims) {
      if (claim.role == ClaimRole::build && !claim.programmes.empty()) ++builds[claim.programmes.front()];
    }
    const auto place = [&](const Claim& claim) {
      const std::string programme = claim.programmes.empty() ? std::string() : claim.programmes.front();
      const auto found = builds.find(programme);
      return std::tuple(found == builds.end() ? 0 : -found->second, programme, claim.role, telling_order(claim.kind),
                        claim.name);
    };
    std::ranges::sort(claims, {}, place);
  }

  static bool share_programme(const Claim& a, const Claim& b) {
    return std::ranges::any_of(a.programmes, [&](const std::string& name) {
      return std::ranges::find(b.programmes, name) != b.programmes.end();
    });
  }

  static std::optional<Relation> relation_of(const Claim& own, const Claim& other) {
    if (own.part_of == other.name && !own.part_of.empty()) return Relation::part;
    if (other.role == ClaimRole::capacity) {
      const bool is_met = other.programmes.empty() || share_programme(own, other);
      return is_met ? std::optional(Relation::capacity) : std::nullopt;
    }
    return share_programme(own, other) ? std::optional(Relation::agreement) : std::nullopt;
  }

  void add_comparison(Comparison comparison, const Ranged& value, Implied implied, const Ranged& stated) {
    const bool is_need = comparison.relation != Relation::agreement;
    comparison.ratio = spread_of(is_need ? value / stated : stated / value);
    comparison.implied = std::move(implied);
    const Percentiles& ratio = comparison.ratio;
    const bool is_same = ratio.p50 <= kSame && ratio.p50 >= 1 / kSame;
    const bool is_met = is_need ? ratio.p5 <= 1 : is_same || (ratio.p5 <= 1 && ratio.p95 >= 1);
    const bool is_near = ratio.p50 < kNear && (is_need || ratio.p50 > 1 / kNear);
    comparison.verdict = is_met ? Verdict::agrees : is_near ? Verdict::near : Verdict::differs;
    if (!is_need && comparison.verdict == Verdict::differs) comparison.unit_slip = slip_of(ratio.p50);
    result_.comparisons.push_back(std::move(comparison));
  }

  static int slip_of(double ratio) {
    const int power = static_cast<int>(std::lround(std::log(ratio) / std::log(1000.0)));
    if (power == 0) return 0;
    const double left = ratio / std::pow(1000.0, power);
    return left < kSlipNear && left > 1 / kSlipNear ? power : 0;
  }

  Implied implied_of(ClaimKind kind, bool is_rate, const Ranged& value) const {
    Implied implied{.kind = kind, .is_rate = is_rate, .spread = spread_of(value), .lines = value.lines, .drivers = {}};
    if (value.values.size() < 2) return implied;
    const std::vector<double> ranks = ranks_of(value.values);
    for (const int line : value.lines) {
      if (ledger_.ranks(line).empty()) continue;
      const double correlation = rank_correlation(ranks, ledger_.ranks(line));
      if (std::abs(correlation) >= kWeakDriver) implied.drivers.push_back({line, correlation});
    }
    std::ranges::stable_sort(implied.drivers, std::ranges::greater(),
                             [](const Driver& d) { return std::abs(d.correlation); });
    return implied;
  }
};

}  // namespace

int telling_order(ClaimKind kind) {
  constexpr std::array kFirst{ClaimKind::power,        ClaimKind::it_power, ClaimKind::energy,
                              ClaimKind::accelerators, ClaimKind::racks,    ClaimKind::money};
  return static_cast<int>(std::ranges::find(kFirst, kind) - kFirst.begin());
}

bool is_told_the_other_way(const Audit& audit, const Comparison& comparison) {
  const auto row_claim = [&](const Comparison& each) { return audit.rows[static_cast<std::size_t>(each.row)].claim; };
  const int own = row_claim(comparison);
  const int other = comparison.claim;
  if (own == other || comparison.relation != Relation::agreement) return false;
  const bool has_other = std::ranges::any_of(
      audit.comparisons, [&](const Comparison& each) { return row_claim(each) == other && each.claim == own; });
  const auto place = [&](int index) {
    return std::pair(telling_order(audit.claims[static_cast<std::size_t>(index)].kind), index);
  };
  return has_other && place(own) > place(other);
}

Audit audit(const Spec& spec, const AuditOptions& options, Diagnostics& diagnostics) {
  return Auditor(spec, options, diagnostics).run();
}

}  // namespace beltline
