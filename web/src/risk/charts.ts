// Pictures of a risk run: a fan over months, and the distribution of one date.
import { axisTooltip, monthAxis, tooltip, valueAxis } from '../charts/common';
import { month, percent } from '../format';
import type { Option } from '../lib/echarts';
import { say } from '../say';
import type { Palette } from '../theme';
import { chance, type DateShare, type Fan, type Milestone } from './odds';

export const fanWords = (): { wide: string; half: string; median: string; planned: string } => ({
  wide: say('9 of 10 replications (P5–P95)', '반복의 90 % (P5–P95)'),
  half: say('half of them (P25–P75)', '반복의 절반 (P25–P75)'),
  median: say('median (P50)', '중앙값 (P50)'),
  planned: say('as planned, nothing drawn', '계획대로일 때 (난수 없음)'),
});

/** Bands are stacked from the lowest quantile up; the two lines lie over them. */
export function fanChart(
  fan: Fan,
  colours: Palette,
  show: (value: number) => string,
  axis: (value: number) => string,
): Option {
  const [p5, p25, p50, p75, p95] = fan.quantiles;
  const colour = colours.series[0]!;
  const band = (from: number[] | undefined, to: number[], opacity: number): Option => ({
    type: 'line',
    data: to.map((value, i) => value - (from?.[i] ?? 0)),
    stack: 'fan',
    // by sum, whatever the sign of a difference
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { width: 0 },
    areaStyle: { color: colour, opacity },
    emphasis: { disabled: true },
  });
  const line = (values: number[], style: Option): Option => ({
    type: 'line',
    data: values,
    symbol: 'none',
    silent: true,
    lineStyle: style,
    itemStyle: { color: style.color },
    emphasis: { disabled: true },
  });
  const words = fanWords();
  return {
    grid: { left: 8, right: 14, top: 14, bottom: 6, containLabel: true },
    xAxis: monthAxis(fan.periods, colours),
    yAxis: valueAxis(colours, axis),
    tooltip: {
      ...axisTooltip(colours, show),
      formatter: (params: { dataIndex: number }[]) => {
        const i = params[0]?.dataIndex ?? 0;
        const rows = [
          ['P95', p95[i]!],
          ['P75', p75[i]!],
          [words.median, p50[i]!],
          ['P25', p25[i]!],
          ['P5', p5[i]!],
        ] as [string, number][];
        return [
          month(fan.periods[i]!),
          `${words.planned}: ${show(fan.planned[i]!)}`,
          ...rows.map(([name, value]) => `${name}: ${show(value)}`),
          `${say('mean', '평균')}: ${show(fan.mean[i]!)} (${show(fan.meanLow[i]!)} – ${show(fan.meanHigh[i]!)})`,
        ].join('\n');
      },
    },
    series: [
      band(undefined, p5, 0),
      band(p5, p25, 0.2),
      band(p25, p75, 0.42),
      band(p75, p95, 0.2),
      line(p50, { color: colour, width: 2 }),
      line(fan.planned, { color: colours.ink, width: 1.5, type: [5, 3] }),
    ],
  };
}

/** Months from the first in which a milestone may be reached to the last, with due and planned month. */
export function monthsOf(shares: DateShare[], milestone: Milestone, periods: string[]): string[] {
  const marks = [...shares.map((each) => each.period), milestone.due, milestone.plannedMonth].filter(Boolean);
  const at = marks.map((period) => periods.indexOf(period)).filter((i) => i >= 0);
  if (at.length === 0) return [];
  return periods.slice(Math.max(0, Math.min(...at) - 1), Math.max(...at) + 2);
}

/** Bars: share of replications by month; the line: by this month or earlier. */
export function dateChart(
  shares: DateShare[],
  milestone: Milestone,
  periods: string[],
  colours: Palette,
  width: number,
): Option {
  const inMonth = periods.map((period) => shares.find((each) => each.period === period)?.share ?? 0);
  let sum = 0;
  const cumulative = inMonth.map((share) => (sum += share));
  // four steps on either side, so that both have the same lines
  const top = Math.max(0.04, (Math.ceil((100 * Math.max(...inMonth)) / 4) * 4) / 100);
  const every = Math.ceil(periods.length / Math.max(3, Math.floor(width / 78)));
  const marks = [
    { period: milestone.due, text: say('due', '기한'), colour: colours.series[1]! },
    { period: milestone.plannedMonth, text: say('planned', '계획'), colour: colours.ink },
  ].filter((mark) => periods.includes(mark.period));
  const areNear =
    marks.length === 2 &&
    Math.abs(periods.indexOf(marks[0]!.period) - periods.indexOf(marks[1]!.period)) * (width / periods.length) < 70;
  // both in one month: one line that says so
  const joined =
    marks.length === 2 && marks[0]!.period === marks[1]!.period
      ? [{ ...marks[0]!, text: `${marks[1]!.text}, ${marks[0]!.text}` }]
      : marks;
  return {
    grid: { left: 8, right: 8, top: 36, bottom: 6, containLabel: true },
    tooltip: tooltip(colours, {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (params: { dataIndex: number }[]) => {
        const i = params[0]?.dataIndex ?? 0;
        return [
          month(periods[i]!),
          `${say('in this month', '이 달')}: ${chance(inMonth[i]!)}`,
          `${say('by then', '누적')}: ${chance(Math.min(1, cumulative[i]!))}`,
        ].join('\n');
      },
    }),
    xAxis: {
      type: 'category',
      data: periods,
      axisLine: { lineStyle: { color: colours.muted } },
      axisTick: { show: false },
      axisLabel: {
        color: colours.muted,
        interval: (i: number) => i % every === 0,
        formatter: (period: string) => month(period),
      },
    },
    yAxis: [
      valueAxis(colours, (value) => percent(value), { min: 0, max: top, interval: top / 4 }),
      valueAxis(colours, (value) => percent(value), { min: 0, max: 1, interval: 0.25, splitLine: { show: false } }),
    ],
    series: [
      {
        type: 'bar',
        name: say('in this month', '이 달'),
        data: inMonth,
        barCategoryGap: '18%',
        barMaxWidth: 46,
        itemStyle: { color: colours.series[0], opacity: 0.75 },
        emphasis: { disabled: true },
        markLine: {
          silent: true,
          symbol: 'none',
          data: joined.map((mark, i) => ({
            xAxis: mark.period,
            lineStyle: { color: mark.colour, type: 'dashed', width: 1.5 },
            label: {
              formatter: mark.text,
              color: colours.ink,
              fontSize: 12,
              position: 'end',
              // neighbours stand one above the other
              offset: [0, areNear && i === 1 ? -13 : 0],
            },
          })),
        },
      },
      {
        type: 'line',
        name: say('by then', '누적'),
        yAxisIndex: 1,
        data: cumulative,
        symbol: 'circle',
        symbolSize: 4,
        lineStyle: { color: colours.series[1], width: 2 },
        itemStyle: { color: colours.series[1] },
        emphasis: { disabled: true },
      },
    ],
  };
}
