#include "run/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "run/amounts.h"
#include "run/explain_bindings.h"
#include "run/explain_lines.h"
#include "run/explain_shortages.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// What fits one screen, in lines.
constexpr std::size_t kScreen = 40, kLateLines = 17;
/// Money below this share of what the plan costs comes from the solver's tolerance.
constexpr double kNothingShare = 1e-8;

std::string korean_termination(const std::string& english) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords{{{"optimal", "최적"},
                                                                                 {"infeasible", "실행 불가능"},
                                                                                 {"unbounded", "한계 없음"},
                                                                                 {"limit", "한도에서 멈춤"},
                                                                                 {"interrupted", "중단됨"},
                                                                                 {"unverified", "확인되지 않음"}}};
  const auto found = std::ranges::find(kWords, english, &std::pair<std::string_view, std::string_view>::first);
  return found == kWords.end() ? english : std::string(found->second);
}

class Writer {
 public:
  Writer(const Json& manifest, const std::vector<Table>& tables, const ExplainOptions& options)
      : manifest_(manifest),
        tables_(tables),
        options_(options),
        korean_(options.language == Language::korean),
        nothing_usd_(kNothingShare * std::abs(manifest.value("cost_usd", 0.0))) {}

  std::string run() {
    head();
    append(out_, shortage_lines(tables_, options_));
    if (const Table* late = find_table(tables_, "late")) deliveries(*late);
    if (const Table* worth = find_table(tables_, "worth")) binding(*worth);
    return fmt::format("{}\n", fmt::join(out_, "\n"));
  }

 private:
  using Lines = std::vector<std::string>;

  std::string say(const char* english, const char* korean) const { return korean_ ? korean : english; }
  template <class... Values>
  std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(korean_ ? korean : english), values...);
  }
  std::string usd(double value) const { return money(value, options_.language); }
  std::string amount(double value, const std::string& unit) const {
    return quantity_words(value, unit, options_.language);
  }
  std::string months(const std::string& first, const std::string& last) const {
    return first == last ? first : first + say(" to ", "~") + last;
  }
  void heading(const char* english, const char* korean) {
    out_.emplace_back();
    out_.push_back(say(english, korean));
  }

  void head() {
    const Json& scenario = manifest_["scenario"];
    std::string title = scenario.value("title", scenario.value("name", ""));
    const Table* const names = find_table(tables_, "names");
    for (std::size_t i = 0; korean_ && names != nullptr && i < names->row_count(); ++i) {
      const BindingRow row(*names, i);
      if (row.text("kind") == "scenario" && !row.text("title_ko").empty()) title = row.text("title_ko");
    }
    const std::string end = manifest_.value("termination", "?");
    const std::string verified = manifest_.value("verified", false) ? say(", verified", ", 검증됨") : "";
    append(out_, wrapped("", 2, title + ": " + (korean_ ? korean_termination(end) : end) + verified));
  }

  /// As many items as fit, each whole; the last line says how many more there are.
  void put(const std::vector<Lines>& items, std::size_t count, std::size_t lines_max) {
    std::size_t used = 0, shown = 0;
    for (const Lines& lines : items) {
      const bool is_last = shown + 1 == count;
      if (!options_.all && used + lines.size() + (is_last ? 0 : 1) > lines_max) break;
      used += lines.size();
      ++shown;
      append(out_, lines);
    }
    if (shown < count) {
      out_.push_back("   … " + tell("and {} more: --all", "그 밖에 {}건: --all", count - shown));
    }
  }

  void deliveries(const Table& late) {
    std::vector<Lines> items;
    for (std::size_t i = 0; i < late.row_count(); ++i) {
      const BindingRow row(late, i);
      if (!holds_month(row.text("first"), row.text("last"), options_.month)) continue;
      items.push_back(delivery(row, items.size() + 1));
    }
    if (items.empty()) return heading("Nothing is late or missing.", "늦거나 빠진 것이 없습니다.");
    heading("Late or missing, dearest first, and what it waits for", "늦거나 빠진 것(비용이 큰 순서)과 그 원인");
    put(items, items.size(), kLateLines);
  }

  Lines delivery(const BindingRow& row, std::size_t number) const {
    std::string text = row.text(korean_ ? "title_ko" : "title") + ": ";
    text += lack_words(row.number("missing"), row.number("promised"), row.text("unit"), options_.language);
    text += ", " + months(row.text("first"), row.text("last"));
    const double cost = row.number("cost_per_month"), to_meet = row.number("cost_to_meet");
    if (std::isfinite(cost)) {
      text += tell("; each month without it counts as {}", "; 한 달에 {} 손실로 계산", usd(cost));
    } else if (std::isinf(to_meet)) {
      text += say("; it cannot be met", "; 달성 불가");
    } else if (std::isfinite(to_meet) && to_meet <= nothing_usd_) {
      text += say("; meeting it costs next to nothing", "; 달성 비용은 거의 없음");
    } else if (std::isfinite(to_meet)) {
      text += tell("; meeting it would cost {}", "; 달성하려면 {} 필요", usd(to_meet));
    }
    Lines lines = wrapped(fmt::format("{:>3}. ", number), 5, text);
    const std::string& cause = row.text(korean_ ? "cause_ko" : "cause");
    if (cause.empty()) return lines;
    append(lines, wrapped("     ", 7, say("waits for ", "원인: ") + cause + in_brackets(row.text("cause_entry"))));
    append(lines, chain(row.text("delivery")));
    return lines;
  }

  /// What lies between the delivery and the cause.
  Lines chain(const std::string& delivery) const {
    const Table* table = find_table(tables_, "late_chain");
    if (table == nullptr) return {};
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const BindingRow row(*table, i);
      if (row.text("delivery") == delivery) steps.push_back(row.text(korean_ ? "words_ko" : "words"));
    }
    if (steps.size() < 3) return {};
    steps.pop_back();
    // of a long chain the first step and the last
    if (!options_.all && steps.size() > 3) {
      steps.erase(steps.begin() + 1, steps.end() - 1);
      steps.insert(steps.begin() + 1, "…");
    }
    return wrapped("       ", 9, fmt::format("{} {}", say("through", "경로:"), fmt::join(steps, " ← ")));
  }

  void binding(const Table& worth) {
    const std::vector<Binding> all = bindings(worth, options_);
    if (all.empty()) return heading("Nothing binds.", "구속하는 것이 없습니다.");
    heading("What binds, most at stake first, and what one more is worth",
            "구속 요인(영향이 큰 순서)과 한 단위의 가치");
    double total = 0;
    for (const Binding& b : all) total += std::isfinite(b.stake) ? b.stake : 0;
    // more than a screen of items is only told on demand
    const std::size_t count = options_.all ? all.size() : std::min(all.size(), kScreen);
    std::vector<Lines> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(bound(all[i], total, i + 1));
    const Lines notes = notes_on(std::span(all));
    const std::size_t used = out_.size() + notes.size() + 1;
    put(items, all.size(), used < kScreen ? kScreen - used : 0);
    if (notes.empty()) return;
    out_.emplace_back();
    append(out_, notes);
  }

  Lines bound(const Binding& b, double total, std::size_t number) const {
    // one end of an interval that is nothing beside the other is nothing
    const double size = std::max(std::abs(b.low), std::isfinite(b.high) ? std::abs(b.high) : 0.0);
    const auto told = [&](double value) { return usd(std::abs(value) < 1e-6 * size ? 0.0 : value); };
    const bool has_low = std::isfinite(b.low), has_high = std::isfinite(b.high);
    const std::string worth = has_low && has_high && b.unique ? told(b.worth)
                              : has_low && has_high           ? told(b.low) + say(" to ", "~") + told(b.high)
                              : has_high                      ? tell("at most {}", "최대 {}", told(b.high))
                                                              : tell("at least {}", "최소 {}", told(b.low));
    const std::string one = b.unit.empty() ? say("unit", "한 단위") : b.unit;
    const std::string more = korean_ ? (b.unit.empty() ? one : amount(1, b.unit)) : one;
    const std::string when = b.first == b.last && b.first == b.dearest ? "" : ", " + months(b.first, b.last);
    std::string text = fmt::format("{}{}{}: ", b.title, b.modules_free ? " °" : "", when);
    text += tell("one more {} in {} is worth {}", "{1}에 {0} 추가 시 가치 {2}", more, b.dearest, worth);
    if (total > 0) text += " (" + share_of_all(b.stake / total) + ")";
    return wrapped(fmt::format("{:>3}. ", number), 5, text + in_brackets(b.entry));
  }

  std::string share_of_all(double share) const {
    if (share < 0.0005) return say("under 0.1 % of all at stake", "전체 영향의 0.1 % 미만");
    if (share >= 0.0995) return tell("{:.0f} % of all at stake", "전체 영향의 {:.0f} %", 100 * share);
    return tell("{:.2g} % of all at stake", "전체 영향의 {:.2g} %", 100 * share);
  }

  Lines notes_on(std::span<const Binding> all) const {
    const bool any_interval = std::ranges::any_of(all, [](const Binding& b) { return !b.unique; });
    const bool any_free = std::ranges::any_of(all, &Binding::modules_free);
    const bool is_compute = std::ranges::any_of(all, [](const Binding& b) { return b.compute > 0; });
    std::string text;
    const auto note = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
    if (manifest_.contains("problem") && manifest_["problem"].value("integers", 0) > 0) {
      note(say("Prices are duals of the problem with its whole modules fixed as planned.",
               "가격은 모듈 수를 계획대로 고정한 문제의 쌍대값입니다."));
    }
    if (any_free) {
      note(say("° Only whole modules run into it: priced with modules in any amount.",
               "°는 모듈 단위 결정만 걸리는 항목으로, 모듈 수를 연속으로 풀었을 때의 값입니다."));
    }
    if (any_interval) {
      note(say("An interval is what one more would save and one less would cost.",
               "구간은 한 단위를 늘릴 때의 절감액과 줄일 때의 비용입니다."));
    }
    if (is_compute) {
      const double objective = manifest_["objective"].value("value", 1.0);
      const double spent_usd = manifest_.value("cost_usd", 0.0) - manifest_.value("missed_usd", 0.0);
      const double usd_of_compute = spent_usd / std::max(1e-9, objective);
      note(
          tell("The plan is after compute: a worth is the compute that it brings, at the plan's mean cost of "
               "USD {:.3g} per PFLOP/s hour.",
               "연산량이 목표인 계획이므로 가치는 늘어나는 연산량을 계획의 평균 비용(1 PFLOP/s·시간당 {:.3g}달러)으로 "
               "환산한 값입니다.",
               usd_of_compute));
    }
    return text.empty() ? Lines() : wrapped("", 0, text);
  }

  const Json& manifest_;
  const std::vector<Table>& tables_;
  const ExplainOptions& options_;
  const bool korean_;
  const double nothing_usd_;
  Lines out_;
};

}  // namespace

std::string explain_text(const std::string& manifest_json, const std::vector<Table>& tables,
                         const ExplainOptions& options) {
  const Json manifest = Json::parse(manifest_json);
  return Writer(manifest, tables, options).run();
}

}  // namespace beltline
