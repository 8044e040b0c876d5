#include "import/frepple_check.h"

#include <functional>
#include <map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::frepple {
namespace {

constexpr int kLevelsMax = 5000;  // of a bill of materials

}  // namespace

void add_missing(const Origin& origin, std::string message, Diagnostics& diagnostics) {
  diagnostics.add({.code = Code::missing_key, .origin = origin, .message = std::move(message), .help = "name it"});
}

void check_names(FreppleModel& model, Diagnostics& diagnostics) {
  const auto missing = [&](const Origin& origin, std::string message) {
    add_missing(origin, std::move(message), diagnostics);
  };
  const auto known = [&](const std::string& name, const Origin& origin, std::string_view kind, const auto& all) {
    if (name.empty() || all.contains(name)) return;
    diagnostics.add({.code = Code::dangling_reference,
                     .origin = origin,
                     .message = fmt::format("{} '{}' is described nowhere", kind, printable(name)),
                     .help = "describe it, or correct the name"});
  };
  for (auto& [name, operation] : model.operations) {
    operation.name = name;
    for (const Step& step : operation.steps) known(step.operation, step.origin, "operation", model.operations);
    const bool is_outer = operation.kind == OperationKind::routing || operation.kind == OperationKind::alternate ||
                          operation.kind == OperationKind::split;
    if (operation.steps.empty() || is_outer) continue;
    // older files say by their steps alone that an operation is a routing
    operation.kind = OperationKind::routing;
  }
  for (const Flow& flow : model.flows) {
    known(flow.operation, flow.origin, "operation", model.operations);
    if (flow.operation.empty()) missing(flow.origin, "a flow has no operation");
    if (flow.buffer.empty() && flow.item.empty()) missing(flow.origin, "a flow has neither item nor buffer");
  }
  for (const Load& load : model.loads) {
    if (load.operation.empty()) missing(load.origin, "a load has no operation");
    if (load.resource.empty()) missing(load.origin, "a load has no resource");
  }
  for (const Sourcing& sourcing : model.sourcings)
    if (sourcing.item.empty()) missing(sourcing.origin, "a supplier has no item");
}

void check_loops(const Network& network, Diagnostics& diagnostics) {
  std::map<std::string, int> state;  // 1: being looked at, 2: done
  int depth = 0;
  const std::vector<std::size_t> none;
  const std::function<bool(const std::string&)> visit = [&](const std::string& good) {
    int& now = state[good];
    if (now != 0) return now == 2;
    if (++depth > kLevelsMax) return false;
    now = 1;
    const auto makers = network.makers.find(good);
    for (const std::size_t maker : makers == network.makers.end() ? none : makers->second)
      for (const JobFlow& flow : network.jobs[maker].flows)
        if (flow.quantity < 0 && !visit(flow.good)) return false;
    state[good] = 2;
    --depth;
    return true;
  };
  for (const auto& [name, good] : network.goods) {
    if (visit(name)) continue;
    diagnostics.add({.code = Code::gain_loop,
                     .origin = good.buffer != nullptr ? good.buffer->origin : Origin{},
                     .message = fmt::format("'{}' is made of itself", printable(name)),
                     .expected = fmt::format("no loop, and at most {} levels", kLevelsMax),
                     .help = "take one of the operations of the loop out"});
    return;
  }
}

}  // namespace beltline::frepple
