#include "audit/sentences.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "audit/amount.h"
#include "base/text.h"

namespace beltline {
namespace {

/// One text in both languages.
struct Both {
  std::string english, korean;

  void add(const Both& more) {
    english += more.english;
    korean += more.korean;
  }
};

/// "17–25 times" from 1 on, "36–46 %" below.
Both ratio_text(const Percentiles& ratio) {
  const bool is_share = ratio.p50 < 1;
  const double scale = is_share ? 100 : 1;
  const auto figure = [&](double value) { return figure_text(value * scale, Language::english); };
  const std::string from = figure(ratio.p5), to = figure(ratio.p95);
  const std::string range = from == to ? to : fmt::format("{}–{}", from, to);
  return {range + (is_share ? " %" : " times"), range + (is_share ? " %" : "배")};
}

Both spread_text(const Implied& implied) {
  const auto in = [&](Language language) {
    return amount_range_text(implied.kind, implied.is_rate, implied.spread.p5, implied.spread.p95, language);
  };
  return {in(Language::english), in(Language::korean)};
}

Both stated_text(const Claim& claim) {
  const auto in = [&](Language language) {
    return claim.stated.low == claim.stated.high
               ? amount_text(claim.kind, claim.is_rate, claim.stated.mode, language)
               : amount_range_text(claim.kind, claim.is_rate, claim.stated.low, claim.stated.high, language);
  };
  return {in(Language::english), in(Language::korean)};
}

Both quoted(const Claim& claim) {
  return {fmt::format("“{}”", printable(claim.title, 200)), fmt::format("“{}”", printable(claim.title_ko, 200))};
}

class Writer {
 public:
  explicit Writer(const Audit& audit) : audit_(audit) {}

  std::vector<AuditSentence> run() {
    for (std::size_t c = 0; c < audit_.claims.size(); ++c) {
      const auto claim = static_cast<int>(c);
      for (const AuditRow& row : audit_.rows) {
        if (row.claim == claim) tell_implied(row);
      }
      for (std::size_t other = 0; other < audit_.claims.size(); ++other) tell_pair(claim, static_cast<int>(other));
    }
    return std::move(out_);
  }

 private:
  const Audit& audit_;
  std::vector<AuditSentence> out_;

  [[nodiscard]] const Claim& claim(int index) const { return audit_.claims[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const AuditRow& row(const Comparison& comparison) const {
    return audit_.rows[static_cast<std::size_t>(comparison.row)];
  }

  [[nodiscard]] Both basis_text(const AuditRow& row) const {
    return {row_title(audit_, row, Language::english), row_title(audit_, row, Language::korean)};
  }

  void say(int claim_index, int compared, std::string_view finding, Both text) {
    out_.push_back({.claim = claim(claim_index).name,
                    .compared = compared < 0 ? std::string() : claim(compared).name,
                    .finding = std::string(finding),
                    .english = std::move(text.english),
                    .korean = std::move(text.korean)});
  }

  /// " (42–58 GW a year)"
  [[nodiscard]] static Both pace_text(const Implied& power, const Claim& own) {
    const auto in = [&](Language language) {
      return fmt::format(" ({})", amount_range_text(ClaimKind::power, true, power.spread.p5 / own.window.mode,
                                                    power.spread.p95 / own.window.mode, language));
    };
    return {in(Language::english), in(Language::korean)};
  }

  /// What a row implies of the kinds that people speak of.
  void tell_implied(const AuditRow& row) {
    constexpr std::array kTold{ClaimKind::power,      ClaimKind::accelerators, ClaimKind::wafers,
                               ClaimKind::hbm_wafers, ClaimKind::interposers,  ClaimKind::money,
                               ClaimKind::energy};
    const Claim& own = claim(row.claim);
    if (row.implied.size() < 2) return;
    Both list;
    for (const ClaimKind kind : kTold) {
      const auto found = std::ranges::find(row.implied, kind, &Implied::kind);
      if (kind == own.kind || found == row.implied.end()) continue;
      Both amount = spread_text(*found);
      if (kind == ClaimKind::power) amount.add(pace_text(*found, own));
      list.add(
          {fmt::format("{}{}", list.english.empty() ? "" : ", ", amount.english),
           fmt::format("{}{} {}", list.korean.empty() ? "" : ", ", kind_name(kind, Language::korean), amount.korean)});
    }
    const Both title = quoted(own), basis = basis_text(row);
    const std::string months = figure_text(own.window.mode, Language::english);
    Both text{fmt::format("{} in {} months, with {}: {}.", title.english, months, basis.english, list.english),
              fmt::format("{} ({}개월, {}): {}.", title.korean, months, basis.korean, list.korean)};
    text.add(drivers_text(row));
    say(row.claim, -1, "implies", std::move(text));
  }

  /// What moves the kind most that people ask about first: wafers, or power where wafers are what is claimed.
  [[nodiscard]] Both drivers_text(const AuditRow& row) const {
    const ClaimKind kind = claim(row.claim).kind == ClaimKind::wafers ? ClaimKind::power : ClaimKind::wafers;
    const auto found = std::ranges::find(row.implied, kind, &Implied::kind);
    if (found == row.implied.end() || found->drivers.empty()) return {};
    constexpr std::size_t kDriverCountMax = 3;
    std::string drivers;
    for (std::size_t i = 0; i < std::min(kDriverCountMax, found->drivers.size()); ++i) {
      const Driver& driver = found->drivers[i];
      const Line& line = audit_.lines[static_cast<std::size_t>(driver.line)];
      // what several entries say alike is one line
      const std::string alike = line.entry_count > 1 ? fmt::format(" +{}", line.entry_count - 1) : std::string();
      drivers += fmt::format("{}{}{} ({:+.2f})", i > 0 ? ", " : "", line.path, alike, driver.correlation);
    }
    return {
        fmt::format(" What moves its {} most, by rank correlation: {}.", kind_name(kind, Language::english), drivers),
        fmt::format(" {} 변동의 주된 요인(순위 상관): {}.", kind_name(kind, Language::korean), drivers)};
  }

  void tell_pair(int claim_index, int other_index) {
    std::vector<const Comparison*> pair;
    for (const Comparison& each : audit_.comparisons) {
      if (row(each).claim == claim_index && each.claim == other_index && is_told(each)) pair.push_back(&each);
    }
    if (pair.empty() || is_told_the_other_way(audit_, *pair.front())) return;
    switch (pair.front()->relation) {
      case Relation::agreement: return tell_agreement(claim_index, other_index, pair);
      case Relation::capacity: return tell_capacity(claim_index, other_index, pair);
      case Relation::part: return tell_part(claim_index, other_index, *pair.front());
      case Relation::date: return tell_dates(claim_index, pair);
    }
  }

  /// Readings of a claim of wafers are told where they are what it is about, or where it is the only claim.
  [[nodiscard]] bool is_told(const Comparison& each) const {
    const ClaimKind kind = claim(each.claim).kind;
    const bool is_of_memory =
        kind == ClaimKind::hbm_wafers || kind == ClaimKind::interposers || kind == ClaimKind::memory;
    return row(each).split < 0 || audit_.is_of_one_claim || is_of_memory;
  }

  /// A claim that names what the other counts too needs no racks between them.
  [[nodiscard]] bool is_direct(int a, int b) const { return claim(a).kind == claim(b).kind && a != b; }

  void tell_agreement(int claim_index, int other_index, const std::vector<const Comparison*>& pair) {
    const Comparison& best = **std::ranges::min_element(pair, {}, [](const Comparison* c) { return c->verdict; });
    if (best.unit_slip != 0) return tell_slip(claim_index, other_index, best);
    const bool is_own = claim_index == other_index;
    const Both a = quoted(claim(claim_index)), b = quoted(claim(other_index)), stated = stated_text(claim(other_index));
    constexpr std::array kEnglish{"agree", "roughly agree", "do not agree"};
    constexpr std::array kKorean{"서로 맞습니다", "대략 맞습니다", "서로 맞지 않습니다"};
    const auto verdict = static_cast<std::size_t>(best.verdict);
    Both text =
        is_own
            ? Both{fmt::format("{} (stated: {}) and the bill of materials {}:", b.english, stated.english,
                               kEnglish[verdict]),
                   fmt::format("{}(발표치 {}) 대 자재명세서: {}.", b.korean, stated.korean, kKorean[verdict])}
            : Both{fmt::format("{} and {} (stated: {}) {}:", a.english, b.english, stated.english, kEnglish[verdict]),
                   fmt::format("{} 대 {}(발표치 {}): {}.", a.korean, b.korean, stated.korean, kKorean[verdict])};
    for (std::size_t i = 0; i < pair.size(); ++i) {
      const bool direct = is_direct(claim_index, other_index);
      const Both amount = spread_text(pair[i]->implied), ratio = ratio_text(pair[i]->ratio);
      const Both basis = direct ? Both{"the first is", "앞의 것은"} : basis_text(row(*pair[i]));
      text.add({fmt::format("{} {}{} {}, and the stated figure is {} that", i > 0 ? ";" : "", direct ? "" : "with ",
                            basis.english, amount.english, of(ratio.english)),
                fmt::format(" {} {}, 발표치는 그 {}.", basis.korean, amount.korean, ratio.korean)});
      if (direct) break;
    }
    text.english += ".";
    text.add(quotient_text(claim_index, other_index));
    if (best.verdict == Verdict::differs) text.add(changes_text(*pair.front()));
    constexpr std::array kFindings{"agrees", "near", "differs"};
    say(claim_index, other_index, kFindings[static_cast<std::size_t>(best.verdict)], std::move(text));
  }

  /// "of" goes with shares: "40 % of that", "17 times that".
  static std::string of(const std::string& ratio) { return ratio + (ratio.ends_with('%') ? " of" : ""); }

  /// USD a GW, and kW an accelerator, as two stated amounts have it and as the bill has it.
  [[nodiscard]] Both quotient_text(int a, int b) const {
    const auto has = [&](ClaimKind one, ClaimKind two) {
      return claim(a).kind == one && claim(b).kind == two && !claim(a).is_rate && !claim(b).is_rate;
    };
    const bool is_money = has(ClaimKind::power, ClaimKind::money);
    if (!is_money && !has(ClaimKind::power, ClaimKind::accelerators)) return {};
    const ClaimKind kind = is_money ? ClaimKind::money_per_power : ClaimKind::power_per_accelerator;
    const Quantity& power = claim(a).stated;
    const Quantity& other = claim(b).stated;
    constexpr double kKilowattsPerMegawatt = 1000;
    const auto range = [&](double low, double high, Language language) {
      return amount_range_text(kind, false, low, high, language);
    };
    const double low = is_money ? other.low / power.high : kKilowattsPerMegawatt * power.low / other.high;
    const double high = is_money ? other.high / power.low : kKilowattsPerMegawatt * power.high / other.low;
    Both text{fmt::format(" Stated together they are {}", range(low, high, Language::english)),
              fmt::format(" 두 발표치로는 {}", range(low, high, Language::korean))};
    for (const AuditRow& each : audit_.rows) {
      const auto found = std::ranges::find(each.implied, kind, &Implied::kind);
      if (each.claim != a || each.split >= 0 || found == each.implied.end()) continue;
      const Both basis = basis_text(each), amount = spread_text(*found);
      text.add({fmt::format(", and the bill of {} has {}", basis.english, amount.english),
                fmt::format(", {} 자재명세서로는 {}", basis.korean, amount.korean)});
    }
    text.add({".", "입니다."});
    return text;
  }

  void tell_slip(int claim_index, int other_index, const Comparison& comparison) {
    const Claim& other = claim(other_index);
    const Both a = quoted(claim(claim_index)), b = quoted(other), stated = stated_text(other);
    const Both amount = spread_text(comparison.implied), ratio = ratio_text(comparison.ratio);
    const double factor = std::pow(1000.0, comparison.unit_slip);
    const auto corrected = [&](Language language) {
      return amount_text(other.kind, other.is_rate, other.stated.mode / factor, language);
    };
    say(claim_index, other_index, "unit",
        {fmt::format("{} (stated: {}) cannot be: {} implies {}, and this is {} that; the unit was probably mistaken by "
                     "a factor of {}, and {} would fit.",
                     b.english, stated.english, a.english, amount.english, of(ratio.english),
                     figure_text(std::max(factor, 1 / factor), Language::english), corrected(Language::english)),
         fmt::format(
             "{}(발표치 {}): 있을 수 없는 수치입니다. {} 계산치는 {}, 발표치는 그 {}. 단위를 {}배 착오한 것으로 "
             "보이며 {}라면 맞습니다.",
             b.korean, stated.korean, a.korean, amount.korean, ratio.korean,
             figure_text(std::max(factor, 1 / factor), Language::korean), corrected(Language::korean))});
  }

  /// "To agree, one of these would have to hold alone: …"
  [[nodiscard]] Both changes_text(const Comparison& comparison) const {
    if (comparison.changes.empty()) return {};
    const Claim& own = claim(row(comparison).claim);
    const Both basis = basis_text(row(comparison));
    Both text{fmt::format(" To agree with {}, one of these alone would have to hold:", basis.english),
              fmt::format(" {} 기준으로 맞으려면 다음 중 하나가 필요합니다:", basis.korean)};
    bool is_first = true;
    for (const AuditChange& each : comparison.changes) {
      if (!each.is_possible) continue;
      const Both change = change_text(each, own);
      text.add({fmt::format("{} {}", is_first ? "" : ";", change.english),
                fmt::format("{} {}", is_first ? "" : ",", change.korean)});
      is_first = false;
    }
    text.add({".", "."});
    return text;
  }

  [[nodiscard]] Both change_text(const AuditChange& change, const Claim& own) const {
    const std::string from = figure_text(change.from, Language::english);
    const std::string to = figure_text(change.to, Language::english);
    if (change.is_window) {
      return {fmt::format("{} months instead of {}", to, from), fmt::format("기간 {}개월 대신 {}개월", from, to)};
    }
    if (change.line < 0) {
      const auto amount = [&](double value, Language language) {
        return amount_text(own.kind, own.is_rate, value, language);
      };
      return {
          fmt::format("{} instead of {}", amount(change.to, Language::english), amount(change.from, Language::english)),
          fmt::format("{} 대신 {}", amount(change.from, Language::korean), amount(change.to, Language::korean))};
    }
    const Line& line = audit_.lines[static_cast<std::size_t>(change.line)];
    const std::string unit = line.unit.empty() || line.unit == "1" ? std::string() : " " + line.unit;
    const std::string range = line.has_range() ? fmt::format(" ({}–{})", figure_text(line.low, Language::english),
                                                             figure_text(line.high, Language::english))
                                               : std::string();
    return {fmt::format("{} at {}{} instead of {}{}", line.path, to, unit, from, range),
            fmt::format("{} {}{} 대신 {}{}", line.path, from, range, to, unit)};
  }

  void tell_capacity(int claim_index, int other_index, const std::vector<const Comparison*>& pair) {
    const Both a = quoted(claim(claim_index)), b = quoted(claim(other_index)), stated = stated_text(claim(other_index));
    Both text{fmt::format("Against {} ({}), {} needs", b.english, stated.english, a.english),
              fmt::format("{}({}) 대비 {}:", b.korean, stated.korean, a.korean)};
    const bool direct = is_direct(claim_index, other_index);
    for (std::size_t i = 0; i < pair.size(); ++i) {
      const Both amount = spread_text(pair[i]->implied), ratio = ratio_text(pair[i]->ratio);
      const Both basis = basis_text(row(*pair[i]));
      text.add({fmt::format("{} {}, {} it{}", i > 0 ? ";" : "", amount.english, of(ratio.english),
                            direct ? "" : fmt::format(", with {}", basis.english)),
                fmt::format("{}{} {}, 곧 {}", i > 0 ? ";" : "", direct ? "" : fmt::format(" {}", basis.korean),
                            amount.korean, ratio.korean)});
      if (direct) break;
    }
    text.add({".", "."});
    say(claim_index, other_index, "capacity", std::move(text));
  }

  void tell_part(int claim_index, int other_index, const Comparison& comparison) {
    const Both a = quoted(claim(claim_index)), b = quoted(claim(other_index)), ratio = ratio_text(comparison.ratio);
    const Both part = stated_text(claim(claim_index)), whole = stated_text(claim(other_index));
    say(claim_index, other_index, "part",
        {fmt::format("{} ({}) is {} {} ({}).", a.english, part.english, of(ratio.english), b.english, whole.english),
         fmt::format("{}({}): {}({}) 대비 {}.", a.korean, part.korean, b.korean, whole.korean, ratio.korean)});
  }

  void tell_dates(int claim_index, const std::vector<const Comparison*>& pair) {
    const Claim& own = claim(claim_index);
    const auto month = [&](double months) {
      return to_string(own.begun->plus(std::max(0, static_cast<int>(std::ceil(months)) - 1)));
    };
    for (const Comparison* each : pair) {
      const Percentiles& months = each->implied.spread;
      const Both title = quoted(own), basis = basis_text(row(*each)), range = spread_text(each->implied);
      const std::string odds = figure_text(std::round(100 * each->share_met), Language::english);
      say(claim_index, claim_index, "date",
          {fmt::format("{}: begun in {}, with {} it takes {}, until {} (P5 {}, P95 {}), by the scenario's lead times "
                       "and packaging; {}, as announced, is met in {} % of the samples.",
                       title.english, to_string(*own.begun), basis.english, range.english, month(months.p50),
                       month(months.p5), month(months.p95), to_string(*own.by), odds),
           fmt::format("{}: {} 착수, {} 기준 {} 소요, {} 가동(P5 {}, P95 {}; 시나리오의 리드타임과 패키징 능력). "
                       "발표된 {} 충족 확률 {} %.",
                       title.korean, to_string(*own.begun), basis.korean, range.korean, month(months.p50),
                       month(months.p5), month(months.p95), to_string(*own.by), odds)});
    }
  }
};

}  // namespace

std::string row_title(const Audit& audit, const AuditRow& row, Language language) {
  const Claim& claim = audit.claims[static_cast<std::size_t>(row.claim)];
  const ClaimBasis& basis = claim.bases[static_cast<std::size_t>(row.basis)];
  const bool korean = language == Language::korean;
  std::string title = printable(korean ? basis.title_ko : basis.title, 200);
  // what a title has in brackets is said once, in the scenario
  if (const std::size_t bracket = title.find(" ("); bracket != std::string::npos && title.ends_with(')'))
    title.resize(bracket);
  if (row.split >= 0) {
    const ClaimSplit& split = claim.splits[static_cast<std::size_t>(row.split)];
    title += fmt::format(" ({})", printable(korean ? split.title_ko : split.title, 200));
  }
  return title;
}

std::vector<AuditSentence> audit_sentences(const Audit& audit) {
  return Writer(audit).run();
}

}  // namespace beltline
