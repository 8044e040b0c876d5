// What the page offers to take away, read back as a spreadsheet would: CSV (RFC 4180) and workbooks.
import { readFileSync } from 'node:fs';
import { unzip } from './browser.mjs';

// as tests/hostile_test.py has it: what a spreadsheet may take for a formula or a command
const formula = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/;
const number = /^-?(\d+(\.\d+)?([eE][-+]?\d+)?|inf)$|^nan$/;

// Chromium drops a page's eleventh download within a second
const burst = 10;
const burstMs = 1100;
const takenAt = [];

/** Clicks a button that offers a file. @returns its path and name */
export async function take(page, testId) {
  const left = takenAt.length < burst ? 0 : takenAt.at(-burst) + burstMs - performance.now();
  if (left > 0) await page.waitForTimeout(left);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    // the button may lie under the head of the page: what it does is asked here, not where it is
    page.getByTestId(testId).evaluate((button) => button.click()),
  ]);
  takenAt.push(performance.now());
  return { path: await download.path(), name: download.suggestedFilename() };
}

export function readCsv(path) {
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const rows = [];
  let [row, cell, inQuotes] = [[], '', false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inQuotes) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') (cell += '"'), i++;
      else inQuotes = false;
    } else if (c === '"') inQuotes = true;
    else if (c === ',') row.push(cell), (cell = '');
    else if (c === '\r' && text[i + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      i++;
    } else cell += c;
  }
  return rows;
}

const entities = { lt: '<', gt: '>', amp: '&', quot: '"' };
const unescapeXml = (text) => text.replace(/&(lt|gt|amp|quot);/g, (_, name) => entities[name]);

/** Cells of the first sheet: numbers as numbers, texts as texts, absent cells undefined. @errors throws at a formula */
export function readXlsx(path) {
  const sheet = Buffer.from(unzip(readFileSync(path))['xl/worksheets/sheet1.xml']).toString('utf8');
  if (/<f[ >/]/.test(sheet)) throw new Error('a formula');
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
    const cells = [];
    for (const [, letters, type, body] of row.matchAll(/<c r="([A-Z]+)\d+"( t="inlineStr")?[^>]*>(.*?)<\/c>/gs)) {
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const text = /<t[^>]*>(.*)<\/t>/s.exec(body)?.[1];
      cells[column] = type ? unescapeXml(text ?? '') : Number(/<v>(.*)<\/v>/.exec(body)[1]);
    }
    return cells;
  });
}

/** Cells of a CSV that a spreadsheet would run. */
export function liveFormulas(rows) {
  return rows.flat().filter((cell) => formula.test(cell) && !number.test(cell));
}

/**
 * Whether a table taken from the page is the program's own, cell for cell; further columns (titles beside keys) may
 * stand between.
 *
 * @param rows   of CSV or of a workbook, the head first
 * @param table  {columns, rows} as `beltline table --json` prints it
 * @returns      what differs, in words; empty where nothing does
 */
export function differences(rows, table) {
  const heads = table.columns.map((column) => (column.unit ? `${column.name} [${column.unit}]` : column.name));
  const at = heads.map((head) => rows[0].indexOf(head));
  if (at.includes(-1)) return `no column ${heads[at.indexOf(-1)]}`;
  if (rows.length - 1 !== table.rows.length) return `${rows.length - 1} rows of ${table.rows.length}`;
  for (const [i, wanted] of table.rows.entries()) {
    for (const [j, value] of wanted.entries()) {
      const cell = rows[i + 1][at[j]];
      const isSame =
        typeof value === 'number'
          ? cell !== '' && Number(cell) === value
          : // infinities have no place in a cell
            value === null || value === '' || /^-?inf$/.test(value)
            ? cell === '' || cell === undefined
            : cell === value || cell === `'${value}`;
      if (!isSame) return `row ${i + 1}, ${heads[j]}: ${JSON.stringify(cell)}, not ${JSON.stringify(value)}`;
    }
  }
  return '';
}
