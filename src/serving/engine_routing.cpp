// Which replica a request goes to, and how its keys and values move from one that prefills to one that decodes.
#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "serving/engine_cluster.h"
#include "serving/engine_draws.h"

namespace beltline::serving {

void Cluster::State::submit(const Request& request, int32_t replica) {
  advance(request.arrival, true);
  ASSERT(request.prompt_tokens >= 1 && request.output_tokens >= 1);
  ++submitted_;
  const int32_t slot = journal.pool.add(request);
  const uint64_t life = journal.pool[slot].life;
  const auto due = [&](Picoseconds after, TimerKind kind) {
    if (after < kNever - now) timers_.set({.time = now + after, .life = life, .subject = slot, .kind = kind});
  };
  due(request.patience, TimerKind::patience);
  due(request.timeout, TimerKind::timeout);
  if (replica >= 0) {
    assign(slot, replica, true);
  } else {
    route(slot, true);
  }
}

void Cluster::State::route(int32_t slot, bool is_new) {
  const int32_t replica = unrouted_.count() > 0 ? -1 : choose(journal.pool[slot]);
  if (replica >= 0) {
    assign(slot, replica, is_new);
    return;
  }
  journal.pool[slot].stand = Stand::unrouted;
  unrouted_.push_back(journal.pool, slot);
}

void Cluster::State::route_unrouted() {
  while (unrouted_.count() > 0) {
    const int32_t slot = unrouted_.front(journal.pool);
    const int32_t replica = choose(journal.pool[slot]);
    if (replica < 0) return;
    unrouted_.remove(journal.pool, slot);
    assign(slot, replica, false);
  }
}

// −1 where it has to wait before the replicas.
int32_t Cluster::State::choose(const Sequence& sequence) {
  if (open_.empty()) return -1;
  switch (rules_.routing) {
    case Routing::round_robin: {
      auto next = std::ranges::lower_bound(open_, turn_);
      if (next == open_.end()) next = open_.begin();
      turn_ = *next + 1;
      return *next;
    }
    case Routing::two_choices: {
      const auto draw = [&](uint32_t which) {
        const double drawn = request_draw(rules_.seed, sequence.id, EngineDraw::choice, which + 2u * sequence.restarts);
        return open_[static_cast<std::size_t>(drawn * static_cast<double>(open_.size()))];
      };
      const int32_t one = draw(0), other = draw(1);
      return replicas[other].requests() < replicas[one].requests() ? other : one;
    }
    case Routing::affinity: {
      const int32_t slot = static_cast<int32_t>(&sequence - &journal.pool[0]);
      const auto prefix = journal.pool.prefix(slot);
      const uint64_t key = sequence.session != 0 ? sequence.session : prefix.empty() ? 0 : prefix.front();
      return key == 0 ? loads_.first() : choose_affine(key);
    }
    case Routing::central: {
      const int32_t least = loads_.first();
      return replicas[least].requests() < replicas[least].plan().rules.sequences_max ? least : -1;
    }
    default: return loads_.first();
  }
}

// The replica that draws the highest number for the key: when replicas come or go, only keys of those move.
// Source: rendezvous hashing, Thaler and Ravishankar 1998, doi:10.1109/90.663936.
int32_t Cluster::State::choose_affine(uint64_t key) const {
  int32_t best = open_.front();
  uint64_t highest = 0;
  for (const int32_t replica : open_) {
    uint64_t mixed = (key ^ (static_cast<uint64_t>(replica) + 1) * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 29)) * 0x94D049BB133111EBu;
    mixed ^= mixed >> 32;
    if (mixed > highest) {
      highest = mixed;
      best = replica;
    }
  }
  const double mean = static_cast<double>(load_.requests) / static_cast<double>(open_.size());
  const double most = std::max(rules_.affinity_slack * mean, mean + 8);
  return static_cast<double>(replicas[best].requests()) > most ? loads_.first() : best;
}

void Cluster::State::assign(int32_t slot, int32_t replica, bool is_new) {
  Replica& it = replicas[replica];
  const int32_t requests_max = it.plan().rules.requests_max;
  if (is_new && requests_max > 0 && it.requests() >= requests_max) {
    end(slot, Ending::refused);
  } else if (!it.can_hold(journal.pool[slot])) {
    end(slot, Ending::too_long);
  } else {
    it.enqueue(slot, now);
    refresh(replica);
  }
}

void Cluster::State::end(int32_t slot, Ending ending) {
  journal.report(slot, now, ending);
  journal.pool.remove(slot);
}

bool Cluster::State::cancel(uint64_t id) {
  for (int32_t slot = 0; slot < journal.pool.slot_count(); ++slot) {
    const Sequence& it = journal.pool[slot];
    if (it.id != id || it.stand == Stand::gone || it.stand == Stand::ended) continue;
    stop(slot, Ending::cancelled);
    return true;
  }
  return false;
}

// Ends a request from outside, wherever it is.
void Cluster::State::stop(int32_t slot, Ending ending) {
  const Sequence& it = journal.pool[slot];
  const int32_t replica = it.replica;
  if (it.stand == Stand::unrouted) {
    unrouted_.remove(journal.pool, slot);
    end(slot, ending);
  } else if (it.stand == Stand::leaving || (it.stand == Stand::moving && it.decoder >= 0)) {
    stop_move(slot);
    end(slot, ending);
  } else {
    replicas[replica].abort(slot, now, ending);
  }
  if (replica >= 0) refresh(replica);
  route_unrouted();
  start_moves();
}

// Frees what a prefilled request has at both ends.
void Cluster::State::stop_move(int32_t slot) {
  Sequence& it = journal.pool[slot];
  if (it.stand == Stand::leaving) std::erase(leaving_, slot);
  replicas[it.replica].let_go(slot, now);
  refresh(it.replica);
  if (it.decoder < 0) return;
  replicas[it.decoder].unreserve(it.computed, now);
  refresh(it.decoder);
  it.decoder = -1;
}

// Requests that wait to leave a replica, or are under way from it or to it.
std::vector<int32_t> Cluster::State::take_moves(int32_t replica) {
  std::vector<int32_t> taken;
  if (!splits_) return taken;
  for (int32_t slot = 0; slot < journal.pool.slot_count(); ++slot) {
    const Sequence& it = journal.pool[slot];
    const bool leaves = it.stand == Stand::leaving && it.replica == replica;
    const bool moves = it.stand == Stand::moving && it.decoder >= 0 && (it.replica == replica || it.decoder == replica);
    if (leaves || moves) taken.push_back(slot);
  }
  std::ranges::sort(taken, {}, [&](int32_t slot) { return journal.pool[slot].life; });
  for (const int32_t slot : taken) {
    stop_move(slot);
    journal.pool[slot].restart();
  }
  return taken;
}

// First come, first served: who is first waits until a decode replica has room, and keeps its blocks meanwhile.
void Cluster::State::start_moves() {
  std::size_t started = 0;
  while (started < leaving_.size() && start_move(leaving_[started])) ++started;
  leaving_.erase(leaving_.begin(), leaving_.begin() + static_cast<std::ptrdiff_t>(started));
  if (started > 0) route_unrouted();  // one that fits nowhere has left its place
}

bool Cluster::State::start_move(int32_t slot) {
  Sequence& it = journal.pool[slot];
  int32_t decoder = rooms_.first();
  if (rooms_.least() == kNever) return false;
  const auto can_take = [&](int32_t of) {
    return replicas[of].can_hold(it) && replicas[of].can_reserve(it.computed, now);
  };
  if (!can_take(decoder)) {
    decoder = -1;
    bool fits_somewhere = false;
    for (int32_t other = 0; other < std::ssize(replicas); ++other) {
      if (splits_ && is_front(other)) continue;
      fits_somewhere = fits_somewhere || replicas[other].can_hold(it);
      if (rooms_.value(other) == kNever || !can_take(other)) continue;
      if (decoder < 0 || rooms_.value(other) < rooms_.value(decoder)) decoder = other;
    }
    if (!fits_somewhere) {
      replicas[it.replica].let_go(slot, now);
      refresh(it.replica);
      end(slot, Ending::too_long);
      return true;
    }
    if (decoder < 0) return false;
  }
  replicas[decoder].reserve(it.computed, now);
  refresh(decoder);
  const double seconds = it.computed * rules_.link.bytes_per_token / rules_.link.bytes_per_s;
  const Picoseconds sent = std::max(now, posts_[it.replica].link_free) + std::llround(seconds * kSecond);
  posts_[it.replica].link_free = sent;
  it.stand = Stand::moving;
  it.decoder = decoder;
  it.ticket = journal.pool.next_ticket();
  timers_.set(
      {.time = sent + rules_.link.latency, .life = it.ticket, .subject = slot, .kind = TimerKind::arrival_of_keys});
  return true;
}

void Cluster::State::finish_move(int32_t slot) {
  Sequence& it = journal.pool[slot];
  const int32_t from = it.replica, to = it.decoder;
  it.decoder = -1;
  replicas[from].let_go(slot, now);
  refresh(from);
  replicas[to].join(slot, now);
  refresh(to);
  route_unrouted();
}

Load Cluster::State::load() const {
  Load load = load_;
  load.requests += unrouted_.count();
  load.waiting += unrouted_.count();
  return load;
}

int64_t Cluster::State::cached_tokens(std::span<const uint64_t> prefix) const {
  int64_t most = 0;
  for (const Replica& it : replicas) {
    const int64_t units = it.blocks().match(prefix);
    most = std::max(most, units * it.plan().rules.prefix_unit_tokens);
  }
  return most;
}

}  // namespace beltline::serving
