// The report of the Korean build-out in a real browser, as its readers meet it.
//
//   node tests/page/page_test.mjs PROGRAM FOLDER [run|open|read|use|all]
//
// `run` plans a shortened Korea into FOLDER/run, plays it, and writes FOLDER/run.html and risk.html; the other parts
// read these. `open` is for `make bench`: what it measures is the machine's as much as the page's. Pictures, where they
// are wanted, are kept in FOLDER. Each part prints what it found and ends with 1 where something is not as it should be.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawAll, openPage, seriousFaults, withBrowser } from './browser.mjs';
import { records, shows, tableOf } from './figures.mjs';
import { keepPicture, keepSections } from './pictures.mjs';
import { useThePage } from './use.mjs';

const program = resolve(process.argv[2]);
const folder = resolve(process.argv[3]);
const part = process.argv[4] ?? 'all';
const runFolder = join(folder, 'run');
const file = join(folder, 'run.html');
const riskFile = join(folder, 'risk.html');
const korea = fileURLToPath(new URL('../../scenarios/korea', import.meta.url));

const openMsMax = 1000;
const openings = 5;
const rounds = 3;
const figuresMin = 20;
const bytesMax = 3_000_000;

const complaints = [];
function complain(...words) {
  complaints.push(words);
  console.log(...words);
}

/** One slice a day and a looser gap: half a minute becomes a quarter of one, and every table is there. */
function makeRun() {
  mkdirSync(folder, { recursive: true });
  rmSync(runFolder, { recursive: true, force: true });
  const faster = ['--set', 'calendar.slices_per_day=1', '--set', 'objective.tolerance=0.004'];
  execFileSync(program, ['plan', korea, ...faster, '-o', runFolder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const said = JSON.parse(execFileSync(program, ['report', runFolder, '-o', file, '--json'], { encoding: 'utf8' }));
  console.log(`${said.bytes} bytes`);
  if (said.bytes > bytesMax) complain('the page has', said.bytes, 'bytes, more than', bytesMax);
  const odds = join(folder, 'odds');
  execFileSync(program, ['risk', runFolder, '-o', odds], { stdio: ['ignore', 'ignore', 'inherit'] });
  const both = execFileSync(program, ['report', runFolder, odds, '-o', riskFile, '--json'], { encoding: 'utf8' });
  console.log(`${JSON.parse(both).bytes} bytes with a risk run`);
  if (JSON.parse(both).bytes > bytesMax) complain('with a risk run it has', both);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** From the start of each navigation until the first section and the charts near the window stand, in ms. */
async function openingTimes(browser, size) {
  const times = [];
  for (let i = 0; i < openings; i++) {
    const opened = await openPage(browser, file, { size });
    times.push(await opened.page.evaluate(() => window.stoodAfter));
    for (const fault of await opened.close()) complain(size, fault);
  }
  console.log(`${size} opens in ${times.map((ms) => Math.round(ms)).join(', ')} ms`);
  return times;
}

/** The median of five openings; on a machine that is busy with something else, that of another five. */
async function measureOpening(browser) {
  for (const size of ['desktop', 'phone']) {
    let best = Infinity;
    for (let i = 0; i < rounds && best > openMsMax; i++) best = Math.min(best, median(await openingTimes(browser, size)));
    if (!(best <= openMsMax)) complain(size, 'opens in', best, 'ms, more than', openMsMax);
  }
}

/** Every number marked as one of a table, with what the page shows for it. */
function marked(page) {
  return page.evaluate(() => {
    const visible = (element) => element.innerText.trim();
    const of = (selector, read) => [...document.querySelectorAll(selector)].map(read);
    return {
      figures: of('[data-figure]', (each) => [each.dataset.figure, Number(each.dataset.value), visible(each)]),
      cells: of('[data-cell]', (each) => [...each.dataset.cell.split('/'), Number(each.dataset.value), visible(each)]),
    };
  });
}

/** The value of a cell "TABLE/COLUMN/KEY" as the program has it. */
function makeLookup() {
  const tables = new Map();
  const rowsOf = (name) => {
    if (!tables.has(name)) tables.set(name, records(tableOf(program, runFolder, name)));
    return tables.get(name);
  };
  return {
    figure: (name) => rowsOf('summary').find((row) => row.name === name)?.value,
    cell(table, column, key) {
      const rows = rowsOf(table);
      // of what a row implies of a kind, not of what it is held against
      if (table === 'audit')
        return rows.find((row) => [row.claim, row.basis, row.reading, row.kind].join('|') === key)?.[column];
      const [measure, place] = key.split('@');
      const last = rows.at(-1)?.period !== undefined && rows.map((row) => row.period).sort().at(-1);
      const found =
        column === 'value'
          ? rows.find((row) => row.measure === measure && row.place === place && row.period === last)
          : rows.find((row) => [row.delivery, row.commitment, row.capacity].includes(key));
      return found?.[column];
    },
  };
}

/** The figures on the page are those of the tables, as raw numbers and as they are shown. */
async function compareFigures(page, where, lookup) {
  const { figures, cells } = await marked(page);
  const compared = new Set();
  const compare = (name, wanted, raw, text) => {
    if (wanted !== raw) complain(where, name, 'is', wanted, 'and the page holds', raw);
    if (!shows(text, raw)) complain(where, name, 'is', raw, 'and the page shows', JSON.stringify(text));
    compared.add(name);
  };
  for (const [name, raw, text] of figures) compare(name, lookup.figure(name), raw, text);
  for (const [table, column, key, raw, text] of cells)
    compare(`${table} ${column} ${key}`, lookup.cell(table, column, key), raw, text);
  console.log(`${where}: ${compared.size} figures compared`);
  if (compared.size < figuresMin) complain(where, 'only', compared.size, 'figures to compare');
}

async function lookAtLayout(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) complain(where, 'scrolls sideways by', wide);
  const texts = await page.evaluate(() => document.body.innerText);
  for (const word of ['NaN', 'undefined', 'null', 'Infinity', '[object', '∞'])
    if (texts.includes(word)) complain(where, 'shows', word, JSON.stringify(texts.slice(Math.max(0, texts.indexOf(word) - 80)).slice(0, 160)));
}

/** Both widths in both languages: figures, layout, accessibility in both colours, pictures. */
async function readThePage(browser) {
  const lookup = makeLookup();
  for (const size of ['desktop', 'phone']) {
    for (const language of ['en', 'ko']) {
      const where = `${size} ${language}`;
      const { page, close } = await openPage(browser, file, { size, language, calm: true });
      await drawAll(page);
      await compareFigures(page, where, lookup);
      await lookAtLayout(page, where);
      await keepPicture(page, folder, where.replace(' ', '_'));
      // one language a width: what is wrong with a section shows in either
      if ((size === 'phone') === (language === 'ko')) await keepSections(page, folder, where.replace(' ', '_'));
      for (const fault of await seriousFaults(page)) complain(where, fault);
      // colours are the same in both languages
      if (language === 'en') {
        await page.getByTestId('theme').click();
        for (const fault of await seriousFaults(page)) complain(where, 'dark', fault);
        await keepPicture(page, folder, `${size}_dark`);
      }
      for (const fault of await close()) complain(where, fault);
    }
  }
}

if (part === 'run' || part === 'all') makeRun();
const about = { program, run: runFolder, file, riskFile, folder, complain };
// far longer than any part takes on a machine three times slower and busy: a browser that stands still is meant
const patience = 400_000;
if (part === 'open' || part === 'all') await withBrowser(patience, measureOpening);
if (part === 'read' || part === 'all') await withBrowser(patience, readThePage);
if (part === 'use' || part === 'all') await withBrowser(patience, (browser) => useThePage(browser, about));
if (complaints.length > 0) {
  console.log(`${complaints.length} faults`);
}
// at once: a browser that stands still is not waited for
process.exit(complaints.length > 0 ? 1 : 0);
