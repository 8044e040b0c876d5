// Pictures of a day: what each site serves, how long users wait, who waits, and what was sent elsewhere.
import { axisTooltip, dashes, tooltip, valueAxis } from '../charts/common';
import type { Option } from '../lib/echarts';
import { say } from '../say';
import type { Palette } from '../theme';
import { clock, isNumber, type Day } from './day';

export interface DayLine {
  name: string;
  values: number[];
  dashed?: boolean;
  /** Index of its colour, where it is not its place in the list. */
  colour?: number;
}

function timeAxis(day: Day, colours: Palette, width: number): Option {
  const hours = width < 420 ? 6 : 3;
  const isTick = (i: number) => day.minutes[i]! % (hours * 60) === 0;
  return {
    type: 'category',
    data: day.times,
    boundaryGap: false,
    axisLine: { lineStyle: { color: colours.muted } },
    axisTick: { interval: isTick },
    axisLabel: { color: colours.muted, interval: isTick, formatter: (_: string, i: number) => clock(day.minutes[i]!) },
  };
}

/** Where a site goes and comes back. */
function lossMarks(day: Day, colours: Palette): Option | undefined {
  if (!day.loss) return undefined;
  const binAt = (minute: number) => day.minutes.findLastIndex((begin) => begin <= minute);
  // the words stand outside of the time without the site, so that a short one does not push them together
  const mark = (minute: number, text: string, colour: string, align: string): Option => ({
    xAxis: binAt(minute),
    lineStyle: { color: colour, type: 'dashed', width: 1.5 },
    label: { formatter: text, color: colours.ink, fontSize: 12, position: 'end', align },
  });
  const data = [mark(day.loss.from, say('lost', '중단'), colours.series[1]!, 'right')];
  if (isNumber(day.loss.to)) data.push(mark(day.loss.to, say('back', '복구'), colours.series[2]!, 'left'));
  return { silent: true, symbol: 'none', data };
}

/** Lines, or areas on top of each other, over the day. */
export function overDay(
  day: Day,
  lines: DayLine[],
  colours: Palette,
  width: number,
  show: (value: number) => string,
  options: { stack?: boolean; log?: boolean; limit?: { value: number; text: string } } = {},
): Option {
  const marks = lossMarks(day, colours);
  const limit: Option[] = options.limit
    ? [
        {
          yAxis: options.limit.value,
          lineStyle: { color: colours.muted, type: 'dotted', width: 1.5 },
          label: { formatter: options.limit.text, color: colours.ink, fontSize: 12, position: 'insideStartTop' },
        },
      ]
    : [];
  return {
    grid: { left: 8, right: 16, top: marks ? 30 : 14, bottom: 6, containLabel: true },
    tooltip: axisTooltip(colours, show, (time) => time),
    xAxis: timeAxis(day, colours, width),
    yAxis: options.log
      ? { ...valueAxis(colours, show), type: 'log', minorSplitLine: { show: false } }
      : valueAxis(colours, show),
    series: lines.map((line, i) => {
      const colour = colours.series[(line.colour ?? i) % colours.series.length]!;
      return {
        type: 'line',
        name: line.name,
        data: line.values.map((value) => (isNumber(value) && !(options.log && value <= 0) ? value : '-')),
        symbol: 'none',
        connectNulls: false,
        stack: options.stack ? 'all' : undefined,
        lineStyle: { width: options.stack ? 1 : 2, color: colour, type: line.dashed ? dashes[2] : 'solid' },
        itemStyle: { color: colour },
        areaStyle: options.stack ? { color: colour, opacity: 0.75 } : undefined,
        emphasis: { disabled: true },
        markLine:
          i === 0 && (marks || limit.length > 0)
            ? { silent: true, symbol: 'none', data: [...((marks?.data as Option[]) ?? []), ...limit] }
            : undefined,
      };
    }),
  };
}

/** Requests that arrive, with those sent elsewhere and those that nobody served as bars under the line. */
export function arrivalsChart(
  day: Day,
  parts: { arrivals: number[]; rerouted: number[]; missed: number[] },
  names: { arrivals: string; rerouted: string; missed: string },
  colours: Palette,
  width: number,
  show: (value: number) => string,
): Option {
  const bar = (name: string, values: number[], colour: string): Option => ({
    type: 'bar',
    name,
    data: values.map((value) => (isNumber(value) && value > 0 ? value : '-')),
    stack: 'all',
    barCategoryGap: '0%',
    itemStyle: { color: colour },
    emphasis: { disabled: true },
  });
  return {
    grid: { left: 8, right: 16, top: day.loss ? 30 : 14, bottom: 6, containLabel: true },
    tooltip: tooltip(colours, {
      trigger: 'axis',
      formatter: (params: { dataIndex: number }[]) => {
        const i = params[0]?.dataIndex ?? 0;
        const rows = [
          [names.arrivals, parts.arrivals[i]!],
          [names.rerouted, parts.rerouted[i]!],
          [names.missed, parts.missed[i]!],
        ] as [string, number][];
        return [day.times[i]!, ...rows.map(([name, value]) => `${name}: ${show(value)}`)].join('\n');
      },
    }),
    xAxis: timeAxis(day, colours, width),
    yAxis: valueAxis(colours, show),
    series: [
      bar(names.rerouted, parts.rerouted, colours.series[3]!),
      bar(names.missed, parts.missed, colours.series[1]!),
      {
        type: 'line',
        name: names.arrivals,
        data: parts.arrivals.map((value) => (isNumber(value) ? value : '-')),
        symbol: 'none',
        lineStyle: { width: 2, color: colours.series[0] },
        itemStyle: { color: colours.series[0] },
        emphasis: { disabled: true },
        markLine: lossMarks(day, colours),
      },
    ],
  };
}
