// The section of commitments: its figures are those of `beltline commitments`, by party and month, and with a register.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawAll, openPage, seriousFaults } from './browser.mjs';
import { shows } from './figures.mjs';

const example = fileURLToPath(new URL('../../docs/examples/chain', import.meta.url));

function told(program, run, ...options) {
  const said = execFileSync(program, ['commitments', run, ...options, '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return JSON.parse(said).commitments;
}

/** Each row shows what the program tells; `month` '' for the whole plan. */
async function compareRows(page, wanted, month, complain) {
  const rows = page.locator('[data-testid=kept-rows] tr[data-row]');
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => ({
      name: row.dataset.row,
      cells: Object.fromEntries(
        [...row.querySelectorAll('[data-cell-of]')].map((cell) => [cell.dataset.cellOf, cell.firstChild.textContent.trim()]),
      ),
    })),
  );
  const names = (list) => list.map((each) => each.name).sort().join();
  if (names(shown) !== names(wanted)) return complain('commitments:', month, 'shows', names(shown), 'not', names(wanted));
  for (const each of wanted) {
    const { cells } = shown.find((row) => row.name === each.name);
    const total = month ? each.months[0] : each.total;
    for (const [column, value] of Object.entries(total)) {
      if (!(column in cells)) continue;
      const isSilent = column === 'promised' && !each.has_quantity;
      if (isSilent && !/no quantity|수량 없음/.test(cells[column])) complain(each.name, 'does not say that it has no quantity');
      else if (!isSilent && value === null && !/^(–|over|종료)$/.test(cells[column])) complain(each.name, column, 'is', cells[column]);
      else if (value !== null && !shows(cells[column], Math.abs(value) < 1e-9 ? 0 : value))
        complain(each.name, column, 'is', value, 'and the page shows', cells[column]);
    }
  }
}

/** @returns how many promises were compared */
export async function readPromises(page, { program, run, complain }) {
  const all = told(program, run);
  await compareRows(page, all, '', complain);
  const bars = await page.locator('#panel-windows g.pledge').evaluateAll((groups) =>
    groups.map((group) => ({ name: group.dataset.pledge, firmness: group.dataset.firmness, hasBar: group.querySelector('rect') !== null })),
  );
  if (bars.length !== all.length) complain('commitments:', bars.length, 'windows for', all.length);
  for (const each of all) {
    const bar = bars.find((one) => one.name === each.name);
    if (bar?.firmness !== each.firmness) complain(each.name, 'is', each.firmness, 'and drawn as', bar?.firmness);
    if (each.months.length > 0 && !bar?.hasBar) complain(each.name, 'has no window');
  }
  const month = all.flatMap((each) => each.months).at(-1).month;
  await page.getByTestId('kept-month').selectOption(month);
  await compareRows(page, told(program, run, '--month', month), month, complain);
  await page.getByTestId('kept-party').selectOption('openai');
  await compareRows(page, told(program, run, '--month', month, '--party', 'openai'), month, complain);
  await page.getByTestId('kept-party').selectOption('');
  await page.getByTestId('kept-month').selectOption('');
  return all.length;
}

/** A page with a register shows what was delivered, in both languages and on a phone. */
export async function openCounted(browser, { program, folder, complain }) {
  const [scenario, run, file] = ['chain', 'chain_run', 'chain.html'].map((name) => join(folder, name));
  for (const path of [scenario, run]) rmSync(path, { recursive: true, force: true });
  cpSync(example, scenario, { recursive: true });
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync(program, ['plan', scenario, '-o', run], quiet);
  execFileSync(program, ['actuals', 'add', scenario, join(scenario, 'counted.csv'), '--by', 'clerk'], quiet);
  execFileSync(program, ['report', run, '--register', scenario, '-o', file], quiet);
  for (const [size, language] of [['desktop', 'en'], ['phone', 'ko']]) {
    const { page, close } = await openPage(browser, file, { size, language, calm: true });
    await drawAll(page);
    for (const month of ['', '2026-03']) {
      await page.getByTestId('kept-month').selectOption(month);
      const wanted = told(program, run, '--register', scenario, ...(month ? ['--month', month] : []));
      if (!wanted.some((each) => each.total.delivered !== null)) complain('counted: nothing was delivered');
      await compareRows(page, wanted, month, complain);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) complain('counted:', size, 'scrolls sideways by', wide);
    const hidden = await page.locator('[data-testid=kept-rows] [data-cell-of=gap]').evaluateAll(
      (cells) => cells.filter((cell) => cell.getBoundingClientRect().right > window.innerWidth).length,
    );
    if (hidden > 0) complain('counted:', size, 'has', hidden, 'gaps outside the window');
    for (const fault of [...(await seriousFaults(page)), ...(await close())]) complain('counted:', size, fault);
  }
}
