// Variance for a terminal.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "run/amounts.h"
#include "run/variance.h"

namespace beltline {
namespace {

constexpr std::size_t kName = 34, kNumber = 12;

std::string left(const std::string& text, std::size_t width) {
  std::string shown = printable(text, 4 * width);
  while (width_of(shown) > width) {
    // a glyph at the end, not half of one
    std::size_t at = shown.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(shown[at]) & 0xC0) == 0x80) --at;
    shown.resize(at);
  }
  return shown + std::string(width - width_of(shown), ' ');
}

std::string right(const std::string& text) {
  const std::size_t own = width_of(text);
  return std::string(own < kNumber ? kNumber - own : 1, ' ') + text;
}

class Writer {
 public:
  Writer(const Variance& variance, const Calendar& calendar, Language language)
      : v_(variance), calendar_(calendar), korean_(language == Language::korean) {}

  std::string run() {
    if (v_.items.empty())
      return say("nothing that was counted can be compared with the plan\n", "계획과 견줄 실적이 없습니다\n");
    const auto [first, last] = window();
    lines_.push_back(fmt::format("{} {}~{}", say("counted against the plan,", "계획 대비 실적,"),
                                 calendar_.label(first), calendar_.label(last)));
    table_of_units();
    if (std::ranges::any_of(v_.items, [](const VarianceItem& item) { return item.usd.has_value(); })) table_of_money();
    for (std::string& line : lines_) line.erase(line.find_last_not_of(' ') + 1);
    return fmt::format("{}\n", fmt::join(lines_, "\n"));
  }

 private:
  [[nodiscard]] std::string say(const char* english, const char* korean) const { return korean_ ? korean : english; }

  [[nodiscard]] std::pair<int, int> window() const {
    int first = v_.items.front().first, last = v_.items.front().last;
    for (const VarianceItem& item : v_.items) {
      first = std::min(first, item.first);
      last = std::max(last, item.last);
    }
    return {first, last};
  }

  [[nodiscard]] std::string measure(const std::string& word) const {
    using Word = std::pair<std::string_view, const char*>;
    constexpr std::array<Word, 5> kWords{
        {{"activity", "산출"}, {"ordered", "발주"}, {"online", "가동"}, {"spend", "지출"}, {"delivered", "인도"}}};
    const auto found = std::ranges::find(kWords, word, &Word::first);
    return korean_ && found != kWords.end() ? found->second : word == "activity" ? "output" : word;
  }

  [[nodiscard]] std::string name_of(const VarianceItem& item) const {
    return (korean_ ? item.title_ko : item.title) + ", " + measure(item.measure);
  }

  void heading(const std::string& title, bool has_price) {
    lines_.emplace_back();
    lines_.push_back(left(title, kName) + right(say("planned", "계획")) + right(say("actual", "실적")) +
                     right(say("total", "차이")) + right(say("volume", "물량")) + right(say("yield", "수율")) +
                     right(say("timing", "시기")) + (has_price ? right(say("price", "가격")) : ""));
  }

  static std::string signed_number(double value, double scale) {
    // what rounding leaves of sums is nothing
    if (std::abs(value) <= 1e-9 * std::max(1.0, scale)) return "0";
    return (value > 0 ? "+" : "") + grouped(value);
  }

  void table_of_units() {
    heading(say("in units", "수량"), false);
    for (const VarianceItem& item : v_.items) {
      if (!item.units) continue;
      const VarianceParts& p = *item.units;
      const double scale = std::abs(p.planned) + std::abs(p.actual);
      std::string unit = item.unit == "1" ? "" : " " + item.unit;
      if (width_of(unit) > kName / 2) unit.clear();
      std::string line =
          left(name_of(item), kName - width_of(unit)) + unit + right(grouped(p.planned)) + right(grouped(p.actual));
      for (const double part : {p.total, p.volume, p.yield, p.timing}) line += right(signed_number(part, scale));
      lines_.push_back(line);
    }
  }

  /// Millions where there are any, thousands or dollars for what is small.
  void choose_scale() {
    double most = 0;
    for (const VarianceItem& item : v_.items) {
      if (item.usd) most = std::max({most, std::abs(item.usd->planned), std::abs(item.usd->actual)});
    }
    usd_ = most >= 1e7 ? 1e6 : most >= 1e5 ? 1e3 : 1;
  }

  [[nodiscard]] std::string money_line(const std::string& name, const VarianceParts& p) const {
    const double scale = (std::abs(p.planned) + std::abs(p.actual)) / usd_;
    std::string line = left(name, kName) + right(grouped(p.planned / usd_)) + right(grouped(p.actual / usd_));
    for (const double part : {p.total, p.volume, p.yield, p.timing, p.price})
      line += right(signed_number(part / usd_, scale));
    return line;
  }

  [[nodiscard]] std::string party(const std::string& name) const {
    const auto found = v_.parties.find(name);
    if (name.empty()) return say("nobody named", "이름 없음");
    if (found == v_.parties.end() || found->second.title.empty()) return name;
    return korean_ && !found->second.title_ko.empty() ? found->second.title_ko : found->second.title;
  }

  /// A kind of the parts in words; one of the user's own as it is.
  [[nodiscard]] std::string step_name(const std::string& step) const {
    using Word = std::pair<std::string_view, const char*>;
    constexpr std::array<Word, 19> kWords{{{"fab", "팹"},
                                           {"foundry", "파운드리"},
                                           {"stack", "HBM 적층"},
                                           {"packaging", "첨단 패키징"},
                                           {"assembly", "조립"},
                                           {"assemble", "랙 조립"},
                                           {"rack", "랙"},
                                           {"run", "랙 운전"},
                                           {"order", "구매"},
                                           {"buy", "장비 구매"},
                                           {"hall", "전산동"},
                                           {"hull", "부유식 선체"},
                                           {"dock", "조선소 도크"},
                                           {"plant", "발전소"},
                                           {"battery", "배터리"},
                                           {"connection", "계통 연계"},
                                           {"supply", "전력 구매"},
                                           {"school", "인력 양성"},
                                           {"other", "기타"}}};
    const auto found = std::ranges::find(kWords, step, &Word::first);
    return korean_ && found != kWords.end() ? found->second : step;
  }

  void table_of_money() {
    choose_scale();
    heading(usd_ == 1e6   ? say("in million USD", "백만 달러")
            : usd_ == 1e3 ? say("in thousand USD", "천 달러")
                          : say("in USD", "달러"),
            true);
    for (const VarianceItem& item : v_.items) {
      if (item.usd && item.step != "promise") lines_.push_back(money_line(name_of(item), *item.usd));
    }
    lines_.push_back(money_line(say("all of it", "합계"), v_.usd));
    const auto is_paid = [](const VarianceItem& item) { return item.usd && item.step == "promise"; };
    if (std::ranges::any_of(v_.items, is_paid)) {
      heading(say("between parties", "당사자 사이"), true);
      for (const VarianceItem& item : v_.items) {
        if (is_paid(item)) lines_.push_back(money_line(name_of(item), *item.usd));
      }
    }
    if (v_.by_step.size() > 1) {
      heading(say("by step of the chain", "공급망 단계별"), true);
      for (const auto& [step, parts] : v_.by_step) lines_.push_back(money_line(step_name(step), parts));
    }
    if (v_.by_party.size() > 1) {
      heading(say("by party", "당사자별"), true);
      for (const auto& [name, parts] : v_.by_party) lines_.push_back(money_line(party(name), parts));
    }
  }

  const Variance& v_;
  const Calendar& calendar_;
  const bool korean_;
  double usd_ = 1;  // what money is counted in
  std::vector<std::string> lines_;
};

}  // namespace

std::string variance_text(const Variance& variance, const Calendar& calendar, Language language) {
  return Writer(variance, calendar, language).run();
}

}  // namespace beltline
