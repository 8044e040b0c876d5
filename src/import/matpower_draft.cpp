#include "import/matpower_draft.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

namespace beltline::matpower {
namespace {

constexpr std::string_view kPower = "electricity";

class DraftMaker {
 public:
  DraftMaker(const Case& from, const Network& network, const Surroundings& around)
      : case_(from), network_(network), around_(around) {
    for (const BusPlace& place : around.places) places_.emplace(place.bus, &place);
  }

  Draft make() {
    add_head();
    for (const Bus& bus : network_.buses) add_place(bus);
    for (std::size_t b = 0; b < network_.buses.size(); ++b) add_load(b);
    for (std::size_t g = 0; g < network_.generators.size(); ++g) add_generator(g);
    for (const Renewable& renewable : around_.renewables) add_renewable(renewable);
    for (const Branch& branch : network_.branches) add_branch(branch);
    for (const DcLine& line : network_.dc_lines) add_dc_line(line);
    return std::move(draft_);
  }

 private:
  /// An activity that moves power, with everything that a process of it may say.
  struct Activity {
    std::string name;
    std::string title;
    std::string kind;
    std::size_t from = kNone;  // bus that it takes from, one for one
    std::size_t to = 0;        // bus that it gives to
    double yield = 1;          // of what it takes
    double lower = 0;
    double upper = 0;
    Cost cost;                                // pieces over lower ≤ a ≤ upper
    const std::vector<double>* on = nullptr;  // [hour] 1 where it may run
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] std::string place(std::size_t bus) const { return fmt::format("bus_{}", network_.buses[bus].number); }

  [[nodiscard]] std::string bus_title(std::size_t b) const {
    const Bus& bus = network_.buses[b];
    const auto known = places_.find(bus.number);
    if (known != places_.end() && !known->second->title.empty()) {
      return fmt::format("{} (bus {})", known->second->title, bus.number);
    }
    if (bus.row < case_.bus_names.size()) {
      std::string name = case_.bus_names[bus.row];
      name.erase(name.find_last_not_of(" \t") + 1);
      if (!name.empty()) return name;
    }
    return fmt::format("bus {}", bus.number);
  }

  void add_head() {
    const bool pglib = around_.convention == Convention::pglib;
    draft_.header = fmt::format(
        "DC optimal power flow of MATPOWER case {}{}\n"
        "Susceptance of a branch: {}.\n"
        "Power on the base of {} MVA; reactances in rad/MW. Money is that of the case, written as USD.\n"
        "Reactive power, voltages and elements out of service are left out.",
        case_.name.empty() ? around_.source : case_.name, around_.source.empty() ? "" : " from " + around_.source,
        pglib ? "x / (r^2 + x^2), taps and phase shifts left out (PGLib)"
              : "1 / (x tap), phase shifts counted (MATPOWER)",
        network_.base_mva);
    draft_.row_title = "hour";
    for (int hour = 1; hour <= around_.hours; ++hour) draft_.row_names.push_back(fmt::format("{}", hour));
    draft_.single("calendar").text("start", "2025-01").whole("hours", around_.hours);
    draft_.single("money").whole("base_year", 2025);
    draft_.single("objective").number("discount_rate", 0);
    draft_.entry("commodity", kPower).text("unit", "MW").text("grain", "rate");
  }

  void add_place(const Bus& bus) {
    const auto index = static_cast<std::size_t>(&bus - network_.buses.data());
    Fields& fields = draft_.entry("place", place(index));
    fields.text("title", bus_title(index)).text("kind", "grid");
    const auto known = places_.find(bus.number);
    if (known != places_.end()) {
      fields.text("title_ko", known->second->title_ko);
      fields.number("latitude", known->second->latitude).number("longitude", known->second->longitude);
    }
    if (bus.base_kv > 0) fields.text("note", fmt::format("{} kV", bus.base_kv));
  }

  void add_load(std::size_t b) {
    std::vector<double> load(static_cast<std::size_t>(around_.hours), network_.buses[b].load_mw);
    if (!around_.loads.empty()) load = around_.loads[b];
    add_need(fmt::format("load_{}", network_.buses[b].number), "load", b, load);
  }

  /// Power needed at a bus as a demand; where it is negative, power that comes in as a process that must run.
  void add_need(const std::string& name, std::string_view kind, std::size_t bus, const std::vector<double>& mw) {
    std::vector<double> out = mw;
    std::vector<double> in = mw;
    for (double& x : out) x = std::max(x, 0.0);
    for (double& x : in) x = std::max(-x, 0.0);
    const auto any = [](const std::vector<double>& xs) {
      return std::ranges::any_of(xs, [](double x) { return x > 0; });
    };
    if (any(out)) {
      Fields& demand = draft_.entry("demand", name);
      demand.text("title", fmt::format("{} at {}", kind, bus_title(bus)));
      demand.text("commodity", kPower).text("place", place(bus));
      demand.series("quantity", {.values = out, .unit = "MW", .family = "load"});
    }
    if (!any(in)) return;
    Fields& process = start_process("feed_in_" + name, fmt::format("feed-in at {}", bus_title(bus)), "feed_in", bus);
    process.series("lower", {.values = in, .unit = "MW", .family = "feed_in_lower"});
    process.series("upper", {.values = in, .unit = "MW", .family = "feed_in_upper"});
    process.records("flows", {flow(bus, 1)});
  }

  Fields& start_process(const std::string& name, std::string_view title, std::string_view kind, std::size_t bus) {
    Fields& process = draft_.entry("process", name);
    process.text("title", title).text("place", place(bus)).text("grain", "rate").text("unit", "MW").text("kind", kind);
    return process;
  }

  [[nodiscard]] Fields flow(std::size_t bus, double rate) const {
    Fields fields;
    fields.text("commodity", kPower).text("place", place(bus)).number("rate", rate);
    return fields;
  }

  /// A bound that holds where the activity is on; elsewhere 0.
  static void bound(Fields& process, std::string_view key, double mw, const Activity& activity) {
    std::vector<double> values{mw};
    if (activity.on != nullptr) {
      values.clear();
      for (const double on : *activity.on) values.push_back(on > 0 ? mw : 0.0);
    }
    process.series(key, {.values = values, .unit = "MW", .family = fmt::format("gen_{}", key)});
  }

  void add_single(const Activity& a, const std::string& name, double lower, double upper, const Cost& cost) {
    Fields& process = start_process(name, a.title, a.kind, a.from == kNone ? a.to : a.from);
    std::vector<Fields> flows;
    if (a.from != kNone) flows.push_back(flow(a.from, -1));
    flows.push_back(flow(a.to, a.yield));
    process.records("flows", std::move(flows));
    if (std::isinf(lower)) process.flag("runs_back", true);
    if (std::isfinite(lower) && lower != 0) bound(process, "lower", lower, a);
    if (std::isfinite(upper) || (a.on != nullptr && std::ranges::count(*a.on, 0.0) > 0)) {
      bound(process, "upper", std::isfinite(upper) ? upper : kMostMw, a);
    }
    if (cost.linear != 0) process.number("cost", cost.linear, "USD/MWh");
    if (cost.quadratic != 0) process.number("quadratic_cost", cost.quadratic, "USD/MW/MWh");
  }

  /// A process; for a cost in pieces one that runs at the lower limit, and one for each piece above it.
  void add_activity(const Activity& a) {
    if (a.cost.pieces.empty()) {
      add_single(a, a.name, a.lower, a.upper, a.cost);
    } else {
      if (a.lower != 0) add_single(a, a.name, a.lower, a.lower, {});
      for (std::size_t k = 0; k < a.cost.pieces.size(); ++k) {
        const Cost::Piece& piece = a.cost.pieces[k];
        add_single(a, fmt::format("{}_{}", a.name, k + 1), 0, piece.width_mw, {.linear = piece.slope, .pieces = {}});
      }
    }
    if (a.cost.constant == 0) return;
    Fields& process = draft_.entry("process", "no_load_" + a.name);
    process.text("title", fmt::format("{} at no load", a.title)).text("place", place(a.from == kNone ? a.to : a.from));
    process.text("grain", "rate").text("unit", "1").text("kind", "no_load");
    const std::vector<double> always{1.0};
    const std::vector<double>& on = a.on == nullptr ? always : *a.on;
    process.series("lower", {.values = on, .unit = "", .family = "gen_on"});
    process.series("upper", {.values = on, .unit = "", .family = "gen_on"});
    process.number("cost", a.cost.constant, "USD/h");
  }

  void add_generator(std::size_t g) {
    const Generator& generator = network_.generators[g];
    const bool is_load = generator.lower_mw < 0 && generator.upper_mw <= 0;
    Activity activity{.name = fmt::format("gen_{}", generator.row + 1),
                      .title = fmt::format("{} {} at {}", is_load ? "dispatchable load" : "generator",
                                           generator.row + 1, bus_title(generator.bus)),
                      .kind = generator.fuel.empty() ? (is_load ? "load" : "generator") : generator.fuel,
                      .to = generator.bus,
                      .lower = generator.lower_mw,
                      .upper = generator.upper_mw,
                      .cost = generator.cost};
    if (!around_.committed.empty()) activity.on = &around_.committed[g];
    add_activity(activity);
  }

  void add_renewable(const Renewable& renewable) {
    Fields& process =
        start_process(fmt::format("{}_{}", renewable.kind, network_.buses[renewable.bus].number),
                      fmt::format("{} at {}", renewable.kind, bus_title(renewable.bus)), renewable.kind, renewable.bus);
    process.series("upper", {.values = renewable.most_mw, .unit = "MW", .family = renewable.kind});
    process.records("flows", {flow(renewable.bus, 1)});
  }

  void add_branch(const Branch& branch) {
    const std::string name = fmt::format("branch_{}", branch.row + 1);
    Fields& line = draft_.entry("line", name);
    line.text("title", fmt::format("{} to {}", bus_title(branch.from), bus_title(branch.to)));
    line.text("from", place(branch.from)).text("to", place(branch.to)).text("commodity", kPower);
    const double most = std::max(-branch.lower_mw, branch.upper_mw);
    if (std::isfinite(most)) line.number("capacity", most, "MW");
    line.number("reactance", branch.reactance);
    if (branch.shift_rad != 0) line.number("shift", branch.shift_rad, "rad");
    if (-branch.lower_mw == branch.upper_mw) return;
    // limits of the angle around a shift, or of one direction
    Fields term;
    term.text("kind", "activity").text("of", "line_" + name);
    Fields& limit = draft_.entry("limit", fmt::format("flow_{}", branch.row + 1));
    limit.text("title", fmt::format("flow from {} to {}", bus_title(branch.from), bus_title(branch.to)));
    limit.text("unit", "MW").text("scope", "each_slice").records("terms", {term});
    if (std::isfinite(branch.lower_mw)) limit.number("lower", branch.lower_mw, "MW");
    if (std::isfinite(branch.upper_mw)) limit.number("upper", branch.upper_mw, "MW");
  }

  void add_dc_line(const DcLine& line) {
    const std::string name = fmt::format("dc_{}", line.row + 1);
    const std::string title =
        fmt::format("DC line {} from {} to {}", line.row + 1, bus_title(line.from), bus_title(line.to));
    add_activity({.name = name,
                  .title = title,
                  .kind = "dc_line",
                  .from = line.from,
                  .to = line.to,
                  .yield = 1 - line.loss_share,
                  .lower = line.lower_mw,
                  .upper = line.upper_mw,
                  .cost = line.cost});
    if (line.loss_mw == 0) return;
    add_need("loss_" + name, "constant loss of DC line " + std::to_string(line.row + 1), line.to,
             std::vector<double>(static_cast<std::size_t>(around_.hours), line.loss_mw));
  }

  static constexpr double kMostMw = 1e9;  // of a generator without upper limit that is off in some hours

  const Case& case_;
  const Network& network_;
  const Surroundings& around_;
  std::unordered_map<int64_t, const BusPlace*> places_;
  Draft draft_;
};

}  // namespace

Draft make_draft(const Case& from, const Network& network, const Surroundings& around) {
  return DraftMaker(from, network, around).make();
}

}  // namespace beltline::matpower
