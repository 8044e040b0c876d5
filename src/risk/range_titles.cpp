#include "risk/range_titles.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "parts/titles.h"
#include "risk/range_phrases.h"

namespace beltline {
namespace {

/// "supply[usa].lead" → "supply.lead".
std::string without_records(std::string_view key) {
  std::string out;
  bool is_inside = false;
  for (const char c : key) {
    if (c == '[') is_inside = true;
    if (!is_inside) out += c;
    if (c == ']') is_inside = false;
  }
  return out;
}

/// What stands between the last brackets; "" without any.
std::string record_name(std::string_view key) {
  const std::size_t open = key.rfind('['), close = key.rfind(']');
  return open == std::string_view::npos || close < open ? "" : std::string(key.substr(open + 1, close - open - 1));
}

std::string spaced(std::string text) {
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

const std::string& korean_of(const Titles& titles) {
  return titles.title_ko.empty() ? titles.title : titles.title_ko;
}

/// Every `{}` as the subject, every `{r}` as the record.
std::string filled(std::string_view pattern, const std::string& subject, const std::string& record) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("{}")) {
      out += subject;
      i += 1;
    } else if (rest.starts_with("{r}")) {
      out += record;
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

/// Countries that English names with an article.
std::string with_article(const std::string& place) {
  constexpr std::array kHeads{"United ", "Republic of ", "People's Republic "};
  const bool has_one = std::ranges::any_of(kHeads, [&](const char* head) { return place.starts_with(head); });
  return has_one ? "the " + place : place;
}

/// The same entity or place, or null.
template <class Entity>
const Entity* named(const std::vector<Entity>& entities, std::string_view name) {
  const auto found = std::ranges::find(entities, name, &Entity::name);
  return found == entities.end() ? nullptr : &*found;
}

class RangeTitle {
 public:
  RangeTitle(const Spec& spec, const Model& model, const ValuePlace& place) : spec_(spec), m_(model), place_(place) {}

  Titles make(const Influence* moved) const {
    const std::string section(place_.owner->section->name);
    const std::string key = without_records(place_.key);
    Titles of = subject(section, moved);
    const Titles in = record();
    const RangePhrase* const phrase = find_phrase(section, key);
    if (phrase == nullptr) {
      // a key that nobody named: its words are still words
      const std::string words = spaced(key.substr(key.rfind('.') + 1));
      return {capital(fmt::format("{} of {}", words, of.title)), fmt::format("{}: {}", korean_of(of), words)};
    }
    return {capital(filled(phrase->english, of.title, in.title)), filled(phrase->korean, korean_of(of), korean_of(in))};
  }

 private:
  /// What the entry is about: its own title, that of the thing it makes, its place, or what its value moves.
  [[nodiscard]] Titles subject(const std::string& section, const Influence* moved) const {
    const std::string& name = place_.owner->name;
    Titles of = titles_of_entry(spec_, section, name);
    if (section == "equipment" || section == "item") of.title = as_common_noun(of.title);
    for (const std::string_view article : {"The ", "A ", "An "}) {
      if (of.title.starts_with(article)) of.title[0] = article == "The " ? 't' : 'a';
    }
    if (!of.title.empty()) return of;
    for (const char* const head : {"hall@", "hull@", "connection@"}) {
      const Capacity* const made = section + "@" == head ? named(m_.capacities, head + name) : nullptr;
      if (made != nullptr && !made->titles.title.empty()) return made->titles;
    }
    if (const Place* const here = named(m_.places, name); here != nullptr && !here->titles.title.empty()) {
      return here->titles;
    }
    if (moved != nullptr) of = titles_of_moved(m_, *moved);
    if (of.title.empty()) of.title = name.empty() ? section : spaced(name);
    return of;
  }

  /// The record by the first of its fields, which is what it is about.
  [[nodiscard]] Titles record() const {
    const std::string name = record_name(place_.key);
    if (name.empty() || !place_.is_of_record()) return {name, {}};
    const std::string list = place_.key.substr(0, place_.key.rfind('['));
    const std::string last = list.substr(list.rfind('.') == std::string::npos ? 0 : list.rfind('.') + 1);
    const auto& attributes = place_.owner->section->attributes;
    const auto found = std::ranges::find(attributes, last, &Attribute::key);
    if (found == attributes.end() || found->fields.empty()) return {name, {}};
    const Attribute& field = found->fields.front();
    const auto value = place_.entry->values.find(field.key);
    if (field.kind != Kind::reference || value == place_.entry->values.end()) return {name, {}};
    for (const std::string& section : split_words(field.target)) {
      Titles of = section == "place" ? titles_of_place(value->second.text)
                                     : titles_of_entry(spec_, section, value->second.text);
      if (of.title.empty()) continue;
      if (section == "equipment" || section == "item") of.title = as_common_noun(of.title);
      return of;
    }
    return {spaced(value->second.text), {}};
  }

  [[nodiscard]] Titles titles_of_place(const std::string& name) const {
    const Place* const place = named(m_.places, name);
    Titles of = place == nullptr ? Titles{} : place->titles;
    of.title_ko = korean_of(of);
    of.title = with_article(of.title);
    return of;
  }

  /// "Power transformers" → "power transformers", but not what begins with a name, "HBM", or stands alone as one.
  [[nodiscard]] std::string as_common_noun(std::string title) const {
    const std::string first = title.substr(0, title.find_first_of(" -,"));
    const auto is_lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
    if (first.size() < 2 || !std::all_of(first.begin() + 1, first.end(), is_lower)) return title;
    for (const std::string_view section : {"party", "supplier", "place", "site"}) {
      for (const Entry& entry : spec_.entries(section)) {
        if (entry.has("title") && entry.text("title").starts_with(first)) return title;
      }
    }
    title[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(title[0])));
    return title;
  }

 public:
  static Titles titles_of_moved(const Model& m, const Influence& moved) {
    const auto id = static_cast<std::size_t>(moved.id);
    const auto of = [](const auto& entity) -> Titles {
      return entity.titles.title.empty() ? Titles{entity.name, {}} : entity.titles;
    };
    switch (moved.target) {
      case ChanceTarget::process: return of(m.processes[id]);
      case ChanceTarget::capacity: return of(m.capacities[id]);
      case ChanceTarget::demand: return of(m.demands[id]);
    }
    return {};
  }

 private:
  const Spec& spec_;
  const Model& m_;
  const ValuePlace& place_;
};

RangePhrase phrase_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::delay: return {"", "", "delay of {}", "{} 지연"};
    case Aspect::yield: return {"", "", "yield of {}", "{} 수율"};
    case Aspect::intake: return {"", "", "intake of {}", "{} 투입량"};
    case Aspect::limit: return {"", "", "limit of {}", "{} 한도"};
    case Aspect::cost: return {"", "", "cost of {}", "{} 비용"};
    case Aspect::demand: return {"", "", "demand for {}", "{} 수요"};
    case Aspect::availability: return {"", "", "availability of {}", "{} 가동률"};
  }
  return {};
}

/// By the first thing that is moved, and how many more there are.
Titles title_by(const Model& m, const std::vector<const Influence*>& moved) {
  const Influence& first = *moved.front();
  const RangePhrase phrase = phrase_of(first.aspect);
  std::vector<std::pair<ChanceTarget, int32_t>> others;
  for (const Influence* each : moved) {
    const std::pair key(each->target, each->id);
    if (key != std::pair(first.target, first.id) && std::ranges::find(others, key) == others.end()) {
      others.push_back(key);
    }
  }
  const Titles of = RangeTitle::titles_of_moved(m, first);
  Titles out{capital(filled(phrase.english, of.title, "")), filled(phrase.korean, korean_of(of), "")};
  if (!others.empty()) {
    out.title += fmt::format(" and {} more", others.size());
    out.title_ko += fmt::format(" 외 {}건", others.size());
  }
  return out;
}

}  // namespace

const RangePhrase* find_phrase(std::string_view section, std::string_view key) {
  const RangePhrase* of_all = nullptr;
  for (const auto phrases : {phrases_of_sites(), phrases_of_goods()}) {
    for (const RangePhrase& each : phrases) {
      if (each.key != key) continue;
      if (each.section == section) return &each;
      if (each.section.empty()) of_all = &each;
    }
  }
  return of_all;
}

Titles title_of_range(const Spec& spec, const Model& model, const ValuePlace& place, const Influence* moved) {
  return RangeTitle(spec, model, place).make(moved);
}

void title_the_untitled(const Model& model, Chances& chances) {
  for (std::size_t s = 0; s < chances.sources.size(); ++s) {
    if (!chances.sources[s].titles.title.empty()) continue;
    std::vector<const Influence*> moved;
    for (const Influence& each : chances.influences) {
      if (each.source == static_cast<int>(s)) moved.push_back(&each);
    }
    if (!moved.empty()) chances.sources[s].titles = title_by(model, moved);
  }
  for (Shock& shock : chances.shocks) {
    if (!shock.titles.title.empty()) continue;
    shock.titles.title = capital(spaced(shock.name.substr(shock.name.rfind('.') + 1)));
  }
}

}  // namespace beltline
