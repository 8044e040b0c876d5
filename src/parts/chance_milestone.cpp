// The section milestone: what is to be there, by when.
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/chance_common.h"
#include "parts/chance_parts.h"
#include "parts/network_terms.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "draws",
              .kind = Kind::records,
              .required = true,
              .fields = kTermFields,
              .description = "What is counted, as in `commitment`."},
    Attribute{.key = "quantity",
              .kind = Kind::quantity,
              .unit = "*",
              .required = true,
              .min = 0,
              .min_exclusive = true,
              .description = "How much is to be there; its unit is that of the sum."},
    Attribute{.key = "by", .kind = Kind::month, .required = true, .description = "Last month in which it is in time."},
    Attribute{.key = "total",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Counts all since the start of the horizon; else what the month itself has."},
};

void add_milestone(const Compile& c, const Entry& entry) {
  const std::size_t errors = c.diagnostics.error_count();
  const Quantity& quantity = entry.quantity("quantity");
  const bool is_plain = quantity.unit.empty() || quantity.unit == "1";
  TermSum sum{.unit = is_plain ? std::string() : quantity.unit};
  Milestone milestone;
  milestone.name = entry.name;
  milestone.terms = terms_of(c, entry, "draws", sum);
  milestone.unit = sum.unit;
  milestone.quantity = quantity.mode;
  milestone.period = period_at(c, entry, "by", false);
  milestone.is_total = entry.flag("total");
  milestone.titles = titles_of(entry);
  milestone.provenance = provenance(entry);
  if (entry.records("draws").empty()) {
    fault(c, Code::inconsistent, entry, "draws",
          {.message = fmt::format("milestone '{}' counts nothing", entry.name),
           .found = "an empty list",
           .expected = "one term or more",
           .help = "write [{kind = \"online\", of = \"NAME\"}]"});
  }
  if (c.diagnostics.error_count() == errors) c.builder.model().chances.milestones.push_back(std::move(milestone));
}

}  // namespace

const Section kMilestoneSection{
    .name = "milestone",
    .title = "Milestone",
    .description =
        "What is to be there, by when: $\\sum_i c_{i,t}\\, \\mathrm{term}_{i,t} \\ge \\mathrm{quantity}$ in the month "
        "`by`. `beltline risk` gives the distribution of its date and the probability that it is met; the plan does "
        "not know it. A `target` is what a plan is made for.",
    .attributes = kAttributes,
};

void compile_milestones(const Compile& c) {
  for (const Entry& entry : c.spec.entries("milestone")) add_milestone(c, entry);
}

}  // namespace beltline
