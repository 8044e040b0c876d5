#include "import/matpower_cost.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"

namespace beltline::matpower {
namespace {

/// Slopes that fall by less than this share are those of one straight line, written with few digits.
constexpr double kSlopeTolerance = 1e-6;

struct Point {
  double mw = 0;
  double usd_per_h = 0;
};

class CostReader {
 public:
  CostReader(Reader& reader, const Value& table, std::size_t row) : reader_(reader), table_(table), row_(row) {}

  std::optional<Cost> read(double lower, double upper) {
    const double model = table_.at(row_, column::kCostModel);
    if (model != 1 && model != 2) {
      return refuse(column::kCostModel, Code::bad_choice, "a cost has a model that is not known", "1 or 2",
                    "write 1 for piecewise linear, 2 for a polynomial");
    }
    const double count = table_.at(row_, column::kCostCount);
    const std::size_t columns = table_.columns - column::kCostFirst;
    const std::size_t each = model == 1 ? 2 : 1;
    if (!(count >= (model == 1 ? 2 : 0)) || count != std::floor(count) ||
        count * static_cast<double>(each) > static_cast<double>(columns)) {
      return refuse(column::kCostCount, Code::out_of_range, "a cost has a count that does not fit its row",
                    fmt::format("a whole number from {} to {}", model == 1 ? 2 : 0, columns / each),
                    "write all of its coefficients or points");
    }
    const auto n = static_cast<std::size_t>(count);
    for (std::size_t k = 0; k < n * each; ++k) {
      if (!std::isfinite(table_.at(row_, column::kCostFirst + k))) {
        return refuse(column::kCostFirst + k, Code::not_finite, "a cost is no finite number", "a number",
                      "write the coefficient");
      }
    }
    auto cost = model == 2 ? polynomial(n) : piecewise(n, lower, upper);
    const bool is_finite =
        !cost ||
        (std::isfinite(cost->constant) && std::isfinite(cost->linear) &&
         std::ranges::all_of(cost->pieces, [](const Cost::Piece& piece) { return std::isfinite(piece.slope); }));
    if (is_finite) return cost;
    return refuse(column::kCostFirst, Code::not_finite, "a cost is no finite number", "a number",
                  "write the coefficient");
  }

 private:
  std::nullopt_t refuse(std::size_t at, Code code, std::string message, std::string expected, std::string help) {
    reader_.fault(table_.place_of(row_, at), {.code = code,
                                              .message = std::move(message),
                                              .found = fmt::format("{}", table_.at(row_, at)),
                                              .expected = std::move(expected),
                                              .help = std::move(help)});
    return std::nullopt;
  }

  std::optional<Cost> polynomial(std::size_t n) {
    for (std::size_t k = 0; k + 3 < n; ++k) {
      if (table_.at(row_, column::kCostFirst + k) == 0) continue;
      return refuse(column::kCostFirst + k, Code::out_of_range,
                    fmt::format("a cost is a polynomial of degree {}", n - 1 - k), "degree 2 at most",
                    "write it as piecewise linear (model 1)");
    }
    const auto coefficient = [&](std::size_t degree) {
      return degree < n ? table_.at(row_, column::kCostFirst + n - 1 - degree) : 0.0;
    };
    if (coefficient(2) < 0) {
      return refuse(column::kCostFirst + n - 3, Code::out_of_range, "a quadratic cost is not convex", "0 or more",
                    "a cost that falls faster and faster has no least-cost flow that can be proved");
    }
    return Cost{.constant = coefficient(0), .linear = coefficient(1), .quadratic = coefficient(2), .pieces = {}};
  }

  std::optional<Cost> piecewise(std::size_t n, double lower, double upper) {
    std::vector<Point> points;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t at = column::kCostFirst + 2 * k;
      points.push_back({table_.at(row_, at), table_.at(row_, at + 1)});
      if (k > 0 && !(points[k].mw > points[k - 1].mw)) {
        return refuse(at, Code::range_order, "the points of a cost do not rise",
                      fmt::format("above {}", points[k - 1].mw), "sort the points by MW");
      }
    }
    std::vector<double> slopes;
    for (std::size_t k = 0; k + 1 < n; ++k) {
      slopes.push_back((points[k + 1].usd_per_h - points[k].usd_per_h) / (points[k + 1].mw - points[k].mw));
      if (k == 0 || slopes[k] >= slopes[k - 1]) continue;
      const double scale = std::max({std::abs(slopes[k]), std::abs(slopes[k - 1]), 1e-3});
      if (slopes[k - 1] - slopes[k] > kSlopeTolerance * scale) {
        reader_.fault(table_.place_of(row_, column::kCostFirst + 2 * k + 2),
                      {.code = Code::out_of_range,
                       .message = "a piecewise linear cost is not convex",
                       .found = fmt::format("{} after {} USD/MWh", slopes[k], slopes[k - 1]),
                       .expected = "slopes that never fall",
                       .help = "take out the points above the line between their neighbours"});
        return std::nullopt;
      }
      slopes[k] = slopes[k - 1];
    }
    if (std::isinf(lower) && n > 2) {
      return refuse(column::kCostFirst, Code::out_of_range, "a piecewise linear cost has no lower end to count from",
                    "a finite lower limit", "write a finite Pmin");
    }
    // of one piece any end will do
    return pieces(points, slopes, std::isinf(lower) ? points[0].mw : lower, upper);
  }

  /// The pieces between the limits. The first slope goes on below the first point, the last above the last.
  static Cost pieces(const std::vector<Point>& points, const std::vector<double>& slopes, double lower, double upper) {
    Cost cost;
    // the cost at `lower`
    std::size_t first = 0;
    while (first + 1 < slopes.size() && points[first + 1].mw <= lower) ++first;
    cost.constant = points[first].usd_per_h + slopes[first] * (lower - points[first].mw);
    double from = lower;
    for (std::size_t k = first; k < slopes.size() && from < upper; ++k) {
      const double to = k + 1 == slopes.size() ? upper : std::min(upper, points[k + 1].mw);
      if (to > from) cost.pieces.push_back({.width_mw = to - from, .slope = slopes[k]});
      from = std::max(from, to);
    }
    if (cost.pieces.size() == 1) {
      cost.linear = cost.pieces[0].slope;
      cost.constant -= cost.linear * lower;
      cost.pieces.clear();
    }
    return cost;
  }

  Reader& reader_;
  const Value& table_;
  std::size_t row_;
};

}  // namespace

std::optional<Cost> read_cost(Reader& reader, const Value& table, std::size_t row, double lower_mw, double upper_mw) {
  return CostReader(reader, table, row).read(lower_mw, upper_mw);
}

}  // namespace beltline::matpower
