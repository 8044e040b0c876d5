// A simulated day of traffic: the tables of a serving run, by site from west to east.
import type { Book } from '../book';
import type { Run, Table } from '../data';
import { say } from '../say';
import { ui } from '../ui.svelte';

/** What each bin of a site holds; NaN where there is nothing to tell. */
const columns = [
  'arrivals',
  'finished',
  'refused',
  'lost',
  'rerouted_in',
  'rerouted_out',
  'tokens_in',
  'tokens_out',
  'ttft_p50',
  'ttft_p95',
  'tpot_p50',
  'tpot_p95',
  'queue',
  'load',
  'power',
  'cap',
] as const;
export type Column = (typeof columns)[number];

/** What each bin of the fleet holds; those that nobody serves stand where they were given up, not where they arrived. */
const fleetColumns = ['arrivals', 'unserved_lost', 'unserved_refused', 'good_share', 'ttft_mean', 'tpot_mean'] as const;

export interface DaySite {
  site: string;
  longitude: number;
  racks: number;
  /** [bin] */
  values: Record<Column, number[]>;
}

export interface DayEvent {
  minute: number;
  time: string;
  site: string;
  event: string;
  detail: string;
  amount: number;
}

/** A site that goes away, and comes back or not. */
export interface Loss {
  site: string;
  from: number;
  /** NaN: not within the run. */
  to: number;
}

export interface Day {
  /** Minutes after midnight at which each bin begins. */
  minutes: number[];
  times: string[];
  /** Minutes that a bin lasts. */
  step: number;
  /** From west to east. */
  sites: DaySite[];
  fleet: Record<(typeof fleetColumns)[number], number[]>;
  events: DayEvent[];
  loss: Loss | undefined;
  run: Run | undefined;
}

export function dayOf(book: Book): Day | undefined {
  const table = book.table('serving_sites');
  if (!table) return undefined;
  const minutes = [...new Set(table.number('minute'))].sort((a, b) => a - b);
  const at = new Map(minutes.map((minute, i) => [minute, i]));
  const times = Array<string>(minutes.length).fill('');
  const sites = sitesOf(book, table, minutes.length);
  const [site, minute, time] = [table.text('site'), table.number('minute'), table.text('time')];
  const cells = columns.map((column) => table.number(column));
  for (let row = 0; row < table.length; row++) {
    const bin = at.get(minute[row]!)!;
    times[bin] = time[row]!;
    const values = sites.get(site[row]!)!.values;
    columns.forEach((column, c) => (values[column][bin] = cells[c]![row]!));
  }
  const events = eventsOf(book);
  return {
    minutes,
    times,
    step: minutes.length > 1 ? minutes[1]! - minutes[0]! : 5,
    sites: [...sites.values()].sort((a, b) => a.longitude - b.longitude),
    fleet: fleetOf(book, at),
    events,
    loss: lossOf(events),
    run: book.settings.runs.find((run) => run.study === 'serving'),
  };
}

function sitesOf(book: Book, table: Table, bins: number): Map<string, DaySite> {
  const out = new Map<string, DaySite>();
  const places = book.table('serving_places');
  const names = places?.text('site') ?? [];
  for (const site of new Set(table.text('site'))) {
    const row = names.indexOf(site);
    const empty = () => Array<number>(bins).fill(NaN);
    out.set(site, {
      site,
      longitude: row < 0 ? NaN : places!.number('longitude')[row]!,
      racks: row < 0 ? NaN : places!.number('racks')[row]!,
      values: Object.fromEntries(columns.map((column) => [column, empty()])) as DaySite['values'],
    });
  }
  return out;
}

function fleetOf(book: Book, at: Map<number, number>): Day['fleet'] {
  const table = book.table('serving_fleet');
  const out = Object.fromEntries(fleetColumns.map((name) => [name, Array<number>(at.size).fill(NaN)])) as Day['fleet'];
  const minute = table?.number('minute') ?? [];
  for (const name of fleetColumns) {
    const values = table?.number(name) ?? [];
    minute.forEach((m, row) => {
      const bin = at.get(m);
      if (bin !== undefined) out[name][bin] = values[row]!;
    });
  }
  return out;
}

function eventsOf(book: Book): DayEvent[] {
  const table = book.table('serving_events');
  if (!table) return [];
  const [minute, time, site] = [table.number('minute'), table.text('time'), table.text('site')];
  const [event, detail, amount] = [table.text('event'), table.text('detail'), table.number('amount')];
  return minute.map((m, i) => ({
    minute: m,
    time: time[i]!,
    site: site[i]!,
    event: event[i]!,
    detail: detail[i]!,
    amount: amount[i]!,
  }));
}

/** The first site that is lost, or taken off as was planned. */
function lossOf(events: DayEvent[]): Loss | undefined {
  const gone = events.find((each) => each.event === 'lost') ?? events.find((each) => each.event === 'closed');
  if (!gone) return undefined;
  const back = events.find(
    (each) => each.event === 'restored' && each.site === gone.site && each.minute > gone.minute,
  );
  return { site: gone.site, from: gone.minute, to: back?.minute ?? NaN };
}

/** What a site is called, as the run has it. */
export function siteTitle(book: Book, site: string): string {
  const places = book.table('serving_places');
  const row = places?.text('site').indexOf(site) ?? -1;
  if (row >= 0) {
    const [title, titleKo] = [places!.text('title')[row]!, places!.text('title_ko')[row]!];
    const found = ui.language === 'ko' ? titleKo || title : title || titleKo;
    if (found) return found.replace(/\s*\(.*\)$/, '');
  }
  return book.names.shortPlace(site);
}

export const isNumber = (value: number): boolean => Number.isFinite(value);

/** Sum over the sites, bin by bin. */
export function overSites(day: Day, column: Column): number[] {
  return day.minutes.map((_, bin) =>
    day.sites.reduce((sum, site) => sum + (isNumber(site.values[column][bin]!) ? site.values[column][bin]! : 0), 0),
  );
}

/** One stretch of the day: before, without, and after the site that is lost. */
export interface Stretch {
  key: 'before' | 'without' | 'after';
  title: string;
  from: number;
  to: number;
  /** Mean of output tokens/s. */
  tokens: number;
  /** Mean over requests of the time to the first token, s. */
  ttft: number;
  /** The slowest site's P95 in any bin, s. */
  worst: number;
  worstSite: string;
  /** Share of requests within the service level. */
  good: number;
  /** Requests that wait, mean. */
  queue: number;
  /** Facility power of all sites, mean, MW. */
  power: number;
  /** Requests that were under way where a site was lost, and are not served since. */
  underWay: number;
  /** Requests that were refused for good. */
  refused: number;
  rerouted: number;
}

function meanOf(values: number[], weights?: number[]): number {
  let [sum, weight] = [0, 0];
  values.forEach((value, i) => {
    const w = weights ? weights[i]! : 1;
    if (!isNumber(value) || !isNumber(w)) return;
    sum += value * w;
    weight += w;
  });
  return weight > 0 ? sum / weight : NaN;
}

function stretch(day: Day, key: Stretch['key'], title: string, from: number, to: number): Stretch | undefined {
  const bins = day.minutes.flatMap((minute, i) => (minute >= from && minute + day.step <= to + 1e-9 ? [i] : []));
  if (bins.length === 0) return undefined;
  const take = (values: number[]) => bins.map((bin) => values[bin]!);
  const sum = (values: number[]) => take(values).reduce((a, b) => a + (isNumber(b) ? b : 0), 0);
  const arrivals = take(day.fleet.arrivals);
  let [worst, worstSite] = [NaN, ''];
  for (const site of day.sites) {
    for (const value of take(site.values.ttft_p95)) {
      if (isNumber(value) && !(value <= worst)) [worst, worstSite] = [value, site.site];
    }
  }
  return {
    key,
    title,
    from,
    to,
    tokens: meanOf(take(overSites(day, 'tokens_out'))),
    ttft: meanOf(take(day.fleet.ttft_mean), arrivals),
    worst,
    worstSite,
    good: meanOf(take(day.fleet.good_share), arrivals),
    queue: meanOf(take(overSites(day, 'queue'))),
    power: meanOf(take(overSites(day, 'power'))),
    underWay: sum(day.fleet.unserved_lost),
    refused: sum(day.fleet.unserved_refused),
    rerouted: sum(overSites(day, 'rerouted_out')),
  };
}

/** Minutes in which requests come that are still under way when a site goes: they wait since they first asked. */
const underWay = 10;

/** An hour before the loss, the time without the site, an hour after it is back; empty where no site is lost. */
export function stretches(day: Day): Stretch[] {
  if (!day.loss) return [];
  const { from, to } = day.loss;
  const end = isNumber(to) ? to : (day.minutes.at(-1) ?? from) + day.step;
  // whole bins: that in which the site goes belongs to the time without it
  const begin = Math.floor(from / day.step) * day.step;
  const back = Math.ceil(end / day.step) * day.step;
  return [
    stretch(day, 'before', say('hour before', '직전 1시간'), begin - underWay - 60, begin - underWay),
    stretch(day, 'without', say('without it', '중단 중'), begin, back),
    stretch(day, 'after', say('hour after', '복구 후 1시간'), back, back + 60),
  ].filter((each) => each !== undefined);
}

/** "12:00" of minutes after midnight. */
export function clock(minute: number): string {
  const whole = Math.round(minute);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${pad(Math.floor(whole / 60) % 24)}:${pad(((whole % 60) + 60) % 60)}`;
}

/** Seconds as a reader says them. */
export function seconds(value: number): string {
  if (!isNumber(value)) return '–';
  if (value < 1) return `${Number((value * 1000).toPrecision(3))} ms`;
  return say(`${Number(value.toPrecision(3))} s`, `${Number(value.toPrecision(3))}초`);
}

const words: Record<string, [string, string]> = {
  closing: ['closes as planned', '계획 중단 시작'],
  lost: ['is lost', '중단'],
  closed: ['is off', '가동 정지'],
  restored: ['is back', '복구'],
  failed: ['an accelerator fails', '가속기 고장'],
  'rack failed': ['a rack fails', '랙 고장'],
  capped: ['reaches its power cap', '전력 한도 도달'],
  uncapped: ['is below its power cap again', '전력 한도 해소'],
  'scaled up': ['takes more replicas', '복제본 증설'],
  'scaled down': ['gives up replicas', '복제본 축소'],
  'job started': ['a job starts', '작업 시작'],
  'job preempted': ['a job gives way', '작업 양보'],
  'job interrupted': ['a job is interrupted', '작업 중단'],
  'job finished': ['a job is done', '작업 완료'],
};
export function eventText(event: string): string {
  const found = words[event];
  return found ? say(...found) : event;
}
