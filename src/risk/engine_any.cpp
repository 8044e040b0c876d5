// The play's loops for all processors.
#include "risk/lanes/goods.h"
#include "risk/lanes/lags.h"
#include "risk/lanes/observe.h"

namespace beltline {

StatePtr make_any_state(const PlayerInput& input) {
  return std::make_unique<any::Mover>(input);
}

}  // namespace beltline
