// A model of traffic: kinds of clients, each with its day, its bursts, its sessions and its lengths.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "serving/engine.h"

namespace beltline::serving {

/// Requests an hour over their mean, by local hour; mean 1. Between the middles of hours it is linear.
using DayShape = std::array<double, 24>;

/// w[h] = exp(k · cos(2π (h − hour)/24)) / mean, k such that max(w) = to_mean: the form that services of the planner
/// have.
/// @param to_mean  [1, 12]
DayShape peaked_day(double to_mean, int hour);
/// Working hours: 9 to 18 with a dip at noon, little before and after. Its peak over mean is 2.8.
DayShape office_day();

/// A number of tokens.
struct LengthModel {
  double median = 0;  // of a lognormal; mean = median · exp(σ²/2)
  double sigma = 0;   // 0: always the median
  int64_t min = 1;
  int64_t max = 0;                // 0: no limit
  std::vector<double> quantiles;  // instead: values at equally spaced probabilities from 0 to 1, linear between

  [[nodiscard]] double mean() const;
};

enum class ArrivalKind : uint8_t { poisson, gamma, weibull };

/// Clients that are alike. Sessions begin at a rate that follows the day; each has turns, and each turn is a request
/// whose prompt is all that was said before and something new.
struct ClientModel {
  std::string name;
  std::string model;          // that they ask; "": the fleet's first
  std::string place;          // where they are; "": beside the fleet's first site
  int32_t priority = 0;       // 0 to 99, lower goes first
  double requests_per_s = 0;  // mean over the day
  DayShape day = {};
  double utc_offset_h = 0;  // of the day's hours
  ArrivalKind arrivals = ArrivalKind::poisson;
  double cv = 1;        // of the times between sessions that begin, at the rate of the moment
  double surge_cv = 0;  // of the rate itself: a gamma factor, drawn for each `surge_time`
  Picoseconds surge_time = 60 * kSecond;
  double turns_mean = 1;                         // geometric
  Picoseconds think_mean = 30 * kSecond;         // exponential, from the end of an answer to the next turn
  Picoseconds token_time = 20 * kSecond / 1000;  // what a token of an answer is taken to last before the next turn
  int64_t shared_tokens = 0;                     // the same front of every prompt of these clients
  LengthModel input;                             // new tokens of a turn
  LengthModel output;
  double reasoning_share = 0;  // of requests that think before they answer
  LengthModel reasoning;       // tokens of it, which the next turn does not repeat
};

struct TrafficModel {
  std::string name;
  std::string title;
  double utc_offset_h = 0;  // of the clock at the start of the traffic
  std::vector<ClientModel> clients;

  [[nodiscard]] double requests_per_s() const;
  /// Mean tokens a second, prompts with what they repeat and answers.
  [[nodiscard]] double tokens_per_s() const;
};

/// Mean tokens of a request of these clients, prompt and answer.
double mean_input(const ClientModel& client);
double mean_output(const ClientModel& client);

}  // namespace beltline::serving
