// Subproblems, tasks and answers as bytes.
#include <nlohmann/json.hpp>

#include "study/engine.h"

namespace beltline {
namespace {

using Json = nlohmann::json;

std::string pack(const Json& json) {
  std::string bytes;
  Json::to_cbor(json, bytes);
  return bytes;
}

/// Reads with `read`; anything that does not fit is a failure, whatever the bytes are.
template <class T, class Read>
Outcome<T> unpack(std::string_view message, const char* what, Read read) {
  try {
    const Json json = Json::from_cbor(message.begin(), message.end());
    return read(json);
  } catch (const Json::exception& error) {
    return failure(std::string("no message of ") + what + ": " + error.what());
  }
}

template <class T>
std::vector<T> list(const Json& json, const char* key) {
  return json.at(key).get<std::vector<T>>();
}

}  // namespace

std::string to_message(const Subproblem& s) {
  const lp::Problem& p = s.problem;
  return pack({{"linking", s.linking_count},
               {"offset", p.offset},
               {"cost", p.cost},
               {"column_lower", p.column_lower},
               {"column_upper", p.column_upper},
               {"quadratic", p.quadratic},
               {"integer", p.integer},
               {"row_lower", p.row_lower},
               {"row_upper", p.row_upper},
               {"start", p.start},
               {"index", p.index},
               {"value", p.value}});
}

std::string to_message(const SubproblemTask& t) {
  return pack({{"subproblem", t.subproblem},
               {"value", t.value},
               {"cost", t.cost},
               {"centre", t.centre},
               {"pull", t.pull},
               {"elastic", t.elastic},
               {"relaxed", t.relaxed}});
}

std::string to_message(const SubproblemAnswer& a) {
  return pack({{"subproblem", a.subproblem},
               {"termination", static_cast<int>(a.termination)},
               {"objective", a.objective},
               {"bound", a.bound},
               {"x", a.x},
               {"gradient", a.gradient},
               {"row_dual", a.row_dual},
               {"detail", a.detail}});
}

Outcome<Subproblem> subproblem_of(std::string_view message) {
  return unpack<Subproblem>(message, "a subproblem", [](const Json& json) -> Outcome<Subproblem> {
    Subproblem s;
    s.linking_count = json.at("linking").get<int32_t>();
    lp::Problem& p = s.problem;
    p.offset = json.at("offset").get<double>();
    p.cost = list<double>(json, "cost");
    p.column_lower = list<double>(json, "column_lower");
    p.column_upper = list<double>(json, "column_upper");
    p.quadratic = list<double>(json, "quadratic");
    p.integer = list<uint8_t>(json, "integer");
    p.row_lower = list<double>(json, "row_lower");
    p.row_upper = list<double>(json, "row_upper");
    p.start = list<int32_t>(json, "start");
    p.index = list<int32_t>(json, "index");
    p.value = list<double>(json, "value");
    const std::size_t columns = p.cost.size();
    const bool fits = p.column_lower.size() == columns && p.column_upper.size() == columns &&
                      p.start.size() == columns + 1 && p.row_lower.size() == p.row_upper.size() &&
                      p.index.size() == p.value.size() && (p.integer.empty() || p.integer.size() == columns) &&
                      (p.quadratic.empty() || p.quadratic.size() == columns) && s.linking_count >= 0 &&
                      static_cast<std::size_t>(s.linking_count) <= columns;
    if (!fits) return failure("no message of a subproblem: its arrays do not fit each other");
    return s;
  });
}

Outcome<SubproblemTask> task_of(std::string_view message) {
  return unpack<SubproblemTask>(message, "a task", [](const Json& json) -> Outcome<SubproblemTask> {
    return SubproblemTask{.subproblem = json.at("subproblem").get<int32_t>(),
                          .value = list<double>(json, "value"),
                          .cost = list<double>(json, "cost"),
                          .centre = list<double>(json, "centre"),
                          .pull = list<double>(json, "pull"),
                          .elastic = json.at("elastic").get<bool>(),
                          .relaxed = json.at("relaxed").get<bool>()};
  });
}

Outcome<SubproblemAnswer> answer_of(std::string_view message) {
  return unpack<SubproblemAnswer>(message, "an answer", [](const Json& json) -> Outcome<SubproblemAnswer> {
    const int termination = json.at("termination").get<int>();
    if (termination < 0 || termination > static_cast<int>(lp::Termination::unverified))
      return failure("no message of an answer: it ends in no known way");
    return SubproblemAnswer{.subproblem = json.at("subproblem").get<int32_t>(),
                            .termination = static_cast<lp::Termination>(termination),
                            .objective = json.at("objective").get<double>(),
                            .bound = json.at("bound").get<double>(),
                            .x = list<double>(json, "x"),
                            .gradient = list<double>(json, "gradient"),
                            .row_dual = list<double>(json, "row_dual"),
                            .detail = json.at("detail").get<std::string>()};
  });
}

}  // namespace beltline
