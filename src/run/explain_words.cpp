#include "run/explain_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/words.h"
#include "run/amounts.h"

namespace beltline {

std::string bound_words(const Model& m, const Worth& worth, Language language) {
  const std::string title = title_of(m, entity_of(worth), language);
  const bool korean = language == Language::korean;
  switch (worth.kind) {
    case WorthKind::build_rate: return korean ? title + " 발주 상한" : "orders of " + title;
    case WorthKind::build_total: return korean ? title + " 건설 상한" : "room for " + title;
    case WorthKind::must_run: return korean ? title + " 최소 가동" : "least running of " + title;
    case WorthKind::capacity:
    case WorthKind::limit:
    case WorthKind::commitment:
    case WorthKind::supply:
    case WorthKind::store: return title;
  }
  return title;
}

namespace {

/// Whether it is a date that holds a capacity back, not the time from its order.
bool is_by_date(const Capacity& capacity) {
  return capacity.earliest_online > std::max(0, capacity.earliest_order) + capacity.lead;
}

/// Months from an order to online, or the date before which it may not be.
std::string too_early_words(const Model& m, const CauseStep& step, const std::string& title, Language language) {
  const Capacity& capacity = m.capacities[static_cast<std::size_t>(step.id)];
  const std::string when = period_words(m.calendar, step.first, language);
  const bool by_date = is_by_date(capacity);
  const int months = capacity.lead * m.calendar.months_per_period;
  if (language == Language::korean) {
    return by_date ? fmt::format("{}: 시나리오 일정상 {} 이전 가동 불가", title, when)
                   : fmt::format("{}: 발주부터 {}개월이 걸려 {} 이전 가동 불가", title, months, when);
  }
  return by_date
             ? fmt::format("{}: not online before {}, by the date in the scenario", title, when)
             : fmt::format("{}: not online before {}, {} after an order", title, when, quantity_words(months, "month"));
}

std::string limit_words(const Model& m, const CauseStep& step, const std::string& title, Language language) {
  const Limit& limit = m.limits[static_cast<std::size_t>(step.id)];
  const std::string amount = quantity_words(step.quantity, limit.unit, language);
  const bool is_upper = limit.upper.present();
  const int last = std::min(limit.last, m.period_count() - 1);
  const std::string when = limit.scope == LimitScope::window
                               ? periods_words(m.calendar, std::max(0, limit.first), last, language)
                               : period_words(m.calendar, step.first, language);
  if (language == Language::korean) return fmt::format("{}: {} {} {}", title, when, is_upper ? "최대" : "최소", amount);
  return fmt::format("{}: {} {} in {}", title, is_upper ? "no more than" : "at least", amount, when);
}

}  // namespace

std::string step_words(const Model& m, const CauseStep& step, Language language) {
  const Entity entity = entity_of(step);
  const std::string title = title_of(m, entity, language);
  const std::string when = periods_words(m.calendar, step.first, step.last, language);
  const std::string amount = quantity_words(step.quantity, unit_of(m, entity), language);
  const bool korean = language == Language::korean;
  const auto say = [&](const char* in_english, const char* in_korean) {
    return fmt::format(fmt::runtime(korean ? in_korean : in_english), title, when, amount);
  };
  switch (step.kind) {
    case StepKind::good:
    case StepKind::online:
    case StepKind::run:
    case StepKind::move: return say("{0}, {1}", "{0} ({1})");
    case StepKind::order: return say("an order of {0} in {1}", "{0} 발주 ({1})");
    case StepKind::hold: return say("{0} held over, {1}", "{0} 이월 ({1})");
    case StepKind::limit: return limit_words(m, step, title, language);
    case StepKind::commitment: return say("{0}: {2} in {1}", "{0}: {1} {2}");
    case StepKind::given: return say("{0}: {2} in {1}, and no order adds to it", "{0}: {1} {2}, 추가 발주 불가");
    case StepKind::too_early: return too_early_words(m, step, title, language);
    case StepKind::too_late: return say("{0}: no order in time for {1}", "{0}: {1}까지 맞출 수 있는 발주 없음");
    case StepKind::supply: return say("{0}: no more than {2} in {1}", "{0}: {1} 최대 {2}");
    case StepKind::build_rate: return say("{0}: no more than {2} may be ordered in {1}", "{0}: {1} 최대 {2} 발주 가능");
    case StepKind::build_total: return say("{0}: room for {2}", "{0}: 최대 {2}");
    case StepKind::cost: return say("{0}: would cost more than it is worth, {1}", "{0}: 비용이 가치보다 큼 ({1})");
    case StepKind::no_source: return say("{0}: nothing can bring more by {1}", "{0}: {1}까지 더 구할 길이 없음");
    case StepKind::whole_modules: return say("{0}: comes in whole modules of {2}", "{0}: {2} 모듈 단위로만 건설");
  }
  return title;
}

std::string entry_words(const Spec& spec, const Model& m, const CauseStep& step) {
  const std::string own = provenance_of(m, entity_of(step)).entry;
  if (step.kind != StepKind::too_early || !is_by_date(m.capacities[static_cast<std::size_t>(step.id)])) return own;
  const std::size_t dot = own.find('.');
  const Entry* const entry = dot == std::string::npos ? nullptr : spec.find(own.substr(0, dot), own.substr(dot + 1));
  if (entry == nullptr || !entry->has("site")) return own;
  const Entry* const site = spec.find("site", entry->text("site"));
  return site != nullptr && site->has("online") ? "site." + site->name : own;
}

std::string unit_words(const Model& m, const Worth& worth) {
  const std::string unit = unit_of(m, entity_of(worth));
  return worth.kind == WorthKind::build_rate ? unit + " ordered" : unit;
}

std::string unit_words(const Model& m, const Delivery& delivery) {
  return unit_of(m, entity_of(delivery));
}

}  // namespace beltline
