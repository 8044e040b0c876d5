#include "lp/interior_order.h"

#include <algorithm>

namespace beltline::lp {
namespace {

/// The quotient graph: each node is a variable yet to be eliminated, an element (an eliminated pivot, which stands for
/// the clique of its neighbours), or gone into another.
class MinimumDegree {
 public:
  MinimumDegree(const Graph& graph, std::span<const uint8_t> border);
  std::vector<int32_t> run();

 private:
  static constexpr int32_t kNone = -1;

  int32_t take_pivot();
  void reserve_element(int32_t pivot);
  void build_element(int32_t pivot);
  void take_into_element(int32_t i);
  void measure_elements();
  void update_degrees(int32_t pivot);
  void update_degree(int32_t pivot, int32_t i);
  void merge_indistinguishable();
  void finish_element(int32_t pivot);
  void list(int32_t i, int32_t degree);
  void unlist(int32_t i);
  void absorb(int32_t from, int32_t into);
  void compact(int64_t room);

  int32_t count_ = 0;           // nodes to order: the border left out
  std::vector<int32_t> space_;  // lists of all nodes: of a variable its elements first, then its variables
  int64_t free_ = 0;
  std::vector<int64_t> begin_;           // [node] its list in space_
  std::vector<int32_t> length_;          // [node] of the list
  std::vector<int32_t> element_length_;  // [node] how many of it are elements
  std::vector<int32_t> weight_;          // [node] variables that it stands for; < 0 while in the new element; 0 gone
  std::vector<int32_t> degree_;          // [node] approximate external degree
  std::vector<int64_t> mark_;            // [node] of an element: mark − flag_ is what it has outside the new element
  std::vector<uint8_t> is_element_;
  std::vector<int32_t> head_, next_, previous_;       // lists by degree
  std::vector<int32_t> member_next_, member_last_;    // variables that went into each
  std::vector<int32_t> hash_head_, hash_next_;        // candidates for being indistinguishable
  std::vector<uint32_t> hash_;                        // [node]
  int64_t flag_ = 1;
  int32_t degree_min_ = 0;
  int32_t eliminated_ = 0;
  int64_t element_begin_ = 0, element_end_ = 0;  // the new element's list
  int32_t element_degree_ = 0;
  int32_t pivot_weight_ = 0;
};

MinimumDegree::MinimumDegree(const Graph& graph, std::span<const uint8_t> border) {
  const auto n = static_cast<std::size_t>(graph.node_count());
  begin_.assign(n, 0);
  length_.assign(n, 0);
  element_length_.assign(n, 0);
  weight_.assign(n, 1);
  degree_.assign(n, 0);
  mark_.assign(n, 1);
  is_element_.assign(n, 0);
  head_.assign(n, kNone);
  next_.assign(n, kNone);
  previous_.assign(n, kNone);
  member_next_.assign(n, kNone);
  member_last_.resize(n);
  hash_head_.assign(n, kNone);
  hash_next_.assign(n, kNone);
  hash_.assign(n, 0);
  space_.reserve(graph.neighbour.size() + graph.neighbour.size() / 2 + n);
  const auto is_border = [&](std::size_t i) { return !border.empty() && border[i] != 0; };
  for (std::size_t i = 0; i < n; ++i) {
    member_last_[i] = static_cast<int32_t>(i);
    begin_[i] = static_cast<int64_t>(space_.size());
    if (is_border(i)) {
      weight_[i] = 0;
      continue;
    }
    ++count_;
    for (int64_t k = graph.start[i]; k < graph.start[i + 1]; ++k) {
      const int32_t j = graph.neighbour[static_cast<std::size_t>(k)];
      if (!is_border(static_cast<std::size_t>(j))) space_.push_back(j);
    }
    length_[i] = static_cast<int32_t>(static_cast<int64_t>(space_.size()) - begin_[i]);
  }
  free_ = static_cast<int64_t>(space_.size());
  space_.resize(std::max(space_.size(), space_.capacity()));
  degree_min_ = count_;
  // the last node is listed first, so that ties fall to the first of the graph
  for (std::size_t i = n; i-- > 0;) {
    if (weight_[i] > 0) list(static_cast<int32_t>(i), length_[i]);
  }
}

void MinimumDegree::list(int32_t i, int32_t degree) {
  degree_[i] = degree;
  next_[i] = head_[degree];
  previous_[i] = kNone;
  if (head_[degree] != kNone) previous_[head_[degree]] = i;
  head_[degree] = i;
  degree_min_ = std::min(degree_min_, degree);
}

void MinimumDegree::unlist(int32_t i) {
  if (next_[i] != kNone) previous_[next_[i]] = previous_[i];
  if (previous_[i] != kNone) {
    next_[previous_[i]] = next_[i];
  } else {
    head_[degree_[i]] = next_[i];
  }
}

void MinimumDegree::absorb(int32_t from, int32_t into) {
  weight_[from] = 0;
  member_next_[member_last_[into]] = from;
  member_last_[into] = member_last_[from];
}

int32_t MinimumDegree::take_pivot() {
  while (head_[degree_min_] == kNone) ++degree_min_;
  const int32_t pivot = head_[degree_min_];
  unlist(pivot);
  return pivot;
}

/// Moves the living lists together when the new element may not fit behind them.
void MinimumDegree::reserve_element(int32_t pivot) {
  int64_t room = length_[pivot];
  for (int32_t k = 0; k < element_length_[pivot]; ++k) room += length_[space_[begin_[pivot] + k]];
  if (free_ + room > static_cast<int64_t>(space_.size())) compact(room);
}

void MinimumDegree::compact(int64_t room) {
  std::vector<int32_t> lives;
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    const bool living = is_element_[i] != 0 ? mark_[i] != 0 : weight_[i] != 0;
    if (living) lives.push_back(static_cast<int32_t>(i));
  }
  std::ranges::sort(lives, {}, [&](int32_t i) { return begin_[i]; });
  int64_t to = 0;
  for (const int32_t i : lives) {
    std::copy_n(space_.begin() + begin_[i], length_[i], space_.begin() + to);
    begin_[i] = to;
    to += length_[i];
  }
  free_ = to;
  if (free_ + room > static_cast<int64_t>(space_.size())) space_.resize(static_cast<std::size_t>(free_ + 2 * room));
}

void MinimumDegree::take_into_element(int32_t i) {
  const int32_t weight = weight_[i];
  if (weight <= 0) return;
  element_degree_ += weight;
  weight_[i] = -weight;
  space_[element_end_++] = i;
  unlist(i);
}

/// The new element: all variables next to the pivot, or in an element next to it; those elements end in it.
void MinimumDegree::build_element(int32_t pivot) {
  pivot_weight_ = weight_[pivot];
  eliminated_ += pivot_weight_;
  weight_[pivot] = -pivot_weight_;
  element_degree_ = 0;
  element_begin_ = element_end_ = free_;
  const int64_t begin = begin_[pivot];
  for (int32_t k = 0; k < length_[pivot]; ++k) {
    const int32_t other = space_[begin + k];
    if (k >= element_length_[pivot]) {
      take_into_element(other);
      continue;
    }
    for (int32_t q = 0; q < length_[other]; ++q) take_into_element(space_[begin_[other] + q]);
    mark_[other] = 0;
  }
  begin_[pivot] = element_begin_;
  length_[pivot] = static_cast<int32_t>(element_end_ - element_begin_);
  element_length_[pivot] = 0;
  is_element_[pivot] = 1;
  mark_[pivot] = 1;
}

/// For every element that shares a variable with the new one: how much of it lies outside.
void MinimumDegree::measure_elements() {
  for (int64_t p = element_begin_; p < element_end_; ++p) {
    const int32_t i = space_[p];
    const int32_t weight = -weight_[i];
    for (int32_t k = 0; k < element_length_[i]; ++k) {
      const int32_t e = space_[begin_[i] + k];
      if (mark_[e] == 0) continue;
      mark_[e] = (mark_[e] >= flag_ ? mark_[e] : degree_[e] + flag_) - weight;
    }
  }
}

void MinimumDegree::update_degree(int32_t pivot, int32_t i) {
  const int64_t begin = begin_[i], elements_end = begin + element_length_[i], end = begin + length_[i];
  int64_t to = begin;
  int32_t degree = 0;
  uint32_t hash = 0;
  for (int64_t p = begin; p < elements_end; ++p) {
    const int32_t e = space_[p];
    if (mark_[e] == 0) continue;
    const int64_t outside = mark_[e] - flag_;
    if (outside <= 0) {
      mark_[e] = 0;  // it lies in the new element as a whole
      continue;
    }
    degree += static_cast<int32_t>(outside);
    space_[to++] = e;
    hash += static_cast<uint32_t>(e);
  }
  const int64_t variables = to;
  for (int64_t p = elements_end; p < end; ++p) {
    const int32_t j = space_[p];
    if (weight_[j] <= 0) continue;
    degree += weight_[j];
    space_[to++] = j;
    hash += static_cast<uint32_t>(j);
  }
  if (to == begin) {  // nothing but the new element: eliminated together with the pivot
    const int32_t weight = -weight_[i];
    element_degree_ -= weight;
    pivot_weight_ += weight;
    eliminated_ += weight;
    absorb(i, pivot);
    return;
  }
  degree_[i] = std::min(degree_[i], degree);
  // room for the new element at the front: at least one entry has gone
  space_[to] = space_[variables];
  space_[variables] = space_[begin];
  space_[begin] = pivot;
  element_length_[i] = static_cast<int32_t>(variables - begin) + 1;
  length_[i] = static_cast<int32_t>(to - begin) + 1;
  hash_[i] = hash % static_cast<uint32_t>(hash_head_.size());
  hash_next_[i] = hash_head_[hash_[i]];
  hash_head_[hash_[i]] = i;
}

void MinimumDegree::update_degrees(int32_t pivot) {
  for (int64_t p = element_begin_; p < element_end_; ++p) update_degree(pivot, space_[p]);
  flag_ += static_cast<int64_t>(weight_.size()) + 1;
}

/// Variables with the same neighbours become one.
void MinimumDegree::merge_indistinguishable() {
  for (int64_t p = element_begin_; p < element_end_; ++p) {
    const int32_t first = space_[p];
    if (weight_[first] >= 0) continue;
    int32_t i = hash_head_[hash_[first]];
    hash_head_[hash_[first]] = kNone;
    for (; i != kNone && hash_next_[i] != kNone; i = hash_next_[i]) {
      for (int32_t k = 0; k < length_[i]; ++k) mark_[space_[begin_[i] + k]] = mark_[space_[begin_[i] + k]] == 0 ? 0 : flag_;
      int32_t before = i;
      for (int32_t j = hash_next_[i]; j != kNone; j = hash_next_[before]) {
        bool same = length_[j] == length_[i] && element_length_[j] == element_length_[i];
        for (int32_t k = 0; same && k < length_[j]; ++k) same = mark_[space_[begin_[j] + k]] == flag_;
        if (same) {
          weight_[i] += weight_[j];  // both are negative here
          absorb(j, i);
          hash_next_[before] = hash_next_[j];
        } else {
          before = j;
        }
      }
      ++flag_;
    }
  }
}

void MinimumDegree::finish_element(int32_t pivot) {
  int64_t to = element_begin_;
  const int32_t left = count_ - eliminated_;
  for (int64_t p = element_begin_; p < element_end_; ++p) {
    const int32_t i = space_[p];
    if (weight_[i] >= 0) continue;
    weight_[i] = -weight_[i];
    list(i, std::max(0, std::min(degree_[i] + element_degree_ - weight_[i], left - weight_[i])));
    space_[to++] = i;
  }
  weight_[pivot] = pivot_weight_;
  degree_[pivot] = element_degree_;
  length_[pivot] = static_cast<int32_t>(to - element_begin_);
  if (length_[pivot] == 0) mark_[pivot] = 0;
  free_ = to;
}

std::vector<int32_t> MinimumDegree::run() {
  std::vector<int32_t> order;
  order.reserve(weight_.size());
  while (eliminated_ < count_) {
    const int32_t pivot = take_pivot();
    reserve_element(pivot);
    build_element(pivot);
    measure_elements();
    update_degrees(pivot);
    merge_indistinguishable();
    finish_element(pivot);
    for (int32_t i = pivot; i != kNone; i = member_next_[i]) order.push_back(i);
  }
  return order;
}

}  // namespace

std::vector<int32_t> minimum_degree(const Graph& graph, std::span<const uint8_t> border) {
  std::vector<int32_t> order = MinimumDegree(graph, border).run();
  for (std::size_t i = 0; i < border.size(); ++i) {
    if (border[i] != 0) order.push_back(static_cast<int32_t>(i));
  }
  return order;
}

}  // namespace beltline::lp
