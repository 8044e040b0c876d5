// Tables `shortages` and `changes`: why there is no plan, and the smallest changes with which there is one.
import type { Book } from './book';
import { capital } from './format';
import { ui } from './ui.svelte';

export interface Shortage {
  title: string;
  place: string;
  unit: string;
  first: string;
  last: string;
  missing: number;
  cause: string;
  /** Entry of the scenario behind the cause, or empty. */
  entry: string;
}

export interface Change {
  /** 'more' of what is short; 'later', 'less': what is asked for. */
  kind: string;
  path: string;
  before: string;
  after: string;
}

export function hasNoPlan(book: Book): boolean {
  return ['infeasible', 'unbounded'].includes(book.manifest.termination);
}

export function shortages(book: Book): Shortage[] {
  const table = book.table('shortages');
  if (!table) return [];
  const ko = ui.language === 'ko';
  const either = (name: string, i: number) => {
    const [english, korean] = [table.text(name)[i]!, table.text(`${name}_ko`)[i]!];
    return (ko ? korean || english : english || korean) || '';
  };
  return Array.from({ length: table.length }, (_, i) => ({
    title: capital(either('title', i) || book.names.thing(table.text('name')[i]!)),
    place: table.text('place')[i]!,
    unit: table.text('unit')[i]!,
    first: table.text('first')[i]!,
    last: table.text('last')[i]!,
    missing: table.number('missing')[i]!,
    cause: capital(either('cause', i)),
    entry: table.text('cause_entry')[i]! || table.text('entry')[i]!,
  }));
}

/** Each remedy by itself makes a plan possible; its changes belong together. */
export function remedies(book: Book): Change[][] {
  const table = book.table('changes');
  if (!table) return [];
  const all = new Map<number, Change[]>();
  for (let i = 0; i < table.length; i++) {
    const remedy = table.number('remedy')[i]!;
    const changes = all.get(remedy) ?? [];
    const text = (name: string) => table.text(name)[i]!;
    changes.push({ kind: text('kind'), path: text('path'), before: text('before'), after: text('after') });
    all.set(remedy, changes);
  }
  return [...all.values()];
}
