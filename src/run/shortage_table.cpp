#include "run/shortage_table.h"

#include <cmath>

#include "model/words.h"
#include "plan/table_rows.h"
#include "run/explain_words.h"

namespace beltline {
namespace {

const char* kind_of(const Shortage& item) {
  switch (item.entity.kind) {
    case EntityKind::demand: return "demand";
    case EntityKind::limit: return item.is_excess ? "ceiling" : "floor";
    case EntityKind::commitment: return "ceiling";
    case EntityKind::process: return "must_run";
    case EntityKind::good: return item.is_excess ? "surplus" : "balance";
    default: return "";
  }
}

/// Chains are told without what their cause says.
std::string chain_words(const Model& m, const Shortage& item, Language language) {
  std::string out;
  for (std::size_t i = 0; i + 1 < item.chain.size(); ++i) {
    if (i >= 2 && i + 3 < item.chain.size()) {  // of a long chain the first two and the last two
      if (i == 2) out += " ← …";
      continue;
    }
    out += (i == 0 ? "" : " ← ") + step_words(m, item.chain[i], language);
  }
  return out;
}

}  // namespace

Table shortages_table(const Spec& spec, const Model& m, const Shortages& shortages) {
  Table table =
      make("shortages", "What the nearest thing to a plan would miss, and what it waits for",
           {{"name", "text", ""},
            {"kind", "text", "demand, floor, must_run; ceiling, surplus, balance: what nothing asked for holds"},
            {"title", "text", ""},
            {"title_ko", "text", ""},
            {"place", "text", ""},
            {"unit", "text", ""},
            {"first", "text", "first month in which something is missing"},
            {"last", "text", "last month"},
            {"worst", "text", "month in which most is missing"},
            {"required", "", "in that month, in `unit`"},
            {"missing", "", "in that month, in `unit`"},
            {"share", "1", "missing of all that is required over the horizon"},
            {"cause", "text", "what it waits for in the end"},
            {"cause_ko", "text", ""},
            {"cause_name", "text", "the entity that binds"},
            {"cause_entry", "text", "the scenario's entry of that"},
            {"chain", "text", "what lies between, each waiting for the next"},
            {"chain_ko", "text", ""},
            {"why", "text", "modules: only whole modules stand against it; hours: only hours of the day do"},
            {"entry", "text", "the scenario's entry of what is missed"}});
  const char* const why = shortages.whole_modules ? "modules" : shortages.by_slice ? "hours" : "";
  for (const Shortage& item : shortages.items) {
    const CauseStep* const cause = item.chain.empty() ? nullptr : &item.chain.back();
    const auto told = [&](Language language) { return cause ? step_words(m, *cause, language) : std::string(); };
    const std::string head[] = {name_of(m, item.entity),      kind_of(item),
                                title_of(m, item.entity),     title_of(m, item.entity, Language::korean),
                                place_of(m, item.entity),     unit_of(m, item.entity),
                                m.calendar.label(item.first), m.calendar.label(item.last),
                                m.calendar.label(item.worst)};
    for (std::size_t i = 0; i < std::size(head); ++i) texts(table, i).push_back(head[i]);
    const double values[] = {item.required, item.missing, item.share};
    for (std::size_t i = 0; i < std::size(values); ++i) numbers(table, 9 + i).push_back(values[i]);
    const std::string tail[] = {told(Language::english),
                                told(Language::korean),
                                cause ? name_of(m, entity_of(*cause)) : "",
                                cause ? entry_words(spec, m, *cause) : "",
                                chain_words(m, item, Language::english),
                                chain_words(m, item, Language::korean),
                                why,
                                provenance_of(m, item.entity).entry};
    for (std::size_t i = 0; i < std::size(tail); ++i) texts(table, 12 + i).push_back(tail[i]);
  }
  return table;
}

Table changes_table(const std::vector<Remedy>& remedies) {
  Table table = make("changes", "Changes that make the scenario feasible, each remedy by itself, smallest first",
                     {{"remedy", "", "from 1; its rows belong together"},
                      {"kind", "text", "more: of what is short; later, less: of what is asked for"},
                      {"path", "text", "the value of the scenario"},
                      {"before", "text", ""},
                      {"after", "text", ""},
                      {"set", "text", "as --set takes it"},
                      {"place_in_file", "text", ""}});
  static constexpr const char* kKinds[] = {"more", "later", "less"};
  for (std::size_t i = 0; i < remedies.size(); ++i) {
    for (const Change& change : remedies[i].changes) {
      numbers(table, 0).push_back(static_cast<double>(i + 1));
      const std::string cells[] = {kKinds[static_cast<std::size_t>(remedies[i].kind)],
                                   change.path,
                                   change.before,
                                   change.after,
                                   change.option,
                                   change.place};
      for (std::size_t c = 0; c < std::size(cells); ++c) texts(table, 1 + c).push_back(cells[c]);
    }
  }
  return table;
}

}  // namespace beltline
