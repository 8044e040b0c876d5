// The Korean of diagnostics: one template for each English text, found by the English.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace beltline {

/// An English text and its Korean. In the English, `{}` stands for what differs: a name, a value, another text. In the
/// Korean, `{0}` is the first of them as it is, `{0:t}` the first in Korean where it is itself a text of ours ("a
/// list", "yield of process 'etch'"). Korean wordings need no particle that depends on how a name ends.
struct KoreanText {
  std::string_view english;
  std::string_view korean;
};

/// Texts of files, keys and values.
std::span<const KoreanText> korean_texts();
/// What the reader of TOML says after "the text is not TOML: ".
std::span<const KoreanText> korean_toml_texts();
/// Texts of overrides on the command line.
std::span<const KoreanText> korean_override_texts();
/// Texts of units that start, stop and ramp.
std::span<const KoreanText> korean_unit_texts();
/// Texts of branches and studies.
std::span<const KoreanText> korean_study_texts();
/// Texts of what is not certain.
std::span<const KoreanText> korean_chance_texts();
/// Texts of claims and their audit.
std::span<const KoreanText> korean_audit_texts();
/// Texts of the network and of the parts.
std::span<const KoreanText> korean_part_texts();
/// Texts of the chain from wafer to rack.
std::span<const KoreanText> korean_chain_texts();
/// Texts of sources that are imported.
std::span<const KoreanText> korean_import_texts();
/// Texts of networks that are exported.
std::span<const KoreanText> korean_export_texts();
/// Texts of imported MATPOWER cases.
std::span<const KoreanText> korean_matpower_texts();
/// Texts of imported OSeMOSYS models.
std::span<const KoreanText> korean_osemosys_texts();
/// Texts of imported frePPLe models.
std::span<const KoreanText> korean_frepple_texts();
/// Texts of opening states and of the register of actuals.
std::span<const KoreanText> korean_actual_texts();
/// Texts of options, shares of suppliers, and what cannot be counted.
std::span<const KoreanText> korean_option_texts();
/// Texts of the performance of replicas.
std::span<const KoreanText> korean_perf_texts();
/// Texts of training runs and of support desks.
std::span<const KoreanText> korean_training_texts();
/// Texts of questions to a rack.
std::span<const KoreanText> korean_rack_search_texts();
/// Texts of fleets, traces and models of traffic.
std::span<const KoreanText> korean_serving_texts();
/// Texts of the engines of a fleet.
std::span<const KoreanText> korean_engine_texts();

/// The Korean of a text of ours, or nothing if there is none: names, numbers, units. Of several English templates that
/// fit, the one with most fixed letters speaks.
/// @cost O(templates × text); texts beyond 8 KiB are not looked up
std::optional<std::string> find_korean(std::string_view english);
/// The same, with the text itself where there is no Korean.
std::string to_korean(std::string_view english);

}  // namespace beltline
