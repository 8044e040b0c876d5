// A model file through HiGHS's readers, as a Problem.
#include <algorithm>
#include <memory>

#include <interfaces/highs_c_api.h>

#include "lp/highs.h"

namespace beltline::lp {
namespace {

using Highs = std::unique_ptr<void, decltype(&Highs_destroy)>;

/// The names of a file's columns or rows.
template <class Get>
std::vector<std::string> names(std::size_t count, const char* letter, const Get& get) {
  std::vector<std::string> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    char name[kHighsMaximumStringLength + 1] = "";
    get(static_cast<HighsInt>(i), name);
    all[i] = name[0] != '\0' ? std::string(name) : letter + std::to_string(i);
  }
  return all;
}

std::string column_text(void* highs, std::size_t column) {
  char name[kHighsMaximumStringLength + 1] = "";
  Highs_getColName(highs, static_cast<HighsInt>(column), name);
  return name[0] != '\0' ? std::string("'") + name + "'" : std::to_string(column);
}

/// The Hessian as `quadratic`: it must be diagonal, and not negative once `sign` has turned a maximisation round.
Outcome<void> read_quadratic(void* highs, const std::string& path, double sign, Problem& problem) {
  const HighsInt count = Highs_getHessianNumNz(highs);
  if (count <= 0) return {};
  const std::size_t columns = problem.column_count();
  std::vector<HighsInt> start(columns + 1), index(static_cast<std::size_t>(count));
  std::vector<double> value(static_cast<std::size_t>(count));
  HighsInt column_count = 0, row_count = 0, nonzero_count = 0, hessian_count = 0, sense = 0;
  double offset = 0;
  const HighsInt status =
      Highs_getModel(highs, kHighsMatrixFormatColwise, kHighsHessianFormatTriangular, &column_count, &row_count,
                     &nonzero_count, &hessian_count, &sense, &offset, nullptr, nullptr, nullptr, nullptr, nullptr,
                     nullptr, nullptr, nullptr, start.data(), index.data(), value.data(), nullptr);
  if (status == kHighsStatusError) return failure("cannot take the quadratic cost of '" + path + "' from the reader");
  start.back() = count;
  problem.quadratic.assign(columns, 0.0);
  for (std::size_t j = 0; j < columns; ++j) {
    for (auto k = static_cast<std::size_t>(start[j]); k < static_cast<std::size_t>(start[j + 1]); ++k) {
      const auto i = static_cast<std::size_t>(index[k]);
      if (value[k] == 0) continue;
      if (i != j) {
        return failure("'" + path + "' has a quadratic cost on the product of columns " + column_text(highs, j) +
                       " and " + column_text(highs, i) + "; only squares of one column are supported");
      }
      if (sign * value[k] < 0) {
        return failure("'" + path + "' has a quadratic cost on column " + column_text(highs, j) +
                       " that is not convex, which is not supported");
      }
      problem.quadratic[j] = sign * value[k];
    }
  }
  if (!problem.is_quadratic()) problem.quadratic.clear();
  return {};
}

/// MPS and LP readers leave rows in the file's order within a column, and may repeat one.
void sort_columns(Problem& problem) {
  std::vector<std::pair<int32_t, double>> entries;
  std::size_t out = 0;
  std::size_t begin = 0;
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    const auto end = static_cast<std::size_t>(problem.start[j + 1]);
    entries.clear();
    for (std::size_t k = begin; k < end; ++k) entries.emplace_back(problem.index[k], problem.value[k]);
    std::stable_sort(entries.begin(), entries.end(), [](auto& a, auto& b) { return a.first < b.first; });
    const std::size_t first = out;
    for (const auto& [row, value] : entries) {
      if (out > first && problem.index[out - 1] == row) {
        problem.value[out - 1] += value;
      } else {
        problem.index[out] = row;
        problem.value[out++] = value;
      }
    }
    begin = end;
    problem.start[j + 1] = static_cast<int32_t>(out);
  }
  problem.index.resize(out);
  problem.value.resize(out);
}

}  // namespace

Outcome<ReadProblem> read_with_highs(const std::string& path) {
  const Highs highs(Highs_create(), &Highs_destroy);
  Highs_setBoolOptionValue(highs.get(), "output_flag", 0);
  if (Highs_readModel(highs.get(), path.c_str()) == kHighsStatusError) {
    return failure("cannot read '" + path + "' as an MPS or LP file");
  }

  const auto column_count = static_cast<std::size_t>(Highs_getNumCol(highs.get()));
  const auto row_count = static_cast<std::size_t>(Highs_getNumRow(highs.get()));
  const auto nonzero_count = static_cast<std::size_t>(Highs_getNumNz(highs.get()));
  ReadProblem read;
  Problem& problem = read.problem;
  for (auto* by_column : {&problem.cost, &problem.column_lower, &problem.column_upper}) by_column->resize(column_count);
  for (auto* by_row : {&problem.row_lower, &problem.row_upper}) by_row->resize(row_count);
  problem.start.resize(column_count + 1);
  problem.index.resize(nonzero_count);
  problem.value.resize(nonzero_count);
  std::vector<HighsInt> integrality(column_count);
  HighsInt columns = 0;
  HighsInt rows = 0;
  HighsInt nonzeros = 0;
  HighsInt sense = kHighsObjSenseMinimize;
  const HighsInt status = Highs_getLp(
      highs.get(), kHighsMatrixFormatColwise, &columns, &rows, &nonzeros, &sense, &problem.offset, problem.cost.data(),
      problem.column_lower.data(), problem.column_upper.data(), problem.row_lower.data(), problem.row_upper.data(),
      problem.start.data(), problem.index.data(), problem.value.data(), integrality.data());
  if (status == kHighsStatusError) return failure("cannot take the model of '" + path + "' from the reader");

  problem.start.back() = static_cast<int32_t>(nonzero_count);
  sort_columns(problem);
  problem.integer.resize(column_count);
  for (std::size_t j = 0; j < column_count; ++j) {
    if (integrality[j] == kHighsVarTypeSemiContinuous || integrality[j] == kHighsVarTypeSemiInteger) {
      return failure("column " + std::to_string(j) + " of '" + path + "' is semi-continuous, which is not supported");
    }
    problem.integer[j] = integrality[j] != kHighsVarTypeContinuous;
  }
  if (!problem.has_integers()) problem.integer.clear();
  read.column_names = names(column_count, "c", [&](HighsInt i, char* name) { Highs_getColName(highs.get(), i, name); });
  read.row_names = names(row_count, "r", [&](HighsInt i, char* name) { Highs_getRowName(highs.get(), i, name); });
  const double sign = sense == kHighsObjSenseMaximize ? -1.0 : 1.0;
  if (sign < 0) {
    read.negated = true;
    problem.offset = -problem.offset;
    for (double& cost : problem.cost) cost = -cost;
  }
  if (auto quadratic = read_quadratic(highs.get(), path, sign, problem); !quadratic) {
    return std::unexpected(quadratic.error());
  }
  return read;
}

}  // namespace beltline::lp
