// The section buffer: time between when a thing is to be there and when it is needed.
#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/chance_common.h"
#include "parts/chance_parts.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{
        .key = "of", .required = true, .description = "Name of the process or capacity; '*' stands for any text."},
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "process|capacity",
              .description = "Which of them, where several have a name that fits."},
    Attribute{.key = "months",
              .kind = Kind::duration,
              .required = true,
              .min = 0,
              .min_exclusive = true,
              .description = "Time that the plan leaves, rounded up to whole periods."},
};

/// Makes what a process puts out arrive later. What comes out in any period counts as an output.
void put_off(const Model& model, Process& process, int periods) {
  for (Flow& flow : process.flows) {
    bool is_output = false;
    for (int t = 0; t < model.period_count(); ++t) is_output = is_output || model.mean(flow.rate, t) > 0;
    if (is_output) flow.lag += periods;
  }
}

/// Whether the plan decides when this comes: something else cannot be ordered earlier.
bool is_planned(const Model& model, const Aim& aim) {
  if (aim.target == ChanceTarget::process) return true;
  return model.capacities[static_cast<std::size_t>(aim.id)].buildable;
}

void add_buffer(const Compile& c, const Entry& entry) {
  Model& model = c.builder.model();
  const int periods = periods_up(c, entry.months("months"));
  std::vector<Aim> aims = aims_of(c, entry, Aspect::delay);
  if (aims.empty()) return;
  std::erase_if(aims, [&](const Aim& aim) { return !is_planned(model, aim); });
  if (aims.empty()) {
    fault(c, Code::unused, entry, "of",
          {.severity = Severity::warning,
           .message = fmt::format("'{}' is not ordered by the plan, which can leave it no time", entry.text("of")),
           .expected = "a capacity that can be built, or a process",
           .help = "leave out the buffer, or name what waits for it"});
  }
  for (const Aim& aim : aims) {
    if (aim.target == ChanceTarget::process) {
      put_off(model, model.processes[static_cast<std::size_t>(aim.id)], periods);
    } else {
      // its build flows stay where they are: it is done as early as before, and counted on later
      model.capacities[static_cast<std::size_t>(aim.id)].lead += periods;
    }
    model.chances.buffers.push_back({.target = aim.target, .id = aim.id, .periods = periods});
  }
}

}  // namespace

const Section kBufferSection{
    .name = "buffer",
    .title = "Buffer",
    .description =
        "Time that a plan leaves between when a thing is to be there and when it is needed. The plan counts on it that "
        "much later than its lag or lead says, and so orders it earlier; `beltline risk` plays it at its own time and "
        "shows what that is worth.",
    .attributes = kAttributes,
};

void compile_buffers(const Compile& c) {
  for (const Entry& entry : c.spec.entries("buffer")) add_buffer(c, entry);
}

}  // namespace beltline
