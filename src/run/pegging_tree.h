// Pegs put together for people: who serves whom, through all levels, with what each waits for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/pegging.h"

namespace beltline {

/// Lots of one process, orders of one capacity and the like, as one branch of a tree.
struct PegBranch {
  PegKind kind = PegKind::lot;
  int32_t id = -1;
  NodeId node;          // the good that is handed to the branch above (up) or from it (down); invalid at the root
  double quantity = 0;  // of it
  int first = 0;        // periods in which these lots begin, orders are placed
  int last = 0;
  double waited = 0;             // periods that a unit lay in store, mean
  double on_arrival = 0;         // share that was taken in the period in which it came
  std::vector<CapacityId> full;  // capacities that are fully used by most of it, when it begins
  bool at_limit = false;         // most of it runs at the process's own bound
  std::vector<PegBranch> branches;
  double others = 0;  // quantity of smaller branches that are left out
};

/// A bill of what stands behind uses, or of what lots serve.
class PegTrees {
 public:
  struct Limits {
    std::size_t depth = 12;
    std::size_t width = 6;  // branches of one good
  };

  PegTrees(const Model& model, const Plan& plan, const std::vector<Peg>& pegs);

  /// Uses or lots of a name: a process, capacity or demand, or a good (its makers), "good@place". Nothing for a name
  /// that the model does not have.
  /// @param period  only those of this period
  [[nodiscard]] std::optional<std::vector<PegEnd>> ends_of(const std::string& name, std::optional<int> period) const;
  /// Names that `ends_of` knows and that have pegs.
  [[nodiscard]] std::vector<std::string> names() const;

  /// What these ends take in, level by level. Shares of a lot are by quantity, so that the branches of one good add up
  /// to what the branch above takes of it.
  [[nodiscard]] PegBranch up(const std::vector<PegEnd>& ends, const Limits& limits) const;
  /// What becomes of what they give.
  [[nodiscard]] PegBranch down(const std::vector<PegEnd>& ends, const Limits& limits) const;

  /// The branch that uses wait for: of all that was mostly taken as it came, level by level, the first lots on each way
  /// whose capacity is full or that run at their bound; among these the ones whose capacity is worth most, then those
  /// begun first. Where nothing is full, the lots begun first. Nothing where all of it lay in store.
  [[nodiscard]] std::optional<PegBranch> waits_for(const std::vector<PegEnd>& ends) const;

  [[nodiscard]] const PegIndex& index() const { return index_; }
  [[nodiscard]] const Model& model() const { return m_; }

 private:
  struct Group;
  [[nodiscard]] PegBranch grow(const std::vector<std::pair<PegEnd, double>>& ends, bool up, const Limits& limits,
                               std::size_t depth) const;
  [[nodiscard]] std::vector<Group> groups_of(const std::vector<std::pair<PegEnd, double>>& ends, bool up) const;
  [[nodiscard]] PegBranch branch_of(const Group& group) const;
  [[nodiscard]] double worth_of(const PegBranch& branch) const;
  void find_use();

  const Model& m_;
  const Plan& p_;
  PegIndex index_;
  std::vector<std::vector<double>> use_;  // [capacity, period] share of what is online, by processes of amounts
};

}  // namespace beltline
