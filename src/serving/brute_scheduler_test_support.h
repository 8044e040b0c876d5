// A replica of the stepper of brute_force_test_support.h: its memory block by block, and its scheduler token by token.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "serving/engine.h"

namespace beltline::serving {

class BruteScheduler {
 public:
  enum class Place { unrouted, arriving, waiting, running, leaving, moving, joining, over };

  struct Item {
    Request request;
    std::vector<uint64_t> prefix;  // with its own units behind, none of which is cached unless it was preempted
    int64_t shared = 0;            // of them, those that others may have
    Completion done;
    std::vector<Picoseconds> tokens;
    Place place = Place::unrouted;
    int32_t machine = -1, decoder = -1, planned = 0, restarts = 0;
    int64_t target = 0, computed = 0, blocks = 0, units = 0, admitted = 0, entered = 0, wait_entry = 0, move = 0;
    bool decodes = false;
  };

  Picoseconds now = 0;

 protected:
  struct Machine {
    ReplicaPlan plan;
    double factor = 1;
    bool drained = false, ready = false, paused = false, is_busy = false, follows = false;
    int64_t life = 0, blocks_max = 0, reserved = 0, admissions = 0;
    Picoseconds started = 0, ends = kNever, previous = 0, link_free = 0;
    std::vector<Item*> arriving, joining, running, held;
    std::deque<Item*> waiting;
    std::list<std::optional<uint64_t>> free;  // blocks, the next to be taken first; with the unit that lies in it
    std::map<uint64_t, int> holders;          // of units in the cache
  };
  static int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
  static int64_t blocks_for(const Machine& m, int64_t tokens) { return ceil_div(tokens, m.plan.rules.block_tokens); }
  static int64_t unit_blocks(const Machine& m) { return m.plan.rules.prefix_unit_tokens / m.plan.rules.block_tokens; }
  static void empty_memory(Machine& m) {
    m.free.assign(static_cast<std::size_t>(m.blocks_max), std::nullopt);
    m.holders.clear();
  }

  // ---- memory
  static void take(Machine& m, int64_t blocks) {
    for (; blocks > 0; --blocks) {
      const std::optional<uint64_t> unit = m.free.front();
      m.free.pop_front();
      if (!unit) continue;
      m.holders.erase(*unit);
      for (auto& block : m.free) {
        if (block == unit) block = std::nullopt;
      }
    }
  }
  static void give(Machine& m, int64_t blocks) {
    for (; blocks > 0; --blocks) m.free.push_back(std::nullopt);
  }
  static void hold(Machine& m, uint64_t unit) {
    if (m.holders.at(unit)++ == 0) m.free.remove(std::optional(unit));
  }
  static void publish(Machine& m, Item& it) {
    if (!m.plan.rules.caches_prefixes) return;
    const int64_t tokens = it.computed + it.planned;
    publish_up_to(m, it, std::min<int64_t>(it.shared, tokens / m.plan.rules.prefix_unit_tokens));
  }
  static void publish_up_to(Machine& m, Item& it, int64_t whole) {
    for (; it.units < whole; ++it.units) {
      const uint64_t unit = it.prefix[it.units];
      if (m.holders.contains(unit)) {
        hold(m, unit);
        give(m, unit_blocks(m));
      } else {
        m.holders[unit] = 1;
      }
      it.blocks -= unit_blocks(m);
    }
  }
  // `blocks` are those of its own, units aside.
  static void release(Machine& m, Item& it) {
    give(m, it.blocks);
    while (it.units > 0) {
      const uint64_t unit = it.prefix[--it.units];
      if (--m.holders.at(unit) > 0) continue;
      for (int64_t block = 0; block < unit_blocks(m); ++block) m.free.emplace_back(unit);
    }
    it.blocks = 0;
  }
  static int64_t available(const Machine& m) { return std::ssize(m.free); }

  // ---- a step
  static bool has_room(const Machine& m) {
    return std::ssize(m.running) + std::ssize(m.held) + m.reserved < m.plan.rules.sequences_max;
  }
  static void let_held_go(Machine& m) {
    for (Item* it : m.held) release(m, *it);
    m.held.clear();
  }
  void look(Machine& m, Picoseconds until) {
    while (!m.arriving.empty() && m.arriving.front()->entered <= until) {
      Item* it = m.arriving.front();
      m.arriving.erase(m.arriving.begin());
      it->place = Place::waiting;
      it->wait_entry = ++entries_;
      m.waiting.push_back(it);
    }
    while (!m.joining.empty() && m.joining.front()->entered <= until) {
      Item* it = m.joining.front();
      m.joining.erase(m.joining.begin());
      it->place = Place::running;
      it->decodes = true;
      it->admitted = ++m.admissions;
      --m.reserved;
      m.running.push_back(it);
    }
  }
  static std::vector<Item*> sorted_line(const Machine& m) {
    std::vector<Item*> line(m.waiting.begin(), m.waiting.end());
    if (m.plan.rules.by_priority) {
      std::ranges::sort(line, {},
                        [](Item* it) { return std::tuple(it->request.priority, it->request.arrival, it->wait_entry); });
    }
    return line;
  }
  bool schedule(Machine& m) {
    const EngineRules& rules = m.plan.rules;
    const bool was_running = !m.running.empty();
    int64_t budget = rules.step_tokens_max;
    bool preempted = false;
    for (const bool decodes : {true, false}) {
      for (Item* it : std::vector<Item*>(m.running)) {
        if (it->decodes != decodes || it->place != Place::running ||
            std::ranges::find(m.running, it) == m.running.end())
          continue;
        if (budget <= 0 && !decodes) break;
        const int64_t planned = decodes ? 1 + rules.speculation.tokens : chunk(rules, *it, budget);
        const int64_t needed = blocks_for(m, it->computed + planned) - it->units * unit_blocks(m) - it->blocks;
        while (std::max<int64_t>(needed, 0) > available(m)) {
          preempted = true;
          Item* last = victim(m);
          budget += last->planned;
          preempt(m, *last);
          if (last == it) break;
        }
        if (it->place != Place::running) continue;
        take(m, std::max<int64_t>(needed, 0));
        it->blocks += std::max<int64_t>(needed, 0);
        it->planned = static_cast<int32_t>(planned);
        budget -= planned;
        if (!decodes) publish(m, *it);
      }
    }
    if (preempted || (rules.is_static && was_running)) return preempted;
    while (budget > 0 && has_room(m) && !m.waiting.empty()) {
      Item* it = sorted_line(m).front();
      int64_t units = 0, idle = 0;
      if (rules.caches_prefixes) {
        const int64_t known = it->done.preemptions > 0 ? std::ssize(it->prefix) : it->shared;
        const int64_t whole = std::min<int64_t>(known, (it->target - 1) / rules.prefix_unit_tokens);
        while (units < whole && m.holders.contains(it->prefix[units])) ++units;
        for (int64_t at = 0; at < units; ++at) idle += m.holders[it->prefix[at]] == 0;
      }
      it->computed = units * rules.prefix_unit_tokens;
      const int64_t planned = chunk(rules, *it, budget);
      const int64_t needed = blocks_for(m, it->computed + planned) - units * unit_blocks(m);
      const bool needs_all = rules.reserves_prompts || m.plan.role == ReplicaRole::prefill;
      const int64_t wanted = needs_all ? blocks_for(m, it->target) - units * unit_blocks(m) : needed;
      if (planned == 0 || wanted + idle * unit_blocks(m) > available(m)) {
        it->computed = 0;
        break;
      }
      m.waiting.erase(std::ranges::find(m.waiting, it));
      for (int64_t at = 0; at < units; ++at) hold(m, it->prefix[at]);
      it->units = units;
      take(m, needed);
      it->blocks = needed;
      it->planned = static_cast<int32_t>(planned);
      if (it->done.scheduled < 0) it->done.scheduled = now;
      if (it->done.cached_tokens < 0) it->done.cached_tokens = static_cast<int32_t>(it->computed);
      it->place = Place::running;
      it->decodes = false;
      it->admitted = ++m.admissions;
      m.running.push_back(it);
      budget -= planned;
      publish(m, *it);
    }
    return preempted;
  }
  static int64_t chunk(const EngineRules& rules, const Item& it, int64_t budget) {
    const int64_t rest = it.target - it.computed;
    if (!rules.chunks_prompts) return rest <= budget ? rest : 0;
    return std::min({rest, budget, rules.chunk_max > 0 ? int64_t{rules.chunk_max} : rest});
  }
  static Item* victim(const Machine& m) {
    return *std::ranges::max_element(m.running, {}, [&](Item* it) {
      return m.plan.rules.by_priority ? std::tuple(it->request.priority, it->request.arrival, it->admitted)
                                      : std::tuple(0, Picoseconds{0}, it->admitted);
    });
  }
  void preempt(Machine& m, Item& it) {
    std::erase(m.running, &it);
    if (m.plan.rules.caches_prefixes) publish_up_to(m, it, it.computed / m.plan.rules.prefix_unit_tokens);
    release(m, it);
    it.target = it.request.prompt_tokens + it.done.generated;
    it.computed = it.planned = 0;
    it.decodes = false;
    it.place = Place::waiting;
    it.wait_entry = ++entries_;
    ++it.done.preemptions;
    m.waiting.push_front(&it);
  }
  static Picoseconds step_time(const Machine& m) {
    const Speculation& speculation = m.plan.rules.speculation;
    const auto scaled = [&](Picoseconds time) {
      return m.factor == 1 ? time : static_cast<Picoseconds>(std::llround(static_cast<double>(time) * m.factor));
    };
    std::vector<perf::Chunk> chunks;
    int32_t decodes = 0;
    int64_t context = 0;
    for (const Item* it : m.running) {
      if (it->planned == 0) continue;
      if (it->decodes) {
        ++decodes;
        context += it->computed;
      } else {
        chunks.push_back({it->planned, it->computed, it->computed + it->planned == it->target});
      }
    }
    if (chunks.empty() && speculation.tokens == 0) {
      const perf::DecodeLine line = m.plan.cost->decode_line(decodes, context);
      return scaled(line.base) + scaled(line.slope) * context;
    }
    const perf::Step step = {chunks, decodes * (1 + speculation.tokens), context};
    return scaled(m.plan.cost->step(step) + (decodes > 0 ? speculation.draft : 0));
  }

  int64_t entries_ = 0;
};

}  // namespace beltline::serving
