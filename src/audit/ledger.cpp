#include "audit/ledger.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "audit/pert.h"
#include "base/random.h"

namespace beltline {
namespace {

/// 32 bits of a text (FNV-1a): the source of its draws, whatever else is drawn.
uint32_t hash_of(std::string_view text) {
  uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// Mean over the periods that the months touch; a series without a range of its own.
double mean_over(const SeriesValue& series, const Calendar& calendar, const YearMonth& from, const YearMonth& to) {
  const int last_period = calendar.period_count - 1;
  const int first = std::clamp(calendar.period_of(from), 0, last_period);
  const int last = std::clamp(calendar.period_of(to), first, last_period);
  double sum = 0;
  for (int t = first; t <= last; ++t) sum += series.mean(calendar, t);
  return sum / (last - first + 1);
}

}  // namespace

Ranged Ledger::value(const Entry& entry, std::string_view key, std::string_view owner, const YearMonth& from,
                     const YearMonth& to) {
  const Value& value = entry.value(key);
  std::string path = fmt::format("{}.{}", owner, key);
  Quantity quantity = value.quantity;
  if (value.attribute->kind == Kind::integer) {
    quantity.low = quantity.mode = quantity.high = static_cast<double>(value.integer);
    if (value.attribute->unit.empty()) quantity.unit = "1";
  }
  if (value.attribute->kind == Kind::series) {
    quantity = value.series.quantity;
    if (value.series.grain != SeriesValue::Grain::constant) {
      quantity.low = quantity.mode = quantity.high = mean_over(value.series, calendar_, from, to);
      path += fmt::format(" (mean of {} to {})", to_string(from), to_string(to));
    }
  }
  quantity.origin = entry.where(key);
  Line line{.path = std::move(path),
            .low = quantity.low,
            .mode = quantity.mode,
            .high = quantity.high,
            .min = value.attribute->is_yield ? 0 : value.attribute->min,
            .max = value.attribute->is_yield ? 1 : value.attribute->max,
            .unit = quantity.unit,
            .source = quantity.source,
            .confidence = quantity.confidence,
            .origin = quantity.origin,
            .is_default = value.is_default};
  return take(std::move(line));
}

Ranged Ledger::number(const Quantity& quantity, std::string path) {
  Line line{.path = std::move(path),
            .low = quantity.low,
            .mode = quantity.mode,
            .high = quantity.high,
            .min = 0,
            .unit = quantity.unit,
            .source = quantity.source,
            .confidence = quantity.confidence,
            .origin = quantity.origin};
  return take(std::move(line));
}

Ranged Ledger::take(Line line) {
  // the same key, range and source say the same, wherever they stand; without a source only defaults do
  const bool is_shared = line.has_range() && (line.is_default || !line.source.empty());
  std::string subject = line.path;
  if (is_shared) subject = line.path.substr(0, line.path.find('.')) + line.path.substr(line.path.rfind('.'));
  line.identity =
      fmt::format("{} {} {} {} {}", subject, line.low, line.mode, line.high, is_shared ? line.source : std::string());
  const bool is_new_entry = read_.insert(line.identity + "\n" + line.path).second;
  auto known = known_.find(line.identity);
  if (known == known_.end()) {
    known = known_.emplace(line.identity, static_cast<int>(lines_.size())).first;
    draw(line);
    lines_.push_back(std::move(line));
  } else if (is_new_entry) {
    ++lines_[static_cast<std::size_t>(known->second)].entry_count;
  }
  Ranged out;
  out.values = values_[static_cast<std::size_t>(known->second)];
  out.lines = {known->second};
  return out;
}

void Ledger::draw(const Line& line) {
  if (sampling_.sample_count <= 0) {
    const bool is_moved = line.identity == sampling_.moved;
    values_.push_back(is_moved ? sampling_.moved_to : std::vector{line.mode});
    ranks_.emplace_back();
    return;
  }
  if (!line.has_range()) {
    values_.push_back({line.mode});
    ranks_.emplace_back();
    return;
  }
  const auto count = static_cast<std::size_t>(sampling_.sample_count);
  const uint32_t source = hash_of(line.identity);
  const auto uniform = [&](std::size_t i, uint32_t purpose) {
    return uniform01(
        {.seed = sampling_.seed, .replication = static_cast<uint32_t>(i), .source = source, .period = purpose});
  };
  std::vector<double> keys(count);
  for (std::size_t i = 0; i < count; ++i) keys[i] = uniform(i, 0);
  std::vector<double> ranks = ranks_of(keys);
  const Pert pert(line.low, line.mode, line.high);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = pert.quantile((ranks[i] + uniform(i, 1)) / static_cast<double>(count));
  values_.push_back(std::move(values));
  ranks_.push_back(std::move(ranks));
}

}  // namespace beltline
