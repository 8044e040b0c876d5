// Orders of the plan, gathered by what was ordered and where, and laid out in lanes.
import type { Book } from './book';
import { say } from './say';

export interface Order {
  from: number;
  to: number;
  quantity: number;
  unit: string;
}
export interface Row {
  name: string;
  kind: string;
  /** What is ordered beyond its kind: the racks' generation, the plant. */
  thing: string;
  /** Place, by which rows stand together. */
  group: string;
  entry: string;
  orders: Order[];
}
export interface RowGroup {
  key: string;
  title: string;
  rows: Row[];
}

/** Within a site: power and building first, then what goes into it. */
const rank = ['connection', 'plant', 'battery', 'hall', 'hull', 'rack'];

function thingOf(book: Book, kind: string, head: string, site: string): string {
  if (kind === 'rack')
    return book.names
      .of('rack', head.slice('rack_'.length))
      .replace(/\s*\(.*\)$/, '')
      .replace(/^NVIDIA |^엔비디아 /, '');
  if (kind === 'plant') return book.names.of('plant', head.slice('plant_'.length));
  if (kind === 'battery') return book.names.kind(head.replace(/_[^_]*$/, ''));
  if (kind === 'agents') return book.names.of('seats', head.slice('agents_'.length));
  if (kind === 'school') return book.names.of('school', site);
  return '';
}

export function orders(book: Book): RowGroup[] {
  const table = book.table('builds');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [capacity, kind, place, ordered, online, unit] = [
    text('capacity'),
    text('kind'),
    text('place'),
    text('ordered'),
    text('online'),
    text('unit'),
  ];
  const amount = table.number('quantity');
  const index = new Map(book.periods.map((period, i) => [period, i]));
  const after = book.periods.length + 1;
  const rows = new Map<string, Row>();
  for (let i = 0; i < table.length; i++) {
    const name = capacity[i]!;
    let row = rows.get(name);
    if (!row) {
      const [head = '', site = ''] = name.split('@');
      const thing = thingOf(book, kind[i]!, head, site);
      const entry = head.startsWith('rack_')
        ? `rack.${head.slice(5)}`
        : `${kind[i]}.${site || head.replace(/^[a-z]+_/, '')}`;
      rows.set(name, (row = { name, kind: kind[i]!, thing, group: place[i]!, entry, orders: [] }));
    }
    row.orders.push({
      from: index.get(ordered[i]!) ?? 0,
      to: index.get(online[i]!) ?? after,
      quantity: amount[i]!,
      unit: unit[i]!,
    });
  }
  const regionOf = (row: Row) => book.sites.find((site) => site.place === row.group)?.region ?? 'other';
  const first = (row: Row) => Math.min(...row.orders.map((order) => order.from));
  const groups = new Map<string, Row[]>();
  for (const row of rows.values()) {
    const key = regionOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const titles: Record<string, string> = {
    usa: say('United States, in outline', '미국 (개략)'),
    other: say('People and other orders', '인력 및 기타'),
  };
  const order = (key: string) => (key === 'other' ? 2 : key === 'usa' ? 1 : 0);
  return [...groups]
    .sort(([a], [b]) => order(a) - order(b) || a.localeCompare(b))
    .map(([key, members]) => {
      const opening = new Map<string, number>();
      for (const row of members) opening.set(row.group, Math.min(opening.get(row.group) ?? Infinity, first(row)));
      members.sort(
        (a, b) =>
          opening.get(a.group)! - opening.get(b.group)! ||
          a.group.localeCompare(b.group) ||
          rank.indexOf(a.kind) - rank.indexOf(b.kind) ||
          first(a) - first(b),
      );
      return { key, title: titles[key] ?? book.names.place(key), rows: members };
    });
}

/** The lowest free lane for each order, in the order of their beginnings. */
export function lanes(list: Order[]): { lane: number[]; count: number } {
  const free: number[] = [];
  const lane = Array(list.length).fill(0) as number[];
  const sorted = list
    .map((order, i) => ({ order, i }))
    .sort((a, b) => a.order.from - b.order.from || a.order.to - b.order.to);
  for (const { order, i } of sorted) {
    let k = free.findIndex((until) => until < order.from);
    if (k < 0) k = free.length;
    free[k] = order.to;
    lane[i] = k;
  }
  return { lane, count: free.length };
}
