#include "run/pegging_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/words.h"
#include "run/amounts.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kUses = 16;  // of an overview that fits one screen
constexpr std::size_t kGoods = 20;

std::string_view word_of(PegKind kind) {
  switch (kind) {
    case PegKind::lot: return "lot";
    case PegKind::order: return "order";
    case PegKind::standing: return "standing";
    case PegKind::opening: return "opening";
    case PegKind::demand: return "demand";
    case PegKind::remaining: return "remaining";
    case PegKind::beyond: return "beyond";
    case PegKind::surplus: return "surplus";
    case PegKind::loss: return "loss";
    case PegKind::unknown: return "unknown";
  }
  return "unknown";
}

/// The entity's name, or the kind's word where there is none.
std::string name_of(const Model& m, PegKind kind, int32_t id) {
  if (id < 0) return std::string(word_of(kind));
  const auto at = static_cast<std::size_t>(id);
  switch (kind) {
    case PegKind::lot: return m.processes[at].name;
    case PegKind::order:
    case PegKind::standing: return m.capacities[at].name;
    case PegKind::demand: return m.demands[at].name;
    case PegKind::opening: return m.stores[at].name;
    default: return std::string(word_of(kind));
  }
}

std::string period_label(const Model& m, int t) {
  return t < 0 ? "" : m.calendar.label(t);
}

const std::string& unit_of(const Model& m, NodeId node) {
  return m.commodities[m.nodes[node.index()].commodity.index()].unit;
}

std::string span_of(const Model& m, int first, int last) {
  if (last < 0) return "";
  const std::string from = period_label(m, std::max(0, first));
  return first >= last ? from : fmt::format("{} – {}", from, period_label(m, last));
}

class Words {
 public:
  Words(const Model& model, Language language) : m_(model), language_(language) {}

  [[nodiscard]] bool is_korean() const { return language_ == Language::korean; }
  [[nodiscard]] std::string say(const char* english, const char* korean) const {
    return is_korean() ? korean : english;
  }

  /// "begun 2027-01 – 2027-03", by what the end is.
  [[nodiscard]] std::string when(const PegBranch& b) const {
    const std::string span = span_of(m_, b.first, b.last);
    switch (b.kind) {
      case PegKind::lot: return fmt::format(fmt::runtime(say(", begun {}", ", {} 착수")), span);
      case PegKind::order: return fmt::format(fmt::runtime(say(", ordered {}", ", {} 발주")), span);
      case PegKind::demand:
      case PegKind::standing:
      case PegKind::surplus:
      case PegKind::loss: return fmt::format(", {}", span);
      default: return "";
    }
  }
  [[nodiscard]] std::string waiting(const PegBranch& b) const {
    const bool has_months = m_.calendar.months_per_period == 1;
    if (b.on_arrival > 0.999) return say("; taken as it came", "; 도착 즉시 사용");
    if (b.waited < 0.05) return "";
    if (has_months) return fmt::format(fmt::runtime(say("; {:.1f} months in store", "; 재고 {:.1f}개월")), b.waited);
    return fmt::format(fmt::runtime(say("; {:.1f} periods in store", "; 재고 {:.1f}개 기간")), b.waited);
  }
  [[nodiscard]] std::string reason(const PegBranch& b) const {
    std::vector<std::string> titles;
    for (const CapacityId k : b.full) titles.push_back(title_of(m_, k, language_));
    if (!titles.empty())
      return fmt::format(fmt::runtime(say("; full: {}", "; 가동률 100 %: {}")), fmt::join(titles, ", "));
    return b.at_limit ? say("; all that there is", "; 있는 만큼 전부") : "";
  }
  [[nodiscard]] std::string quantity(double value, NodeId node) const {
    return quantity_words(value, unit_of(m_, node), language_);
  }
  /// "HBM4 stacks at TSMC CoWoS".
  [[nodiscard]] std::string good(NodeId node) const {
    return title_of(m_, Entity{.kind = EntityKind::good, .id = static_cast<int32_t>(node.index())}, language_);
  }

  void branch(const PegBranch& b, const std::string& indent, bool is_up, std::string& out) const {
    for (std::size_t i = 0; i < b.branches.size(); ++i) {
      const PegBranch& each = b.branches[i];
      const bool is_last = i + 1 == b.branches.size() && b.others == 0;
      out += fmt::format("{}{} {} {} {}{}{}{}\n", indent, is_last ? "└─" : "├─", good(each.node),
                         quantity(each.quantity, each.node), is_up ? "← " : "→ ",
                         title_of(m_, each.kind, each.id, language_) + when(each), waiting(each), reason(each));
      branch(each, indent + (is_last ? "   " : "│  "), is_up, out);
    }
    if (b.others > 0)
      out += fmt::format("{}└─ {}\n", indent,
                         say("and smaller ones: --all shows them", "그 밖의 작은 항목: --all로 모두 표시"));
  }

 private:
  const Model& m_;
  Language language_;
};

/// A final use: an order, a demand or what stands, with all its periods.
struct FinalUse {
  PegKind kind;
  int32_t id;
  std::vector<PegEnd> ends;
  std::map<std::size_t, double> goods;  // [node]
};

/// Levels of lots behind each use: racks have more of them than halls.
class Levels {
 public:
  explicit Levels(const PegTrees& trees) : index_(trees.index()) {
    for (const PegEnd& end : index_.takers())
      for (const Peg* peg : index_.into(end)) sources_[{end.kind, end.id}].insert({peg->from.kind, peg->from.id});
  }
  std::size_t of(PegKind kind, int32_t id) {
    const auto [found, is_new] = known_.try_emplace({kind, id}, 0);
    if (!is_new) return found->second;
    std::size_t most = 0;
    for (const auto& [source_kind, source] : sources_[{kind, id}]) most = std::max(most, 1 + of(source_kind, source));
    return known_[{kind, id}] = most;
  }

 private:
  using Key = std::pair<PegKind, int32_t>;
  const PegIndex& index_;
  std::map<Key, std::set<Key>> sources_;
  std::map<Key, std::size_t> known_;
};

/// Orders and demands, those with the longest chain behind them first. People and space that capacity holds while it
/// stands are no deliveries.
std::vector<FinalUse> final_uses(const PegTrees& trees) {
  std::map<std::pair<PegKind, int32_t>, FinalUse> uses;
  for (const PegEnd& end : trees.index().takers()) {
    if (end.kind != PegKind::order && end.kind != PegKind::demand) continue;
    FinalUse& use = uses[{end.kind, end.id}];
    use.kind = end.kind;
    use.id = end.id;
    use.ends.push_back(end);
    for (const Peg* peg : trees.index().into(end)) use.goods[peg->node.index()] += peg->quantity;
  }
  std::vector<FinalUse> out;
  for (auto& [key, use] : uses) out.push_back(std::move(use));
  Levels levels(trees);
  std::ranges::stable_sort(out, [&](const FinalUse& a, const FinalUse& b) {
    const std::size_t a_levels = levels.of(a.kind, a.id);
    const std::size_t b_levels = levels.of(b.kind, b.id);
    if (a_levels != b_levels) return a_levels > b_levels;
    return name_of(trees.model(), a.kind, a.id) < name_of(trees.model(), b.kind, b.id);
  });
  return out;
}

/// Where all of a good came from and went.
struct GoodSums {
  double made = 0, opening = 0, used = 0, remaining = 0, surplus = 0, lost = 0, beyond = 0;
};

std::map<std::size_t, GoodSums> good_sums(const std::vector<Peg>& pegs) {
  std::map<std::size_t, GoodSums> out;
  for (const Peg& peg : pegs) {
    GoodSums& sums = out[peg.node.index()];
    (peg.from.kind == PegKind::opening ? sums.opening : sums.made) += peg.quantity;
    switch (peg.to.kind) {
      case PegKind::remaining: sums.remaining += peg.quantity; break;
      case PegKind::surplus: sums.surplus += peg.quantity; break;
      case PegKind::loss: sums.lost += peg.quantity; break;
      case PegKind::beyond: sums.beyond += peg.quantity; break;
      default: sums.used += peg.quantity;
    }
  }
  return out;
}

Json branch_json(const Model& m, const PegBranch& b) {
  Json json;
  json["kind"] = word_of(b.kind);
  json["name"] = name_of(m, b.kind, b.id);
  json["title"] = title_of(m, b.kind, b.id, Language::english);
  json["title_ko"] = title_of(m, b.kind, b.id, Language::korean);
  if (b.node.valid()) {
    json["good"] = m.commodity_name(b.node);
    json["place"] = m.place_name(b.node);
    json["unit"] = unit_of(m, b.node);
    json["quantity"] = b.quantity;
    json["periods_in_store"] = b.waited;
    json["taken_on_arrival"] = b.on_arrival;
  }
  json["first"] = period_label(m, b.first);
  json["last"] = period_label(m, b.last);
  if (b.kind == PegKind::lot) {
    json["full"] = Json::array();
    for (const CapacityId k : b.full) json["full"].push_back(m.capacities[k.index()].name);
    json["at_limit"] = b.at_limit;
  }
  if (b.others > 0) json["others"] = b.others;
  json["branches"] = Json::array();
  for (const PegBranch& each : b.branches) json["branches"].push_back(branch_json(m, each));
  return json;
}

}  // namespace

std::string title_of(const Model& m, PegKind kind, int32_t id, Language language) {
  const bool korean = language == Language::korean;
  const auto at = static_cast<std::size_t>(std::max(0, id));
  switch (kind) {
    case PegKind::lot:
      return id < 0 ? (korean ? "여러 공정" : "several processes") : title_of(m, ProcessId(at), language);
    case PegKind::order:
    case PegKind::standing:
      return id < 0 ? (korean ? "여러 설비" : "several capacities") : title_of(m, CapacityId(at), language);
    case PegKind::demand:
      return id < 0 ? (korean ? "여러 수요" : "several demands") : title_of(m, DemandId(at), language);
    case PegKind::opening: return korean ? "기초 재고" : "what lay there before";
    case PegKind::remaining: return korean ? "기말 재고" : "still in store at the end";
    case PegKind::beyond: return korean ? "계획 기간 뒤 도착" : "arrives after the horizon";
    case PegKind::surplus: return korean ? "폐기" : "thrown away";
    case PegKind::loss: return korean ? "보관 손실" : "lost in store";
    case PegKind::unknown: break;
  }
  return korean ? "반올림 오차" : "rounding of the plan";
}

Table pegging_table(const Model& m, const std::vector<Peg>& pegs) {
  Table table{
      .name = "pegging", .title = "Which lot each use takes its units from, first in, first out", .columns = {}};
  const std::array<std::pair<const char*, const char*>, 9> kTexts{
      {{"from_kind", "lot, order, standing, opening or unknown"},
       {"from", "process, capacity or store"},
       {"from_period", "in which the lot begins"},
       {"to_kind", "lot, order, standing, demand, remaining, beyond, surplus or loss"},
       {"to", "process, capacity or demand"},
       {"to_period", "in which the lot begins, the order is placed, the demand is served"},
       {"good", "commodity"},
       {"place", ""},
       {"unit", "of the quantity"}}};
  for (const auto& [name, description] : kTexts) table.add_texts(name, description);
  table.add_numbers("quantity", "", "in `unit`");
  table.add_texts("arrived", "period in which it came");
  table.add_texts("taken", "period in which it went");
  const auto text = [&](std::size_t column, std::string value) {
    std::get<std::vector<std::string>>(table.columns[column].values).push_back(std::move(value));
  };
  for (const Peg& peg : pegs) {
    text(0, std::string(word_of(peg.from.kind)));
    text(1, name_of(m, peg.from.kind, peg.from.id));
    text(2, period_label(m, peg.from.period));
    text(3, std::string(word_of(peg.to.kind)));
    text(4, name_of(m, peg.to.kind, peg.to.id));
    text(5, period_label(m, peg.to.period));
    text(6, m.commodity_name(peg.node));
    text(7, m.place_name(peg.node));
    text(8, unit_of(m, peg.node));
    std::get<std::vector<double>>(table.columns[9].values).push_back(peg.quantity);
    text(10, period_label(m, peg.arrived));
    text(11, period_label(m, peg.taken));
  }
  return table;
}

std::string pegging_overview(const PegTrees& trees, const std::vector<Peg>& pegs, Language language, bool all) {
  const Model& m = trees.model();
  const Words words(m, language);
  std::string out = words.say("what each use waits for (beltline pegging RUN --of NAME: all of it, level by level)\n",
                              "용도별로 기다리는 것 (beltline pegging RUN --of 이름: 단계별 전체)\n");
  std::size_t shown = 0;
  const std::vector<FinalUse> uses = final_uses(trees);
  for (const FinalUse& use : uses) {
    if (!all && ++shown > kUses) break;
    std::vector<std::string> goods;
    for (const auto& [node, quantity] : use.goods)
      goods.push_back(fmt::format("{} {}", words.quantity(quantity, NodeId(node)), words.good(NodeId(node))));
    out += fmt::format("  {}  {}\n", name_of(m, use.kind, use.id), title_of(m, use.kind, use.id, language));
    out += fmt::format("      {} {} · {}\n", words.say("takes", "사용"), fmt::join(goods, ", "),
                       span_of(m, use.ends.front().period, use.ends.back().period));
    const auto waits = trees.waits_for(use.ends);
    out += waits ? fmt::format("      {} {}{}{}\n", words.say("waits for", "대기"),
                               title_of(m, waits->kind, waits->id, language), words.when(*waits), words.reason(*waits))
                 : fmt::format("      {}\n",
                               words.say("waits for nothing: all of it lay in store", "대기 없음: 모두 재고에서 사용"));
  }
  if (!all && uses.size() > kUses)
    out +=
        fmt::format(fmt::runtime(words.say("  and {} more: --all\n", "  그 밖에 {}개: --all\n")), uses.size() - kUses);
  out += words.say("goods: made or there before → used; left at the end, under way, thrown away or lost\n",
                   "품목: 생산·기초 재고 → 사용; 기말 재고, 운송·공정 중, 폐기, 손실\n");
  shown = 0;
  const auto sums = good_sums(pegs);
  for (const auto& [node, s] : sums) {
    if (!all && s.used == 0 && s.remaining == 0) continue;  // what is only counted, such as emissions
    if (!all && ++shown > kGoods) continue;
    const NodeId id(node);
    out += fmt::format("  {}  {} → {}", words.good(id), words.quantity(s.made + s.opening, id),
                       words.quantity(s.used, id));
    const auto part = [&](double value, const char* english, const char* korean) {
      if (value > 1e-6 * (s.made + s.opening))
        out += fmt::format("; {} {}", words.say(english, korean), words.quantity(value, id));
    };
    part(s.remaining, "left", "기말");
    part(s.beyond, "under way", "진행 중");
    part(s.surplus, "thrown away", "폐기");
    part(s.lost, "lost", "손실");
    out += "\n";
  }
  if (!all && sums.size() > kGoods)
    out +=
        fmt::format(fmt::runtime(words.say("  and {} more: --all\n", "  그 밖에 {}개: --all\n")), sums.size() - kGoods);
  return out;
}

std::string pegging_overview_json(const PegTrees& trees, const std::vector<Peg>& pegs) {
  const Model& m = trees.model();
  Json json;
  json["uses"] = Json::array();
  for (const FinalUse& use : final_uses(trees)) {
    Json row{{"kind", word_of(use.kind)},
             {"name", name_of(m, use.kind, use.id)},
             {"title", title_of(m, use.kind, use.id, Language::english)},
             {"title_ko", title_of(m, use.kind, use.id, Language::korean)},
             {"first", period_label(m, use.ends.front().period)},
             {"last", period_label(m, use.ends.back().period)}};
    row["goods"] = Json::array();
    for (const auto& [node, quantity] : use.goods)
      row["goods"].push_back({{"good", m.commodity_name(NodeId(node))},
                              {"place", m.place_name(NodeId(node))},
                              {"unit", unit_of(m, NodeId(node))},
                              {"quantity", quantity}});
    const auto waits = trees.waits_for(use.ends);
    row["waits_for"] = waits ? branch_json(m, *waits) : Json();
    json["uses"].push_back(std::move(row));
  }
  json["goods"] = Json::array();
  for (const auto& [node, s] : good_sums(pegs))
    json["goods"].push_back({{"good", m.commodity_name(NodeId(node))},
                             {"place", m.place_name(NodeId(node))},
                             {"unit", unit_of(m, NodeId(node))},
                             {"opening", s.opening},
                             {"made", s.made},
                             {"used", s.used},
                             {"remaining", s.remaining},
                             {"beyond", s.beyond},
                             {"surplus", s.surplus},
                             {"lost", s.lost}});
  return json.dump(2);
}

std::string pegging_text(const Model& model, const PegBranch& tree, bool is_up, Language language) {
  const Words words(model, language);
  std::string out = fmt::format("{}{}: {}\n", title_of(model, tree.kind, tree.id, language), words.when(tree),
                                is_up ? words.say("what it takes in", "투입") : words.say("what it serves", "공급처"));
  words.branch(tree, "", is_up, out);
  return out;
}

std::string pegging_json(const Model& model, const std::string& of, const PegBranch* up, const PegBranch* down) {
  Json json{{"of", of}};
  if (up != nullptr) json["up"] = branch_json(model, *up);
  if (down != nullptr) json["down"] = branch_json(model, *down);
  return json.dump(2);
}

}  // namespace beltline
