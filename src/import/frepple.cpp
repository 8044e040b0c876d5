#include "import/frepple.h"

#include <array>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "import/frepple_draft.h"
#include "import/frepple_reader.h"
#include "import/source.h"

namespace beltline {
namespace {

/// The length of a period that the command line asks for; false after saying that it is none.
bool read_period(const ImportOptions& options, std::optional<frepple::Seconds>& period, Diagnostics& diagnostics) {
  const auto option = options.find("period");
  if (option == options.end()) return true;
  period = frepple::parse_duration(option->second);
  if (period && *period > 0) return true;
  diagnostics.add({.code = Code::csv_bad_value,
                   .message = fmt::format("--period is '{}'", printable(option->second)),
                   .found = printable(option->second),
                   .expected = "a duration such as P7D or PT12H",
                   .help = "write the value as frePPLe does"});
  return false;
}

}  // namespace

std::span<const ImportOption> frepple_options() {
  static constexpr std::array kOptions{
      ImportOption{.name = "period",
                   .description = "how long a period is, such as P1D or PT12H; the longest that divides all times "
                                  "without it"}};
  return kOptions;
}

Imported import_frepple(const std::filesystem::path& source, const ImportOptions& options) {
  Imported out;
  std::optional<frepple::Seconds> period;
  if (!read_period(options, period, out.diagnostics)) return out;
  const auto file = read_source(source, out);
  if (!file) return out;
  const auto document = frepple::parse_xml(out.files[*file].text, *file, out.diagnostics);
  if (!document) return out;
  for (const Origin& origin : document->instructions) {
    out.diagnostics.add({.code = Code::unused,
                         .severity = Severity::warning,
                         .origin = origin,
                         .message = "instructions to a program are not carried out",
                         .help = "the plan is Beltline's own; what they would set is not"});
  }
  auto model = frepple::read_model(*document, out.diagnostics);
  if (!model) return out;
  if (!model->current) {
    out.diagnostics.add({.code = Code::missing_key,
                         .origin = document->root.origin,
                         .message = "the model has no current date",
                         .expected = "<current>2009-01-01T00:00:00</current>",
                         .help = "add it: nothing starts before it"});
    return out;
  }
  frepple::Lookup lookup(*model);
  const frepple::Network network = frepple::make_network(*model, lookup, out.diagnostics);
  if (out.diagnostics.has_errors()) return out;
  const auto grid = frepple::make_grid(*model, network, period, out.diagnostics);
  if (!grid) return out;
  Draft draft = frepple::DraftMaker(*model, lookup, network, *grid, out.diagnostics).make();
  if (!out.diagnostics.has_errors()) out.draft = std::move(draft);
  return out;
}

}  // namespace beltline
