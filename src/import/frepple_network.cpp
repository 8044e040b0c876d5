#include "import/frepple_network.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/frepple_check.h"

namespace beltline::frepple {
namespace {

constexpr int kNestingMax = 16;          // operations inside each other
constexpr std::size_t kChoicesMax = 64;  // of flows and loads that stand for each other, an operation

/// What an operation passes to those inside it.
struct Around {
  std::vector<JobFlow> flows;
  const Demand* demand = nullptr;
  double rank = 0;
  Sizes sizes;
  Window window;
  Seconds fence = 0;
  std::string suffix;  // of names: " for order 1"
  int depth = 0;
};

Sizes merged(const Sizes& a, const Sizes& b) {
  const auto larger = [](std::optional<double> x, std::optional<double> y) {
    return x && y ? std::optional(std::max(*x, *y)) : (x ? x : y);
  };
  Sizes out{.minimum = larger(a.minimum, b.minimum), .multiple = larger(a.multiple, b.multiple)};
  out.maximum =
      a.maximum && b.maximum ? std::optional(std::min(*a.maximum, *b.maximum)) : (a.maximum ? a.maximum : b.maximum);
  return out;
}

Window merged(const Window& a, const Window& b) {
  Window out = a;
  if (b.start && (!out.start || *b.start > *out.start)) out.start = b.start;
  if (b.end && (!out.end || *b.end < *out.end)) out.end = b.end;
  return out;
}

class NetworkMaker {
 public:
  NetworkMaker(FreppleModel& model, Lookup& lookup, Diagnostics& diagnostics)
      : model_(model), lookup_(lookup), diagnostics_(diagnostics) {}

  Network make() {
    check_names(model_, diagnostics_);
    if (diagnostics_.has_errors()) return {};
    for (const auto& [name, operation] : model_.operations) flows_[name] = lookup_.flows(operation);
    for (const auto& [name, demand] : model_.demands) deliver(demand);
    for (const FixedPlan& plan : model_.plans) {
      if (plan.item.empty()) continue;
      lookup_.buffer(plan.item, plan.location);
      if (!plan.from.empty()) lookup_.buffer(plan.item, plan.from);
    }
    make_sources();
    for (const auto& [name, buffer] : model_.buffers)
      out_.goods[name] = {.title = name, .location = buffer.location, .buffer = &buffer};
    for (std::size_t i = 0; i < out_.jobs.size(); ++i)
      for (const JobFlow& flow : out_.jobs[i].flows)
        if (flow.quantity > 0 || flow.fixed > 0) out_.makers[flow.good].push_back(i);
    if (!diagnostics_.has_errors()) check_loops(out_, diagnostics_);
    return std::move(out_);
  }

 private:
  void missing(const Origin& origin, std::string message) { add_missing(origin, std::move(message), diagnostics_); }

  /// The jobs that bring an order what it asks for.
  void deliver(const Demand& demand) {
    const std::string order = fmt::format("order {}", demand.name);
    if (demand.quantity == 0 || demand.status == "closed" || demand.status == "canceled") return;
    std::string operation = demand.operation;
    for (std::string item = demand.item; operation.empty() && !item.empty(); item = owner_of(item))
      operation = model_.items[item].operation;
    out_.goods[order] = {.title = demand.name, .location = demand.location, .demand = &demand};
    Around around{.flows = {{.good = order, .quantity = 1, .at_end = true}},
                  .demand = &demand,
                  .suffix = fmt::format(" for {}", demand.name)};
    // frePPLe delivers in at most ten parts where nothing is said
    const double least = demand.min_shipment.value_or(std::floor(demand.quantity / 10));
    if (least > 0) around.sizes.minimum = std::min(least, demand.quantity);
    if (!operation.empty()) {
      expand(operation, around);
      return;
    }
    const std::optional<std::string> buffer = buffer_for(demand);
    if (!buffer) return;
    around.flows.push_back({.good = *buffer, .quantity = -1});
    out_.jobs.push_back({.name = fmt::format("ship{}", around.suffix),
                         .location = demand.location,
                         .sizes = around.sizes,
                         .flows = around.flows,
                         .demand = &demand,
                         .origin = demand.origin});
  }

  /// Groups of groups end somewhere: a group that holds itself has been passed already.
  std::string owner_of(const std::string& item) {
    if (++owner_steps_ > 1'000'000) return {};
    const auto found = model_.items.find(item);
    return found == model_.items.end() || found->second.owner == item ? std::string() : found->second.owner;
  }

  std::optional<std::string> buffer_for(const Demand& demand) {
    if (demand.item.empty()) {
      missing(demand.origin, fmt::format("demand '{}' has no item", printable(demand.name)));
      return std::nullopt;
    }
    if (!demand.location.empty()) return lookup_.buffer(demand.item, demand.location);
    const std::vector<std::string>& all = lookup_.buffers(demand.item);
    if (all.size() > 1) {
      diagnostics_.add({.code = Code::inconsistent,
                        .origin = demand.origin,
                        .message = fmt::format("demand '{}' has no location, and its item lies in {} buffers",
                                               printable(demand.name), all.size()),
                        .expected = "a location",
                        .help = "add the location or the operation that delivers"});
      return std::nullopt;
    }
    return all.empty() ? lookup_.buffer(demand.item, "") : all[0];
  }

  /// Whether the operation, or one inside it, puts something out.
  bool puts_out(const std::string& name, const std::function<bool(const std::string& good)>& where, int depth = 0) {
    if (depth > kNestingMax) return false;
    for (const JobFlow& flow : flows_[name])
      if ((flow.quantity > 0 || flow.fixed > 0) && where(flow.good)) return true;
    return std::ranges::any_of(model_.operations[name].steps,
                               [&](const Step& step) { return puts_out(step.operation, where, depth + 1); });
  }

  void make_sources() {
    std::set<std::string> roots;
    for (const auto& [name, buffer] : model_.buffers)
      if (!buffer.producing.empty()) roots.insert(buffer.producing);
    const auto is_open = [&](const std::string& good) {
      const auto found = model_.buffers.find(good);
      return found != model_.buffers.end() && found->second.producing.empty();
    };
    for (const auto& [name, operation] : model_.operations)
      if (!operation.has_owner && operation.priority > 0 && puts_out(name, is_open)) roots.insert(name);
    for (const std::string& name : roots) expand(name, {});
    // distributions may begin at a location that nothing else names: its buffer is new, and has its own sources
    std::set<std::string> done;
    for (bool again = true; again;) {
      again = false;
      std::vector<std::string> names;
      for (const auto& [name, buffer] : model_.buffers)
        if (buffer.producing.empty() && done.insert(name).second) names.push_back(name);
      for (const std::string& name : names) again = buy(model_.buffers[name]) || again;
    }
  }

  /// Purchases and transfers into a buffer; whether there are any.
  bool buy(const Buffer& buffer) {
    std::vector<const Sourcing*> all;
    for (std::string item = buffer.item; !item.empty(); item = owner_of(item))
      for (const Sourcing* sourcing : lookup_.sourcings(item))
        if (sourcing->priority > 0 && (sourcing->location.empty() || sourcing->location == buffer.location) &&
            (sourcing->from.empty() || sourcing->from != buffer.location))
          all.push_back(sourcing);
    std::ranges::stable_sort(all, {}, &Sourcing::priority);
    if (!all.empty() && model_.available.contains(buffer.location) && told_.insert(buffer.location).second) {
      diagnostics_.add(
          {.code = Code::unused,
           .severity = Severity::warning,
           .origin = all[0]->origin,
           .message = fmt::format("what is bought for '{}' arrives at any time", printable(buffer.location)),
           .help = "the location's calendar holds for its operations only"});
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Sourcing& from = *all[i];
      Job job{.name = fmt::format("{} {} from {}", from.from.empty() ? "purchase" : "ship", buffer.name,
                                  from.from.empty() ? from.supplier : from.from),
              .location = buffer.location,
              .duration = from.lead + from.hard_safety,
              .sizes = from.sizes,
              .flows = {{.good = buffer.name, .quantity = 1, .at_end = true}},
              .fence = from.fence,
              .window = from.window,
              .rank = rank_of(i, all.size()),
              .origin = from.origin};
      if (!job.sizes.multiple) job.sizes.multiple = 1;  // frePPLe buys whole units
      if (!from.from.empty()) job.flows.push_back({.good = lookup_.buffer(buffer.item, from.from), .quantity = -1});
      out_.jobs.push_back(std::move(job));
    }
    return !all.empty();
  }

  static double rank_of(std::size_t i, std::size_t count) {
    return count < 2 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
  }

  void expand(const std::string& name, Around around) {
    const Operation& operation = model_.operations[name];
    if (++around.depth > kNestingMax) {
      diagnostics_.add({.code = Code::gain_loop,
                        .origin = operation.origin,
                        .message = fmt::format("operation '{}' holds itself", printable(name)),
                        .help = "take it out of its own steps"});
      return;
    }
    const std::vector<JobFlow>& own = flows_[name];
    around.flows.insert(around.flows.end(), own.begin(), own.end());
    around.sizes = merged(around.sizes, operation.sizes);
    around.window = merged(around.window, operation.window);
    around.fence = std::max(around.fence, operation.fence);
    switch (operation.kind) {
      case OperationKind::routing: expand_routing(operation, around); return;
      case OperationKind::alternate: expand_alternate(operation, around); return;
      case OperationKind::split: expand_split(operation, around); return;
      default: add_job(operation, around);
    }
  }

  void add_job(const Operation& operation, const Around& around) {
    Job job{.name = operation.name + around.suffix,
            .location = operation.location,
            .duration = operation.duration,
            .per = operation.kind == OperationKind::time_per ? operation.duration_per : 0,
            .sizes = around.sizes,
            .flows = around.flows,
            .fence = around.fence,
            .window = around.window,
            .rank = around.rank,
            .demand = around.demand,
            .origin = operation.origin};
    job.loads = lookup_.loads(operation.name);
    add_calendar(job, operation.available);
    if (const auto at = model_.available.find(operation.location); at != model_.available.end())
      add_calendar(job, at->second);
    // without its order a step is no delivery
    const bool delivers = std::ranges::any_of(job.flows, [&](const JobFlow& flow) {
      return job.demand != nullptr && flow.quantity > 0 && flow.good == fmt::format("order {}", job.demand->name);
    });
    if (!delivers) job.demand = nullptr;
    add_choices(std::move(job));
  }

  static void add_calendar(Job& job, const std::string& calendar) {
    if (!calendar.empty() && std::ranges::find(job.available, calendar) == job.available.end())
      job.available.push_back(calendar);
  }

  /// A job for each choice of one flow and one load of every group that stand for each other.
  void add_choices(Job job) {
    std::vector<Job> choices{job};
    std::set<std::string> groups;
    const auto split = [&](auto Job::* member) {
      groups.clear();
      for (const auto& each : job.*member)
        if (!each.group.empty()) groups.insert(each.group);
      for (const std::string& group : groups) {
        auto alternatives = job.*member;
        std::erase_if(alternatives, [&](const auto& each) { return each.group != group; });
        std::ranges::stable_sort(alternatives, {}, [](const auto& each) { return each.priority; });
        if (alternatives.size() < 2) continue;
        std::vector<Job> next;
        for (const Job& choice : choices) {
          for (std::size_t i = 0; i < alternatives.size() && next.size() <= kChoicesMax; ++i) {
            Job one = choice;
            std::erase_if(one.*member, [&](const auto& each) { return each.group == group; });
            (one.*member).push_back(alternatives[i]);
            one.rank = std::max(one.rank, rank_of(i, alternatives.size()));
            if (i > 0) one.name += fmt::format(" {} {}", group, i + 1);
            next.push_back(std::move(one));
          }
        }
        choices = std::move(next);
      }
    };
    split(&Job::flows);
    split(&Job::loads);
    if (choices.size() > kChoicesMax) {
      diagnostics_.add({.code = Code::too_many,
                        .origin = job.origin,
                        .message = fmt::format("'{}' has too many alternatives", printable(job.name)),
                        .expected = fmt::format("at most {}", kChoicesMax),
                        .help = "write fewer flows and loads that stand for each other"});
      return;
    }
    for (Job& choice : choices) {
      for (const JobLoad& load : choice.loads)
        if (const auto resource = model_.resources.find(load.resource); resource != model_.resources.end())
          add_calendar(choice, resource->second.available);
      out_.jobs.push_back(std::move(choice));
    }
  }

  /// Steps, or alternatives, that are ever used, in order.
  std::vector<Step> steps_of(const Operation& operation, bool drop_unused) {
    std::vector<Step> steps;
    for (const Step& step : operation.steps)
      if (!drop_unused || step.priority > 0) steps.push_back(step);
    std::ranges::stable_sort(steps, {}, &Step::priority);
    if (steps.empty()) missing(operation.origin, fmt::format("operation '{}' has no steps", printable(operation.name)));
    return steps;
  }

  void expand_routing(const Operation& operation, const Around& around) {
    const std::vector<Step> steps = steps_of(operation, false);
    std::string queue;  // what the step before left
    for (std::size_t i = 0; i < steps.size(); ++i) {
      Around inner{.demand = around.demand,
                   .rank = around.rank,
                   .sizes = i == 0 ? around.sizes : Sizes{},
                   .window = merged(around.window, steps[i].window),
                   .fence = i == 0 ? around.fence : 0,
                   .suffix = around.suffix,
                   .depth = around.depth};
      for (const JobFlow& flow : around.flows)
        if (flow.at_end ? i + 1 == steps.size() : i == 0) inner.flows.push_back(flow);
      if (i > 0) inner.flows.push_back({.good = queue, .quantity = -1});
      if (i + 1 < steps.size()) {
        queue = fmt::format("{}{} after step {}", operation.name, around.suffix, i + 1);
        out_.goods[queue] = {.title = queue, .location = operation.location};
        inner.flows.push_back({.good = queue, .quantity = 1, .at_end = true});
      }
      expand(steps[i].operation, inner);
    }
  }

  void expand_alternate(const Operation& operation, const Around& around) {
    const std::vector<Step> steps = steps_of(operation, true);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      Around inner = around;
      inner.rank = std::max(around.rank, rank_of(i, steps.size()));
      inner.window = merged(around.window, steps[i].window);
      expand(steps[i].operation, inner);
    }
  }

  /// One job without time shares a unit out to the parts.
  void expand_split(const Operation& operation, const Around& around) {
    const std::vector<Step> steps = steps_of(operation, true);
    double all = 0;
    for (const Step& step : steps) all += step.priority;
    Job share{.name = fmt::format("{}{} split", operation.name, around.suffix),
              .location = operation.location,
              .sizes = around.sizes,
              .fence = around.fence,
              .window = around.window,
              .rank = around.rank,
              .origin = operation.origin};
    for (const JobFlow& flow : around.flows)
      if (!flow.at_end) share.flows.push_back(flow);
    for (const Step& step : steps) {
      const std::string part = fmt::format("{}{} for {}", operation.name, around.suffix, step.operation);
      // a part that could wait would let another go on alone
      out_.goods[part] = {.title = part, .location = operation.location, .is_kept = false};
      share.flows.push_back({.good = part, .quantity = step.priority / all});
      Around inner{.flows = {{.good = part, .quantity = -1}},
                   .demand = around.demand,
                   .rank = around.rank,
                   .window = merged(around.window, step.window),
                   .suffix = around.suffix,
                   .depth = around.depth};
      for (const JobFlow& flow : around.flows)
        if (flow.at_end) inner.flows.push_back(flow);
      expand(step.operation, inner);
    }
    out_.jobs.push_back(std::move(share));
  }

  FreppleModel& model_;
  Lookup& lookup_;
  Diagnostics& diagnostics_;
  Network out_;
  std::map<std::string, std::vector<JobFlow>> flows_;
  std::set<std::string> told_;  // locations whose calendars purchases do not keep to
  int owner_steps_ = 0;
};

}  // namespace

Network make_network(FreppleModel& model, Lookup& lookup, Diagnostics& diagnostics) {
  return NetworkMaker(model, lookup, diagnostics).make();
}

}  // namespace beltline::frepple
