#include "study/alternatives.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "base/text.h"
#include "plan/extract.h"
#include "plan/table_rows.h"
#include "plan/termination.h"
#include "plan/verify.h"
#include "plan/weights.h"
#include "run/amounts.h"
#include "study/stopwatch.h"

namespace beltline {
namespace {

constexpr uint32_t kDirectionSource = 0x616c74;  // random draws of this study
/// Below this share of the largest amount of a group it counts as nothing.
constexpr double kNothing = 1e-5;

/// Capacity that is counted together: one, all of a kind, or all at a place.
struct Group {
  std::string by;  // capacity, kind, place
  std::string name;
  std::string unit;
  std::vector<std::size_t> members;  // capacities that can be built
  double best = 0, least = 0, most = 0;
  bool is_known = true;
};

struct Alternative {
  std::string how;
  std::vector<double> online;  // [capacity] built and online at the end
  double cost_usd = 0;
  bool verified = false;
};

class Finder {
 public:
  Finder(const Compiled& compiled, const AlternativesOptions& options)
      : compiled_(compiled), options_(options), study_(make_study_model(*compiled.model, options)) {}

  Outcome<StudyReport> run() {
    auto best = find_best();
    if (!best) return std::unexpected(best.error());
    report_.study = "alternatives";
    if (!best->has_point) {
      report_.termination = translate(best->termination);
      return write();
    }
    report_.termination = Termination::optimal;
    keep("best", best->x);
    make_groups();
    for (Group& group : groups_) {
      group.best = amount(group, alternatives_.front());
      if (auto done = find_range(group); !done) return std::unexpected(done.error());
    }
    for (int i = 0; i < options_.count && report_.termination == Termination::optimal; ++i) {
      if (auto done = i % 2 == 0 ? hop(i / 2) : wander(i / 2); !done) return std::unexpected(done.error());
    }
    return write();
  }

 private:
  const Model& model() const { return study_.model; }
  lp::Problem& problem() { return study_.formulation.problem; }

  /// The best plan, and the rows that keep all others near it.
  Outcome<lp::Solution> find_best() {
    Formulation& f = study_.formulation;
    const Weights first = first_goal(model());
    set_goal(model(), f, first);
    auto best = solve("best");
    if (!best || !best->has_point) return best;
    const bool cost_first = model().objective.kind == ObjectiveKind::min_cost;
    if (!cost_first) {
      const double bound = best->objective + options_.slack * std::abs(best->objective);
      const std::vector<double> goal = f.problem.cost;
      const Weights both = weigh(model(), f, *best);
      set_goal(model(), f, both);
      auto second = solve("best at cost");
      if (!second || !second->has_point) return second;
      best = std::move(second);
      add_row(f.problem, goal, -lp::kInf, bound);
    }
    set_goal(model(), f, {.cost = 1});
    const double cost = cost_at(best->x);
    const double most = cost + options_.slack * std::abs(cost);
    best_cost_usd_ = cost / f.money_scale;
    budget_usd_ = most / f.money_scale;
    add_row(f.problem, f.problem.cost, -lp::kInf, most - f.problem.offset);
    f.problem.offset = 0;
    f.problem.quadratic.clear();
    basis_.reset();
    return best;
  }

  double cost_at(const std::vector<double>& x) {
    double sum = problem().offset;
    for (std::size_t j = 0; j < x.size(); ++j) sum += problem().cost[j] * x[j];
    return sum;
  }

  void make_groups() {
    std::map<std::string, Group> kinds, places;
    const int last = model().period_count() - 1;
    for (std::size_t k = 0; k < model().capacities.size(); ++k) {
      if (!study_.formulation.layout.built[k].holds(last)) continue;
      const Capacity& capacity = model().capacities[k];
      groups_.push_back({.by = "capacity", .name = capacity.name, .unit = capacity.unit, .members = {k}});
      const auto join = [&](std::map<std::string, Group>& all, const char* by, const std::string& name) {
        if (name.empty()) return;
        // units of different goods do not add up
        Group& group = all[name + " " + capacity.unit];
        group.by = by;
        group.name = name;
        group.unit = capacity.unit;
        group.members.push_back(k);
      };
      join(kinds, "kind", capacity.kind);
      join(places, "place", place_name(model(), capacity.place));
    }
    for (auto* all : {&kinds, &places}) {
      for (auto& [key, group] : *all) {
        if (group.members.size() > 1) groups_.push_back(std::move(group));
      }
    }
  }

  double amount(const Group& group, const Alternative& alternative) const {
    double sum = 0;
    for (const std::size_t k : group.members) sum += alternative.online[k];
    return sum;
  }

  Outcome<void> find_range(Group& group) {
    for (const double sign : {1.0, -1.0}) {
      if (report_.termination != Termination::optimal) {
        group.is_known = false;
        return {};
      }
      aim([&](std::size_t k) { return std::ranges::find(group.members, k) != group.members.end() ? sign : 0.0; });
      auto solution = solve((sign > 0 ? "least of " : "most of ") + group.name);
      if (!solution) return std::unexpected(solution.error());
      if (solution->termination == lp::Termination::unbounded) {
        group.most = lp::kInf;
        continue;
      }
      if (!solution->has_point || solution->termination != lp::Termination::optimal) {
        stop(solution->termination);
        group.is_known = false;
        return {};
      }
      const Alternative found = point("", solution->x);
      (sign > 0 ? group.least : group.most) = amount(group, found);
    }
    return {};
  }

  /// Costs 1 · direction for what each capacity has online at the end.
  template <class Direction>
  void aim(Direction direction) {
    std::ranges::fill(problem().cost, 0.0);
    const int last = model().period_count() - 1;
    for (std::size_t k = 0; k < model().capacities.size(); ++k) {
      const Block& built = study_.formulation.layout.built[k];
      if (built.holds(last)) problem().cost[static_cast<std::size_t>(built.at(last))] = direction(k);
    }
  }

  /// What a capacity's amounts are measured in: its most, so that a rack counts as much as a megawatt.
  double size_of(std::size_t k) const {
    for (const Group& group : groups_) {
      if (group.by == "capacity" && group.members.front() == k && std::isfinite(group.most))
        return std::max(group.most, 1e-9);
    }
    return 1;
  }

  /// Hop–skip–jump: away from all that the plans so far build.
  Outcome<void> hop(int number) {
    std::vector<double> used(model().capacities.size(), 0.0);
    for (const Alternative& each : alternatives_) {
      for (std::size_t k = 0; k < used.size(); ++k) used[k] += each.online[k] > kNothing * size_of(k) ? 1 : 0;
    }
    aim([&](std::size_t k) { return used[k] / size_of(k); });
    return add(fmt::format("away from the plans before ({})", number + 1));
  }

  Outcome<void> wander(int number) {
    aim([&](std::size_t k) {
      const double draw = uniform01({.seed = 0,
                                     .replication = static_cast<uint32_t>(number),
                                     .source = kDirectionSource,
                                     .period = static_cast<uint32_t>(k)});
      return (2 * draw - 1) / size_of(k);
    });
    return add(fmt::format("random direction {}", number + 1));
  }

  Outcome<void> add(const std::string& how) {
    auto solution = solve(how);
    if (!solution) return std::unexpected(solution.error());
    if (solution->has_point) {
      keep(how, solution->x);
    } else if (solution->termination != lp::Termination::unbounded) {
      stop(solution->termination);
    }
    return {};
  }

  Alternative point(const std::string& how, const std::vector<double>& x) const {
    Alternative out{.how = how, .online = std::vector<double>(model().capacities.size(), 0.0)};
    const int last = model().period_count() - 1;
    for (std::size_t k = 0; k < out.online.size(); ++k) {
      const Block& built = study_.formulation.layout.built[k];
      if (built.holds(last)) out.online[k] = std::max(0.0, x[static_cast<std::size_t>(built.at(last))]);
    }
    return out;
  }

  void keep(const std::string& how, const std::vector<double>& x) {
    Alternative found = point(how, x);
    Plan plan = empty_plan(model(), study_.formulation.layout);
    extract_decisions(model(), study_.formulation, x, plan);
    const Verification check = verify(model(), plan);
    found.verified = check.holds;
    found.cost_usd = check.cost_usd;
    alternatives_.push_back(std::move(found));
  }

  void stop(lp::Termination termination) {
    report_.termination = termination == lp::Termination::optimal ? Termination::unverified : translate(termination);
  }

  Outcome<lp::Solution> solve(const std::string& stage) {
    if (options_.on_progress) options_.on_progress({stage, {}});
    lp::Options how{.wall_time_max_s = watch_.left(options_.wall_time_max_s),
                    .thread_count = options_.thread_count,
                    .cancel = options_.cancel};
    if (basis_) {
      how.start_column_basis = basis_->column_basis;
      how.start_row_basis = basis_->row_basis;
    }
    auto solution = lp::solve(problem(), how);
    if (solution && !solution->column_basis.empty()) {
      basis_.emplace();
      basis_->column_basis = solution->column_basis;
      basis_->row_basis = solution->row_basis;
    }
    return solution;
  }

  static const char* verdict(const Group& group) {
    if (!group.is_known) return "not known";
    const double nothing = kNothing * std::max(1e-9, std::isfinite(group.most) ? group.most : 1.0);
    if (group.least > nothing && group.least > 1e-7) return "every";
    return group.most > 1e-7 ? "some" : "none";
  }

  Table ranges() const {
    Table table = make("alternatives", "How much of each is online at the end in plans near the best",
                       {{"by", "text", "capacity, kind or place: what is counted together"},
                        {"name", "text", ""},
                        {"unit", "text", ""},
                        {"least", "", "in any good plan, in `unit`"},
                        {"best", "", "in the best plan"},
                        {"most", "", "in any good plan; infinite where nothing limits it"},
                        {"in_plans", "text", "every, some or none of the good plans have it"}});
    for (const Group& group : groups_) {
      const std::string* const cells[] = {&group.by, &group.name, &group.unit};
      for (std::size_t i = 0; i < 3; ++i) texts(table, i).push_back(*cells[i]);
      const double values[] = {group.least, group.best, group.most};
      for (std::size_t i = 0; i < 3; ++i) numbers(table, 3 + i).push_back(group.is_known ? values[i] : std::nan(""));
      texts(table, 6).emplace_back(verdict(group));
    }
    return table;
  }

  Table plans() const {
    Table table = make("alternative_plans", "Plans near the best that differ from each other",
                       {{"plan", "text", ""},
                        {"how", "text", "what it was looked for by"},
                        {"cost", "USD", "discounted, less salvage"},
                        {"above_best", "1", "share of the best plan's cost"},
                        {"verified", "1", "1 where the model's own equations confirm it"}});
    for (std::size_t i = 0; i < alternatives_.size(); ++i) {
      const Alternative& each = alternatives_[i];
      texts(table, 0).push_back(fmt::format("{}", i));
      texts(table, 1).push_back(each.how);
      numbers(table, 2).push_back(each.cost_usd);
      numbers(table, 3).push_back((each.cost_usd - best_cost_usd_) / std::max(1e-9, std::abs(best_cost_usd_)));
      numbers(table, 4).push_back(each.verified ? 1 : 0);
    }
    return table;
  }

  Table builds() const {
    Table table = make("alternative_builds", "What each of these plans has online at the end; zeros left out",
                       {{"plan", "text", ""},
                        {"capacity", "text", ""},
                        {"kind", "text", ""},
                        {"place", "text", ""},
                        {"unit", "text", ""},
                        {"online", "", "built, in `unit`"}});
    for (std::size_t i = 0; i < alternatives_.size(); ++i) {
      for (std::size_t k = 0; k < alternatives_[i].online.size(); ++k) {
        if (alternatives_[i].online[k] < kTiny) continue;
        const Capacity& capacity = model().capacities[k];
        texts(table, 0).push_back(fmt::format("{}", i));
        texts(table, 1).push_back(capacity.name);
        texts(table, 2).push_back(capacity.kind);
        texts(table, 3).push_back(place_name(model(), capacity.place));
        texts(table, 4).push_back(capacity.unit);
        numbers(table, 5).push_back(alternatives_[i].online[k]);
      }
    }
    return table;
  }

  std::string words(Language language) const {
    const bool korean = language == Language::korean;
    const auto tell = [&](const char* english, const char* other, const auto&... values) {
      return fmt::format(fmt::runtime(korean ? other : english), values...) + "\n";
    };
    if (alternatives_.empty()) {
      return tell("{}: {}, so that there are no plans to compare", "{}: {}. 견줄 계획이 없습니다",
                  printable(compiled_.spec->title, 200), to_string(report_.termination));
    }
    std::string out =
        tell("{}: plans of at most {}, {:.3g} % above the best", "{}: 비용이 최대 {}(최적보다 {:.3g} %)인 계획들",
             printable(compiled_.spec->title, 200), money(budget_usd_, language), 100 * options_.slack);
    if (study_.modules_free || study_.is_coarse) {
      out += tell("  on {}, with modules in any amount", "  {}, 모듈은 임의의 양",
                  study_.is_coarse ? (korean ? "기간마다 한 구간" : "one slice a period")
                                   : (korean ? "모든 구간" : "all slices"));
    }
    const std::pair<const char*, std::pair<const char*, const char*>> heads[] = {
        {"every", {"In every good plan", "모든 좋은 계획에 있음"}},
        {"some", {"In some", "일부에 있음"}},
        {"none", {"In none", "어디에도 없음"}}};
    for (const auto& [which, head] : heads) {
      std::string lines;
      for (const Group& group : groups_) {
        if (group.by != "capacity" || std::string_view(verdict(group)) != which) continue;
        lines +=
            std::string_view(which) == "none"
                ? fmt::format("  {}\n", group.name)
                : tell("  {:<28} {} to {}  (best {})", "  {:<28} {}~{}  (최적 {})", group.name, grouped(group.least),
                       quantity_words(group.most, group.unit, language), grouped(group.best));
      }
      if (!lines.empty()) out += "\n" + std::string(korean ? head.second : head.first) + "\n" + lines;
    }
    out += "\n" + tell("{} plans that differ: tables alternative_plans and alternative_builds",
                       "서로 다른 계획 {}개: 표 alternative_plans, alternative_builds", alternatives_.size());
    return out;
  }

  StudyReport write() {
    nlohmann::ordered_json facts = {
        {"slack", options_.slack}, {"coarse", study_.is_coarse}, {"modules_free", study_.modules_free}};
    if (!alternatives_.empty()) {
      facts["best_cost_usd"] = best_cost_usd_;
      facts["budget_usd"] = budget_usd_;
      report_.tables = {ranges(), plans(), builds()};
    }
    report_.facts_json = facts.dump();
    report_.text = words(Language::english);
    report_.text_ko = words(Language::korean);
    return std::move(report_);
  }

  const Compiled& compiled_;
  const AlternativesOptions& options_;
  StudyModel study_;
  double best_cost_usd_ = 0, budget_usd_ = 0;
  std::vector<Group> groups_;
  std::vector<Alternative> alternatives_;
  std::optional<lp::Solution> basis_;  // where the last solve ended
  StudyReport report_;
  Stopwatch watch_;
};

}  // namespace

Outcome<StudyReport> find_alternatives(const Compiled& compiled, const AlternativesOptions& options) {
  return Finder(compiled, options).run();
}

}  // namespace beltline
