// The report of a plan and of its risk run in a real browser: odds, fans, dates, causes, levers and draws.
//
//   node tests/page/risk_page_test.mjs PROGRAM FOLDER
//
// A first scenario with halls that may be late and a strike that may come is planned, played and reported into FOLDER.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { drawAll, openPage, seriousFaults, withBrowser } from './browser.mjs';
import { records, shows, tableOf } from './figures.mjs';
import { keepPicture } from './pictures.mjs';
import { differences, readCsv, take } from './sheets.mjs';

const program = resolve(process.argv[2]);
const folder = resolve(process.argv[3]);
const [scenario, run, odds] = ['scenario', 'run', 'odds'].map((name) => join(folder, name));
const [both, alone] = ['both.html', 'alone.html'].map((name) => join(folder, name));

const uncertain = `
[uncertainty.halls]
title = "Halls are late"
title_ko = "전산동 지연"
of = "hall@ulsan"
what = "delay"
low = "0 month"
mode = "1 month"
high = "14 month"

[uncertainty.racks]
of = "rack*"
kind = "capacity"
what = "limit"
low = 0.7
mode = 1.0
high = 1.1

[shock.strike]
title = "A strike at the rack makers"
title_ko = "랙 제조사 파업"
rate = "0.5 /year"
duration = {low = "2 month", mode = "4 month", high = "8 month"}
effects = [{of = "rack*", kind = "capacity", what = "limit", value = 0.0}]

[milestone.first_phase]
title = "The first halls in Ulsan"
title_ko = "울산 첫 전산동"
draws = [{kind = "online", of = "hall@ulsan"}]
quantity = "5 MW"
by = "2028-06"

[milestone.out_of_reach]
draws = [{kind = "online", of = "hall@ulsan"}]
quantity = "500 MW"
by = "2030-06"
`;

let faults = 0;
function complain(...words) {
  faults += 1;
  console.log(...words);
}

function makePages() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const call = (...words) => execFileSync(program, words, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  call('init', scenario);
  appendFileSync(join(scenario, 'scenario.toml'), uncertain);
  call('plan', scenario, '--set', 'calendar.slices_per_day=1', '-o', run);
  call('risk', run, '--replications', '2000', '-o', odds);
  call('report', run, odds, '-o', both);
  call('report', odds, '-o', alone);
}

const milestonesOf = () => records(tableOf(program, odds, 'risk_milestones'));
const keyOf = (row) => `${row.milestone}@${row.due}`;
const isPlanned = (row) => row.planned >= row.quantity * (1 - 1e-6);

async function lookAtLayout(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) complain(where, 'scrolls sideways by', wide);
  const text = await page.locator('#risk').innerText();
  for (const word of ['NaN', 'undefined', 'null', 'Infinity', '[object'])
    if (text.includes(word)) complain(where, 'shows', word, JSON.stringify(text.slice(Math.max(0, text.indexOf(word) - 80)).slice(0, 160)));
}

/** Each milestone that the plan meets has its probability, as the table has it; the others stand apart, without one. */
async function compareOdds(page, where) {
  const cells = await page.locator('[data-cell^="risk_milestones/"]').evaluateAll((all) =>
    all.map((each) => [each.dataset.cell.split('/')[2], Number(each.dataset.value), each.innerText]),
  );
  const rows = milestonesOf();
  const wanted = rows.filter(isPlanned);
  if (cells.length !== wanted.length || cells.length === 0) complain(where, cells.length, 'odds for', wanted.length);
  for (const [key, raw, text] of cells) {
    const row = wanted.find((each) => keyOf(each) === key);
    if (row?.probability !== raw) complain(where, key, 'is', row?.probability, 'and the page holds', raw);
    if (!/[<>]/.test(text) && !shows(text, raw)) complain(where, key, 'is', raw, 'and the page shows', text);
  }
  const apart = await page.getByTestId('odds-not-planned').locator('li').count();
  if (apart !== rows.length - wanted.length) complain(where, apart, 'stand apart of', rows.length - wanted.length);
}

/** What a reader chooses changes what is shown, and causes lead to the scenario. */
async function use(page) {
  await page.locator('.panel[id="panel-fan-other"]').scrollIntoViewIfNeeded();
  const other = page.getByTestId('fan-choice');
  const keys = await other.locator('option').evaluateAll((all) => all.map((each) => each.value));
  const titleOf = (id) => page.getByTestId(id).locator('h3').innerText();
  const before = await titleOf('panel-fan-other');
  await other.selectOption(keys.at(-1));
  if (keys.length > 1 && (await titleOf('panel-fan-other')) === before) complain('another figure shows none');

  const rows = milestonesOf();
  const row = rows.find((each) => each.milestone === 'first_phase');
  await page.getByTestId(`odds-${keyOf(row)}`).locator('button.ask').click();
  if (!(await titleOf('panel-risk-dates')).includes(row.title)) complain('dates are those of', await titleOf('panel-risk-dates'));
  const dates = records(tableOf(program, odds, 'risk_dates')).filter((each) => keyOf(each) === keyOf(row));
  const csv = readCsv((await take(page, 'csv-risk-dates')).path);
  if (csv.length !== dates.length + 1) complain('dates:', csv.length - 1, 'rows for', dates.length);
  dates.forEach((each, i) => {
    if (Number(csv[i + 1][1]) !== each.share) complain('dates:', csv[i + 1], 'for', each.share);
  });

  const panel = page.getByTestId('source-panel');
  await page.getByTestId('causes-key').locator('button').first().click();
  await panel.waitFor({ state: 'visible' });
  const paths = await panel.locator('li[data-path]').evaluateAll((all) => all.map((each) => each.dataset.path));
  if (paths.length === 0) complain('a cause leads to no entry of the scenario');
  await page.keyboard.press('Escape');

  const drawn = page.getByTestId('drawn-count');
  const all = await drawn.innerText();
  await page.getByTestId('drawn-search').fill('delay');
  await page.waitForFunction((text) => document.querySelector('[data-testid=drawn-count]').innerText !== text, all);
  const found = await page.getByTestId('panel-risk-drawn').locator('.tabulator-row').allInnerTexts();
  if (found.length === 0 || found.some((text) => !text.includes('delay'))) complain('search finds', found);

  await page.locator('details.all').evaluate((details) => (details.open = true));
  for (const name of ['risk_milestones', 'risk_causes', 'risk_levers', 'risk_inputs']) {
    const wrong = differences(readCsv((await take(page, `all-csv-${name}`)).path), tableOf(program, odds, name));
    if (wrong) complain(name, 'CSV:', wrong);
  }
}

/** Every panel that the run has tables for stands, and each chart is drawn. */
async function lookAtPanels(page, where) {
  for (const id of ['risk-odds', 'fan-other', 'risk-dates', 'risk-causes', 'risk-levers', 'risk-drawn'])
    if ((await page.getByTestId(`panel-${id}`).count()) !== 1) complain(where, 'has no panel', id);
  const fans = await page.locator('#risk [id^="panel-fan-"] .echart svg path').count();
  if (fans < 10) complain(where, 'draws', fans, 'lines of fans');
}

makePages();
await withBrowser(120_000, async (browser) => {
  for (const [size, language, dark, file] of [
    ['desktop', 'en', false, both],
    ['phone', 'ko', true, both],
    ['desktop', 'ko', false, alone],
  ]) {
    const where = `${size} ${language} ${file === alone ? 'alone' : 'with its plan'}`;
    const { page, close } = await openPage(browser, file, { size, language, dark, calm: true });
    await drawAll(page);
    await lookAtPanels(page, where);
    await compareOdds(page, where);
    await lookAtLayout(page, where);
    const hasPlan = (await page.locator('#plan').count()) === 1;
    if (hasPlan !== (file === both)) complain(where, hasPlan ? 'claims a plan' : 'has no plan');
    await keepPicture(page, folder, where.replaceAll(' ', '_'));
    if (size === 'phone' || file === alone) for (const fault of await seriousFaults(page)) complain(where, fault);
    else await use(page);
    for (const fault of await close()) complain(where, fault);
  }
});
console.log(`${milestonesOf().length} milestones, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
