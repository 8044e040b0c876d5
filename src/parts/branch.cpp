#include "parts/branch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline {
namespace {

constexpr double kSumTolerance = 1e-6;

constexpr std::array kBranchAttributes{
    Attribute{.key = "parent",
              .kind = Kind::reference,
              .target = "branch",
              .description = "The branch that this one goes on from. Absent: the scenario as it is written."},
    Attribute{.key = "from",
              .kind = Kind::month,
              .required = true,
              .description = "Month from which it differs. Decisions of earlier periods are the same as its siblings', "
                             "and so are the values of earlier periods."},
    Attribute{.key = "probability",
              .kind = Kind::quantity,
              .unit = "1",
              .min = 0,
              .max = 1,
              .min_exclusive = true,
              .description = "That it comes true once its parent has. Absent: an equal share of what its siblings "
                             "leave of 1."},
    Attribute{.key = "set",
              .kind = Kind::texts,
              .description =
                  "What it changes, as `--set` takes it: `[\"demand.load.quantity*=1.2\"]`. Values that vary "
                  "by period change from `from` on; others, such as a lead time, as a whole."},
};

constexpr Section kBranchSection{
    .name = "branch",
    .title = "Branch",
    .description =
        "One way that the future may take. Branches make a tree: those without a parent go on from the scenario as it "
        "is written. Every path to a branch without children is one case $\\ell$ with probability $\\pi_\\ell$; "
        "decisions taken before two cases part are the same in both (non-anticipativity), orders belong to the period "
        "in which they are placed. With branches, `plan` minimises\n\n"
        "$$(1-\\lambda) \\sum_\\ell \\pi_\\ell\\, \\mathrm{cost}_\\ell + \\lambda\\, "
        "\\mathrm{CVaR}_\\alpha[\\mathrm{cost}]$$\n\n"
        "over all cases at once. See docs/studies.md.",
    .attributes = kBranchAttributes,
};

constexpr std::array kRiskAttributes{
    Attribute{.key = "cvar_weight",
              .kind = Kind::quantity,
              .unit = "1",
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "$\\lambda$: how much the dearest cases count beside the mean."},
    Attribute{.key = "cvar_level",
              .kind = Kind::quantity,
              .unit = "1",
              .fallback = "0.95",
              .min = 0,
              .max = 0.9999,
              .description = "$\\alpha$: the dearest $1-\\alpha$ of all cases are the dearest ones."},
};

constexpr Section kRiskSection{
    .name = "risk",
    .title = "Risk",
    .description =
        "How a scenario with branches counts its dearest cases: $\\mathrm{CVaR}_\\alpha = \\min_\\eta \\eta + "
        "\\frac{1}{1-\\alpha} \\sum_\\ell \\pi_\\ell \\max(0, \\mathrm{cost}_\\ell - \\eta)$ (Rockafellar & Uryasev "
        "2000). For the objective `min_cost`.",
    .attributes = kRiskAttributes,
    .single = true,
};

/// Children by parent, -1 for the root.
std::map<int, std::vector<int>> children_of(const std::vector<Branch>& branches) {
  std::map<int, std::vector<int>> children;
  for (std::size_t i = 0; i < branches.size(); ++i) children[branches[i].parent].push_back(static_cast<int>(i));
  return children;
}

/// Reads the entries one by one, then what they are to each other.
class Reader {
 public:
  Reader(const Spec& spec, Diagnostics& diagnostics) : spec_(spec), diagnostics_(diagnostics) {}

  BranchTree run() {
    order_entries();
    for (const Entry* entry : ordered_) read(*entry);
    for (const auto& [parent, children] : children_of(tree_.branches)) {
      check_dates(parent, children);
      share_probability(children);
    }
    return std::move(tree_);
  }

 private:
  /// Parents first. Those that are their own ancestors are reported and left out.
  void order_entries() {
    std::vector<const Entry*> left;
    for (const Entry& entry : spec_.entries("branch")) left.push_back(&entry);
    std::set<std::string> placed;
    while (!left.empty()) {
      const auto ready = std::ranges::find_if(left, [&](const Entry* entry) {
        return !entry->has("parent") || placed.contains(entry->text("parent")) ||
               spec_.find("branch", entry->text("parent")) == nullptr;
      });
      if (ready == left.end()) return report_circle(left);
      placed.insert((*ready)->name);
      ordered_.push_back(*ready);
      left.erase(ready);
    }
  }

  void report_circle(const std::vector<const Entry*>& left) {
    for (const Entry* entry : left) {
      diagnostics_.add({.code = Code::inconsistent,
                        .origin = entry->where("parent"),
                        .message = fmt::format("branch '{}' goes on from itself through its parents", entry->name),
                        .expected = "parents that end at a branch without one",
                        .help = "leave out the parent of the branch that comes first"});
    }
  }

  void read(const Entry& entry) {
    if (!entry.has("from")) return;  // reported already
    Branch branch{.name = entry.name,
                  .title = entry.has("title") ? entry.text("title") : entry.name,
                  .parent = entry.has("parent") ? tree_.find(entry.text("parent")) : -1,
                  .from = spec_.calendar.period_of(entry.month("from")),
                  .probability = entry.has("probability") ? entry.number("probability") : -1,
                  .sets = {},
                  .origin = entry.origin};
    if (entry.has("set")) branch.sets = entry.names("set");
    const int periods = spec_.calendar.period_count;
    if (branch.from < 0 || branch.from >= periods) {
      diagnostics_.add({.code = Code::outside_horizon,
                        .origin = entry.where("from"),
                        .message = fmt::format("branch '{}' parts in {}, outside the horizon", entry.name,
                                               to_string(entry.month("from"))),
                        .found = to_string(entry.month("from")),
                        .expected = fmt::format("{} to {}", to_string(spec_.calendar.start),
                                                to_string(spec_.calendar.month(periods - 1))),
                        .help = "move it into the horizon, or leave the branch out"});
    }
    tree_.branches.push_back(std::move(branch));
  }

  Origin where(const Branch& branch, const char* key) const {
    const Entry* const entry = spec_.find("branch", branch.name);
    return entry == nullptr ? branch.origin : entry->where(key);
  }

  void check_dates(int parent, const std::vector<int>& children) {
    const Branch& first = at(children.front());
    for (const int child : children) {
      const Branch& branch = at(child);
      if (branch.from != first.from) {
        diagnostics_.add({.code = Code::inconsistent,
                          .origin = where(branch, "from"),
                          .message = fmt::format("branches '{}' and '{}' part from each other at different months",
                                                 first.name, branch.name),
                          .expected = "one month at which all branches of a parent part",
                          .help = "give both the same from, or make one the parent of a further branch"});
      } else if (parent >= 0 && branch.from <= at(parent).from) {
        diagnostics_.add(
            {.code = Code::inconsistent,
             .origin = where(branch, "from"),
             .message = fmt::format("branch '{}' parts no later than its parent '{}'", branch.name, at(parent).name),
             .expected = "a later month than the parent's",
             .help = "move it later, or leave out its parent"});
      }
    }
  }

  void share_probability(const std::vector<int>& children) {
    double given = 0;
    int open = 0;
    for (const int child : children) {
      if (at(child).probability < 0) {
        ++open;
      } else {
        given += at(child).probability;
      }
    }
    const bool fits = open > 0 ? given < 1 - kSumTolerance : std::abs(given - 1) <= kSumTolerance;
    if (!fits) {
      const Branch& last = at(children.back());
      diagnostics_.add({.code = Code::inconsistent,
                        .origin = where(last, "probability"),
                        .message = fmt::format("the probabilities of branch '{}' and its siblings add up to {:.6g}",
                                               last.name, given),
                        .found = fmt::format("{:.6g}", given),
                        .expected = open > 0 ? "less than 1, so that something is left for those without one" : "1",
                        .help = "change one of them, or leave one out: it then gets what is left"});
    }
    for (const int child : children) {
      double& probability = at(child).probability;
      if (probability < 0) probability = std::max(0.0, 1 - given) / open;
    }
  }

  Branch& at(int i) { return tree_.branches[static_cast<std::size_t>(i)]; }

  const Spec& spec_;
  Diagnostics& diagnostics_;
  std::vector<const Entry*> ordered_;
  BranchTree tree_;
};

void check_branches(const Compile& c) {
  read_branches(c.spec, c.diagnostics);
}

void check_risk(const Compile& c) {
  const Entry* const entry = c.spec.single("risk");
  if (entry == nullptr || entry->number("cvar_weight") == 0) return;
  const Objective& objective = c.builder.model().objective;
  if (objective.kind == ObjectiveKind::min_cost) return;
  c.diagnostics.add({.code = Code::inconsistent,
                     .origin = entry->where("cvar_weight"),
                     .message = "[risk] weighs costs, and the objective is another",
                     .expected = "kind = \"min_cost\" in [objective]",
                     .help = "plan for min_cost, or set cvar_weight to 0"});
}

}  // namespace

std::vector<int> BranchTree::leaves() const {
  const auto children = children_of(branches);
  std::vector<int> out;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (!children.contains(static_cast<int>(i))) out.push_back(static_cast<int>(i));
  }
  return out;
}

std::vector<int> BranchTree::path(int branch) const {
  std::vector<int> out;
  for (int i = branch; i >= 0; i = branches[static_cast<std::size_t>(i)].parent) out.push_back(i);
  std::ranges::reverse(out);
  return out;
}

double BranchTree::probability(int branch) const {
  double product = 1;
  for (const int i : path(branch)) product *= branches[static_cast<std::size_t>(i)].probability;
  return product;
}

std::vector<std::string> BranchTree::sets(int branch) const {
  std::vector<std::string> out;
  for (const int i : path(branch)) {
    const auto& sets = branches[static_cast<std::size_t>(i)].sets;
    out.insert(out.end(), sets.begin(), sets.end());
  }
  return out;
}

int BranchTree::find(const std::string& name) const {
  const auto found = std::ranges::find(branches, name, &Branch::name);
  return found == branches.end() ? -1 : static_cast<int>(found - branches.begin());
}

BranchTree read_branches(const Spec& spec, Diagnostics& diagnostics) {
  return Reader(spec, diagnostics).run();
}

Risk read_risk(const Spec& spec) {
  const Entry* const entry = spec.single("risk");
  if (entry == nullptr) return {};
  return {.weight = entry->number("cvar_weight"), .level = entry->number("cvar_level")};
}

std::span<const Part> branch_parts() {
  static const std::array parts{Part{&kBranchSection, check_branches}, Part{&kRiskSection, check_risk}};
  return parts;
}

}  // namespace beltline
