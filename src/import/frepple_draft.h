// The network of a frePPLe model as the entries of a scenario.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "import/draft.h"
#include "import/frepple_grid.h"
#include "import/names.h"

namespace beltline::frepple {

/// Lots of one length of time: those of a fixed time, or those of a time per unit in a range of sizes.
struct Variant {
  std::string name;                  // of its process
  int lag = 0;                       // periods from start to end
  double low = 0;                    // least quantity of a lot; 0: any
  double high = 0;                   // largest quantity of a lot
  double whole = 0;                  // quantities are multiples of this; 0: any
  bool is_one = false;               // each lot is exactly `low`
  std::vector<bool> may_start = {};  // [period] empty: in each
};

/// Writes buffers, jobs, orders and what stands fast.
///
/// The plan minimises unit-days late, weighted by priority; what is not delivered counts as late until the end of the
/// horizon. Preferred alternatives, safety stocks and stock itself count so little that they decide between plans of
/// the same lateness only.
class DraftMaker {
 public:
  DraftMaker(const FreppleModel& model, Lookup& lookup, const Network& network, const Grid& grid,
             Diagnostics& diagnostics);
  Draft make();

 private:
  void add_head();
  void add_goods();
  void add_store(const std::string& good, const Good& described);
  void add_minimum(const Buffer& buffer);
  void add_resources();
  void add_orders();
  void add_job(const Job& job);
  void add_variant(const Job& job, const Variant& variant);
  void add_lots(const Job& job, const Variant& variant, bool has_fixed);
  void add_whole(const Job& job, const Variant& variant);
  void add_limit(const std::string& name, const std::string& process, const std::string& capacity, double coefficient,
                 bool at_least, bool at_most);
  void add_fixed_plan(const FixedPlan& plan);
  void warn_of_soft_times();

  [[nodiscard]] std::vector<Variant> variants_of(const Job& job);
  [[nodiscard]] double lots_at_once(const Job& job, const Variant& variant) const;
  [[nodiscard]] std::vector<Fields> flow_records(const Job& job, const Variant& variant);
  [[nodiscard]] Numbers cost_of(const Job& job, const Variant& variant) const;
  [[nodiscard]] Numbers upper_of(const Job& job, const Variant& variant);
  void split_by_time(const Job& job, std::vector<Variant>& variants);
  [[nodiscard]] Numbers by_period(std::vector<double> values, std::string unit, std::string family,
                                  std::string column) const;
  [[nodiscard]] double weight(const Demand& demand) const;
  [[nodiscard]] double unserved(const Demand& demand) const;
  [[nodiscard]] double days(Seconds time) const { return static_cast<double>(time) / kDay; }
  /// More than any plan makes use of: what all orders, safety stocks and fixed plans need of a good, or of a job.
  double need_of(const std::string& good);
  /// Of orders, safety stocks and fixed plans alone.
  double own_need_of(const std::string& good);
  double need_of(const Job& job);
  /// The largest lot of any use where quantities are whole: what is needed of its output in all, rounded up to a lot. A
  /// larger one would be taken in parts by the relaxation, and with it a part of the time that a lot holds a machine.
  double largest_lot(const Job& job);
  double whole_need_of(const std::string& good);

  const std::string& commodity(const std::string& good) { return names_.of("good", good); }
  const std::string& place(const std::string& location) {
    return names_.of("place", location.empty() ? "everywhere" : location);
  }
  [[nodiscard]] const std::string& place_of(const std::string& good);

  const FreppleModel& model_;
  Lookup& lookup_;
  const Network& network_;
  const Grid& grid_;
  Diagnostics& diagnostics_;
  Draft draft_;
  NameMap names_;
  std::map<double, double> weights_;                        // [priority]
  std::map<std::string, std::vector<std::size_t>> takers_;  // [good] jobs that take it in
  std::map<std::string, double> needs_;                     // [good]
  std::map<std::string, double> whole_needs_;               // [good] where quantities are whole
  std::map<std::string, double> fixed_needs_;               // [good] what fixed plans take
  bool has_fractions_ = false;  // a quantity or a ratio that is no whole number, or not 1: lots of 1 must be said
};

}  // namespace beltline::frepple
