#include "import/frepple_draft.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::frepple {
namespace {

// USD for each unit and day; a day late of the least order costs 1
constexpr double kSafetyDay = 1e-3;
constexpr double kWeightSpread = 1e4;  // between the first and the last priority, so that no cost drowns another

bool is_whole(double value) {
  return value == std::floor(value);
}

}  // namespace

DraftMaker::DraftMaker(const FreppleModel& model, Lookup& lookup, const Network& network, const Grid& grid,
                       Diagnostics& diagnostics)
    : model_(model), lookup_(lookup), network_(network), grid_(grid), diagnostics_(diagnostics) {
  std::set<double> priorities;
  for (const auto& [name, demand] : model.demands) {
    priorities.insert(demand.priority);
    has_fractions_ = has_fractions_ || !is_whole(demand.quantity);
  }
  const double steps = std::max(1.0, static_cast<double>(priorities.size()) - 1);
  const double factor = std::min(10.0, std::pow(kWeightSpread, 1 / steps));
  double weight = 1;
  for (auto it = priorities.rbegin(); it != priorities.rend(); ++it, weight *= factor) weights_[*it] = weight;
  for (const auto& [name, buffer] : model.buffers)
    has_fractions_ = has_fractions_ || !is_whole(buffer.on_hand) || !is_whole(buffer.minimum);
  for (const FixedPlan& plan : model.plans) has_fractions_ = has_fractions_ || !is_whole(plan.quantity);
  for (std::size_t i = 0; i < network.jobs.size(); ++i) {
    for (const JobFlow& flow : network.jobs[i].flows) {
      has_fractions_ = has_fractions_ || std::abs(flow.quantity) != 1 || flow.fixed != 0;
      if (flow.quantity < 0 || flow.fixed < 0) takers_[flow.good].push_back(i);
    }
  }
}

double DraftMaker::weight(const Demand& demand) const {
  return weights_.at(demand.priority);
}

double DraftMaker::unserved(const Demand& demand) const {
  const Seconds late = grid_.begin(grid_.periods) - std::min(demand.due, grid_.begin(grid_.periods));
  return weight(demand) * (days(late) + 1);
}

Draft DraftMaker::make() {
  add_head();
  for (const FixedPlan& plan : model_.plans) add_fixed_plan(plan);
  add_goods();
  add_orders();
  for (const Job& job : network_.jobs) add_job(job);
  add_resources();
  warn_of_soft_times();
  return std::move(draft_);
}

void DraftMaker::add_head() {
  draft_.header = fmt::format(
      "Imported from the frePPLe model \"{}\".\n"
      "A period, which the calendar calls a month, stands for {}: the first begins at {},\n"
      "and so on in steps of {} seconds. Costs are weighted unit-days late.",
      printable(model_.name), duration_text(grid_.length), date_text(grid_.current), grid_.length);
  draft_.period_title = "begins";
  for (int t = 0; t < grid_.periods; ++t) draft_.period_names.push_back(date_text(grid_.begin(t)));
  draft_.single("scenario").text("title", model_.name);
  draft_.single("calendar").text("start", "2000-01").whole("periods", grid_.periods).whole("slices_per_day", 1);
  draft_.single("objective").text("kind", "min_cost").number("discount_rate", 0);
}

const std::string& DraftMaker::place_of(const std::string& good) {
  const auto found = network_.goods.find(good);
  if (found != network_.goods.end()) return place(found->second.location);
  const auto buffer = model_.buffers.find(good);
  return place(buffer == model_.buffers.end() ? std::string() : buffer->second.location);
}

void DraftMaker::add_goods() {
  for (const auto& [name, good] : network_.goods) {
    const std::string at = place(good.location);
    if (!draft_.has("place", at))
      draft_.entry("place", at).text("title", good.location.empty() ? "everywhere" : good.location);
    draft_.entry("commodity", commodity(name)).text("title", good.title).text("unit", "unit");
    if (good.is_kept) add_store(name, good);
  }
}

void DraftMaker::add_store(const std::string& name, const Good& good) {
  const std::string at = place(good.location);
  Fields& fields = draft_.entry("store", commodity(name));
  fields.text("title", good.title).text("commodity", commodity(name)).text("place", at);
  if (good.buffer == nullptr) return;
  const Buffer& buffer = *good.buffer;
  if (buffer.on_hand < 0) {
    diagnostics_.add({.code = Code::out_of_range,
                      .origin = buffer.origin,
                      .message = fmt::format("buffer '{}' has {} on hand", printable(name), buffer.on_hand),
                      .found = fmt::format("{}", buffer.on_hand),
                      .expected = "at least 0",
                      .help = "write what is short as a demand"});
    return;
  }
  if (buffer.on_hand > 0) fields.number("initial", buffer.on_hand, "unit");
  if (buffer.is_infinite) {
    Fields flow;
    flow.text("commodity", commodity(name)).number("rate", 1);
    draft_.entry("process", names_.of("supply", "supply " + name))
        .text("title", "unlimited supply of " + name)
        .text("place", at)
        .text("unit", "unit")
        .records("flows", {flow});
  }
  add_minimum(buffer);
  if (!buffer.has_maximum) return;
  diagnostics_.add({.code = Code::unused,
                    .severity = Severity::warning,
                    .origin = buffer.origin,
                    .message = fmt::format("the maximum of buffer '{}' is left out", printable(name)),
                    .help = "it is the level up to which frePPLe orders, not a limit; here lots follow demand"});
}

void DraftMaker::add_minimum(const Buffer& buffer) {
  std::vector<double> values(static_cast<std::size_t>(grid_.periods), buffer.minimum);
  if (const auto found = model_.calendars.find(buffer.minimum_calendar); found != model_.calendars.end())
    for (int t = 0; t < grid_.periods; ++t)
      values[static_cast<std::size_t>(t)] = std::max(0.0, value_at(found->second, grid_.begin(t)));
  if (std::ranges::all_of(values, [](double v) { return v == 0; })) return;
  Fields term;
  term.text("kind", "level").text("of", commodity(buffer.name));
  const std::string& name = names_.of("minimum", "minimum " + buffer.name);
  draft_.entry("limit", name)
      .text("title", "safety stock of " + buffer.name)
      .text("unit", "unit")
      .text("kind", "safety_stock")
      .records("terms", {term})
      .series("lower", by_period(std::move(values), "unit", "minimum", name))
      .number("shortfall_cost", kSafetyDay * days(grid_.length), "USD/unit");
}

void DraftMaker::add_orders() {
  for (const auto& [name, good] : network_.goods) {
    if (good.demand == nullptr) continue;
    const Demand& demand = *good.demand;
    std::vector<double> quantity(static_cast<std::size_t>(grid_.periods), 0.0);
    quantity.back() = demand.quantity;
    const std::string& entry = commodity(name);
    draft_.entry("demand", entry)
        .text("title", fmt::format("{}, due {}", demand.name, date_text(demand.due)))
        .text("commodity", entry)
        .text("place", place(good.location))
        .series("quantity", by_period(std::move(quantity), "unit", "demand", entry))
        .number("unserved_cost", unserved(demand), "USD/unit");
  }
}

void DraftMaker::add_resources() {
  std::set<std::string> used;
  for (const Job& job : network_.jobs)
    for (const JobLoad& load : job.loads) used.insert(load.resource);
  for (const std::string& name : used) {
    const Resource& resource = model_.resources.at(name);
    const std::string& good = names_.of("resource", "time of " + name);
    const std::string& at = place("");
    if (!draft_.has("place", at)) draft_.entry("place", at).text("title", "everywhere");
    draft_.entry("commodity", good).text("title", "time of " + name).text("unit", "unit");
    std::vector<double> most(static_cast<std::size_t>(grid_.periods), resource.maximum);
    if (const auto found = model_.calendars.find(resource.maximum_calendar); found != model_.calendars.end())
      for (int t = 0; t < grid_.periods; ++t)
        most[static_cast<std::size_t>(t)] = std::max(0.0, value_at(found->second, grid_.begin(t)));
    Fields flow;
    flow.text("commodity", good).number("rate", 1);
    Fields& process = draft_.entry("process", good);
    process.text("title", name).text("place", at).text("unit", "unit").text("kind", "resource");
    process.records("flows", {flow});
    if (!resource.is_infinite) process.series("upper", by_period(std::move(most), "unit", "resource", good));
  }
}

Numbers DraftMaker::by_period(std::vector<double> values, std::string unit, std::string family,
                              std::string column) const {
  return {.values = std::move(values),
          .unit = std::move(unit),
          .by = "period",
          .family = std::move(family),
          .column = std::move(column)};
}

double DraftMaker::own_need_of(const std::string& good) {
  double sum = fixed_needs_[good];
  if (const auto at = network_.goods.find(good); at != network_.goods.end()) {
    if (at->second.demand != nullptr) sum += at->second.demand->quantity;
    if (const Buffer* buffer = at->second.buffer; buffer != nullptr) {
      sum += buffer->minimum;
      if (const auto calendar = model_.calendars.find(buffer->minimum_calendar); calendar != model_.calendars.end())
        for (const CalendarBucket& bucket : calendar->second.buckets) sum += std::max(0.0, bucket.value);
    }
  }
  return sum;
}

double DraftMaker::need_of(const std::string& good) {
  const auto [found, is_new] = needs_.try_emplace(good, 0);
  if (!is_new) return found->second;
  double sum = own_need_of(good);
  if (const auto takers = takers_.find(good); takers != takers_.end()) {
    for (const std::size_t taker : takers->second) {
      const Job& job = network_.jobs[taker];
      const double activity = need_of(job);
      const double lots = activity / std::max(1e-6, least_lot(job.sizes)) + 1;
      for (const JobFlow& flow : job.flows)
        if (flow.good == good) sum += activity * std::max(0.0, -flow.quantity) + lots * std::max(0.0, -flow.fixed);
    }
  }
  return needs_[good] = sum;
}

double DraftMaker::need_of(const Job& job) {
  double most = 0;
  for (const JobFlow& flow : job.flows)
    if (flow.quantity > 0) most = std::max(most, need_of(flow.good) / flow.quantity);
  // a lot may be larger than what is needed of it
  const double lot = least_lot(job.sizes);
  return most + lot + job.sizes.multiple.value_or(0);
}

double DraftMaker::whole_need_of(const std::string& good) {
  const auto [found, is_new] = whole_needs_.try_emplace(good, 0);
  if (!is_new) return found->second;
  double sum = own_need_of(good);
  if (const auto takers = takers_.find(good); takers != takers_.end()) {
    for (const std::size_t taker : takers->second) {
      const Job& job = network_.jobs[taker];
      // lots of one unit make no more than is needed; others may leave something over
      const bool makes_exactly = least_lot(job.sizes) <= 1 && job.sizes.multiple.value_or(1) <= 1;
      double activity = makes_exactly ? 0 : need_of(job);
      for (const JobFlow& flow : job.flows)
        if (makes_exactly && flow.quantity > 0) activity = std::max(activity, whole_need_of(flow.good));
      sum += activity;
    }
  }
  return whole_needs_[good] = sum;
}

double DraftMaker::largest_lot(const Job& job) {
  double need = 0;
  for (const JobFlow& flow : job.flows)
    if (flow.quantity > 0) need = std::max(need, whole_need_of(flow.good));
  const double step = job.sizes.multiple.value_or(1);
  return std::max(least_lot(job.sizes), step > 0 ? std::ceil(need / step - 1e-9) * step : need);
}

void DraftMaker::warn_of_soft_times() {
  const auto warn = [&](const Origin& origin, std::string what) {
    diagnostics_.add({.code = Code::unused,
                      .severity = Severity::warning,
                      .origin = origin,
                      .message = fmt::format("{} is left out", what),
                      .help = "frePPLe plans it where there is time and gives it up before an order is late"});
  };
  for (const auto& [name, operation] : model_.operations)
    if (operation.post_time > 0) warn(operation.origin, fmt::format("the posttime of operation '{}'", printable(name)));
  for (const Sourcing& sourcing : model_.sourcings)
    if (sourcing.soft_safety > 0)
      warn(sourcing.origin, fmt::format("the extra safety lead time of item '{}'", printable(sourcing.item)));
}

}  // namespace beltline::frepple
