#include "import/matpower_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <unordered_map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/matpower_cost.h"

namespace beltline::matpower {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kUnlimitedMva = 1e10;  // MATPOWER reads ratings from here on as none
constexpr double kLargest = 1e30;       // of any number: beyond it, products of two are not finite
constexpr double kIsolated = 4;         // bus type NONE
constexpr double kFullCircle = 360;     // degrees

class NetworkMaker {
 public:
  NetworkMaker(Reader& reader, const Case& from, Convention convention)
      : reader_(reader), case_(from), convention_(convention) {}

  std::optional<Network> make() {
    network_.base_mva = case_.base_mva;
    add_buses();
    add_generators();
    add_branches();
    add_dc_lines();
    if (reader_.diagnostics().has_errors()) return std::nullopt;
    return std::move(network_);
  }

 private:
  void refuse(const Value& table, std::size_t row, std::size_t at, Diagnostic what) {
    if (what.found.empty()) what.found = fmt::format("{}", table.at(row, at));
    reader_.fault(table.place_of(row, at), std::move(what));
  }

  /// A number that must be finite, or may be infinite where that means no limit; 0 after a fault.
  double number(const Value& table, std::size_t row, std::size_t at, bool may_be_infinite = false) {
    const double value = table.at(row, at);
    if (std::abs(value) <= kLargest || (may_be_infinite && std::isinf(value))) return value;
    refuse(table, row, at,
           {.code = Code::not_finite,
            .message = "a number of the case is not finite, or too large",
            .expected = may_be_infinite ? "a number, or Inf for no limit" : "a number",
            .help = "write the number"});
    return 0;
  }

  void add_buses() {
    const Value& bus = case_.bus;
    for (std::size_t row = 0; row < bus.rows; ++row) {
      const double written = number(bus, row, column::kBusNumber);
      if (!(written >= 1) || written != std::floor(written) || written > 1e15) {
        refuse(bus, row, column::kBusNumber,
               {.code = Code::out_of_range,
                .message = "a bus has no number",
                .expected = "a whole number from 1",
                .help = "number the buses by whole numbers"});
        continue;
      }
      const auto id = static_cast<int64_t>(written);
      const double type = number(bus, row, column::kBusType);
      Bus out{.number = id, .row = row};
      out.shunt_mw = number(bus, row, column::kShunt);
      out.load_mw = number(bus, row, column::kLoad) + out.shunt_mw;
      if (bus.columns > column::kBusKv && std::isfinite(bus.at(row, column::kBusKv))) {
        out.base_kv = bus.at(row, column::kBusKv);
      }
      const bool is_isolated = type == kIsolated;
      if (!index_.try_emplace(id, is_isolated ? kOut : network_.buses.size()).second) {
        refuse(bus, row, column::kBusNumber,
               {.code = Code::duplicate_name,
                .message = fmt::format("two buses have the number {}", id),
                .expected = "a number of its own for each bus",
                .help = "renumber one of them"});
      } else if (!is_isolated) {
        network_.buses.push_back(out);
      }
    }
  }

  /// The bus that a table names; kOut if it is isolated or, after a fault, not there.
  std::size_t bus_at(const Value& table, std::size_t row, std::size_t at) {
    const double written = number(table, row, at);
    const bool is_whole = std::abs(written) < 1e15 && written == std::floor(written);
    const auto found = is_whole ? index_.find(static_cast<int64_t>(written)) : index_.end();
    if (found != index_.end()) return found->second;
    if (std::isfinite(table.at(row, at))) {
      refuse(table, row, at,
             {.code = Code::dangling_reference,
              .message = fmt::format("there is no bus {}", written),
              .expected = "a bus of mpc.bus",
              .help = "add the bus, or correct the number"});
    }
    return kOut;
  }

  bool in_order(const Value& table, std::size_t row, std::size_t at, double lower, double upper, const char* what) {
    if (lower <= upper && lower < kInfinity && upper > -kInfinity) return true;
    refuse(table, row, at,
           {.code = Code::inconsistent,
            .message = fmt::format("{} has limits that contradict each other", what),
            .found = fmt::format("from {} to {} MW", lower, upper),
            .expected = "a lower limit that is not above the upper one",
            .help = "correct one of them"});
    return false;
  }

  void add_generators() {
    const Value& gen = case_.gen;
    if (case_.gencost.size() == 0 && gen.size() != 0) {
      reader_.fault(gen.place, {.code = Code::missing_key,
                                .severity = Severity::warning,
                                .message = "the case has no costs, and all its generators cost nothing",
                                .expected = "mpc.gencost",
                                .help = "add mpc.gencost"});
    }
    for (std::size_t row = 0; row < gen.rows; ++row) {
      const std::size_t bus = bus_at(gen, row, column::kGenBus);
      const bool is_on = number(gen, row, column::kGenStatus) > 0;
      if (!is_on || bus == kOut) continue;
      Generator out{.bus = bus, .row = row};
      out.lower_mw = number(gen, row, column::kGenMin, true);
      out.upper_mw = number(gen, row, column::kGenMax, true);
      if (!in_order(gen, row, column::kGenMin, out.lower_mw, out.upper_mw, "a generator")) continue;
      if (row < case_.gen_fuels.size()) out.fuel = case_.gen_fuels[row];
      if (case_.gencost.size() != 0) {
        auto cost = read_cost(reader_, case_.gencost, row, out.lower_mw, out.upper_mw);
        if (!cost) continue;
        out.cost = std::move(*cost);
      }
      network_.generators.push_back(std::move(out));
    }
  }

  /// 1 / b in radians per unit of power on the base; 0 after a fault, infinity where nothing flows.
  double reactance(std::size_t row) {
    const Value& branch = case_.branch;
    const double r = number(branch, row, column::kR);
    const double x = number(branch, row, column::kX);
    const double tap = number(branch, row, column::kTap);
    if (convention_ == Convention::pglib) {
      // b = x / (r² + x²); a pure resistance has none, and carries nothing
      if (x == 0 && r != 0) return kInfinity;
      if (x != 0) return (r * r + x * x) / x;
    } else if (x != 0) {
      return x * (tap == 0 ? 1.0 : tap);
    }
    refuse(branch, row, column::kX,
           {.code = Code::out_of_range,
            .message = "a branch has no reactance",
            .expected = "a number other than 0",
            .help = "write a small reactance such as 0.0001, or join its two buses"});
    return 0;
  }

  /// Flow at an angle over the branch, MW.
  static double flow_at(const Branch& branch, double degrees) {
    return (degrees * std::numbers::pi / 180 - branch.shift_rad) / branch.reactance;
  }

  /// Narrows the flow to the angle limits: in MATPOWER a limit of 0 is none, in PowerModels only two of them are.
  void limit_angle(std::size_t row, Branch& out) {
    if (case_.branch.columns <= column::kAngleMax) return;
    const double least = number(case_.branch, row, column::kAngleMin, true);
    const double most = number(case_.branch, row, column::kAngleMax, true);
    if (least == 0 && most == 0) return;
    const bool zero_is_none = convention_ == Convention::matpower;
    const bool has_least = least > -kFullCircle && !(zero_is_none && least == 0);
    const bool has_most = most < kFullCircle && !(zero_is_none && most == 0);
    double low = has_least ? flow_at(out, least) : -std::copysign(kInfinity, out.reactance);
    double high = has_most ? flow_at(out, most) : std::copysign(kInfinity, out.reactance);
    if (out.reactance < 0) std::swap(low, high);
    out.lower_mw = std::max(out.lower_mw, low);
    out.upper_mw = std::min(out.upper_mw, high);
  }

  void add_branches() {
    const Value& branch = case_.branch;
    for (std::size_t row = 0; row < branch.rows; ++row) {
      Branch out{.from = bus_at(branch, row, column::kFrom), .to = bus_at(branch, row, column::kTo), .row = row};
      if (number(branch, row, column::kStatus) == 0 || out.from == kOut || out.to == kOut) continue;
      if (out.from == out.to) {
        refuse(branch, row, column::kTo,
               {.code = Code::inconsistent,
                .message = "a branch ends where it starts",
                .expected = "another bus",
                .help = "correct the bus, or take the branch out of service"});
        continue;
      }
      const double per_unit = reactance(row);
      if (per_unit == 0) continue;
      if (std::isinf(per_unit)) {
        refuse(branch, row, column::kX,
               {.code = Code::unused,
                .severity = Severity::warning,
                .message = "a branch without reactance carries nothing, and is left out",
                .expected = "a number other than 0",
                .help = "write a small reactance such as 0.0001"});
        continue;
      }
      out.reactance = per_unit / network_.base_mva;
      if (out.reactance == 0 || !std::isfinite(1 / out.reactance)) {
        refuse(branch, row, column::kX,
               {.code = Code::out_of_range,
                .message = "a branch has no reactance",
                .expected = "a number other than 0",
                .help = "write a small reactance such as 0.0001, or join its two buses"});
        continue;
      }
      if (convention_ == Convention::matpower) {
        out.shift_rad = number(branch, row, column::kShift) * std::numbers::pi / 180;
      }
      const double rate = number(branch, row, column::kRate, true);
      if (rate < 0) {
        refuse(branch, row, column::kRate,
               {.code = Code::out_of_range,
                .message = "a branch has a negative rating",
                .expected = "0 for none, or more",
                .help = "write the rating in MVA"});
        continue;
      }
      out.upper_mw = rate == 0 || rate >= kUnlimitedMva ? kInfinity : rate;
      out.lower_mw = -out.upper_mw;
      limit_angle(row, out);
      if (in_order(branch, row, column::kRate, out.lower_mw, out.upper_mw, "a branch")) {
        network_.branches.push_back(out);
      }
    }
  }

  /// A limit of 0 or more holds at `from`, a negative one at `to` (MATPOWER User's Manual, section on DC lines).
  static double flow_of_limit(double limit, const DcLine& line) {
    return limit >= 0 ? limit : (limit + line.loss_mw) / (1 - line.loss_share);
  }

  void add_dc_lines() {
    const Value& dc = case_.dcline;
    for (std::size_t row = 0; row < dc.rows; ++row) {
      DcLine out{.from = bus_at(dc, row, column::kFrom), .to = bus_at(dc, row, column::kTo), .row = row};
      if (!(number(dc, row, column::kDcStatus) > 0) || out.from == kOut || out.to == kOut) continue;
      if (dc.columns > column::kDcLoss0) out.loss_mw = number(dc, row, column::kDcLoss0);
      if (dc.columns > column::kDcLoss1) out.loss_share = number(dc, row, column::kDcLoss1);
      if (out.loss_share >= 1) {
        refuse(dc, row, column::kDcLoss1,
               {.code = Code::out_of_range,
                .message = "a DC line loses all that it carries",
                .expected = "a share below 1",
                .help = "write the loss as a share: 0.05"});
        continue;
      }
      out.lower_mw = flow_of_limit(number(dc, row, column::kDcMin, true), out);
      out.upper_mw = flow_of_limit(number(dc, row, column::kDcMax, true), out);
      if (!in_order(dc, row, column::kDcMin, out.lower_mw, out.upper_mw, "a DC line")) continue;
      if (case_.dclinecost.size() != 0) {
        auto cost = read_cost(reader_, case_.dclinecost, row, out.lower_mw, out.upper_mw);
        if (!cost) continue;
        out.cost = std::move(*cost);
      }
      network_.dc_lines.push_back(std::move(out));
    }
  }

  static constexpr std::size_t kOut = static_cast<std::size_t>(-1);

  Reader& reader_;
  const Case& case_;
  Convention convention_;
  Network network_;
  std::unordered_map<int64_t, std::size_t> index_;  // number → place in network_.buses, or kOut
};

}  // namespace

std::optional<Network> make_network(Reader& reader, const Case& from, Convention convention) {
  return NetworkMaker(reader, from, convention).make();
}

}  // namespace beltline::matpower
