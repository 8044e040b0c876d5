// The page in use: what a reader clicks, types, prints and takes away.
import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawAll, openPage, seriousFaults } from './browser.mjs';
import { records, shows, tableNames, tableOf } from './figures.mjs';
import { areWanted, keepDocumentPictures, riskPictures } from './pictures.mjs';
import { openCounted, readPromises } from './promises.mjs';
import { differences, liveFormulas, readCsv, readXlsx, take } from './sheets.mjs';

const isSoak = process.env.BELTLINE_SOAK === '1';
/** Tables taken as workbooks in the short form; all of them as CSV, and in a soak all as both. */
const asWorkbooks = ['summary', 'worth', 'late', 'late_chain', 'commitments', 'accounts', 'inputs', 'names'];

/** Language and colours change at once, for all of the page, and stay in the address. */
async function choose(page, complain) {
  const heading = () => page.locator('#plan-title').innerText();
  await page.getByTestId('lang-ko').click();
  if ((await heading()) !== '계획 요약') complain('Korean: the heading is', await heading());
  if ((await page.getAttribute('html', 'lang')) !== 'ko') complain('Korean: the page does not say so');
  const koreanMonth = await page.getByTestId('panel-map').locator('output').innerText();
  if (!/\d{4}년 \d+월/.test(koreanMonth)) complain('Korean: the month is', koreanMonth);
  await page.getByTestId('lang-en').click();
  if ((await heading()) !== 'The plan in brief') complain('English: the heading is', await heading());
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByTestId('theme').click();
  if ((await ground()) === light) complain('dark: the ground is as light as before');
  if (!page.url().includes('theme=dark')) complain('dark: not in the address', page.url());
  await page.getByTestId('theme').click();
}

/** The map follows its slider, by key and by hand, and plays to the last month. */
async function moveTheMap(page, complain) {
  const panel = page.getByTestId('panel-map');
  const slider = page.getByTestId('map-month');
  const title = () => panel.locator('h3').innerText();
  const last = await title();
  await slider.focus();
  await page.keyboard.press('Home');
  if ((await title()) === last) complain('map: the slider moves nothing', last);
  await page.keyboard.press('ArrowRight');
  if ((await slider.inputValue()) !== '1') complain('map: the arrow moves to', await slider.inputValue());
  await slider.fill(String(Number(await slider.getAttribute('max')) - 3));
  await page.getByTestId('map-play').click();
  await page.waitForFunction((text) => document.querySelector('#panel-map h3').innerText === text, last);
  await page.waitForFunction(() => /Play/.test(document.querySelector('[data-testid=map-play]').innerText));
}

/** A cell of the audit opens on what it is held against, what moves it and its lines; the ratio is the table's. */
async function askTheAudit(page, { program, run, complain }) {
  const rows = records(tableOf(program, run, 'audit'));
  const pair = rows.find((row) => row.relation === 'agreement' && row.verdict === 'differs' && row.reading === '');
  await page.getByTestId(`audit-${pair.claim}|${pair.basis}|-${pair.kind}`).click();
  const dialog = page.getByTestId('audit-dialog');
  const compared = await dialog.getByTestId('audit-compared').allInnerTexts();
  if (!compared.some((text) => shows(/[\d.,]+×/.exec(text)?.[0] ?? '', pair.ratio_p50)))
    complain('audit: the dialog shows', compared, 'for', pair.ratio_p50);
  const uses = records(tableOf(program, run, 'audit_uses')).filter(
    (row) => row.claim === pair.claim && row.basis === pair.basis && row.reading === '' && row.kind === pair.kind,
  );
  const top = uses.toSorted((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation))[0];
  const first = await dialog.getByTestId('audit-drivers').locator('li').first().innerText();
  if (!first.includes(top.path)) complain('audit: moved most by', top.path, 'and the dialog shows', first);
  await dialog.locator('details').evaluate((details) => (details.open = true));
  const lines = await dialog.getByTestId('audit-lines').locator('li').count();
  if (lines !== uses.length) complain('audit:', lines, 'lines of', uses.length);
  if (!(await dialog.innerText()).includes(`claim.${pair.claim}.window`)) complain('audit: no window that would do');
  for (const fault of await seriousFaults(page)) complain('audit dialog', fault);
  await page.keyboard.press('Escape');
  const count = () => page.locator('#panel-audit tbody tr').count();
  const before = await count();
  await page.getByTestId('audit-readings').check();
  if (!((await count()) > before)) complain('audit: no further readings');
  await page.getByTestId('audit-readings').uncheck();
  await page.getByTestId('audit-all').check();
  if (!((await count()) > before)) complain('audit: no further claims');
  await page.getByTestId('audit-all').uncheck();
}

/** Every table under a picture opens and has rows; what it offers is the same as CSV and as workbook. */
async function takeFromPanels(page, complain) {
  const ids = await page.locator('figure.panel').evaluateAll((all) => all.map((each) => each.dataset.testid.slice(6)));
  for (const id of ids) {
    await page.getByTestId(`table-${id}`).evaluate((details) => (details.open = true));
    const rowCount = await page.getByTestId(`table-${id}`).locator('.tabulator-row').first().isVisible()
      .catch(() => false);
    await page.getByTestId(`table-${id}`).locator('.tabulator-row').first().waitFor()
      .catch(() => complain(id, 'its table has no rows', rowCount));
    await page.getByTestId(`table-${id}`).evaluate((details) => (details.open = false));
    const csv = readCsv((await take(page, `csv-${id}`)).path);
    const book = readXlsx((await take(page, `xlsx-${id}`)).path);
    if (csv.length < 2) complain(id, 'CSV: no rows');
    if (csv.length !== book.length) complain(id, 'CSV and XLSX:', csv.length, 'and', book.length, 'rows');
    for (const cell of liveFormulas(csv)) complain(id, 'CSV: a live formula', JSON.stringify(cell));
    for (const [i, row] of csv.entries())
      for (const [j, cell] of row.entries()) {
        const other = book[i]?.[j] ?? '';
        if (cell !== String(other) && cell !== `'${other}`) return complain(id, 'CSV and XLSX:', cell, 'and', other);
      }
  }
  return ids.length;
}

/** Every table of the run, taken from the page, is what the program prints. */
async function takeTables(page, { program, run, complain }) {
  await page.locator('details.all').evaluate((details) => (details.open = true));
  const offered = await page.getByTestId('all-tables').locator('code').allInnerTexts();
  const leftOut = await page.evaluate(() => JSON.parse(document.getElementById('settings').textContent).left_out);
  if (leftOut.join() !== 'activity,dispatch') complain('the page leaves out', leftOut);
  const wanted = tableNames(program, run).filter((name) => !leftOut.includes(name));
  for (const name of wanted) {
    const table = tableOf(program, run, name);
    if (!offered.includes(name)) {
      if (table.rows.length > 0) complain(name, 'is not offered');
      continue;
    }
    const rows = readCsv((await take(page, `all-csv-${name}`)).path);
    const wrong = differences(rows, table);
    if (wrong) complain(name, 'CSV:', wrong);
    for (const cell of liveFormulas(rows)) complain(name, 'CSV: a live formula', JSON.stringify(cell));
    if (!isSoak && !asWorkbooks.includes(name)) continue;
    const inBook = differences(readXlsx((await take(page, `all-xlsx-${name}`)).path), table);
    if (inBook) complain(name, 'XLSX:', inBook);
  }
  return offered.length;
}

/** All values of the panel of sources, its entries opened one and all. */
async function valuesOf(panel) {
  await panel.evaluate((dialog) => dialog.querySelectorAll('details').forEach((details) => (details.open = true)));
  await panel.page().waitForFunction(() => document.querySelectorAll('dialog details:not(:has(li))').length === 0);
  return panel.locator('li[data-path]').evaluateAll((all) =>
    all.map((row) => ({
      path: row.dataset.path,
      text: row.textContent,
      value: row.querySelector('strong')?.textContent ?? '',
      range: row.querySelector('.what .faint')?.textContent ?? '',
      badge: row.querySelector('.badge')?.textContent ?? '',
    })),
  );
}

/** What a row of the panel lacks of an input; empty where it lacks nothing. */
function whatIsWrong(row, input) {
  const isNumber = input.mode !== null;
  if (isNumber && !shows(row.value, input.mode)) return `shows ${row.value} for ${input.mode}`;
  if (!isNumber && input.value && row.value.trim() !== input.value.trim()) return `shows ${row.value} for ${input.value}`;
  if (isNumber && input.low !== null && input.low !== input.high) {
    const [low, high] = row.range.split('–');
    if (!high || !shows(low, input.low) || !shows(high, input.high)) return `shows the range ${row.range}`;
  }
  if (row.badge !== input.confidence) return `shows the confidence ${row.badge} for ${input.confidence}`;
  if (input.source && !row.text.includes(input.source)) return `does not cite ${input.source}`;
  if (!input.is_default && !row.text.includes(`${input.file}:${input.line}`)) return 'has no place in a file';
  return '';
}

/** Each figure's panel names entries with value, range, unit, source, confidence and place; keys open and close it. */
async function askForSources(page, { program, run, complain }) {
  const inputs = records(tableOf(program, run, 'inputs'));
  const panel = page.getByTestId('source-panel');
  const cards = page.locator('[data-testid^=card-]');
  let values = 0;
  for (const card of await cards.all()) {
    const name = (await card.getAttribute('data-testid')).slice(5);
    await card.focus();
    await page.keyboard.press('Enter');
    await panel.waitFor({ state: 'visible' });
    const rows = await valuesOf(panel);
    if (rows.length === 0) complain(name, 'has no sources');
    for (const row of rows) {
      const input = inputs.find((each) => each.path === row.path);
      const wrong = input ? whatIsWrong(row, input) : 'is no input';
      if (wrong) complain(name, 'sources:', row.path, wrong);
    }
    values += rows.length;
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    const isBack = await card.evaluate((element) => element === document.activeElement);
    if (!isBack) complain(name, 'is not where the reader is after Escape');
  }
  await page.locator('button.fig').first().click();
  await panel.waitFor({ state: 'visible' });
  await page.getByTestId('source-close').click();
  await panel.waitFor({ state: 'hidden' });
  return `${values} values behind ${await cards.count()} figures`;
}

/** Printed from the top of the page, unread: every chart is drawn on paper. */
async function print(browser, { file, folder, complain }) {
  const { page, close } = await openPage(browser, file, {});
  // what is still being drawn when the paper is taken is not on it: curtains that open from nothing
  const unfinished = await page.evaluate(() => {
    window.dispatchEvent(new Event('beforeprint'));
    const isShut = (curtain) => curtain.getBBox().width < 1;
    const charts = [...document.querySelectorAll('.echart')];
    const found = charts.filter((chart) => [...chart.querySelectorAll('clipPath > *')].some(isShut));
    window.dispatchEvent(new Event('afterprint'));
    return found.map((chart) => chart.closest('figure').id);
  });
  if (unfinished.length > 0) complain('print: not yet drawn:', unfinished.join(', '));
  const paper = await page.pdf({ format: 'A4' });
  writeFileSync(join(folder, 'print.pdf'), paper);
  const blank = await page.evaluate(() =>
    [...document.querySelectorAll('.echart')].filter((chart) => !chart.querySelector('svg path')).length,
  );
  if (blank > 0) complain('print:', blank, 'charts are not drawn');
  const sheets = paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  if (sheets < 8 || sheets > 60) complain('print:', sheets, 'sheets of paper');
  for (const fault of await close()) complain('print:', fault);
  console.log(`printed on ${sheets} sheets`);
}

/** Who asks for calm sees no animation: charts stand still from their first drawing on. */
async function keepCalm(browser, { file, complain }) {
  const { page, close } = await openPage(browser, file, { calm: true });
  await drawAll(page);
  const moving = await page.evaluate(() => document.getAnimations().length);
  if (moving > 0) complain('calm:', moving, 'animations');
  await page.locator('nav.contents a').last().click();
  const isThere = await page.locator('#sources-title').evaluate((title) => title === document.activeElement);
  if (!isThere) complain('calm: the contents lead nowhere');
  for (const fault of await close()) complain('calm:', fault);
}

/** A run that found no plan has a page that says so. */
async function openWithoutPlan(browser, { program, folder, complain }) {
  const [scenario, run, file] = ['noplan', 'noplan_run', 'noplan_run.html'].map((name) => join(folder, name));
  for (const path of [scenario, run]) rmSync(path, { recursive: true, force: true });
  spawnSync(program, ['init', scenario]);
  const demand = '\n[limit.too_much]\nunit = "MW"\nterms = [{kind = "online", of = "hall@ulsan"}]\nlower = "1000 MW"\n';
  appendFileSync(join(scenario, 'scenario.toml'), demand);
  const planned = spawnSync(program, ['plan', scenario, '-o', run]);
  if (planned.status !== 3) complain('no plan: plan ends with', planned.status);
  const reported = spawnSync(program, ['report', run, '-o', file], { encoding: 'utf8' });
  if (reported.status !== 0) return complain('no plan: report ends with', reported.status, reported.stderr);
  const { page, close } = await openPage(browser, file, {});
  if (!(await page.locator('#noplan').isVisible())) complain('no plan: the page does not say why');
  for (const [panel, item] of [['#panel-shortages', 'li'], ['#panel-changes', 'li p']]) {
    const items = await page.locator(`${panel} ${item}`).allInnerTexts();
    if (items.length === 0) complain('no plan:', panel, 'tells nothing');
    for (const text of items) {
      if (/undefined|NaN|→\s*$/.test(text.trim())) complain('no plan:', panel, 'says', text);
    }
  }
  if (!/proved/.test(await page.getByTestId('status').innerText())) complain('no plan: it is not said to be proved');
  if ((await page.locator('[data-figure]').count()) > 0) complain('no plan: the page has figures of one');
  for (const fault of [...(await seriousFaults(page)), ...(await close())]) complain('no plan:', fault);
}

export async function useThePage(browser, about) {
  const { page, close } = await openPage(browser, about.file, {});
  await drawAll(page);
  await choose(page, about.complain);
  await moveTheMap(page, about.complain);
  await askTheAudit(page, about);
  const panels = await takeFromPanels(page, about.complain);
  const tables = await takeTables(page, about);
  const sources = await askForSources(page, about);
  const promises = await readPromises(page, about);
  console.log(`${panels} panels, ${tables} tables, ${sources}, ${promises} promises`);
  // that each has its part on the page does not hang on width or language
  if (!areWanted)
    for (const language of ['en', 'ko']) await keepDocumentPictures(page, language, about.folder, about.complain);
  for (const fault of await close()) about.complain('use:', fault);
  await keepCalm(browser, about);
  await print(browser, about);
  await openWithoutPlan(browser, about);
  await openCounted(browser, about);
  for (const language of areWanted ? ['en', 'ko'] : []) {
    const small = await openPage(browser, about.file, { size: 'column', language, calm: true });
    await drawAll(small.page);
    await keepDocumentPictures(small.page, language, about.folder, about.complain);
    for (const fault of await small.close()) about.complain('pictures:', fault);
  }
  const risk = await openPage(browser, about.riskFile, { size: 'column', calm: true });
  await drawAll(risk.page);
  await keepDocumentPictures(risk.page, 'en', about.folder, about.complain, riskPictures);
  for (const fault of await risk.close()) about.complain('risk:', fault);
}
