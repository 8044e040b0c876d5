// How the rows of each published table become points.
#pragma once

#include <string_view>
#include <vector>

#include "perf/profile_forms.h"

namespace beltline::perf {

using PointsByKind = std::vector<std::vector<ProfilePoint>>;  // [kind]
using ReadRows = void (*)(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);

struct ProfileTableForm {
  ProfileForm form{};
  std::string_view table;
  std::vector<ProfileOperator> kinds;
  std::vector<std::string_view> columns;
  ReadRows read = nullptr;
};

// aiconfigurator
void read_gemm(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_context_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_generation_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_context_latent(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_generation_latent(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_experts(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_messages(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_all_reduce(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);

// Vidur
void read_vidur_products(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_vidur_attention(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);
void read_vidur_messages(ProfileColumns& columns, ProfileFaults& faults, PointsByKind& points);

}  // namespace beltline::perf
