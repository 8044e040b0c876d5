// A linear problem and a solution of it as files of plain arrays: the layout of lp_file.py, for lp::Problem.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/problem.h"

namespace beltline {

template <typename Value>
bool read_array(std::istream& in, std::vector<Value>& values, std::size_t count) {
  values.resize(count);
  return static_cast<bool>(
      in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(Value))));
}

template <typename Value>
void write_array(std::ostream& out, const std::vector<Value>& values) {
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(Value)));
}

/// @errors the file is not there, of another version, or too short
inline Outcome<lp::Problem> read_lp_file(const std::string& path) {
  constexpr int64_t kVersion = 1;
  std::ifstream in(path, std::ios::binary);
  std::vector<int64_t> head;
  if (!read_array(in, head, 4) || head[3] != kVersion) return failure("'" + path + "' is not an LP file");
  const auto columns = static_cast<std::size_t>(head[0]), rows = static_cast<std::size_t>(head[1]);
  const auto nonzeros = static_cast<std::size_t>(head[2]);
  lp::Problem p;
  in.read(reinterpret_cast<char*>(&p.offset), sizeof p.offset);
  for (auto* each : {&p.cost, &p.column_lower, &p.column_upper}) read_array(in, *each, columns);
  for (auto* each : {&p.row_lower, &p.row_upper}) read_array(in, *each, rows);
  read_array(in, p.start, columns + 1);
  read_array(in, p.index, nonzeros);
  if (!read_array(in, p.value, nonzeros)) return failure("'" + path + "' ends too early");
  return p;
}

struct PointAndDuals {
  std::vector<double> x;         // [column]
  std::vector<double> row_dual;  // [row], as in lp::Solution
};

inline Outcome<PointAndDuals> read_solution_file(const std::string& path, const lp::Problem& problem) {
  std::ifstream in(path, std::ios::binary);
  PointAndDuals out;
  if (!read_array(in, out.x, problem.column_count()) || !read_array(in, out.row_dual, problem.row_count())) {
    return failure("'" + path + "' is no solution of that problem");
  }
  return out;
}

/// @errors the disk is full
inline Outcome<void> write_solution_file(const std::string& path, const PointAndDuals& solution) {
  std::ofstream out(path, std::ios::binary);
  write_array(out, solution.x);
  write_array(out, solution.row_dual);
  if (!out.flush()) return failure("cannot write '" + path + "'");
  return {};
}

}  // namespace beltline
