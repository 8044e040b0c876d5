// Tables under the charts, made from what the charts show.
import type { Book, Series } from './book';
import type { Sheet } from './export';
import { itemTitle } from './parties';
import { say } from './say';

/** One row a period, one column a line. */
export function byPeriod(book: Book, name: string, lines: { title: string; unit: string; values: number[] }[]): Sheet {
  return {
    name,
    columns: [{ name: say('month', '월') }, ...lines.map((line) => ({ name: line.title, unit: line.unit }))],
    rows: book.periods.map((period, i) => [period, ...lines.map((line) => line.values[i]!)]),
  };
}

export function titled(book: Book, lines: Series[]): { title: string; unit: string; values: number[] }[] {
  return lines.map((line) => ({
    title: line.place ? book.names.place(line.place) : book.names.party(line.party),
    unit: line.unit,
    values: line.values,
  }));
}

/** Columns that hold the scenario's own names, and where their titles are found. */
const titleOf: Record<string, (book: Book, name: string) => string> = {
  place: (book, name) => book.names.place(name),
  party: (book, name) => book.names.party(name),
  owner: (book, name) => book.names.party(name),
  payer: (book, name) => book.names.party(name),
  payee: (book, name) => book.names.party(name),
  from: (book, name) => book.names.party(name),
  to: (book, name) => book.names.party(name),
  capacity: (book, name) => book.names.thing(name),
  process: (book, name) => book.names.thing(name),
  commodity: (book, name) => book.names.thing(name),
  limit: (book, name) => book.names.thing(name),
  item: (_, name) => itemTitle(name),
};

/** A table of the run as it stands, its rows chosen; beside each column of names one of titles, where they differ. */
export function ofTable(book: Book, name: string, keep: (i: number) => boolean = () => true): Sheet {
  const table = book.table(name);
  if (!table) return { name, columns: [], rows: [] };
  const chosen = Array.from({ length: table.length }, (_, i) => i).filter(keep);
  const columns: { name: string; unit?: string; values: (string | number | null)[] }[] = [];
  for (const column of table.columns) {
    columns.push({ name: column.name, unit: column.unit, values: column.values });
    const find = Object.hasOwn(titleOf, column.name) && column.type === 'text' ? titleOf[column.name] : undefined;
    if (!find) continue;
    const known = new Map<string, string>();
    const titles = table.text(column.name).map((key) => {
      if (!known.has(key)) known.set(key, key ? find(book, key) : '');
      return known.get(key)!;
    });
    if (titles.some((title, i) => title !== column.values[i]))
      columns.push({ name: `${column.name}, ${say('title', '명칭')}`, values: titles });
  }
  return {
    name,
    columns: columns.map(({ name: head, unit }) => ({ name: head, unit })),
    rows: chosen.map((i) => columns.map((column) => column.values[i] ?? null)),
  };
}
