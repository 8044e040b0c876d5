// Tables `audit…`: what announced figures imply for each other, as rows of claims and cells of kinds.
import type { Book } from './book';
import { large, plain, usd } from './format';
import { say } from './say';
import { ui } from './ui.svelte';

export interface Claim {
  name: string;
  title: string;
  kind: string;
  role: string;
  programmes: string[];
  unit: string;
  low: number;
  stated: number;
  high: number;
  window: number;
  source: string;
  confidence: string;
  note: string;
  place: string;
}

export interface Compared {
  claim: Claim;
  relation: string;
  verdict: string;
  ratio: [number, number, number];
}

/** What a row implies of one kind. */
export interface Cell {
  kind: string;
  unit: string;
  p5: number;
  p50: number;
  p95: number;
  compared: Compared[];
}

/** A claim with one generation of racks, in one reading. */
export interface Row {
  key: string;
  claim: Claim;
  basis: string;
  title: string;
  reading: string;
  readingName: string;
  cells: Map<string, Cell>;
}

export interface Finding {
  claim: string;
  compared: string;
  finding: string;
  sentence: string;
}

export interface Line {
  path: string;
  entries: number;
  low: number;
  mode: number;
  high: number;
  unit: string;
  source: string;
  confidence: string;
  place: string;
  correlation: number;
}

export interface Change {
  path: string;
  unit: string;
  from: number;
  to: number;
  possible: boolean;
}

const inLanguage = (english: string, korean: string) => (ui.language === 'ko' && korean ? korean : english);
/** What a title has in brackets is told once, in the scenario. */
const short = (title: string) => title.replace(/\s*\([^()]*\)$/, '');

export function claims(book: Book): Map<string, Claim> {
  const table = book.table('audit_claims');
  const out = new Map<string, Claim>();
  if (!table) return out;
  const text = (name: string, i: number) => table.text(name)[i]!;
  const [low, stated, high, window] = ['low', 'stated', 'high', 'window'].map((name) => table.number(name)) as [
    number[],
    number[],
    number[],
    number[],
  ];
  for (let i = 0; i < table.length; i++) {
    out.set(text('claim', i), {
      name: text('claim', i),
      title: inLanguage(text('title', i), text('title_ko', i)),
      kind: text('kind', i),
      role: text('role', i),
      programmes: text('programmes', i).split(', ').filter(Boolean),
      unit: text('unit', i),
      low: low[i]!,
      stated: stated[i]!,
      high: high[i]!,
      window: window[i]!,
      source: text('source', i),
      confidence: text('confidence', i),
      note: text('note', i),
      place: text('place', i),
    });
  }
  return out;
}

/** Rows in the order of the table: large programmes first. */
export function rows(book: Book): Row[] {
  const table = book.table('audit');
  if (!table) return [];
  const known = claims(book);
  const out = new Map<string, Row>();
  const text = (name: string, i: number) => table.text(name)[i]!;
  const [p5, p50, p95] = [table.number('p5'), table.number('p50'), table.number('p95')];
  const [r5, r50, r95] = [table.number('ratio_p5'), table.number('ratio_p50'), table.number('ratio_p95')];
  for (let i = 0; i < table.length; i++) {
    const claim = known.get(text('claim', i));
    if (!claim) continue;
    const key = [claim.name, text('basis', i), text('reading', i)].join('|');
    let row = out.get(key);
    if (!row) {
      row = {
        key,
        claim,
        basis: text('basis', i),
        title: short(inLanguage(text('basis_title', i), text('basis_title_ko', i))),
        readingName: text('reading', i),
        reading: inLanguage(text('reading', i), text('reading_ko', i)),
        cells: new Map(),
      };
      out.set(key, row);
    }
    const other = known.get(text('compared', i));
    const kind = text('kind', i);
    let cell = row.cells.get(kind);
    if (!cell) {
      cell = { kind, unit: text('unit', i), p5: p5[i]!, p50: p50[i]!, p95: p95[i]!, compared: [] };
      row.cells.set(kind, cell);
    }
    if (other)
      cell.compared.push({
        claim: other,
        relation: text('relation', i),
        verdict: text('verdict', i),
        ratio: [r5[i]!, r50[i]!, r95[i]!],
      });
  }
  return [...out.values()];
}

export function findings(book: Book): Finding[] {
  const table = book.table('audit_sentences');
  if (!table) return [];
  const column = (name: string) => table.text(name);
  const sentence = column(ui.language === 'ko' ? 'sentence_ko' : 'sentence');
  const [claim, compared, finding] = [column('claim'), column('compared'), column('finding')];
  return sentence.map((each, i) => ({
    claim: claim[i]!,
    compared: compared[i]!,
    finding: finding[i]!,
    sentence: each,
  }));
}

/** The lines that a cell was made from, those that move it most first; undefined where the page has no room for them. */
export function linesOf(book: Book, row: Row, kind: string): Line[] | undefined {
  const [uses, lines] = [book.table('audit_uses'), book.table('audit_lines')];
  if (!uses || !lines) return undefined;
  const at = new Map(lines.text('path').map((path, i) => [path, i]));
  const text = (name: string, i: number) => lines.text(name)[i]!;
  const number = (name: string, i: number) => lines.number(name)[i]!;
  const [claim, basis, reading, kinds] = ['claim', 'basis', 'reading', 'kind'].map((name) => uses.text(name)) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const correlation = uses.number('correlation');
  const out: Line[] = [];
  uses.text('path').forEach((path, i) => {
    const isOurs =
      claim[i] === row.claim.name && basis[i] === row.basis && reading[i] === row.readingName && kinds[i] === kind;
    const line = at.get(path);
    if (!isOurs || line === undefined) return;
    out.push({
      path,
      entries: number('entries', line),
      low: number('low', line),
      mode: number('mode', line),
      high: number('high', line),
      unit: text('unit', line),
      source: text('source', line),
      confidence: text('confidence', line),
      place: text('place', line),
      correlation: correlation[i]!,
    });
  });
  return out.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation) || a.path.localeCompare(b.path));
}

/** What would have to change, alone, for the row to imply what the other claim states. */
export function changesOf(book: Book, row: Row, compared: string): Change[] {
  const table = book.table('audit_changes');
  if (!table) return [];
  const text = (name: string, i: number) => table.text(name)[i]!;
  const [from, to, possible] = [table.number('from'), table.number('to'), table.number('possible')];
  const out: Change[] = [];
  for (let i = 0; i < table.length; i++) {
    const isOurs =
      text('claim', i) === row.claim.name &&
      text('basis', i) === row.basis &&
      text('reading', i) === row.readingName &&
      text('compared', i) === compared;
    if (isOurs)
      out.push({
        path: text('path', i),
        unit: text('unit', i),
        from: from[i]!,
        to: to[i]!,
        possible: possible[i] === 1,
      });
  }
  return out;
}

const names: Record<string, [string, string]> = {
  wafers: ['DRAM wafers', 'D램 웨이퍼'],
  hbm_wafers: ['HBM wafers', 'HBM 웨이퍼'],
  host_wafers: ['Host-memory wafers', '호스트 메모리 웨이퍼'],
  interposers: ['Interposer wafers', '인터포저 웨이퍼'],
  stacks: ['HBM stacks', 'HBM 스택'],
  memory: ['Memory', '메모리'],
  accelerators: ['Accelerators', '가속기'],
  racks: ['Racks', '랙'],
  it_power: ['IT power', 'IT 전력'],
  power: ['Power', '전력'],
  energy: ['Energy', '전력량'],
  money: ['Investment', '투자'],
  money_per_power: ['USD a GW', 'GW당 투자'],
  power_per_accelerator: ['Power of an accelerator', '가속기당 전력'],
  date: ['Time', '기간'],
};

export function kindName(kind: string): string {
  return names[kind] ? say(...names[kind]!) : kind;
}

const digits = () => (ui.language === 'ko' ? 4 : 3);

const hoursAsTera = 1e-6;
const gigabitsOfTerabyte = 8000;

/** An amount of a kind, as a cell of the matrix has it; its unit stands at the head of the column. */
export function amount(kind: string, unit: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  const isMonthly = unit.endsWith('/month');
  switch (kind) {
    case 'power':
    case 'it_power':
      return Math.abs(value) >= 999.5 ? `${plain(value / 1000)} GW` : `${plain(value)} MW`;
    case 'money':
      return usd(value, digits());
    case 'energy':
      return `${plain(value * hoursAsTera)} TWh`;
    case 'money_per_power':
      return `${usd(value * 1000, digits())}/GW`;
    case 'power_per_accelerator':
      return `${plain(value)} kW`;
    case 'memory':
      return `${large(value * gigabitsOfTerabyte * (isMonthly ? 12 : 1), digits())} Gb`;
    case 'date':
      return say(`${plain(value)} months`, `${plain(value)}개월`);
    default:
      return large(value, digits());
  }
}

/** From P5 to P95, what both have in common once: "USD 372 – 460 billion". */
export function amountRange(kind: string, unit: string, low: number, high: number): string {
  const parts = (value: number) => /^(\D*)([\d.,]+)(.*)$/.exec(amount(kind, unit, value));
  const [from, to] = [parts(low), parts(high)];
  if (!from || !to || from[1] !== to[1] || from[3] !== to[3])
    return `${amount(kind, unit, low)} – ${amount(kind, unit, high)}`;
  return from[2] === to[2] ? amount(kind, unit, high) : `${from[1]}${from[2]} – ${to[2]}${to[3]}`;
}

const counted: Record<string, [string, string]> = {
  wafers: ['wafers', '장'],
  hbm_wafers: ['wafers', '장'],
  host_wafers: ['wafers', '장'],
  interposers: ['wafers', '장'],
  stacks: ['stacks', '개'],
  accelerators: ['accelerators', '개'],
  racks: ['racks', '대'],
};

/** An amount as it stands alone: "45,400 wafers a month", "월 4.54만 장". */
export function told(kind: string, unit: string, value: number): string {
  const word = counted[kind] ? ` ${say(...counted[kind]!)}` : '';
  const time = per(kind, unit);
  if (!time) return amount(kind, unit, value) + word;
  const before = time === '월간' ? '월 ' : time === '연간' ? '연 ' : '';
  return before ? `${before}${amount(kind, unit, value)}${word}` : `${amount(kind, unit, value)}${word} ${time}`;
}

/** What a column counts: "a month", "a year". */
export function per(kind: string, unit: string): string {
  if (kind === 'energy' || kind === 'memory') return say('a year', '연간');
  return unit.endsWith('/month') ? say('a month', '월간') : '';
}

/** 19.8× from one on, 40 % below. */
export function ratioText(ratio: number): string {
  return ratio >= 1 ? `${plain(ratio)}×` : `${plain(100 * ratio)} %`;
}

/** The comparison that colours a cell: of its programme, else the capacity that it strains most. */
export function mainComparison(cell: Cell): Compared | undefined {
  const agreement = cell.compared.find((each) => each.relation === 'agreement' && each.claim.role === 'build');
  if (agreement) return agreement;
  return [...cell.compared].sort((a, b) => b.ratio[1] - a.ratio[1])[0];
}

const decadesAtFull = 1.5;

/** Colour of a ratio on a log scale: nothing at 1, full at 30 times or a thirtieth; what a capacity holds has none. */
export function heat(compared: Compared | undefined): string {
  const ratio = compared?.ratio[1] ?? NaN;
  if (!(ratio > 0) || (compared!.relation === 'capacity' && ratio <= 1)) return 'transparent';
  const size = Math.min(1, Math.abs(Math.log10(ratio)) / decadesAtFull);
  const share = Math.round(6 + 34 * size);
  return `color-mix(in srgb, var(--series-${ratio > 1 ? 2 : 1}) ${share}%, var(--card))`;
}
