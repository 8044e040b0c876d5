// The full Korean scenario, planned once: what a reader of the field would hold against it.
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parts/rack.h"
#include "plan/verify.h"
#include "tests/support.h"

namespace beltline {
namespace {

const Planned& korea() {
  static const Planned planned = plan_folder(scenario_folder("korea"), {.thread_count = 2});
  return planned;
}

const Spec& spec() {
  return *korea().compiled.spec;
}
const Model& model() {
  return korea().model();
}
const Plan& plan() {
  return korea().plan();
}
std::string label(int t) {
  return model().calendar.label(t);
}

/// Names of the places where racks may stand.
std::set<std::string> site_places(bool outline_too) {
  std::set<std::string> places;
  for (const Measure& measure : model().measures) {
    if (measure.table != "programme" || measure.name != "it_load_installed" || !measure.place.valid()) continue;
    const Place& place = model().places[measure.place.index()];
    if (outline_too || !place.outline) places.insert(place.name);
  }
  return places;
}

/// Units of a commodity that processes put out, by the period in which they arrive, added up.
std::vector<double> arrived(const std::string& commodity) {
  std::vector<double> sum(static_cast<std::size_t>(model().period_count()));
  for (std::size_t p = 0; p < model().processes.size(); ++p) {
    for (const Flow& flow : model().processes[p].flows) {
      if (model().commodity_name(flow.node) != commodity) continue;
      for (int t = 0; t + flow.lag < model().period_count(); ++t) {
        const double rate = model().at(flow.rate, t);
        if (rate > 0) sum[static_cast<std::size_t>(t + flow.lag)] += rate * plan().activity.at(p, t);
      }
    }
  }
  for (std::size_t t = 1; t < sum.size(); ++t) sum[t] += sum[t - 1];
  return sum;
}

/// Units of a commodity that processes and builds take in, added up.
std::vector<double> taken(const std::string& commodity) {
  std::vector<double> sum(static_cast<std::size_t>(model().period_count()));
  for (std::size_t p = 0; p < model().processes.size(); ++p) {
    for (const Flow& flow : model().processes[p].flows) {
      if (model().commodity_name(flow.node) != commodity) continue;
      for (int t = 0; t + flow.lag < model().period_count(); ++t) {
        const double rate = model().at(flow.rate, t);
        if (rate < 0) sum[static_cast<std::size_t>(t + flow.lag)] -= rate * plan().activity.at(p, t);
      }
    }
  }
  for (std::size_t k = 0; k < model().capacities.size(); ++k) {
    for (const BuildFlow& flow : model().capacities[k].build_flows) {
      if (model().commodity_name(flow.node) != commodity) continue;
      for (int t = 0; t + flow.offset < model().period_count(); ++t) {
        if (flow.amount < 0) sum[static_cast<std::size_t>(t + flow.offset)] -= flow.amount * plan().order.at(k, t);
      }
    }
  }
  for (std::size_t t = 1; t < sum.size(); ++t) sum[t] += sum[t - 1];
  return sum;
}

TEST(Korea, IsPlannedOptimallyAndVerified) {
  EXPECT_TRUE(plan().termination == Termination::optimal || plan().gap <= 5e-3)
      << to_string(plan().termination) << " " << plan().detail << "\n"
      << korea().result.statistics.stages;
  EXPECT_LE(plan().gap, 6.1e-3);  // the gap of the first goal and what cost may take of it
  EXPECT_TRUE(plan().verified) << plan().detail;
  EXPECT_EQ(model().calendar.slice_count, 24);
  EXPECT_EQ(label(0), "2025-10");
  EXPECT_GE(label(korea().last_period()), "2030-12");
}

TEST(Korea, FitsIntoMemory) {
  (void)korea();
  rusage own{}, children{};
  ASSERT_EQ(getrusage(RUSAGE_SELF, &own) + getrusage(RUSAGE_CHILDREN, &children), 0);
  // ru_maxrss is in KiB, that of the largest child alone: two solvers may run at once.
  const long peak_kib = own.ru_maxrss + 2 * children.ru_maxrss;
  EXPECT_LE(peak_kib, 1536 * 1024);
  RecordProperty("plan_s", fmt::format("{:.1f}", plan().seconds));
  RecordProperty("peak_mib", fmt::format("{}", peak_kib / 1024));
  fmt::print("planned in {:.1f} s, {} MiB\n{}", plan().seconds, peak_kib / 1024, korea().result.statistics.stages);
}

TEST(Korea, CostsWhatGigawattsCost) {
  EXPECT_GE(korea().figure("all_in_cost"), 35e9);
  EXPECT_LE(korea().figure("all_in_cost"), 60e9);
}

TEST(Korea, AcceleratorsTakeThePowerTheyTake) {
  const Entry* gb300 = spec().find("rack", "gb300_nvl72");
  ASSERT_NE(gb300, nullptr);
  const double it_kw = 1e3 * rack_it_mw(*gb300) / static_cast<double>(gb300->integer("accelerators"));
  double it = 0, facility = 0;
  for (const std::string& place : site_places(true)) {
    const double pue = korea().last("sites", "pue", place);
    EXPECT_GE(it_kw * pue, 2.1) << place;
    EXPECT_LE(it_kw * pue, 2.7) << place;
    it += korea().last("programme", "it_load_installed", place);
    facility += pue * korea().last("programme", "it_load_installed", place);
  }
  EXPECT_NEAR(it, korea().last("programme", "it_load_installed", ""), 1e-6 * it);
  const double fleet_kw = 1e3 * facility / korea().last("programme", "accelerators_online", "");
  EXPECT_GE(fleet_kw, 1.8);
  EXPECT_LE(fleet_kw, 4.0);
}

TEST(Korea, EveryAcceleratorHasTheStacksOfItsGeneration) {
  const std::map<std::string, double> stacks = {{"gb200", 8}, {"gb300", 8}, {"rubin", 8}, {"rubin_ultra", 16}};
  std::map<std::string, double> taken_of_stack;
  for (const Entry& accelerator : spec().entries("accelerator")) {
    ASSERT_TRUE(stacks.contains(accelerator.name)) << accelerator.name;
    const std::string stack = "stack_" + accelerator.text("stack");
    double in = 0, out = 0;
    for (std::size_t p = 0; p < model().processes.size(); ++p) {
      const Process& process = model().processes[p];
      if (!process.name.starts_with("package_" + accelerator.name + "@")) continue;
      for (const Flow& flow : process.flows) {
        for (int t = 0; t < model().period_count(); ++t) {
          const double units = model().at(flow.rate, t) * plan().activity.at(p, t);
          if (model().commodity_name(flow.node) == stack) in -= units;
          if (model().commodity_name(flow.node) == "accelerator_" + accelerator.name) out += units;
        }
      }
    }
    taken_of_stack[stack] += in;
    if (out > 1) {
      EXPECT_NEAR(in / out, stacks.at(accelerator.name), 1e-9) << accelerator.name;
    }
  }
  // Nothing else takes stacks.
  for (const auto& [stack, units] : taken_of_stack)
    EXPECT_NEAR(taken(stack).back(), units, 1e-6 * (1 + units)) << stack;
  for (const Entry& rack : spec().entries("rack")) {
    const RackBill bill = rack_bill(spec(), rack);
    EXPECT_NEAR(bill.stacks / bill.accelerators, stacks.at(rack.text("accelerator")), 1e-9) << rack.name;
    EXPECT_EQ(bill.accelerators, static_cast<double>(rack.integer("accelerators"))) << rack.name;
  }
}

TEST(Korea, NineHundredThousandWafersAreACeilingNotANeed) {
  const Entry* gb300 = spec().find("rack", "gb300_nvl72");
  ASSERT_NE(gb300, nullptr);
  const double racks = 10e3 / rack_it_mw(*gb300);
  const double wafers_a_month = racks * rack_bill(spec(), *gb300).wafers() / 48;
  EXPECT_GE(wafers_a_month, 39e3);
  EXPECT_LE(wafers_a_month, 57e3);
  double most = 0;
  for (int t = 0; t <= korea().last_period(); ++t)
    most = std::max(most, korea().measure("memory", "wafer_starts", "", t));
  EXPECT_GT(most, 20e3);
  EXPECT_LT(most, 0.25 * 900e3);
  EXPECT_LT(korea().figure("share_of_wafer_starts"), 0.25);
  EXPECT_NE(korea().result.summary.find("ceiling"), std::string::npos) << korea().result.summary;
}

TEST(Korea, PueIsThatOfTheFieldAtEverySiteInEveryMonth) {
  const auto places = site_places(true);
  ASSERT_GE(places.size(), 15U);
  for (const std::string& place : places) {
    for (int t = 0; t <= korea().last_period(); ++t) {
      const double pue = korea().measure("sites", "pue", place, t);
      EXPECT_TRUE(pue >= 1.05 && pue <= 1.40) << place << " " << label(t) << ": " << pue;
    }
  }
  // Summers cost more cooling than winters.
  EXPECT_GT(korea().measure("sites", "pue", "ulsan", korea().period("2028-08")),
            korea().measure("sites", "pue", "ulsan", korea().period("2028-01")));
}

TEST(Korea, NothingFloatsBeforeItsYardTime) {
  const Entry* hull = spec().find("hull", "fdc50");
  ASSERT_NE(hull, nullptr);
  const int approved = model().calendar.period_of(hull->month("approved"));
  int lead = 0;
  std::vector<double> ordered(static_cast<std::size_t>(model().period_count()));
  std::vector<double> afloat(ordered.size());
  for (std::size_t k = 0; k < model().capacities.size(); ++k) {
    const Capacity& capacity = model().capacities[k];
    if (capacity.kind != "hull") continue;
    EXPECT_GE(capacity.lead, 16) << capacity.name;
    EXPECT_LE(capacity.lead, 36) << capacity.name;
    EXPECT_TRUE(lead == 0 || lead == capacity.lead);
    lead = capacity.lead;
    for (int t = 0; t < model().period_count(); ++t) {
      ordered[static_cast<std::size_t>(t)] += plan().order.at(k, t);
      afloat[static_cast<std::size_t>(t)] += online(model(), plan(), CapacityId(k), t);
      EXPECT_NEAR(std::remainder(plan().order.at(k, t), capacity.module_size), 0, 1e-6)
          << "half a hull in " << label(t);
    }
  }
  double due = 0, total = 0;
  for (int t = 0; t < model().period_count(); ++t) {
    const auto i = static_cast<std::size_t>(t);
    if (t < approved) {
      EXPECT_EQ(ordered[i], 0) << "before the approval in principle: " << label(t);
    }
    if (t >= lead) due += ordered[static_cast<std::size_t>(t - lead)];
    total += ordered[i];
    EXPECT_LE(afloat[i], due + 1e-6) << label(t);
    if (t < approved + lead) {
      EXPECT_EQ(afloat[i], 0) << label(t);
    }
  }
  EXPECT_GT(total, 1) << "floating centres should be worth building";
  EXPECT_GT(afloat.back(), 1);
}

TEST(Korea, NothingIsOnlineBeforeItsInputsArrived) {
  const auto not_before = [](const std::vector<double>& uses, const std::vector<double>& supply,
                             const std::string& what) {
    for (std::size_t t = 0; t < uses.size(); ++t) {
      EXPECT_LE(uses[t], supply[t] + 1e-5 * (1 + supply[t])) << what << " by " << label(static_cast<int>(t));
    }
  };
  for (const Entry& rack : spec().entries("rack")) {
    std::vector<double> standing(static_cast<std::size_t>(model().period_count()));
    for (std::size_t k = 0; k < model().capacities.size(); ++k) {
      if (!model().capacities[k].name.starts_with("rack_" + rack.name + "@")) continue;
      EXPECT_GE(model().capacities[k].lead, 1);
      for (int t = 0; t < model().period_count(); ++t) {
        standing[static_cast<std::size_t>(t)] += online(model(), plan(), CapacityId(k), t);
      }
    }
    not_before(standing, arrived("rack_" + rack.name), "racks online after racks assembled, " + rack.name);
    not_before(taken("rack_" + rack.name), arrived("rack_" + rack.name),
               "racks installed after racks assembled, " + rack.name);
    const std::string accelerator = "accelerator_" + rack.text("accelerator");
    not_before(taken(accelerator), arrived(accelerator), "racks assembled after accelerators packaged, " + rack.name);
  }
  for (const Entry& stack : spec().entries("stack")) {
    not_before(taken("stack_" + stack.name), arrived("stack_" + stack.name), "packaged after stacks, " + stack.name);
  }
  for (const Entry& product : spec().entries("product")) {
    const std::string good = (product.text("family") == "hbm" ? "die_" : "dram_") + product.name;
    not_before(taken(good), arrived(good), "used after it was made, " + good);
  }
  // Months from wafer to rack: nothing whose chain was not begun before the horizon runs in the first of them.
  EXPECT_GT(arrived("rack_vr_nvl72").back(), 100);
  EXPECT_EQ(arrived("rack_vr_nvl72")[static_cast<std::size_t>(korea().period("2026-06"))], 0);
}

TEST(Korea, RacksStandInHallsWithPower) {
  for (const std::string& place : site_places(true)) {
    for (int t = 0; t <= korea().last_period(); ++t) {
      const double racks = korea().measure("programme", "it_load_installed", place, t);
      EXPECT_LE(racks, korea().measure("sites", "it_capacity", place, t) + 1e-5 * (1 + racks))
          << place << " " << label(t);
    }
  }
  for (const std::string& place : site_places(false)) {
    for (int t = 0; t <= korea().last_period(); ++t) {
      const double drawn = korea().measure("sites", "facility_power", place, t);
      EXPECT_LE(drawn, korea().measure("sites", "connection", place, t) + 1e-5 * (1 + drawn))
          << place << " " << label(t);
    }
  }
  // Dates announced: nothing at Ulsan before November 2027, at Gumi before March 2029.
  for (const auto& [place, opens] : {std::pair{"ulsan", "2027-11"}, std::pair{"gumi", "2029-03"}}) {
    for (int t = 0; t < korea().period(opens); ++t)
      EXPECT_EQ(korea().measure("programme", "it_load_installed", place, t), 0) << place;
    EXPECT_GT(korea().last("programme", "it_load_installed", place), 1) << place;
  }
}

TEST(Korea, SaysWhichGoodsBindInWhichYear) {
  const Table& binding = korea().table("binding");
  std::map<std::string, std::vector<std::string>> names;
  std::map<std::string, double> largest, worth;
  for (std::size_t i = 0; i < binding.row_count(); ++i) {
    const std::string& year = binding.column("year").texts()[i];
    const double weight = binding.column("weight").numbers()[i];
    EXPECT_TRUE(std::isfinite(weight) && weight >= 0 && weight <= 1 + 1e-9) << year << " " << weight;
    if (names[year].size() < 5) names[year].push_back(binding.column("name").texts()[i]);
    largest[year] = std::max(largest[year], weight);
    worth[year] = std::max(worth[year], binding.column("compute").numbers()[i]);
  }
  for (const char* year : {"2026", "2027", "2028", "2029"}) {
    ASSERT_FALSE(names[year].empty()) << year;
    EXPECT_GT(worth[year], 0) << year << ": " << names[year].front();
  }
  for (const char* year : {"2026", "2027", "2028"}) EXPECT_GT(largest[year], 0.05) << year;
  for (const char* year : {"2026", "2027"}) {
    const auto is_memory_or_packaging = [](const std::string& name) {
      return std::ranges::any_of(
          std::vector{"fab", "wspm", "tsv", "stack", "package", "packaging", "interposer", "hbm", "dram", "die"},
          [&](const std::string& word) { return name.find(word) != std::string::npos; });
    };
    EXPECT_TRUE(std::ranges::any_of(names[year], is_memory_or_packaging))
        << year << ": " << fmt::format("{}", fmt::join(names[year], ", "));
  }
}

TEST(Korea, SpendsWithinItsBudgets) {
  for (const Limit& limit : model().limits) {
    if (limit.kind != "budget" || !limit.upper.present() || limit.scope != LimitScope::window) continue;
    double spent = 0;
    for (int t = std::max(0, limit.first); t <= std::min(korea().last_period(), limit.last); ++t) {
      for (const Term& term : limit.terms)
        spent += model().at_or(term.coefficient, 1, t) * term_value(model(), plan(), term, t);
    }
    const double allowed = model().at(limit.upper, std::max(0, limit.first));
    EXPECT_LE(spent, allowed * (1 + 1e-6) + 1e4) << limit.name;
  }
}

TEST(Korea, ServesNoMoreTokensThanAreAskedFor) {
  for (int t = 0; t <= korea().last_period(); ++t) {
    const double seconds = 3600 * model().calendar.hours(t);
    const double asked = korea().measure("services", "tokens_demanded", "korea", t) +
                         korea().measure("seats", "tokens_chatgpt_enterprise", "korea", t) / seconds;
    // The first month says enough.
    ASSERT_LE(korea().measure("services", "tokens", "korea", t), asked * (1 + 1e-4) + 1e-6) << label(t);
  }
}

// The tokens of each generation are those of the performance model, and every process of inference says so.
TEST(Korea, TokensComeFromThePerformanceModelOfEachGeneration) {
  std::map<std::string, double> per_rack;
  for (const Entry& rack : spec().entries("rack")) {
    per_rack[rack.name] = korea().measure("services", "tokens_per_rack_" + rack.name, "korea", 0);
  }
  ASSERT_EQ(per_rack.size(), 4U);
  for (const auto& [rack, tokens] : per_rack) {
    // between what a rack does that hardly batches and what no rack of these days does
    EXPECT_GT(tokens, 10e3) << rack;
    EXPECT_LT(tokens, 2e6) << rack;
  }
  EXPECT_GT(per_rack["vr_nvl72"], per_rack["gb300_nvl72"]);
  EXPECT_GT(per_rack["kyber_nvl576"], per_rack["vr_nvl72"]);
  int count = 0;
  for (const Process& process : model().processes) {
    if (process.kind != "infer") continue;
    ++count;
    EXPECT_NE(process.provenance.source.find("perf model of deepseek-v3 on "), std::string::npos) << process.name;
  }
  // four generations, in Korea and in the United States
  EXPECT_EQ(count, 8);
}

TEST(Korea, SummaryFitsOnAScreen) {
  const auto lines = lines_of(korea().result.summary);
  EXPECT_GT(lines.size(), 15U);
  EXPECT_LE(lines.size(), 40U);
  for (const std::string& line : lines) {
    // Bytes that go on with a character do not take a column.
    const auto columns =
        std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    EXPECT_LE(columns, 120) << line;
  }
  for (const char* system : {"programme", "memory", "centres", "floating", "belt", "seats", "government"}) {
    EXPECT_NE(korea().result.summary.find(system), std::string::npos) << system;
  }
  if (HasFailure()) fmt::print("{}", korea().result.summary);
}

TEST(Korea, ConservesEveryCommodityInEveryPeriod) {
  const Values residual = node_residual(model(), plan());
  // The scale of a node is the most that goes through it in a month.
  std::map<std::pair<std::string, std::string>, double> scale;
  const Table& balance = korea().table("balance");
  for (std::size_t i = 0; i < balance.row_count(); ++i) {
    double& most = scale[{balance.column("commodity").texts()[i], balance.column("place").texts()[i]}];
    most = std::max({most, balance.column("throughput").numbers()[i], balance.column("demand").numbers()[i]});
  }
  double worst = 0;
  for (std::size_t n = 0; n < model().nodes.size(); ++n) {
    const std::string& commodity = model().commodity_name(NodeId(n));
    const std::string& place = model().place_name(NodeId(n));
    const double most = 1 + scale[{commodity, place}];
    const bool disposable = model().commodities[model().nodes[n].commodity.index()].disposable;
    for (int t = 0; t < model().period_count(); ++t) {
      for (int s = 0; s < residual.slices[n]; ++s) {
        const double r = residual.at(n, t, s) / most;
        EXPECT_GE(r, -1e-5) << commodity << " at " << place << " in " << label(t) << ", slice " << s;
        if (!disposable) {
          EXPECT_LE(r, 1e-5) << commodity << " at " << place << " in " << label(t) << ", slice " << s;
          worst = std::max(worst, std::abs(r));
        }
      }
    }
  }
  RecordProperty("worst_relative_residual", fmt::format("{:.2g}", worst));
}

}  // namespace
}  // namespace beltline
