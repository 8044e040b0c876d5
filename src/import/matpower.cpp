#include "import/matpower.h"

#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/matpower_case.h"
#include "import/matpower_draft.h"
#include "import/matpower_network.h"
#include "import/matpower_profile.h"
#include "import/source.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

constexpr auto kOptions = std::to_array<ImportOption>({
    {"convention",
     "susceptance of a branch: matpower, 1 / (x tap) with phase shifts (default), or pglib, "
     "x / (r^2 + x^2) without them (default for cases called pglib_...)"},
    {"demand", "CSV with columns hour, bus_id, demandP: MW of each bus and hour, instead of the case's loads"},
    {"renewables", "CSV with columns hour, bus_id and KIND_profile_ratio: share of what stands that may run"},
    {"renewable-capacity", "CSV files, separated by commas, with columns bus_ID, Type, Pmax [MW]: what stands"},
    {"commitment", "CSV with columns hour, generator_id, status: which generators are on"},
    {"coordinates", "CSV with columns bus_id, Latitude, Longitude and perhaps name_English, name_Korean"},
    {"day", "of a KPG 193 folder: the day whose demand, renewables and commitment are taken"},
});

std::optional<matpower::Convention> convention_of(const ImportOptions& options, const std::string& case_name,
                                                  Diagnostics& diagnostics) {
  const auto asked = options.find("convention");
  if (asked == options.end()) {
    return case_name.starts_with("pglib_") ? matpower::Convention::pglib : matpower::Convention::matpower;
  }
  if (asked->second == "matpower") return matpower::Convention::matpower;
  if (asked->second == "pglib") return matpower::Convention::pglib;
  diagnostics.add({.code = Code::bad_choice,
                   .message = "the convention is not known",
                   .found = printable(asked->second),
                   .expected = "matpower or pglib",
                   .help = "write --convention matpower or --convention pglib"});
  return std::nullopt;
}

}  // namespace

std::span<const ImportOption> matpower_options() {
  return kOptions;
}

Imported import_matpower(const fs::path& source, const ImportOptions& options) {
  Imported out;
  const auto sources = matpower::find_sources(source, options, out.diagnostics);
  if (!sources) return out;
  const auto file = read_source(sources->case_file, out, TextKind::any);
  if (!file) return out;
  // readers look into a text of their own: more files may move those of `out`
  const std::string text = out.files[*file].text;
  matpower::Reader reader(text, *file, out.diagnostics);
  auto found = matpower::read_case(reader, matpower::run_script(reader));
  if (!found) return out;
  matpower::Surroundings around;
  around.source = sources->case_file.filename().string();
  const auto convention = convention_of(options, found->name, out.diagnostics);
  if (!convention) return out;
  around.convention = *convention;
  const auto committed = matpower::read_commitment(*sources, *found, out);
  if (!committed) return out;
  const auto network = matpower::make_network(reader, *found, *convention);
  if (!network || !matpower::read_profiles(*sources, *network, *committed, out, around)) return out;
  out.draft = matpower::make_draft(*found, *network, around);
  return out;
}

}  // namespace beltline
