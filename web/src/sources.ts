// From a figure to the entries of the scenario behind it.
import type { Book } from './book';
import { say } from './say';
import type { Question } from './ui.svelte';

export interface SourceRow {
  what: string;
  value: number;
  low: number;
  high: number;
  unit: string;
  source: string;
  confidence: string;
  place: string;
  isDefault: boolean;
}

export interface Answer {
  how: string;
  note: string;
  rows: SourceRow[];
}

/** Whether an entry ("rack.gb300_nvl72") is meant by a pattern ("rack.*", "rack.gb300_nvl72"). */
function isMeant(entry: string, pattern: string): boolean {
  return pattern.endsWith('*')
    ? entry.startsWith(pattern.slice(0, -1))
    : entry === pattern || entry.startsWith(pattern + '.');
}

/** Entries that table `lineage` gives for the figure; undefined where it says nothing. */
function lineage(book: Book, figure: string | undefined): Set<string> | undefined {
  const table = book.table('lineage');
  if (!table || !figure) return undefined;
  const [figures, entries] = [table.text('figure'), table.text('entry')];
  const found = entries.filter((_, i) => figures[i] === figure);
  return found.length > 0 ? new Set(found) : undefined;
}

function fromInputs(book: Book, wanted: (entry: string) => boolean): SourceRow[] {
  const table = book.table('inputs');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [path, section, entry, key, unit, source] = [
    text('path'),
    text('section'),
    text('entry'),
    text('key'),
    text('unit'),
    text('source'),
  ];
  const [confidence, file, value] = [text('confidence'), text('file'), text('value')];
  const [low, mode, high] = [table.number('low'), table.number('mode'), table.number('high')];
  const [line, column, isDefault] = [table.number('line'), table.number('column'), text('is_default')];
  const rows: SourceRow[] = [];
  for (let i = 0; i < table.length; i++) {
    const full = entry[i]!.includes('.') || !section[i] ? entry[i]! : `${section[i]}.${entry[i]}`;
    if (!wanted(full)) continue;
    const number = mode[i]!;
    const isSet = isDefault[i] === 'true' || isDefault[i] === '1' || isDefault[i] === 'yes';
    const what = path[i] || `${full}.${key[i]}`;
    rows.push({
      what: Number.isFinite(number) || !value[i] ? what : `${what} = ${value[i]!.slice(0, 80)}`,
      value: number,
      low: low[i]!,
      high: high[i]!,
      unit: unit[i]!,
      source: source[i]!,
      confidence: confidence[i]!,
      place: file[i] && !isSet ? `${file[i]}:${line[i]}${Number.isFinite(column[i]!) ? `:${column[i]}` : ''}` : '',
      isDefault: isSet,
    });
  }
  // what someone wrote and cited first, defaults last
  const rank = (row: SourceRow) => (row.isDefault ? 2 : row.source ? 0 : 1);
  return rows.sort((a, b) => rank(a) - rank(b));
}

function fromProvenance(book: Book, wanted: (entry: string) => boolean): SourceRow[] {
  const table = book.table('provenance');
  if (!table) return [];
  const [entry, place, source] = [table.text('entry'), table.text('place_in_file'), table.text('source')];
  const rows = new Map<string, SourceRow>();
  for (let i = 0; i < table.length; i++) {
    if (!entry[i] || !wanted(entry[i]!)) continue;
    const key = `${entry[i]}|${place[i]}`;
    const known = rows.get(key);
    if (known && (known.source || !source[i])) continue;
    rows.set(key, {
      what: entry[i]!,
      value: NaN,
      low: NaN,
      high: NaN,
      unit: '',
      source: source[i]!,
      confidence: '',
      place: place[i]!,
      isDefault: false,
    });
  }
  return [...rows.values()];
}

export function sourcesOf(book: Book, question: Question): Answer {
  const traced = lineage(book, question.figure);
  const wanted = (entry: string) =>
    traced ? traced.has(entry) : question.entries.some((pattern) => isMeant(entry, pattern));
  const inputs = fromInputs(book, wanted);
  const rows = inputs.length > 0 ? inputs : fromProvenance(book, wanted);
  const note = (question.figure && book.figure(question.figure)?.note) || '';
  const how =
    rows.length > 0
      ? say(
          'Computed by the plan from these entries of the scenario:',
          '아래 시나리오 항목에서 계획이 산출한 값입니다.',
        )
      : say(
          'Computed by the plan; the run names no single entry of the scenario for it.',
          '계획이 산출한 값으로, 실행 결과에 개별 시나리오 항목이 적혀 있지 않습니다.',
        );
  return { how, note, rows };
}
