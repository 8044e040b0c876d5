// Which site takes a request.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "serving/fleet.h"
#include "serving/fleet_site.h"

namespace beltline::serving {

/// Where the turns of sessions went, those of the last half hour to an hour.
class SessionSites {
 public:
  /// −1: not known.
  [[nodiscard]] int32_t find(uint64_t session) const;
  void set(uint64_t session, int32_t site, Picoseconds at);

 private:
  std::unordered_map<uint64_t, int32_t> young_, old_;
  Picoseconds turned_ = 0;
};

class FleetRouter {
 public:
  /// @param request_weight  [site] what a request that is simulated there stands for
  FleetRouter(const FleetSpec& spec, std::vector<double> request_weight);

  /// Takes over what the sites report.
  void report(const std::vector<SiteRun>& sites, Picoseconds at);

  struct Choice {
    int32_t site = -1;    // −1: every site refuses
    int32_t missed = -1;  // the lost site that would have had it
    double rtt_s = 0;
  };
  /// Chooses, and counts the request into the site's load until the next report.
  Choice choose(const Ticket& ticket, Picoseconds at);

 private:
  struct SiteView {
    std::vector<double> load, places;  // [model]; places in truth
    bool is_lost = false, is_closing = false;
    Picoseconds lost_since = 0;
  };

  const FleetSpec& spec_;
  std::vector<double> request_weight_;
  std::vector<SiteView> views_;
  std::vector<std::vector<double>> rtt_s_;  // [place, site]
  SessionSites sessions_;
};

}  // namespace beltline::serving
