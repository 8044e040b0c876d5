// A model of frePPLe as its XML describes it: what was given, with places; defaults are frePPLe's.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "import/frepple_time.h"

namespace beltline::frepple {

/// Lots: each no smaller, a multiple of, no larger than.
struct Sizes {
  std::optional<double> minimum;   // 1 where nothing is said
  std::optional<double> multiple;  // of operations 0: any quantity
  std::optional<double> maximum;
};

/// When something holds.
struct Window {
  std::optional<Seconds> start;
  std::optional<Seconds> end;  // exclusive
};

enum class OperationKind : uint8_t { fixed_time, time_per, routing, alternate, split };

struct Step {
  std::string operation;
  double priority = 1;  // order of steps, rank of alternates, percentage of a split; 0: never
  bool has_priority = false;
  Window window;
  Origin origin;
};

struct Operation {
  std::string name;
  OperationKind kind = OperationKind::fixed_time;
  Seconds duration = 0;
  double duration_per = 0;  // seconds a unit
  Sizes sizes;
  Seconds fence = 0;
  Seconds post_time = 0;
  std::string item, location;
  std::string available;  // calendar of the times in which it goes on
  double priority = 1;
  Window window;
  std::vector<Step> steps;
  bool has_owner = false;
  Origin origin;
};

struct Flow {
  std::string operation, buffer, item, location;
  std::string name;           // flows of one operation and name stand for each other
  double priority = 1;        // rank among these, the lowest first
  double quantity = 0;        // per unit of the operation, negative: taken in
  double quantity_fixed = 0;  // per lot
  bool at_end = false;
  Seconds offset = 0;
  Origin origin;
};

struct Load {
  std::string operation, resource;
  std::string name;  // as of flows
  double priority = 1;
  double quantity = 1;
  Origin origin;
};

struct Resource {
  std::string name;
  double maximum = 1;
  std::string maximum_calendar;
  std::string available;  // calendar of the times in which it works
  bool is_infinite = false;
  Origin origin;
};

struct CalendarBucket {
  Window window;
  double value = 0;
  double priority = 0;  // the lowest number holds
  int days = 127;       // bits of the days of the week on which it holds, Sunday the lowest
  Seconds start = 0;    // time of the day from which it holds
  Seconds end = kDay;   // and until which
};

struct FreppleCalendar {
  std::string name;
  double value = 0;  // where no bucket holds
  std::vector<CalendarBucket> buckets;
  Origin origin;
};

struct Buffer {
  std::string name, item, location, producing;
  double on_hand = 0;
  double minimum = 0;
  std::string minimum_calendar;
  bool has_maximum = false;
  bool is_infinite = false;
  Origin origin;
};

struct Item {
  std::string name, owner, operation;
  Origin origin;
};

/// A supplier of an item, or another location that sends it.
struct Sourcing {
  std::string supplier, item, location;  // location: where it comes to; "" for everywhere
  std::string from;                      // location it leaves, of a distribution
  Seconds lead = 0;
  Seconds hard_safety = 0;
  Seconds soft_safety = 0;
  Seconds fence = 0;
  double priority = 1;
  Sizes sizes;
  Window window;
  Origin origin;
};

struct Demand {
  std::string name, item, location, operation;
  double quantity = 1;
  Seconds due = 0;
  bool has_due = false;
  double priority = 0;
  std::optional<double> min_shipment;
  std::optional<Seconds> max_lateness;
  std::string status = "open";
  Origin origin;
};

/// An operation of which time and quantity stand fast.
struct FixedPlan {
  std::string name, operation, item, location, from, supplier, kind, status;
  double quantity = 1;
  std::optional<Seconds> start, end;
  Origin origin;
};

/// Entities by name, in alphabetical order; lists in the order of the file.
struct FreppleModel {
  std::string name;
  std::optional<Seconds> current;
  std::map<std::string, FreppleCalendar> calendars;
  std::map<std::string, std::string> available;  // [location] its calendar
  std::map<std::string, Item> items;
  std::map<std::string, Operation> operations;
  std::map<std::string, Buffer> buffers;
  std::map<std::string, Resource> resources;
  std::map<std::string, Demand> demands;
  std::vector<Flow> flows;
  std::vector<Load> loads;
  std::vector<Sourcing> sourcings;
  std::vector<FixedPlan> plans;
};

}  // namespace beltline::frepple
