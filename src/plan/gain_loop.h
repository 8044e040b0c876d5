// Loops of processes that make something from nothing.
#pragma once

#include "base/diagnostic.h"
#include "model/model.h"

namespace beltline {

/// Looks for activities of processes that all take something in, yet together only put out: a loop with gain, such as a
/// store with an efficiency above 1. Only strongly connected parts of the network are looked at, each by a small LP:
///
///     maximise Σ net output   subject to   net output of every node ≥ 0,  0 ≤ activity ≤ 1
///
/// @returns whether there is none; each loop is added to `diagnostics` (BL0203) with the processes in it
/// @cost   O(flows), and an LP only where there are loops
bool find_gain_loops(const Model& model, Diagnostics& diagnostics);

}  // namespace beltline
