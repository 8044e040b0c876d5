// The section correlation: what moves together.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "model/correlation.h"
#include "parts/chance_common.h"
#include "parts/chance_parts.h"
#include "parts/chance_ranges.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "of",
              .kind = Kind::texts,
              .required = true,
              .description = "Values with a range, by the path that `--set` takes and the table `inputs` shows "
                             "(`\"hall.*.permit\"`), and entries of `uncertainty` (`\"uncertainty.ramp\"`); '*' stands "
                             "for any text."},
    Attribute{.key = "coefficient",
              .kind = Kind::quantity,
              .unit = "1",
              .required = true,
              .min = -1,
              .max = 1,
              .description = "Of each pair of them: −1 to 1."},
};

/// All that a correlation may name: the scenario's values, read once.
class Names {
 public:
  explicit Names(const Compile& c) : c_(c) {
    for_each_value(c.spec, [&](const ValuePlace& place) {
      if (!is_drawn_section(place.owner->section->name)) return;
      places_.push_back(place);
      paths_.push_back(place.full_path());
    });
    for (const Entry& entry : c.spec.entries("uncertainty")) uncertainties_.push_back("uncertainty." + entry.name);
  }

  /// Sources that one name of the list fits, made where they are not there yet; a fault where there is none.
  std::vector<int> sources_of(const Entry& entry, std::size_t name) {
    const std::string& pattern = entry.names("of")[name];
    Chances& chances = c_.builder.model().chances;
    std::vector<int> found;
    bool has_value = false, has_faulty = false;
    for (const std::string& uncertainty : uncertainties_) {
      if (!matches(pattern, uncertainty)) continue;
      const int source = find_source(chances, uncertainty);
      has_faulty = has_faulty || source < 0;  // reported with its own entry
      if (source >= 0) found.push_back(source);
    }
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!matches(pattern, paths_[i])) continue;
      has_value = true;
      const auto range = range_of(*places_[i].value);
      if (!range) continue;
      int source = find_source(chances, paths_[i]);
      if (source < 0) {
        source = static_cast<int>(chances.sources.size());
        chances.sources.push_back(source_of(places_[i], *range));
      }
      found.push_back(source);
    }
    if (found.empty() && !has_faulty) report(entry, name, has_value);
    return found;
  }

 private:
  void report(const Entry& entry, std::size_t name, bool has_value) {
    const std::string& pattern = entry.names("of")[name];
    Diagnostic fault{.code = has_value ? Code::inconsistent : Code::dangling_reference,
                     .origin = entry.value("of").name_origins[name],
                     .message = fmt::format("no value is named '{}'", pattern),
                     .found = pattern,
                     .expected = "the path of a value with a range, or uncertainty.NAME"};
    if (has_value) {
      fault.message = fmt::format("value '{}' has no range to be drawn from", pattern);
      fault.help = "write it as {low = …, mode = …, high = …}, or add an uncertainty";
    } else {
      std::vector<std::string> all = paths_;
      all.insert(all.end(), uncertainties_.begin(), uncertainties_.end());
      const std::string near = nearest_word(pattern, all);
      fault.help = near.empty() ? "write a path that the table inputs of a plan shows" : did_you_mean_text(near);
      fault.fix = {near};
    }
    c_.diagnostics.add(std::move(fault));
  }

  const Compile& c_;
  std::vector<ValuePlace> places_;
  std::vector<std::string> paths_;  // [place]
  std::vector<std::string> uncertainties_;
};

/// Whether all are drawn once, or all each period.
bool check_kinds(const Compile& c, const Entry& entry, const std::vector<int>& sources) {
  const std::vector<Source>& all = c.builder.model().chances.sources;
  const auto kind = [&](int source) { return all[static_cast<std::size_t>(source)].each_period; };
  const auto other = std::ranges::find_if(sources, [&](int s) { return kind(s) != kind(sources.front()); });
  if (other == sources.end()) return true;
  fault(c, Code::inconsistent, entry, "of",
        {.message = fmt::format("correlation '{}' joins what is drawn once and what is drawn each period", entry.name),
         .found = fmt::format("{}, {}", all[static_cast<std::size_t>(sources.front())].name,
                              all[static_cast<std::size_t>(*other)].name),
         .expected = "all once, or all each period",
         .help = "write each_period alike, or leave one of them out"});
  return false;
}

/// Pairs that two correlations give different coefficients.
void check_pairs(const Compile& c, const std::vector<const Entry*>& entries) {
  const Chances& chances = c.builder.model().chances;
  std::map<std::pair<int, int>, std::size_t> first;  // pair → correlation
  for (std::size_t i = 0; i < chances.correlations.size(); ++i) {
    const Correlation& each = chances.correlations[i];
    bool is_told = false;
    for (std::size_t a = 0; a < each.sources.size(); ++a) {
      for (std::size_t b = a + 1; b < each.sources.size(); ++b) {
        const auto [it, is_new] = first.emplace(std::minmax(each.sources[a], each.sources[b]), i);
        const Correlation& before = chances.correlations[it->second];
        if (is_new || is_told || before.coefficient == each.coefficient) continue;
        is_told = true;  // once a pair of correlations is enough
        fault(c, Code::inconsistent, *entries[i], "coefficient",
              {.message = fmt::format("correlations '{}' and '{}' say different things of '{}' and '{}'",
                                      entries[it->second]->name, entries[i]->name,
                                      chances.sources[static_cast<std::size_t>(it->first.first)].name,
                                      chances.sources[static_cast<std::size_t>(it->first.second)].name),
               .found = fmt::format("{:g}", each.coefficient),
               .expected = fmt::format("{:g}", before.coefficient),
               .help = "take the pair out of one of them, or write the same coefficient"});
      }
    }
  }
}

/// "0.47": at most `value` in size, with three digits.
std::string towards_zero(double value) {
  return fmt::format("{:g}", std::copysign(std::floor(std::abs(value) * 1000) / 1000, value));
}

/// Coefficients that cannot all be true. With all of a group scaled by s the eigenvalues are 1 + s (λ − 1), so that
/// s = 1 / (1 − λ_min) is the most that would do.
void check_matrices(const Compile& c, const std::vector<const Entry*>& entries) {
  const Chances& chances = c.builder.model().chances;
  for (const CorrelationGroup& group :
       correlation_groups(static_cast<int>(chances.sources.size()), chances.correlations)) {
    const int size = static_cast<int>(group.sources.size());
    if (cholesky(group.matrix, size)) continue;
    const double least = smallest_eigenvalue(group.matrix, size);
    const double scale = 1 / (1 - least);
    for (const int i : group.correlations) {
      const Entry& entry = *entries[static_cast<std::size_t>(i)];
      const double coefficient = chances.correlations[static_cast<std::size_t>(i)].coefficient;
      const std::string would_do = towards_zero(coefficient * scale);
      const bool is_alone = group.correlations.size() == 1;
      fault(c, Code::inconsistent, entry, "coefficient",
            {.message = fmt::format("no {} values can be correlated as '{}' says: the smallest eigenvalue of their "
                                    "matrix is {:.3g}",
                                    size, entry.name, least),
             .found = fmt::format("{:g}", coefficient),
             .expected = "a positive semi-definite matrix of all coefficients",
             .help = is_alone ? fmt::format("write coefficient = {}", would_do)
                              : fmt::format("write coefficient = {}, and the others that join them {} times as large",
                                            would_do, towards_zero(scale)),
             .fix = {is_alone ? would_do : std::string(), true}});
    }
  }
}

}  // namespace

const Section kCorrelationSection{
    .name = "correlation",
    .title = "Correlation",
    .description =
        "What moves together in `beltline risk`: permits of one authority, yields of two makers with the same tools. A "
        "Gaussian copula: the normal scores of each pair have this coefficient, whatever their distributions. Sources "
        "in no common correlation are independent; all coefficients together must make a positive semi-definite "
        "matrix.",
    .attributes = kAttributes,
};

void compile_correlations(const Compile& c) {
  if (c.spec.entries("correlation").empty()) return;
  Names names(c);
  Chances& chances = c.builder.model().chances;
  std::vector<const Entry*> entries;  // [correlation]
  const std::size_t errors = c.diagnostics.error_count();
  for (const Entry& entry : c.spec.entries("correlation")) {
    Correlation correlation{.sources = {}, .coefficient = entry.number("coefficient")};
    bool good = true;
    for (std::size_t i = 0; i < entry.names("of").size(); ++i) {
      const std::vector<int> found = names.sources_of(entry, i);
      good = good && !found.empty();
      correlation.sources.insert(correlation.sources.end(), found.begin(), found.end());
    }
    std::ranges::sort(correlation.sources);
    correlation.sources.erase(std::ranges::unique(correlation.sources).begin(), correlation.sources.end());
    if (good && correlation.sources.size() < 2) {
      fault(c, Code::inconsistent, entry, "of",
            {.message = fmt::format("correlation '{}' joins fewer than two values", entry.name),
             .found = fmt::format("{}", correlation.sources.size()),
             .expected = "two or more",
             .help = "name another, or a pattern with '*' that fits several"});
      good = false;
    }
    if (!good || !check_kinds(c, entry, correlation.sources)) continue;
    chances.correlations.push_back(std::move(correlation));
    entries.push_back(&entry);
  }
  check_pairs(c, entries);
  if (c.diagnostics.error_count() == errors) check_matrices(c, entries);
}

}  // namespace beltline
