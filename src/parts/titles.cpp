#include "parts/titles.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

namespace beltline {
namespace {

/// A family of names, FAMILY_ITEM@WHERE, and what they are in words; {i} is the item's title, {w} the place's.
struct Family {
  std::string_view head;     // ends with '_' where an item follows
  std::string_view section;  // of the item
  std::string_view english;
  std::string_view korean;
  std::string_view where = "site";  // section in which the place is looked for first
};

constexpr std::array kCapacities{
    Family{"connection", "", "grid connection of {w}", "{w} 계통 연계"},
    Family{"hall", "", "data halls at {w}", "{w} 전산동"},
    Family{"hull", "", "hulls at {w}", "{w} 선체"},
    Family{"plant_", "plant", "{i}", "{i}"},
    Family{"battery_energy_", "battery", "{i}, energy", "{i} 에너지"},
    Family{"battery_power_", "battery", "{i}, power", "{i} 출력"},
    Family{"fab_line_", "product", "line of {i} at {w}", "{w} {i} 라인", "fab"},
    Family{"shared_fab_line_", "product", "line of {i} of all customers at {w}", "{w} {i} 라인(전체 고객)", "fab"},
    Family{"leave_", "", "lines taken off for {i} at {w}", "{w} {i} 라인 전환 착수", "fab"},
    Family{"convert_", "", "conversion of lines from {i} at {w}", "{w} {i} 라인 전환", "fab"},
    Family{"wspm", "", "wafer starts at {w}", "{w} 웨이퍼 투입", "fab"},
    Family{"tsv", "", "TSV lines at {w}", "{w} TSV 라인", "fab"},
    Family{"logic", "base_die", "logic wafers for {w}", "{w} 로직 웨이퍼", "base_die"},
    Family{"interposer", "", "interposer wafers at {w}", "{w} 인터포저 웨이퍼", "packaging"},
    Family{"rack_", "rack", "{i} racks at {w}", "{w} {i} 랙"},
    Family{"agents_", "seats", "support agents for {i}", "{i} 상담 인력"},
    Family{"school", "", "training of technicians in {w}", "{w} 기술인력 양성"},
};

constexpr std::array kProcesses{
    Family{"supply", "", "power supply of {w}", "{w} 전력 공급"},
    Family{"import", "", "grid power at {w}", "{w} 계통 전력"},
    Family{"buy_", "equipment", "deliveries of {i} in {w}", "{w} {i} 납품"},
    Family{"dock", "", "dock work at {w}", "{w} 도크 작업", "yard"},
    Family{"plant_", "plant", "{i}", "{i}"},
    Family{"fab_", "product", "{i} wafers at {w}", "{w} {i} 웨이퍼", "fab"},
    Family{"backlog_stack_", "stack", "{i} stacks already under way at {w}", "{w} 진행 중 {i} 스택"},
    Family{"backlog_package_", "accelerator", "{i} packages already under way at {w}", "{w} 진행 중 {i} 패키지",
           "packaging"},
    Family{"backlog_assemble_", "rack", "{i} racks already under way", "조립 중인 {i} 랙"},
    Family{"backlog_order_", "supplier", "orders from {i} already under way", "{i} 기존 발주"},
    Family{"backlog_base_die_", "base_die", "{i} wafers already under way", "진행 중 {i} 웨이퍼"},
    Family{"base_die_", "base_die", "{i} wafers at {w}", "{w} {i} 웨이퍼"},
    Family{"backlog_", "product", "{i} wafers already under way at {w}", "{w} 진행 중 {i} 웨이퍼", "fab"},
    Family{"stack_", "stack", "stacking of {i} at {w}", "{w} {i} 적층"},
    Family{"package_", "accelerator", "packaging of {i} at {w}", "{w} {i} 패키징", "packaging"},
    Family{"assemble_", "rack", "assembly of {i} racks", "{i} 랙 조립"},
    Family{"order_", "supplier", "orders from {i}", "{i} 발주"},
    Family{"expedite_", "supplier", "expedited orders from {i}", "{i} 긴급 발주"},
    Family{"make_", "assembly", "assembly of {i} at {w}", "{w} {i} 조립"},
    Family{"market_", "product", "{i} wafers for other customers at {w}", "{w} 다른 고객용 {i} 웨이퍼", "fab"},
    Family{"run_", "rack", "{i} racks running at {w}", "{w} {i} 랙 가동"},
    Family{"train", "", "training in {w}", "{w} 학습"},
    Family{"infer_", "service", "inference for {i}", "{i} 추론"},
    Family{"serve_", "rack", "inference on {i} in {w}", "{w} {i} 추론"},
    Family{"seats_", "seats", "seats of {i}", "{i} 좌석"},
    Family{"public", "", "public use in {w}", "{w} 공공 이용"},
    Family{"line_", "line", "{i}", "{i}"},
};

constexpr std::array kStores{
    Family{"stock_equipment_", "equipment", "stock of {i} in {w}", "{w} {i} 재고"},
    Family{"stock_base_die_", "base_die", "stock of {i} at {w}", "{w} {i} 재고"},
    Family{"stock_die_", "product", "stock of {i} at {w}", "{w} {i} 재고"},
    Family{"stock_stack_", "stack", "stock of {i} stacks at {w}", "{w} {i} 스택 재고"},
    Family{"stock_dram_", "product", "stock of {i} at {w}", "{w} {i} 재고"},
    Family{"stock_accelerator_", "accelerator", "stock of {i} accelerators at {w}", "{w} {i} 가속기 재고"},
    Family{"stock_rack_", "rack", "stock of {i} racks at {w}", "{w} {i} 랙 재고"},
    Family{"stock_item_", "item", "stock of {i} at {w}", "{w} {i} 재고"},
    Family{"battery_", "battery", "{i}", "{i}"},
};

constexpr std::array kDemands{
    Family{"tokens_", "service", "tokens for {i}", "{i} 토큰"},
    Family{"seats_", "seats", "seats of {i}", "{i} 좌석"},
    Family{"customer_", "customer", "{i}", "{i}"},
};

constexpr std::array kLimits{
    Family{"slots", "", "dock slots at {w}", "{w} 도크 슬롯", "yard"},
    Family{"shared_hbm", "", "HBM wafers of all customers at {w}", "{w} 전체 고객 HBM 웨이퍼", "fab"},
    Family{"shared_", "product", "{i} wafers of all customers at {w}", "{w} 전체 고객 {i} 웨이퍼", "fab"},
    Family{"shared", "", "wafers of all customers at {w}", "{w} 전체 고객 웨이퍼", "fab"},
    Family{"budget_", "budget", "budget \"{i}\"", "예산 “{i}”"},
    Family{"public_share", "", "public share in {w}", "{w} 공공 몫"},
};

constexpr std::array kCommodities{
    Family{"electricity", "", "electricity", "전력"},
    Family{"compute", "", "compute", "연산"},
    Family{"compute_", "rack", "compute of {i}", "{i} 연산"},
    Family{"token", "", "tokens", "토큰"},
    Family{"it_space", "", "room for racks", "랙 설치 공간"},
    Family{"die_", "product", "{i}", "{i}"},
    Family{"base_die_", "base_die", "{i}", "{i}"},
    Family{"dram_", "product", "{i}", "{i}"},
    Family{"stack_", "stack", "{i} stacks", "{i} 스택"},
    Family{"accelerator_", "accelerator", "{i} accelerators", "{i} 가속기"},
    Family{"rack_", "rack", "{i} racks", "{i} 랙"},
    Family{"dock_slot", "", "dock time", "도크"},
    Family{"fab_line_", "", "room on the line of {i}", "{i} 라인"},
    Family{"shared_fab_line_", "", "room on the line of {i}, all customers", "{i} 라인(전체 고객)"},
    Family{"equipment_", "equipment", "{i}", "{i}"},
    Family{"item_", "item", "{i}", "{i}"},
    Family{"market_", "product", "{i} wafers for other customers", "다른 고객용 {i} 웨이퍼"},
    Family{"technician", "", "technicians", "기술인력"},
    Family{"seat_", "seats", "seats of {i}", "{i} 좌석"},
    Family{"emission", "", "emissions", "배출량"},
};

/// A name inside a sentence: "NVIDIA Vera Rubin NVL72 (announced as NVL144)" without what stands in brackets, and goods
/// and places ("HBM4 core die, 24 Gbit") without what stands after a comma.
std::string brief(std::string text, std::string_view section) {
  constexpr std::array kGoods{"product", "stack", "accelerator", "place", "hull", "seats"};
  if (text.ends_with(')')) {
    const std::size_t open = text.rfind(" (");
    if (open != std::string::npos && open > 0) text.resize(open);
  }
  if (const std::size_t comma = text.find(", "); comma != std::string::npos && comma > 0) {
    if (std::ranges::find(kGoods, section) != kGoods.end()) text.resize(comma);
  }
  return text;
}

std::string replaced(std::string_view pattern, const std::string& item, const std::string& where) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (!rest.starts_with("{i}") && !rest.starts_with("{w}")) {
      out += pattern[i];
      continue;
    }
    out += rest[1] == 'i' ? item : where;
    i += 2;
  }
  return out;
}

/// The Korean title, or where there is none the title: names stay as they are in every language.
const std::string& korean_of(const Titles& titles) {
  return titles.title_ko.empty() ? titles.title : titles.title_ko;
}

class Titler {
 public:
  Titler(const Spec& spec, Model& model) : spec_(spec), m_(model) {}

  void run() {
    for (Place& place : m_.places) place.titles = where(place.name);
    for (Party& party : m_.parties) party.titles = entry_title("party", party.name);
    fill(m_.commodities, kCommodities);
    fill(m_.processes, kProcesses);
    fill(m_.capacities, kCapacities);
    fill(m_.stores, kStores);
    fill(m_.demands, kDemands);
    fill(m_.limits, kLimits);
    fill(m_.commitments, std::span<const Family>());
    for (Move& move : m_.moves) move.titles = tow(move);
    for (Measure& measure : m_.measures) measure.titles = line(measure);
  }

 private:
  template <class Entity>
  void fill(std::vector<Entity>& entities, std::span<const Family> families) {
    for (Entity& entity : entities) {
      const Titles of_entry = by_entry(entity.provenance.entry);
      const bool is_back = entity.name.ends_with("_back") && !of_entry.title.empty();  // of a line
      auto words = is_back ? std::nullopt : by_family(entity.name, families);
      entity.titles = words ? std::move(*words) : of_entry;
      if (is_back) entity.titles = {of_entry.title + ", backwards", korean_of(of_entry) + " 역방향"};
    }
  }

  [[nodiscard]] Titles entry_title(std::string_view section, std::string_view name) const {
    return titles_of_entry(spec_, section, name);
  }

  /// "section.entry" → its title.
  [[nodiscard]] Titles by_entry(std::string_view path) const {
    const std::size_t dot = path.find('.');
    return dot == std::string_view::npos ? Titles{} : entry_title(path.substr(0, dot), path.substr(dot + 1));
  }

  /// What stands behind the '@': a site, a fab, a yard, or the place itself.
  [[nodiscard]] Titles where(const std::string& name, std::string_view first = "site") const {
    for (const std::string_view section : {first, std::string_view("site"), std::string_view("fab"),
                                           std::string_view("packaging"), std::string_view("place")}) {
      Titles words = entry_title(section, name);
      if (!words.title.empty()) return words;
    }
    // a place may have another name than the site on it
    for (const Entry& site : spec_.entries("site")) {
      if (site.has("place") && site.text("place") == name && site.has("title")) return entry_title("site", site.name);
    }
    return {name, {}};
  }

  [[nodiscard]] std::optional<Titles> by_family(std::string name, std::span<const Family> families) const {
    // "budget_programme_2027", "slots@geoje_2027": one of a row of years
    std::string year;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (name.size() > 5 && name[name.size() - 5] == '_' && std::all_of(name.end() - 4, name.end(), is_digit)) {
      year = name.substr(name.size() - 4);
      name.resize(name.size() - 5);
    }
    const std::size_t at = name.find('@');
    const std::string head = name.substr(0, at);
    for (const Family& family : families) {
      const bool has_item = family.head.ends_with('_');
      if (has_item ? !head.starts_with(family.head) || head.size() == family.head.size() : head != family.head)
        continue;
      Titles item, place;
      if (has_item) {
        const std::string entry = head.substr(family.head.size());
        item = entry_title(family.section, entry);
        if (item.title.empty() && family.section == "customer") item = wish(entry);
        if (item.title.empty() && family.head == "serve_") item = racks_for(entry);
        if (family.section.empty()) {
          item = line_of(entry);
          if (item.title.empty()) continue;
        }
        if (item.title.empty()) item.title = entry;
      }
      if (at != std::string::npos) place = where(name.substr(at + 1), family.where);
      Titles words{replaced(family.english, item.title, place.title), {}};
      if (!year.empty()) words.title += ", " + year;
      words.title_ko = replaced(family.korean, korean_of(item), korean_of(place));
      if (!year.empty()) words.title_ko = fmt::format("{}년 {}", year, words.title_ko);
      return words;
    }
    return std::nullopt;
  }

  /// "ddr5_hbm4" → "DDR5 to HBM4", a conversion; "ddr5_m14" → "DDR5 at M14", a line.
  [[nodiscard]] Titles line_of(const std::string& text) const {
    for (const Entry& product : spec_.entries("product")) {
      if (!text.starts_with(product.name + "_")) continue;
      const std::string rest = text.substr(product.name.size() + 1);
      Titles what = entry_title("product", product.name);
      if (what.title.empty()) what.title = product.name;
      if (spec_.find("product", rest) != nullptr) {
        Titles other = entry_title("product", rest);
        if (other.title.empty()) other.title = rest;
        return {fmt::format("{} to {}", what.title, other.title),
                fmt::format("{} → {}", korean_of(what), korean_of(other))};
      }
      if (spec_.find("fab", rest) == nullptr) continue;
      const Titles fab = where(rest, "fab");
      return {fmt::format("{} at {}", what.title, fab.title), fmt::format("{} {}", korean_of(fab), korean_of(what))};
    }
    return {};
  }

  /// "phones_ddr5" → "DDR5 for phones": what a customer wants.
  [[nodiscard]] Titles wish(const std::string& text) const {
    for (const Entry& customer : spec_.entries("customer")) {
      if (!text.starts_with(customer.name + "_")) continue;
      const std::string good = text.substr(customer.name.size() + 1);
      Titles who = entry_title("customer", customer.name), what = entry_title("product", good);
      if (what.title.empty()) what = entry_title("item", good);
      if (who.title.empty()) who.title = customer.name;
      if (what.title.empty()) what.title = good;
      return {fmt::format("{} for {}", what.title, who.title), fmt::format("{}용 {}", korean_of(who), korean_of(what))};
    }
    return {};
  }

  /// "gb300_nvl72_chat" → "GB300 NVL72 for the assistant": racks that serve it.
  [[nodiscard]] Titles racks_for(const std::string& text) const {
    for (const Entry& rack : spec_.entries("rack")) {
      if (!text.starts_with(rack.name + "_")) continue;
      const std::string service = text.substr(rack.name.size() + 1);
      if (spec_.find("service", service) == nullptr) continue;
      Titles what = entry_title("rack", rack.name), who = entry_title("service", service);
      if (what.title.empty()) what.title = rack.name;
      if (who.title.empty()) who.title = service;
      return {fmt::format("{} for {}", what.title, who.title), fmt::format("{}용 {}", korean_of(who), korean_of(what))};
    }
    return {};
  }

  [[nodiscard]] Titles tow(const Move& move) const {
    Titles hull = by_entry(move.provenance.entry);
    if (hull.title.empty()) hull.title = move.name;
    const Titles& from = m_.places[m_.capacities[move.from.index()].place.index()].titles;
    const Titles& to = m_.places[m_.capacities[move.to.index()].place.index()].titles;
    return {fmt::format("tow of {} from {} to {}", hull.title, from.title, to.title),
            fmt::format("{} 예인, {} → {}", korean_of(hull), korean_of(from), korean_of(to))};
  }

  /// "it_load_installed" of a place → "IT load installed, SK AI Data Center Ulsan".
  [[nodiscard]] Titles line(const Measure& measure) const {
    std::string text = measure.name.substr(0, measure.name.find('@'));
    std::ranges::replace(text, '_', ' ');
    for (const auto& [word, upper] : {std::pair("it ", "IT "), std::pair("pue", "PUE"), std::pair("hbm ", "HBM ")}) {
      if (text.starts_with(word)) text.replace(0, std::string_view(word).size(), upper);
    }
    const std::size_t at = measure.name.find('@');
    const std::string place = at != std::string::npos ? where(measure.name.substr(at + 1)).title
                              : measure.place.valid() ? m_.places[measure.place.index()].titles.title
                                                      : std::string();
    if (!place.empty()) text += ", " + place;
    return {text, {}};
  }

  const Spec& spec_;
  Model& m_;
};

}  // namespace

Titles titles_of_entry(const Spec& spec, std::string_view section, std::string_view name) {
  const Entry* const entry = spec.find(section, name);
  const auto text = [&](std::string_view key) {
    return entry != nullptr && entry->has(key) ? brief(entry->text(key), section) : std::string();
  };
  return {text("title"), text("title_ko")};
}

void add_titles(const Spec& spec, Model& model) {
  Titler(spec, model).run();
}

}  // namespace beltline
