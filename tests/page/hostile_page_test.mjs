// Reports of scenarios with hostile text in every text field, opened in a real browser: nothing of it runs.
//
//   node tests/page/hostile_page_test.mjs PROGRAM FOLDER
//
// The scenarios are those of tests/hostile_scenario.py, one a string of tests/corpus/hostile.txt: in a soak
// (BELTLINE_SOAK=1) all forty with all that the page offers to take away; else those of which a browser or a script may
// make something, a third of those for spreadsheets, and every tenth.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage, withBrowser } from './browser.mjs';
import { tableOf } from './figures.mjs';
import { differences, liveFormulas, readCsv, readXlsx, take } from './sheets.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = resolve(process.argv[2]);
const folder = resolve(process.argv[3]);
const strings = readFileSync(here('../corpus/hostile.txt'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const isSoak = process.env.BELTLINE_SOAK === '1';
const taken = ['names', 'provenance', 'commitments'];
const isForBrowsers = (text) => /[<>\u2028]|script:|&/.test(text);
const isForSheets = (text) => /^[\s\ufeff']*[=+\-@＝]/.test(text);

const chosen = strings
  .map((text, index) => ({ text, number: index + 1 }))
  .filter(({ text, number }) => isSoak || isForBrowsers(text) || (isForSheets(text) && number % 3 === 0) || number % 10 === 0);

let faults = 0;
function complain(number, ...words) {
  faults += 1;
  console.log(`string ${number}:`, ...words);
}

function makePage(number) {
  const [scenario, run, file] = ['scenario', 'run', 'run.html'].map((name) => join(folder, name));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const quiet = { stdio: ['ignore', 'pipe', 'pipe'] };
  execFileSync('/usr/bin/python3', ['-B', here('../hostile_scenario.py'), scenario, String(number), '--program', program], quiet);
  const small = ['--set', 'calendar.periods=20', '--set', 'calendar.slices_per_day=1'];
  execFileSync(program, ['plan', scenario, ...small, '-o', run], quiet);
  execFileSync(program, ['report', run, '-o', file], quiet);
  return { run, file };
}

/** What a browser makes of a text on the page: spaces of any kind are one. */
const plainText = (text) => text.replace(/[\s\ufeff]+/g, ' ').trim();

/** The text is shown as such: in the title, on the page and in the panel of sources; and is nothing but text. */
async function lookForText(page, number, text) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  await page.locator('[data-testid^=card-]').first().click();
  await page.evaluate(() => document.querySelectorAll('dialog details').forEach((details) => (details.open = true)));
  await page.waitForFunction(() => document.querySelector('dialog li[data-path]'));
  const found = await page.evaluate(() => ({
    heading: document.querySelector('h1').textContent,
    panel: document.querySelector('dialog').textContent,
    // what the page itself is made of has none of these
    made: document.querySelectorAll('img, iframe, object, embed, base, form, [onerror], [onload], a[href^=javascript]').length,
    scripts: document.querySelectorAll('script:not([type="application/json"])').length,
    all: document.body.textContent,
    aside: document.documentElement.scrollWidth - window.innerWidth,
  }));
  if (plainText(found.heading) !== plainText(text)) complain(number, 'the heading is', JSON.stringify(found.heading));
  if (!plainText(found.panel).includes(plainText(text))) complain(number, 'the panel of sources shows it not');
  if (found.made > 0) complain(number, found.made, 'elements that the page does not make');
  if (found.scripts !== 1) complain(number, found.scripts, 'scripts');
  if (found.aside > 0) complain(number, 'the page scrolls sideways by', found.aside);
  if (!plainText(found.all).includes(plainText(text))) complain(number, 'is not on the page');
  await page.keyboard.press('Escape');
}

async function lookAtDownloads(page, number, run) {
  for (const name of taken) {
    const csv = readCsv((await take(page, `all-csv-${name}`)).path);
    for (const cell of liveFormulas(csv)) complain(number, name, 'CSV: a live formula', JSON.stringify(cell));
    const table = tableOf(program, run, name);
    // controls have no place in a workbook, and an end of line is one character to XML whichever it was
    if (!/[\x00-\x1f\ufffe\uffff]/.test(strings[number - 1])) {
      const wrong = differences(csv, table) || differences(readXlsx((await take(page, `all-xlsx-${name}`)).path), table);
      if (wrong) complain(number, name, wrong);
    }
  }
}

async function openOne(browser, { text, number }) {
  const { run, file } = makePage(number);
  const { page, close } = await openPage(browser, file, {
    size: number % 2 ? 'desktop' : 'phone',
    language: number % 3 ? 'en' : 'ko',
    calm: true,
  });
  await lookForText(page, number, text);
  if (isSoak || isForSheets(text)) await lookAtDownloads(page, number, run);
  for (const fault of await close()) complain(number, fault);
}
// each in windows of its own; begun once more with another browser where one stands still, from where it stood
const left = [...chosen];
await withBrowser(600_000, async (browser) => {
  for (; left.length > 0; left.shift()) await openOne(browser, left[0]);
});
rmSync(folder, { recursive: true, force: true });
console.log(`${chosen.length} of ${strings.length} strings, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
