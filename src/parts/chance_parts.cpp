#include "parts/chance_parts.h"

#include <array>

namespace beltline {

std::span<const Part> chance_parts() {
  static const std::array parts{
      Part{&kUncertaintySection, compile_uncertainties},
      Part{&kCorrelationSection, compile_correlations},
      Part{&kShockSection, compile_shocks},
      Part{&kMilestoneSection, compile_milestones},
      Part{&kBufferSection, compile_buffers},
  };
  return parts;
}

}  // namespace beltline
