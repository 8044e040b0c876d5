// Tables as a workbook of one sheet: SpreadsheetML of ECMA-376, part 1, in its smallest form.
//
// Every text is an inline string of a style with quotePrefix: a spreadsheet shows it as it is, and keeps it a text when
// someone edits the cell. No cell has a formula element.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "table/cells.h"
#include "table/table.h"
#include "table/zip.h"

namespace beltline {

namespace {

constexpr std::size_t kRowCountMax = 1'048'576;  // with the header
constexpr std::size_t kColumnCountMax = 16'384;
constexpr std::size_t kTextUnitsMax = 32'767;  // UTF-16 units of one cell
constexpr std::size_t kRowsMeasured = 1'000;   // for the widths
constexpr int kDecimalsMax = 8;
constexpr std::string_view kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

// Cell styles, in the order of `cellXfs` below; kNumbers and the decimals after it.
enum Style : int { kGeneral, kHeader, kText, kNumbers };

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Whether "_x001B_" stands here, which a spreadsheet would take for the escape of a control character.
bool looks_like_escape(std::string_view text) {
  return text.size() >= 7 && text[0] == '_' && text[1] == 'x' && std::ranges::all_of(text.substr(2, 4), is_hex) &&
         text[6] == '_';
}

// XML has no control characters but tab and line feed; ECMA-376 writes the others as _xHHHH_ (22.9.2.19, ST_Xstring).
void append_xml(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '_': out += looks_like_escape(text.substr(i)) ? "_x005F_" : "_"; break;
      default:
        if (byte < 0x20 && c != '\t' && c != '\n') {
          out += fmt::format("_x{:04X}_", byte);
        } else if (text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size() &&
                   static_cast<uint8_t>(text[i + 2]) >= 0xBE) {
          out += static_cast<uint8_t>(text[i + 2]) == 0xBE ? "_xFFFE_" : "_xFFFF_";  // no characters of XML either
          i += 2;
        } else {
          out += c;
        }
    }
  }
}

std::size_t utf16_units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xC0) != 0x80 ? 1 : 0;
    count += byte >= 0xF0 ? 1 : 0;  // a surrogate pair
  }
  return count;
}

// 0 → A, 25 → Z, 26 → AA
std::string column_letters(std::size_t index) {
  std::string letters;
  for (std::size_t i = index + 1; i > 0; i = (i - 1) / 26)
    letters.insert(letters.begin(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(i - 1) % 26]);
  return letters;
}

struct Place {
  const std::string& letters;
  std::size_t row;  // from 1
};

void append_text_cell(std::string& out, const Place& place, int style, std::string_view text) {
  out +=
      fmt::format(R"(<c r="{}{}" s="{}" t="inlineStr"><is><t xml:space="preserve">)", place.letters, place.row, style);
  append_xml(out, text);
  out += "</t></is></c>";
}

void append_number_cell(std::string& out, const Place& place, int style, double value) {
  // a sheet has no word for NaN and the infinities
  if (!std::isfinite(value)) {
    append_text_cell(out, place, kText, std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    return;
  }
  out += fmt::format(R"(<c r="{}{}" s="{}"><v>)", place.letters, place.row, style);
  append_shortest(out, value);
  out += "</v></c>";
}

void append_cell(std::string& out, const Place& place, int style, const Column& column, std::size_t row) {
  switch (column.values.index()) {
    case 0: append_number_cell(out, place, style, column.numbers()[row]); break;
    case 1: {
      const int64_t value = column.integers()[row];
      // a sheet counts in doubles: what does not fit is kept as a text, digit by digit
      std::string digits;
      append_integer(digits, value);
      if (std::abs(static_cast<double>(value)) > 9007199254740992.0) {
        append_text_cell(out, place, kText, digits);
      } else {
        out += fmt::format(R"(<c r="{}{}" s="{}"><v>{}</v></c>)", place.letters, place.row, style, digits);
      }
      break;
    }
    default: append_text_cell(out, place, kText, column.texts()[row]);
  }
}

int style_of(const Column& column) {
  if (column.values.index() == 1) return kGeneral;  // years look like years
  if (column.values.index() == 2) return kText;
  return kNumbers + std::clamp(decimals_shown(column.numbers(), column.size()), 0, kDecimalsMax);
}

// In digits of the standard font; what is longer is cut by the sheet, not by us.
std::size_t width_of(const Column& column) {
  std::size_t width = display_width(header_text(column));
  const std::size_t rows = std::min(column.size(), kRowsMeasured);
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.values.index() == 2) width = std::max(width, display_width(column.texts()[row]));
    if (column.values.index() == 0 && std::isfinite(column.numbers()[row])) {
      const int decimals = decimals_shown(column.numbers(), rows);
      const double magnitude = std::max(1.0, std::abs(column.numbers()[row]));
      width = std::max(
          width, static_cast<std::size_t>(std::log10(magnitude) * 4 / 3) + 3 + static_cast<std::size_t>(decimals));
    }
  }
  return std::clamp<std::size_t>(width + 2, 8, 60);
}

std::string sheet_xml(const Table& table) {
  std::string out = fmt::format(
      "{}<worksheet xmlns=\"{}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
      "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>",
      kXml, kMain);
  std::vector<std::string> letters;
  std::vector<int> styles;
  if (!table.columns.empty()) out += "<cols>";
  for (const Column& column : table.columns) {
    letters.push_back(column_letters(letters.size()));
    styles.push_back(style_of(column));
    out += fmt::format(R"(<col min="{0}" max="{0}" width="{1}" customWidth="1"/>)", letters.size(), width_of(column));
  }
  if (!table.columns.empty()) out += "</cols>";
  out += "<sheetData><row r=\"1\">";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    append_text_cell(out, {letters[i], 1}, kHeader, header_text(table.columns[i]));
  }
  out += "</row>";
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    out += fmt::format("<row r=\"{}\">", row + 2);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      append_cell(out, {letters[i], row + 2}, styles[i], table.columns[i], row);
    }
    out += "</row>";
  }
  return out + "</sheetData></worksheet>\n";
}

std::string styles_xml() {
  std::string formats, styles;
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
    const int id = 164 + decimals;  // the first number that is free for custom formats
    formats += fmt::format(R"(<numFmt numFmtId="{}" formatCode="#,##0{}{}"/>)", id, decimals > 0 ? "." : "",
                           std::string(static_cast<std::size_t>(decimals), '0'));
    styles +=
        fmt::format(R"(<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>)", id);
  }
  return fmt::format(
      "{}<styleSheet xmlns=\"{}\"><numFmts count=\"{}\">{}</numFmts>"
      R"(<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>)"
      R"(<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>)"
      R"(<fills count="2"><fill><patternFill patternType="none"/></fill>)"
      R"(<fill><patternFill patternType="gray125"/></fill></fills>)"
      R"(<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>)"
      R"(<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>)"
      R"(<cellXfs count="{}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>)"
      R"(<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" )"
      R"(applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" )"
      "applyNumberFormat=\"1\"/>{}</cellXfs>"
      "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>\n",
      kXml, kMain, kDecimalsMax + 1, formats, kNumbers + kDecimalsMax + 1, styles);
}

std::string workbook_xml(const Table& table) {
  std::string name = table.name.substr(0, 31);
  // what a sheet's name may not hold
  for (char& c : name) {
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos || static_cast<unsigned char>(c) < 0x20)
      c = '_';
  }
  while (find_invalid_utf8(name) != std::string_view::npos) name.pop_back();  // cut inside a character
  if (name.empty()) name = "table";
  std::string escaped;
  append_xml(escaped, name);
  return fmt::format(
      "{}<workbook xmlns=\"{}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
      "<sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>\n",
      kXml, kMain, escaped);
}

std::string core_xml(const Table& table) {
  std::string title;
  append_xml(title, table.title);
  return fmt::format(
      "{}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title></cp:coreProperties>\n",
      kXml, title);
}

constexpr std::string_view kContentTypes =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
    R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
    R"(<Default Extension="xml" ContentType="application/xml"/>)"
    R"(<Override PartName="/xl/workbook.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>)"
    R"(<Override PartName="/xl/worksheets/sheet1.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>)"
    R"(<Override PartName="/xl/styles.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>)"
    R"(<Override PartName="/docProps/core.xml" )"
    R"(ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>)";

struct Relationship {
  std::string_view type;
  std::string_view target;
};

std::string relationships_xml(std::initializer_list<Relationship> list) {
  std::string out =
      fmt::format("{}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">", kXml);
  int id = 0;
  for (const auto& [type, target] : list) {
    out += fmt::format(R"(<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/{}" Target="{}"/>)", ++id,
                       type, target);
  }
  return out + "</Relationships>\n";
}

// Everything a sheet cannot hold is said, never cut off silently.
Outcome<void> check_fits(const Table& table) {
  if (table.row_count() >= kRowCountMax) {
    return failure(
        fmt::format("XLSX: {} rows, a sheet holds {} below its header", table.row_count(), kRowCountMax - 1));
  }
  if (table.columns.size() > kColumnCountMax) {
    return failure(fmt::format("XLSX: {} columns, a sheet holds {}", table.columns.size(), kColumnCountMax));
  }
  for (const Column& column : table.columns) {
    const auto* const texts = std::get_if<std::vector<std::string>>(&column.values);
    for (std::size_t row = 0; texts != nullptr && row < texts->size(); ++row) {
      const std::string& text = (*texts)[row];
      if (find_invalid_utf8(text) != std::string_view::npos) {
        return failure(fmt::format("XLSX: row {} of column '{}' is not UTF-8", row + 1, column.name));
      }
      // every unit takes at least a byte
      if (text.size() > kTextUnitsMax && utf16_units(text) > kTextUnitsMax) {
        return failure(fmt::format("XLSX: row {} of column '{}' has {} characters, a cell holds {}", row + 1,
                                   column.name, utf16_units(text), kTextUnitsMax));
      }
    }
  }
  return {};
}

}  // namespace

Outcome<std::string> to_xlsx(const Table& table) {
  check_shape(table);
  if (auto fits = check_fits(table); !fits) return std::unexpected(fits.error());
  const std::array entries = {
      ZipEntry{"[Content_Types].xml", std::string(kXml) + std::string(kContentTypes) + "\n"},
      ZipEntry{"_rels/.rels",
               relationships_xml({{"officeDocument/2006/relationships/officeDocument", "xl/workbook.xml"},
                                  {"package/2006/relationships/metadata/core-properties", "docProps/core.xml"}})},
      ZipEntry{"docProps/core.xml", core_xml(table)},
      ZipEntry{"xl/workbook.xml", workbook_xml(table)},
      ZipEntry{"xl/_rels/workbook.xml.rels",
               relationships_xml({{"officeDocument/2006/relationships/worksheet", "worksheets/sheet1.xml"},
                                  {"officeDocument/2006/relationships/styles", "styles.xml"}})},
      ZipEntry{"xl/styles.xml", styles_xml()},
      ZipEntry{"xl/worksheets/sheet1.xml", sheet_xml(table)},
  };
  return to_zip(entries);
}

}  // namespace beltline
