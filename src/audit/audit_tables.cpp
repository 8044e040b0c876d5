#include "audit/audit_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/ranges.h>

#include "audit/amount.h"
#include "audit/sentences.h"

namespace beltline {
namespace {

constexpr std::string_view kRelations[] = {"agreement", "capacity", "part", "date"};
constexpr std::string_view kRoles[] = {"build", "capacity", "figure"};
constexpr std::string_view kVerdicts[] = {"agrees", "near", "differs"};

std::string unit_of(const Implied& implied) {
  const ClaimUnit& unit = claim_unit(implied.kind);
  return std::string(implied.is_rate ? unit.rate : unit.total);
}

/// To six digits: the samples bear three, and a page holds many of them.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int decimals = 5 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  // whole powers of ten are exact, and so the result is the nearest number to what is written
  const double scale = std::pow(10.0, std::abs(decimals));
  return decimals >= 0 ? std::round(value * scale) / scale : std::round(value / scale) * scale;
}

class Tables {
 public:
  Tables(const Audit& audit, const SourceFiles& files) : audit_(audit), files_(files) {}

  std::vector<Table> run() const { return {implied(), claims(), sentences(), lines(), uses(), changes()}; }

 private:
  const Audit& audit_;
  const SourceFiles& files_;

  [[nodiscard]] const Claim& claim(int index) const { return audit_.claims[static_cast<std::size_t>(index)]; }

  [[nodiscard]] std::string reading_of(const AuditRow& row) const {
    return row.split < 0 ? std::string() : claim(row.claim).splits[static_cast<std::size_t>(row.split)].title;
  }
  [[nodiscard]] const ClaimBasis& basis_of(const AuditRow& row) const {
    return claim(row.claim).bases[static_cast<std::size_t>(row.basis)];
  }

  /// One row a kind that a row implies, and one a comparison.
  [[nodiscard]] Table implied() const {
    Table table{.name = "audit", .title = "What announced figures imply for each other", .columns = {}};
    std::vector<std::string> claims, bases, titles, titles_ko, readings, readings_ko, kinds, units, compared, relations,
        verdicts;
    std::vector<double> p5, p50, p95, low, stated, high, ratio5, ratio50, ratio95, met;
    const auto add = [&](const AuditRow& row, const Implied& implied, const Comparison* comparison) {
      const Claim* const other = comparison == nullptr ? nullptr : &claim(comparison->claim);
      const double nan = std::numeric_limits<double>::quiet_NaN();
      claims.push_back(claim(row.claim).name);
      bases.push_back(basis_of(row).name);
      titles.push_back(basis_of(row).title);
      titles_ko.push_back(basis_of(row).title_ko);
      readings.push_back(reading_of(row));
      readings_ko.push_back(row.split < 0 ? std::string()
                                          : claim(row.claim).splits[static_cast<std::size_t>(row.split)].title_ko);
      kinds.emplace_back(claim_unit(implied.kind).word);
      units.push_back(unit_of(implied));
      p5.push_back(rounded(implied.spread.p5));
      p50.push_back(rounded(implied.spread.p50));
      p95.push_back(rounded(implied.spread.p95));
      compared.push_back(other == nullptr ? std::string() : other->name);
      relations.emplace_back(other == nullptr ? "" : kRelations[static_cast<std::size_t>(comparison->relation)]);
      low.push_back(other == nullptr ? nan : other->stated.low);
      stated.push_back(other == nullptr ? nan : other->stated.mode);
      high.push_back(other == nullptr ? nan : other->stated.high);
      ratio5.push_back(other == nullptr ? nan : rounded(comparison->ratio.p5));
      ratio50.push_back(other == nullptr ? nan : rounded(comparison->ratio.p50));
      ratio95.push_back(other == nullptr ? nan : rounded(comparison->ratio.p95));
      verdicts.emplace_back(other == nullptr ? "" : kVerdicts[static_cast<std::size_t>(comparison->verdict)]);
      met.push_back(other != nullptr && comparison->relation == Relation::date ? comparison->share_met : nan);
    };
    for (std::size_t r = 0; r < audit_.rows.size(); ++r) {
      for (const Implied& implied : audit_.rows[r].implied) add(audit_.rows[r], implied, nullptr);
      for (const Comparison& each : audit_.comparisons) {
        if (each.row == static_cast<int>(r)) add(audit_.rows[r], each.implied, &each);
      }
    }
    table.add_texts("claim", "whose figure it is computed from").values = std::move(claims);
    table.add_texts("basis", "generation of racks, or mix").values = std::move(bases);
    table.add_texts("basis_title").values = std::move(titles);
    table.add_texts("basis_title_ko").values = std::move(titles_ko);
    table.add_texts("reading", "how much of a claim of wafers is HBM; empty: as the racks take it").values =
        std::move(readings);
    table.add_texts("reading_ko").values = std::move(readings_ko);
    table.add_texts("kind", "what is implied").values = std::move(kinds);
    table.add_texts("unit", "of implied and stated figures").values = std::move(units);
    table.add_numbers("p5", "").values = std::move(p5);
    table.add_numbers("p50", "", "median of the samples").values = std::move(p50);
    table.add_numbers("p95", "").values = std::move(p95);
    table.add_texts("compared", "claim that it is held against; empty: none").values = std::move(compared);
    table.add_texts("relation", "agreement: ratio = stated / implied; capacity, part, date: implied / stated").values =
        std::move(relations);
    table.add_numbers("stated_low", "").values = std::move(low);
    table.add_numbers("stated", "").values = std::move(stated);
    table.add_numbers("stated_high", "").values = std::move(high);
    table.add_numbers("ratio_p5", "").values = std::move(ratio5);
    table.add_numbers("ratio_p50", "").values = std::move(ratio50);
    table.add_numbers("ratio_p95", "").values = std::move(ratio95);
    table.add_texts("verdict", "agrees, near (by less than 1.5) or differs").values = std::move(verdicts);
    table.add_numbers("share_met", "", "of a date: samples that are in time").values = std::move(met);
    return table;
  }

  [[nodiscard]] Table claims() const {
    Table table{.name = "audit_claims", .title = "What was announced", .columns = {}};
    const auto text = [&](std::string name, const auto& of) {
      std::vector<std::string> values;
      for (const Claim& each : audit_.claims) values.push_back(of(each));
      table.add_texts(std::move(name)).values = std::move(values);
    };
    const auto number = [&](std::string name, std::string unit, const auto& of) {
      std::vector<double> values;
      for (const Claim& each : audit_.claims) values.push_back(of(each));
      table.add_numbers(std::move(name), std::move(unit)).values = std::move(values);
    };
    text("claim", [](const Claim& c) { return c.name; });
    text("title", [](const Claim& c) { return c.title; });
    text("title_ko", [](const Claim& c) { return c.title_ko; });
    text("kind", [](const Claim& c) { return std::string(claim_unit(c.kind).word); });
    text("role", [](const Claim& c) { return std::string(kRoles[static_cast<std::size_t>(c.role)]); });
    text("programmes", [](const Claim& c) { return fmt::format("{}", fmt::join(c.programmes, ", ")); });
    number("low", "", [](const Claim& c) { return c.stated.low; });
    number("stated", "", [](const Claim& c) { return c.stated.mode; });
    number("high", "", [](const Claim& c) { return c.stated.high; });
    text("unit", [](const Claim& c) { return c.stated.unit; });
    number("window", "month", [](const Claim& c) { return c.window.mode; });
    text("begun", [](const Claim& c) { return c.begun ? to_string(*c.begun) : std::string(); });
    text("by", [](const Claim& c) { return c.by ? to_string(*c.by) : std::string(); });
    text("source", [](const Claim& c) { return c.stated.source; });
    text("confidence", [](const Claim& c) {
      return c.stated.confidence == ' ' ? std::string() : std::string(1, c.stated.confidence);
    });
    text("note", [](const Claim& c) { return c.note; });
    text("place", [&](const Claim& c) { return files_.describe(c.entry->origin); });
    return table;
  }

  [[nodiscard]] Table sentences() const {
    Table table{.name = "audit_sentences", .title = "Findings of the audit", .columns = {}};
    std::vector<std::string> claims, compared, findings, english, korean;
    for (AuditSentence& each : audit_sentences(audit_)) {
      claims.push_back(std::move(each.claim));
      compared.push_back(std::move(each.compared));
      findings.push_back(std::move(each.finding));
      english.push_back(std::move(each.english));
      korean.push_back(std::move(each.korean));
    }
    table.add_texts("claim").values = std::move(claims);
    table.add_texts("compared", "claim that it is held against; empty: what it implies").values = std::move(compared);
    table.add_texts("finding", "implies, agrees, near, differs, unit, capacity, part or date").values =
        std::move(findings);
    table.add_texts("sentence").values = std::move(english);
    table.add_texts("sentence_ko").values = std::move(korean);
    return table;
  }

  /// The lines that implied figures were made from, each once.
  [[nodiscard]] Table lines() const {
    Table table{
        .name = "audit_lines", .title = "Lines of the scenario that implied figures were made from", .columns = {}};
    std::vector<std::string> paths, units, sources, confidences, places;
    std::vector<int64_t> entries;
    std::vector<double> low, mode, high;
    for (const Line& line : audit_.lines) {
      paths.push_back(line.path);
      entries.push_back(line.entry_count);
      low.push_back(line.low);
      mode.push_back(line.mode);
      high.push_back(line.high);
      units.push_back(line.unit);
      sources.push_back(line.is_default && line.source.empty() ? "default of the schema" : line.source);
      confidences.push_back(line.confidence == ' ' ? std::string() : std::string(1, line.confidence));
      places.push_back(files_.describe(line.origin));
    }
    table.add_texts("path", "value of the scenario, of the first entry that says so").values = std::move(paths);
    table.add_integers("entries", "", "that say the same with the same source").values = std::move(entries);
    table.add_numbers("low", "").values = std::move(low);
    table.add_numbers("mode", "").values = std::move(mode);
    table.add_numbers("high", "").values = std::move(high);
    table.add_texts("unit").values = std::move(units);
    table.add_texts("source").values = std::move(sources);
    table.add_texts("confidence").values = std::move(confidences);
    table.add_texts("place", "file, line and column").values = std::move(places);
    return table;
  }

  /// Which lines each implied kind was made from. Comparisons add no lines but those of the claim that they are held
  /// against.
  [[nodiscard]] Table uses() const {
    Table table{.name = "audit_uses", .title = "Which lines each implied figure was made from", .columns = {}};
    std::vector<std::string> claims, bases, readings, kinds, paths;
    std::vector<double> correlations;
    for (const AuditRow& row : audit_.rows) {
      for (const Implied& implied : row.implied) {
        for (const int id : implied.lines) {
          claims.push_back(claim(row.claim).name);
          bases.push_back(basis_of(row).name);
          readings.push_back(reading_of(row));
          kinds.emplace_back(claim_unit(implied.kind).word);
          paths.push_back(audit_.lines[static_cast<std::size_t>(id)].path);
          const auto driver = std::ranges::find(implied.drivers, id, &Driver::line);
          // the samples bear no more than two digits
          const double correlation = driver == implied.drivers.end() ? 0 : driver->correlation;
          correlations.push_back(std::round(1000 * correlation) / 1000);
        }
      }
    }
    table.add_texts("claim").values = std::move(claims);
    table.add_texts("basis").values = std::move(bases);
    table.add_texts("reading").values = std::move(readings);
    table.add_texts("kind").values = std::move(kinds);
    table.add_texts("path", "of table audit_lines").values = std::move(paths);
    table.add_numbers("correlation", "", "Spearman's, of the line's draws with the figure; 0: none to speak of")
        .values = std::move(correlations);
    return table;
  }

  [[nodiscard]] Table changes() const {
    Table table{
        .name = "audit_changes", .title = "What would have to change, alone, for two claims to agree", .columns = {}};
    std::vector<std::string> claims, bases, readings, compared, whats, units;
    std::vector<double> from, to;
    std::vector<int64_t> possible;
    for (const Comparison& comparison : audit_.comparisons) {
      const AuditRow& row = audit_.rows[static_cast<std::size_t>(comparison.row)];
      for (const AuditChange& change : comparison.changes) {
        const Claim& own = claim(row.claim);
        claims.push_back(own.name);
        bases.push_back(basis_of(row).name);
        readings.push_back(reading_of(row));
        compared.push_back(claim(comparison.claim).name);
        const Line* const line = change.line < 0 ? nullptr : &audit_.lines[static_cast<std::size_t>(change.line)];
        whats.push_back(line != nullptr    ? line->path
                        : change.is_window ? "claim." + own.name + ".window"
                                           : "claim." + own.name + ".quantity");
        units.push_back(line != nullptr ? line->unit : change.is_window ? "month" : own.stated.unit);
        from.push_back(change.from);
        to.push_back(change.to);
        possible.push_back(change.is_possible ? 1 : 0);
      }
    }
    table.add_texts("claim").values = std::move(claims);
    table.add_texts("basis").values = std::move(bases);
    table.add_texts("reading").values = std::move(readings);
    table.add_texts("compared").values = std::move(compared);
    table.add_texts("path", "value that would have to change").values = std::move(whats);
    table.add_texts("unit").values = std::move(units);
    table.add_numbers("from", "", "as it stands").values = std::move(from);
    table.add_numbers("to", "", "as it would have to be").values = std::move(to);
    table.add_integers("possible", "", "0: even that, the end of what the key may hold, is not enough").values =
        std::move(possible);
    return table;
  }
};

}  // namespace

std::vector<Table> audit_tables(const Audit& audit, const SourceFiles& files) {
  return Tables(audit, files).run();
}

}  // namespace beltline
