#include "run/desk_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "parts/desk.h"
#include "parts/titles.h"
#include "plan/tables.h"

namespace beltline {

namespace {

using Json = nlohmann::ordered_json;
using queue::kHoursOfWeek;

constexpr std::size_t kHoursOfDay = 24;
constexpr std::size_t kDays = 7;

const Measure* find_measure(const Model& model, const std::string& name) {
  const auto found = std::ranges::find_if(
      model.measures, [&](const Measure& each) { return each.table == "seats" && each.name == name; });
  return found == model.measures.end() ? nullptr : &*found;
}

double value_of(const Model& model, const Plan& plan, const std::string& name, int t) {
  const Measure* measure = find_measure(model, name);
  return measure == nullptr ? 0 : measure_value(model, plan, *measure, t);
}

/// Share of the seats that are new, as the plan's desk reckons it: of those that are wanted.
double new_share(const Model& model, const Plan& plan, const Entry& desk, int t) {
  std::vector<double> wanted;
  for (int i = 0; i <= t; ++i) wanted.push_back(value_of(model, plan, "seats_demanded_" + desk.text("seats"), i));
  const double periods = std::ceil(desk.months("onboarding_time") / model.calendar.months_per_period);
  return new_seat_shares(wanted, static_cast<int>(periods)).back();
}

DeskLine line_of(const Compiled& compiled, const Plan& plan, const Entry& desk, int t) {
  const Model& model = *compiled.model;
  const Titles titles = titles_of_entry(*compiled.spec, "desk", desk.name);
  DeskLine line;
  line.desk = desk.name;
  line.title = titles.title.empty() ? desk.name : titles.title;
  line.title_ko = titles.title_ko.empty() ? line.title : titles.title_ko;
  line.period = model.calendar.label(t);
  // a plan may serve more than anyone wants, where that costs nothing
  line.seats = std::min(value_of(model, plan, "seats_served_" + desk.text("seats"), t),
                        value_of(model, plan, "seats_demanded_" + desk.text("seats"), t));
  line.agents = value_of(model, plan, "agents_" + desk.text("seats"), t);
  line.week = week_of_desk(model.calendar, desk, t,
                           {.seats = std::max(0.0, line.seats), .new_share = new_share(model, plan, desk, t)});
  line.wage_USD_month = desk.series("wage").per_period(model.calendar, t) / model.calendar.months_per_period;
  return line;
}

class DeskWords {
 public:
  explicit DeskWords(Language language) : language_(language) {}

  std::string text(const DeskLine& line) const {
    const queue::DeskWeek& w = line.week;
    std::string out =
        tell("{}, {}: {:.0f} seats, {:.0f} agents in the plan\n", "{}, {}: 좌석 {:.0f}개, 계획상 상담원 {:.0f}명\n",
             language_ == Language::korean ? line.title_ko : line.title, line.period, line.seats, line.agents);
    double tickets = 0;
    for (const double hour : w.tickets) tickets += hour;
    out += tell(
        "  {:.0f} tickets a week, {:.1f} % answered in time, {:.1f} % given up, agents busy {:.1f} % of their time\n",
        "  주 {:.0f}건, 제때 응답 {:.1f} %, 포기 {:.1f} %, 상담원 점유율 {:.1f} %\n", tickets, 100 * w.service_level,
        100 * w.abandoned, 100 * w.occupancy);
    out += tell("  {} shifts a week: {:.1f} persons in tier 1, {:.1f} in tier 2; {:.1f} paid, {:.0f} USD a month\n",
                "  주 {}교대: 1차 {:.1f}명, 2차 {:.1f}명, 유급 {:.1f}명, 월 {:.0f} USD\n", w.shifts, w.tier1_persons,
                w.tier2_persons, w.paid_persons, w.paid_persons * line.wage_USD_month);
    return out + hours(w);
  }

 private:
  template <class... Values>
  std::string tell(const char* english, const char* korean, const Values&... values) const {
    return fmt::format(fmt::runtime(language_ == Language::korean ? korean : english), values...);
  }

  [[nodiscard]] std::string hours(const queue::DeskWeek& w) const {
    std::string out = tell("  hour   tickets  needed   Mon   Tue   Wed   Thu   Fri   Sat   Sun   in time\n",
                           "  시각      문의    필요    월    화    수    목    금    토    일      응답\n");
    for (std::size_t hour = 0; hour < kHoursOfDay; ++hour) {
      double tickets = 0;
      double level = 1;
      int required = 0;
      std::string days;
      for (std::size_t day = 0; day < kDays; ++day) {
        const std::size_t h = day * kHoursOfDay + hour;
        tickets = std::max(tickets, w.tickets[h]);
        required = std::max(required, w.required[h]);
        if (w.tickets[h] > 0) level = std::min(level, w.service[h].service_level);
        days += fmt::format("{:6}", w.on_duty[h]);
      }
      if (tickets == 0) continue;
      out += fmt::format("  {:02}:00 {:8.1f} {:7}{} {:7.1f} %\n", hour, tickets, required, days, 100 * level);
    }
    return out;
  }

  Language language_;
};

Json hours_json(const queue::DeskWeek& week) {
  Json hours = Json::array();
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) {
    if (week.tickets[h] == 0 && week.on_duty[h] == 0) continue;
    hours.push_back({{"hour_of_week", h},
                     {"tickets", week.tickets[h]},
                     {"agents_needed", week.required[h]},
                     {"agents_on_duty", week.on_duty[h]},
                     {"service_level", week.service[h].service_level},
                     {"abandoned", week.service[h].p_abandon},
                     {"occupancy", week.service[h].occupancy}});
  }
  return hours;
}

}  // namespace

Outcome<std::vector<DeskLine>> desk_report(const Compiled& compiled, const Plan& plan, const std::string& month) {
  const Model& model = *compiled.model;
  int t = model.period_count() - 1;
  if (!month.empty()) {
    const auto parsed = parse_month(month);
    if (!parsed) return failure(fmt::format("'{}' is no month such as 2027-03", month));
    t = model.calendar.period_of(*parsed);
    if (t < 0 || t >= model.period_count()) {
      return failure(fmt::format("{} is outside the plan, {} to {}", month, model.calendar.label(0),
                                 model.calendar.label(model.period_count() - 1)));
    }
  }
  std::vector<DeskLine> lines;
  for (const Entry& desk : compiled.spec->entries("desk")) lines.push_back(line_of(compiled, plan, desk, t));
  return lines;
}

std::string desk_text(const std::vector<DeskLine>& lines, Language language) {
  if (lines.empty())
    return language == Language::korean ? "이 계획에는 상담 데스크가 없음\n" : "no desk in this plan\n";
  std::string out;
  for (const DeskLine& line : lines) out += DeskWords(language).text(line);
  return out;
}

std::string desk_json(const std::vector<DeskLine>& lines) {
  Json desks = Json::array();
  for (const DeskLine& line : lines) {
    const queue::DeskWeek& w = line.week;
    desks.push_back({{"desk", line.desk},
                     {"title", line.title},
                     {"title_ko", line.title_ko},
                     {"period", line.period},
                     {"seats", line.seats},
                     {"agents_planned", line.agents},
                     {"service_level", w.service_level},
                     {"abandoned", w.abandoned},
                     {"occupancy", w.occupancy},
                     {"shifts_a_week", w.shifts},
                     {"tier1_persons", w.tier1_persons},
                     {"tier2_persons", w.tier2_persons},
                     {"paid_persons", w.paid_persons},
                     {"cost_USD_month", w.paid_persons * line.wage_USD_month},
                     {"hours", hours_json(w)}});
  }
  return Json{{"ok", true}, {"desks", std::move(desks)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beltline
