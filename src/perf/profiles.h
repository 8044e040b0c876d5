// Measured times of kernels and messages: what refines the equations of operators.h and collective.h where an
// accelerator and an engine have been measured. docs/profiles.md names the formats, and the error of interpolation.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "perf/operators.h"

namespace beltline::perf {

/// Where the points of a table are from.
struct ProfileSource {
  std::string file;     // as the user would write it: "h100_sxm/gemm/vllm/0.24.0/gemm_perf.parquet"
  std::string system;   // "h100_sxm"
  std::string engine;   // "vllm"; "nccl" for what the engines share
  std::string version;  // "0.24.0"
  std::string note;     // what else has to be said: another version than was asked for, repeated points
};

/// The time of one kernel or message, with what it rests on.
struct Reading {
  double seconds = 0;
  Basis basis = Basis::measured;          // never analytic
  const ProfileSource* source = nullptr;  // lives as long as the Profiles that gave it
};

/// Kinds of tables; a table is one kind of one engine.
enum class ProfileOperator : uint8_t {
  gemm,
  prefill_attention,
  decode_attention,
  latent_prefill,
  latent_decode,
  experts,
  all_reduce,
  all_gather,
  reduce_scatter,
  all_to_all,
  send,
};
inline constexpr std::size_t kProfileOperatorCount = 11;
std::string_view name_of(ProfileOperator kind);

/// Error of the interpolation of one table: points, or whole lines of an axis, were left out and asked for again.
struct ProfileError {
  ProfileOperator kind{};
  const ProfileSource* source = nullptr;
  std::string slice;  // precision and what else is never interpolated over: "bf16"
  std::string axis;   // whose lines were left out; "": single points
  std::size_t point_count = 0;
  std::size_t tested_count = 0;  // those that the rest could interpolate
  double median = 0;             // of |predicted / measured − 1|
  double p90 = 0;
  double bias = 0;  // median of predicted / measured − 1
};

/// What is asked of a library. Empty stands for: any engine's version, the newest.
struct ProfileChoice {
  std::string accelerator;   // a name of the catalogue, or as the library has it
  std::string engine;        // "vllm", "sglang", "trtllm"
  std::string version;       // of the engine; the nearest older one stands in for one that is not there, and says so
  bool with_experts = true;  // the largest tables by far: not wanted for a dense model
  bool with_latent = true;
};

/// The tables of one accelerator under one engine. Immutable: many threads may ask at a time.
///
/// A point on the grid is measured. Inside the grid the ratio of time to work (see below) is interpolated, linear in
/// the logarithm of each axis between the nearest grid lines that have points on both sides; outside, the ratio of the
/// nearest point is kept, so that the time grows as the work does, and the reading is extrapolated, as it is for a size
/// of heads or a model's experts that were not measured: kernels are made for those. The work of a point is launch +
/// FLOP / rate + bytes / bandwidth, with the rates that the table itself shows at its best.
///
/// nullopt where the library has no table of that kind and precision for this accelerator and engine: the equations
/// stand then. A shape with a zero or negative size is nullopt too.
/// @cost  below a microsecond
class Profiles {
 public:
  /// weights-only formats are those with stored ≠ computed.
  [[nodiscard]] std::optional<Reading> gemm(const GemmShape& shape, GemmNumbers numbers) const;
  /// `batch` sequences that each add `length` tokens to `prefix` that are in the cache. Of a latent shape too.
  [[nodiscard]] std::optional<Reading> prefill_attention(const AttentionShape& shape, double batch, double length,
                                                         double prefix = 0) const;
  /// One token for each of `sequences`, each of which looks back on `context` tokens. Of a latent shape too.
  [[nodiscard]] std::optional<Reading> decode_attention(const AttentionShape& shape, double sequences,
                                                        double context) const;
  /// All matrices of the routed experts, with the permuting, for `shape.tokens` tokens of all groups; of the busiest
  /// group. shape.imbalance and shape.matrices are the table's own.
  [[nodiscard]] std::optional<Reading> experts(const ExpertShape& shape, GemmNumbers numbers) const;

  /// As the functions of collective.h of the same name, in one scale-up domain.
  [[nodiscard]] std::optional<Reading> all_reduce(double size, double message_bytes) const;
  [[nodiscard]] std::optional<Reading> all_gather(double size, double message_bytes) const;
  [[nodiscard]] std::optional<Reading> reduce_scatter(double size, double message_bytes) const;
  [[nodiscard]] std::optional<Reading> all_to_all(double size, double message_bytes) const;
  [[nodiscard]] std::optional<Reading> send(double message_bytes) const;

  [[nodiscard]] bool has(ProfileOperator kind) const;
  /// What has been read, for a report.
  [[nodiscard]] std::vector<ProfileSource> sources() const;
  /// Leaves out a tenth of the points at a time, then line by line of each axis, and predicts them from the rest.
  ///
  /// @param stride  1: all tenths and lines; 2: every other, …
  /// @cost   one building of the grid for each tenth and line: seconds with all tables
  [[nodiscard]] std::vector<ProfileError> cross_validate(std::size_t stride = 1) const;

  struct Tables;  // perf/profile_set.h
  [[nodiscard]] const Tables& tables() const { return *tables_; }
  explicit Profiles(std::unique_ptr<const Tables> tables);
  Profiles(const Profiles&) = delete;
  Profiles& operator=(const Profiles&) = delete;
  ~Profiles();

 private:
  std::unique_ptr<const Tables> tables_;
};

/// One table that a library holds, not yet read.
struct ProfileEntry {
  ProfileSource source;
  std::string form;  // "aiconfigurator" or "vidur"
};

/// A folder of tables, or a wheel or other zip of them, of any mix of forms and depth of folders. Nothing but names has
/// been read.
class ProfileLibrary {
 public:
  /// @errors a path that cannot be read, a damaged or encrypted archive, no table at all
  static Outcome<std::shared_ptr<const ProfileLibrary>> open(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<ProfileEntry>& entries() const;
  /// Reads what this accelerator and engine have.
  /// @errors an accelerator or engine that the library has nothing of, with those it has; a table that is truncated or
  ///         damaged, lacks a column, holds a time or a size that is not positive: all of them, with file and row
  /// @cost about 0.1 s with all tables
  [[nodiscard]] Outcome<std::shared_ptr<const Profiles>> read(const ProfileChoice& choice) const;

  struct Files;
  explicit ProfileLibrary(std::unique_ptr<const Files> files);
  ProfileLibrary(const ProfileLibrary&) = delete;
  ProfileLibrary& operator=(const ProfileLibrary&) = delete;
  ~ProfileLibrary();

 private:
  std::unique_ptr<const Files> files_;
};

/// open and read.
Outcome<std::shared_ptr<const Profiles>> read_profiles(const std::filesystem::path& path, const ProfileChoice& choice);

}  // namespace beltline::perf
