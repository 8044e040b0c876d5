#include "risk/cause_names.h"

#include <fmt/format.h>

#include "model/entity.h"
#include "model/words.h"

namespace beltline {
namespace {

std::string korean_or(const Titles& titles, const std::string& otherwise) {
  return !titles.title_ko.empty() ? titles.title_ko : !titles.title.empty() ? titles.title : otherwise;
}

CauseName of_source(const Source& source) {
  const std::string title = source.titles.title.empty() ? source.name : source.titles.title;
  return {"draw", source.name, title, korean_or(source.titles, source.name), source.provenance.entry};
}

CauseName of_shock(const Shock& shock) {
  const std::string title = shock.titles.title.empty() ? shock.name : shock.titles.title;
  return {"shock", shock.name, title, korean_or(shock.titles, shock.name), shock.provenance.entry};
}

CauseName of_entity(const Model& m, std::string kind, Entity entity) {
  return {std::move(kind), name_of(m, entity), title_of(m, entity), title_of(m, entity, Language::korean),
          provenance_of(m, entity).entry};
}

constexpr std::size_t kNamedMax = 3;

/// Titles of a few entities, and how many more there are.
std::string list_of(const Model& m, EntityKind kind, const std::vector<int>& ids, Language language) {
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < kNamedMax; ++i) {
    out += (i == 0 ? "" : ", ") + title_of(m, {kind, ids[i]}, language);
  }
  if (ids.size() > kNamedMax) {
    const std::size_t more = ids.size() - kNamedMax;
    out += language == Language::korean ? fmt::format(" 외 {}건", more) : fmt::format(" and {} more", more);
  }
  return out;
}

}  // namespace

CauseName name_of_cause(const Play& play, const CauseNumbers& n, int cause) {
  const Model& m = *play.model;
  if (cause <= 0) return {"other", "", "several things together", "여러 요인이 겹침", ""};
  if (cause < n.of_shock(0)) return of_source(play.chances.sources[static_cast<std::size_t>(cause - n.of_source(0))]);
  if (cause < n.of_stock(0)) return of_shock(play.chances.shocks[static_cast<std::size_t>(cause - n.of_shock(0))]);
  if (cause < n.of_resource(0)) {
    const Stock& stock = play.stocks[static_cast<std::size_t>(cause - n.of_stock(0))];
    return of_entity(m, "good", {EntityKind::good, stock.node.value});
  }
  const Resource& resource = play.resources[static_cast<std::size_t>(cause - n.of_resource(0))];
  return of_entity(m, "capacity", {EntityKind::capacity, resource.capacity});
}

LeverName name_of_lever(const Play& play, const CauseNumbers& n, const RiskLever& lever) {
  const Model& m = *play.model;
  const int months = lever.periods * m.calendar.months_per_period;
  LeverName out;
  const auto names = [&](EntityKind kind, const std::vector<int>& ids) {
    for (const int id : ids) out.targets += (out.targets.empty() ? "" : ",") + name_of(m, {kind, id});
  };
  switch (lever.kind) {
    case LeverKind::earlier_order:
      out.kind = "earlier_order";
      names(EntityKind::capacity, lever.capacities);
      out.title = fmt::format("order {} months earlier: {}", months,
                              list_of(m, EntityKind::capacity, lever.capacities, Language::english));
      out.title_ko = fmt::format("{}개월 먼저 발주: {}", months,
                                 list_of(m, EntityKind::capacity, lever.capacities, Language::korean));
      break;
    case LeverKind::buffer:
      out.kind = "buffer";
      names(EntityKind::process, lever.processes);
      out.title = fmt::format("a buffer of {} months: {}", months,
                              list_of(m, EntityKind::process, lever.processes, Language::english));
      out.title_ko = fmt::format("{}개월분 완충 재고: {}", months,
                                 list_of(m, EntityKind::process, lever.processes, Language::korean));
      break;
    case LeverKind::second_source: {
      const CauseName cause = name_of_cause(play, n, lever.cause);
      out.kind = "second_source";
      out.targets = cause.name;
      out.title = fmt::format("half from a second source: {}", cause.title);
      out.title_ko = fmt::format("절반을 제2 공급원에서: {}", cause.title_ko);
      break;
    }
    case LeverKind::more_capacity: {
      const CauseName cause = name_of_cause(play, n, lever.cause);
      out.kind = "more_capacity";
      out.targets = cause.name;
      out.title = fmt::format("10 % more capacity: {}", cause.title);
      out.title_ko = fmt::format("능력 10 % 확대: {}", cause.title_ko);
      break;
    }
  }
  return out;
}

}  // namespace beltline
