// Tables `late` and `late_chain`; where the run has none, what the plan's own tables say is missed.
import type { Book } from './book';
import { capital } from './format';
import { promises } from './promises';
import { ui } from './ui.svelte';

export interface Late {
  delivery: string;
  /** limit, demand, commitment */
  kind: string;
  title: string;
  /** Of a commitment: who promised whom. */
  parties: string;
  unit: string;
  first: string;
  last: string;
  promised: number;
  missing: number;
  costPerMonth: number;
  costTotal: number;
  /** What insisting on it would cost; NaN where it cannot be met or nothing waits. */
  costToMeet: number;
  cause: string;
  entry: string;
  chain: string[];
}

function partiesOf(book: Book, commitment: string): string {
  const found = promises(book).find((each) => each.name === commitment);
  return [found?.from, found?.to]
    .filter((name): name is string => Boolean(name))
    .map((name) => book.names.party(name))
    .join(' → ');
}

export function lateDeliveries(book: Book): Late[] {
  const table = book.table('late');
  if (!table) return [];
  const chains = book.table('late_chain');
  const ko = ui.language === 'ko';
  const text = (name: string) => table.text(name);
  const either = (name: string) =>
    text(name).map((value, i) => (ko ? text(`${name}_ko`)[i] || value : value || text(`${name}_ko`)[i]!));
  const number = (name: string) => table.number(name);
  const [delivery, kind, title, unit, first, last, cause, entry] = [
    text('delivery'),
    text('kind'),
    either('title'),
    text('unit'),
    text('first'),
    text('last'),
    either('cause'),
    text('cause_entry'),
  ];
  const [promised, missing, perMonth, total, toMeet] = [
    number('promised'),
    number('missing'),
    number('cost_per_month'),
    number('cost_total'),
    number('cost_to_meet'),
  ];
  const steps = (name: string): string[] => {
    if (!chains) return [];
    const [of, step, words, wordsKo] = [
      chains.text('delivery'),
      chains.number('step'),
      chains.text('words'),
      chains.text('words_ko'),
    ];
    return of
      .map((each, i) => ({ each, step: step[i]!, words: (ko ? wordsKo[i] || words[i] : words[i])! }))
      .filter((row) => row.each === name)
      .sort((a, b) => a.step - b.step)
      .map((row) => row.words);
  };
  return delivery
    .map((each, i) => ({
      delivery: each,
      kind: kind[i]!,
      title: capital(title[i] || book.names.thing(each)),
      parties: kind[i] === 'commitment' ? partiesOf(book, each) : '',
      unit: unit[i]!,
      first: first[i]!,
      last: last[i]!,
      promised: promised[i]!,
      missing: missing[i]!,
      costPerMonth: perMonth[i]!,
      costTotal: total[i]!,
      costToMeet: toMeet[i]!,
      cause: capital(cause[i]!),
      entry: entry[i]!,
      chain: steps(each),
    }))
    .sort((a, b) => (b.costTotal || 0) - (a.costTotal || 0));
}

export interface Missed {
  title: string;
  unit: string;
  first: string;
  last: string;
  months: number;
  most: number;
}

export function shortfalls(book: Book): Missed[] {
  const all = new Map<string, Missed>();
  const note = (title: string, period: string, amount: number, unit: string) => {
    const known = all.get(title);
    if (!known) all.set(title, { title, unit, first: period, last: period, months: 1, most: amount });
    else {
      known.last = period;
      known.months += 1;
      known.most = Math.max(known.most, amount);
    }
  };
  const balance = book.table('balance');
  if (balance) {
    const [commodity, place, period, unit, unserved] = [
      balance.text('commodity'),
      balance.text('place'),
      balance.text('period'),
      balance.text('unit'),
      balance.number('unserved'),
    ];
    for (let i = 0; i < balance.length; i++) {
      if (unserved[i]! > 1e-6)
        note(`${book.names.thing(commodity[i]!)} · ${book.names.place(place[i]!)}`, period[i]!, unserved[i]!, unit[i]!);
    }
  }
  const limits = book.table('limits');
  if (limits) {
    const [limit, period, unit, shortfall] = [
      limits.text('limit'),
      limits.text('period'),
      limits.text('unit'),
      limits.number('shortfall'),
    ];
    for (let i = 0; i < limits.length; i++) {
      if (shortfall[i]! > 1e-6) note(book.names.thing(limit[i]!), period[i]!, shortfall[i]!, unit[i]!);
    }
  }
  return [...all.values()];
}
