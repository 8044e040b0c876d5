// Two models of one network with different numbers: joined in time, or averaged.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"

namespace beltline {

/// What keeps two models from being one network with different numbers, in words: another calendar, objective, or set
/// of entities; nothing where they are. Leads, lives, module sizes and dates may differ.
std::optional<std::string> find_other_network(const Model& a, const Model& b);

/// Takes the values of the periods before `from` from another model of the same network: a branch knows no more than
/// its siblings until they part. What does not vary by period (leads, lives, efficiencies) stays the model's own.
/// @cost O(values that differ)
void take_earlier_values(Model& model, const Model& earlier, int from);

/// The first model with every series averaged over all of them: the network that the mean of all cases would make.
/// A series that some lack keeps the first model's values.
/// @param weights  [model] sum to 1
Model mean_model(std::span<const Model* const> models, std::span<const double> weights);

/// Every series that varies within the period and that demands, processes, capacities or stores read, in a fixed order.
std::vector<Series> series_by_slice(const Model& model);

}  // namespace beltline
