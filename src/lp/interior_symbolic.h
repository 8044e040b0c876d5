// The symbolic half of an LDLᵀ factorisation: what is computed once for a pattern and serves every set of values.
//
// Pivots with few neighbours come first and are eliminated one number at a time, by addresses worked out beforehand:
// in a plan by the hour these are the rows and columns of single processes, five of six pivots. What they leave is
// factored by supernodes, with dense kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/interior_order.h"

namespace beltline::lp {

/// Pivots of one supernode, and the rows below them that their columns share.
struct Supernode {
  int32_t first = 0;  // dense pivot, counted from the first that is not simple
  int32_t width = 0;  // pivots
  int64_t rows = 0;   // where its rows begin in Symbolic::row
  int32_t below = 0;  // how many rows there are
  int32_t parent = -1;
  int32_t depth = 0;     // of the tree, 0 at a root
  int64_t panel = 0;     // where its columns begin among the factor's numbers: (width + below) × width
  int64_t square = 0;    // where what it leaves to its parent waits: among Symbolic::square_size numbers, …
  bool is_kept = false;  // … or, of the last in its part, among Symbolic::kept_size

  [[nodiscard]] int32_t height() const { return width + below; }
};

/// A subtree that is eliminated by itself. What it would do to pivots above it goes to shadows of them, of its own.
struct Part {
  int32_t simple_begin = 0, simple_end = 0;
  int32_t node_begin = 0, node_end = 0;
  int64_t target = 0;  // where its simple pivots' targets begin
};

/// All of it in the order of elimination; `position` leads there.
///
/// Behind the pivots and behind the numbers lie the shadows of the top's, part by part: rows and targets of a part lead
/// there, so that parts share nothing. The parts depend on the pattern alone.
struct Symbolic {
  int32_t count = 0;
  int32_t simple_count = 0;
  std::vector<int32_t> position;  // [node] place in the order of elimination

  // Off-diagonal numbers: of simple pivots, then of the dense rest before its elimination. By columns.
  std::vector<int32_t> start;   // [pivot + 1]
  std::vector<int32_t> row;     // [number] later pivot
  std::vector<int32_t> target;  // what each pair of a simple pivot's numbers is subtracted from, in the order of use
  std::vector<int32_t> place;   // [number − start[simple_count]] of the dense rest: row in its supernode's panel
  std::vector<int32_t> entry;   // [entry of the matrix] its number

  std::vector<Supernode> node;       // children before parents
  std::vector<int32_t> node_row;     // [Supernode::rows + k] dense pivot, ascending
  std::vector<int32_t> node_place;   // [Supernode::rows + k] the row's place in the parent's panel
  std::vector<int64_t> child_start;  // [supernode + 1]
  std::vector<int32_t> child;
  std::vector<Part> part;           // by their pivots
  Part top;                         // what is above them: its simple pivots; nodes are in top_node
  std::vector<int32_t> top_node;    // supernodes, children before parents
  std::vector<int32_t> top_pivot;   // pivots of them, all of which have shadows
  std::vector<int32_t> top_number;  // numbers of their columns before elimination, likewise
  int64_t panel_size = 0;
  int64_t square_size = 0;  // of one part at a time
  int64_t kept_size = 0;
  int32_t height_max = 0;
  double flops = 0;  // multiplications of the dense part

  /// Pivots, or numbers, with their shadows.
  [[nodiscard]] std::size_t pivots_and_shadows() const {
    return static_cast<std::size_t>(count) + part.size() * top_pivot.size();
  }
  [[nodiscard]] std::size_t numbers_and_shadows() const { return row.size() + part.size() * top_number.size(); }
  [[nodiscard]] int64_t number_count() const { return panel_size + start[static_cast<std::size_t>(simple_count)]; }
};

/// @param column_start, row  the strictly lower or upper triangle, each pair once, by columns
/// @param order              [node] in the order of elimination
/// @cost                     about that of one factorisation
Symbolic analyse(int32_t count, std::span<const int64_t> column_start, std::span<const int32_t> row,
                 std::span<const int32_t> order);

/// Both triangles from one.
Graph make_graph(int32_t count, std::span<const int64_t> column_start, std::span<const int32_t> row);

}  // namespace beltline::lp
