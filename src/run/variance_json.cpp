#include <nlohmann/json.hpp>

#include "run/variance.h"

namespace beltline {
namespace {

nlohmann::ordered_json json_of(const VarianceParts& p) {
  return {{"planned", p.planned}, {"actual", p.actual}, {"total", p.total}, {"volume", p.volume},
          {"yield", p.yield},     {"timing", p.timing}, {"price", p.price}};
}

}  // namespace

std::string variance_json(const Variance& variance, const Calendar& calendar) {
  using Json = nlohmann::ordered_json;
  Json out;
  out["items"] = Json::array();
  for (const VarianceItem& item : variance.items) {
    Json one{{"step", item.step},
             {"party", item.party},
             {"of", item.of},
             {"title", item.title},
             {"title_ko", item.title_ko},
             {"measure", item.measure},
             {"unit", item.unit},
             {"first", calendar.label(item.first)},
             {"last", calendar.label(item.last)}};
    one["units"] = item.units ? json_of(*item.units) : Json();
    one["usd"] = item.usd ? json_of(*item.usd) : Json();
    out["items"].push_back(std::move(one));
  }
  out["usd"] = json_of(variance.usd);
  for (const auto& [key, list] : {std::pair{"by_step", &variance.by_step}, {"by_party", &variance.by_party}}) {
    out[key] = Json::array();
    for (const auto& [name, parts] : *list) {
      Json one{{"name", name}};
      one.update(json_of(parts));
      out[key].push_back(std::move(one));
    }
  }
  return out.dump(2);
}

}  // namespace beltline
