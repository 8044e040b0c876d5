#include "run/actuals.h"

#include <array>

#include "base/text.h"

namespace beltline {
namespace {

constexpr std::array<const char*, 8> kWords{"delivered", "activity", "ordered", "online",
                                            "stock",     "spend",    "yield",   "price"};

bool is_level(ActualKind kind) {
  return kind == ActualKind::online || kind == ActualKind::stock || kind == ActualKind::yield ||
         kind == ActualKind::price;
}

std::string per_unit(const std::string& numerator, const std::string& denominator) {
  if (denominator.empty() || denominator == "1") return numerator;
  const bool is_plain = denominator.find_first_of("/ *") == std::string::npos;
  return numerator + "/" + (is_plain ? denominator : "(" + denominator + ")");
}

std::string of_activity(const Process& process) {
  if (process.grain == Grain::amount) return process.unit.empty() ? "1" : process.unit;
  return process.unit.empty() || process.unit == "1" ? "hour" : process.unit + " hour";
}

}  // namespace

std::optional<ActualKind> actual_kind(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] == word) return static_cast<ActualKind>(i);
  }
  return std::nullopt;
}

const char* to_string(ActualKind kind) {
  return kWords[static_cast<std::size_t>(kind)];
}

std::string unit_of_actual(const Model& model, ActualKind kind, Entity entity) {
  const auto i = static_cast<std::size_t>(entity.id);
  const auto own = [&]() -> std::string {
    switch (entity.kind) {
      case EntityKind::process: return of_activity(model.processes[i]);
      case EntityKind::capacity: return model.capacities[i].unit;
      case EntityKind::store: return model.commodities[model.stores[i].commodity.index()].unit;
      case EntityKind::commitment: return model.commitments[i].unit.empty() ? "1" : model.commitments[i].unit;
      default: return "1";
    }
  };
  if (kind == ActualKind::spend) return "USD";
  if (kind == ActualKind::price) return per_unit("USD", own());
  if (kind != ActualKind::yield) return own();
  const Flow* flow = output_flow(model, model.processes[i]);
  const std::string output = flow == nullptr ? "1" : model.commodities[flow->commodity.index()].unit;
  // a share where goods of one unit go in and come out
  return output == model.processes[i].unit ? "1" : per_unit(output, model.processes[i].unit);
}

const Flow* output_flow(const Model& model, const Process& process) {
  for (const Flow& flow : process.flows) {
    if (model.at(flow.rate, 0) > 0) return &flow;
  }
  return nullptr;
}

void Actuals::set(const Actual& actual) {
  values_[{actual.kind, actual.entity.kind, actual.entity.id}][actual.month.index()] = actual.quantity;
}

std::optional<double> Actuals::at(const Calendar& calendar, ActualKind kind, Entity entity, int t) const {
  const auto found = values_.find({kind, entity.kind, entity.id});
  if (found == values_.end()) return std::nullopt;
  const int first = calendar.month(t).index();
  auto month = found->second.lower_bound(first);
  std::optional<double> value;
  for (; month != found->second.end() && month->first < first + calendar.months_per_period; ++month) {
    value = is_level(kind) ? month->second : value.value_or(0) + month->second;
  }
  return value;
}

std::optional<YearMonth> Actuals::last_month(ActualKind kind, Entity entity) const {
  const auto found = values_.find({kind, entity.kind, entity.id});
  if (found == values_.end()) return std::nullopt;
  return YearMonth::from_index(found->second.rbegin()->first);
}

std::vector<Entity> Actuals::entities(ActualKind kind) const {
  std::vector<Entity> found;
  for (const auto& [key, months] : values_) {
    if (std::get<0>(key) == kind) found.push_back({std::get<1>(key), std::get<2>(key)});
  }
  return found;
}

std::optional<std::pair<YearMonth, YearMonth>> Actuals::window() const {
  std::optional<std::pair<int, int>> found;
  for (const auto& [key, months] : values_) {
    const int first = months.begin()->first, last = months.rbegin()->first;
    found = found ? std::pair{std::min(found->first, first), std::max(found->second, last)} : std::pair{first, last};
  }
  if (!found) return std::nullopt;
  return std::pair{YearMonth::from_index(found->first), YearMonth::from_index(found->second)};
}

}  // namespace beltline
