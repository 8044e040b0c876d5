// Tables as CSV and XLSX. A text that a spreadsheet would take for a formula is kept from it; numbers stay numbers.
import { strToU8, zipSync, type Zippable } from 'fflate';

export interface Sheet {
  /** File name without its ending, and name of the sheet. */
  name: string;
  columns: { name: string; unit?: string }[];
  rows: (string | number | null)[][];
}

/** Whether a spreadsheet may read the text as a formula or command: after spaces too, and in full-width letters. */
export function isRisky(text: string): boolean {
  return /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text);
}

export function header(column: { name: string; unit?: string }): string {
  return column.unit ? `${column.name} [${column.unit}]` : column.name;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = isRisky(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with a byte order mark, which Excel needs to read Korean. */
export function toCsv(sheet: Sheet): string {
  const lines = [sheet.columns.map((column) => csvCell(header(column))), ...sheet.rows.map((row) => row.map(csvCell))];
  return '\ufeff' + lines.map((cells) => cells.join(',') + '\r\n').join('');
}

function xml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/** 0 → A, 26 → AA. */
function columnLetters(index: number): string {
  let letters = '';
  for (let i = index + 1; i > 0; i = Math.floor((i - 1) / 26))
    letters = String.fromCharCode(65 + ((i - 1) % 26)) + letters;
  return letters;
}

function xlsxCell(value: string | number | null, column: number, row: number, style: number): string {
  const at = `r="${columnLetters(column)}${row}"`;
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  if (typeof value === 'number') return `<c ${at}><v>${value}</v></c>`;
  // An inline string is never a formula; quotePrefix (style 2) keeps it one when a reader edits the cell.
  const s = isRisky(value) ? 2 : style;
  return `<c ${at} t="inlineStr"${s ? ` s="${s}"` : ''}><is><t xml:space="preserve">${xml(value.slice(0, 32767))}</t></is></c>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Office Open XML with one sheet (ECMA-376): the least that Excel, Calc and Numbers open without a word. */
export function toXlsx(sheet: Sheet): Uint8Array {
  const title = sheet.name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31) || 'table';
  const row = (cells: (string | number | null)[], number: number, style = 0) =>
    `<row r="${number}">${cells.map((cell, i) => xlsxCell(cell, i, number, style)).join('')}</row>`;
  const rows = [row(sheet.columns.map(header), 1, 1), ...sheet.rows.map((cells, i) => row(cells, i + 2))];
  const files: Record<string, string> = {
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' +
      '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    '_rels/.rels': `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="${xml(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/>` +
      `<Relationship Id="rId2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml':
      `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">' +
      '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
      '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>' +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    'xl/worksheets/sheet1.xml':
      `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
      `<sheetData>${rows.join('')}</sheetData></worksheet>`,
  };
  // a fixed time, so that the same table gives the same file
  const mtime = new Date(2020, 0, 1);
  const parts: Zippable = {};
  for (const [path, text] of Object.entries(files)) parts[path] = [strToU8(declaration + text), { mtime }];
  return zipSync(parts, { level: 6 });
}

/** Offers bytes to the reader as a file; nothing leaves the machine. */
export function download(name: string, type: string, content: string | Uint8Array): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
