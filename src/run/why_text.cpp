// Where a figure came from, for people and as JSON.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "run/json_number.h"
#include "run/why.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// "231 kW (200 to 260)  C, weak  Own estimate  [memory.toml:310]"
std::string input_told(const WhyInput& each) {
  const Input& in = each.input;
  std::string text = fmt::format("{}: {}", in.key, in.value);
  if (in.low < in.high) text += fmt::format(" ({} to {})", told(in.low, ""), told(in.high, ""));
  if (in.confidence != ' ') text += fmt::format("  {}{}", in.confidence, in.is_weak() ? " weak" : "");
  if (!in.source.empty()) text += fmt::format("  \"{}\"", printable(in.source, 90));
  if (in.source_from == "entry" || in.source_from == "record") text += fmt::format(" (of its {})", in.source_from);
  text += in.is_default ? "  [default]" : fmt::format("  [{}]", each.place);
  return text;
}

class Writer {
 public:
  Writer(const Why& why, bool all) : w_(why), all_(all) {}

  std::string run() {
    std::string head = w_.title.empty() ? w_.figure : fmt::format("{} ({})", w_.title, w_.figure);
    if (!w_.value_text.empty()) head += ": " + w_.value_text;
    out_ += printable(head, 400) + "\n";
    if (!w_.formula.empty()) line("how", w_.formula);
    if (!w_.note.empty()) line("note", w_.note);
    points();
    entries();
    weak();
    used_by();
    if (!w_.overrides.empty()) line("what-if", fmt::format("--set {}", fmt::join(w_.overrides, " --set ")));
    if (left_out_ && !all_) line("", "--all tells everything, --json for programs");
    return out_;
  }

 private:
  void line(std::string_view label, const std::string& text) {
    out_ += fmt::format("{:<9} {}\n", label, printable(text, 400));
  }

  std::size_t shown(std::size_t count, std::size_t count_max) {
    if (all_ || count <= count_max) return count;
    left_out_ = true;
    return count_max;
  }

  /// Every period, or the last of each year.
  void points() {
    if (w_.points.empty()) return;
    std::vector<std::string> told_points;
    for (std::size_t i = 0; i < w_.points.size(); ++i) {
      const WhyPoint& point = w_.points[i];
      const bool is_order = !point.note.empty();
      const bool is_last_of_year =
          i + 1 == w_.points.size() || w_.points[i + 1].period.substr(0, 4) != point.period.substr(0, 4);
      if (!all_ && !is_order && !is_last_of_year) {
        left_out_ = true;
        continue;
      }
      told_points.push_back(is_order ? fmt::format("{} {} ({})", point.period, told(point.value, w_.unit), point.note)
                                     : fmt::format("{} {}", point.period, told(point.value, "")));
    }
    const std::size_t count = shown(told_points.size(), 6);
    const bool are_orders = !w_.points.front().note.empty();
    std::string text =
        fmt::format("{}", fmt::join(told_points.begin(), told_points.begin() + static_cast<long>(count), ", "));
    if (count < told_points.size()) text += fmt::format(", … and {} more", told_points.size() - count);
    line(are_orders ? "ordered" : "by time", text);
  }

  void entries() {
    const std::size_t count = shown(w_.entries.size(), 6);
    for (std::size_t i = 0; i < count; ++i) {
      const WhyEntry& entry = w_.entries[i];
      std::string text;
      if (!std::isnan(entry.share) && std::abs(entry.share) >= 5e-4)
        text += fmt::format("{:.{}f} % ", 100 * entry.share, std::abs(entry.share) < 0.0095 ? 1 : 0);
      text += entry.entry;
      if (!entry.title.empty()) text += fmt::format(" ({})", entry.title);
      if (!entry.roles.empty()) text += fmt::format(": {}", fmt::join(entry.roles, ", "));
      line(i == 0 ? "from" : "", text);
      // what is of the figure's kind, or else what is written; the rest is for --all
      const bool fits = !entry.inputs.empty() && entry.inputs.front().relevance >= kFits;
      const double wanted = all_ ? 0 : fits && w_.entries.size() > 1 ? kFits : 1.5;
      const auto relevant = static_cast<std::size_t>(
          std::ranges::count_if(entry.inputs, [&](const WhyInput& each) { return each.relevance >= wanted; }));
      const std::size_t inputs = shown(relevant, w_.entries.size() == 1 ? 16 : 3);
      if (inputs < entry.inputs.size()) left_out_ = true;
      for (std::size_t k = 0; k < inputs; ++k) line("", "  " + input_told(entry.inputs[k]));
      if (w_.entries.size() == 1 && inputs == 0 && !entry.inputs.empty()) line("", "  " + input_told(entry.inputs[0]));
    }
    if (count < w_.entries.size()) line("", fmt::format("… and {} more entries", w_.entries.size() - count));
  }

  void weak() {
    std::size_t count = 0, estimates = 0;
    for (const WhyEntry& entry : w_.entries) {
      for (const WhyInput& each : entry.inputs) {
        if (std::isnan(each.input.mode)) continue;
        ++count;
        estimates += each.input.is_weak() ? 1 : 0;
      }
    }
    if (count > 1)
      line("weak", fmt::format("{} of the {} numbers of these entries are estimates (C)", estimates, count));
  }

  void used_by() {
    if (w_.used_by.empty()) return;
    const std::size_t count = shown(w_.used_by.size(), 8);
    std::string text =
        fmt::format("{}", fmt::join(w_.used_by.begin(), w_.used_by.begin() + static_cast<long>(count), ", "));
    if (count < w_.used_by.size()) text += fmt::format(", … and {} more", w_.used_by.size() - count);
    line("read by", text);
  }

  const Why& w_;
  bool all_;
  bool left_out_ = false;
  std::string out_;
};

Json to_json(const WhyInput& each) {
  const Input& in = each.input;
  return {{"path", in.path},
          {"value", in.value},
          {"low", number_or_null(in.low)},
          {"mode", number_or_null(in.mode)},
          {"high", number_or_null(in.high)},
          {"unit", in.unit},
          {"source", in.source},
          {"source_from", in.source_from},
          {"confidence", in.confidence == ' ' ? std::string() : std::string(1, in.confidence)},
          {"is_weak", in.is_weak()},
          {"is_default", in.is_default},
          {"place", each.place}};
}

Json to_json(const WhyEntry& entry) {
  Json inputs = Json::array();
  for (const WhyInput& each : entry.inputs) inputs.push_back(to_json(each));
  return {{"entry", entry.entry},
          {"title", entry.title},
          {"roles", entry.roles},
          {"share", number_or_null(entry.share)},
          {"inputs", std::move(inputs)}};
}

}  // namespace

std::string why_text(const Why& why, bool all) {
  return Writer(why, all).run();
}

std::string why_json(const Why& why) {
  Json points = Json::array(), entries = Json::array();
  for (const WhyPoint& point : why.points) {
    points.push_back({{"period", point.period}, {"value", number_or_null(point.value)}});
    if (!point.note.empty()) points.back()["note"] = point.note;
  }
  for (const WhyEntry& entry : why.entries) entries.push_back(to_json(entry));
  const Json json = {{"figure", why.figure},   {"title", why.title},  {"value", number_or_null(why.value)},
                     {"text", why.value_text}, {"unit", why.unit},    {"formula", why.formula},
                     {"note", why.note},       {"points", points},    {"entries", entries},
                     {"used_by", why.used_by}, {"set", why.overrides}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beltline
