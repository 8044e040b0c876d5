// Buses, and lines and transformers, on which power flows by voltage angles.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/pypsa_attributes.h"
#include "import/pypsa_capacity.h"
#include "import/pypsa_types.h"

namespace beltline::pypsa {
namespace {

const Nominal kApparent{"s", "MW"};

/// What a branch's standard type says, where it has one.
struct Impedance {
  double x = 0;
  double r = 0;
  double shift_deg = 0;
  double tap_ratio = 1;
  double rating = std::numeric_limits<double>::quiet_NaN();  // of a transformer type
};

/// A type of the network's own list, or else a standard one.
template <class Type, class Read>
bool use_type(Network& n, const Item& branch, std::string_view list, std::span<const Type> standard, Read read) {
  const std::string name = n.text(branch, "type");
  if (const Item* const own = n.find(list, name); own != nullptr) {
    read(Type::of(n, *own));
    return true;
  }
  const auto found = std::ranges::find(standard, name, &Type::name);
  if (found != standard.end()) {
    read(*found);
    return true;
  }
  n.refuse(branch, "type", fmt::format("a name of {}.csv or of PyPSA's standard types", list), "correct the name");
  return false;
}

Impedance line_impedance(Network& n, const Item& line) {
  Impedance out{.x = n.number(line, "x"), .r = n.number(line, "r")};
  if (!n.text(line, "type").empty()) {
    use_type<LineType>(n, line, "line_types", standard_line_types(), [&](const LineType& type) {
      const double factor = n.number(line, "length") / n.number(line, "num_parallel");
      out.x = type.x_ohm_per_km * factor;
      out.r = type.r_ohm_per_km * factor;
    });
  }
  const Item* const bus = n.find("buses", n.text(line, "bus0"));
  const double volts = bus == nullptr ? 1 : n.number(*bus, "v_nom");
  out.x /= volts * volts;
  out.r /= volts * volts;
  return out;
}

Impedance transformer_impedance(Network& n, const Item& transformer) {
  Impedance out{.x = n.number(transformer, "x"),
                .r = n.number(transformer, "r"),
                .shift_deg = 0,
                .tap_ratio = n.number(transformer, "tap_ratio")};
  double rating = n.number(transformer, "s_nom");
  if (n.text(transformer, "type").empty()) {
    const std::vector<double> shift = n.series(transformer, "phase_shift");
    if (std::ranges::any_of(shift, [&](double v) { return v != shift[0]; }))
      n.refuse(transformer, "phase_shift", "one number", "write one angle for all snapshots");
    out.shift_deg = shift[0];
  } else {
    use_type<TransformerType>(
        n, transformer, "transformer_types", standard_transformer_types(), [&](const TransformerType& type) {
          const double parallel = n.number(transformer, "num_parallel");
          const double r = type.vscr / 100;
          out.r = r / parallel;
          out.x = std::sqrt((type.vsc / 100) * (type.vsc / 100) - r * r) / parallel;
          out.shift_deg = type.phase_shift_deg;
          out.tap_ratio = 1 + (n.number(transformer, "tap_position") - type.tap_neutral) * (type.tap_step / 100);
          out.rating = rating = type.s_nom_mva;
        });
  }
  if (n.number(transformer, "phase_shift_min") < n.number(transformer, "phase_shift_max"))
    n.refuse(transformer, "phase_shift_max", "the same as phase_shift_min", "write the angle as phase_shift");
  if (rating == 0) n.refuse(transformer, "s_nom", "more than 0", "impedances are per unit of it");
  out.x *= out.tap_ratio / rating;
  out.r *= out.tap_ratio / rating;
  return out;
}

class Branches {
 public:
  explicit Branches(Network& n) : n_(n) {}

  void run() {
    for (const std::string_view list : {"lines", "transformers"}) {
      for (const Item& item : n_.items(list)) {
        Branch branch{.item = &item, .is_dc = n_.is_direct_current(n_.text(item, "bus0")), .impedance = {}};
        branch.impedance = list == "lines" ? line_impedance(n_, item) : transformer_impedance(n_, item);
        branches_.push_back(branch);
      }
    }
    for (const Branch& branch : branches_) write(branch);
  }

 private:
  struct Branch {
    const Item* item;
    bool is_dc;
    Impedance impedance;

    [[nodiscard]] double reactance() const { return is_dc ? impedance.r : impedance.x; }
  };

  /// A branch without impedance takes any share of a loop's flow: it is next to nothing beside the others', or, where
  /// none has any, the angles say nothing at all.
  [[nodiscard]] double reactance(const Branch& branch) const {
    if (branch.reactance() != 0) return branch.reactance();
    double least = std::numeric_limits<double>::infinity();
    for (const Branch& other : branches_) {
      if (other.is_dc == branch.is_dc && other.reactance() != 0) least = std::min(least, std::abs(other.reactance()));
    }
    return std::isinf(least) ? 0 : 1e-9 * least;
  }

  void write(const Branch& branch) {
    const Item& item = *branch.item;
    const Network::Node from = n_.node(item, "bus0");
    const Network::Node to = n_.node(item, "bus1");
    if (from.place.empty() || to.place.empty()) return;
    if (from.place == to.place) {
      n_.refuse(item, "bus1", "another bus than bus0", "leave out the branch");
      return;
    }
    if (!n_.activity(item).empty())
      n_.refuse(item, "lifetime", "a branch that stands in all investment periods",
                "write build_year and lifetime so that it does, or write it as a link");
    const std::string name = process_of(n_, item);
    Fields& out = n_.draft.entry("line", name);
    out.text("title", fmt::format("{} {} from {} to {}", singular(item.list->list), item.name(), n_.text(item, "bus0"),
                                  n_.text(item, "bus1")));
    out.text("from", from.place).text("to", to.place).text("commodity", from.commodity);
    const double x = reactance(branch);
    if (x != 0) out.number("reactance", x);
    if (branch.impedance.shift_deg != 0 && x != 0)
      out.number("shift", branch.impedance.shift_deg * std::numbers::pi / 180, "rad");
    write_capacity(branch, name, from, out);
  }

  void write_capacity(const Branch& branch, const std::string& name, const Network::Node& from, Fields& out) {
    const Item& item = *branch.item;
    Sizes sizes = sizes_of(n_, item, kApparent);
    if (!std::isnan(branch.impedance.rating)) {
      sizes.nominal = branch.impedance.rating;
      if (!sizes.is_extendable) sizes.min = sizes.max = sizes.nominal;
    }
    std::vector<double> share = n_.series(item, "s_max_pu");
    if (!sizes.is_extendable) {
      if (std::isinf(sizes.nominal)) return;
      for (double& value : share) value *= sizes.nominal;
      out.series("capacity", {share, "MW", "slice", fmt::format("{}-s_max_pu", item.list->list), {}});
      return;
    }
    if (std::ranges::max(share) > 1) {
      n_.refuse(item, "s_max_pu", "at most 1, where the branch is extendable", "write a larger s_nom instead");
      return;
    }
    add_capacity(n_, kApparent, sizes,
                 {.name = name,
                  .place = from.place,
                  .title = fmt::format("{} {}", singular(item.list->list), item.name()),
                  .kind = std::string(singular(item.list->list)),
                  .availability = share,
                  .family = fmt::format("{}-s_max_pu", item.list->list)});
    out.text("runs_on", name);
  }

  Network& n_;
  std::vector<Branch> branches_;
};

}  // namespace

void convert_buses(Network& n) {
  std::vector<std::string> made;
  for (const Item& bus : n.items("buses")) {
    const Network::Node node = n.node_of_bus(bus.name());
    if (std::ranges::find(made, node.commodity) == made.end()) {
      made.push_back(node.commodity);
      n.draft.entry("commodity", node.commodity)
          .text("title", n.carrier_of(bus.name()))
          .text("unit", "MW")
          .text("grain", "rate");
    }
    Fields& out = n.draft.entry("place", node.place);
    out.text("title", fmt::format("bus {}", bus.name())).text("kind", "grid");
    const double latitude = n.number(bus, "y");
    const double longitude = n.number(bus, "x");
    // other reference systems have other coordinates
    if (std::abs(latitude) > 90 || std::abs(longitude) > 180 || (latitude == 0 && longitude == 0)) continue;
    out.number("latitude", latitude).number("longitude", longitude);
  }
}

void convert_branches(Network& n) {
  Branches(n).run();
}

}  // namespace beltline::pypsa
