// The section of a peak day in a real browser: a site lost at noon, told in words, in figures and over the day.
//
//   node tests/page/day_page_test.mjs PROGRAM FOLDER
//
// A first scenario is planned and reported into FOLDER; the tables of a day are put into its page, made up so that each
// figure can be reckoned by hand: four sites, the largest lost from 12:00 to 14:00, the others slower for it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { drawAll, openPage, seriousFaults, withBrowser } from './browser.mjs';
import { shows } from './figures.mjs';
import { keepPicture } from './pictures.mjs';
import { readCsv, take } from './sheets.mjs';

const program = resolve(process.argv[2]);
const folder = resolve(process.argv[3]);
const [scenario, run, plain, file] = ['scenario', 'run', 'plain.html', 'day.html'].map((name) => join(folder, name));

const step = 5;
const bins = (24 * 60) / step;
const [lostAt, backAt] = [12 * 60, 14 * 60];
const sites = [
  { site: 'mokpo', title: 'Mokpo', title_ko: '목포', longitude: 126.4, racks: 30, share: 0.3, cap: 6 },
  { site: 'ulsan', title: 'Ulsan, the large one', title_ko: '울산', longitude: 129.4, racks: 40, share: 0.4, cap: 8 },
  { site: 'jeju', title: 'Jeju </script>', title_ko: '제주', longitude: 126.5, racks: 10, share: 0.1, cap: NaN },
  { site: 'pohang', title: 'Pohang', title_ko: '포항', longitude: 129.3, racks: 20, share: 0.2, cap: 4 },
];
const tokens = 2e6;
const arrivals = 60_000;

let faults = 0;
function complain(...words) {
  faults += 1;
  console.log(...words);
}

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function siteRow(each, minute) {
  const without = minute >= lostAt && minute < backAt;
  const gone = without && each.site === 'ulsan';
  const share = gone ? 0 : without ? each.share / 0.6 : each.share;
  return {
    site: each.site,
    minute,
    time: clock(minute),
    arrivals: arrivals * share,
    finished: arrivals * share,
    refused: 0,
    lost: gone && minute === lostAt ? 700 : 0,
    rerouted_in: without && !gone ? arrivals * (share - each.share) : 0,
    rerouted_out: gone ? arrivals * each.share : 0,
    tokens_in: 2 * tokens * share,
    tokens_out: tokens * share,
    ttft_p50: gone ? NaN : without ? 0.5 : 0.25,
    ttft_p95: gone ? NaN : without ? (each.site === 'pohang' ? 1.75 : 1.5) : 0.5,
    tpot_p50: gone ? NaN : 0.03,
    tpot_p95: gone ? NaN : 0.04,
    queue: without && each.site === 'pohang' ? 40 : 0,
    load: share,
    power: gone ? 0 : each.racks * 0.1 * (without ? 1.2 : 1),
    cap: each.cap,
  };
}

function fleetRow(minute) {
  const without = minute >= lostAt && minute < backAt;
  return {
    minute,
    time: clock(minute),
    arrivals,
    // by arrival, and by when nobody would serve them any more: those under way at noon had arrived before
    rejected: without ? 10 : 0,
    lost: minute === lostAt - step ? 700 : 0,
    unserved_lost: minute === lostAt ? 700 : 0,
    unserved_refused: without ? 10 : 0,
    good_share: without ? 0.9 : 0.99,
    ttft_mean: without ? 0.8 : 0.3,
    tpot_mean: 0.03,
  };
}

/** Rows as the page's tables: see src/report/page_data.h. */
function pageTable(name, rows) {
  const columns = Object.keys(rows[0]).map((column) => {
    const values = rows.map((row) => row[column]);
    const isText = typeof values[0] === 'string';
    return {
      name: column,
      unit: '',
      description: '',
      type: isText ? 'text' : 'number',
      values: values.map((value) => (isText || Number.isFinite(value) ? value : null)),
    };
  });
  return { name, title: name, rows: rows.length, columns };
}

const minutes = Array.from({ length: bins }, (_, i) => i * step);
const dayTables = () => ({
  serving_sites: pageTable('serving_sites', sites.flatMap((each) => minutes.map((minute) => siteRow(each, minute)))),
  serving_places: pageTable('serving_places', sites.map(({ share, cap, ...place }) => ({ ...place, share, cap }))),
  serving_fleet: pageTable('serving_fleet', minutes.map(fleetRow)),
  serving_events: pageTable('serving_events', [
    { minute: lostAt, time: '12:00', site: 'ulsan', event: 'lost', detail: 'power', amount: 1 },
    { minute: backAt, time: '14:00', site: 'ulsan', event: 'restored', detail: '', amount: 1 },
  ]),
});

/** Changes the JSON of one data element of a page. */
function edit(page, id, change) {
  const [head, tail] = [`<script type="application/json" id="${id}">`, '</script>'];
  const from = page.indexOf(head) + head.length;
  const to = page.indexOf(tail, from);
  const value = JSON.parse(page.slice(from, to));
  change(value);
  const text = JSON.stringify(value).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return page.slice(0, from) + text + page.slice(to);
}

function makePages() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const call = (...words) => execFileSync(program, words, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  call('init', scenario);
  call('plan', scenario, '--set', 'calendar.slices_per_day=1', '-o', run);
  call('report', run, '-o', plain);
  let page = readFileSync(plain, 'utf8');
  page = edit(page, 'tables', (tables) => Object.assign(tables, dayTables()));
  page = edit(page, 'settings', (settings) =>
    settings.runs.push({ run: 'day', study: 'serving', set: [], facts: { ttft_s: 2 }, tables: Object.keys(dayTables()) }),
  );
  writeFileSync(file, page);
}

/** What each stretch must show, reckoned from the made-up day. */
const wanted = {
  'before/tokens': tokens,
  'without/tokens': tokens,
  'before/ttft': 0.3,
  'without/ttft': 0.8,
  'after/ttft': 0.3,
  'before/worst': 0.5,
  'without/worst': 1.75,
  'without/good': 0.9,
  'without/queue': 40,
  'before/power': 10,
  'without/power': 7.2,
  'without/rerouted': 24 * arrivals * 0.4,
  'before/underWay': 0,
  'without/underWay': 700,
  'without/refused': 24 * 10,
  'after/refused': 0,
};

async function compareStretches(page, where) {
  const cells = await page
    .locator('[data-stretch]')
    .evaluateAll((all) => all.map((each) => [each.dataset.stretch, Number(each.dataset.value), each.innerText]));
  const found = new Map(cells.map(([key, value, text]) => [key, { value, text }]));
  for (const [key, value] of Object.entries(wanted)) {
    const cell = found.get(key);
    if (!cell || Math.abs(cell.value - value) > 1e-6 * Math.max(1, value)) complain(where, key, 'is', value, 'and the page holds', cell?.value);
  }
  const power = found.get('without/power');
  if (power && !shows(power.text, 7.2)) complain(where, 'power', power.text);
  if (!found.get('without/worst')?.text.includes(where.includes(' ko') ? '포항' : 'Pohang')) complain(where, 'does not name the slowest site');
}

async function lookAt(page, where) {
  const text = await page.locator('#day').innerText();
  for (const word of ['NaN', 'undefined', 'null', 'Infinity', '[object'])
    if (text.includes(word)) complain(where, 'shows', word, JSON.stringify(text.slice(Math.max(0, text.indexOf(word) - 80)).slice(0, 160)));
  const lead = await page.getByTestId('day-lead').innerText();
  for (const word of where.includes(' ko') ? ['12:00', '14:00', '울산', '40%'] : ['12:00', '14:00', 'Ulsan, the large one', '40%', '90%', '940 requests', '700 under way', '240 refused'])
    if (!lead.includes(word)) complain(where, 'does not say', word, 'in', lead);
  // from west to east
  const order = await page.locator('[data-testid^="day-power-"]').evaluateAll((all) => all.map((each) => each.dataset.testid));
  if (order.join() !== ['mokpo', 'jeju', 'pohang', 'ulsan'].map((site) => `day-power-${site}`).join()) complain(where, 'orders', order);
  for (const id of ['day-stretches', 'day-tokens', 'day-ttft', 'day-arrivals', 'day-queue', 'day-power'])
    if ((await page.getByTestId(`panel-${id}`).count()) !== 1) complain(where, 'has no panel', id);
  const drawn = await page.locator('#day .echart svg path').count();
  if (drawn < 20) complain(where, 'draws', drawn, 'paths');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) complain(where, 'scrolls sideways by', wide);
}

/** A site of choice shows its own times, and a sheet holds every bin of every site. */
async function use(page) {
  const titleOf = () => page.getByTestId('panel-day-ttft').locator('h3').innerText();
  const before = await titleOf();
  await page.getByTestId('day-site').selectOption('mokpo');
  if ((await titleOf()) === before || !(await titleOf()).includes('Mokpo')) complain('a chosen site shows', await titleOf());
  const csv = readCsv((await take(page, 'csv-day-tokens')).path);
  if (csv.length !== bins + 1 || csv[0].length !== sites.length + 1) complain('tokens:', csv.length, 'rows,', csv[0].length, 'columns');
  const noon = csv.find((row) => row[0] === '12:00');
  if (Number(noon.at(-1)) !== 0) complain('ulsan serves', noon.at(-1), 'without power');
  await page.getByTestId('day-events').evaluate((details) => (details.open = true));
  if (!(await page.getByTestId('day-events').innerText()).includes('is lost')) complain('the events do not tell of the loss');
}

makePages();
await withBrowser(120_000, async (browser) => {
  for (const [size, language, dark] of [
    ['desktop', 'en', false],
    ['phone', 'ko', true],
  ]) {
    const where = `${size} ${language}`;
    const { page, close } = await openPage(browser, file, { size, language, dark, calm: true });
    await drawAll(page);
    await compareStretches(page, where);
    await lookAt(page, where);
    await keepPicture(page, folder, where.replaceAll(' ', '_'));
    if (size === 'phone') for (const fault of await seriousFaults(page)) complain(where, fault);
    else await use(page);
    for (const fault of await close()) complain(where, fault);
  }
});
console.log(`${Object.keys(wanted).length} figures, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
