// Promises beside the plan and beside what was delivered, month by month.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/language.h"
#include "run/actuals.h"
#include "run/run_plan.h"
#include "table/table.h"

namespace beltline {

/// How the months of a promise make one figure.
enum class PledgeSum : uint8_t {
  level,   // MW online: the last month's
  rate,    // wafers a month: the mean of the months
  amount,  // dollars, racks: the sum of the months
};

/// One month of a promise; NaN where there is no such figure.
struct PledgeMonth {
  int period = 0;
  double promised = 0;
  double planned = 0;      // drawn by the plan
  double delivered = 0;    // counted
  double gap = 0;          // promised less delivered or, where that was not counted, planned; below 0 where more came
  double penalty_usd = 0;  // for the gap, where there is a penalty and something is short
};

/// One commitment of a run's scenario, with the keys that people ask for.
struct Pledge {
  std::string name, title, title_ko;
  std::string from, to;              // names of parties
  std::string from_title, to_title;  // in the language asked for
  std::string kind, status, firmness;
  std::string commodity, unit, date, source, confidence, note;
  std::string first, last;  // months of its window as written; "" where it has none
  PledgeSum sum = PledgeSum::amount;
  bool has_quantity = false;
  bool has_draws = false;
  bool is_ceiling = false;  // drawing less than promised is no gap
  double take_or_pay = 0;
  double price_usd = 0;             // per unit, in its first month; NaN without one
  double penalty_usd = 0;           // likewise, per unit short
  std::vector<PledgeMonth> months;  // those of its window that are planned; none where it is over
};

/// What is asked of the promises of a run.
struct PledgeQuery {
  std::string name;                // one commitment; "" for all
  std::string party;               // name or title of one side; "" for all
  std::optional<YearMonth> month;  // one month
  Language language = Language::english;
  bool all = false;  // every promise, not one screen
};

/// Every commitment, in the order of the model. `query.month` leaves that period alone; what is not due then is left
/// out.
/// @errors a party or commitment that the scenario has not, with the nearest; a month outside the plan
Outcome<std::vector<Pledge>> promises_of(const RunPlan& run, const Actuals& actuals, const PledgeQuery& query);

/// The months of a promise as one figure; of `delivered` only months that were counted, NaN where none was.
PledgeMonth promise_total(const Pledge& promise);

/// One row a promise, by who promises: window, firmness, promised, planned, delivered, gap, and a bar a year. A promise
/// asked for by name is told in full.
std::string promises_text(const std::vector<Pledge>& promises, const Calendar& calendar, const PledgeQuery& query);
/// {"commitments": [{"name", …, "months": [{"month", "promised", "planned", "delivered", "gap"}]}]}; NaN as null.
std::string promises_json(const std::vector<Pledge>& promises, const Calendar& calendar);
/// Table `promises`, a row a promise and month; a promise without months has one row with an empty period.
Table promises_table(const std::vector<Pledge>& promises, const Calendar& calendar);

}  // namespace beltline
