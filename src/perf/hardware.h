// Accelerators and the racks they stand in, as a datasheet tells them.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "perf/precision.h"

namespace beltline::perf {

/// One direction of an accelerator's links to its peers.
struct Link {
  double bytes_per_s = 0;  // an accelerator, one direction
  double latency_s = 0;    // of the smallest message
};

struct Accelerator {
  std::string name;        // "h100-sxm"
  std::string title;       // "NVIDIA H100 SXM 80GB"
  std::string generation;  // "hopper": what shares a set of coefficients
  std::string source;

  std::array<double, kPrecisionCount> flop_per_s = {};  // dense, by Precision; 0: the chip does not compute in it
  double memory_bytes = 0;
  double memory_bytes_per_s = 0;
  Link scale_up;              // within the domain: NVLink, xGMI
  int32_t scale_up_size = 1;  // accelerators in one domain
  Link scale_out;             // between domains: InfiniBand, Ethernet
  double power_W = 0;         // limit of one accelerator
  double idle_W = 0;
  double price_USD = 0;  // 0: not known

  [[nodiscard]] double flops(Precision precision) const { return flop_per_s[static_cast<std::size_t>(precision)]; }
};

/// What is bought, powered and cooled as one.
struct Rack {
  std::string name;  // "gb300-nvl72"
  std::string title;
  std::string source;
  Accelerator accelerator;
  int32_t accelerators = 0;
  double power_W = 0;       // IT power at full load, all of it
  double idle_power_W = 0;  // accelerators idle, all else on
  double price_USD = 0;     // 0: not known
};

}  // namespace beltline::perf
