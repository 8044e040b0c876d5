#include <cmath>

#include <nlohmann/json.hpp>

#include "scenario/load.h"
#include "scenario/reading.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

Json reference_to(const char* definition) {
  return {{"$ref", std::string("#/$defs/") + definition}};
}

Json closed_object(Json properties, Json required = Json::array()) {
  Json out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

/// What all quantities share: the text "120 MW", the table with low, mode and high, and the forms of a series.
Json definitions() {
  const Json text{{"type", "string"}};
  const Json flag{{"type", "boolean"}};
  const Json confidence{{"enum", {"A", "B", "C"}}};
  const Json number_or_text{{"type", {"number", "string"}}};
  const Json provenance{{"source", text}, {"confidence", confidence}, {"note", text}};
  const auto with_provenance = [&](Json properties) {
    properties.update(provenance);
    return properties;
  };
  Json out;
  out["number"] = number_or_text;
  out["range"] = closed_object(
      with_provenance({{"low", number_or_text}, {"mode", number_or_text}, {"high", number_or_text}, {"unit", text}}));
  out["quantity"] = {{"anyOf", {{{"type", "string"}, {"pattern", R"(^\s*[+-]?(\d|\.\d))"}}, reference_to("range")}}};
  out["plain_quantity"] = {{"anyOf", {number_or_text, reference_to("range")}}};
  out["month"] = {{"type", "string"}, {"pattern", R"(^\d{4}-(0[1-9]|1[0-2])$)"}};
  out["name"] = {{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]{0,63}$"}};
  const Json by{{"enum", {"period", "year", "month_of_year", "hour_of_day", "month_hour", "slice"}}};
  const Json list{{"type", "array"}, {"items", number_or_text}};
  const Json dates{{"type", "object"},
                   {"patternProperties", {{R"(^\d{4}-(0[1-9]|1[0-2])$)", number_or_text}}},
                   {"additionalProperties", false},
                   {"minProperties", 1}};
  out["series"] = {
      {"anyOf",
       {list, closed_object(with_provenance({{"values", list}, {"unit", text}, {"by", by}}), Json::array({"values"})),
        closed_object(with_provenance({{"dates", dates}, {"unit", text}, {"step", flag}}), Json::array({"dates"})),
        closed_object(
            with_provenance(
                {{"file", text}, {"column", text}, {"by", by}, {"dates", text}, {"step", flag}, {"unit", text}}),
            Json::array({"file", "column"}))}}};
  return out;
}

Json schema_of(std::span<const Attribute> attributes);

Json schema_of(const Attribute& a) {
  const bool plain = a.kind != Kind::duration && (a.unit.empty() || a.unit == "1");
  const auto bounded = [&](Json number) {
    if (std::isfinite(a.min)) number[a.min_exclusive ? "exclusiveMinimum" : "minimum"] = a.min;
    if (std::isfinite(a.max)) number["maximum"] = a.max;
    return number;
  };
  const char* const quantity = plain ? "plain_quantity" : "quantity";
  switch (a.kind) {
    case Kind::quantity:
    case Kind::duration: return reference_to(quantity);
    case Kind::series: return {{"anyOf", {reference_to(quantity), reference_to("series")}}};
    case Kind::text: return {{"type", "string"}};
    case Kind::flag: return {{"type", "boolean"}};
    case Kind::integer: return bounded({{"type", "integer"}});
    case Kind::month: return reference_to("month");
    case Kind::reference: return reference_to("name");
    case Kind::references: return {{"type", "array"}, {"items", reference_to("name")}};
    case Kind::texts: return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case Kind::choice: return {{"enum", split_words(a.target)}};
    case Kind::choices: return {{"type", "array"}, {"items", {{"enum", split_words(a.target)}}}};
    case Kind::records: return {{"type", "array"}, {"items", schema_of(a.fields)}};
  }
  return {};
}

/// Description for the editor's bubble: what it is, its unit and bounds.
std::string bubble(const Attribute& a) {
  std::string out(a.description);
  const auto add = [&](const std::string& sentence) { out += (out.empty() ? "" : " ") + sentence; };
  if (a.kind == Kind::duration) add("A duration such as \"28 week\".");
  if (!a.unit.empty() && a.unit != "1" && a.unit != "*") add("Unit: " + std::string(a.unit) + ".");
  if (const std::string bounds = describe_bounds(a); !bounds.empty()) add("Value: " + bounds + ".");
  if (!a.fallback.empty()) add("Default: " + std::string(a.fallback) + ".");
  return out;
}

Json schema_of(std::span<const Attribute> attributes) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto list : {attributes, common_attributes()}) {
    for (const Attribute& a : list) {
      if (properties.contains(std::string(a.key))) continue;
      Json property = schema_of(a);
      if (const std::string text = bubble(a); !text.empty()) property["description"] = text;
      properties[std::string(a.key)] = std::move(property);
      if (a.required) required.push_back(std::string(a.key));
    }
  }
  return closed_object(std::move(properties), std::move(required));
}

}  // namespace

std::string json_schema(std::span<const Section* const> sections) {
  Json properties;
  properties["include"] = {{"type", "array"},
                           {"items", {{"type", "string"}}},
                           {"description", "Files to read too: paths from this file's folder; * and ? match names."}};
  properties["set"] = {{"type", "array"},
                       {"items", {{"type", "string"}}},
                       {"description", "Overrides that always hold: PATH=VALUE, PATH*=FACTOR or PATH+=VALUE."}};
  for (const auto list : {core_sections(), sections}) {
    for (const Section* section : list) {
      Json entry = schema_of(section->attributes);
      Json whole = section->single ? std::move(entry)
                                   : Json{{"type", "object"},
                                          {"propertyNames", reference_to("name")},
                                          {"additionalProperties", std::move(entry)}};
      whole["title"] = std::string(section->title);
      whole["description"] = std::string(section->description);
      properties[std::string(section->name)] = std::move(whole);
    }
  }
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Beltline scenario"}};
  out.update(closed_object(std::move(properties)));
  out["$defs"] = definitions();
  return out.dump(2) + "\n";
}

}  // namespace beltline
