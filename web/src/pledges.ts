// Table `promises`: every commitment with its window, how firm it is, and its months.
import type { Book } from './book';
import { ui } from './ui.svelte';

export interface PledgeMonth {
  period: string;
  promised: number;
  planned: number;
  delivered: number;
  gap: number;
}
export interface Pledge {
  name: string;
  title: string;
  from: string;
  to: string;
  kind: string;
  status: string;
  firmness: string;
  unit: string;
  /** How months add up. */
  measure: string;
  /** Months of the window as written; '' where it is open. */
  first: string;
  last: string;
  hasQuantity: boolean;
  penalty: number;
  months: PledgeMonth[];
}

export function pledges(book: Book): Pledge[] {
  const table = book.table('promises');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const number = (name: string) => table.number(name);
  const [name, title, titleKo, period] = [text('commitment'), text('title'), text('title_ko'), text('period')];
  const [from, to, kind, status, firmness] = [text('from'), text('to'), text('kind'), text('status'), text('firmness')];
  const [unit, measure, first, last] = [text('unit'), text('measure'), text('first'), text('last')];
  const [promised, planned, delivered] = [number('promised'), number('planned'), number('delivered')];
  const [gap, penalty] = [number('gap'), number('penalty')];
  const all = new Map<string, Pledge>();
  for (let i = 0; i < table.length; i++) {
    let pledge = all.get(name[i]!);
    if (!pledge) {
      pledge = {
        name: name[i]!,
        title: (ui.language === 'ko' ? titleKo[i]! : title[i]!) || name[i]!,
        from: from[i]!,
        to: to[i]!,
        kind: kind[i]!,
        status: status[i]!,
        firmness: firmness[i]!,
        unit: unit[i]!,
        measure: measure[i]!,
        first: first[i]!,
        last: last[i]!,
        hasQuantity: false,
        penalty: 0,
        months: [],
      };
      all.set(name[i]!, pledge);
    }
    if (period[i] === '') continue;
    if (Number.isFinite(promised[i])) pledge.hasQuantity = true;
    if (Number.isFinite(penalty[i])) pledge.penalty += penalty[i]!;
    pledge.months.push({
      period: period[i]!,
      promised: promised[i]!,
      planned: planned[i]!,
      delivered: delivered[i]!,
      gap: gap[i]!,
    });
  }
  return [...all.values()];
}

type Figure = 'promised' | 'planned' | 'delivered' | 'gap';

/** The months as one figure: the last of a level, the mean of a rate, the sum of an amount; NaN where there is none. */
export function figureOf(pledge: Pledge, what: Figure, period = ''): number {
  const values = pledge.months
    .filter((each) => period === '' || each.period === period)
    .map((each) => each[what])
    .filter(Number.isFinite);
  if (values.length === 0) return NaN;
  if (pledge.measure === 'level') return values.at(-1)!;
  const sum = values.reduce((a, b) => a + b, 0);
  return pledge.measure === 'rate' ? sum / values.length : sum;
}

/** Whether something is short in a month, beyond what rounding leaves. */
export function isShort(month: PledgeMonth): boolean {
  return month.gap > 1e-6 * Math.max(1, Math.abs(month.promised));
}

/** Runs of months in which something is short, as places in the book's periods. */
export function shortRuns(book: Book, pledge: Pledge): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const month of pledge.months) {
    if (!isShort(month)) continue;
    const i = book.periods.indexOf(month.period);
    const last = runs.at(-1);
    if (last && last.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
}

/** Where a window begins and ends among the book's periods, and whether it goes on beyond them. */
export function windowOf(book: Book, pledge: Pledge): { from: number; to: number; before: boolean; after: boolean } {
  const count = book.periods.length;
  const label = (month: string) => (book.periods[0]?.length === 4 ? month.slice(0, 4) : month);
  const [first, last] = [label(pledge.first), label(pledge.last)];
  const before = first === '' || first < (book.periods[0] ?? '');
  const after = last === '' || last > (book.periods.at(-1) ?? '');
  const reached = book.periods.filter((period) => period < first).length;
  const passed = book.periods.filter((period) => period <= last).length;
  return { from: before ? 0 : reached, to: after ? count : passed, before, after };
}

/** By who promises, those with most promises first. */
export function byParty(list: Pledge[]): { party: string; pledges: Pledge[] }[] {
  const groups = new Map<string, Pledge[]>();
  for (const pledge of list) groups.set(pledge.from, [...(groups.get(pledge.from) ?? []), pledge]);
  return [...groups]
    .map(([party, own]) => ({
      party,
      pledges: own.toSorted((a, b) => (a.first || '0').localeCompare(b.first || '0') || a.name.localeCompare(b.name)),
    }))
    .sort((a, b) => b.pledges.length - a.pledges.length || a.party.localeCompare(b.party));
}
