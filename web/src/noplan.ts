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
  path: string;
  old: string;
  new: string;
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

/** Each option by itself makes a plan possible; its changes belong together. */
export function options(book: Book): Change[][] {
  const table = book.table('changes');
  if (!table) return [];
  const all = new Map<string, Change[]>();
  for (let i = 0; i < table.length; i++) {
    const option = String(table.has('option') ? (table.columns.find((c) => c.name === 'option')!.values[i] ?? '') : '');
    const changes = all.get(option) ?? [];
    changes.push({ path: table.text('path')[i]!, old: table.text('old')[i]!, new: table.text('new')[i]! });
    all.set(option, changes);
  }
  return [...all.values()];
}
