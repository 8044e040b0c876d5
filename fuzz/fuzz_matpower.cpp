// Any text as a MATPOWER case, and edits of one that is whole: no crash, no input over a second, every fault with its
// place in the text, and a network only of numbers that can be planned with.
//
// Random text hardly passes for a case. Inputs that begin with an even byte are therefore edits (place, byte) of one
// that is whole; those that begin with an odd one are text.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "import/matpower_draft.h"
#include "import/matpower_network.h"

namespace {

using namespace beltline;

constexpr std::string_view kCase =
    "function mpc = case3\nmpc.version = '2';\nmpc.baseMVA = 100.0;\n"
    "mpc.bus = [\n 1 3 110.0 40.0 0.0 0 1 1.1 0 240 1 1.1 0.9;\n 2 2 110 40 5 0 1 1 0 240 1 1.1 0.9;\n"
    " 3 4 -95 50 0 0 1 1 0 240 1 1.1 0.9;\n];\nmpc.gen = [ 1 1e3 0 10 -10 1.1 100 1 2e3 0; 2 0 0 0 0 1 100 1 0 -30 ];\n"
    "mpc.gencost = [ 2 0 0 3 0.11 5 0 0; 1 0 0 2 0 0 10 1/3 ]; % cost\n"
    "mpc.branch = [ 1 3 0.065 0.62 0.45 9000 0 0 0 0 1 -30 30;\n 1 2 0.042 0.9 0.3 50 0 0 .95 3 1 -30 30; ];\n"
    "mpc.dcline = [1 2 1 0 0 0 0 1 1 -10 20 0 0 0 0 1 0.1];\nmpc.bus_name = { 'A'; 'B'; 'C' };\n"
    "[PQ, PV, REF] = idx_bus;\nmpc.branch(:, [3 4]) = mpc.branch(:, [3 4]) / (2^2 / 4);\n"
    "if nargout == 0\n save(fullfile(a, [b '.mat']), 'mpc');\nend\n";

std::string input(const uint8_t* data, std::size_t size) {
  if (data[0] % 2 != 0) return {reinterpret_cast<const char*>(data + 1), size - 1};
  std::string text(kCase);
  for (++data, --size; size >= 3; data += 3, size -= 3) {
    const std::size_t place = (static_cast<std::size_t>(data[0]) << 8 | data[1]) % text.size();
    if (data[2] < 0x80) {
      text[place] = static_cast<char>(data[2]);
    } else {
      text.erase(place, data[2] & 0x0f);
    }
  }
  return text;
}

void check_bounds(double lower, double upper) {
  if (!(lower <= upper) || lower == HUGE_VAL || upper == -HUGE_VAL) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text = input(data, size);
  for (const auto convention : {matpower::Convention::matpower, matpower::Convention::pglib}) {
    Diagnostics diagnostics;
    matpower::Reader reader(text, 0, diagnostics);
    const auto found = matpower::read_case(reader, matpower::run_script(reader));
    std::optional<matpower::Network> network;
    if (found) network = matpower::make_network(reader, *found, convention);
    for (const Diagnostic& d : diagnostics.all()) {
      if (d.origin.line == 0 || d.origin.column == 0 || d.message.empty() || d.help.empty()) std::abort();
    }
    if (network.has_value() == diagnostics.has_errors()) std::abort();
    if (!network) continue;
    for (const matpower::Generator& generator : network->generators) {
      check_bounds(generator.lower_mw, generator.upper_mw);
      if (!std::isfinite(generator.cost.constant) || !(generator.cost.quadratic >= 0)) std::abort();
    }
    for (const matpower::Branch& branch : network->branches) {
      check_bounds(branch.lower_mw, branch.upper_mw);
      if (branch.reactance == 0 || !std::isfinite(branch.reactance)) std::abort();
    }
    matpower::Surroundings around{.source = "case.m", .convention = convention};
    if (matpower::make_draft(*found, *network, around).files().empty()) std::abort();
  }
  return 0;
}
