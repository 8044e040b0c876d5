// Each of the seven systems of the Korean scenario has an input that moves the plan as an expert expects.
//
// All plans have one slice a day: what is built, when and with whose goods does not hang on the hour.
#include <functional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parts/rack.h"
#include "plan/verify.h"
#include "tests/support.h"

namespace beltline {
namespace {

Planned plan_changed(const std::function<void(ScenarioCopy&)>& change) {
  ScenarioCopy copy(scenario_folder("korea"));
  copy.set("calendar", "slices_per_day", "1");
  // The last tenths of a per cent of cost take most of a plan's time, and no test here asks for them.
  copy.set("objective", "tolerance", "0.004");
  change(copy);
  // Nor for what binds and why, which causes_test.cpp reads.
  Planned planned = plan_folder(copy.path(), {.with_reasons = false});
  EXPECT_EQ(planned.plan().termination, Termination::optimal) << planned.plan().detail;
  EXPECT_TRUE(planned.plan().verified);
  return planned;
}

const Planned& base() {
  static const Planned planned = plan_changed([](ScenarioCopy&) {});
  return planned;
}

/// Even the best plan of the changed scenario has less useful compute than the base's: beyond what gaps could hide.
void expect_less_compute(const Planned& changed) {
  EXPECT_LT(changed.plan().bound, base().plan().objective);
}
void expect_no_more_compute(const Planned& changed) {
  EXPECT_LE(changed.plan().objective, base().plan().bound * (1 + 1e-6));
}

double accelerators(const Planned& p) {
  return p.last("programme", "accelerators_online", "");
}
double it_mw(const Planned& p, std::string_view place, int t) {
  return p.measure("programme", "it_load_installed", place, t);
}

std::vector<std::string> korean_sites(const Planned& p) {
  std::vector<std::string> places;
  for (const Entry& site : p.compiled.spec->entries("site")) {
    if (site.has("compute_region") && site.text("compute_region") == "korea") places.push_back(site.text("place"));
  }
  EXPECT_GE(places.size(), 8U);
  return places;
}

double korean_it_mw(const Planned& p, int t) {
  double sum = 0;
  for (const std::string& place : korean_sites(p)) sum += it_mw(p, place, t);
  return sum;
}

/// Compute used in Korea over the horizon, PFLOP/s · month.
double korean_compute(const Planned& p) {
  double sum = 0;
  for (const char* use : {"training_compute", "inference_compute", "public_compute"})
    sum += p.total("services", use, "korea");
  return sum;
}

/// The HBM4 wafers of one rack of a generation on HBM4, at mid-horizon.
double hbm_wafers_per_rack(const Planned& p) {
  const Entry* rack = p.compiled.spec->find("rack", "vr_nvl72");
  EXPECT_NE(rack, nullptr);
  return rack == nullptr ? 0 : rack_bill(*p.compiled.spec, *rack, p.period("2028-01")).hbm_wafers;
}

TEST(SystemMemory, HalfTheYieldOfHbm4TakesTwiceTheWafersAndLeavesFewerAccelerators) {
  const Planned changed = plan_changed([](ScenarioCopy& copy) { copy.scale("product.hbm4_24gb", "yield", 0.5); });
  EXPECT_NEAR(hbm_wafers_per_rack(changed) / hbm_wafers_per_rack(base()), 2.0, 1e-6);
  EXPECT_LT(accelerators(changed), 0.97 * accelerators(base()));
  EXPECT_LT(changed.last("memory", "racks_online_vr_nvl72", ""),
            0.8 * base().last("memory", "racks_online_vr_nvl72", ""));
  expect_less_compute(changed);
}

TEST(SystemBelt, UlsanTwoYearsLateIsEmptyUntilThen) {
  ASSERT_GT(it_mw(base(), "ulsan", base().period("2027-12")), 10);
  const Planned changed = plan_changed([](ScenarioCopy& copy) { copy.set("site.ulsan", "online", "\"2029-11\""); });
  for (int t = 0; t < changed.period("2029-11"); ++t) {
    EXPECT_EQ(it_mw(changed, "ulsan", t), 0) << changed.model().calendar.label(t);
    EXPECT_EQ(changed.measure("sites", "it_capacity", "ulsan", t), 0) << changed.model().calendar.label(t);
  }
  // Ulsan is the first of the east: without it the east of the belt has less, wherever else its racks may go.
  const auto east = [](const Planned& p, int t) {
    return it_mw(p, "ulsan", t) + it_mw(p, "pohang", t) + it_mw(p, "gumi", t);
  };
  for (int t = changed.period("2027-12"); t <= changed.period("2028-03"); ++t) {
    EXPECT_LT(east(changed, t), east(base(), t)) << changed.model().calendar.label(t);
  }
  // Where racks are scarce their place is nearly the same to the goal; other sites may take in a little more.
  EXPECT_LT(korean_compute(changed), 1.05 * korean_compute(base()));
  expect_no_more_compute(changed);
}

TEST(SystemProgramme, ThreeHundredBillionBuysLess) {
  const Planned changed = plan_changed([](ScenarioCopy& copy) {
    copy.set("budget.programme", "amount", "\"300 B USD\"");
    copy.set("budget.programme", "yearly_max",
             "[{year = 2025, amount = \"22.5 B USD\"}, {year = 2026, amount = \"90 B USD\"}, "
             "{year = 2027, amount = \"90 B USD\"}, {year = 2028, amount = \"90 B USD\"}, "
             "{year = 2029, amount = \"67.5 B USD\"}]");
  });
  const auto spent = [](const Planned& p) {
    const std::set<std::string> covered = {"rack", "hall", "hull", "connection", "plant", "battery"};
    double usd = 0;
    for (std::size_t k = 0; k < p.model().capacities.size(); ++k) {
      if (!covered.contains(p.model().capacities[k].kind)) continue;
      for (int t = 0; t <= p.period("2029-09"); ++t) usd += spend_in_period(p.model(), p.plan(), CapacityId(k), t);
    }
    return usd;
  };
  EXPECT_GT(spent(base()), 310e9);
  EXPECT_LE(spent(base()), 500e9 * (1 + 1e-6));
  EXPECT_LE(spent(changed), 300e9 * (1 + 1e-6));
  EXPECT_GT(spent(changed), 270e9) << "compute is worth its money: most of it should be spent";
  EXPECT_LT(accelerators(changed), 0.95 * accelerators(base()));
  expect_less_compute(changed);
}

double hulls_ordered(const Planned& p) {
  double hulls = 0;
  for (const char* mooring : {"geoje", "mokpo", "ulsan_port", "pohang_bay"})
    hulls += p.total("floating", "hulls_ordered", mooring);
  return hulls;
}

TEST(SystemFloating, NoDockSlotsNoHulls) {
  EXPECT_GT(hulls_ordered(base()), 0.5) << "floating centres should be worth building in the Korean scenario";
  EXPECT_GT(base().last("belt", "it_capacity_floating", ""), 1);
  const Planned changed = plan_changed([](ScenarioCopy& copy) { copy.set("yard.geoje", "slots", "\"0 hull/year\""); });
  EXPECT_EQ(hulls_ordered(changed), 0);
  for (int t = 0; t <= changed.last_period(); ++t) EXPECT_EQ(changed.measure("belt", "it_capacity_floating", "", t), 0);
  expect_no_more_compute(changed);
}

TEST(SystemSeats, TwiceTheSeatsTakeTwiceTheTokensAndAgents) {
  const Planned changed = plan_changed([](ScenarioCopy& copy) { copy.scale("seats.chatgpt_enterprise", "demand", 2); });
  const auto last = [](const Planned& p, const char* name) {
    return p.last("seats", std::string(name) + "_chatgpt_enterprise", "korea");
  };
  ASSERT_GT(last(base(), "seats_served"), 1e5);
  EXPECT_NEAR(last(changed, "seats_served") / last(base(), "seats_served"), 2, 0.02);
  EXPECT_NEAR(last(changed, "agents") / last(base(), "agents"), 2, 0.2);
  EXPECT_NEAR(last(changed, "tokens") / last(base(), "tokens"), 2, 0.05);
  EXPECT_NEAR(last(changed, "revenue") / last(base(), "revenue"), 2, 0.02);
  // The compute behind them has to come from somewhere: nothing else gains.
  expect_no_more_compute(changed);
}

TEST(SystemGovernment, WithoutASchoolKoreaIsWhatTheTechniciansItHasCanStaff) {
  const Planned changed =
      plan_changed([](ScenarioCopy& copy) { copy.set("school.korea", "intake", "\"0 person/month\""); });
  const auto staff_needed = [](const Planned& p, int t) {
    double persons = 0;
    for (std::size_t k = 0; k < p.model().capacities.size(); ++k) {
      for (const StandFlow& flow : p.model().capacities[k].stand_flows) {
        if (p.model().commodity_name(flow.node) != "technician" || p.model().place_name(flow.node) != "korea") continue;
        persons += std::max(0.0, -p.model().at(flow.rate, t)) * online(p.model(), p.plan(), CapacityId(k), t);
      }
    }
    return persons;
  };
  const double existing = changed.last("government", "technicians", "korea");
  EXPECT_EQ(changed.last("government", "technicians_trained", "korea"), 0);
  EXPECT_LT(existing, 0.7 * base().last("government", "technicians", "korea"));
  for (int t = 0; t <= changed.last_period(); ++t) EXPECT_LE(staff_needed(changed, t), existing + 1e-3);
  // It is the technicians that hold Korea back: what there are have work.
  EXPECT_GT(staff_needed(changed, changed.last_period()), 0.8 * existing);
  EXPECT_LT(korean_it_mw(changed, changed.last_period()), 0.7 * korean_it_mw(base(), base().last_period()));
  expect_less_compute(changed);
}

TEST(SystemGovernment, ThePublicShareIsHandedOut) {
  const auto share = [](const Planned& p, int t) {
    const double part = p.measure("services", "public_compute", "korea", t);
    const double rest =
        p.measure("services", "training_compute", "korea", t) + p.measure("services", "inference_compute", "korea", t);
    return part + rest < 1e-6 ? 1.0 : part / (part + rest);
  };
  const SeriesValue& asked = base().compiled.spec->find("public_share", "korea")->series("share");
  const double before = asked.mean(base().model().calendar, base().last_period());
  const double wanted = before < 0.099 ? 0.10 : 0.20;
  const Planned changed =
      plan_changed([&](ScenarioCopy& copy) { copy.set("public_share.korea", "share", fmt::format("{}", wanted)); });
  for (int t = base().period("2028-01"); t <= base().last_period(); ++t) {
    EXPECT_GE(share(base(), t), before - 1e-6) << base().model().calendar.label(t);
    EXPECT_GE(share(changed, t), wanted - 1e-6) << changed.model().calendar.label(t);
  }
  EXPECT_GT(changed.total("services", "public_compute", "korea"),
            1.2 * base().total("services", "public_compute", "korea"));
  expect_no_more_compute(changed);
}

TEST(SystemCentres, GumiAYearLaterOpensAYearLater) {
  ASSERT_GT(it_mw(base(), "gumi", base().period("2029-12")), 10);
  const Planned changed = plan_changed([](ScenarioCopy& copy) { copy.set("site.gumi", "online", "\"2030-03\""); });
  for (int t = 0; t < changed.period("2030-03"); ++t)
    EXPECT_EQ(it_mw(changed, "gumi", t), 0) << changed.model().calendar.label(t);
  expect_no_more_compute(changed);
}

TEST(SystemCentres, HallsBuiltMoreSlowlyStandLater) {
  const Planned changed = plan_changed([](ScenarioCopy& copy) {
    copy.set("hall.haenam_national", "build_max",
             "{step = true, unit = \"MW/month\", dates = {\"2025-10\" = 0, \"2027-01\" = 20}}");
  });
  const auto months_with_power = [](const Planned& p) {
    int months = 0;
    for (int t = 0; t <= p.last_period(); ++t) months += p.measure("sites", "it_capacity", "haenam_national", t) > 1;
    return months;
  };
  ASSERT_GT(months_with_power(base()), 0);
  EXPECT_LT(months_with_power(changed), months_with_power(base()));
  expect_no_more_compute(changed);
}

}  // namespace
}  // namespace beltline
