// What was counted, as numbers of a Model: deliveries, activities, orders, capacity online, stocks, money, yields,
// prices.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/calendar.h"
#include "model/entity.h"

namespace beltline {

enum class ActualKind : uint8_t {
  delivered,  // of a commitment, in the month, in its unit
  activity,   // of a process: all of the month (rates: unit·hours)
  ordered,    // units of a capacity ordered in the month
  online,     // units of a capacity online in the month, all of them
  stock,      // level of a store at the end of the month
  spend,      // USD of a capacity's capex, or of a process, in the month
  yield,      // of a process: units of its output per unit of activity
  price,      // USD per unit of a process's activity, of capacity ordered, or of what a commitment delivers
};
std::optional<ActualKind> actual_kind(std::string_view word);
const char* to_string(ActualKind kind);

/// One number that holds: the latest that was recorded of its kind, entity and month.
struct Actual {
  ActualKind kind{};
  Entity entity;
  YearMonth month;
  double quantity = 0;  // in the model's unit, see unit_of_actual
};

/// The unit in which the quantities of an actual are counted: "MW", "USD", "stack/wafer".
std::string unit_of_actual(const Model& model, ActualKind kind, Entity entity);

/// The flow that a yield is of: the process's first output; null if it puts out nothing.
const Flow* output_flow(const Model& model, const Process& process);

/// All actuals of one register, by what they are of.
class Actuals {
 public:
  void set(const Actual& actual);
  [[nodiscard]] bool is_empty() const { return values_.empty(); }
  /// What was counted in a period: the sum of its months; levels, yields and prices are those of its last month.
  /// Nothing where no month of the period was counted.
  [[nodiscard]] std::optional<double> at(const Calendar& calendar, ActualKind kind, Entity entity, int t) const;
  /// The last month with a count, if there is one.
  [[nodiscard]] std::optional<YearMonth> last_month(ActualKind kind, Entity entity) const;
  /// Every entity that has an actual of the kind, in the model's order.
  [[nodiscard]] std::vector<Entity> entities(ActualKind kind) const;
  /// First and last month of all, if there is any.
  [[nodiscard]] std::optional<std::pair<YearMonth, YearMonth>> window() const;

 private:
  using Key = std::tuple<ActualKind, EntityKind, int32_t>;
  std::map<Key, std::map<int, double>> values_;  // by YearMonth::index
};

}  // namespace beltline
