// The rows of units and ramps, one equation after the other. Tight where a single unit allows it (Rajan & Takriti 2005;
// Knueven, Ostrowski & Watson 2020), clustered as by Palmintier & Webster 2014.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "plan/commitment.h"
#include "plan/formulate_rows.h"

namespace beltline {
namespace {

using lp::kInf;

/// Writes row by row; the entries are sorted by column at the end.
class Writer {
 public:
  Writer(const Model& model, const Layout& layout) : m_(model), l_(layout), c_(layout.commitment) {}

  CommitmentRows run() {
    out_.first = l_.row_count;
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const auto has = [&](const std::vector<Block>& blocks) { return blocks[p].first >= 0; };
      if (has(c_.recursion)) out_.first = std::min(out_.first, c_.recursion[p].first);
      if (has(c_.ramp_up)) out_.first = std::min(out_.first, c_.ramp_up[p].first);
      if (has(c_.ramp_down)) out_.first = std::min(out_.first, c_.ramp_down[p].first);
    }
    out_.lower.assign(static_cast<std::size_t>(l_.row_count - out_.first), -kInf);
    out_.upper.assign(out_.lower.size(), kInf);
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      if (m_.processes[p].commitment) add_process(p);
    }
    if (!out_.lower.empty()) sort_by_column();
    return std::move(out_);
  }

 private:
  struct Entry {
    int32_t column;
    double value;
  };

  /// One process in one slice: what its equations are written in.
  struct At {
    const UnitCommitment* c;
    UnitColumns units;
    std::size_t p;
    int t, s;
    int before;        // slice, or −1
    double on_before;  // units, where the group begins here
    bool any_before;   // the group begins here, with any number on
    std::optional<double> level_before;
    double step;  // hours
  };

  void add_process(std::size_t p) {
    const UnitCommitment& c = *m_.processes[p].commitment;
    const Chronology chronology(m_.calendar, c);
    const int slices = l_.activity[p].slices;
    for (int t = 0; t < m_.period_count(); ++t) {
      const UnitColumns units = units_of(m_, l_, p, t);
      const auto on = units_before(c, units);
      for (int s = 0; s < slices; ++s) {
        const int before = chronology.before(s);
        const At at{.c = &c,
                    .units = units,
                    .p = p,
                    .t = t,
                    .s = s,
                    .before = before,
                    .on_before = on.value_or(0),
                    .any_before = before < 0 && !on,
                    .level_before = level_before(c, units),
                    .step = m_.calendar.step(s)};
        if (!c.has_units) {
          add_plain_ramps(at);
          continue;
        }
        add_recursion(at);
        add_load_limits(at);
        add_minimum_times(at, chronology);
        if (units.is_whole && units.built >= 0) {
          add_ramps_of_sized_unit(at);
        } else {
          add_ramps_of_units(at);
        }
      }
    }
  }

  [[nodiscard]] int32_t a(const At& at, int s) const { return l_.activity[at.p].at(at.t, s); }
  [[nodiscard]] int32_t u(const At& at, int s) const { return c_.on[at.p].at(at.t, s); }
  [[nodiscard]] int32_t v(const At& at, int s) const { return c_.starts[at.p].at(at.t, s); }
  [[nodiscard]] int32_t w(const At& at, int s) const { return c_.stops[at.p].at(at.t, s); }
  [[nodiscard]] static bool wanted(const std::vector<Block>& blocks, const At& at) { return blocks[at.p].first >= 0; }

  void row(const std::vector<Block>& blocks, const At& at, double lower, double upper,
           const std::vector<Entry>& entries) {
    const int32_t r = blocks[at.p].at(at.t, at.s);
    out_.lower[static_cast<std::size_t>(r - out_.first)] = lower;
    out_.upper[static_cast<std::size_t>(r - out_.first)] = upper;
    for (const Entry& e : entries) {
      if (e.value != 0) entries_.push_back({r, e});
    }
  }

  /// u[s] − u[s−1] = v[s] − w[s]. Where any number may be on before, nothing starts or stops at first.
  void add_recursion(const At& at) {
    if (at.any_before) {
      row(c_.recursion, at, 0, 0, {{v(at, at.s), 1}, {w(at, at.s), 1}});
      return;
    }
    std::vector<Entry> entries{{u(at, at.s), 1}, {v(at, at.s), -1}, {w(at, at.s), 1}};
    if (at.before >= 0) entries.push_back({u(at, at.before), -1});  // a group of one slice adds up to none
    const double from = at.before >= 0 ? 0.0 : at.on_before;
    row(c_.recursion, at, from, from, entries);
  }

  [[nodiscard]] double availability(const At& at) const {
    if (at.units.capacity < 0) return 1;
    const Capacity& capacity = m_.capacities[static_cast<std::size_t>(at.units.capacity)];
    return availability_of(m_, capacity, l_.activity[at.p].slices, at.t, at.s);
  }
  /// Least activity of a unit on in slice s.
  [[nodiscard]] double least(const At& at, int s) const {
    return m_.at_or(at.c->min_load, 0, at.t, s) * at.units.full();
  }

  /// min_load · unit · u ≤ a ≤ availability · unit · u − (what a unit that just started cannot reach) · v.
  void add_load_limits(const At& at) {
    const UnitColumns& units = at.units;
    const double most = availability(at) * units.full();
    const bool is_sized = units.is_whole && units.built >= 0;
    std::vector<Entry> entries{{a(at, at.s), 1}, {u(at, at.s), -most}};
    if (at.c->ramp_start >= 0 && !at.c->ramps_by_count && !is_sized) {
      entries.push_back({v(at, at.s), std::max(0.0, most - at.c->ramp_start * units.full())});
    }
    row(c_.most, at, -kInf, 0, entries);
    if (!wanted(c_.least, at)) return;
    const double m = least(at, at.s);
    if (!is_sized) {
      row(c_.least, at, 0, kInf, {{a(at, at.s), 1}, {u(at, at.s), -m}});
      return;
    }
    // a ≥ share · online where the unit is on: big-M with the largest that it can be.
    const double share = m_.at(at.c->min_load, at.t, at.s) * units.per_capacity;
    row(c_.least, at, share * units.existing - m, kInf, {{a(at, at.s), 1}, {units.built, -share}, {u(at, at.s), -m}});
  }

  /// Started within min_up: still on. Stopped within min_down: still off, so that units on are never more than online.
  void add_minimum_times(const At& at, const Chronology& chronology) {
    const UnitCommitment& c = *at.c;
    const double passed = chronology.since_begin(at.s);
    const bool holds_on = !c.is_cyclic && c.on_before && *c.on_before > 0 && *c.on_before + passed < c.min_up - 1e-9;
    const bool holds_off =
        !c.is_cyclic && c.on_before && *c.on_before < 0 && -*c.on_before + passed < c.min_down - 1e-9;
    std::vector<Entry> up{{u(at, at.s), -1}};
    for (const int s : chronology.window(at.s, c.min_up)) up.push_back({v(at, s), 1});
    row(c_.min_up, at, -kInf, holds_on ? -at.on_before : 0.0, up);

    const UnitColumns& units = at.units;
    const double size = units.is_whole ? 1.0 : units.size;
    std::vector<Entry> down{{u(at, at.s), size}};
    for (const int s : chronology.window(at.s, c.min_down)) down.push_back({w(at, s), size});
    if (holds_off) {
      row(c_.min_down, at, -kInf, 0, down);
      return;
    }
    if (!units.is_whole && units.built >= 0) down.push_back({units.built, -1});
    row(c_.min_down, at, -kInf, units.is_whole ? 1.0 : units.existing, down);
  }

  /// The most that activity may rise or fall from slice to slice, as a share of full load; all of it without a limit.
  [[nodiscard]] double reach(const At& at, Series ramp) const {
    return ramp.present() ? m_.at(ramp, at.t, at.s) * at.step : 1.0;
  }

  /// Units that stay on ramp, those that start or stop have ramps of their own:
  /// a[s] − a[s−1] ≤ up · (u[s] − v[s]) + start · v[s] − least · w[s], and likewise down.
  void add_ramps_of_units(const At& at) {
    const bool is_first = at.before < 0;
    if (is_first && (at.any_before || !at.level_before)) return;
    const double full = at.units.full();
    const double start = at.c->ramp_start >= 0 ? at.c->ramp_start * full : full;
    const double stop = at.c->ramp_stop >= 0 ? at.c->ramp_stop * full : full;
    const double from = is_first ? *at.level_before : 0.0;
    const auto add = [&](const std::vector<Block>& blocks, double sign, double run, double enter, double leave) {
      if (!wanted(blocks, at)) return;
      // `enter` is for units that start (up) or stop (down); `leave` for the others, whose least load goes the other
      // way.
      std::vector<Entry> entries{{a(at, at.s), sign}, {u(at, at.s), -run}};
      if (!is_first) entries.push_back({a(at, at.before), -sign});
      entries.push_back({v(at, at.s), run - (sign > 0 ? enter : -leave)});
      entries.push_back({w(at, at.s), sign > 0 ? leave : -enter});
      row(blocks, at, -kInf, sign * from, entries);
    };
    if (at.c->ramps_by_count) {
      add_ramps_by_count(at, start, stop, from);
      return;
    }
    add(c_.ramp_up, 1, full * reach(at, at.c->ramp_up), start, is_first ? 0.0 : least(at, at.before));
    add(c_.ramp_down, -1, full * reach(at, at.c->ramp_down), stop, least(at, at.s));
  }

  /// a[s] − a[s−1] ≤ up · u[s−1] + start · (u[s] − u[s−1]), a[s−1] − a[s] ≤ down · u[s] + stop · (u[s−1] − u[s]):
  /// PyPSA's rows. Where start > up, a unit that stops must come from at least start − up, and likewise.
  void add_ramps_by_count(const At& at, double start, double stop, double from) {
    const double up = at.units.full() * reach(at, at.c->ramp_up);
    const double down = at.units.full() * reach(at, at.c->ramp_down);
    const bool is_first = at.before < 0;
    const double on = is_first ? at.on_before : 0.0;
    if (wanted(c_.ramp_up, at)) {
      std::vector<Entry> entries{{a(at, at.s), 1}, {u(at, at.s), -start}};
      if (!is_first) entries.insert(entries.end(), {{a(at, at.before), -1}, {u(at, at.before), start - up}});
      row(c_.ramp_up, at, -kInf, from + (up - start) * on, entries);
    }
    if (wanted(c_.ramp_down, at)) {
      std::vector<Entry> entries{{a(at, at.s), -1}, {u(at, at.s), stop - down}};
      if (!is_first) entries.insert(entries.end(), {{a(at, at.before), 1}, {u(at, at.before), -stop}});
      row(c_.ramp_down, at, -kInf, stop * on - from, entries);
    }
  }

  /// One unit whose size is decided: each ramp is a share of what is online, and yields to the largest that the unit
  /// can be where it does not apply.
  void add_ramps_of_sized_unit(const At& at) {
    const bool is_first = at.before < 0;
    if (is_first && (at.any_before || !at.level_before)) return;
    const UnitColumns& units = at.units;
    const double M = units.full();
    const double from = is_first ? *at.level_before : 0.0;
    const auto add = [&](const std::vector<Block>& blocks, double sign, double share, int32_t when) {
      if (!wanted(blocks, at)) return;
      const double each = share * units.per_capacity;
      std::vector<Entry> entries{{a(at, at.s), sign}, {units.built, -each}};
      if (!is_first) entries.push_back({a(at, at.before), -sign});
      double upper = each * units.existing + M + sign * from;
      if (when >= 0) {
        entries.push_back({when, M});
      } else {
        upper -= M * at.on_before;
      }
      row(blocks, at, -kInf, upper, entries);
    };
    add(c_.ramp_up, 1, reach(at, at.c->ramp_up), is_first ? -1 : u(at, at.before));
    add(c_.start_ramp, 1, at.c->ramp_start, v(at, at.s));
    add(c_.ramp_down, -1, reach(at, at.c->ramp_down), u(at, at.s));
    add(c_.stop_ramp, -1, at.c->ramp_stop, w(at, at.s));
  }

  /// |a[s] − a[s−1]| ≤ ramp · step · online, without units.
  void add_plain_ramps(const At& at) {
    if (at.before < 0 && !at.level_before) return;
    const double from = at.before < 0 ? *at.level_before : 0.0;
    const auto add = [&](const std::vector<Block>& blocks, Series ramp, double sign) {
      if (!wanted(blocks, at)) return;
      const double each = m_.at(ramp, at.t, at.s) * at.step * at.units.per_capacity;
      std::vector<Entry> entries{{a(at, at.s), sign}};
      if (at.before >= 0) entries.push_back({a(at, at.before), -sign});
      if (at.units.built >= 0) entries.push_back({at.units.built, -each});
      row(blocks, at, -kInf, each * at.units.existing + sign * from, entries);
    };
    add(c_.ramp_up, at.c->ramp_up, 1);
    add(c_.ramp_down, at.c->ramp_down, -1);
  }

  void sort_by_column() {
    out_.start.assign(static_cast<std::size_t>(l_.column_count) + 1, 0);
    for (const auto& [r, e] : entries_) ++out_.start[static_cast<std::size_t>(e.column) + 1];
    for (std::size_t j = 1; j < out_.start.size(); ++j) out_.start[j] += out_.start[j - 1];
    out_.index.resize(entries_.size());
    out_.value.resize(entries_.size());
    std::vector<int32_t> next(out_.start.begin(), out_.start.end() - 1);
    for (const auto& [r, e] : entries_) {
      const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(e.column)]++);
      out_.index[place] = r;
      out_.value[place] = e.value;
    }
  }

  const Model& m_;
  const Layout& l_;
  const CommitmentLayout& c_;
  CommitmentRows out_;
  std::vector<std::pair<int32_t, Entry>> entries_;  // row, entry
};

}  // namespace

CommitmentRows commitment_rows(const Model& model, const Layout& layout) {
  return Writer(model, layout).run();
}

}  // namespace beltline
