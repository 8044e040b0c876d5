// What messages between the accelerators of a replica take, by size and by where the accelerators stand.
#pragma once

#include "perf/operators.h"

namespace beltline::perf {

/// Accelerators that talk to each other; those of one scale-up domain are neighbours in order.
struct Group {
  double size = 1;
  double in_domain = 1;  // of them, in one domain: size where all are
};

/// A group of `size` on this accelerator, as full domains as it can have.
Group group_of(const Accelerator& accelerator, double size);

/// Bytes that one accelerator sends in an all-reduce by a ring or its equal: 2 (n − 1)/n · message.
double all_reduce_wire_bytes(double size, double message_bytes);

/// Sum over the group, to each. In two levels where it spans domains: reduce-scatter inside, all-reduce of the shares
/// between, all-gather inside.
Work all_reduce(const Kernels& kernels, const Group& group, double message_bytes);
/// Each has a share of `message_bytes` and gets all.
Work all_gather(const Kernels& kernels, const Group& group, double message_bytes);
/// Each sends `message_bytes` in all, evenly to all others and itself.
Work all_to_all(const Kernels& kernels, const Group& group, double message_bytes);
/// From one stage of a pipeline to the next; across domains where a stage fills its own.
Work send(const Kernels& kernels, double stage_size, double message_bytes);

}  // namespace beltline::perf
