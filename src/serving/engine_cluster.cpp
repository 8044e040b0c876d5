#include "serving/engine_cluster.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace beltline::serving {

Cluster::State::State(const ClusterRules& rules) : rules_(rules) {
  journal.seed = rules.seed;
  journal.counts_energy = rules.counts_energy;
  journal.records_steps = rules.records_steps;
}

bool Cluster::State::is_front(int32_t replica) const {
  return !splits_ || replicas[replica].plan().role == ReplicaRole::prefill;
}

int32_t Cluster::State::add(const ReplicaPlan& plan, Picoseconds at, Picoseconds ready) {
  advance(at, true);
  ASSERT(fault_of(plan).empty());
  const int32_t number = static_cast<int32_t>(replicas.size());
  replicas.emplace_back(number, plan, journal);
  posts_.emplace_back();
  events_.add();
  loads_.add();
  rooms_.add();
  if (plan.rules.by_priority && !unrouted_.by_priority()) {
    WaitingLine line(true);
    for (int32_t slot = unrouted_.front(journal.pool); slot >= 0; slot = unrouted_.front(journal.pool)) {
      unrouted_.remove(journal.pool, slot);
      line.push_back(journal.pool, slot);
    }
    unrouted_ = std::move(line);
  }
  if (plan.role == ReplicaRole::prefill && !splits_) {
    ASSERT(rules_.link.bytes_per_s > 0);
    splits_ = true;
    for (int32_t other = 0; other < number; ++other) settle_open(other);
  }
  wait_ready(number, ready);
  return number;
}

// A replica that loads or is repaired is ready at `ready`, at once where that is past.
void Cluster::State::wait_ready(int32_t replica, Picoseconds ready) {
  Post& post = posts_[replica];
  ++post.life;
  post.is_ready = ready <= now;
  if (post.is_ready) replicas[replica].revive();
  if (!post.is_ready && ready != kNever) {
    timers_.set({.time = ready, .life = post.life, .subject = replica, .kind = TimerKind::ready});
  }
  settle_open(replica);
}

void Cluster::State::set_open(int32_t replica, bool is_open) {
  posts_[replica].is_drained = !is_open;
  settle_open(replica);
}

void Cluster::State::settle_open(int32_t replica) {
  Post& post = posts_[replica];
  post.is_open = post.is_ready && !post.is_drained;
  const auto place = std::ranges::lower_bound(open_, replica);
  const bool is_listed = place != open_.end() && *place == replica;
  const bool belongs = post.is_open && is_front(replica);
  if (belongs && !is_listed) open_.insert(place, replica);
  if (!belongs && is_listed) open_.erase(place);
  refresh(replica);
  if (!post.is_open) return;
  route_unrouted();
  start_moves();
}

// After anything happened to a replica: its next event, and how it compares with others.
void Cluster::State::refresh(int32_t replica) {
  const Replica& it = replicas[replica];
  const Post& post = posts_[replica];
  events_.set(replica, it.event());
  const bool is_open = post.is_open;
  const bool by_tokens = rules_.routing == Routing::least_tokens;
  loads_.set(replica, is_open && is_front(replica) ? (by_tokens ? it.prompt_tokens() : it.requests()) : kNever);
  const bool decodes = splits_ && !is_front(replica);
  rooms_.set(replica, is_open && decodes ? it.requests() : kNever);
  set_load(replica);
}

void Cluster::State::set_load(int32_t replica) {
  const Replica& it = replicas[replica];
  const bool is_open = posts_[replica].is_open;
  const Load load = {.requests = it.requests(),
                     .waiting = it.waiting(),
                     .prompt_tokens = it.prompt_tokens(),
                     .blocks_used = it.blocks().total() - it.blocks().available(),
                     .blocks_max = it.blocks().total(),
                     .places = is_open ? it.plan().rules.sequences_max : 0,
                     .replicas = is_open ? 1 : 0};
  Load& old = posts_[replica].load;
  load_.requests += load.requests - old.requests;
  load_.waiting += load.waiting - old.waiting;
  load_.prompt_tokens += load.prompt_tokens - old.prompt_tokens;
  load_.blocks_used += load.blocks_used - old.blocks_used;
  load_.blocks_max += load.blocks_max - old.blocks_max;
  load_.places += load.places - old.places;
  load_.replicas += load.replicas - old.replicas;
  old = load;
}

void Cluster::State::fail(int32_t replica, Picoseconds at, Picoseconds repaired, Casualties casualties) {
  advance(at, true);
  std::vector<int32_t> taken = take_moves(replica);
  const std::vector<int32_t> batch = replicas[replica].fail(now);
  taken.insert(taken.end(), batch.begin(), batch.end());
  std::ranges::sort(taken, {}, [&](int32_t slot) {
    const Sequence& it = journal.pool[slot];
    return std::pair(unrouted_.by_priority() ? it.priority : 0, it.life);
  });
  posts_[replica].is_ready = false;
  posts_[replica].link_free = 0;
  settle_open(replica);
  wait_ready(replica, repaired);
  for (const int32_t slot : taken) {
    if (casualties == Casualties::lose) {
      end(slot, Ending::lost);
    } else {
      route(slot, false);
    }
  }
  route_unrouted();
  start_moves();
}

void Cluster::State::repair(int32_t replica) {
  wait_ready(replica, now);
}

void Cluster::State::slow(int32_t replica, double factor) {
  ASSERT(factor > 0);
  replicas[replica].slow(now, factor);
  refresh(replica);
}

void Cluster::State::pause(int32_t replica, bool pauses) {
  if (pauses) {
    replicas[replica].pause(now);
  } else {
    replicas[replica].resume(now);
  }
  refresh(replica);
}

void Cluster::State::advance(Picoseconds at, bool moves_clock) {
  ASSERT(at >= now);
  while (true) {
    const Picoseconds timer = timers_.next();
    const Picoseconds event = events_.least();
    if (std::min(timer, event) >= at) break;
    if (timer <= event) {
      now = timer;
      play_timer(timers_.take());
    } else {
      now = event;
      play_replica(events_.first());
    }
  }
  if (moves_clock) now = at;
}

void Cluster::State::play_timer(const Timer& timer) {
  if (timer.kind == TimerKind::ready) {
    if (posts_[timer.subject].life == timer.life) wait_ready(timer.subject, now);
    return;
  }
  const Sequence& it = journal.pool[timer.subject];
  if (timer.kind == TimerKind::arrival_of_keys) {
    if (it.ticket == timer.life && it.stand == Stand::moving) finish_move(timer.subject);
    return;
  }
  if (it.life != timer.life || it.stand == Stand::gone || it.stand == Stand::ended) return;
  if (timer.kind == TimerKind::timeout) {
    stop(timer.subject, Ending::timed_out);
  } else if (it.scheduled < 0) {
    stop(timer.subject, Ending::gave_up);
  }
}

void Cluster::State::play_replica(int32_t replica) {
  Replica& it = replicas[replica];
  journal.turn = replica;
  it.complete(now);
  if (!it.leaving().empty()) {
    leaving_.insert(leaving_.end(), it.leaving().begin(), it.leaving().end());
    it.leaving().clear();
  }
  // who waits before the replicas may take the places that are free now, before the next step is formed
  if (unrouted_.count() > 0 || !leaving_.empty()) {
    refresh(replica);
    route_unrouted();
    start_moves();
  }
  it.form(now);
  refresh(replica);
  // what was held for a step formed ahead, or was preempted, is free from now on
  if (!leaving_.empty()) start_moves();
  journal.turn = -1;
}

void Cluster::State::check() const {
  int64_t live = 0;
  for (int32_t slot = 0; slot < journal.pool.slot_count(); ++slot) {
    const Stand stand = journal.pool[slot].stand;
    live += stand != Stand::gone && stand != Stand::ended;
  }
  ASSERT(submitted_ == journal.ended + live);
  int64_t sampled = 0;
  for (const Replica& it : replicas) {
    it.check();
    sampled += it.totals().output_tokens;
  }
  ASSERT(sampled >= journal.finished_tokens);
  if (live == 0) ASSERT(sampled == journal.finished_tokens);
}

}  // namespace beltline::serving
