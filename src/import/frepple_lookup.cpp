// A frePPLe model's flows, suppliers and buffers by what they are looked up by.
#include <fmt/format.h>

#include "import/frepple_network.h"

namespace beltline::frepple {

Lookup::Lookup(FreppleModel& model) : model_(model) {
  for (const auto& [name, buffer] : model.buffers) note(buffer);
  for (const Flow& flow : model.flows) flows_.emplace(flow.operation, &flow);
  for (const Load& load : model.loads) loads_.emplace(load.operation, &load);
  for (const Sourcing& sourcing : model.sourcings) sourcings_.emplace(sourcing.item, &sourcing);
}

void Lookup::note(const Buffer& buffer) {
  buffer_at_.try_emplace({buffer.item, buffer.location}, buffer.name);
  buffers_[buffer.item].push_back(buffer.name);
}

std::string Lookup::buffer(const std::string& item, const std::string& location) {
  if (const auto found = buffer_at_.find({item, location}); found != buffer_at_.end()) return found->second;
  const std::string name = location.empty() ? item : fmt::format("{} @ {}", item, location);
  Buffer& buffer = model_.buffers[name];
  if (buffer.name.empty()) buffer.name = name;
  if (buffer.item.empty()) buffer.item = item;
  if (buffer.location.empty()) buffer.location = location;
  buffer_at_[{item, location}] = name;
  buffers_[item].push_back(name);
  return name;
}

const std::vector<std::string>& Lookup::buffers(const std::string& item) const {
  static const std::vector<std::string> kNone;
  const auto found = buffers_.find(item);
  return found == buffers_.end() ? kNone : found->second;
}

std::vector<JobFlow> Lookup::flows(const Operation& operation) {
  std::vector<JobFlow> out;
  bool has_output = false;
  const auto [first, last] = flows_.equal_range(operation.name);
  for (auto it = first; it != last; ++it) {
    const Flow& flow = *it->second;
    const std::string& location = flow.location.empty() ? operation.location : flow.location;
    out.push_back({.good = flow.buffer.empty() ? buffer(flow.item, location) : flow.buffer,
                   .quantity = flow.quantity,
                   .fixed = flow.quantity_fixed,
                   .at_end = flow.at_end,
                   .offset = flow.offset,
                   .group = flow.name,
                   .priority = flow.priority});
    has_output = has_output || flow.quantity > 0 || flow.quantity_fixed > 0;
  }
  // an operation of an item makes it, also where no flow says so
  if (!has_output && !operation.item.empty() && !operation.has_owner)
    out.push_back({.good = buffer(operation.item, operation.location), .quantity = 1, .at_end = true});
  return out;
}

std::vector<JobLoad> Lookup::loads(const std::string& operation) const {
  std::vector<JobLoad> out;
  const auto [first, last] = loads_.equal_range(operation);
  for (auto it = first; it != last; ++it)
    out.push_back({.resource = it->second->resource,
                   .quantity = it->second->quantity,
                   .group = it->second->name,
                   .priority = it->second->priority});
  return out;
}

std::vector<const Sourcing*> Lookup::sourcings(const std::string& item) const {
  std::vector<const Sourcing*> out;
  const auto [first, last] = sourcings_.equal_range(item);
  for (auto it = first; it != last; ++it) out.push_back(it->second);
  return out;
}

}  // namespace beltline::frepple
