// Storage: what is stored from year to year is the level of a store; that it neither overflows nor runs dry inside the
// years are limits at the times that OSeMOSYS looks at.
//
// Every level is that of the year's end, L, and what the slices do up to then. With c the net charge of an activity (in
// unit of storage per unit of activity), q its activity over the year's hours and e a number for each time and slice,
//
//     level = L + Σ_l e[l] · Σ_p c_p · q[p, l],      MinStorageCharge · capacity ≤ level ≤ capacity
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/osemosys_draft.h"

namespace beltline::osemosys {
namespace {

/// e for each [year, slice].
using Profile = std::vector<double>;

/// The seasons, day types and brackets of a storage's time, as numbers per slice.
class Times {
 public:
  explicit Times(const Data& data)
      : data_(data),
        seasons_(data.size(Set::season)),
        daytypes_(data.size(Set::daytype)),
        brackets_(data.size(Set::bracket)),
        slices_(data.size(Set::timeslice)) {
    for (std::size_t l = 0; l < slices_; ++l) {
      for (std::size_t ls = 0; ls < seasons_; ++ls) {
        for (std::size_t ld = 0; ld < daytypes_; ++ld) {
          for (std::size_t lh = 0; lh < brackets_; ++lh) shares_.push_back(mapped(l, ls, ld, lh));
        }
      }
    }
    for (std::size_t y = 0; y < data.years.size(); ++y) {
      for (std::size_t at = 0; at < shares_.size(); ++at) yearly_.push_back(in_year(at, y));
    }
  }

  [[nodiscard]] bool is_empty() const { return seasons_ == 0 || daytypes_ == 0 || brackets_ == 0; }
  [[nodiscard]] std::size_t seasons() const { return seasons_; }
  [[nodiscard]] std::size_t daytypes() const { return daytypes_; }
  [[nodiscard]] std::size_t brackets() const { return brackets_; }

  /// How much of a slice's rate a season, day type and bracket have: 1 or 0 where slices are mapped as they should be.
  [[nodiscard]] double share(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh) const {
    return shares_[at(l, ls, ld, lh)];
  }
  /// S3: what rates charge in a year, over what the slices hold.
  [[nodiscard]] double year(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh, std::size_t y) const {
    return yearly_[y * shares_.size() + at(l, ls, ld, lh)];
  }
  /// S4: what they charge in a day, likewise.
  [[nodiscard]] double day(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh, std::size_t y) const {
    return share(l, ls, ld, lh) * data_.at(Param::day_split, {lh, y}) / data_.at(Param::year_split, {l, y});
  }
  [[nodiscard]] double season(std::size_t l, std::size_t ls, std::size_t y) const {
    double sum = 0;
    for (std::size_t ld = 0; ld < daytypes_; ++ld) {
      for (std::size_t lh = 0; lh < brackets_; ++lh) sum += year(l, ls, ld, lh, y);
    }
    return sum;
  }
  /// What a slice charges over the whole year.
  [[nodiscard]] double all(std::size_t l, std::size_t y) const {
    double sum = 0;
    for (std::size_t ls = 0; ls < seasons_; ++ls) sum += season(l, ls, y);
    return sum;
  }
  /// A week's days of one day type.
  [[nodiscard]] double week(std::size_t l, std::size_t ls, std::size_t ld, std::size_t y) const {
    double sum = 0;
    for (std::size_t lh = 0; lh < brackets_; ++lh) sum += day(l, ls, ld, lh, y);
    return sum * data_.at(Param::days_in_day_type, {ls, ld, y});
  }
  /// S5, S9: the start of a season, from the year's end.
  [[nodiscard]] double season_start(std::size_t l, std::size_t ls, std::size_t y) const {
    double e = -all(l, y);
    for (std::size_t before = 0; before < ls; ++before) e += season(l, before, y);
    return e;
  }
  /// S11
  [[nodiscard]] double daytype_start(std::size_t l, std::size_t ls, std::size_t ld, std::size_t y) const {
    double e = season_start(l, ls, y);
    for (std::size_t before = 0; before < ld; ++before) e += week(l, ls, before, y);
    return e;
  }
  /// S13
  [[nodiscard]] double daytype_finish(std::size_t l, std::size_t ls, std::size_t ld, std::size_t y) const {
    double e = ls + 1 == seasons_ ? 0 : season_start(l, ls + 1, y);
    for (std::size_t after = daytypes_ - 1; after > ld; --after) e -= week(l, ls, after, y);
    return e;
  }
  [[nodiscard]] double before(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh, std::size_t y) const {
    double sum = 0;
    for (std::size_t earlier = 0; earlier < lh; ++earlier) sum += day(l, ls, ld, earlier, y);
    return sum;
  }
  [[nodiscard]] double behind(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh, std::size_t y) const {
    double sum = 0;
    for (std::size_t later = lh + 1; later < brackets_; ++later) sum += day(l, ls, ld, later, y);
    return sum;
  }

  /// A moment at which the level is looked at.
  struct Moment {
    std::string name;
    std::string title;
    Profile profile;
  };

  /// SC1..SC4, each moment once.
  [[nodiscard]] std::vector<Moment> moments() const {
    std::vector<Moment> found;
    for (std::size_t ls = 0; ls < seasons_; ++ls) {
      for (std::size_t ld = 0; ld < daytypes_; ++ld) {
        for (std::size_t lh = 0; lh < brackets_; ++lh) add_moments(found, ls, ld, lh);
      }
    }
    return found;
  }

 private:
  [[nodiscard]] std::size_t at(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh) const {
    return ((l * seasons_ + ls) * daytypes_ + ld) * brackets_ + lh;
  }
  [[nodiscard]] double mapped(std::size_t l, std::size_t ls, std::size_t ld, std::size_t lh) const {
    return data_.at(Param::conversion_season, {l, ls}) * data_.at(Param::conversion_daytype, {l, ld}) *
           data_.at(Param::conversion_bracket, {l, lh});
  }
  [[nodiscard]] double in_year(std::size_t index, std::size_t y) const {
    const double own = shares_[index];
    if (own == 0) return 0;
    const std::size_t times = shares_.size() / slices_;
    double split = 0;
    for (std::size_t l = 0; l < slices_; ++l) {
      split += data_.at(Param::year_split, {l, y}) * std::max(0.0, shares_[l * times + index % times]);
    }
    return own * split / data_.at(Param::year_split, {index / times, y});
  }

  void add_moments(std::vector<Moment>& found, std::size_t ls, std::size_t ld, std::size_t lh) const {
    add(found, "first_week_start", "at the start of", ls, ld, lh,
        [&](std::size_t l, std::size_t y) { return daytype_start(l, ls, ld, y) + before(l, ls, ld, lh, y); });
    if (ld > 0) {
      add(found, "first_week_end", "at the end of the day before", ls, ld, lh,
          [&](std::size_t l, std::size_t y) { return daytype_start(l, ls, ld, y) - behind(l, ls, ld - 1, lh, y); });
    }
    add(found, "last_week_end", "at the last end of", ls, ld, lh,
        [&](std::size_t l, std::size_t y) { return daytype_finish(l, ls, ld, y) - behind(l, ls, ld, lh, y); });
    if (ld > 0) {
      add(found, "last_week_start", "at the last start of", ls, ld, lh,
          [&](std::size_t l, std::size_t y) { return daytype_finish(l, ls, ld - 1, y) + before(l, ls, ld, lh, y); });
    }
  }

  template <class Value>
  void add(std::vector<Moment>& found, const char* name, const char* title, std::size_t ls, std::size_t ld,
           std::size_t lh, Value value) const {
    Moment moment;
    for (std::size_t y = 0; y < data_.years.size(); ++y) {
      for (std::size_t l = 0; l < slices_; ++l) moment.profile.push_back(value(l, y));
    }
    const bool is_known = std::ranges::any_of(found, [&](const Moment& m) { return m.profile == moment.profile; });
    if (is_known) return;
    const auto [season, daytype, bracket] =
        std::tuple(data_.name(Set::season, ls), data_.name(Set::daytype, ld), data_.name(Set::bracket, lh));
    moment.name = fmt::format("s{}_d{}_h{}_{}", season, daytype, bracket, name);
    moment.title = fmt::format("{} season {}, day type {}, bracket {}", title, season, daytype, bracket);
    found.push_back(std::move(moment));
  }

  const Data& data_;
  std::size_t seasons_, daytypes_, brackets_, slices_;
  std::vector<double> shares_;  // [slice, season, day type, bracket]
  std::vector<double> yearly_;  // [year, slice, season, day type, bracket]
};

}  // namespace

/// What an activity puts into the level over a year (S3, S5), or takes out.
Fields DraftMaker::storage_flow(const Mode& mode, std::size_t s, bool charges, const std::string& name) {
  const Times times(data_);
  const double rate =
      data_.at(charges ? Param::to_storage : Param::from_storage, {mode.region, mode.technology, s, mode.mode});
  Fields flow;
  flow.text("commodity", stored(s));
  flow.series(
      "rate",
      sliced([&](std::size_t l, std::size_t y) { return (charges ? rate : -rate) * times.all(l, y); }, "", "storage",
             fmt::format("{}_{}_{}", name, charges ? "charges" : "discharges", data_.name(Set::storage, s))));
  return flow;
}

/// One storage of a region: its level, its capacity, its limits.
class StorageMaker {
 public:
  StorageMaker(DraftMaker& maker, std::size_t region, std::size_t storage)
      : maker_(maker),
        data_(maker.data_),
        times_(maker.data_),
        r_(region),
        s_(storage),
        name_(maker.data_.name(Set::storage, storage)) {}

  void make() {
    for (const Mode& mode : maker_.modes_) {
      if (mode.region != r_) continue;
      const bool charges = std::ranges::find(mode.charges, s_) != mode.charges.end();
      const bool discharges = std::ranges::find(mode.discharges, s_) != mode.discharges.end();
      if (charges || discharges) modes_.push_back(&mode);
    }
    if (times_.is_empty()) {
      if (!modes_.empty()) report_no_time();
      return;
    }
    if (modes_.empty() && level_start() == 0 && !asks_for_capacity()) return;
    add_level();
    add_capacity();
    for (const Times::Moment& moment : times_.moments()) add_moment(moment);
    add_rate_limits(true, Param::storage_charge_max);
    add_rate_limits(false, Param::storage_discharge_max);
  }

 private:
  [[nodiscard]] double level_start() const { return data_.at(Param::storage_level_start, {r_, s_}); }
  [[nodiscard]] bool asks_for_capacity() const {
    return maker_.any_year([&](std::size_t y) { return data_.at(Param::storage_residual, {r_, s_, y}); });
  }
  /// Net charge of a mode, unit of storage per unit of activity.
  [[nodiscard]] double net(const Mode& mode) const { return side(mode, true) - side(mode, false); }
  [[nodiscard]] double side(const Mode& mode, bool charges) const {
    const Param param = charges ? Param::to_storage : Param::from_storage;
    return std::max(0.0, data_.at(param, {r_, mode.technology, s_, mode.mode}));
  }
  [[nodiscard]] std::string level() { return maker_.stores_.of("storage", maker_.at_region(name_, r_)); }

  void report_no_time() {
    maker_.diagnostics_.add(
        {.code = Code::missing_key,
         .message = fmt::format("storage {} has no time: SEASON, DAYTYPE or DAILYTIMEBRACKET has no "
                                "members",
                                name_),
         .expected = "one member or more of each",
         .help = "add the sets, and Conversionls, Conversionld and Conversionlh"});
  }

  void add_level() {
    const std::string& commodity = maker_.stored(s_);
    if (!maker_.draft_.has("commodity", commodity)) {
      maker_.draft_.entry("commodity", commodity).text("title", name_ + " stored").text("unit", "unit");
    }
    Fields& fields = maker_.draft_.entry("store", level());
    fields.text("title", maker_.title(name_, r_)).text("commodity", commodity).text("place", maker_.place(r_));
    fields.number("initial", level_start(), "unit");
  }

  void add_capacity() {
    const std::string& name = maker_.storage_capacity(r_, s_);
    Fields& fields = maker_.draft_.entry("capacity", name);
    fields.text("title", maker_.title(name_ + " storage", r_)).text("place", maker_.place(r_)).text("unit", "unit");
    fields.text("kind", "storage");
    const auto residual = [&](std::size_t y) { return data_.at(Param::storage_residual, {r_, s_, y}); };
    if (maker_.any_year(residual)) fields.series("existing", maker_.yearly(residual, "unit", "existing", name));
    const double life = data_.at(Param::storage_life, {r_, s_});
    if (life > 0) {
      maker_.set_investment(fields, maker_.money_.storage(r_, s_), life, name);
    } else {
      fields.flag("buildable", false);
    }
  }

  /// The level of one moment, less `share` of the capacity.
  std::vector<Fields> level_terms(const Times::Moment& moment, const DraftMaker::ByYear& share) {
    std::vector<Fields> terms{DraftMaker::term("level", level())};
    for (const Mode* mode : modes_) {
      const double charge = net(*mode);
      const std::size_t slices = data_.size(Set::timeslice);
      const Numbers numbers =
          maker_.sliced([&](std::size_t l, std::size_t y) { return charge * moment.profile[y * slices + l]; }, "",
                        "storage_level", fmt::format("{}_{}_{}", maker_.process(*mode), name_, moment.name));
      if (std::ranges::all_of(numbers.values, [](double x) { return x == 0; })) continue;
      Fields term = DraftMaker::term("activity", maker_.process(*mode));
      term.series("coefficient", numbers);
      terms.push_back(std::move(term));
    }
    if (maker_.any_year(share)) {
      terms.push_back(maker_.term(
          "online", maker_.storage_capacity(r_, s_), [&](std::size_t y) { return -share(y); }, "storage_share"));
    }
    return terms;
  }

  void add_moment(const Times::Moment& moment) {
    const auto always = [](std::size_t) { return true; };
    const auto zero = [](std::size_t) { return 0.0; };
    const auto least = [&](std::size_t y) { return data_.at(Param::storage_charge_min, {r_, s_, y}); };
    maker_.add_limits({moment.name + "_most", fmt::format("most in {} {}", name_, moment.title), "upper", always, zero},
                      name_, r_, level_terms(moment, [](std::size_t) { return 1.0; }));
    maker_.add_limits(
        {moment.name + "_least", fmt::format("least in {} {}", name_, moment.title), "lower", always, zero}, name_, r_,
        level_terms(moment, least));
  }

  /// SC5, SC6: one limit a season, day type and bracket, on the rates of its slices.
  void add_rate_limits(bool charges, Param most) {
    for (std::size_t ls = 0; ls < times_.seasons(); ++ls) {
      for (std::size_t ld = 0; ld < times_.daytypes(); ++ld) {
        for (std::size_t lh = 0; lh < times_.brackets(); ++lh) add_rate_limit(charges, most, ls, ld, lh);
      }
    }
  }

  void add_rate_limit(bool charges, Param most, std::size_t ls, std::size_t ld, std::size_t lh) {
    std::vector<Fields> terms;
    const std::string what = charges ? "charge" : "discharge";
    const std::string when = fmt::format("s{}_d{}_h{}", data_.name(Set::season, ls), data_.name(Set::daytype, ld),
                                         data_.name(Set::bracket, lh));
    for (const Mode* mode : modes_) {
      const double rate = side(*mode, charges);
      const Numbers numbers = maker_.sliced(
          [&](std::size_t l, std::size_t y) {
            return rate * times_.share(l, ls, ld, lh) / data_.at(Param::year_split, {l, y});
          },
          "", "storage_rate", fmt::format("{}_{}_{}", maker_.process(*mode), what, when));
      if (std::ranges::all_of(numbers.values, [](double x) { return x == 0; })) continue;
      Fields term = DraftMaker::term("activity", maker_.process(*mode));
      term.series("coefficient", numbers);
      terms.push_back(std::move(term));
    }
    if (terms.empty()) return;
    const std::string kind = fmt::format("{}_{}", what, when);
    maker_.add_limits(
        {kind,
         fmt::format("most {} of {} in season {}, day type {}, bracket {}", what, name_, data_.name(Set::season, ls),
                     data_.name(Set::daytype, ld), data_.name(Set::bracket, lh)),
         "upper", [](std::size_t) { return true; }, [&](std::size_t) { return data_.at(most, {r_, s_}); }},
        name_, r_, terms);
  }

  DraftMaker& maker_;
  const Data& data_;
  Times times_;
  std::size_t r_, s_;
  std::string name_;
  std::vector<const Mode*> modes_;
};

void DraftMaker::add_storage(std::size_t region, std::size_t storage) {
  StorageMaker(*this, region, storage).make();
}

}  // namespace beltline::osemosys
