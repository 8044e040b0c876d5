#include "run/export.h"

#include "base/assert.h"
#include "plan/mps.h"

namespace beltline {

Outcome<std::string> export_mps(const Compiled& compiled) {
  ASSERT(compiled.model);
  return mps_text(*compiled.model, compiled.spec ? compiled.spec->name : std::string());
}

}  // namespace beltline
