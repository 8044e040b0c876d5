// Table `flow` as nodes and links of a picture: fabs, products, stacks, accelerators, racks, regions.
import type { Book } from './book';
import { quantity } from './format';
import { say } from './say';

interface Node {
  id: string;
  depth: number;
}
interface Link {
  source: string;
  target: string;
  value: number;
  text: string;
}
export interface Flow {
  nodes: Node[];
  links: Link[];
  wafers: number;
  hbm: number;
  racks: number;
  stages: { title: string; text: string }[];
  label: (id: string) => string;
  full: (id: string) => string;
}

interface FlowRow {
  from: string;
  fromKind: string;
  to: string;
  toKind: string;
  toPlace: string;
  good: string;
  unit: string;
  quantity: number;
  wafers: number;
}

function rowsOf(book: Book, year: string): FlowRow[] {
  const table = book.table('flow');
  if (!table) return [];
  const text = (name: string) => table.text(name);
  const [years, from, fromKind, to, toKind] = [
    text('year'),
    text('from'),
    text('from_kind'),
    text('to'),
    text('to_kind'),
  ];
  const [toPlace, good, unit] = [text('to_place'), text('good'), text('unit')];
  const [amount, wafers] = [table.number('quantity'), table.number('wafers')];
  const out: FlowRow[] = [];
  for (let i = 0; i < table.length; i++) {
    if (years[i] !== year) continue;
    out.push({
      from: from[i]!,
      fromKind: fromKind[i]!,
      to: to[i]!,
      toKind: toKind[i]!,
      toPlace: toPlace[i]!,
      good: good[i]!,
      unit: unit[i]!,
      quantity: amount[i]!,
      wafers: wafers[i]!,
    });
  }
  return out;
}

/** Years in which anything flows, with the wafers that leave the fabs. */
export function flowYears(book: Book): { year: string; wafers: number }[] {
  return book.years
    .map((year) => ({
      year,
      wafers: rowsOf(book, year)
        .filter((row) => row.fromKind === 'fab')
        .reduce((sum, row) => sum + row.wafers, 0),
    }))
    .filter((each) => each.wafers > 0);
}

/** The part of a composed name after its kind: "stack_hbm4_12h@cheonan" → "hbm4_12h". */
function stem(name: string, kind: string): string {
  return name.split('@')[0]!.replace(new RegExp(`^${kind}_`), '');
}

/** Whole makers and regions, or each fab and site. */
export type Detail = 'coarse' | 'fine';

const depthOf: Record<string, number> = {
  maker: 0,
  fab: 0,
  product: 1,
  stack: 2,
  accelerator: 3,
  rack: 4,
  region: 5,
  site: 5,
};

/** The node of a fab: itself, or its maker. */
export function fabNode(book: Book, fab: string, detail: Detail): string {
  return detail === 'fine' ? `fab:${fab}` : `maker:${ownerOfFab(book, fab)}`;
}

/** The node of a place that takes racks: its site, or its region. */
export function siteNode(book: Book, place: string, detail: Detail): string {
  const site = book.sites.find((each) => each.place === place || each.name === place);
  return detail === 'fine' ? `site:${site?.name ?? place}` : `region:${site?.region ?? place}`;
}

/** Which node a row's goods leave and which they enter. */
function ends(book: Book, row: FlowRow, detail: Detail): [string, string] | undefined {
  const product = row.good.replace(/^(die|dram)_/, '');
  const works = 'maker:works';
  const from =
    row.fromKind === 'fab'
      ? `product:${product}`
      : row.fromKind === 'backlog'
        ? works
        : row.fromKind === 'stack'
          ? `stack:${stem(row.from, 'stack')}`
          : row.fromKind === 'packaging'
            ? `accelerator:${stem(row.from, 'package')}`
            : row.fromKind === 'assemble'
              ? `rack:${stem(row.from, 'assemble')}`
              : undefined;
  const to =
    row.toKind === 'stack'
      ? `stack:${stem(row.to, 'stack')}`
      : row.toKind === 'packaging'
        ? `accelerator:${stem(row.to, 'package')}`
        : row.toKind === 'assemble'
          ? `rack:${stem(row.to, 'assemble')}`
          : row.toKind === 'rack'
            ? siteNode(book, row.toPlace, detail)
            : undefined;
  return from && to ? [from, to] : undefined;
}

export function flowOf(book: Book, year: string, detail: Detail = 'coarse'): Flow {
  const rows = rowsOf(book, year);
  const links = new Map<string, Link & { quantity: number; unit: string }>();
  const put = (source: string, target: string, value: number, amount: number, unit: string) => {
    const key = `${source}→${target}`;
    const known = links.get(key);
    if (known) {
      known.value += value;
      known.quantity += amount;
    } else links.set(key, { source, target, value, text: '', quantity: amount, unit });
  };
  const sums = new Map<string, { quantity: number; unit: string }>();
  const count = (id: string, amount: number, unit: string) => {
    const known = sums.get(id);
    if (known) known.quantity += amount;
    else sums.set(id, { quantity: amount, unit });
  };
  let [wafers, hbm, racks] = [0, 0, 0];
  for (const row of rows) {
    const pair = ends(book, row, detail);
    if (!pair) continue;
    put(pair[0], pair[1], row.wafers, row.quantity, row.unit);
    if (row.fromKind === 'fab') {
      const maker = fabNode(book, row.from.split('@')[1] ?? '', detail);
      put(maker, pair[0], row.wafers, row.wafers, 'wafer');
      count(maker, row.wafers, 'wafer');
      count(pair[0], row.wafers, 'wafer');
      wafers += row.wafers;
      if (row.good.startsWith('die_')) hbm += row.wafers;
    } else count(pair[0], row.quantity, row.unit);
    if (row.toKind === 'rack') {
      count(pair[1], row.quantity, 'rack');
      racks += row.quantity;
    }
  }
  const shown = [...links.values()].filter((link) => link.value > wafers * 1e-4);
  for (const link of shown) link.text = quantity(link.quantity, link.unit);
  const ids = new Set(shown.flatMap((link) => [link.source, link.target]));
  const label = (id: string): string => {
    const [kind = '', name = ''] = id.split(/:(.*)/s);
    if (id === 'maker:works') return say('In the works', '초기 재공품');
    if (kind === 'maker') return book.names.party(name);
    if (kind === 'region')
      return book.names
        .place(name)
        .replace(/,.*$/, '')
        .replace(/\s*\(.*\)$/, '');
    return book.names
      .of(kind, name)
      .replace(/\s*\(.*\)$/, '')
      .replace(/^NVIDIA |^엔비디아 /, '')
      .replace(/, .*(Gbit|dies a package)$| \d+기가비트$/, '');
  };
  const full = (id: string): string => {
    const sum = sums.get(id);
    return id === 'maker:works' || !sum ? label(id) : `${label(id)}\n${quantity(sum.quantity, sum.unit)}`;
  };
  const stage = (prefix: string, title: string): { title: string; text: string }[] => {
    const chosen = [...sums].filter(([id]) => id.startsWith(prefix));
    if (chosen.length === 0) return [];
    return [
      {
        title,
        text: quantity(
          chosen.reduce((sum, [, each]) => sum + each.quantity, 0),
          chosen[0]![1].unit,
        ),
      },
    ];
  };
  return {
    nodes: [...ids].map((id) => ({ id, depth: depthOf[id.split(':')[0]!] ?? 0 })),
    links: shown,
    wafers,
    hbm,
    racks,
    label,
    full,
    stages: [
      ...stage(detail === 'fine' ? 'fab:' : 'maker:', say('Wafers', '웨이퍼')),
      ...stage('stack:', say('HBM stacks', 'HBM 스택')),
      ...stage('accelerator:', say('Accelerators', '가속기')),
      ...stage(detail === 'fine' ? 'site:' : 'region:', say('Racks ordered', '발주 랙')),
    ],
  };
}

function ownerOfFab(book: Book, fab: string): string {
  const table = book.table('names');
  if (!table) return fab;
  const [kind, name, region] = [table.text('kind'), table.text('name'), table.text('region')];
  const i = name.findIndex((each, k) => each === fab && kind[k] === 'fab');
  return i >= 0 && region[i] ? region[i]! : fab;
}
