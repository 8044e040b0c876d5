#include "parts/qualification.h"

#include <algorithm>

#include "parts/memory_chain.h"

namespace beltline {

int qualified_period(const Compile& c, const Entry& entry) {
  return first_period(c, entry, "qualified");
}

void add_output(const Compile& c, Process& process, const Flow& output, int first_use) {
  const int periods = c.builder.calendar().period_count;
  const int waiting = std::min(first_use - output.lag, periods);  // periods whose output has to wait
  if (waiting <= 0) {
    process.flows.push_back(output);
    return;
  }
  const auto part = [&](int lag, int from, int to) {
    Flow flow = output;
    flow.lag = lag;
    flow.rate =
        c.builder.by_period([&](int t) { return t >= from && t < to ? c.builder.model().at(output.rate, t) : 0.0; });
    process.flows.push_back(flow);
  };
  part(output.lag, waiting, periods);
  if (first_use >= periods) return;  // it is never of use, and what is made is lost
  for (int t = 0; t < waiting; ++t) part(first_use - t, t, t + 1);
}

}  // namespace beltline
