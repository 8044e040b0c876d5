// What a changed value does to a Model: two compilations of one scenario, entity by entity.
#pragma once

#include <vector>

#include "model/model.h"

namespace beltline {

/// A scenario compiled again with one value changed.
struct Changed {
  const Model* model = nullptr;
  double periods = 0;  // of a duration: how much longer it is than planned
};

/// One value at its low and at its high, and a duration also one period longer than planned if neither is that far.
struct Ends {
  Changed low;
  Changed high;
  Changed probe;  // model null: not needed
  bool is_duration = false;
};

/// An influence, and of a delay how it follows the duration.
struct Found {
  Influence influence;  // without its source
  int sign = 0;         // of a delay: 1 or −1 where it is the duration's own, to the fraction of a period; else 0
};

struct CompareOptions {
  bool with_costs = true;
};

/// A Model beside which others are laid.
class Comparer {
 public:
  /// @param base  as compiled with all values as planned, by `compile_network`; outlives the Comparer
  Comparer(const Model& base, const CompareOptions& options);

  /// What the ends do to the base's entities, those that have the same parts in all of them. Factors are the mean over
  /// the periods in which the base is not 0. A delay that is the duration's own is told in fractions of periods, as it
  /// was before leads and lags were rounded up; where it is not (a second path is longer), in whole ones.
  ///
  /// @param ends  models with the base's entities (`has_same_entities`) and calendar
  /// @cost O(numbers of the Model)
  [[nodiscard]] std::vector<Found> influences_of(const Ends& ends) const;
  /// Whether an end builds of, stands on or stores something of which the base has none: no factor leads there.
  [[nodiscard]] bool has_new_goods(const Ends& ends) const;

 private:
  const Model& base_;
  CompareOptions options_;
  std::vector<std::vector<char>> takes_;  // [process][flow] whether it goes in
};

/// Whether two models of one scenario have the same processes, capacities and demands.
bool has_same_entities(const Model& a, const Model& b);

}  // namespace beltline
