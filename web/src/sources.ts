// From a figure to the entries of the scenario behind it.
import type { Book } from './book';
import type { Question } from './ui.svelte';

/** A value of the scenario. */
export interface SourceRow {
  /** As --set takes it: rack.gb300_nvl72.price. */
  path: string;
  key: string;
  /** As written, where it is no number. */
  text: string;
  value: number;
  low: number;
  high: number;
  unit: string;
  source: string;
  confidence: string;
  /** FILE:LINE:COLUMN, empty for a default. */
  place: string;
  isDefault: boolean;
}

/** An entry of the scenario and what of it was read. */
export interface SourceEntry {
  entry: string;
  title: string;
  role: string;
  /** Of the figure, where that is a sum; else NaN. */
  share: number;
  rows: SourceRow[];
}

export interface Answer {
  formula: string;
  note: string;
  entries: SourceEntry[];
}

/** Keys that name and cite; what they say is shown beside the values. */
const aboutNames = new Set(['title', 'title_ko', 'source', 'note', 'description']);

/** Whether an entry ("rack.gb300_nvl72") is meant by a pattern ("rack.*", "rack.gb300_nvl72"). */
function isMeant(entry: string, pattern: string): boolean {
  return pattern.endsWith('*')
    ? entry.startsWith(pattern.slice(0, -1))
    : entry === pattern || entry.startsWith(pattern + '.');
}

interface Trace {
  formula: string;
  /** Entry → what was read of it, and its part of the figure; the largest part first. */
  parts: Map<string, { roles: string[]; part: number }>;
}

/** What table `lineage` tells of the figure; undefined where it tells nothing. */
function trace(book: Book, figure: string | undefined): Trace | undefined {
  const table = book.table('lineage');
  if (!table || !figure) return undefined;
  const [figures, entries, roles, formulas] = ['figure', 'entry', 'role', 'formula'].map((name) =>
    table.text(name),
  ) as [string[], string[], string[], string[]];
  const part = table.number('part');
  const out: Trace = { formula: '', parts: new Map() };
  figures.forEach((each, i) => {
    if (each !== figure) return;
    out.formula ||= formulas[i]!;
    const known = out.parts.get(entries[i]!) ?? { roles: [], part: 0 };
    if (!known.roles.includes(roles[i]!)) known.roles.push(roles[i]!);
    known.part += Number.isFinite(part[i]!) ? part[i]! : 0;
    out.parts.set(entries[i]!, known);
  });
  return out.parts.size > 0 ? out : undefined;
}

/** Values of the wanted entries, from table `inputs`: what someone wrote and cited first, defaults last. */
function fromInputs(book: Book, isWanted: (entry: string) => boolean): Map<string, SourceRow[]> {
  const out = new Map<string, SourceRow[]>();
  const table = book.table('inputs');
  if (!table) return out;
  const [path, section, entry, key, unit, source, confidence, file, value, isDefault] = [
    'path',
    'section',
    'entry',
    'key',
    'unit',
    'source',
    'confidence',
    'file',
    'value',
    'is_default',
  ].map((name) => table.text(name));
  const [low, mode, high] = [table.number('low'), table.number('mode'), table.number('high')];
  const [line, column] = [table.number('line'), table.number('column')];
  for (let i = 0; i < table.length; i++) {
    const full = entry![i] ? `${section![i]}.${entry![i]}` : section![i]!;
    if (!isWanted(full) || aboutNames.has(key![i]!)) continue;
    const isSet = isDefault![i] === '1';
    const rows = out.get(full) ?? [];
    rows.push({
      path: path![i]!,
      key: key![i]!,
      text: value![i]!,
      value: mode[i]!,
      low: low[i]!,
      high: high[i]!,
      unit: unit![i]!,
      source: source![i]!,
      confidence: confidence![i]!,
      place: file![i] && !isSet ? `${file![i]}:${line[i]}${Number.isFinite(column[i]!) ? `:${column[i]}` : ''}` : '',
      isDefault: isSet,
    });
    out.set(full, rows);
  }
  const rank = (row: SourceRow) => (row.isDefault ? 2 : 0) + (Number.isFinite(row.value) ? 0 : 1);
  for (const rows of out.values()) rows.sort((a, b) => rank(a) - rank(b));
  return out;
}

/** Where the run has no table `inputs`: entry, source and place alone. */
function fromProvenance(book: Book, isWanted: (entry: string) => boolean): Map<string, SourceRow[]> {
  const out = new Map<string, SourceRow[]>();
  const table = book.table('provenance');
  if (!table) return out;
  const [entry, place, source] = [table.text('entry'), table.text('place_in_file'), table.text('source')];
  for (let i = 0; i < table.length; i++) {
    if (!entry[i] || !isWanted(entry[i]!)) continue;
    const known = out.get(entry[i]!)?.[0];
    if (known && (known.source || !source[i])) continue;
    const none = { text: '', value: NaN, low: NaN, high: NaN, unit: '', confidence: '', isDefault: false };
    out.set(entry[i]!, [{ path: entry[i]!, key: '', source: source[i]!, place: place[i]!, ...none }]);
  }
  return out;
}

export function sourcesOf(book: Book, question: Question): Answer {
  const traced = trace(book, question.figure);
  const isWanted = (entry: string) =>
    traced ? traced.parts.has(entry) : question.entries.some((pattern) => isMeant(entry, pattern));
  const inputs = fromInputs(book, isWanted);
  const found = inputs.size > 0 ? inputs : fromProvenance(book, isWanted);
  const sum = [...(traced?.parts.values() ?? [])].reduce((total, each) => total + Math.abs(each.part), 0);
  const order = traced ? [...traced.parts.keys()].filter((entry) => found.has(entry)) : [...found.keys()];
  const size = (entry: string) => Math.abs(traced?.parts.get(entry)?.part ?? 0);
  return {
    formula: traced?.formula ?? '',
    note: (question.figure && book.figure(question.figure)?.note) || '',
    entries: order
      .sort((a, b) => size(b) - size(a))
      .map((entry) => {
        const [section = '', name = ''] = entry.split('.');
        const part = traced?.parts.get(entry);
        return {
          entry,
          title: book.names.find(section, name) ?? '',
          role: part?.roles.join(', ') ?? '',
          share: part && part.part !== 0 ? Math.abs(part.part) / sum : NaN,
          rows: found.get(entry)!,
        };
      }),
  };
}
