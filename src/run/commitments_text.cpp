// Promises for a terminal: one row each, by who promises.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/count.h"
#include "base/text.h"
#include "run/amounts.h"
#include "run/commitments.h"

namespace beltline {
namespace {

constexpr std::size_t kScreen = 40;  // lines
constexpr std::size_t kTitle = 32, kWindow = 11, kFirm = 11, kNumber = 14;

/// Told apart in a terminal's columns, in both alphabets.
std::string left(std::string text, std::size_t width) {
  text = printable(text, 4 * width);
  if (width_of(text) <= width) return text + std::string(width - width_of(text), ' ');
  std::string cut;
  std::size_t used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Glyph glyph = glyph_at(rest);
    if (used + glyph.width > width - 1) break;
    cut += rest.substr(0, glyph.bytes);
    used += glyph.width;
    rest.remove_prefix(glyph.bytes);
  }
  return cut + "…" + std::string(width - used - 1, ' ');
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t own = width_of(text);
  return std::string(own < width ? width - own : 0, ' ') + text;
}

class Writer {
 public:
  Writer(const std::vector<Pledge>& promises, const Calendar& calendar, const PledgeQuery& query)
      : promises_(promises), calendar_(calendar), query_(query), korean_(query.language == Language::korean) {}

  std::string run() {
    if (promises_.empty()) return say("no promise is asked for\n", "해당하는 약정이 없습니다\n");
    head();
    std::map<std::string, std::vector<const Pledge*>> by_party;
    std::vector<std::string> order;
    for (const Pledge& promise : promises_) {
      auto& list = by_party[promise.from_title];
      if (list.empty()) order.push_back(promise.from_title);
      list.push_back(&promise);
    }
    std::ranges::stable_sort(order, std::ranges::greater(), [&](const std::string& p) { return by_party[p].size(); });
    std::size_t told = 0;
    for (const std::string& party : order) {
      const auto& list = by_party[party];
      // a party begins only where one of its promises fits too, and the last line says what is left out
      if (!query_.all && lines_.size() + 3 + kTail > kScreen) break;
      lines_.push_back(party.empty() ? say("nobody named", "이름 없음") : printable(party));
      for (const Pledge* promise : list) {
        if (!query_.all && lines_.size() + 1 + kTail > kScreen) break;
        lines_.push_back(row(*promise));
        ++told;
      }
    }
    if (told < promises_.size())
      lines_.push_back(tell("… and {} more: --all, --party or --json", "… 그 밖에 {}건: --all, --party, --json",
                            promises_.size() - told));
    tail();
    for (std::string& line : lines_) line.erase(line.find_last_not_of(' ') + 1);
    return fmt::format("{}\n", fmt::join(lines_, "\n"));
  }

  /// One promise in full: what was agreed, and its months where they change.
  std::string in_full() {
    const Pledge& p = promises_.front();
    lines_.push_back(printable(korean_ ? p.title_ko : p.title, 400) + " [" + p.name + "]");
    const auto fact = [&](const char* english, const char* korean, const std::string& text) {
      if (!text.empty()) lines_.push_back("  " + left(say(english, korean), 14) + printable(text, 1000));
    };
    const auto usd = [&](double value) {
      return std::isnan(value) ? std::string()
                               : fmt::format("{} USD/{}", grouped(value), p.unit.empty() ? "1" : p.unit);
    };
    fact("from", "약정한 쪽", p.from_title);
    fact("to", "상대방", p.to_title);
    fact("kind", "종류", word(p.kind) + ", " + word(p.status));
    fact("how firm", "구속력", word(p.firmness));
    fact("of what", "대상", p.commodity);
    fact("window", "기간", p.first.empty() && p.last.empty() ? "" : p.first + "~" + p.last);
    fact("made on", "날짜", p.date);
    fact("price", "가격", usd(p.price_usd));
    fact("take or pay", "인수 의무", p.take_or_pay > 0 ? fmt::format("{:g} %", 100 * p.take_or_pay) : "");
    fact("penalty", "위약금", usd(p.penalty_usd));
    fact("source", "출처", p.source + (p.confidence.empty() ? "" : " (" + p.confidence + ")"));
    fact("note", "비고", p.note);
    if (!p.has_quantity) fact("quantity", "수량", say("none was promised", "약정한 수량 없음"));
    months(p);
    for (std::string& line : lines_) line.erase(line.find_last_not_of(' ') + 1);
    return fmt::format("{}\n", fmt::join(lines_, "\n"));
  }

 private:
  /// The months of one promise; those that are like the one before stand in one row with it.
  void months(const Pledge& p) {
    const bool is_silent = std::ranges::all_of(p.months, [](const PledgeMonth& month) {
      return std::isnan(month.promised) && std::isnan(month.planned) && std::isnan(month.delivered);
    });
    if (is_silent) return;
    lines_.push_back("  " + left(p.unit == "1" ? "" : p.unit, kMonths) + right(say("promised", "약정"), kNumber) +
                     right(say("planned", "계획"), kNumber) + right(say("delivered", "인도"), kNumber) +
                     right(say("gap", "차이"), kNumber));
    std::string first, last, told;
    const auto tell_row = [&] {
      if (!told.empty()) lines_.push_back("  " + left(first == last ? first : first + "~" + last, kMonths) + told);
    };
    for (const PledgeMonth& month : p.months) {
      std::string figures;
      for (const double value : {month.promised, month.planned, month.delivered, month.gap})
        figures += right(number(value, p), kNumber);
      const std::string label = calendar_.label(month.period);
      if (figures != told) {
        tell_row();
        first = label;
        told = figures;
      }
      last = label;
    }
    tell_row();
  }

  static constexpr std::size_t kTail = 5;
  static constexpr std::size_t kMonths = 16;  // "2026-03~2027-03"

  [[nodiscard]] std::string say(const char* english, const char* korean) const { return korean_ ? korean : english; }
  template <class... Values>
  [[nodiscard]] std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(korean_ ? korean : english), values...);
  }

  void head() {
    const std::string when = query_.month ? calendar_.label(calendar_.period_of(*query_.month))
                                          : calendar_.label(0) + "~" + calendar_.label(calendar_.period_count - 1);
    lines_.push_back("  " + left(say("promised in ", "약정 ") + when, kTitle) + " " +
                     left(say("window", "기간"), kWindow) + " " + left(say("how firm", "구속력"), kFirm) +
                     right(say("promised", "약정"), kNumber) + right(say("planned", "계획"), kNumber) +
                     right(say("delivered", "인도"), kNumber) + right(say("gap", "차이"), kNumber) +
                     (query_.month ? "" : "  " + years_head()));
  }

  /// The last digit of each year, above its bar.
  [[nodiscard]] std::string years_head() const {
    std::string text;
    for (const int year : years()) text += static_cast<char>('0' + year % 10);
    return text;
  }
  [[nodiscard]] std::vector<int> years() const {
    std::vector<int> found;
    for (int t = 0; t < calendar_.period_count; ++t) {
      const int year = calendar_.month(t).year;
      if (found.empty() || found.back() != year) found.push_back(year);
    }
    return found;
  }

  /// A word of the schema for people.
  [[nodiscard]] std::string word(std::string word) const {
    using Word = std::pair<std::string_view, const char*>;
    constexpr std::array<Word, 20> kWords{{{"firm", "확정"},         {"conditional", "조건부"},
                                           {"intent", "의향"},       {"announced", "발표"},
                                           {"void", "실효"},         {"LOI", "의향서"},
                                           {"MOU", "양해각서"},      {"contract", "계약"},
                                           {"announcement", "발표"}, {"law", "법률"},
                                           {"statement", "발언"},    {"signed", "서명"},
                                           {"planned", "계획"},      {"under_construction", "공사 중"},
                                           {"operating", "가동"},    {"in_force", "시행"},
                                           {"replaced", "대체"},     {"cancelled", "취소"},
                                           {"reported", "보도"},     {"", ""}}};
    const auto found = std::ranges::find(kWords, word, &Word::first);
    if (korean_ && found != kWords.end()) return found->second;
    std::ranges::replace(word, '_', ' ');
    return word;
  }

  /// "26-07~30-12"; open ends are those of the plan.
  [[nodiscard]] static std::string window(const Pledge& promise) {
    if (promise.first.empty() && promise.last.empty()) return "";
    return (promise.first.empty() ? "" : promise.first.substr(2)) + "~" +
           (promise.last.empty() ? "" : promise.last.substr(2));
  }

  [[nodiscard]] std::string number(double value, const Pledge& promise) const {
    if (std::isnan(value)) return "–";
    if (promise.unit != "USD") return grouped(value);
    if (korean_) return money(value, query_.language);
    return std::abs(value) >= 999.5e6 ? fmt::format("{:.4g} B USD", value / 1e9)
                                      : fmt::format("{:.3g} M USD", value / 1e6);
  }

  [[nodiscard]] std::string row(const Pledge& promise) const {
    const PledgeMonth total = promise_total(promise);
    std::string unit = promise.unit.empty() || promise.unit == "USD" || promise.unit == "1" ? "" : " " + promise.unit;
    if (width_of(unit) > kTitle / 2) unit.clear();
    const std::string name = left(korean_ ? promise.title_ko : promise.title, kTitle - width_of(unit)) + unit;
    const std::string promised = !promise.has_quantity    ? say("no quantity", "수량 없음")
                                 : promise.months.empty() ? say("over", "종료")
                                                          : number(total.promised, promise);
    return "  " + name + " " + left(window(promise), kWindow) + " " + left(word(promise.firmness), kFirm) +
           right(promised, kNumber) + right(number(total.planned, promise), kNumber) +
           right(number(total.delivered, promise), kNumber) +
           right(promise.is_ceiling && std::abs(total.gap) < 1e-9 ? say("ceiling", "상한") : number(total.gap, promise),
                 kNumber) +
           (query_.month ? "" : "  " + bars(promise));
  }

  /// What is delivered, or else planned, of each year's promise: ▁ for an eighth, █ for all of it.
  [[nodiscard]] std::string bars(const Pledge& promise) const {
    constexpr std::array<const char*, 9> kBars{"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::string text;
    for (const int year : years()) {
      Pledge part = promise;
      std::erase_if(part.months, [&](const PledgeMonth& m) { return calendar_.month(m.period).year != year; });
      const PledgeMonth total = promise_total(part);
      const double short_by = total.gap;
      if (part.months.empty() || std::isnan(total.promised) || std::isnan(short_by) || total.promised <= 0) {
        text += ' ';
        continue;
      }
      const double share = std::clamp((total.promised - short_by) / total.promised, 0.0, 1.0);
      // nearly all of it is not all of it
      text += kBars[share >= 1 - 1e-6 ? 8
                    : share <= 1e-6   ? 0
                                      : std::clamp<std::size_t>(static_cast<std::size_t>(share * 8), 1, 7)];
    }
    return text;
  }

  void tail() {
    std::size_t kept = 0, short_of = 0, unnamed = 0, undrawn = 0, over = 0;
    double penalties = 0;
    for (const Pledge& promise : promises_) {
      const PledgeMonth total = promise_total(promise);
      if (!promise.has_quantity) {
        ++unnamed;
      } else if (promise.months.empty()) {
        ++over;
      } else if (std::isnan(total.gap)) {
        ++undrawn;
      } else {
        const bool is_short = std::ranges::any_of(promise.months, [](const PledgeMonth& month) {
          return month.gap > 1e-6 * std::max(1.0, std::abs(month.promised));
        });
        ++(is_short ? short_of : kept);
      }
      if (!std::isnan(total.penalty_usd)) penalties += total.penalty_usd;
    }
    lines_.push_back(
        tell("{}: {} kept, {} short in some month, {} that nothing in the plan draws on, {} over, {} "
             "without a quantity",
             "약정 {}건: 이행 {}건, 일부 달 부족 {}건, 계획이 쓰지 않음 {}건, 종료 {}건, 수량 없음 {}건",
             korean_ ? std::to_string(promises_.size()) : counted(promises_.size(), "promise"), kept, short_of, undrawn,
             over, unnamed));
    if (penalties > 0.5)
      lines_.push_back(
          tell("penalties for what is short: {}", "부족분의 위약금: {}", money(penalties, query_.language)));
    lines_.push_back(
        say("gap: promised less delivered, or less planned where nothing was counted; levels are those of the "
            "last month",
            "차이: 약정에서 인도(없으면 계획)를 뺀 값. 용량은 마지막 달의 값"));
  }

  const std::vector<Pledge>& promises_;
  const Calendar& calendar_;
  const PledgeQuery& query_;
  const bool korean_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string promises_text(const std::vector<Pledge>& promises, const Calendar& calendar, const PledgeQuery& query) {
  Writer writer(promises, calendar, query);
  return query.name.empty() || promises.size() != 1 ? writer.run() : writer.in_full();
}

}  // namespace beltline
