#include "serving/traffic_thinned.h"

#include "serving/traffic_draws.h"

namespace beltline::serving {

bool ThinnedTraffic::next(TrafficRequest& request) {
  while (source_->next(request)) {
    // a session is kept or left out as a whole, so that its turns still find what they share
    const uint64_t key = request.session != 0 ? request.session : number_;
    ++number_;
    if (keep_ >= 1 || TrafficDraws(seed_, 0x7415, key).uniform() < keep_) return true;
  }
  return false;
}

}  // namespace beltline::serving
