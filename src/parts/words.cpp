#include "parts/words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace beltline {
namespace {

/// How the names that parts give begin, and what they mean; {0} is the item after the prefix, {1} the place after "@".
struct Phrase {
  EntityKind kind;
  std::string_view prefix;
  const char* english;
  const char* korean;
  const char* where = "";  // section that the name after "@" is of; empty: a place
};

constexpr auto kPhrases = std::to_array<Phrase>({
    {EntityKind::capacity, "hall", "data halls at {1}", "{1} 데이터홀"},
    {EntityKind::capacity, "connection", "grid connection of {1}", "{1} 계통 연계"},
    {EntityKind::capacity, "hull", "floating hulls at {1}", "{1} 부유식 선체"},
    {EntityKind::capacity, "wspm", "wafer starts at {1}", "{1} 웨이퍼 투입", "fab"},
    {EntityKind::capacity, "tsv", "TSV lines at {1}", "{1} TSV 공정", "fab"},
    {EntityKind::capacity, "interposer", "interposer wafers at {1}", "{1} 인터포저 웨이퍼", "packaging"},
    {EntityKind::capacity, "rack_", "{0} racks at {1}", "{1} {0} 랙"},
    {EntityKind::capacity, "agents_", "support agents for {0}", "{0} 지원 인력"},
    {EntityKind::capacity, "school", "training of technicians in {1}", "{1} 기술인력 양성"},
    {EntityKind::capacity, "battery_energy_", "battery energy at {0}", "{0} 배터리 용량"},
    {EntityKind::capacity, "battery_power_", "battery power at {0}", "{0} 배터리 출력"},
    {EntityKind::capacity, "plant_", "{0}", "{0}"},
    {EntityKind::process, "supply", "power supply of {1}", "{1} 전력 공급"},
    {EntityKind::process, "import", "grid power at {1}", "{1} 계통 전력"},
    {EntityKind::process, "buy_", "deliveries of {0} in {1}", "{1} {0} 납품"},
    {EntityKind::process, "dock", "dock work at {1}", "{1} 도크 작업", "yard"},
    {EntityKind::process, "fab_", "{0} wafers at {1}", "{1} {0} 웨이퍼", "fab"},
    {EntityKind::process, "backlog_stack_", "{0} stacks already under way at {1}", "{1} 기발주 {0} 적층"},
    {EntityKind::process, "backlog_package_", "{0} packages already under way at {1}", "{1} 기발주 {0} 패키지",
     "packaging"},
    {EntityKind::process, "backlog_assemble_", "{0} racks already under way", "기발주 {0} 랙"},
    {EntityKind::process, "backlog_", "{0} wafers already under way at {1}", "{1} 기투입 {0} 웨이퍼", "fab"},
    {EntityKind::process, "stack_", "stacking of {0} at {1}", "{1} {0} 적층"},
    {EntityKind::process, "package_", "packaging of {0} at {1}", "{1} {0} 패키징", "packaging"},
    {EntityKind::process, "assemble_", "assembly of {0} racks", "{0} 랙 조립"},
    {EntityKind::process, "run_", "{0} racks running at {1}", "{1} {0} 랙 가동"},
    {EntityKind::process, "train", "training in {1}", "{1} 학습"},
    {EntityKind::process, "infer_", "inference for {0}", "{0} 추론"},
    {EntityKind::process, "public", "public use in {1}", "{1} 공공 활용"},
    {EntityKind::process, "seats_", "seats of {0}", "{0} 좌석"},
    {EntityKind::process, "plant_", "{0}", "{0}"},
    {EntityKind::good, "die_", "{0} at {1}", "{1} {0}"},
    {EntityKind::good, "dram_", "{0} at {1}", "{1} {0}"},
    {EntityKind::good, "stack_", "{0} stacks at {1}", "{1} {0} 적층"},
    {EntityKind::good, "accelerator_", "{0} accelerators at {1}", "{1} {0} 가속기"},
    {EntityKind::good, "rack_", "{0} racks at {1}", "{1} {0} 랙"},
    {EntityKind::good, "equipment_", "{0} in {1}", "{1} {0}"},
    {EntityKind::good, "it_space", "room for racks at {1}", "{1} 랙 공간"},
    {EntityKind::good, "technician", "technicians in {1}", "{1} 기술인력"},
    {EntityKind::good, "dock_slot", "dock time at {1}", "{1} 도크"},
    {EntityKind::good, "electricity", "electricity at {1}", "{1} 전력"},
    {EntityKind::good, "compute", "compute in {1}", "{1} 연산"},
    {EntityKind::good, "token", "tokens in {1}", "{1} 토큰"},
    {EntityKind::good, "seat_", "seats of {0} in {1}", "{1} {0} 좌석"},
    {EntityKind::store, "stock_die_", "stock of {0} at {1}", "{1} {0} 재고"},
    {EntityKind::store, "stock_dram_", "stock of {0} at {1}", "{1} {0} 재고"},
    {EntityKind::store, "stock_stack_", "stock of {0} stacks at {1}", "{1} {0} 적층 재고"},
    {EntityKind::store, "stock_accelerator_", "stock of {0} accelerators at {1}", "{1} {0} 가속기 재고"},
    {EntityKind::store, "stock_rack_", "stock of {0} racks at {1}", "{1} {0} 랙 재고"},
    {EntityKind::store, "stock_equipment_", "stock of {0} in {1}", "{1} {0} 재고"},
    {EntityKind::store, "battery_", "battery at {0}", "{0} 배터리"},
    {EntityKind::limit, "slots", "dock slots at {1}", "{1} 도크 슬롯", "yard"},
    {EntityKind::limit, "public_share", "public share in {1}", "{1} 공공 할당"},
    {EntityKind::demand, "tokens_", "tokens for {0}", "{0} 토큰"},
    {EntityKind::demand, "seats_", "seats of {0}", "{0} 좌석"},
});

constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};

/// "slots@geoje_2027" → "slots@geoje", 2027: limits over years carry their year.
std::pair<std::string, int> without_year(const std::string& name) {
  const std::size_t n = name.size();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (n < 6 || name[n - 5] != '_' || !std::all_of(name.end() - 4, name.end(), is_digit)) return {name, 0};
  const int year = std::stoi(name.substr(n - 4));
  return year >= 2000 && year < 2200 ? std::pair{name.substr(0, n - 5), year} : std::pair{name, 0};
}

std::string humanised(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string with_year(std::string text, int year, Language language) {
  if (year == 0) return text;
  return language == Language::korean ? fmt::format("{} ({}년)", text, year) : fmt::format("{}, {}", text, year);
}

}  // namespace

std::string Words::entry_title(std::string_view section, std::string_view name, Language language) const {
  const Entry* entry = spec_.find(section, name);
  if (entry == nullptr) return {};
  if (language == Language::korean && entry->has("title_ko")) return entry->text("title_ko");
  return entry->has("title") ? entry->text("title") : std::string();
}

std::string Words::item(std::string_view name, Language language) const {
  for (const char* section : {"product", "stack", "accelerator", "rack", "equipment", "plant", "service", "seats",
                              "site", "battery", "desk", "budget"}) {
    const std::string title = entry_title(section, name, language);
    // what a title adds in brackets or after a comma is for its own page, not for a phrase
    if (!title.empty()) return title.substr(0, std::min(title.find(" ("), title.find(", ")));
  }
  return humanised(name);
}

std::string Words::place(std::string_view name, Language language) const {
  for (const Entry& site : spec_.entries("site")) {
    if (!site.has("place") || site.text("place") != name) continue;
    const std::string title = entry_title("site", site.name, language);
    if (!title.empty()) return title;
  }
  const std::string title = entry_title("place", name, language);
  return title.empty() ? humanised(name) : title;
}

std::string Words::title(Entity entity, Language language) const {
  if (entity.id < 0) return {};
  const std::string full = name_of(m_, entity);
  const auto [name, year] = without_year(full);
  const std::size_t at = name.find('@');
  const std::string head = name.substr(0, at);
  for (const Phrase& phrase : kPhrases) {
    const bool whole = !phrase.prefix.ends_with('_');
    if (phrase.kind != entity.kind || (whole ? head != phrase.prefix : !head.starts_with(phrase.prefix))) continue;
    const std::string of = item(std::string_view(head).substr(phrase.prefix.size()), language);
    const std::string after = at == std::string::npos ? place_of(m_, entity) : name.substr(at + 1);
    std::string where = entry_title(phrase.where, after, language);
    if (where.empty()) where = place(after, language);
    const char* text = language == Language::korean ? phrase.korean : phrase.english;
    return with_year(fmt::format(fmt::runtime(text), of, where), year, language);
  }
  const std::string& entry = provenance_of(m_, entity).entry;
  const std::size_t dot = entry.find('.');
  const std::string title = dot == std::string::npos
                                ? std::string()
                                : entry_title(entry.substr(0, dot), std::string_view(entry).substr(dot + 1), language);
  return with_year(title.empty() ? humanised(name) : title, year, language);
}

std::string Words::period(int t, Language language) const {
  const YearMonth month = m_.calendar.month(t);
  if (m_.calendar.months_per_period >= 12) {
    return language == Language::korean ? fmt::format("{}년", month.year) : fmt::format("{}", month.year);
  }
  if (language == Language::korean) return fmt::format("{}년 {}월", month.year, month.month);
  return fmt::format("{} {}", kMonths[static_cast<std::size_t>(month.month - 1)], month.year);
}

std::string Words::periods(int first, int last, Language language) const {
  if (first == last) return period(first, language);
  return language == Language::korean ? fmt::format("{}~{}", period(first, language), period(last, language))
                                      : fmt::format("{} to {}", period(first, language), period(last, language));
}

}  // namespace beltline
