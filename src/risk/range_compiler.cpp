#include "risk/range_compiler.h"

#include "base/assert.h"
#include "parts/part.h"

namespace beltline {
namespace {

/// The one number of a quantity, a duration, or a series of one value.
double& number_of(Value& value) {
  return value.attribute->kind == Kind::series ? value.series.quantity.mode : value.quantity.mode;
}

void set(Value& value, double number) {
  number_of(value) = number;
  if (value.attribute->kind == Kind::series) value.series.values.assign(1, number);
}

}  // namespace

RangeCompiler::RangeCompiler(const Compiled& compiled)
    : loaded_(load_scenario(
          compiled.originals, all_sections(),
          {.overrides = compiled.spec->overrides, .main = compiled.spec->main, .name = compiled.spec->name})) {
  ASSERT(loaded_.spec.has_value());  // as it was before
  // the Spec is this compiler's own: what is walked as constant may be changed
  for_each_value(*loaded_.spec, [&](const ValuePlace& place) { values_.push_back(const_cast<Value*>(place.value)); });
  use_coarse_calendar();
  forget_sources();
}

/// Where a value was read says nothing of what it does, and every entity would gather it.
void RangeCompiler::forget_sources() {
  for (Value* const value : values_) {
    value->quantity.source.clear();
    value->series.quantity.source.clear();
  }
}

/// One slice a period, as long as a group of slices: what follows the hours of the day has its mean.
void RangeCompiler::use_coarse_calendar() {
  Calendar& calendar = loaded_.spec->calendar;
  for (Value* const value : values_) {
    if (value->attribute->kind != Kind::series || !value->series.varies_by_slice()) continue;
    std::vector<double> means;
    for (int t = 0; t < calendar.period_count; ++t) means.push_back(value->series.mean(calendar, t));
    value->series.grain = SeriesValue::Grain::period;
    value->series.values = std::move(means);
  }
  calendar.step_hours = calendar.group_hours();
  calendar.slice_count = 1;
  calendar.group_size = 1;
  calendar.steps.clear();
  calendar.slice_hours = calendar.period_hours;
}

std::optional<Model> RangeCompiler::compile(std::span<const Setting> settings) {
  std::vector<double> before;
  for (const Setting& each : settings) {
    before.push_back(number_of(*values_[each.value]));
    set(*values_[each.value], each.number);
  }
  Diagnostics diagnostics;
  std::optional<Model> model = compile_network(*loaded_.spec, diagnostics);
  for (std::size_t i = settings.size(); i-- > 0;) set(*values_[settings[i].value], before[i]);
  return model;
}

}  // namespace beltline
