// The tables of `beltline risk` as its pictures read them.
import type { Book } from '../book';
import type { Table } from '../data';
import { month, percent } from '../format';
import { say } from '../say';
import { ui } from '../ui.svelte';

/** What the run says of itself in its manifest; see src/risk/risk_report.h. */
export interface RiskFacts {
  replications: number;
  seed: number;
  sampling: string;
  level: number;
  replan_every: number;
  allocation: string;
  draws: number;
  shocks: number;
  lever_replications: number;
}

/** A promise, a milestone or a year of the plan itself, and how likely it is met. */
export interface Milestone {
  /** Name and due month: a name may have several. */
  key: string;
  name: string;
  kind: string;
  title: string;
  unit: string;
  quantity: number;
  due: string;
  planned: number;
  plannedMonth: string;
  probability: number;
  low: number;
  high: number;
  /** Months; empty: not within the horizon. */
  p10: string;
  p50: string;
  p90: string;
  delay: number;
  cause: string;
  entry: string;
  /** Whether the plan has it by its month; where it has not, no luck is at fault. */
  isPlanned: boolean;
}

export interface Fan {
  key: string;
  table: string;
  measure: string;
  place: string;
  title: string;
  unit: string;
  entry: string;
  periods: string[];
  planned: number[];
  mean: number[];
  meanLow: number[];
  meanHigh: number[];
  /** Quantiles of each period: 5, 25, 50, 75 and 95 %. */
  quantiles: [number[], number[], number[], number[], number[]];
}

export interface DateShare {
  /** Empty: not within the horizon. */
  period: string;
  share: number;
  cumulative: number;
}

export interface Cause {
  id: string;
  kind: string;
  title: string;
  entry: string;
  share: number;
}

export interface Gain {
  milestone: string;
  before: number;
  after: number;
  gain: number;
  half: number;
  earlier: number;
  earlierHalf: number;
}

export interface Lever {
  key: string;
  kind: string;
  title: string;
  gains: Gain[];
}

export const keyOf = (name: string, due: string): string => `${name}@${due}`;

function either(table: Table, i: number, otherwise: string): string {
  const [english, korean] = [table.text('title')[i]!, table.text('title_ko')[i]!];
  return (ui.language === 'ko' ? korean || english : english || korean) || otherwise;
}

export function riskFacts(book: Book): RiskFacts | undefined {
  return book.settings.runs.find((run) => run.study === 'risk')?.facts as RiskFacts | undefined;
}

/** What the run changed of the scenario by --set, beside the plan's own changes. */
export function riskChanges(book: Book): string[] {
  const planned = book.settings.runs.find((run) => run.study === '')?.set ?? [];
  const played = book.settings.runs.find((run) => run.study === 'risk')?.set ?? [];
  return played.filter((each) => !planned.includes(each));
}

/** By due month, those of the plan itself last. */
export function milestones(book: Book): Milestone[] {
  const table = book.table('risk_milestones');
  if (!table) return [];
  const text = (name: string, i: number) => table.text(name)[i]!;
  const columns = new Map(
    ['quantity', 'planned', 'probability', 'low', 'high', 'delay'].map((name) => [name, table.number(name)]),
  );
  const number = (name: string, i: number) => columns.get(name)![i]!;
  const out = Array.from({ length: table.length }, (_, i): Milestone => {
    const [name, due] = [text('milestone', i), text('due', i)];
    const [quantity, planned] = [number('quantity', i), number('planned', i)];
    return {
      key: keyOf(name, due),
      name,
      kind: text('kind', i),
      title: either(table, i, name),
      unit: text('unit', i),
      quantity,
      due,
      planned,
      plannedMonth: text('planned_month', i),
      probability: number('probability', i),
      low: number('low', i),
      high: number('high', i),
      p10: text('p10_month', i),
      p50: text('p50_month', i),
      p90: text('p90_month', i),
      delay: number('delay', i),
      cause: (ui.language === 'ko' && text('main_cause_ko', i)) || text('main_cause', i),
      entry: text('entry', i),
      // to rounding, as the program counts
      isPlanned: planned >= quantity * (1 - 1e-6),
    };
  });
  const rank = (each: Milestone) => (each.kind === 'plan' ? 1 : 0);
  return out.sort((a, b) => rank(a) - rank(b) || a.due.localeCompare(b.due) || a.name.localeCompare(b.name));
}

export function fans(book: Book): Fan[] {
  const table = book.table('risk_series');
  if (!table) return [];
  const column = (name: string) => table.number(name);
  const [planned, mean, meanLow, meanHigh] = ['planned', 'mean', 'mean_low', 'mean_high'].map(column) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const quantiles = ['p5', 'p25', 'p50', 'p75', 'p95'].map(column);
  const [tables, measures, places, periods] = ['table', 'measure', 'place', 'period'].map((name) =>
    table.text(name),
  ) as [string[], string[], string[], string[]];
  const byKey = new Map<string, Fan>();
  for (let i = 0; i < table.length; i++) {
    const key = `${tables[i]}.${measures[i]}${places[i] ? `@${places[i]}` : ''}`;
    let fan = byKey.get(key);
    if (!fan) {
      fan = {
        key,
        table: tables[i]!,
        measure: measures[i]!,
        place: places[i]!,
        title: either(table, i, measures[i]!.replaceAll('_', ' ')),
        unit: table.text('unit')[i]!,
        entry: table.text('entry')[i]!,
        periods: [],
        planned: [],
        mean: [],
        meanLow: [],
        meanHigh: [],
        quantiles: [[], [], [], [], []],
      };
      byKey.set(key, fan);
    }
    fan.periods.push(periods[i]!);
    fan.planned.push(planned[i]!);
    fan.mean.push(mean[i]!);
    fan.meanLow.push(meanLow[i]!);
    fan.meanHigh.push(meanHigh[i]!);
    quantiles.forEach((values, q) => fan.quantiles[q]!.push(values[i]!));
  }
  return [...byKey.values()];
}

/** Share of replications by month in which a milestone is reached. */
export function dateShares(book: Book, milestone: Milestone): DateShare[] {
  const table = book.table('risk_dates');
  if (!table) return [];
  const [name, due, period] = [table.text('milestone'), table.text('due'), table.text('period')];
  const [share, cumulative] = [table.number('share'), table.number('cumulative')];
  return name.flatMap((each, i) =>
    keyOf(each, due[i]!) === milestone.key
      ? [{ period: period[i]!, share: share[i]!, cumulative: cumulative[i]! }]
      : [],
  );
}

/** What made milestones late, by their key. */
export function causes(book: Book): Map<string, Cause[]> {
  const out = new Map<string, Cause[]>();
  const table = book.table('risk_causes');
  if (!table) return out;
  const [name, due, kind, cause, entry] = ['milestone', 'due', 'kind', 'cause', 'entry'].map((column) =>
    table.text(column),
  ) as [string[], string[], string[], string[], string[]];
  const share = table.number('share');
  for (let i = 0; i < table.length; i++) {
    const key = keyOf(name[i]!, due[i]!);
    const list = out.get(key) ?? [];
    list.push({
      id: `${kind[i]}:${cause[i]}`,
      kind: kind[i]!,
      title: either(table, i, cause[i]!),
      entry: entry[i]!,
      share: share[i]!,
    });
    out.set(key, list);
  }
  return out;
}

/** What was tried, the one that gains most for any milestone first. */
export function levers(book: Book): Lever[] {
  const table = book.table('risk_levers');
  if (!table) return [];
  const [kind, targets, milestone, due] = ['lever', 'targets', 'milestone', 'due'].map((name) => table.text(name)) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const number = Object.fromEntries(
    ['months', 'before', 'after', 'gain', 'gain_half_width', 'earlier', 'earlier_half_width'].map((name) => [
      name,
      table.number(name),
    ]),
  ) as Record<string, number[]>;
  const byKey = new Map<string, Lever>();
  for (let i = 0; i < table.length; i++) {
    const key = `${kind[i]}|${targets[i]}|${number.months![i]}`;
    let lever = byKey.get(key);
    if (!lever) byKey.set(key, (lever = { key, kind: kind[i]!, title: either(table, i, targets[i]!), gains: [] }));
    lever.gains.push({
      milestone: keyOf(milestone[i]!, due[i]!),
      before: number.before![i]!,
      after: number.after![i]!,
      gain: number.gain![i]!,
      half: number.gain_half_width![i]!,
      earlier: number.earlier![i]!,
      earlierHalf: number.earlier_half_width![i]!,
    });
  }
  const best = (lever: Lever) => Math.max(...lever.gains.map((each) => each.gain - each.half));
  return [...byKey.values()].sort((a, b) => best(b) - best(a));
}

/** Entries of the scenario from which anything is drawn: behind every figure of the run. */
export function drawnEntries(book: Book): string[] {
  const entries = new Set(book.table('risk_inputs')?.text('entry') ?? []);
  entries.delete('');
  return [...entries, 'shock.*', 'correlation.*'];
}

/** A probability that is next to certain or next to nothing is not told as 100 % or 0 %. */
export function chance(value: number): string {
  if (value > 0.9995 && value < 1) return '>99.9%';
  if (value > 0 && value < 0.0005) return '<0.1%';
  if (value >= 0.985 && value < 1) return `${(100 * value).toFixed(1)}%`;
  return percent(value);
}

/** The confidence interval of a probability: 50–52%. */
export function interval(low: number, high: number): string {
  return `${chance(low).replace(/%$/, '')}–${chance(high)}`;
}

/** "Dec 2028", or that it is not within the horizon. */
export function monthOrNever(period: string): string {
  return period ? month(period) : say('after the horizon', '기간 이후');
}

/** Months since year 0; of a period that is a year, its first. */
export function monthNumber(period: string): number {
  const match = /^(\d{4})(?:-(\d{2}))?/.exec(period);
  return match ? 12 * Number(match[1]) + Number(match[2] ?? 1) - 1 : NaN;
}
