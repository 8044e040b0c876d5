// One table of measured points: its axes, the work of a point, and the time at any other.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "perf/profile_grid.h"
#include "perf/profiles.h"

namespace beltline::perf {

/// How tokens were spread over experts when a table was measured.
enum class ExpertSpread : uint8_t { none, balanced, power_law_101, power_law_12 };

/// What is never interpolated over. Attention: `stored` is the cache's precision, `computed` that of QK and PV.
struct ProfileSlice {
  Precision stored = Precision::bf16;
  Precision computed = Precision::bf16;
  bool is_block_scaled = false;  // fp8 with a scale for each 128 × 128 weights
  ExpertSpread spread = ExpertSpread::none;

  auto operator<=>(const ProfileSlice&) const = default;
};

/// "fp8", "fp4 on bf16", "fp8 blocks, power law 1.01"
std::string label_of(const ProfileSlice& slice);

/// Coordinates as they are, [axis of axes_of]: sizes, all positive. A prefix is counted from 1.
using ProfilePlace = std::array<double, kGridAxesMax>;

/// Names of the axes of a kind, the coarsest first.
std::span<const std::string_view> axes_of(ProfileOperator kind);
/// The first of them that are kinds more than sizes: kernels are made for a size of heads, and a model's experts, how
/// many of them a token has and its width come together.
std::size_t rigid_axes_of(ProfileOperator kind);

struct ProfilePoint {
  ProfileSlice slice;
  ProfilePlace at = {};
  double seconds = 0;
};

/// FLOP and bytes of a point: of memory, or of the wire.
struct PlaceWork {
  double flop = 0;
  double bytes = 0;
};
PlaceWork work_of(ProfileOperator kind, const ProfileSlice& slice, const ProfilePlace& at);

/// A window of all tokens, where attention has none: longer than any context.
inline constexpr double kWindowNone = 1 << 24;

/// Immutable.
class ProfileTable {
 public:
  /// @errors see ProfileGrid::make
  static Outcome<ProfileTable> make(ProfileOperator kind, ProfileSource source, std::span<const ProfilePoint> points);

  [[nodiscard]] bool has(const ProfileSlice& slice) const { return find_slice(slice) != nullptr; }
  /// nullopt where there is no such slice, or a coordinate is not positive.
  [[nodiscard]] std::optional<Reading> find(const ProfileSlice& slice, const ProfilePlace& at) const;

  [[nodiscard]] ProfileOperator kind() const { return kind_; }
  [[nodiscard]] const ProfileSource& source() const { return source_; }
  [[nodiscard]] std::vector<ProfilePoint> points() const;
  void cross_validate(std::size_t stride, std::vector<ProfileError>& out) const;

 private:
  /// work = launch + FLOP · per_flop + bytes · per_byte, s
  struct Rates {
    double launch_s = 0;
    double s_per_flop = 0;
    double s_per_byte = 0;
  };
  struct Part {
    ProfileSlice slice;
    Rates rates;
    ProfileGrid grid;
  };

  [[nodiscard]] const Part* find_slice(const ProfileSlice& slice) const;
  [[nodiscard]] double work_s(const Part& part, const ProfilePlace& at) const;
  static Rates rates_of(ProfileOperator kind, std::span<const ProfilePoint> points);

  ProfileOperator kind_{};
  ProfileSource source_;
  std::vector<Part> parts_;
};

}  // namespace beltline::perf
