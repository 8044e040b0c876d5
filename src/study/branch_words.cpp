// A scenario with branches in words.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "run/amounts.h"
#include "study/branch_run.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kOrdersMax = 12;

const Table* find(const std::vector<Table>& tables, std::string_view name) {
  const auto found = std::ranges::find(tables, name, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

class Writer {
 public:
  Writer(const Json& manifest, const std::vector<Table>& tables, Language language)
      : manifest_(manifest), tables_(tables), language_(language), korean_(language == Language::korean) {}

  std::string run() {
    head();
    cases();
    if (find(tables_, "value") != nullptr) value();
    if (const Table* orders = find(tables_, "common_orders")) common(*orders);
    return std::move(out_);
  }

 private:
  template <class... Values>
  void tell(const char* english, const char* korean, const Values&... values) {
    out_ += fmt::format(fmt::runtime(korean_ ? korean : english), values...) + "\n";
  }

  std::string amount(double value) const {
    if (std::isnan(value)) return korean_ ? "알 수 없음" : "not known";
    if (std::isinf(value)) return korean_ ? "계획 없음" : "no plan";
    const std::string unit = manifest_["objective"].value("unit", "USD");
    return unit == "USD" ? money(value, language_) : quantity_words(value, unit, language_);
  }

  void head() {
    const Json& scenario = manifest_["scenario"];
    tell("{}: {} over {} cases{}{}", "{}: {} (경우 {}가지{}{})", printable(scenario.value("title", ""), 200),
         manifest_.value("termination", "?"), manifest_["branches"].size(),
         manifest_.value("method", "").empty() ? "" : ", " + manifest_.value("method", ""),
         manifest_.value("verified", false) ? (korean_ ? ", 검증됨" : ", verified") : "");
    if (manifest_.contains("detail")) out_ += "  " + manifest_["detail"].get<std::string>() + "\n";
    const Json& objective = manifest_["objective"];
    if (!objective["value"].is_number()) return;
    const double best = objective["value"].get<double>();
    tell("objective     {} (bound {}, gap {:.3f} %)", "목적값        {} (한계 {}, 차이 {:.3f} %)", amount(best),
         amount(objective["bound"].is_number() ? objective["bound"].get<double>() : std::nan("")),
         100 * (objective["gap"].is_number() ? objective["gap"].get<double>() : 0.0));
    if (manifest_["cost_usd"].is_number())
      tell("mean cost     {}", "평균 비용     {}", money(manifest_["cost_usd"].get<double>(), language_));
    const double weight = manifest_["risk"].value("cvar_weight", 0.0);
    if (weight > 0 && manifest_["cvar_usd"].is_number()) {
      tell("dearest {:.3g} %  {} (weighs {:.0f} %)", "가장 비싼 {:.3g} %  {} (비중 {:.0f} %)",
           100 * (1 - manifest_["risk"].value("cvar_level", 0.0)),
           money(manifest_["cvar_usd"].get<double>(), language_), 100 * weight);
    }
  }

  void cases() {
    const Table* const table = find(tables_, "branches");
    if (table == nullptr) return;
    out_ += "\n";
    tell("Cases", "경우");
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const double cost = table->column("cost").numbers()[i];
      tell("  {:<16} {:5.1f} %  {}  from {}", "  {:<16} {:5.1f} %  {}  {}부터",
           printable(table->column("branch").texts()[i], 80), 100 * table->column("probability").numbers()[i],
           std::isnan(cost) ? (korean_ ? "계획 없음" : "no plan") : money(cost, language_),
           table->column("from").texts()[i]);
    }
  }

  double number(const char* name) const {
    const Table& table = *find(tables_, "value");
    const auto& names = table.column("name").texts();
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nan("")
                                : table.column("value").numbers()[static_cast<std::size_t>(found - names.begin())];
  }

  void value() {
    const double evpi = number("evpi"), vss = number("vss");
    if (std::isnan(evpi)) return;
    out_ += "\n";
    tell("Knowing the case from the start would be worth {} (EVPI).", "처음부터 경우를 알면 {} 이득입니다 (EVPI).",
         amount(evpi));
    if (std::isinf(vss)) {
      tell("The orders that the mean case asks for leave some case without a plan (VSS without limit).",
           "평균을 따른 발주로는 계획이 없는 경우가 생깁니다 (VSS 무한대).");
    } else {
      tell("Planning for all cases instead of their mean is worth {} (VSS).",
           "평균 대신 모든 경우를 놓고 계획하면 {} 이득입니다 (VSS).", amount(vss));
    }
  }

  void common(const Table& orders) {
    out_ += "\n";
    if (orders.row_count() == 0)
      return tell("Nothing is ordered before the cases part.", "갈라지기 전에 발주하는 것이 없습니다.");
    tell("Ordered before it is known which case comes true", "어느 경우인지 알기 전에 발주하는 것");
    for (std::size_t i = 0; i < std::min(orders.row_count(), kOrdersMax); ++i) {
      out_ += fmt::format(
          "  {}  {}  {}\n", orders.column("ordered").texts()[i], orders.column("capacity").texts()[i],
          quantity_words(orders.column("quantity").numbers()[i], orders.column("unit").texts()[i], language_));
    }
    if (orders.row_count() > kOrdersMax)
      tell("  … and {} more: table common_orders", "  … 그 밖에 {}건: 표 common_orders",
           orders.row_count() - kOrdersMax);
  }

  const Json& manifest_;
  const std::vector<Table>& tables_;
  const Language language_;
  const bool korean_;
  std::string out_;
};

}  // namespace

std::string branches_text(const std::string& manifest_json, const std::vector<Table>& tables, Language language) {
  const Json manifest = Json::parse(manifest_json);
  return Writer(manifest, tables, language).run();
}

std::string branches_json(const std::string& manifest_json, const std::vector<Table>& tables) {
  Json json = Json::parse(manifest_json);
  json.erase("files");
  for (const Table& table : tables) json["tables"][table.name] = Json::parse(to_json(table));
  return json.dump(2);
}

std::vector<std::pair<std::string, std::string>> branch_paths(const std::string& manifest_json) {
  std::vector<std::pair<std::string, std::string>> out;
  const Json manifest = Json::parse(manifest_json, nullptr, false);
  if (!manifest.is_object() || manifest.value("study", "") != "branches" || !manifest["branches"].is_array())
    return out;
  for (const Json& each : manifest["branches"]) {
    if (each.is_object() && each.contains("run") && each["run"].is_string() && each["branch"].is_string())
      out.emplace_back(each["branch"].get<std::string>(), each["run"].get<std::string>());
  }
  return out;
}

}  // namespace beltline
