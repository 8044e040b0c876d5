// beltline_validate_serving [--shared FOLDER] [--profiles FOLDER|WHEEL] [--rows FILE] [--fit] [PART]: published
// measurements beside the model's; exits with 1 where a target is missed.
#include "tests/serving/validation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <fmt/format.h>

namespace beltline::validation {

namespace {

double median(std::vector<double> list) {
  if (list.empty()) return 0;
  std::ranges::sort(list);
  const std::size_t half = list.size() / 2;
  return list.size() % 2 == 1 ? list[half] : (list[half - 1] + list[half]) / 2;
}

std::vector<double> absolute(std::vector<double> list) {
  for (double& value : list) value = std::abs(value);
  return list;
}

double mean(const std::vector<double>& list) {
  return list.empty() ? 0 : std::accumulate(list.begin(), list.end(), 0.0) / static_cast<double>(list.size());
}

}  // namespace

double Errors::bias() const {
  return mean(list_);
}
double Errors::bias_median() const {
  return median(list_);
}
double Errors::absolute_mean() const {
  return mean(absolute(list_));
}
double Errors::absolute_median() const {
  return median(absolute(list_));
}

bool is_fitted_on(std::string_view id) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : id) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash % 2 == 0;
}

std::vector<std::filesystem::path> csv_files(const std::filesystem::path& folder, std::string_view prefix) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(".csv")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

bool keep(std::string_view name, double value, double limit) {
  const bool kept = std::abs(value) <= limit;
  fmt::print("  {:60} {:8.1f} %   at most {:.3g} %   {}\n", name, 100 * value, 100 * limit, kept ? "ok" : "MISSED");
  return kept;
}

}  // namespace beltline::validation

int main(int argc, char** argv) {
  using namespace beltline::validation;
  constexpr auto kParts = std::to_array<Part>({{"latencies", validate_latencies},
                                               {"throughputs", validate_throughputs},
                                               {"training", validate_training},
                                               {"runs", validate_measured_runs}});
  Options options{.shared = std::filesystem::path(BELTLINE_SOURCE_DIR) / "../shared/validation/serving"};
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--shared" && has_value) {
      options.shared = argv[++i];
    } else if (argument == "--profiles" && has_value) {
      options.profiles = argv[++i];
    } else if (argument == "--rows" && has_value) {
      options.rows = argv[++i];
    } else if (argument == "--fit") {
      options.fit = true;
    } else {
      only = argument;
    }
  }
  if (!std::filesystem::exists(options.shared)) {
    fmt::print("skipped: {} is absent\n", options.shared.string());
    return 0;
  }
  bool kept = true;
  for (const Part& part : kParts) {
    if (!only.empty() && only != part.name) continue;
    fmt::print("== {}\n", part.name);
    kept = part.run(options) && kept;
  }
  return kept ? 0 : 1;
}
