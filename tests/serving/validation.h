// Published measurements of serving and training, against the model: the parts of `beltline_validate_serving`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace beltline::validation {

struct Options {
  std::filesystem::path shared;    // ../shared/validation/serving; what is absent there is skipped, with a word
  std::filesystem::path profiles;  // a folder or a wheel with tables of kernels; "": what `shared` has
  std::filesystem::path rows;      // where to write each row with what was predicted; "": nowhere
  bool fit = false;                // fit the coefficients of engines on their half of the rows, and print them
};

/// A part prints its table and says whether it kept its targets.
struct Part {
  std::string_view name;
  bool (*run)(const Options& options);
};

bool validate_latencies(const Options& options);
bool validate_throughputs(const Options& options);
bool validate_training(const Options& options);
bool validate_measured_runs(const Options& options);

/// Signed relative errors of many rows.
class Errors {
 public:
  void add(double predicted, double measured) { list_.push_back(predicted / measured - 1); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  [[nodiscard]] double bias() const;         // mean of the signed
  [[nodiscard]] double bias_median() const;  // median of the signed
  [[nodiscard]] double absolute_mean() const;
  [[nodiscard]] double absolute_median() const;

 private:
  std::vector<double> list_;
};

/// Whether a row's half is that on which coefficients were fitted: FNV-1a of its id, 64 bits, is even.
bool is_fitted_on(std::string_view id);

/// Files PREFIX*.csv of a folder, sorted; none where there is no folder.
std::vector<std::filesystem::path> csv_files(const std::filesystem::path& folder, std::string_view prefix);

/// Prints "name   value   at most limit   ok/MISSED" and returns whether it is kept.
bool keep(std::string_view name, double value, double limit);

}  // namespace beltline::validation
