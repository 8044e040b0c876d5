// Table `worth`: what binds month by month, gathered by thing.
import type { Book } from './book';
import { percent, quantity, usd } from './format';
import { say } from './say';
import { ui } from './ui.svelte';

export interface Stake {
  key: string;
  title: string;
  entry: string;
  /** By period: stake in USD, or in the plan's own compute where money buys none; 0 where it does not bind. */
  values: number[];
  /** By period: what one more unit is worth, in words. */
  one: (string | undefined)[];
  total: number;
  dearest: number;
  oneAtDearest: string;
}

/** Whether the worth of things is told in money: else only compute is. */
export function inMoney(book: Book): boolean {
  return (book.table('worth')?.number('worth') ?? []).some((value) => Number.isFinite(value) && value > 0);
}

export function stakes(book: Book): Stake[] {
  const table = book.table('worth');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [period, kind, name, place, unit, entry] = [
    text('period'),
    text('kind'),
    text('name'),
    text('place'),
    text('unit'),
    text('entry'),
  ];
  const [title, titleKo] = [text('title'), text('title_ko')];
  const number = (column: string) => table.number(column);
  const [worth, low, high, compute, amount, stake] = [
    number('worth'),
    number('worth_low'),
    number('worth_high'),
    number('compute'),
    number('quantity'),
    number('stake'),
  ];
  const money = inMoney(book);
  const index = new Map(book.periods.map((each, i) => [each, i]));
  const all = new Map<string, Stake>();
  for (let i = 0; i < table.length; i++) {
    const at = index.get(period[i]!);
    if (at === undefined) continue;
    const key = `${kind[i]}|${name[i]}|${place[i]}`;
    let row = all.get(key);
    if (!row) {
      const own = ui.language === 'ko' ? titleKo[i] || title[i] : title[i] || titleKo[i];
      row = {
        key,
        title: own || book.names.thing(name[i]!),
        entry: entry[i]!,
        values: Array(book.periods.length).fill(0) as number[],
        one: Array(book.periods.length).fill(undefined) as undefined[],
        total: 0,
        dearest: at,
        oneAtDearest: '',
      };
      all.set(key, row);
    }
    const value = money ? (Number.isFinite(stake[i]!) ? stake[i]! : worth[i]! * amount[i]!) : compute[i]! * amount[i]!;
    if (!(value > 0)) continue;
    row.values[at]! += value;
    row.total += value;
    const unitText = quantity(1, unit[i]!);
    const range = low[i]! < high[i]! ? ` (${usd(low[i]!, 3)} – ${usd(high[i]!, 3)})` : '';
    row.one[at] = money
      ? `${unitText}: ${usd(worth[i]!, 3)}${range}`
      : `${unitText}: +${percent(compute[i]! / book.manifest.objective.value, 4)} ${say('compute', '연산량')}`;
    if (row.values[at]! >= row.values[row.dearest]!) {
      row.dearest = at;
      row.oneAtDearest = row.one[at]!;
    }
  }
  return [...all.values()].filter((row) => row.total > 0).sort((a, b) => b.total - a.total);
}
