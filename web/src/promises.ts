// Table `commitments`, one row a promise: what was promised and what the plan draws.
import type { Book } from './book';
import { ui } from './ui.svelte';

export interface Promised {
  name: string;
  title: string;
  from: string;
  to: string;
  kind: string;
  status: string;
  unit: string;
  period: string;
  promised: number;
  drawn: number;
  /** NaN where the promise names no quantity that the plan could draw. */
  share: number;
  /** Summed over its window: money. */
  total: boolean;
}

export function promises(book: Book): Promised[] {
  const table = book.table('commitments');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [name, title, from, to, kind, status, period, unit] = [
    'commitment',
    'title',
    'from',
    'to',
    'kind',
    'status',
    'period',
    'unit',
  ].map(text) as string[][] as [string[], string[], string[], string[], string[], string[], string[], string[]];
  const [promised, drawn] = [table.number('promised'), table.number('drawn')];
  const all = new Map<string, Promised>();
  for (let i = 0; i < table.length; i++) {
    const total = unit[i] === 'USD';
    const own = ui.language === 'ko' ? book.names.find('commitment', name[i]!) : undefined;
    const known = all.get(name[i]!);
    const row: Promised = {
      name: name[i]!,
      title: own ?? title[i]!,
      from: from[i]!,
      to: to[i]!,
      kind: kind[i]!,
      status: status[i]!,
      unit: unit[i]!,
      period: period[i]!,
      promised: promised[i]!,
      drawn: drawn[i]!,
      share: NaN,
      total,
    };
    if (known && total) {
      row.promised += known.promised;
      row.drawn += known.drawn;
    }
    // a ceiling on wafers is told by its busiest month, not by its last
    if (known && !total && /\/month$/.test(row.unit) && known.drawn > row.drawn) row.drawn = known.drawn;
    all.set(name[i]!, row);
  }
  const out = [...all.values()];
  for (const row of out) row.share = row.promised > 0 && Number.isFinite(row.drawn) ? row.drawn / row.promised : NaN;
  return out.sort(
    (a, b) => (b.total ? 0 : 1) - (a.total ? 0 : 1) || b.promised - a.promised || a.name.localeCompare(b.name),
  );
}
