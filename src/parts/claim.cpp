#include "parts/claim.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/diagnostic_codes.h"

namespace beltline {
namespace {

constexpr double kShareSumTolerance = 1e-6;

constexpr std::array<ClaimUnit, kClaimKindCount> kUnits{{
    {ClaimKind::wafers, "wafers", "wafer", "wafer/month"},
    {ClaimKind::hbm_wafers, "hbm_wafers", "wafer", "wafer/month"},
    {ClaimKind::host_wafers, "host_wafers", "wafer", "wafer/month"},
    {ClaimKind::interposers, "interposers", "wafer", "wafer/month"},
    {ClaimKind::stacks, "stacks", "stack", "stack/month"},
    {ClaimKind::memory, "memory", "TB", "TB/month"},
    {ClaimKind::accelerators, "accelerators", "accelerator", "accelerator/month"},
    {ClaimKind::racks, "racks", "rack", "rack/month"},
    {ClaimKind::it_power, "it_power", "MW", "MW/month"},
    {ClaimKind::power, "power", "MW", "MW/month"},
    {ClaimKind::energy, "energy", "MW hour/year", ""},
    {ClaimKind::money, "money", "USD", "USD/month"},
    {ClaimKind::money_per_power, "money_per_power", "USD/MW", ""},
    {ClaimKind::power_per_accelerator, "power_per_accelerator", "kW/accelerator", ""},
    {ClaimKind::date, "date", "month", ""},
}};

ClaimKind kind_of(std::string_view word) {
  for (const ClaimUnit& unit : kUnits) {
    if (unit.word == word) return unit.kind;
  }
  throw Bug("claim: a kind that the schema does not have");
}

/// Kinds that commitments are taken for where a scenario has no claims, by the unit they are counted in.
constexpr std::array kDerivedKinds{ClaimKind::power, ClaimKind::money, ClaimKind::accelerators, ClaimKind::racks,
                                   ClaimKind::stacks};

class Reader {
 public:
  Reader(const Spec& spec, Diagnostics& diagnostics) : spec_(spec), diagnostics_(diagnostics) {}

  std::vector<Claim> run() {
    const auto& entries = spec_.entries("claim");
    if (!entries.empty() && !has_needed()) return {};
    std::vector<Claim> claims;
    for (const Entry& entry : entries) {
      if (auto claim = read(entry)) claims.push_back(std::move(*claim));
    }
    if (entries.empty()) derive(claims);
    check_parts(claims);
    return claims;
  }

 private:
  const Spec& spec_;
  Diagnostics& diagnostics_;

  void fault(Code code, const Entry& entry, std::string_view key, Diagnostic rest) {
    rest.code = code;
    rest.origin = entry.where(key);
    diagnostics_.add(std::move(rest));
  }

  /// Racks and sites are what a claim is computed with.
  bool has_needed() {
    bool good = true;
    for (const std::string_view section : {"rack", "site"}) {
      if (!spec_.entries(section).empty()) continue;
      fault(Code::missing_section, spec_.entries("claim").front(), "kind",
            {.message = fmt::format("claims are computed with a {}, and the scenario has none", section),
             .found = fmt::format("no section [{}.NAME]", section),
             .expected = fmt::format("at least one [{}.NAME]", section),
             .help = fmt::format("add [{}.NAME], or leave out the claims", section)});
      good = false;
    }
    return good;
  }

  std::optional<Claim> read(const Entry& entry) {
    const Entry* const promise = entry.has("commitment") ? spec_.find("commitment", entry.text("commitment")) : nullptr;
    if (entry.has("commitment") && promise == nullptr) return std::nullopt;  // BL0109 already
    Claim claim;
    claim.entry = &entry;
    claim.name = entry.name;
    const auto text = [&](std::string_view key) {
      if (entry.has(key)) return entry.text(key);
      return promise != nullptr && promise->has(key) ? promise->text(key) : std::string();
    };
    claim.title = text("title").empty() ? entry.name : text("title");
    claim.title_ko = text("title_ko").empty() ? claim.title : text("title_ko");
    claim.note = text("note");
    claim.kind = kind_of(entry.text("kind"));
    const std::string& role = entry.text("role");
    claim.role = role == "capacity" ? ClaimRole::capacity : role == "figure" ? ClaimRole::figure : ClaimRole::build;
    if (entry.has("programmes")) claim.programmes = entry.names("programmes");
    if (entry.has("part_of")) claim.part_of = entry.text("part_of");
    const bool good = read_window(claim, promise) && read_bases(claim) && read_stated(claim, promise);
    if (entry.has("splits") && claim.kind == ClaimKind::wafers) read_splits(claim);
    return good && check_keys(entry, claim) ? std::optional(std::move(claim)) : std::nullopt;
  }

  bool read_window(Claim& claim, const Entry* promise) {
    const Entry& entry = *claim.entry;
    const Calendar& calendar = spec_.calendar;
    const auto month = [&](std::string_view key, YearMonth otherwise) {
      if (entry.has(key)) return entry.month(key);
      return promise != nullptr && promise->has(key) ? promise->month(key) : otherwise;
    };
    const YearMonth end = calendar.month(calendar.period_count).plus(-1);
    claim.from = month("first", calendar.start);
    claim.to = month("last", end);
    if (promise != nullptr && !entry.has("first") && !entry.has("last")) set_window_of(*promise, claim);
    if (claim.to < claim.from) {
      fault(Code::empty_window, entry, entry.has("last") ? "last" : "first",
            {.message = fmt::format("the window of claim '{}' ends before it begins", claim.name),
             .found = fmt::format("{} to {}", to_string(claim.from), to_string(claim.to)),
             .expected = "a last month that is not before the first",
             .help = "write a later last, or an earlier first"});
      return false;
    }
    const double months = claim.to.index() - claim.from.index() + 1;
    claim.window = {.low = months, .mode = months, .high = months, .unit = "month", .origin = entry.where("first")};
    if (entry.has("window")) claim.window = entry.quantity("window");
    claim.to = std::min(claim.to, end);
    claim.from = std::min(std::max(claim.from, calendar.start), claim.to);
    return true;
  }

  /// A level that is promised from a month on is built until then; one that rises by dates, between the dates.
  void set_window_of(const Entry& promise, Claim& claim) const {
    if (promise.has("last") || promise.flag("total") || !promise.has("quantity")) return;
    const SeriesValue& quantity = promise.series("quantity");
    if (quantity.grain == SeriesValue::Grain::dates && quantity.date_indices.size() > 1) {
      const YearMonth first = YearMonth::from_index(quantity.date_indices.front());
      claim.from = quantity.step ? spec_.calendar.start : first;
      claim.to = YearMonth::from_index(quantity.date_indices.back());
    } else if (claim.from > spec_.calendar.start) {
      claim.to = claim.from.plus(-1);
      claim.from = spec_.calendar.start;
    }
  }

  static ClaimBasis basis_of(const Entry& rack) {
    const std::string title = rack.has("title") ? rack.text("title") : rack.name;
    return {.name = rack.name,
            .title = title,
            .title_ko = rack.has("title_ko") ? rack.text("title_ko") : title,
            .racks = {{&rack, 1.0}}};
  }
  [[nodiscard]] std::vector<ClaimBasis> all_bases() const {
    std::vector<ClaimBasis> bases;
    for (const Entry& rack : spec_.entries("rack")) bases.push_back(basis_of(rack));
    return bases;
  }

  bool read_bases(Claim& claim) {
    const Entry& entry = *claim.entry;
    if (entry.has("sites")) {
      for (const std::string& name : entry.names("sites")) {
        if (const Entry* site = spec_.find("site", name)) claim.sites.push_back(site);
      }
    }
    if (claim.sites.empty()) {
      for (const Entry& site : spec_.entries("site")) claim.sites.push_back(&site);
    }
    if (entry.has("mix") && !entry.records("mix").empty()) return read_mix(claim);
    if (entry.has("generations")) {
      for (const std::string& name : entry.names("generations")) {
        if (const Entry* rack = spec_.find("rack", name)) claim.bases.push_back(basis_of(*rack));
      }
    }
    if (claim.bases.empty()) claim.bases = all_bases();
    return !claim.bases.empty();
  }

  bool read_mix(Claim& claim) {
    ClaimBasis basis{.name = "mix", .title = {}, .title_ko = {}, .racks = {}};
    double sum = 0;
    for (const Entry& record : claim.entry->records("mix")) {
      const Entry* rack = spec_.find("rack", record.text("rack"));
      if (rack == nullptr) return false;  // BL0109 already
      const double share = record.number("share");
      sum += share;
      const std::string title = rack->has("title") ? rack->text("title") : rack->name;
      const std::string title_ko = rack->has("title_ko") ? rack->text("title_ko") : title;
      const std::string_view joint = basis.title.empty() ? "" : " + ";
      basis.title += fmt::format("{}{:g} % {}", joint, 100 * share, title);
      basis.title_ko += fmt::format("{}{} {:g} %", joint, title_ko, 100 * share);
      basis.racks.push_back({rack, share});
    }
    claim.bases.push_back(std::move(basis));
    if (std::abs(sum - 1) <= kShareSumTolerance) return true;
    fault(Code::inconsistent, *claim.entry, "mix",
          {.message = fmt::format("the shares of the mix of claim '{}' do not add up to 1", claim.name),
           .found = fmt::format("{:g}", sum),
           .expected = "shares of the accelerators that add up to 1",
           .help = "change a share, or add the generation that is missing"});
    return false;
  }

  void read_splits(Claim& claim) {
    for (const Entry& record : claim.entry->records("splits")) {
      const std::string share = fmt::format("{:g} %", 100 * record.number("hbm_share"));
      const std::string title = record.has("title") ? record.text("title") : share + " HBM";
      claim.splits.push_back(
          {.record = &record, .title = title, .title_ko = record.has("title_ko") ? record.text("title_ko") : title});
    }
  }

  /// The stated figure in the kind's unit.
  bool read_stated(Claim& claim, const Entry* promise) {
    const Entry& entry = *claim.entry;
    if (claim.kind == ClaimKind::date) return read_date(claim);
    if (!entry.has("quantity") && (promise == nullptr || !promise->has("quantity"))) {
      fault(Code::missing_key, entry, "quantity",
            {.message = fmt::format("claim '{}' has no quantity", claim.name),
             .found = promise == nullptr ? "no key quantity" : "a commitment without one",
             .expected = "what is claimed, such as \"10 GW\"",
             .help = "write quantity = \"10 GW\", or name a commitment that has a quantity"});
      return false;
    }
    const bool own = entry.has("quantity");
    const Quantity written = own ? entry.quantity("quantity") : level_of(promise->series("quantity"));
    if (!convert(claim, written)) {
      const ClaimUnit& unit = claim_unit(claim.kind);
      const std::string either =
          unit.rate.empty() ? std::string(unit.total) : fmt::format("{} or {}", unit.total, unit.rate);
      const bool plain = written.unit.empty() || written.unit == "1";
      fault(Code::wrong_dimension, entry, own ? "quantity" : "commitment",
            {.message = plain ? fmt::format("quantity of claim '{}' has no unit", claim.name)
                              : fmt::format("quantity of claim '{}' has a unit that does not fit its kind", claim.name),
             .found = plain ? "a plain number" : written.unit,
             .expected = fmt::format("for kind {}: {}", unit.word, either),
             .help = fmt::format("write it in {}, or choose another kind", either)});
      return false;
    }
    return true;
  }

  bool convert(Claim& claim, const Quantity& written) const {
    const ClaimUnit& unit = claim_unit(claim.kind);
    for (const std::string_view to : {unit.total, unit.rate}) {
      if (to.empty()) continue;
      const auto convert = [&](double value) { return spec_.units.convert(value, written.unit, to); };
      const auto mode = convert(written.mode);
      if (!mode) continue;
      // a rate per day or hour counts the hours of a mean month
      const double month = mode->basis == Basis::second && to == unit.rate ? kHoursPerYear / 12 : 1;
      claim.is_rate = to == unit.rate;
      claim.stated = written;
      claim.stated.mode = mode->value * month;
      claim.stated.low = convert(written.low)->value * month;
      claim.stated.high = convert(written.high)->value * month;
      claim.stated.unit = to;
      return true;
    }
    return false;
  }

  /// A promise by months is claimed as what it comes to: its last value.
  static Quantity level_of(const SeriesValue& series) {
    Quantity quantity = series.quantity;
    if (series.grain != SeriesValue::Grain::constant && !series.values.empty())
      quantity.low = quantity.mode = quantity.high = series.values.back();
    return quantity;
  }

  bool read_date(Claim& claim) {
    const Entry& entry = *claim.entry;
    if (!entry.has("by")) {
      fault(Code::missing_key, entry, "by",
            {.message = fmt::format("claim '{}' of kind date has no month", claim.name),
             .found = "no key by",
             .expected = "the month by which it is to be online",
             .help = "write by = \"2026-12\""});
      return false;
    }
    claim.by = entry.month("by");
    claim.begun = entry.has("begun") ? entry.month("begun") : spec_.calendar.start;
    const double months = claim.by->index() - claim.begun->index() + 1;
    if (months <= 0) {
      fault(Code::empty_window, entry, "by",
            {.message = fmt::format("claim '{}' is to be online before it was begun", claim.name),
             .found = fmt::format("{} to {}", to_string(*claim.begun), to_string(*claim.by)),
             .expected = "a month after the one in which work began",
             .help = "write a later by, or an earlier begun"});
      return false;
    }
    claim.stated = {.low = months, .mode = months, .high = months, .unit = "month", .origin = entry.where("by")};
    if (entry.has("source")) claim.stated.source = entry.text("source");
    if (entry.has("confidence")) claim.stated.confidence = entry.text("confidence").front();
    return !entry.has("quantity") || read_first(claim);
  }

  /// How much is to be online by a date.
  bool read_first(Claim& claim) {
    const Quantity& written = claim.entry->quantity("quantity");
    for (const ClaimKind kind : {ClaimKind::power, ClaimKind::accelerators, ClaimKind::racks}) {
      const std::string_view to = claim_unit(kind).total;
      const auto convert = [&](double value) { return spec_.units.convert(value, written.unit, to); };
      const auto mode = convert(written.mode);
      if (!mode) continue;
      claim.first = written;
      claim.first.mode = mode->value;
      claim.first.low = convert(written.low)->value;
      claim.first.high = convert(written.high)->value;
      claim.first.unit = to;
      claim.first_kind = kind;
      return true;
    }
    fault(Code::wrong_dimension, *claim.entry, "quantity",
          {.message = fmt::format("quantity of claim '{}' has a unit that does not fit its kind", claim.name),
           .found = written.unit.empty() || written.unit == "1" ? "a plain number" : written.unit,
           .expected = "for kind date: MW, accelerator or rack",
           .help = "write it in MW, accelerator or rack, or leave it out"});
    return false;
  }

  /// Keys that say nothing of this kind.
  bool check_keys(const Entry& entry, const Claim& claim) {
    bool good = true;
    const auto turn_away = [&](std::string_view key, std::string_view kinds) {
      if (!entry.has(key) || entry.value(key).is_default) return;
      fault(Code::inconsistent, entry, key,
            {.message = fmt::format("claim '{}' has a key that does not go with its kind", claim.name),
             .found = fmt::format("{} with kind {}", key, claim_unit(claim.kind).word),
             .expected = fmt::format("{} with kind {}", key, kinds),
             .help = "leave out this key, or choose another kind"});
      good = false;
    };
    if (claim.kind != ClaimKind::date) {
      turn_away("by", "date");
      turn_away("begun", "date");
    }
    if (claim.kind != ClaimKind::wafers) turn_away("splits", "wafers");
    return good;
  }

  /// A part is of the kind of the whole, counted alike, and no claim is a part of itself.
  void check_parts(const std::vector<Claim>& claims) {
    for (const Claim& claim : claims) {
      const auto whole = std::ranges::find(claims, claim.part_of, &Claim::name);
      if (claim.part_of.empty() || whole == claims.end()) continue;
      if (&*whole != &claim && whole->kind == claim.kind && whole->is_rate == claim.is_rate) continue;
      fault(Code::inconsistent, *claim.entry, "part_of",
            {.message = fmt::format("claim '{}' cannot be a part of '{}'", claim.name, whole->name),
             .found = fmt::format("{} in {}, {} in {}", claim_unit(claim.kind).word, claim.stated.unit,
                                  claim_unit(whole->kind).word, whole->stated.unit),
             .expected = "another claim of the same kind and unit",
             .help = "name another claim, or leave out part_of"});
    }
  }

  /// Claims of a scenario that has none: what its commitments promise.
  void derive(std::vector<Claim>& claims) {
    if (spec_.entries("rack").empty() || spec_.entries("site").empty()) return;
    for (const Entry& promise : spec_.entries("commitment")) {
      if (!promise.has("quantity") || !promise.has("unit")) continue;
      for (const ClaimKind kind : kDerivedKinds) {
        if (!spec_.units.convertible(promise.text("unit"), claim_unit(kind).total)) continue;
        Claim claim;
        claim.entry = &promise;
        claim.name = promise.name;
        claim.title = promise.has("title") ? promise.text("title") : promise.name;
        claim.title_ko = promise.has("title_ko") ? promise.text("title_ko") : claim.title;
        claim.kind = kind;
        claim.programmes = {promise.has("to") ? promise.text("to") : promise.text("from")};
        const Quantity level = level_of(promise.series("quantity"));
        if (level.mode <= 0 || !convert(claim, level)) break;
        if (read_derived(claim)) claims.push_back(std::move(claim));
        break;
      }
    }
  }

  bool read_derived(Claim& claim) {
    const Entry& promise = *claim.entry;
    if (!read_window(claim, &promise)) return false;
    for (const Entry& site : spec_.entries("site")) claim.sites.push_back(&site);
    claim.bases = all_bases();
    return true;
  }
};

void check_claims(const Compile& c) {
  if (!c.spec.entries("claim").empty()) read_claims(c.spec, c.diagnostics);
}

}  // namespace

const ClaimUnit& claim_unit(ClaimKind kind) {
  return kUnits[static_cast<std::size_t>(kind)];
}

std::vector<Claim> read_claims(const Spec& spec, Diagnostics& diagnostics) {
  return Reader(spec, diagnostics).run();
}

std::span<const Part> claim_parts() {
  static const std::array parts{Part{&kClaimSection, check_claims}};
  return parts;
}

}  // namespace beltline
