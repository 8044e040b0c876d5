// One site of a fleet through time: its slots, clusters, power cap, failures, scaling and jobs.
//
// A slot is what one replica of the largest model takes of a rack; a smaller model has several replicas in it. Slots
// are what is scaled, fails, and trains. What happens at a site comes in a total order (time, sequence), and nothing of
// it depends on other sites but the requests that are given to it: between two reports of loads sites are independent.
#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "serving/engine.h"
#include "serving/fleet.h"
#include "serving/traffic.h"

namespace beltline::serving {

/// A request on its way through the fleet.
struct Ticket {
  TrafficRequest request;    // model: index into FleetSpec::models
  Picoseconds original = 0;  // when its client first asked
  double weight = 1;         // requests in truth that it stands for
  double rtt_s = 0;          // to the site that has it
  int32_t attempt = 0;       // 0: the first
  bool was_lost = false;     // in an attempt before this one, with a site or its replicas
};

enum class TicketEnd : uint8_t { finished, lost, gave_up, too_long };

struct TicketReturn {
  Ticket ticket;
  Completion completion;
  TicketEnd end = TicketEnd::finished;
};

/// Something that happened, for people.
struct FleetEvent {
  Picoseconds at = 0;
  int32_t site = -1;
  std::string_view kind;  // "lost", "restored", "failed", "repaired", "capped", "scaled up", …
  std::string detail;
  double amount = 0;
};

/// What a site did since the last one was taken. Requests, tokens and places are of what is simulated; energy, slots
/// and replicas are in truth, each slot times what it stands for.
struct SiteSample {
  double tokens_in = 0;  // of prompts, computed or found in a cache
  double tokens_out = 0;
  double tokens_cached = 0;
  double serving_J = 0;  // IT, without auxiliaries: slots that load, serve or drain, and steps
  double training_J = 0;
  double idle_J = 0;     // slots that do nothing, or failed
  double busy_s = 0;     // of steps, over all replicas
  double serving_s = 0;  // of replicas that serve
  double waiting_s = 0;  // integral of requests that wait
  double in_flight_s = 0;
  double places_s = 0;                              // integral of places
  double capacity = 0;                              // requests that its replicas could have served
  double serving_slots_s = 0, serving_racks_s = 0;  // integral of slots that load, serve or drain, and of their racks
  double training_s = 0, training_racks_s = 0;      // of those that train
  int64_t preemptions = 0;
  double slow_factor = 1;  // at its end
  double cap_W = 0;        // of the facility at its end; 0: none
  int32_t replicas = 0;    // that serve at its end
  int64_t in_flight = 0;   // at its end
};

/// How a job went.
struct JobOutcome {
  double done_h = 0;  // of its work, kept by a checkpoint or finished
  double lost_h = 0;  // worked and lost
  double idle_h = 0;  // restarting
  int32_t starts = 0, preempted = 0, interrupted = 0;
  Picoseconds finished = -1;
};

struct SiteRunOptions {
  uint64_t seed = 1;
  double scale_down = 1;      // simulated slots are one in so many
  double request_weight = 1;  // requests in truth for one simulated
  Picoseconds start_of_day = 0;
  Picoseconds end = 0;             // events that go on by themselves stop here
  std::vector<MeanRequest> means;  // [model]
};

class SiteRun {
 public:
  SiteRun(const FleetSpec& spec, int32_t site, const SiteRunOptions& options);
  SiteRun(SiteRun&&) noexcept;
  ~SiteRun();

  /// Gives a request to the site at `at`, which never goes backwards. Plays what comes before.
  void submit(Ticket ticket, Picoseconds at);
  /// Plays everything before `to`.
  void advance(Picoseconds to);

  /// Requests in flight over places, as of the last call of `advance`; infinite where the model has no place.
  [[nodiscard]] double load(int32_t model) const;
  [[nodiscard]] double places(int32_t model) const;
  [[nodiscard]] bool is_lost() const { return lost_; }
  /// A planned outage that is near: it finishes what it has.
  [[nodiscard]] bool is_closing() const { return closing_; }
  /// Slots in truth over slots simulated, over all kinds of racks.
  [[nodiscard]] double weight() const { return weight_; }
  [[nodiscard]] int32_t slot_count() const { return static_cast<int32_t>(slots_.size()); }
  [[nodiscard]] int64_t in_flight() const;

  [[nodiscard]] std::vector<TicketReturn>& returns() { return returns_; }
  [[nodiscard]] std::vector<FleetEvent>& events() { return events_; }
  [[nodiscard]] const std::vector<JobOutcome>& jobs() const { return outcomes_; }
  [[nodiscard]] const std::vector<int32_t>& job_numbers() const { return job_numbers_; }
  /// Simulated slots of each job; 0: it is too small for the scale.
  [[nodiscard]] std::vector<int32_t> job_slots() const;
  /// What happened since the last sample, up to `at`, which has been advanced to.
  SiteSample take_sample(Picoseconds at);
  /// Closes the books of jobs at the end.
  void finish_jobs(Picoseconds at);
  /// @errors a Bug where an engine's books do not agree, or a request is missing
  void check_conservation() const;

 private:
  enum class SlotState : uint8_t { idle, loading, serving, draining, failed, training, off };
  enum class Kind : uint8_t { outage_begin, outage_end, closing, cap, failure, rack_failure, up, scale, job };
  struct Event {
    Picoseconds at = 0;
    uint64_t sequence = 0;
    Kind kind = Kind::cap;
    int32_t index = 0;
    uint32_t token = 0;  // of what it is about; an older one is void

    friend bool operator>(const Event& a, const Event& b) {
      return std::tie(a.at, a.sequence) > std::tie(b.at, b.sequence);
    }
  };
  struct Slot {
    int32_t rack_kind = 0;
    int32_t rack = 0;    // number within the site
    int32_t model = -1;  // that it serves, loads or drains
    int32_t job = -1;
    SlotState state = SlotState::idle;
    uint32_t token = 0;
    uint32_t failures = 0;                       // so far: keys its draws
    double weight = 1;                           // slots in truth
    std::vector<std::vector<int32_t>> replicas;  // [model] numbers in its cluster; empty: never loaded
  };
  struct Pool;
  struct Job {
    int32_t slots_needed = 0;
    bool is_running = false, is_done = false;
    Picoseconds work_begins = 0;  // after the restart
    uint32_t token = 0;
  };

  [[nodiscard]] const FleetSite& site() const { return spec_.sites[static_cast<std::size_t>(site_)]; }
  void make_slots();
  void make_pools();
  void assign_shares();
  void add_jobs();
  void set_first_events();
  void push(Picoseconds at, Kind kind, int32_t index, uint32_t token = 0);
  void play(const Event& event);
  void play_until(Picoseconds to);
  void collect(Pool& pool);
  void account(Picoseconds at);
  void harvest();
  [[nodiscard]] double slot_W(const Slot& slot) const;
  void note(Picoseconds at, std::string_view kind, std::string detail, double amount);

  void load_slot(std::size_t slot, int32_t model, Picoseconds at, Picoseconds ready);
  void drain_slot(std::size_t slot, Picoseconds at);
  void stop_slot(std::size_t slot, SlotState state, Picoseconds at, Casualties casualties);
  void set_up(std::size_t slot, Picoseconds at);
  void fail_slot(std::size_t slot, Picoseconds at, Picoseconds repaired);
  void next_failure(std::size_t slot, Picoseconds at);
  void next_rack_failure(int32_t rack, Picoseconds at);
  void begin_outage(const OutageRules& outage, Picoseconds at);
  void end_outage(Picoseconds at);
  void apply_cap(Picoseconds at);
  void set_slow(double factor, Picoseconds at);
  [[nodiscard]] double cap_factor() const;
  bool turn_one_off(Picoseconds at);
  bool turn_one_on(Picoseconds at);
  void scale(Picoseconds at);
  void scale_down(int32_t model, Picoseconds at, double wanted, double held);
  void free_drained(Picoseconds at);
  void start_jobs(Picoseconds at);
  void stop_job(std::size_t job, Picoseconds at, bool is_preemption);
  void finish_job(std::size_t job, Picoseconds at);
  [[nodiscard]] Pool* pool_of(int32_t model, int32_t rack_kind);
  [[nodiscard]] std::size_t replicas_in(const Slot& slot, int32_t model) const;
  void update_places();
  /// Whether replicas of each side are left when a slot that serves drains.
  [[nodiscard]] bool can_spare(std::size_t slot);

  const FleetSpec& spec_;
  int32_t site_ = 0;
  SiteRunOptions options_;
  double weight_ = 1;
  std::vector<Slot> slots_;
  /// Of a slot by kind of rack; 0 accelerators where no model runs on it.
  struct SlotFigures {
    int32_t accelerators = 0;
    int32_t per_rack = 0;
    double weight = 1;  // slots in truth for one simulated
    double base_W = 0;  // its part of what is on in a rack besides accelerators
    double idle_W = 0;  // of its accelerators
    double full_W = 0;
  };
  std::vector<SlotFigures> slot_figures_;  // [rack kind]
  std::vector<uint32_t> rack_failures_;    // [rack] so far
  std::vector<Pool> pools_;
  std::vector<Job> jobs_;
  std::vector<int32_t> job_numbers_;  // in FleetSpec::jobs
  std::vector<JobOutcome> outcomes_;
  std::vector<Picoseconds> low_since_;  // [model] since when fewer slots would do; −1: they would not
  std::vector<double> low_most_;        // [model] most places that were wanted since then
  std::vector<double> places_;          // [model] simulated
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  uint64_t sequence_ = 0;
  bool lost_ = false, closing_ = false;
  double slow_factor_ = 1;
  double cap_W_ = 0;
  Picoseconds accounted_ = 0;
  SiteSample sample_;
  std::vector<TicketReturn> returns_;
  std::vector<FleetEvent> events_;
};

}  // namespace beltline::serving
