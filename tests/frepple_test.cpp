// Models of frePPLe, imported and planned: the published ones, and small ones whose dates follow by hand.
#include "import/frepple.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "import/frepple_time.h"
#include "run/pipeline.h"
#include "table/example_table.h"
#include "table/files.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

/// What arrives for each order: "7 on 2009-01-09", in order of dates.
using Deliveries = std::map<std::string, std::vector<std::string>>;

std::string number_text(double value) {
  return fmt::format("{:g}", std::round(value * 1e6) / 1e6);
}

/// The first period's beginning and the length of one, from the draft's head.
std::pair<frepple::Seconds, frepple::Seconds> grid_of(const std::string& header) {
  const std::size_t begin = header.find("begins at ") + 10;
  const std::size_t steps = header.find("in steps of ") + 12;
  return {frepple::parse_date(header.substr(begin, 19)).value_or(0), std::atoll(header.c_str() + steps)};
}

Deliveries planned(const fs::path& source) {
  const Imported imported = import_frepple(source, {});
  if (!imported.draft) {
    ADD_FAILURE() << render(imported.diagnostics, imported.files);
    return {};
  }
  const Compiled compiled = compile_texts(imported.draft->files(), {});
  if (!compiled.model) {
    ADD_FAILURE() << render(compiled.diagnostics, compiled.files);
    return {};
  }
  const Model& model = *compiled.model;
  const auto plan = make_plan(model, {.mip_gap_max = 1e-7});
  if (!plan) {
    ADD_FAILURE() << plan.error().message;
    return {};
  }
  EXPECT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified);
  const auto [begin, length] = grid_of(imported.draft->header);
  Deliveries out;
  for (std::size_t d = 0; d < model.demands.size(); ++d) {
    const Demand& demand = model.demands[d];
    std::map<int, double> arrivals;
    for (std::size_t p = 0; p < model.processes.size(); ++p)
      for (const Flow& flow : model.processes[p].flows)
        if (flow.commodity == demand.commodity)
          for (int t = 0; t < model.period_count(); ++t) {
            const double quantity = plan->activity.at(p, t) * model.at(flow.rate, t);
            if (quantity > 1e-6) arrivals[t + flow.lag] += quantity;
          }
    std::vector<std::string>& told = out[model.commodities[demand.commodity.index()].titles.title];
    for (const auto& [t, quantity] : arrivals)
      told.push_back(fmt::format("{} on {}", number_text(quantity), frepple::date_text(begin + t * length)));
  }
  return out;
}

fs::path published(const std::string& name) {
  const char* shared = std::getenv("BELTLINE_SHARED");
  const fs::path base = shared != nullptr ? shared : BELTLINE_SOURCE_DIR "/../shared";
  return base / "validation" / "supply" / "frepple" / name / (name + ".xml");
}

TEST(FrepplePublished, LeadTimes) {
  const fs::path file = published("constraints_leadtime_1");
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Deliveries wanted{{"order 1", {"7 on 2009-01-09T00:00:00"}}, {"order 2", {"14 on 2009-01-11T00:00:00"}}};
  EXPECT_EQ(planned(file), wanted);
}

TEST(FrepplePublished, TimesPerUnitByTheHour) {
  const fs::path file = published("constraints_leadtime_2");
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  EXPECT_EQ(planned(file), (Deliveries{{"order 1", {"3 on 2014-01-06T19:00:00"}}}));
}

TEST(FrepplePublished, MaterialThatRunsOut) {
  const fs::path file = published("constraints_material_1");
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Deliveries out = planned(file);
  EXPECT_EQ(out.at("order prio 3 for item 1"), std::vector<std::string>{"5 on 2009-01-12T00:00:00"});
  EXPECT_EQ(out.at("order prio 3 for item 4"),
            (std::vector<std::string>{"2 on 2009-01-05T00:00:00", "2 on 2009-01-20T00:00:00"}));
}

TEST(FrepplePublished, FixedQuantitiesOfEachLot) {
  const fs::path file = published("constraints_material_2");
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Deliveries out = planned(file);
  EXPECT_EQ(out.at("order prio 1 for item 1"), std::vector<std::string>{"28.75 on 2009-01-10T00:00:00"});
  EXPECT_EQ(out.at("order prio 1 for item 3"),
            (std::vector<std::string>{"11 on 2009-01-10T00:00:00", "8.5 on 2009-01-21T00:00:00"}));
}

/// A model of ours: current date 1 January 2009.
Deliveries planned_text(const std::string& body) {
  ScratchFolder folder;
  const fs::path file = folder.path() / "model.xml";
  EXPECT_TRUE(write_file_atomically(file,
                                    "<plan xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><name>small</name>"
                                    "<current>2009-01-01T00:00:00</current>" +
                                        body + "</plan>"));
  return planned(file);
}

std::string order(const std::string& name, const std::string& item, double quantity, const std::string& due,
                  const std::string& more = "") {
  return fmt::format(
      "<demand name=\"{}\"><quantity>{}</quantity><due>2009-01-{}T00:00:00</due><item name=\"{}\"/>"
      "<location name=\"here\"/><priority>1</priority>{}</demand>",
      name, quantity, due, item, more);
}

/// An operation that makes an item here in a fixed time.
std::string makes(const std::string& item, const std::string& duration, const std::string& more = "") {
  return fmt::format(
      "<operation name=\"make {0}\" duration=\"{1}\"><location name=\"here\"/><flows>"
      "<flow xsi:type=\"flow_end\"><item name=\"{0}\"/><quantity>1</quantity></flow></flows>{2}"
      "</operation>",
      item, duration, more);
}

constexpr const char* kOnMachine = "<loads><load><resource name=\"machine\"/></load></loads>";

TEST(FreppleDates, OneMachineAfterTheOther) {
  const std::string both = "<operations>" + makes("a", "P3D", kOnMachine) + makes("b", "P3D", kOnMachine) +
                           "</operations><demands>" + order("first", "a", 4, "04") +
                           order("second", "b", 4, "04", "<priority>2</priority>") + "</demands>";
  EXPECT_EQ(planned_text(both),
            (Deliveries{{"first", {"4 on 2009-01-04T00:00:00"}}, {"second", {"4 on 2009-01-07T00:00:00"}}}));
  EXPECT_EQ(planned_text(both + "<resources><resource name=\"machine\" maximum=\"2\"/></resources>"),
            (Deliveries{{"first", {"4 on 2009-01-04T00:00:00"}}, {"second", {"4 on 2009-01-04T00:00:00"}}}));
  EXPECT_EQ(
      planned_text(both + "<resources><resource name=\"machine\"><maximum_calendar name=\"c\"><default>1</default>"
                          "<buckets><bucket start=\"2009-01-01\" end=\"2009-01-03\" value=\"0\"/></buckets>"
                          "</maximum_calendar></resource></resources>"),
      (Deliveries{{"first", {"4 on 2009-01-06T00:00:00"}}, {"second", {"4 on 2009-01-09T00:00:00"}}}));
}

TEST(FreppleDates, AMachineThatTakesADayAUnit) {
  const std::string text =
      "<operations><operation name=\"make a\" xsi:type=\"operation_time_per\" duration_per=\"P1D\">"
      "<location name=\"here\"/><flows><flow xsi:type=\"flow_end\"><item name=\"a\"/><quantity>1</quantity></flow>"
      "</flows>" +
      std::string(kOnMachine) + "</operation></operations><demands>" + order("order", "a", 5, "03") + "</demands>";
  EXPECT_EQ(planned_text(text).at("order"),
            (std::vector<std::string>{"2 on 2009-01-03T00:00:00", "1 on 2009-01-04T00:00:00",
                                      "1 on 2009-01-05T00:00:00", "1 on 2009-01-06T00:00:00"}));
}

TEST(FreppleDates, AMachineThatIsSetUpForEachLot) {
  // a day of setup and half a day a unit: both orders in one lot each, the urgent one first
  const auto setup = [](const std::string& item) {
    return "<operation name=\"make " + item +
           "\" xsi:type=\"operation_time_per\" duration=\"P1D\" duration_per=\"PT12H\"><location name=\"here\"/><flows>"
           "<flow xsi:type=\"flow_end\"><item name=\"" +
           item + "\"/><quantity>1</quantity></flow></flows>" + kOnMachine + "</operation>";
  };
  const std::string text = "<operations>" + setup("a") + setup("b") + "</operations><demands>" +
                           order("first", "a", 3, "03", "<minshipment>3</minshipment>") +
                           order("second", "b", 5, "06", "<minshipment>5</minshipment><priority>2</priority>") +
                           "</demands>";
  // 1 + 3/2 days, then 1 + 5/2
  EXPECT_EQ(planned_text(text),
            (Deliveries{{"first", {"3 on 2009-01-03T12:00:00"}}, {"second", {"5 on 2009-01-07T00:00:00"}}}));
}

TEST(FreppleDates, LotsOfPartsOfAUnit) {
  const std::string text =
      "<operations><operation name=\"make a\" xsi:type=\"operation_time_per\" duration_per=\"P1D\">"
      "<location name=\"here\"/><flows><flow xsi:type=\"flow_end\"><item name=\"a\"/><quantity>1</quantity></flow>"
      "<flow xsi:type=\"flow_start\"><item name=\"x\"/><quantity>-1</quantity></flow></flows></operation></operations>"
      "<buffers><buffer name=\"x @ here\" onhand=\"2.5\"><item name=\"x\"/><location name=\"here\"/></buffer></buffers>"
      "<demands>" +
      order("order", "a", 2.5, "01") + "</demands>";
  // one unit in a day, and a lot of 1.5 in no more than two
  EXPECT_EQ(planned_text(text).at("order"),
            (std::vector<std::string>{"1 on 2009-01-02T00:00:00", "1.5 on 2009-01-03T00:00:00"}));
}

TEST(FreppleDates, AlternatesWhereTheyAreInTime) {
  const std::string suppliers =
      "<items><item name=\"a\"><itemsuppliers>"
      "<itemsupplier><supplier name=\"near\"/><leadtime>P2D</leadtime><priority>2</priority></itemsupplier>"
      "<itemsupplier><supplier name=\"far\"/><leadtime>P9D</leadtime><priority>1</priority></itemsupplier>"
      "<itemsupplier><supplier name=\"never\"/><leadtime>P1D</leadtime><priority>0</priority></itemsupplier>"
      "</itemsuppliers></item></items>";
  EXPECT_EQ(planned_text(suppliers + "<demands>" + order("order", "a", 3, "01") + "</demands>").at("order"),
            std::vector<std::string>{"3 on 2009-01-03T00:00:00"});
  const std::string late =
      "<suppliers><supplier name=\"s\"><itemsuppliers><itemsupplier><item name=\"a\"/>"
      "<leadtime>P2D</leadtime><effective_start>2009-01-10</effective_start></itemsupplier>"
      "</itemsuppliers></supplier></suppliers>";
  EXPECT_EQ(planned_text(late + "<demands>" + order("order", "a", 3, "01") + "</demands>").at("order"),
            std::vector<std::string>{"3 on 2009-01-12T00:00:00"});
}

TEST(FreppleDates, SplitsKeepTheirProportion) {
  const std::string text =
      "<operations><operation name=\"make a\" xsi:type=\"operation_split\"><location name=\"here\"/><suboperations>"
      "<suboperation><operation name=\"one\"><location name=\"here\"/><flows><flow xsi:type=\"flow_start\">"
      "<item name=\"x\"/><quantity>-1</quantity></flow><flow xsi:type=\"flow_end\"><item name=\"a\"/>"
      "<quantity>1</quantity></flow></flows></operation><priority>60</priority></suboperation>"
      "<suboperation><operation name=\"two\"><location name=\"here\"/><flows><flow xsi:type=\"flow_start\">"
      "<item name=\"y\"/><quantity>-1</quantity></flow><flow xsi:type=\"flow_end\"><item name=\"a\"/>"
      "<quantity>1</quantity></flow></flows></operation><priority>40</priority></suboperation>"
      "</suboperations></operation></operations>"
      "<buffers><buffer name=\"x @ here\" onhand=\"6\"><item name=\"x\"/><location name=\"here\"/></buffer>"
      "<buffer name=\"y @ here\" onhand=\"10\"><item name=\"y\"/><location name=\"here\"/></buffer></buffers>";
  EXPECT_EQ(planned_text(text + "<demands>" + order("order", "a", 20, "05") + "</demands>").at("order"),
            std::vector<std::string>{"10 on 2009-01-05T00:00:00"});
}

TEST(FreppleDates, StepsTransfersAndWhatStandsFast) {
  const std::string text =
      "<operations><operation name=\"make a\" xsi:type=\"operation_routing\"><location name=\"plant\"/><flows>"
      "<flow xsi:type=\"flow_start\"><item name=\"x\"/><quantity>-1</quantity></flow>"
      "<flow xsi:type=\"flow_end\"><item name=\"a\"/><quantity>1</quantity></flow></flows><suboperations>"
      "<suboperation><operation name=\"one\" duration=\"P1D\"/><priority>1</priority></suboperation>"
      "<suboperation><operation name=\"two\" duration=\"P2D\"/><priority>2</priority></suboperation>"
      "</suboperations></operation><operation name=\"other\" duration=\"P1D\" priority=\"0\">"
      "<location name=\"plant\"/><flows><flow xsi:type=\"flow_start\"><item name=\"x\"/><quantity>-1</quantity></flow>"
      "</flows></operation></operations>"
      "<items><item name=\"a\"><itemdistributions><itemdistribution><origin name=\"plant\"/>"
      "<destination name=\"here\"/><leadtime>P3D</leadtime></itemdistribution></itemdistributions></item></items>"
      "<buffers><buffer name=\"x @ plant\" onhand=\"6\"><item name=\"x\"/><location name=\"plant\"/></buffer></buffers>"
      "<operationplans><operationplan reference=\"MO 1\" quantity=\"2\" end=\"2009-01-03T00:00:00\" "
      "status=\"confirmed\"><operation name=\"other\"/></operationplan></operationplans>";
  // 6 on hand, 2 of it taken by what stands fast; 1 + 2 + 3 days
  EXPECT_EQ(planned_text(text + "<demands>" + order("order", "a", 5, "02") + "</demands>").at("order"),
            std::vector<std::string>{"4 on 2009-01-07T00:00:00"});
}

TEST(FreppleDates, NoLaterThanThePatienceOfTheOrder) {
  const std::string supplier =
      "<suppliers><supplier name=\"s\"><itemsuppliers><itemsupplier><item name=\"a\"/>"
      "<leadtime>P5D</leadtime><size_minimum>10</size_minimum></itemsupplier></itemsuppliers>"
      "</supplier></suppliers>";
  const auto ask = [&](const std::string& more) {
    return planned_text(supplier + "<demands>" + order("order", "a", 3, "04", more) + "</demands>").at("order");
  };
  EXPECT_EQ(ask("<maxlateness>P1D</maxlateness>"), std::vector<std::string>{});
  EXPECT_EQ(ask("<maxlateness>P2D</maxlateness>"), std::vector<std::string>{"3 on 2009-01-06T00:00:00"});
}

TEST(FreppleDates, WorkRestsAtWeekends) {
  // 1 January 2009 is a Thursday: three days of work end with Monday
  const std::string text =
      "<calendars><calendar name=\"week\"><default>1</default><buckets>"
      "<bucket start=\"2009-01-01\" days=\"65\" value=\"0\"/></buckets></calendar></calendars><operations>" +
      makes("a", "P3D", "<available name=\"week\"/>") + "</operations><demands>" + order("order", "a", 4, "02") +
      "</demands>";
  EXPECT_EQ(planned_text(text).at("order"), std::vector<std::string>{"4 on 2009-01-06T00:00:00"});
}

TEST(FreppleDates, FlowsAndLoadsThatStandForEachOther) {
  const std::string text =
      "<operations><operation name=\"make a\" duration=\"P2D\"><location name=\"here\"/><flows>"
      "<flow xsi:type=\"flow_start\"><item "
      "name=\"x\"/><quantity>-1</quantity><name>in</name><priority>1</priority></flow>"
      "<flow xsi:type=\"flow_start\"><item "
      "name=\"y\"/><quantity>-2</quantity><name>in</name><priority>2</priority></flow>"
      "<flow xsi:type=\"flow_end\"><item name=\"a\"/><quantity>1</quantity></flow></flows>"
      "<loads><load><resource name=\"m1\"/><name>on</name><priority>1</priority></load>"
      "<load><resource name=\"m2\"/><name>on</name><priority>2</priority></load></loads></operation></operations>"
      "<buffers><buffer name=\"x @ here\" onhand=\"3\"><item name=\"x\"/><location name=\"here\"/></buffer>"
      "<buffer name=\"y @ here\" onhand=\"8\"><item name=\"y\"/><location name=\"here\"/></buffer></buffers>"
      "<demands>" +
      order("order", "a", 9, "03") + "</demands>";
  // three of x and four of y, on two machines at once
  EXPECT_EQ(planned_text(text).at("order"), std::vector<std::string>{"7 on 2009-01-03T00:00:00"});
}

TEST(FreppleDates, NoMoreThanTenParts) {
  const std::string text =
      "<suppliers><supplier name=\"s\"><itemsuppliers><itemsupplier><item name=\"a\"/>"
      "<leadtime>P5D</leadtime></itemsupplier></itemsuppliers></supplier></suppliers>"
      "<buffers><buffer name=\"a @ here\" onhand=\"5\"><item name=\"a\"/><location name=\"here\"/>"
      "</buffer></buffers>";
  // a tenth of 100 is more than the five on hand: they wait
  EXPECT_EQ(planned_text(text + "<demands>" + order("order", "a", 100, "02") + "</demands>").at("order"),
            std::vector<std::string>{"100 on 2009-01-06T00:00:00"});
  EXPECT_EQ(
      planned_text(text + "<demands>" + order("order", "a", 100, "02", "<minshipment>1</minshipment>") + "</demands>")
          .at("order"),
      (std::vector<std::string>{"5 on 2009-01-02T00:00:00", "95 on 2009-01-06T00:00:00"}));
}

}  // namespace
}  // namespace beltline
