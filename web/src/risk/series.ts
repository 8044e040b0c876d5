// What the series of a risk run are called, in which unit they are read, and what stands behind them.
import type { Book } from '../book';
import { entriesOf } from '../facts';
import { compact, megawatts, quantity, unitText, usdOn } from '../format';
import { say } from '../say';
import { drawnEntries, type Fan } from './odds';

/** Measures that every scenario may have, in both languages. */
const whole: Record<string, [string, string]> = {
  it_load_installed: ['IT power online', '가동 IT 전력'],
  accelerators_online: ['Accelerators online', '가동 가속기'],
  compute_installed: ['Compute online', '가동 연산 능력'],
  spend: ['Spend by month', '월 집행액'],
  wafer_starts: ['DRAM wafer starts', 'D램 웨이퍼 투입'],
  wafer_starts_hbm: ['DRAM wafer starts for HBM', 'HBM용 웨이퍼 투입'],
  wafer_starts_host: ['DRAM wafer starts for host memory', '호스트 메모리용 웨이퍼 투입'],
  hbm_stacks: ['HBM stacks', 'HBM 스택'],
  tokens: ['Tokens served', '처리 토큰'],
  tokens_from_usa: ['Tokens served from the US', '미국에서 처리한 토큰'],
  training_compute: ['Compute for training', '학습 연산'],
  inference_compute: ['Compute for inference', '추론 연산'],
  public_compute: ['Compute for public use', '공공 연산'],
};
/** Measures of one thing each: what stands before its name, and the section that has its title. */
const ofOne: [string, string, [string, string]][] = [
  ['racks_online_', 'rack', ['Racks online', '가동 랙']],
  ['racks_ordered_', 'rack', ['Racks ordered', '발주 랙']],
  ['hbm_stacks_', 'stack', ['HBM stacks', 'HBM 스택']],
  ['accelerators_', 'accelerator', ['Accelerators packaged', '가속기 패키징']],
  ['it_capacity_', 'belt', ['IT capacity', 'IT 용량']],
  ['facility_power_', 'belt', ['Facility power', '설비 전력']],
  ['energy_', 'belt', ['Energy', '전력량']],
  ['emission_', 'belt', ['Emissions', '배출']],
  ['line_', 'line', ['Line', '송전선']],
];

export function seriesTitle(book: Book, fan: Fan): string {
  const where = fan.place ? ` · ${book.names.place(fan.place)}` : '';
  const known = whole[fan.measure];
  if (known) return say(...known) + where;
  for (const [prefix, section, words] of ofOne) {
    if (!fan.measure.startsWith(prefix)) continue;
    const name = fan.measure.slice(prefix.length);
    return `${say(...words)}: ${book.names.find(section, name) ?? name.replaceAll('_', ' ')}${where}`;
  }
  return fan.title + where;
}

/** A value with its unit. */
export function shown(unit: string): (value: number) => string {
  return unit === 'MW' ? megawatts : (value) => quantity(value, unit, 3);
}
/** From a low to a high value, the unit told once, and what the plan has beside them. */
export function rangeText(unit: string, low: number, high: number, planned: number): string {
  const isTold = low !== high;
  if (unit === 'MW')
    return isTold
      ? say(
          `${megawatts(low)} to ${megawatts(high)}, planned ${megawatts(planned)}`,
          `${megawatts(low)}~${megawatts(high)}, 계획 ${megawatts(planned)}`,
        )
      : megawatts(low);
  const [before, after] = unit === 'USD' ? say('USD |', '| 달러').split('|') : ['', ` ${unitText(unit)}`];
  const number = (value: number) => compact(value, 3);
  return isTold
    ? say(
        `${before}${number(low)} to ${number(high)}, planned ${number(planned)}${after}`,
        `${number(low)}~${number(high)}, 계획 ${number(planned)}${after}`,
      )
    : `${before}${number(low)}${after}`;
}
/** A value on an axis, its unit told elsewhere where it has no room. */
export function onAxis(unit: string, width: number): (value: number) => string {
  if (unit === 'MW') return megawatts;
  return unit === 'USD' ? usdOn(width) : (value) => compact(value, 3);
}

const behind: Record<string, string[]> = {
  it_load_installed: entriesOf.power,
  accelerators_online: entriesOf.racks,
  spend: entriesOf.money,
  tokens: ['service.*', 'demand.*'],
};

/** The scenario's entries that a series is made from, and those that are drawn. */
export function entriesBehind(book: Book, fan: Fan): string[] {
  return [...(fan.entry ? [fan.entry] : (behind[fan.measure] ?? [])), ...drawnEntries(book)];
}

/** The four that a reader asks for first, where the run has them; then as many others as that leaves. */
export function firstFans(all: Fan[]): Fan[] {
  const most = (fan: Fan) => Math.max(...fan.planned, ...fan.quantiles[4]);
  const largest = (measure: string) =>
    all.filter((fan) => fan.measure === measure).sort((a, b) => most(b) - most(a))[0];
  const chosen = ['it_load_installed', 'accelerators_online', 'tokens', 'spend'].flatMap((measure) => {
    const fan = largest(measure);
    return fan && most(fan) > 0 ? [fan] : [];
  });
  const others = all.filter((fan) => !chosen.includes(fan) && most(fan) > 0);
  return [...chosen, ...others].slice(0, Math.max(chosen.length, 2));
}
