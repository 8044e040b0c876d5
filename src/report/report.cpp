#include "report/report.h"

#include <algorithm>
#include <span>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/base64.h"
#include "report/page_bundle.h"
#include "report/page_data.h"

namespace beltline {
namespace {

/// Every process by hour and by month: large, and no picture of the page needs them.
constexpr std::string_view kLeftOut[] = {"activity", "dispatch"};
/// Tables that the page only offers to take away: they go in after those that it draws.
constexpr std::string_view kOnlyOffered[] = {"audit_uses", "centres", "energy", "equipment", "floating", "moves"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

struct PageData {
  std::string tables_json;            // {"NAME": table, …}, escaped
  std::vector<std::string> left_out;  // names, sorted
};

/// As many tables as `size_max` bytes hold: from the smallest on, those that the page draws first.
PageData page_data(const std::vector<Table>& tables, std::size_t size_max) {
  PageData out;
  struct Part {
    bool only_offered;
    std::string name, json;  // json: "NAME": table
  };
  std::vector<Part> parts;
  for (const Table& table : tables) {
    if (contains(kLeftOut, table.name)) {
      out.left_out.push_back(table.name);
    } else {
      parts.push_back({.only_offered = contains(kOnlyOffered, table.name),
                       .name = table.name,
                       .json = escape_for_script(page_text(table.name) + ":" + page_table(table))});
    }
  }
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.only_offered, part.json.size(), std::string_view(part.name));
  });
  out.tables_json = "{";
  for (const auto& [only_offered, name, json] : parts) {
    if (out.tables_json.size() + json.size() + 2 > size_max) {
      out.left_out.push_back(name);
      continue;
    }
    if (out.tables_json.size() > 1) out.tables_json += ",\n";
    out.tables_json += json;
  }
  out.tables_json += "}";
  std::ranges::sort(out.left_out);
  return out;
}

std::string data_element(std::string_view id, std::string_view escaped_json) {
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, escaped_json);
}

/// Nothing may be loaded or run but this one script and this one style sheet. Pictures are drawn by the page itself.
std::string policy() {
  return fmt::format(
      "default-src 'none'; script-src '{}'; style-src '{}'; img-src data: blob:; base-uri 'none'; form-action 'none'",
      policy_hash(page_script()), policy_hash(page_style()));
}

}  // namespace

Outcome<std::string> report_html(std::string_view manifest_json, const std::vector<Table>& tables,
                                 const ReportOptions& options) {
  const auto manifest = nlohmann::ordered_json::parse(manifest_json, nullptr, false);
  if (!manifest.is_object()) return failure("the manifest is no JSON object");
  const auto runs = nlohmann::ordered_json::parse(options.runs_json, nullptr, false);
  if (!runs.is_array()) return failure("the list of runs is no JSON array");
  std::string title = "Beltline";
  if (const auto scenario = manifest.find("scenario"); scenario != manifest.end() && scenario->is_object()) {
    for (const char* key : {"title", "name"}) {
      const auto found = scenario->find(key);
      if (found == scenario->end() || !found->is_string() || found->get_ref<const std::string&>().empty()) continue;
      title = found->get<std::string>();
      break;
    }
  }
  using nlohmann::json;
  const auto dump = [](const auto& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); };
  std::string head = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>",
      options.language.empty() ? "en" : escape_for_html(options.language), policy(), escape_for_html(title));
  const std::string body = "</style>\n</head>\n<body>\n<div id=\"app\"></div>\n<noscript>" + escape_for_html(title) +
                           ": this page draws itself with its own script; allow it to run. / 이 페이지는 스크립트를 "
                           "허용해야 표시됩니다.</noscript>\n" +
                           data_element("manifest", escape_for_script(dump(manifest)));
  constexpr std::string_view kTail = "</script>\n</body>\n</html>\n";
  constexpr std::size_t kElementsSize = 400;  // the tags around settings, tables and script
  const std::size_t fixed = head.size() + page_style().size() + body.size() + dump(runs).size() + page_script().size() +
                            kTail.size() + kElementsSize;
  if (fixed >= options.size_max) {
    return failure(fmt::format("the page alone takes {} bytes, more than the {} permitted", fixed, options.size_max));
  }
  const PageData data = page_data(tables, options.size_max - fixed);
  const json settings = {{"language", options.language}, {"left_out", data.left_out}, {"runs", runs}};
  std::string page = std::move(head);
  page.reserve(fixed + data.tables_json.size());
  page += page_style();
  page += body;
  page += data_element("settings", escape_for_script(dump(settings)));
  page += data_element("tables", data.tables_json);
  page += "<script>";
  page += page_script();
  page += kTail;
  return page;
}

}  // namespace beltline
