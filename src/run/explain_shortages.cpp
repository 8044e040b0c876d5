#include "run/explain_shortages.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/amounts.h"
#include "run/explain_bindings.h"
#include "run/explain_lines.h"

namespace beltline {
namespace {

/// Requirements told on one screen.
constexpr std::size_t kShown = 4;

class Writer {
 public:
  explicit Writer(const ExplainOptions& options) : options_(options), korean_(options.language == Language::korean) {}

  /// What the nearest thing to a plan would miss.
  void missing(const Table& shortages) {
    if (shortages.row_count() == 0) {
      return heading("What is missing was not found in time.", "부족한 것을 시간 안에 찾지 못했습니다.");
    }
    heading("It cannot be planned. What would be missing at the least, and what it waits for",
            "계획할 수 없습니다. 최소한으로 부족한 것과 그 원인");
    const std::size_t all = shortages.row_count();
    const std::size_t count = options_.all ? all : std::min(all, kShown);
    for (std::size_t i = 0; i < count; ++i) shortage(BindingRow(shortages, i), i + 1);
    if (count < all) out_.push_back("   … " + tell("and {} more: --all", "그 밖에 {}건: --all", all - count));
  }

  void remedies(const Table& changes) {
    if (changes.row_count() == 0) {
      return heading("No small change of the scenario's values was found that makes it feasible.",
                     "값을 조금 바꾸어 계획할 수 있게 하는 방법을 찾지 못했습니다.");
    }
    heading("Any one of these makes it feasible (each was tried):",
            "다음 가운데 하나면 계획할 수 있습니다(각각 확인함):");
    double before = 0;
    for (std::size_t i = 0; i < changes.row_count(); ++i) {
      const BindingRow row(changes, i);
      const bool is_new = row.number("remedy") != before;
      before = row.number("remedy");
      append(out_,
             wrapped(is_new ? fmt::format("{:>3.0f}. ", before) : std::string("     "), 5,
                     fmt::format("{}{}: {} → {} [{}]", is_new ? asked(row.text("kind")) : say("and ", "및 "),
                                 row.text("path"), row.text("before"), row.text("after"), row.text("place_in_file"))));
      append(out_, wrapped("     ", 7, fmt::format("--set '{}'", row.text("set"))));
    }
  }

  std::vector<std::string> take() { return std::move(out_); }

 private:
  std::string say(const char* english, const char* korean) const { return korean_ ? korean : english; }
  template <class... Values>
  std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(korean_ ? korean : english), values...);
  }
  void heading(const char* english, const char* korean) {
    out_.emplace_back();
    out_.push_back(say(english, korean));
  }

  void shortage(const BindingRow& row, std::size_t number) {
    const std::string& kind = row.text("kind");
    const std::string& unit = row.text("unit");
    const std::string missing = quantity_words(row.number("missing"), unit, options_.language);
    const std::string whole = quantity_words(row.number("required"), unit, options_.language);
    std::string text = row.text(korean_ ? "title_ko" : "title") + ": ";
    if (kind == "surplus") {
      text += tell("{} too much", "{} 과잉", missing);
    } else if (kind == "ceiling") {
      text += tell("{} above its limit of {}", "{} 초과(상한 {})", missing, whole);
    } else if (kind == "balance") {
      text += tell("short of {}", "{} 부족", missing);
    } else {
      text += lack_words(row.number("missing"), row.number("required"), unit, options_.language);
    }
    const std::string &first = row.text("first"), &last = row.text("last"), &worst = row.text("worst");
    text += ", " + first;
    if (first != last) text += say(" to ", "~") + last;
    if (first != last && worst != first) text += tell(", most in {}", ", {}에 최대", worst);
    append(out_, wrapped(fmt::format("{:>3}. ", number), 5, text));
    const std::string& cause = row.text(korean_ ? "cause_ko" : "cause");
    if (!cause.empty()) {
      append(out_, wrapped("     ", 7, say("waits for ", "원인: ") + cause + in_brackets(row.text("cause_entry"))));
    }
    const std::string& chain = row.text(korean_ ? "chain_ko" : "chain");
    if (!chain.empty()) append(out_, wrapped("       ", 9, say("through ", "경로: ") + chain));
    const std::string& why = row.text("why");
    if (!why.empty()) {
      const bool is_modules = why == "modules";
      append(out_,
             wrapped("       ", 9,
                     is_modules ? say("in any amount it could be planned: only whole modules stand against it",
                                      "모듈 수를 연속으로 풀면 계획할 수 있습니다: 모듈 단위만 걸립니다")
                                : say("month by month it could be planned: only hours of the day stand against it",
                                      "월 단위로는 계획할 수 있습니다: 하루 중 일부 시간대만 걸립니다")));
    }
  }

  /// Whether a remedy takes something from what is asked for.
  [[nodiscard]] std::string asked(const std::string& kind) const {
    if (kind == "less") return say("ask for less: ", "요구를 낮춤: ");
    return kind == "later" ? say("ask for it later: ", "요구 시점을 늦춤: ") : "";
  }

  const ExplainOptions& options_;
  const bool korean_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> shortage_lines(const std::vector<Table>& tables, const ExplainOptions& options) {
  Writer writer(options);
  if (const Table* shortages = find_table(tables, "shortages")) writer.missing(*shortages);
  if (const Table* changes = find_table(tables, "changes")) writer.remedies(*changes);
  return writer.take();
}

}  // namespace beltline
