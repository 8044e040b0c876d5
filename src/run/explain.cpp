#include "run/explain.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "run/explain_words.h"
#include "run/json_number.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

const Table* find(const std::vector<Table>& tables, std::string_view name) {
  const auto found = std::ranges::find(tables, name, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

/// A row of a table by column names.
class Row {
 public:
  Row(const Table& table, std::size_t row) : table_(table), row_(row) {}
  [[nodiscard]] const std::string& text(std::string_view column) const { return table_.column(column).texts()[row_]; }
  [[nodiscard]] double number(std::string_view column) const { return table_.column(column).numbers()[row_]; }

 private:
  const Table& table_;
  std::size_t row_;
};

/// One bound over the months in which it binds.
struct Binding {
  std::string title, unit, entry, kind, first, last, dearest;      // dearest: the month of the largest worth
  double low = 0, high = 0, worth = 0, compute = 0, quantity = 0;  // in the dearest month
  double stake = 0;                                                // over all months
  int months = 0;
  bool unique = true;
  bool modules_free = false;
};

/// Months of one bound together, most at stake first.
std::vector<Binding> bindings(const Table& worth, const ExplainOptions& options) {
  std::map<std::pair<std::string, std::string>, Binding> found;
  const char* title = options.language == Language::korean ? "title_ko" : "title";
  for (std::size_t i = 0; i < worth.row_count(); ++i) {
    const Row row(worth, i);
    if (!options.month.empty() && (row.text("period") > options.month || row.text("last") < options.month)) continue;
    Binding& b = found[{row.text("kind"), row.text("name")}];
    if (b.months++ == 0) b.first = row.text("period");
    b.first = std::min(b.first, row.text("period"));
    b.last = std::max(b.last, row.text("last"));
    b.stake += row.number("stake");
    if (b.months > 1 && row.number("worth") <= b.worth) continue;
    b.title = row.text(title);
    b.unit = row.text("unit");
    b.entry = row.text("entry");
    b.kind = row.text("kind");
    b.dearest = row.text("period");
    b.low = row.number("worth_low");
    b.high = row.number("worth_high");
    b.worth = row.number("worth");
    b.compute = row.number("compute");
    b.quantity = row.number("quantity");
    b.unique = row.number("unique") > 0;
    b.modules_free = row.text("modules") == "free";
  }
  std::vector<Binding> out;
  for (auto& [key, binding] : found) out.push_back(std::move(binding));
  std::ranges::stable_sort(out, [](const Binding& a, const Binding& b) {
    return a.stake != b.stake ? a.stake > b.stake : a.worth > b.worth;
  });
  return out;
}

/// Breaks a text at spaces before column 118, with an indent for what follows.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out, line;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find(' ', begin);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(begin, end - begin);
    if (!line.empty() && line.size() + 1 + word.size() > 118) {
      out += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (line.empty() || begin == 0 ? "" : " ") + word;
    }
    begin = end + 1;
  }
  return out + line + "\n";
}

class Writer {
 public:
  Writer(const Json& manifest, const std::vector<Table>& tables, const ExplainOptions& options)
      : manifest_(manifest), tables_(tables), options_(options), korean_(options.language == Language::korean) {}

  std::string run() {
    const std::string title = manifest_["scenario"].value("title", manifest_["scenario"].value("name", ""));
    out_ += fmt::format("{}: {}{}\n", title, manifest_.value("termination", "?"),
                        manifest_.value("verified", false) ? say(", verified", ", 검증됨") : "");
    if (const Table* late = find(tables_, "late")) deliveries(*late);
    if (const Table* worth = find(tables_, "worth")) binding(*worth);
    return out_;
  }

 private:
  std::string say(const char* english, const char* korean) const { return korean_ ? korean : english; }

  void deliveries(const Table& late) {
    if (late.row_count() == 0) {
      out_ += say("\nNothing is late or missing.\n", "\n늦거나 빠진 것이 없습니다.\n");
      return;
    }
    out_ += fmt::format("\n{}\n", say("Late or missing, dearest first, and what it waits for",
                                      "늦거나 빠진 것(비용이 큰 순서)과 그 원인"));
    const std::size_t count = options_.all ? late.row_count() : std::min<std::size_t>(late.row_count(), 8);
    for (std::size_t i = 0; i < count; ++i) delivery(Row(late, i), i + 1);
    if (count < late.row_count()) {
      out_ += fmt::format(
          "{:>4} {}\n", "…",
          fmt::format(fmt::runtime(say("and {} more: --all", "그 밖에 {}건: --all")), late.row_count() - count));
    }
  }

  void delivery(const Row& row, std::size_t number) {
    const std::string missing = quantity_words(row.number("missing"), row.text("unit"));
    const std::string promised = quantity_words(row.number("promised"), row.text("unit"));
    const std::string months = row.text("first") == row.text("last")
                                   ? row.text("first")
                                   : row.text("first") + say(" to ", "~") + row.text("last");
    std::string line =
        fmt::format(fmt::runtime(say("{:>3}. {}: {} of {} missing, {}", "{:>3}. {}: {} 부족(약속 {}), {}")), number,
                    row.text(korean_ ? "title_ko" : "title"), missing, promised, months);
    const double cost = row.number("cost_per_month");
    const double to_meet = row.number("cost_to_meet");
    if (std::isfinite(cost)) {
      line += fmt::format(fmt::runtime(say("; each month without it costs {}", "; 한 달 지연 비용 {}")), money(cost));
    } else if (std::isinf(to_meet)) {
      line += say("; it cannot be met", "; 달성 불가");
    } else if (std::isfinite(to_meet)) {
      line += fmt::format(fmt::runtime(say("; meeting it would cost {}", "; 달성하려면 {}")), money(to_meet));
    }
    out_ += wrapped(line, 5);
    const std::string& cause = row.text(korean_ ? "cause_ko" : "cause");
    if (cause.empty()) return;
    out_ += wrapped(fmt::format("     {} {} [{}]", say("waits for", "원인:"), cause, row.text("cause_entry")), 7);
    chain(row.text("delivery"));
  }

  /// What lies between the delivery and the cause.
  void chain(const std::string& delivery) {
    const Table* table = find(tables_, "late_chain");
    if (table == nullptr) return;
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const Row row(*table, i);
      if (row.text("delivery") == delivery) steps.push_back(row.text(korean_ ? "words_ko" : "words"));
    }
    if (steps.size() < 3) return;
    steps.pop_back();
    const std::size_t shown = options_.all ? steps.size() : std::min<std::size_t>(steps.size(), 4);
    std::string text = "       ";
    for (std::size_t i = 0; i < shown; ++i) {
      // of a long chain the first two steps and the last two
      const std::size_t at = shown == steps.size() || i < 2 ? i : steps.size() - shown + i;
      if (i == 2 && shown < steps.size()) text += " ← …";
      text += (i == 0 ? say("through ", "경로: ") : " ← ") + steps[at];
    }
    out_ += wrapped(text, 9);
  }

  void binding(const Table& worth) {
    const std::vector<Binding> all = bindings(worth, options_);
    out_ += fmt::format("\n{}\n", say("What binds, most at stake first, and what one more is worth",
                                      "구속 요인(영향이 큰 순서)과 한 단위의 가치"));
    const std::size_t count = options_.all ? all.size() : std::min<std::size_t>(all.size(), 12);
    double total = 0;
    for (const Binding& b : all) total += std::isfinite(b.stake) ? b.stake : 0;
    for (std::size_t i = 0; i < count; ++i) bound(all[i], total, i + 1);
    if (count < all.size()) {
      out_ += fmt::format("{:>4} {}\n", "…",
                          fmt::format(fmt::runtime(say("and {} more: --all; one month: --month 2027-03",
                                                       "그 밖에 {}건: --all, 특정 월: --month 2027-03")),
                                      all.size() - count));
    }
    notes(worth);
  }

  void bound(const Binding& b, double total, std::size_t number) {
    const bool interval = !b.unique && std::isfinite(b.high);
    const std::string amount = interval                ? money(b.low) + say(" to ", "~") + money(b.high)
                               : std::isfinite(b.high) ? money(b.worth)
                                                       : say("at least ", "최소 ") + money(b.low);
    const std::string months = b.first == b.last ? b.first : b.first + say(" to ", "~") + b.last;
    const std::string unit = b.unit.empty() ? say("unit", "단위") : b.unit;
    const std::string share = total > 0 ? fmt::format("{:.2g} %", 100 * b.stake / total) : "";
    out_ += wrapped(
        fmt::format(fmt::runtime(say("{:>3}. {}{}, {}: one more {} in {} is worth {} ({} of all that is at stake) [{}]",
                                     "{:>3}. {}{}, {}: {} 하나 더({})의 가치 {} (전체 영향의 {}) [{}]")),
                    number, b.title, b.modules_free ? " °" : "", months, unit, b.dearest, amount, share, b.entry),
        5);
  }

  void notes(const Table& worth) {
    bool any_interval = false, any_free = false, compute = false;
    for (std::size_t i = 0; i < worth.row_count(); ++i) {
      any_interval = any_interval || Row(worth, i).number("unique") == 0;
      any_free = any_free || Row(worth, i).text("modules") == "free";
      compute = compute || Row(worth, i).number("compute") > 0;
    }
    out_ += "\n";
    if (manifest_["problem"].value("integers", 0) > 0) {
      out_ += wrapped(say("Prices are duals of the problem with its whole modules fixed as planned.",
                          "가격은 모듈 수를 계획대로 고정한 문제의 쌍대값입니다."),
                      0);
    }
    if (any_free) {
      out_ += wrapped(say("° only whole modules run into it: priced with modules in any amount.",
                          "° 모듈 단위 결정만 걸리는 항목: 모듈을 연속으로 풀었을 때의 값입니다."),
                      0);
    }
    if (any_interval) {
      out_ += wrapped(say("An interval is what one more would save and one less would cost, where the two differ.",
                          "구간은 한 단위를 늘릴 때의 절감액과 줄일 때의 비용이 다른 경우입니다."),
                      0);
    }
    if (compute) {
      const double usd = manifest_.value("cost_usd", 0.0) / std::max(1e-9, manifest_["objective"].value("value", 1.0));
      out_ += wrapped(fmt::format(fmt::runtime(say(
                                      "The plan is after compute: a worth is the compute it brings, at the plan's mean "
                                      "cost of USD {:.3g} per PFLOP/s hour.",
                                      "연산량이 목표인 계획: 가치는 늘어나는 연산량을 계획의 평균 비용(PFLOP/s·시간당 "
                                      "USD {:.3g})으로 환산한 값입니다.")),
                                  usd),
                      0);
    }
  }

  const Json& manifest_;
  const std::vector<Table>& tables_;
  const ExplainOptions& options_;
  const bool korean_;
  std::string out_;
};

/// Rows as objects, every column under its own name.
Json rows(const Table& table) {
  Json out = Json::array();
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    Json row;
    for (const Column& column : table.columns) {
      if (std::holds_alternative<std::vector<double>>(column.values)) {
        row[column.name] = number_or_null(column.numbers()[i]);
      } else if (std::holds_alternative<std::vector<int64_t>>(column.values)) {
        row[column.name] = column.integers()[i];
      } else {
        row[column.name] = column.texts()[i];
      }
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string explain_text(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options) {
  const Json manifest = Json::parse(manifest_json);
  return Writer(manifest, tables, options).run();
}

std::string explain_json(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options) {
  const Json manifest = Json::parse(manifest_json);
  Json out;
  out["termination"] = manifest.value("termination", "?");
  out["verified"] = manifest.value("verified", false);
  if (const Table* late = find(tables, "late")) out["late"] = rows(*late);
  if (const Table* chain = find(tables, "late_chain")) out["late_chain"] = rows(*chain);
  if (const Table* worth = find(tables, "worth")) {
    out["binding"] = Json::array();
    for (const Binding& b : bindings(*worth, options)) {
      out["binding"].push_back({{"title", b.title},
                                {"kind", b.kind},
                                {"entry", b.entry},
                                {"unit", b.unit},
                                {"first", b.first},
                                {"last", b.last},
                                {"months", b.months},
                                {"dearest", b.dearest},
                                {"worth_usd", number_or_null(b.worth)},
                                {"worth_low_usd", number_or_null(b.low)},
                                {"worth_high_usd", number_or_null(b.high)},
                                {"unique", b.unique},
                                {"compute", b.compute},
                                {"quantity", b.quantity},
                                {"stake_usd", number_or_null(b.stake)},
                                {"modules_free", b.modules_free}});
    }
    out["worth"] = rows(*worth);
  }
  for (const char* name : {"shortages", "changes"}) {
    if (const Table* table = find(tables, name)) out[name] = rows(*table);
  }
  return out.dump(2);
}

}  // namespace beltline
