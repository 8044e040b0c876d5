#include "perf/collective.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "perf/profiles.h"

namespace beltline::perf {

namespace {

double inside_s(const Kernels& kernels, double size, double message_bytes, double wire_bytes) {
  const CollectiveCoefficients& c = kernels.coefficients.collective;
  if (size <= 1) return 0;
  return (c.latency_us + c.rank_us * (size - 1)) * 1e-6 + c.root_ns * 1e-9 * std::sqrt(message_bytes) +
         wire_bytes / (kernels.accelerator.scale_up.bytes_per_s * c.bandwidth);
}

/// Between domains every accelerator has its own link; a collective takes log2 rounds of its latency, at least one.
double between_s(const Kernels& kernels, double domains, double wire_bytes) {
  if (domains <= 1) return 0;
  const Link& link = kernels.accelerator.scale_out;
  constexpr double kLinkShare = 0.8;  // what RDMA over InfiniBand or Ethernet reaches of its line rate
  return link.latency_s * std::ceil(std::log2(domains)) * 2 + wire_bytes / (link.bytes_per_s * kLinkShare);
}

Work message(double seconds, double bytes) {
  return {.seconds = seconds, .bytes = 2 * bytes, .basis = Basis::analytic};
}

/// What was measured inside one domain, where the group stays in it.
using Measured = std::optional<Reading> (Profiles::*)(double, double) const;
Work message(const Kernels& kernels, Measured measured, const Group& group, double seconds, double bytes) {
  Work work = message(seconds, bytes);
  if (kernels.profiles == nullptr || group.in_domain < group.size) return work;
  if (const auto reading = (kernels.profiles->*measured)(group.size, bytes)) {
    work.seconds = reading->seconds;
    work.basis = reading->basis;
  }
  return work;
}

}  // namespace

Group group_of(const Accelerator& accelerator, double size) {
  return {.size = size, .in_domain = std::min(size, static_cast<double>(std::max(accelerator.scale_up_size, 1)))};
}

double all_reduce_wire_bytes(double size, double message_bytes) {
  return 2 * (size - 1) / size * message_bytes;
}

Work all_reduce(const Kernels& kernels, const Group& group, double message_bytes) {
  if (group.size <= 1) return {};
  const double domains = std::ceil(group.size / group.in_domain);
  const double inside =
      inside_s(kernels, group.in_domain, message_bytes, all_reduce_wire_bytes(group.in_domain, message_bytes));
  const double between = between_s(kernels, domains, all_reduce_wire_bytes(domains, message_bytes / group.in_domain));
  return message(kernels, &Profiles::all_reduce, group, inside + between, message_bytes);
}

Work all_gather(const Kernels& kernels, const Group& group, double message_bytes) {
  if (group.size <= 1) return {};
  const double domains = std::ceil(group.size / group.in_domain);
  const double share = message_bytes * (group.size - 1) / group.size;
  const double between = between_s(kernels, domains, message_bytes / group.size * (domains - 1));
  return message(kernels, &Profiles::all_gather, group,
                 inside_s(kernels, group.in_domain, message_bytes, share) + between, message_bytes);
}

Work all_to_all(const Kernels& kernels, const Group& group, double message_bytes) {
  if (group.size <= 1) return {};
  const double domains = std::ceil(group.size / group.in_domain);
  const double near = message_bytes * (group.in_domain - 1) / group.size;
  const double far = message_bytes * (group.size - group.in_domain) / group.size;
  return message(kernels, &Profiles::all_to_all, group,
                 inside_s(kernels, group.in_domain, message_bytes, near) + between_s(kernels, domains, far),
                 message_bytes);
}

Work send(const Kernels& kernels, double stage_size, double message_bytes) {
  const Accelerator& accelerator = kernels.accelerator;
  const bool near = 2 * stage_size <= std::max(accelerator.scale_up_size, 1);
  const double seconds = near ? inside_s(kernels, 2, 0, message_bytes) : between_s(kernels, 2, message_bytes);
  return message(seconds, message_bytes);
}

}  // namespace beltline::perf
