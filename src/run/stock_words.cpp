// The report on stock as text, JSON and a table.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/words.h"
#include "run/amounts.h"
#include "run/stock_report.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kScreen = 10;  // goods

std::string unit_of(const Model& m, NodeId node) {
  return m.commodities[m.nodes[node.index()].commodity.index()].unit;
}

std::string good_of(const Model& m, NodeId node, Language language) {
  return title_of(m, Entity{.kind = EntityKind::good, .id = static_cast<int32_t>(node.index())}, language);
}

class Writer {
 public:
  Writer(const Model& model, const StockOptions& options, Language language)
      : m_(model), options_(options), language_(language) {}

  std::string line(const StockLine& line) const {
    const auto quantity = [&](double value) { return quantity_words(value, unit_of(m_, line.node), language_); };
    std::string out = fmt::format("  {}\n", good_of(m_, line.node, language_));
    out += tell("      {} a month · lead time {}{}\n", "      월 {} · 리드타임 {}{}\n", quantity(line.used_month),
                months(line.lead), yield(line));
    if (line.deviation > 0) {
      out += tell("      hold {}, {:.2f} months' use: {} · {} a month to hold, {} worth\n",
                  "      안전재고 {}, {:.2f}개월분: {} · 보유비 월 {}, 가치 {}\n", quantity(line.safety_stock),
                  line.cover_months, causes(line), money(line.holding_cost_month(), language_),
                  money(line.at_stake(), language_));
    } else {
      out +=
          say("      nothing varies as far as the scenario says: --demand-error states how far use may miss the plan\n",
              "      시나리오에 변동이 없음: --demand-error로 사용량 오차를 지정\n");
    }
    return out + in_plan(line);
  }

 private:
  [[nodiscard]] const char* say(const char* english, const char* korean) const {
    return language_ == Language::korean ? korean : english;
  }
  template <class... Values>
  std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(say(english, korean)), values...);
  }
  [[nodiscard]] std::string months(const Spread3& spread) const {
    const std::string mode = tell("{:.1f} months", "{:.1f}개월", spread.mode);
    if (spread.high - spread.low < 0.05) return mode;
    return mode + tell(" ({:.1f} to {:.1f})", " ({:.1f}–{:.1f})", spread.low, spread.high);
  }
  [[nodiscard]] std::string yield(const StockLine& line) const {
    if (line.yield.high - line.yield.low < 0.0005) return "";
    return tell(" · yield {:+.1f} % to {:+.1f} % of plan", " · 수율 계획 대비 {:+.1f} %~{:+.1f} %",
                100 * (line.yield.low - 1), 100 * (line.yield.high - 1));
  }
  /// Shares of the variance.
  [[nodiscard]] std::string causes(const StockLine& line) const {
    std::vector<std::string> parts;
    const double all = line.deviation * line.deviation;
    const auto add = [&](double deviation, const char* english, const char* korean) {
      const double share = 100 * deviation * deviation / all;
      if (share >= 0.5) parts.push_back(fmt::format("{} {:.0f} %", say(english, korean), share));
    };
    add(line.from_lead, "lead time", "리드타임");
    add(line.from_yield, "yield", "수율");
    add(line.from_demand, "demand", "수요");
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  [[nodiscard]] std::string in_plan(const StockLine& line) const {
    const auto quantity = [&](double value) { return quantity_words(value, unit_of(m_, line.node), language_); };
    std::string out =
        line.level_max > 1e-6 * line.used_month
            ? tell("      in the plan: {} on average, at most {}", "      계획상 재고: 평균 {}, 최대 {}",
                   quantity(line.level_mean), quantity(line.level_max))
            : std::string(say("      in the plan: none, used as it comes", "      계획상 재고: 없음, 도착 즉시 사용"));
    if (line.loss_month > 0) out += tell("; {:.1f} % a month ages away", "; 월 {:.1f} % 노후화", 100 * line.loss_month);
    if (line.last_used + 1 < m_.period_count())
      out += tell("; last used in {}", "; 마지막 사용 {}", period_words(m_.calendar, line.last_used, language_));
    const double little = 1e-6 * line.used_month;
    if (line.left > little) out += tell("; {} left over", "; 잔량 {}", quantity(line.left));
    if (line.thrown_away > little) out += tell("; {} thrown away", "; 폐기 {}", quantity(line.thrown_away));
    return out + "\n";
  }

  const Model& m_;
  const StockOptions& options_;
  Language language_;
};

}  // namespace

std::string stock_text(const Model& model, const StockReport& report, const StockOptions& options, Language language,
                       bool all) {
  const bool korean = language == Language::korean;
  if (report.lines.empty()) return korean ? "이 계획에는 보관할 품목이 없음\n" : "no goods pass through this plan\n";
  std::string out = fmt::format(
      fmt::runtime(korean
                       ? "{:.0f} % 서비스 수준의 품목별 안전재고, 가치가 큰 순서\n"
                       : "what to hold of each good for {:.3g} % of months without a shortage, most at stake first\n"),
      100 * options.service);
  if (!report.left_out.empty())
    out += fmt::format(fmt::runtime(korean ? "  범위를 반영하지 못함: {}\n" : "  ranges are left out: {}\n"),
                       report.left_out);
  const Writer writer(model, options, language);
  std::size_t shown = 0;
  for (const StockLine& line : report.lines) {
    if (!all && ++shown > kScreen) break;
    out += writer.line(line);
  }
  if (!all && report.lines.size() > kScreen)
    out += fmt::format(fmt::runtime(korean ? "  그 밖에 {}개: --all\n" : "  and {} more: --all\n"),
                       report.lines.size() - kScreen);
  return out;
}

Table stock_table(const Model& m, const StockReport& report) {
  Table table{.name = "stock", .title = "What to hold of each good, most at stake first", .columns = {}};
  const auto text = [&](const char* name, const char* description, const auto& value) {
    Column& column = table.add_texts(name, description);
    for (const StockLine& line : report.lines) std::get<std::vector<std::string>>(column.values).push_back(value(line));
  };
  const auto number = [&](const char* name, const char* unit, const char* description, const auto& value) {
    Column& column = table.add_numbers(name, unit, description);
    for (const StockLine& line : report.lines) std::get<std::vector<double>>(column.values).push_back(value(line));
  };
  using L = const StockLine&;
  text("good", "commodity", [&](L l) { return m.commodity_name(l.node); });
  text("place", "", [&](L l) { return m.place_name(l.node); });
  text("unit", "of quantities", [&](L l) { return unit_of(m, l.node); });
  text("first_used", "period", [&](L l) { return m.calendar.label(l.first_used); });
  text("last_used", "period", [&](L l) { return m.calendar.label(l.last_used); });
  number("used", "", "a month, from the first use to the last", [](L l) { return l.used_month; });
  number("lead_low", "month", "from a lot's start to its arrival", [](L l) { return l.lead.low; });
  number("lead", "month", "as planned", [](L l) { return l.lead.mode; });
  number("lead_high", "month", "", [](L l) { return l.lead.high; });
  number("yield_low", "", "as a share of the planned yield", [](L l) { return l.yield.low; });
  number("yield_high", "", "", [](L l) { return l.yield.high; });
  number("demand_deviation", "", "of a month's use", [](L l) { return l.demand_deviation; });
  number("deviation", "", "of the use less what arrives in a lead time and a period", [](L l) { return l.deviation; });
  number("safety_stock", "", "recommended", [](L l) { return l.safety_stock; });
  number("cover", "month", "of use that it lasts", [](L l) { return l.cover_months; });
  number("value", "USD", "of a unit", [](L l) { return l.value.usd; });
  text("value_from", "price, cost, capex, next price, holding cost or shadow price",
       [](L l) { return std::string(word_of(l.value.source)); });
  number("at_stake", "USD", "worth of the safety stock", [](L l) { return l.at_stake(); });
  number("holding_cost", "USD/month", "of the safety stock", [](L l) { return l.holding_cost_month(); });
  number("level_mean", "", "in the plan, over the months of use", [](L l) { return l.level_mean; });
  number("level_max", "", "in the plan", [](L l) { return l.level_max; });
  number("loss", "1/month", "share of the level that ages away", [](L l) { return l.loss_month; });
  number("left", "", "at the end of the horizon", [](L l) { return l.left; });
  number("thrown_away", "", "in the plan", [](L l) { return l.thrown_away; });
  return table;
}

std::string stock_json(const Model& m, const StockReport& report, const StockOptions& options) {
  Json json{{"service", options.service},
            {"demand_error", options.demand_error},
            {"carrying", options.carrying},
            {"has_ranges", report.has_ranges}};
  if (!report.left_out.empty()) json["ranges_left_out"] = report.left_out;
  json["goods"] = Json::array();
  const Table table = stock_table(m, report);
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    Json row{{"title", good_of(m, report.lines[i].node, Language::english)},
             {"title_ko", good_of(m, report.lines[i].node, Language::korean)}};
    for (const Column& column : table.columns) {
      if (std::holds_alternative<std::vector<std::string>>(column.values)) {
        row[column.name] = column.texts()[i];
      } else {
        row[column.name] = column.numbers()[i];
      }
    }
    json["goods"].push_back(std::move(row));
  }
  return json.dump(2);
}

}  // namespace beltline
