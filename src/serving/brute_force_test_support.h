// The same cluster as engine.h, played as plainly as can be: one event a step, one entry a token, lists instead of
// sums. It shares no code with the engine but the draws of engine_draws.h; where both agree, the closed forms are
// right.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "serving/brute_scheduler_test_support.h"
#include "serving/engine.h"
#include "serving/engine_draws.h"

namespace beltline::serving {

class BruteForce : public BruteScheduler {
 public:
  explicit BruteForce(const ClusterRules& rules) : rules_(rules) {}

  void add_replica(const ReplicaPlan& plan, Picoseconds ready) {
    auto machine = std::make_unique<Machine>();
    machine->plan = plan;
    machine->blocks_max = plan.rules.blocks_max;
    empty_memory(*machine);
    machines_.push_back(std::move(machine));
    set_ready(static_cast<int32_t>(machines_.size()) - 1, ready);
  }
  void drain(int32_t number) { machines_[number]->drained = true; }
  void accept(int32_t number) {
    machines_[number]->drained = false;
    settle();
  }
  void slow(int32_t number, double factor) { machines_[number]->factor = factor; }
  void pause(int32_t number) { machines_[number]->paused = true; }
  void resume(int32_t number) {
    machines_[number]->paused = false;
    wake(*machines_[number]);
  }
  void repair(int32_t number) { set_ready(number, now); }
  void submit(const Request& request) {
    items_.push_back(std::make_unique<Item>());
    Item& it = *items_.back();
    it.request = request;
    it.prefix.assign(request.prefix.begin(), request.prefix.end());
    it.shared = std::ssize(it.prefix);
    for (uint64_t unit = it.prefix.size(); unit < 200; ++unit) it.prefix.push_back((request.id << 32) + unit);
    it.target = request.prompt_tokens;
    it.done = {.id = request.id,
               .arrival = request.arrival,
               .prompt_tokens = request.prompt_tokens,
               .output_tokens = request.output_tokens,
               .cached_tokens = -1};
    if (request.patience != kNever) set_timer(now + request.patience, {1, &it, 0, 0});
    if (request.timeout != kNever) set_timer(now + request.timeout, {2, &it, 0, 0});
    route(it, true);
  }
  void cancel(uint64_t id) {
    for (auto& it : items_) {
      if (it->request.id == id && it->place != Place::over) return stop(*it, Ending::cancelled);
    }
  }
  void fail(int32_t number, Picoseconds repaired, Casualties casualties) {
    Machine& machine = *machines_[number];
    std::vector<Item*> taken;
    for (auto& it : items_) {
      const bool leaves = it->place == Place::leaving && it->machine == number;
      const bool moves = it->place == Place::moving && (it->machine == number || it->decoder == number);
      if (leaves || moves) drop_move(*it);
      const bool is_here = it->machine == number && it->place != Place::over && it->place != Place::unrouted;
      if (is_here || leaves || moves) taken.push_back(it.get());
    }
    if (std::ranges::any_of(machines_, [](auto& m) { return m->plan.rules.by_priority; })) {
      std::ranges::stable_sort(taken, {}, [](Item* it) { return it->request.priority; });
    }
    machine.running.clear();
    machine.joining.clear();
    machine.waiting.clear();
    machine.arriving.clear();
    machine.held.clear();
    machine.reserved = 0;
    machine.ends = kNever;
    machine.is_busy = machine.follows = false;
    empty_memory(machine);
    machine.ready = false;
    for (Item* it : taken) {
      it->place = Place::unrouted;
      it->machine = -1;
      it->target = it->request.prompt_tokens + it->done.generated;
      it->computed = it->blocks = it->units = 0;
      it->planned = 0;
      it->decodes = false;
      ++it->done.restarts;
      ++it->restarts;
      it->done.replica = -1;
    }
    set_ready(number, repaired);
    for (Item* it : taken) {
      if (casualties == Casualties::lose) {
        end(*it, Ending::lost);
      } else {
        route(*it, false);
      }
    }
    settle();
  }
  void advance(Picoseconds at) {
    while (true) {
      Machine* first = nullptr;
      for (auto& machine : machines_) {
        if (machine->ends != kNever && (first == nullptr || machine->ends < first->ends)) first = machine.get();
      }
      const Picoseconds timer = timers_.empty() ? kNever : timers_.begin()->first.first;
      const Picoseconds event = first == nullptr ? kNever : first->ends;
      if (std::min(timer, event) >= at) break;
      now = std::min(timer, event);
      if (timer <= event) {
        const Due due = timers_.begin()->second;
        timers_.erase(timers_.begin());
        play(due);
      } else {
        boundary(*first);
      }
    }
    if (at != kNever) now = at;
  }

  [[nodiscard]] const std::vector<std::unique_ptr<Item>>& items() const { return items_; }

 private:
  struct Due {
    int kind = 0;  // 1 patience, 2 timeout, 3 keys arrive, 4 ready
    Item* item = nullptr;
    int32_t machine = 0;
    int64_t life = 0;
  };

  void set_timer(Picoseconds time, Due due) { timers_.emplace(std::pair(time, ++timer_count_), due); }
  void set_ready(int32_t number, Picoseconds ready) {
    Machine& m = *machines_[number];
    ++m.life;
    m.ready = ready <= now;
    if (!m.ready && ready != kNever) set_timer(ready, {4, nullptr, number, m.life});
    if (m.ready && !m.drained) settle();
  }
  [[nodiscard]] bool splits() const {
    return std::ranges::any_of(machines_, [](auto& m) { return m->plan.role == ReplicaRole::prefill; });
  }
  [[nodiscard]] bool is_front(const Machine& m) const { return !splits() || m.plan.role == ReplicaRole::prefill; }
  [[nodiscard]] int64_t requests(const Machine& m) const {
    int64_t count = 0;
    for (auto& it : items_) {
      const bool keeps = it->place == Place::moving && machines_[it->decoder].get() == &m;
      const bool has = it->machine >= 0 && machines_[it->machine].get() == &m && it->place != Place::over &&
                       it->place != Place::unrouted;
      count += keeps + has;
    }
    return count;
  }
  [[nodiscard]] int64_t prompt_tokens(const Machine& m) const {
    int64_t sum = 0;
    for (auto& it : items_) {
      const bool has = it->machine >= 0 && machines_[it->machine].get() == &m && it->place != Place::over &&
                       it->place != Place::unrouted;
      if (has) sum += it->request.prompt_tokens;
    }
    return sum;
  }

  // ---- routing
  [[nodiscard]] int32_t choose(const Item& item) {
    std::vector<int32_t> open;
    for (int32_t at = 0; at < std::ssize(machines_); ++at) {
      const Machine& m = *machines_[at];
      if (m.ready && !m.drained && is_front(m)) open.push_back(at);
    }
    if (open.empty()) return -1;
    const auto by = [&](auto&& value) {
      return *std::ranges::min_element(open, {}, [&](int32_t at) { return value(*machines_[at]); });
    };
    const auto count = [&](const Machine& m) { return requests(m); };
    switch (rules_.routing) {
      case Routing::round_robin: {
        int32_t chosen = open.front();
        for (const int32_t at : open) {
          if (at >= turn_) {
            chosen = at;
            break;
          }
        }
        turn_ = chosen + 1;
        return chosen;
      }
      case Routing::least_tokens: return by([&](const Machine& m) { return prompt_tokens(m); });
      case Routing::two_choices: {
        int32_t pair[2];
        for (uint32_t which = 0; which < 2; ++which) {
          const uint32_t position = which + 2 * static_cast<uint32_t>(item.restarts);
          const double drawn = request_draw(rules_.seed, item.request.id, EngineDraw::choice, position);
          pair[which] = open[static_cast<std::size_t>(drawn * static_cast<double>(open.size()))];
        }
        return requests(*machines_[pair[1]]) < requests(*machines_[pair[0]]) ? pair[1] : pair[0];
      }
      case Routing::central: {
        const int32_t least = by(count);
        return requests(*machines_[least]) < machines_[least]->plan.rules.sequences_max ? least : -1;
      }
      default: return by(count);
    }
  }
  void route(Item& it, bool is_new) {
    const int32_t number = unrouted().empty() ? choose(it) : -1;
    it.place = Place::unrouted;
    it.wait_entry = ++entries_;
    if (number >= 0)
      assign(it, number, is_new);
    else
      is_waiting_outside_[&it] = true;
  }
  [[nodiscard]] std::vector<Item*> unrouted() {
    std::vector<Item*> list;
    for (auto& it : items_) {
      if (it->place == Place::unrouted && is_waiting_outside_.contains(it.get())) list.push_back(it.get());
    }
    const bool by_priority = std::ranges::any_of(machines_, [](auto& m) { return m->plan.rules.by_priority; });
    std::ranges::sort(list, {}, [&](Item* it) {
      return by_priority ? std::tuple(it->request.priority, it->request.arrival, it->wait_entry)
                         : std::tuple(0, Picoseconds{0}, it->wait_entry);
    });
    return list;
  }
  void route_unrouted() {
    for (Item* it : unrouted()) {
      const int32_t number = choose(*it);
      if (number < 0) return;
      is_waiting_outside_.erase(it);
      assign(*it, number, false);
    }
  }
  void assign(Item& it, int32_t number, bool is_new) {
    Machine& m = *machines_[number];
    const EngineRules& rules = m.plan.rules;
    if (is_new && rules.requests_max > 0 && requests(m) >= rules.requests_max) return end(it, Ending::refused);
    if (!can_hold(m, it)) return end(it, Ending::too_long);
    it.place = Place::arriving;
    it.machine = it.done.replica = number;
    it.entered = now;
    m.arriving.push_back(&it);
    wake(m);
  }
  static bool can_hold(const Machine& m, const Item& it) {
    const EngineRules& rules = m.plan.rules;
    const bool samples_one = m.plan.role == ReplicaRole::prefill;
    const int64_t tokens = it.request.prompt_tokens + (samples_one ? 0 : it.request.output_tokens - 1);
    if (!rules.chunks_prompts && tokens > rules.step_tokens_max) return false;
    return blocks_for(m, tokens + rules.speculation.tokens) <= m.blocks_max;
  }
  void end(Item& it, Ending ending) {
    it.done.finish = now;
    it.done.ending = ending;
    it.place = Place::over;
    is_waiting_outside_.erase(&it);
  }
  void wake(Machine& m) {
    if (!m.is_busy && m.ends == kNever && m.ready && !m.paused) m.ends = now;
  }
  void settle() {
    route_unrouted();
    start_moves();
    route_unrouted();
  }
  void play(const Due& due) {
    if (due.kind == 4) {
      if (machines_[due.machine]->life == due.life) set_ready(due.machine, now);
    } else if (due.kind == 3) {
      if (due.item->place == Place::moving && due.item->move == due.life) arrive(*due.item);
    } else if (due.item->place != Place::over) {
      if (due.kind == 2) stop(*due.item, Ending::timed_out);
      if (due.kind == 1 && due.item->done.scheduled < 0) stop(*due.item, Ending::gave_up);
    }
  }
  void stop(Item& it, Ending ending) {
    if (it.place == Place::leaving || it.place == Place::moving) {
      drop_move(it);
    } else if (it.machine >= 0 && it.place != Place::unrouted) {
      Machine& m = *machines_[it.machine];
      std::erase(m.arriving, &it);
      std::erase(m.waiting, &it);
      if (std::erase(m.joining, &it) > 0) {
        --m.reserved;
        release(m, it);
      }
      wake(m);  // one that runs leaves the batch when its step is over
    }
    end(it, ending);
    settle();
  }

  // ---- from prefill to decode
  void drop_move(Item& it) {
    Machine& from = *machines_[it.machine];
    const int64_t kept = it.computed;
    release(from, it);
    wake(from);
    if (it.place == Place::moving) {
      Machine& to = *machines_[it.decoder];
      give(to, blocks_for(to, kept));
      --to.reserved;
      wake(to);
      it.decoder = -1;
    }
    std::erase(leaving_, &it);
  }
  void start_moves() {
    while (!leaving_.empty()) {
      Item& it = *leaving_.front();
      int32_t best = -1;
      bool fits = false, is_any = false;
      for (int32_t at = 0; at < std::ssize(machines_); ++at) {
        Machine& m = *machines_[at];
        if (splits() && is_front(m)) continue;
        fits = fits || can_hold(m, it);
        if (!m.ready || m.drained) continue;
        is_any = true;
        if (!can_hold(m, it) || !has_room(m) || available(m) < blocks_for(m, it.computed)) continue;
        if (best < 0 || requests(m) < requests(*machines_[best])) best = at;
      }
      if (!is_any) return;
      if (best < 0 && fits) return;
      if (best < 0) {
        release(*machines_[it.machine], it);
        wake(*machines_[it.machine]);
        leaving_.pop_front();
        end(it, Ending::too_long);
        continue;
      }
      leaving_.pop_front();
      Machine& from = *machines_[it.machine];
      Machine& to = *machines_[best];
      take(to, blocks_for(to, it.computed));
      ++to.reserved;
      it.place = Place::moving;
      it.decoder = best;
      const double seconds = static_cast<double>(it.computed) * rules_.link.bytes_per_token / rules_.link.bytes_per_s;
      from.link_free = std::max(now, from.link_free) + std::llround(seconds * kSecond);
      it.move = ++moves_;
      set_timer(from.link_free + rules_.link.latency, {3, &it, 0, it.move});
    }
  }
  void arrive(Item& it) {
    Machine& from = *machines_[it.machine];
    Machine& to = *machines_[it.decoder];
    release(from, it);
    wake(from);
    it.machine = it.done.replica = it.decoder;
    it.decoder = -1;
    it.blocks = blocks_for(to, it.computed);
    it.place = Place::joining;
    it.entered = now;
    to.joining.push_back(&it);
    wake(to);
    settle();
  }

  // ---- a replica's steps
  void boundary(Machine& m) {
    m.ends = kNever;
    m.follows = m.is_busy;
    m.previous = m.is_busy ? m.started : now;
    if (m.is_busy) end_step(m);
    m.is_busy = false;
    if (!unrouted().empty() || !leaving_.empty()) settle();
    m.ends = kNever;
    if (m.paused) let_held_go(m);
    if (!m.paused && m.ready) form(m);
    settle();
  }
  // Decodes first, then prompts: those who join the decodes now have had their token.
  void end_step(Machine& m) {
    std::vector<Item*> batch = m.running;
    std::ranges::stable_sort(batch, {}, [](Item* it) { return it->decodes ? 0 : 1; });
    for (Item* it : batch) step_one(m, *it);
  }
  void step_one(Machine& m, Item& it) {
    if (it.place == Place::over) {
      std::erase(m.running, &it);
      release(m, it);
      return;
    }
    if (it.planned == 0) return;
    const Speculation& speculation = m.plan.rules.speculation;
    int32_t tokens = 1;
    if (it.decodes) {
      if (speculation.tokens > 0)
        tokens = speculative_tokens(speculation, rules_.seed, it.request.id, it.done.generated);
      tokens = std::min(tokens, it.request.output_tokens - it.done.generated);
      it.computed += tokens;
    } else {
      it.computed += it.planned;
      if (it.computed < it.target) {
        it.planned = 0;
        return;
      }
    }
    it.planned = 0;
    for (int32_t at = 0; at < tokens; ++at) it.tokens.push_back(now);
    it.done.generated += tokens;
    if (it.done.first_token < 0) it.done.first_token = now;
    if (it.done.generated == it.request.output_tokens) {
      end(it, Ending::finished);
      std::erase(m.running, &it);
      if (m.plan.rules.schedules_ahead)
        m.held.push_back(&it);
      else
        release(m, it);
    } else if (m.plan.role == ReplicaRole::prefill) {
      std::erase(m.running, &it);
      it.place = Place::leaving;
      leaving_.push_back(&it);
    } else {
      it.decodes = true;
    }
  }
  void form(Machine& m) {
    for (Item* it : std::vector<Item*>(m.running)) {
      if (it->place == Place::over) step_one(m, *it);
    }
    const bool ahead = m.plan.rules.schedules_ahead && m.follows;
    if (!ahead) let_held_go(m);
    look(m, ahead ? m.previous : now);
    bool preempted = schedule(m);
    if (ahead) let_held_go(m);
    const auto planned = [&] { return std::ranges::any_of(m.running, [](Item* it) { return it->planned > 0; }); };
    if (!planned() && (ahead || preempted)) {
      look(m, now);
      schedule(m);
    }
    if (!planned()) return;
    m.is_busy = true;
    m.started = now;
    m.ends = now + step_time(m);
  }
  ClusterRules rules_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<std::unique_ptr<Item>> items_;
  std::map<Item*, bool> is_waiting_outside_;
  std::deque<Item*> leaving_;
  std::map<std::pair<Picoseconds, int64_t>, Due> timers_;
  int64_t timer_count_ = 0, moves_ = 0, turn_ = 0;
};

}  // namespace beltline::serving
