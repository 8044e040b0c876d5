// The state of a cluster, and what moves it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "serving/engine.h"
#include "serving/engine_events.h"
#include "serving/engine_replica.h"
#include "serving/engine_sequence.h"

namespace beltline::serving {

class Cluster::State {
 public:
  explicit State(const ClusterRules& rules);

  // engine_cluster.cpp: time, replicas
  int32_t add(const ReplicaPlan& plan, Picoseconds at, Picoseconds ready);
  void set_open(int32_t replica, bool is_open);
  void fail(int32_t replica, Picoseconds at, Picoseconds repaired, Casualties casualties);
  void repair(int32_t replica);
  void slow(int32_t replica, double factor);
  void pause(int32_t replica, bool pauses);
  void advance(Picoseconds at, bool moves_clock);
  [[nodiscard]] Picoseconds next_event() const { return std::min(events_.least(), timers_.next()); }

  // engine_routing.cpp: requests
  void submit(const Request& request, int32_t replica);
  bool cancel(uint64_t id);
  [[nodiscard]] Load load() const;
  [[nodiscard]] Load load(int32_t replica) const { return posts_[replica].load; }
  [[nodiscard]] int64_t cached_tokens(std::span<const uint64_t> prefix) const;
  void check() const;

  Journal journal;
  Picoseconds now = 0;
  std::vector<Replica> replicas;

 private:
  /// What a cluster knows of a replica beside what it computes.
  struct Post {
    bool is_open = false;       // takes new requests
    bool is_drained = false;    // by the caller's wish
    bool is_ready = false;      // its weights are loaded, it is not broken
    uint64_t life = 0;          // a timer set before the last change is void
    Picoseconds link_free = 0;  // when the last message has left
    Load load;                  // as it is counted in load_
  };

  void play_timer(const Timer& timer);
  void play_replica(int32_t replica);
  void refresh(int32_t replica);
  void set_load(int32_t replica);
  void settle_open(int32_t replica);
  void wait_ready(int32_t replica, Picoseconds ready);
  void route(int32_t slot, bool is_new);
  void route_unrouted();
  [[nodiscard]] int32_t choose(const Sequence& sequence);
  [[nodiscard]] int32_t choose_affine(uint64_t key) const;
  void assign(int32_t slot, int32_t replica, bool is_new);
  void end(int32_t slot, Ending ending);
  void start_moves();
  bool start_move(int32_t slot);
  void finish_move(int32_t slot);
  void stop(int32_t slot, Ending ending);
  void stop_move(int32_t slot);
  [[nodiscard]] std::vector<int32_t> take_moves(int32_t replica);
  [[nodiscard]] bool is_front(int32_t replica) const;

  ClusterRules rules_;
  std::vector<Post> posts_;
  Least events_;               // by replica, the time of its event
  Least loads_;                // by open replica, what routing compares
  Least rooms_;                // by replica that decodes, its requests
  std::vector<int32_t> open_;  // front replicas that take new requests, by number
  Load load_;                  // of all replicas together
  Timers timers_;
  WaitingLine unrouted_;
  std::vector<int32_t> leaving_;  // prefilled, first come first served
  int64_t turn_ = 0;              // of round robin
  int64_t submitted_ = 0;
  bool splits_ = false;  // a replica prefills
};

}  // namespace beltline::serving
