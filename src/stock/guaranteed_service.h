// Where to keep safety stock in a network whose stages promise each other a time: the guaranteed-service model.
#pragma once

#include <optional>
#include <vector>

namespace beltline::stock {

/// A stage. Times are whole numbers of one unit, such as weeks.
struct ServiceStage {
  int time = 0;                         // from all inputs at hand to output
  double holding = 0;                   // USD per unit and time, ≥ 0
  double deviation = 0;                 // of the demand of a unit of time, of the stage itself: where customers buy
  std::optional<int> promise_max = {};  // longest service time that customers accept; stages without customers need it
  int inbound = 0;                      // service time of what comes from outside
};

struct ServiceArc {
  std::size_t supplier = 0;  // index of the stage
  std::size_t customer = 0;
};

struct ServiceNetwork {
  std::vector<ServiceStage> stages;
  std::vector<ServiceArc> arcs;  // a tree without regard to direction, or several
  double factor = 1;             // z of the demand bound: z σ √τ is what a stage guards against in a net time τ
};

struct ServicePlan {
  std::vector<int> promise;          // [stage] outbound service time S
  std::vector<int> inbound;          // [stage] SI, the longest among what it takes in
  std::vector<double> safety_stock;  // [stage] units, z σ √(SI + T − S)
  double cost = 0;                   // USD per time
};

/// The cheapest promises, by dynamic programming over the tree:
///
///     min Σ_k h_k z σ_k √(SI_k + T_k − S_k),   SI_k ≥ S_i for each supplier i,   S_k ≤ promise_max_k
///
/// σ of a stage is that of all demand behind it (independent demands: squares add up).
/// @errors  none; arcs with a loop, indices that are none or negative numbers are a Bug
/// @cost    O(stages · (longest path)²)
/// @source  Simpson 1958; Graves & Willems 2000; Snyder & Shen 2019, section 6.3
ServicePlan guaranteed_service(const ServiceNetwork& network);

}  // namespace beltline::stock
