// Findings of an audit in words that an analyst would sign.
#pragma once

#include <string>
#include <vector>

#include "audit/audit.h"
#include "base/language.h"

namespace beltline {

struct AuditSentence {
  std::string claim;     // whose rows it tells
  std::string compared;  // the claim they are held against; "": what it implies on its own
  std::string finding;   // "implies", "agrees", "near", "differs", "capacity", "part", "date", "unit"
  std::string english, korean;
};

/// In the order of claims: what each implies, then how it stands to each other, with what would have to change.
std::vector<AuditSentence> audit_sentences(const Audit& audit);

/// "NVIDIA GB300 NVL72", with the reading where there is one.
std::string row_title(const Audit& audit, const AuditRow& row, Language language);

}  // namespace beltline
