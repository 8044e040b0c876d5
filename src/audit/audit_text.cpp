// What a terminal shows of an audit.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "audit/amount.h"
#include "audit/audit_tables.h"
#include "audit/sentences.h"
#include "base/text.h"

namespace beltline {
namespace {

constexpr std::array kColumns{ClaimKind::wafers,       ClaimKind::hbm_wafers, ClaimKind::interposers,
                              ClaimKind::accelerators, ClaimKind::power,      ClaimKind::money};
constexpr std::size_t kTitleWidth = 44;

/// A table of texts, the first column to the left, the others to the right.
class Grid {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] std::string text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string out;
    for (const auto& row : rows_) {
      std::string line = " ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string blanks(widths[i] - width_of(row[i]), ' ');
        line += " " + (i == 0 ? row[i] + blanks : " " + blanks + row[i]);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// A text cut to what a column holds.
std::string fitted(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string out;
  std::size_t used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Glyph glyph = glyph_at(rest);
    if (used + glyph.width + 1 > width) break;
    out += rest.substr(0, glyph.bytes);
    used += glyph.width;
    rest.remove_prefix(glyph.bytes);
  }
  return out + "…";
}

std::string cell(double value, double scale) {
  return figure_text(value * scale, Language::english);
}

std::string range_cell(const Percentiles& spread, double scale) {
  const std::string from = cell(spread.p5, scale), middle = cell(spread.p50, scale), to = cell(spread.p95, scale);
  return from == to ? to : fmt::format("{} – {} – {}", from, middle, to);
}

class Text {
 public:
  Text(const Audit& audit, Language language) : audit_(audit), language_(language) {}

  std::string run() const {
    if (audit_.rows.empty())
      return say("nothing to audit: the scenario has no claims\n", "감사할 발표 수치가 없습니다\n");
    std::string out =
        fmt::format("{}\n\n{}\n",
                    say("What each claim implies: P5 – P50 – P95", "발표 수치별 계산 결과: P5 – P50 – P95"), matrix());
    // without a pair there is nothing to hold against each other, and what each implies is all there is to say
    const bool has_pairs = !audit_.comparisons.empty();
    out += has_pairs
               ? fmt::format("{}\n\n{}\n",
                             say("Held against each other: implied, stated, ratio", "서로 비교: 계산치, 발표치, 비율"),
                             pairs())
               : say("Nothing to hold them against: no two claims share a programme, and none is a capacity.\n\n",
                     "비교할 상대가 없습니다. 같은 사업에 속한 발표 수치도, 능력을 말하는 수치도 없습니다.\n\n");
    for (const AuditSentence& each : audit_sentences(audit_)) {
      if (each.finding == "implies" && !audit_.is_of_one_claim && has_pairs) continue;
      out += fmt::format("- {}\n", language_ == Language::korean ? each.korean : each.english);
    }
    out += fmt::format("\n{}\n", say(fmt::format("{} samples, seed {}; -o RUN keeps tables with every line and source",
                                                 audit_.sample_count, audit_.seed),
                                     fmt::format("표본 {}개, 시드 {}. -o RUN으로 모든 근거와 출처를 표로 남깁니다",
                                                 audit_.sample_count, audit_.seed)));
    return out;
  }

 private:
  const Audit& audit_;
  Language language_;

  [[nodiscard]] std::string say(std::string english, std::string korean) const {
    return language_ == Language::korean ? std::move(korean) : std::move(english);
  }
  [[nodiscard]] std::string title_of(const Claim& claim) const {
    return printable(language_ == Language::korean ? claim.title_ko : claim.title, 200);
  }
  [[nodiscard]] const Claim& claim(int index) const { return audit_.claims[static_cast<std::size_t>(index)]; }

  /// Rows: claims with their racks; columns: what they imply.
  [[nodiscard]] std::string matrix() const {
    Grid grid;
    std::vector<std::string> names{""}, units{""};
    for (const ClaimKind kind : kColumns) {
      const ShownUnit unit = shown_unit(kind, kind <= ClaimKind::interposers);
      names.emplace_back(kind_name(kind, language_));
      units.emplace_back(language_ == Language::korean ? unit.unit_ko : unit.unit);
    }
    grid.add(std::move(names));
    grid.add(std::move(units));
    int last = -1;
    for (const AuditRow& row : audit_.rows) {
      if (row.implied.size() < 2) continue;
      if (row.claim != last) grid.add({fitted(title_of(claim(row.claim)), kTitleWidth)});
      last = row.claim;
      std::vector<std::string> cells{"  " + fitted(row_title(audit_, row, language_), kTitleWidth)};
      for (const ClaimKind kind : kColumns) {
        const auto found = std::ranges::find(row.implied, kind, &Implied::kind);
        cells.push_back(found == row.implied.end() ? std::string()
                                                   : range_cell(found->spread, shown_unit(kind, found->is_rate).scale));
      }
      grid.add(std::move(cells));
    }
    return grid.text();
  }

  [[nodiscard]] std::string ratio_cell(const Comparison& each) const {
    const auto figure = [](double value) { return figure_text(value, Language::english); };
    const std::string from = figure(each.ratio.p5), middle = figure(each.ratio.p50), to = figure(each.ratio.p95);
    return from == to ? to : fmt::format("{} – {} – {}", from, middle, to);
  }

  [[nodiscard]] std::string verdict_of(const Comparison& each) const {
    if (each.unit_slip != 0) return say("unit", "단위");
    switch (each.relation) {
      case Relation::capacity: return say("of capacity", "능력 대비");
      case Relation::part: return say("of the whole", "전체 대비");
      case Relation::date:
        return say(fmt::format("met {:.0f} %", 100 * each.share_met),
                   fmt::format("충족 {:.0f} %", 100 * each.share_met));
      case Relation::agreement: break;
    }
    if (each.verdict == Verdict::agrees) return say("agrees", "일치");
    return each.verdict == Verdict::near ? say("near", "근접") : say("differs", "불일치");
  }

  /// Rows: pairs of claims; columns: implied, stated, ratio. What does not hang on the racks is told once; readings of
  /// a claim of wafers are told where it is the only one.
  [[nodiscard]] std::string pairs() const {
    Grid grid;
    grid.add({say("claim, held against", "발표 수치, 비교 대상"), say("with", "기준"), say("implied", "계산치"),
              say("stated", "발표치"), say("ratio", "비율"), ""});
    int last = -1;
    for (const Comparison& each : audit_.comparisons) {
      const AuditRow& row = audit_.rows[static_cast<std::size_t>(each.row)];
      const Claim& own = claim(row.claim);
      const Claim& other = claim(each.claim);
      const bool is_direct = own.kind == other.kind && row.claim != each.claim;
      const bool is_detail = row.split >= 0 && !audit_.is_of_one_claim;
      if (is_detail || is_told_the_other_way(audit_, each) || (is_direct && (row.basis > 0 || row.split >= 0)))
        continue;
      if (row.claim != last) grid.add({fitted(title_of(own), kTitleWidth)});
      last = row.claim;
      const ShownUnit unit = shown_unit(other.kind, other.is_rate);
      grid.add(
          {"  " + fitted(title_of(other), kTitleWidth), is_direct ? "" : fitted(row_title(audit_, row, language_), 40),
           range_cell(each.implied.spread, unit.scale),
           amount_text(other.kind, other.is_rate, other.stated.mode, language_), ratio_cell(each), verdict_of(each)});
    }
    return grid.text();
  }
};

}  // namespace

std::string audit_text(const Audit& audit, Language language) {
  return Text(audit, language).run();
}

}  // namespace beltline
