// What fleet_site.cpp and fleet_slots.cpp share.
#pragma once

#include "serving/fleet_site.h"

namespace beltline::serving {

/// The replicas of one model on one kind of rack at a site, and the requests that they have.
struct SiteRun::Pool {
  int32_t model = 0;
  int32_t rack_kind = 0;
  const ReplicaKind* kind = nullptr;
  KindFigures figures;                // of one replica, the mean of both sides where they are split
  const SplitRules* split = nullptr;  // none: each replica prefills and decodes
  KindFigures prefill, decode;        // of one replica of each side
  std::vector<char> prefills;         // [replica]
  double requests_per_s = 0;          // of the replicas that accept
  Cluster cluster{ClusterRules{}};
  std::vector<Ticket> tickets;  // by the low half of an id
  std::vector<uint32_t> free;   // of tickets
  std::vector<char> is_taken;   // [ticket]
  std::vector<uint64_t> ids;    // [ticket] of its request
  uint32_t next_id = 0;         // high half of ids: a ticket's place is used again
  int64_t in_flight = 0;
  double places = 0;
  double weight = 1;                // slots in truth for one simulated
  std::vector<ReplicaTotals> seen;  // [replica] up to the last harvest
  std::vector<char> is_active;      // [replica] accepts
  std::vector<char> is_failed;      // [replica]
  std::vector<uint64_t> units;      // of a prompt, used again
};

}  // namespace beltline::serving
