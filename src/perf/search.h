// Which way of serving a model on a rack yields most at a service level: every split and precision that fits, at every
// batch.
#pragma once

#include <expected>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "perf/catalogue.h"
#include "perf/steady_load.h"

namespace beltline::perf {

struct ServiceLevel {
  double ttft_s = std::numeric_limits<double>::infinity();  // mean time to the first token
  double tpot_s = std::numeric_limits<double>::infinity();  // mean time from token to token
};

struct SearchOptions {
  std::optional<Precision> precision;  // of all weights; absent: as published, and fp8 where that is smaller
  std::optional<Parallelism> split;    // the only one to look at
  std::string engine = "vllm";
  double memory_share = 0.9;
  bool may_disaggregate = true;        // prompts and decodes on pools of their own
  const Profiles* profiles = nullptr;  // read while the search is made, kept by the caller until then
};

/// Replicas of one kind within the racks of a point.
struct Pool {
  std::shared_ptr<const ReplicaCost> cost;
  int32_t replicas = 0;
  double sequences = 0;  // under way in one of them; of a pool of prompts: waiting and being computed
};

/// One way to run racks, and what one of them yields.
struct RackPoint {
  Pool decode;                  // or, where nothing is split, prompts as well
  std::optional<Pool> prompts;  // a pool of their own
  int32_t racks = 1;            // that the pools stand on together
  double ttft_s = 0;
  double tpot_s = 0;
  double requests_per_s = 0;  // of one rack, as all below
  double output_tokens_per_s = 0;
  double input_tokens_per_s = 0;  // cached ones among them
  double power_W = 0;             // of the whole rack
  double prompt_use = 0;          // of the room for prompts
  PartBases bases;                // what the parts of its steps rest on

  /// Output tokens/s that one user sees.
  [[nodiscard]] double tokens_per_s_user() const { return 1 / tpot_s; }
};

/// Power of a rack whose accelerators take so much: what is not accelerators goes from its idle to its full power as
/// they go from theirs to theirs.
double rack_power_W(const Rack& rack, double accelerators_W);

/// All deployments of one model on one rack that its memory, its links and the chip's number formats allow. Immutable:
/// many threads may ask at a time.
class RackSearch {
 public:
  /// @errors  an unknown engine or generation, a precision the chip has not, a rack without accelerators, a model that
  ///          does not fit however it is split
  /// @cost    about 1 ms
  static std::expected<RackSearch, Diagnostics> make(const CatalogueModel& model, const Rack& rack,
                                                     const SearchOptions& options = {});

  /// The point of most output tokens a rack, of each way to serve (each replica shape, alone and as the decodes of a
  /// split) that meets the level; the best first, at most `count_max`.
  [[nodiscard]] std::vector<RackPoint> ranking(const Workload& workload, const ServiceLevel& level,
                                               std::size_t count_max) const;
  /// @returns nothing where no deployment meets the level: see `reach`
  /// @cost    below 1 ms
  [[nodiscard]] std::optional<RackPoint> best(const Workload& workload, const ServiceLevel& level) const;

  /// Points that no other beats in both output tokens a user and output tokens a rack, from the fastest user on, among
  /// those that meet the level's TTFT. TPOT is not asked for.
  [[nodiscard]] std::vector<RackPoint> front(const Workload& workload, const ServiceLevel& level) const;

  /// The least TTFT, and the least TPOT, of any deployment with one request at a time: no level below is met.
  [[nodiscard]] ServiceLevel reach(const Workload& workload) const;

  /// Tokens of the longest sequence that any deployment holds.
  [[nodiscard]] int64_t sequence_tokens_max() const;
  [[nodiscard]] const Rack& rack() const { return rack_; }
  [[nodiscard]] const CatalogueModel& model() const { return model_; }
  [[nodiscard]] std::size_t deployment_count() const { return replicas_.size(); }

 private:
  RackSearch(const CatalogueModel& model, const Rack& rack, const SearchOptions& options);
  using Replica = std::shared_ptr<const ReplicaCost>;

  struct Prompts;
  [[nodiscard]] RackPoint alone(const Replica& replica, const Workload& workload, double sequences) const;
  [[nodiscard]] std::optional<RackPoint> alone_at(const Replica& replica, const Workload& workload,
                                                  const ServiceLevel& level) const;
  [[nodiscard]] std::optional<Prompts> best_prompts(const Workload& workload, const ServiceLevel& level) const;
  [[nodiscard]] std::optional<RackPoint> split(const Replica& replica, const Prompts& prompts, const Workload& workload,
                                               double sequences) const;
  [[nodiscard]] std::optional<RackPoint> split_at(const Replica& replica, const Prompts& prompts,
                                                  const Workload& workload, const ServiceLevel& level) const;
  static void set_rate(RackPoint& point, const Workload& workload, double requests_per_s);
  /// Its power and what it rests on, which take longer than all else: of the points that are told alone.
  void complete(RackPoint& point, const Workload& workload) const;

  CatalogueModel model_;
  Rack rack_;
  SearchOptions options_;
  BatchPolicy policy_;
  std::vector<Replica> replicas_;
};

/// What tokens cost: capital over the rack's life, and power.
struct CostOptions {
  double price_USD = 0;  // of a rack; 0: the catalogue's
  double life_years = 5;
  double power_USD_kWh = 0.08;
  double pue = 1.2;
  double use = 1;  // mean over peak tokens
};

/// Of a million output tokens, what reading their prompts costs included; NaN where the rack's price is not known.
double usd_per_million_output_tokens(const RackPoint& point, const Rack& rack, const CostOptions& options);

}  // namespace beltline::perf
