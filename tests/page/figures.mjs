// From what a page shows back to numbers: visible texts in both languages, and the tables of the program beside them.
import { execFileSync } from 'node:child_process';

const scales = {
  K: 1e3, M: 1e6, B: 1e9, T: 1e12, thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12,
  천: 1e3, 만: 1e4, 억: 1e8, 조: 1e12,
};

/**
 * The number that a text shows, in the unit of its table (MW for GW, a share for %), and how far its rounding may be off.
 *
 * @returns  {value, slack}, or undefined where the text shows no number
 */
export function shownNumber(text) {
  const found = /(-?)([\d,]+)(\.\d+)?\s*(K|M|B|T|thousand|million|billion|trillion|천|만|억|조)?(?![A-Za-z]| tokens)\s*(GW\b(?!당)|%|×)?/.exec(
    text.replaceAll('\u2212', '-'),
  );
  if (!found) return undefined;
  const [, sign, whole, fraction = '', scale, mark] = found;
  let unit = scale ? scales[scale] : 1;
  if (mark === 'GW') unit *= 1000;
  if (mark === '%') unit *= 0.01;
  // of tables in millions of tokens
  if (text.includes('토큰/초')) unit *= 1e-6;
  const value = Number(sign + whole.replaceAll(',', '') + fraction) * unit;
  const lastDigit = 10 ** -Math.max(0, fraction.length - 1) * unit;
  // a scale is written with at least three digits, of which it drops zeros at the end; 166,000 has as many
  const threeDigits = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 2);
  const zeros = fraction ? 1 : 10 ** (/0*$/.exec(whole.replaceAll(',', ''))[0].length);
  const step = scale && value !== 0 ? Math.min(lastDigit, threeDigits) : Math.max(lastDigit, Math.min(zeros, threeDigits));
  return { value, slack: 0.5000001 * (value === 0 ? lastDigit : step) };
}

/** Whether the text shows the value, rounded as it is. */
export function shows(text, value) {
  const shown = shownNumber(text);
  return shown !== undefined && Math.abs(shown.value - value) <= shown.slack + 1e-12;
}

/** Table NAME of a run as the program prints it: {name, columns, rows}. */
export function tableOf(program, run, name) {
  return JSON.parse(execFileSync(program, ['table', run, name, '--json'], { maxBuffer: 1 << 28, encoding: 'utf8' }));
}

export function tableNames(program, run) {
  return execFileSync(program, ['table', run], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** Rows of a table as objects by column. */
export function records(table) {
  return table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column.name, row[i]])));
}
