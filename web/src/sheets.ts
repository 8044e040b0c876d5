// Tables under the charts, made from what the charts show.
import type { Book, Series } from './book';
import type { Sheet } from './export';
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

/** Several periods or years of a book's own table as they stand. */
export function ofTable(book: Book, name: string, keep: (i: number) => boolean = () => true): Sheet {
  const table = book.table(name);
  if (!table) return { name, columns: [], rows: [] };
  const rows: Sheet['rows'] = [];
  for (let i = 0; i < table.length; i++) {
    if (keep(i)) rows.push(table.columns.map((column) => column.values[i] ?? null));
  }
  return { name, columns: table.columns.map((column) => ({ name: column.name, unit: column.unit })), rows };
}
