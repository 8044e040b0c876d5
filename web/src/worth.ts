// Table `worth`: what binds month by month, gathered by thing.
import type { Book } from './book';
import { capital, percent, quantity, usd } from './format';
import { say } from './say';
import { ui } from './ui.svelte';

export interface Stake {
  key: string;
  title: string;
  entry: string;
  /** By period: stake in USD, or in the plan's own compute where money buys none; 0 where it does not bind. */
  values: number[];
  /** By period: what one more unit is worth, in words; made when asked, for there are thousands. */
  one: ((() => string) | undefined)[];
  total: number;
  dearest: number;
}

/** Whether the plan maximises compute, so that a worth in money is compute at what it costs on average. */
export function isOfCompute(book: Book): boolean {
  return (book.table('worth')?.number('compute') ?? []).some((value) => value > 0);
}

/** Whether the worth of things is told in money: else only compute is. */
export function inMoney(book: Book): boolean {
  return (book.table('worth')?.number('worth') ?? []).some((value) => Number.isFinite(value) && value > 0);
}

/** What one more unit is worth in the month in which it is worth most. */
export function oneAtDearest(stake: Stake): string {
  return stake.one[stake.dearest]?.() ?? '';
}

export function stakes(book: Book): Stake[] {
  const table = book.table('worth');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [period, last, kind, name, place, unit, entry] = [
    text('period'),
    text('last'),
    text('kind'),
    text('name'),
    text('place'),
    text('unit'),
    text('entry'),
  ];
  const [title, titleKo] = [text('title'), text('title_ko')];
  const number = (column: string) => table.number(column);
  const [worth, low, high, compute, amount, stake, isOne] = [
    number('worth'),
    number('worth_low'),
    number('worth_high'),
    number('compute'),
    number('quantity'),
    number('stake'),
    number('unique'),
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
        title: capital(own || book.names.thing(name[i]!)),
        entry: entry[i]!,
        values: Array(book.periods.length).fill(0) as number[],
        one: Array(book.periods.length).fill(undefined) as undefined[],
        total: 0,
        dearest: at,
      };
      all.set(key, row);
    }
    const value = money ? (Number.isFinite(stake[i]!) ? stake[i]! : worth[i]! * amount[i]!) : compute[i]! * amount[i]!;
    if (!(value > 0)) continue;
    // what binds over a window is spread over its months
    const end = Math.max(at, index.get(last[i]!) ?? at);
    for (let month = at; month <= end; month++) row.values[month]! += value / (end - at + 1);
    row.total += value;
    const one = () => {
      const unitText = `+${quantity(1, unit[i]!)}`;
      // where one more and one less differ there is no one price, and none is made up
      const amount = isOne[i] === 0 && low[i]! < high[i]! ? `${usd(low[i]!, 3)} – ${usd(high[i]!, 3)}` : usd(worth[i]!, 3);
      return money
        ? `${unitText}: ${amount}`
        : `${unitText}: +${percent(compute[i]! / book.manifest.objective.value, 4)} ${say('compute', '연산량')}`;
    };
    for (let month = at; month <= end; month++) row.one[month] = one;
    if (row.values[at]! >= row.values[row.dearest]!) row.dearest = at;
  }
  return [...all.values()].filter((row) => row.total > 0).sort((a, b) => b.total - a.total);
}
