// An audit as tables of a run, and as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "audit/audit.h"
#include "base/language.h"
#include "table/table.h"

namespace beltline {

/// | table | a row is |
/// | audit | what a claim implies of one kind, with one generation in one reading, and the claim held against it, if any |
/// | audit_claims | a claim: what is stated, over which window, whose figure |
/// | audit_sentences | a finding in words, English and Korean |
/// | audit_lines | a line of the scenario that implied numbers were made from |
/// | audit_uses | such a line and one implied kind, with how much it moves it |
/// | audit_changes | one assumption that would have to change, alone, for two claims to agree |
std::vector<Table> audit_tables(const Audit& audit, const SourceFiles& files);

/// What a terminal shows: the matrix, the comparisons, the sentences.
std::string audit_text(const Audit& audit, Language language);

}  // namespace beltline
