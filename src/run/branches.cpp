#include "run/branches.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "model/splice.h"

namespace beltline {
namespace {

/// The scenario with what the branch's path sets, and the parent's values before it parts.
Compiled compile_one(const std::vector<SourceFile>& files, LoadOptions options, const BranchTree& tree, int branch,
                     const Model& parent) {
  const std::vector<std::string> sets = tree.sets(branch);
  options.overrides.insert(options.overrides.end(), sets.begin(), sets.end());
  Compiled out = compile_texts(files, options);
  if (!out.model) return out;
  const Branch& self = tree.branches[static_cast<std::size_t>(branch)];
  out.branch = self.name;
  out.branch_set_count = sets.size();
  if (const auto other = find_other_network(parent, *out.model)) {
    out.diagnostics.add({.code = Code::inconsistent,
                         .origin = out.spec->find("branch", self.name)->origin,
                         .message = fmt::format("branch '{}' changes the network itself: {}", self.name, *other),
                         .expected = "values of what is there in every branch",
                         .help = "write what differs into the scenario, and let the branches change its values"});
    out.model.reset();
    return out;
  }
  out.past = std::make_shared<const Model>(parent);
  out.past_end = self.from;
  keep_past(out, *out.model);
  return out;
}

/// What a branch's changes raise, told with places in the root's files.
class Merger {
 public:
  explicit Merger(Compiled& root) : root_(root) {}

  void merge(const Compiled& branch, const std::string& name, const std::vector<std::string>& sets) {
    for (const Diagnostic& found : branch.diagnostics.all()) {
      Diagnostic told = found;
      told.origin.file = file_of(branch, found.origin, name, sets);
      if (is_known(told)) continue;
      root_.diagnostics.add(std::move(told));
    }
  }

 private:
  int32_t file_of(const Compiled& branch, const Origin& origin, const std::string& name,
                  const std::vector<std::string>& sets) {
    if (origin.file < 0) return -1;
    const std::string& path = branch.files[origin.file].path;
    const std::string wanted = path == kOverrideFile ? "branch." + name : path;
    for (std::size_t i = 0; i < root_.files.size(); ++i) {
      if (root_.files[static_cast<int32_t>(i)].path == wanted) return static_cast<int32_t>(i);
    }
    return root_.files.add(
        wanted, path == kOverrideFile ? fmt::format("{}", fmt::join(sets, "\n")) : branch.files[origin.file].text);
  }

  bool is_known(const Diagnostic& d) const {
    return std::ranges::any_of(root_.diagnostics.all(), [&](const Diagnostic& known) {
      return known.code == d.code && known.message == d.message && known.origin == d.origin;
    });
  }

  Compiled& root_;
};

LoadOptions options_of(const Compiled& root) {
  return {.overrides = root.spec->overrides, .main = root.spec->main, .name = root.spec->name};
}

}  // namespace

CompiledTree compile_branches(Compiled& root) {
  CompiledTree out;
  if (!root.model) return out;
  Diagnostics ignored;  // compiling the root has told them
  BranchTree tree = read_branches(*root.spec, ignored);
  if (tree.is_empty()) return out;
  out.risk = read_risk(*root.spec);
  const LoadOptions options = options_of(root);
  Merger merger(root);
  bool good = true;
  for (std::size_t i = 0; i < tree.branches.size() && good; ++i) {
    const Branch& branch = tree.branches[i];
    const Model& parent = branch.parent < 0 ? *root.model : out.model(branch.parent);
    Compiled compiled = compile_one(root.originals, options, tree, static_cast<int>(i), parent);
    std::vector<std::string> sets = options.overrides;
    const std::vector<std::string> own = tree.sets(static_cast<int>(i));
    sets.insert(sets.end(), own.begin(), own.end());
    merger.merge(compiled, branch.name, sets);
    good = compiled.model.has_value();
    out.branches.push_back({.branch = static_cast<int>(i), .compiled = std::move(compiled)});
  }
  root.diagnostics.sort_and_limit(root.files);
  if (!good) return {};
  out.tree = std::move(tree);
  return out;
}

Compiled compile_branch(const std::vector<SourceFile>& files, const LoadOptions& options, const std::string& branch) {
  Compiled at = compile_texts(files, options);
  if (!at.model) return at;
  Diagnostics ignored;
  const BranchTree tree = read_branches(*at.spec, ignored);
  for (const int i : tree.path(tree.find(branch))) {
    Compiled next = compile_one(files, options, tree, i, *at.model);
    at = std::move(next);
    if (!at.model) break;
  }
  return at;
}

}  // namespace beltline
