// A frePPLe model taken apart into jobs: operations that run by themselves, with what they take in and put out.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "import/frepple_model.h"

namespace beltline::frepple {

/// What a job takes from a place or puts there: `good` is a buffer, what waits between two steps, or an order.
struct JobFlow {
  std::string good;
  double quantity = 0;  // per unit, negative: taken in
  double fixed = 0;     // per lot
  bool at_end = false;
  Seconds offset = 0;
  std::string group = {};  // flows of one group stand for each other; a job has one of them
  double priority = 1;     // rank in it
};

struct JobLoad {
  std::string resource;
  double quantity = 1;
  std::string group = {};  // as of flows
  double priority = 1;
};

/// A fixed time or a time per unit, from a start to an end.
struct Job {
  std::string name;
  std::string location;
  Seconds duration = 0;
  double per = 0;  // seconds a unit
  Sizes sizes;
  std::vector<JobFlow> flows;
  std::vector<JobLoad> loads;
  Seconds fence = 0;
  Window window;                       // of starts
  std::vector<std::string> available;  // calendars in whose times it goes on
  double rank = 0;                     // 0 the preferred one of its alternatives, up to 1 the last
  const Demand* demand = nullptr;      // whose order its end delivers
  Origin origin;
};

/// A buffer, a step's queue or an order: what jobs exchange.
struct Good {
  std::string title;
  std::string location;
  const Buffer* buffer = nullptr;  // nullptr: not one of the model's
  const Demand* demand = nullptr;  // what arrives for it
  bool is_kept = true;             // false: taken in at once, or not put out at all
};

struct Network {
  std::map<std::string, Good> goods;
  std::vector<Job> jobs;
  std::map<std::string, std::vector<std::size_t>> makers;  // [good] the jobs that put it out
};

/// A model's flows, suppliers and buffers by what they are looked up by.
class Lookup {
 public:
  explicit Lookup(FreppleModel& model);

  /// The buffer of an item at a location: the model's, or a new one named as frePPLe names it.
  std::string buffer(const std::string& item, const std::string& location);
  /// Buffers of an item, wherever they are.
  [[nodiscard]] const std::vector<std::string>& buffers(const std::string& item) const;
  /// An operation's own flows, and one of its item where it has no output.
  std::vector<JobFlow> flows(const Operation& operation);
  [[nodiscard]] std::vector<JobLoad> loads(const std::string& operation) const;
  [[nodiscard]] std::vector<const Sourcing*> sourcings(const std::string& item) const;

 private:
  void note(const Buffer& buffer);

  FreppleModel& model_;
  std::map<std::pair<std::string, std::string>, std::string> buffer_at_;  // (item, location), the first by name
  std::map<std::string, std::vector<std::string>> buffers_;               // [item]
  std::multimap<std::string, const Flow*> flows_;                         // [operation]
  std::multimap<std::string, const Load*> loads_;                         // [operation]
  std::multimap<std::string, const Sourcing*> sourcings_;                 // [item]
};

/// The jobs that can serve the model's demands, refill its buffers or follow from them.
///
/// A buffer's makers are its `producing` operation; without one, all operations of priority above 0 that put something
/// into it and the item's suppliers and distributions, those of its groups too. Routings become a job a step, with a
/// queue between two; alternates a job each; a split its parts in their proportion. Deliveries are a job for each
/// order.
/// @errors BL0109 names that nothing describes; BL0203 operations in a loop; BL0206 contradictions. All of them
Network make_network(FreppleModel& model, Lookup& lookup, Diagnostics& diagnostics);

}  // namespace beltline::frepple
