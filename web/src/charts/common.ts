// What charts share: axes over months, quiet grids, tooltips as text, lines labelled at their ends.
import { month } from '../format';
import type { Option } from '../lib/echarts';
import type { Palette } from '../theme';

export interface Line {
  name: string;
  values: number[];
  dashed?: boolean;
}

export const dashes: (string | number[])[] = [
  'solid',
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
  'solid',
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
];

export function monthAxis(periods: string[], colours: Palette): Option {
  return {
    type: 'category',
    data: periods,
    boundaryGap: false,
    axisLine: { lineStyle: { color: colours.muted } },
    axisTick: { show: true, interval: (i: number) => periods[i]!.endsWith('-01') },
    axisLabel: {
      color: colours.muted,
      interval: (i: number) => periods[i]!.endsWith('-01') || periods.length < 14,
      formatter: (period: string) => (periods.length < 14 ? month(period) : period.slice(0, 4)),
    },
  };
}

export function valueAxis(colours: Palette, show: (value: number) => string, more: Option = {}): Option {
  return {
    type: 'value',
    axisLabel: { color: colours.muted, formatter: show },
    splitLine: { lineStyle: { color: colours.line } },
    splitNumber: 4,
    ...more,
  };
}

/** Tooltips drawn as text, never as markup: names come from whoever wrote the scenario. */
export function tooltip(colours: Palette, more: Option = {}): Option {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: colours.card,
    borderColor: colours.line,
    textStyle: { color: colours.ink, fontSize: 12 },
    ...more,
  };
}

interface AxisParam {
  seriesName: string;
  value: number;
  axisValue: string;
}

export function axisTooltip(
  colours: Palette,
  show: (value: number) => string,
  label: (axis: string) => string = month,
): Option {
  return tooltip(colours, {
    trigger: 'axis',
    formatter: (params: AxisParam[]) =>
      [
        label(params[0]?.axisValue ?? ''),
        ...[...params]
          .reverse()
          .filter((p) => Number.isFinite(p.value) && p.value !== 0)
          .map((p) => `${p.seriesName}: ${show(p.value)}`),
      ].join('\n'),
  });
}

/** Ends of lines, pushed apart so that their labels do not lie on each other. */
function endLabel(name: string, colour: string, width: number): Option {
  return {
    show: true,
    formatter: () => name,
    color: colour,
    fontSize: 12,
    fontWeight: 600,
    width,
    overflow: 'break',
    lineHeight: 14,
  };
}

/** Lines or stacked areas over months, labelled at their ends where there is room, else in a key above. */
export function overMonths(
  lines: Line[],
  periods: string[],
  colours: Palette,
  width: number,
  show: (value: number) => string,
  options: { stack?: boolean; labelWidth?: number; limit?: { value: number; text: string } } = {},
): Option {
  const wide = width >= 520;
  const labelWidth = options.labelWidth ?? 130;
  return {
    grid: { left: 8, right: wide && !options.stack ? labelWidth + 14 : 14, top: 16, bottom: 6, containLabel: true },
    tooltip: axisTooltip(colours, show),
    xAxis: monthAxis(periods, colours),
    yAxis: valueAxis(colours, show),
    series: lines.map((line, i) => {
      const colour = colours.series[i % colours.series.length]!;
      return {
        type: 'line',
        name: line.name,
        data: line.values,
        symbol: 'none',
        stack: options.stack ? 'all' : undefined,
        lineStyle: {
          width: options.stack ? 1 : 2,
          color: colour,
          type: line.dashed ? dashes[1] : options.stack ? 'solid' : dashes[i % dashes.length],
        },
        itemStyle: { color: colour },
        areaStyle: options.stack ? { color: colour, opacity: 0.75 } : undefined,
        endLabel: wide && !options.stack ? endLabel(line.name, colour, labelWidth) : { show: false },
        labelLayout: wide ? { moveOverlap: 'shiftY' } : undefined,
        emphasis: { disabled: true },
        markLine:
          i === 0 && options.limit
            ? {
                silent: true,
                symbol: 'none',
                lineStyle: { color: colours.series[1], type: 'dashed', width: 1.5 },
                label: { formatter: options.limit.text, position: 'insideStartTop', color: colours.ink, fontSize: 12 },
                data: [{ yAxis: options.limit.value }],
              }
            : undefined,
      };
    }),
  };
}

export interface Bars {
  name: string;
  values: number[];
}

/** Stacked bars: one bar a category, one colour a part. `across` lays them on their side. */
export function stackedBars(
  categories: string[],
  parts: Bars[],
  colours: Palette,
  show: (value: number) => string,
  options: { across?: boolean; marks?: { values: number[]; name: string }; left?: number; totals?: boolean } = {},
): Option {
  const category = {
    type: 'category',
    data: categories,
    inverse: options.across,
    axisLine: { lineStyle: { color: colours.muted } },
    axisTick: { show: false },
    axisLabel: {
      color: colours.ink,
      fontSize: 12,
      interval: 0,
      // a width counts as taken even by shorter labels, so only names beside bars have one
      ...(options.across ? { width: options.left ?? 150, overflow: 'break', lineHeight: 14 } : {}),
    },
  };
  const narrow = options.left !== undefined && options.left < 150;
  const value = valueAxis(
    colours,
    show,
    options.across ? { splitNumber: narrow ? 2 : 3 } : {},
  );
  const totals = categories.map((_, i) =>
    parts.reduce((sum, part) => sum + (Number.isFinite(part.values[i]!) ? part.values[i]! : 0), 0),
  );
  const largest = Math.max(...parts.flatMap((part) => part.values.filter(Number.isFinite).map(Math.abs)));
  const series: Option[] = parts.map((part, i) => ({
    type: 'bar',
    name: part.name,
    stack: 'all',
    // a bar of nothing would still have its border
    data: part.values.map((v) => (Number.isFinite(v) && Math.abs(v) > 0.001 * largest ? v : '-')),
    barMaxWidth: 34,
    itemStyle: { color: colours.series[i % colours.series.length], borderColor: colours.card, borderWidth: 1 },
    emphasis: { disabled: true },
  }));
  if (options.totals !== false) {
    series.push({
      type: 'bar',
      name: '',
      stack: 'all',
      data: totals.map(() => 0),
      tooltip: { show: false },
      silent: true,
      label: {
        show: true,
        position: options.across ? 'right' : 'top',
        color: colours.ink,
        fontSize: 12,
        fontWeight: 600,
        formatter: (param: { dataIndex: number }) =>
          totals[param.dataIndex]! > 0.001 * Math.max(...totals) ? show(totals[param.dataIndex]!) : '',
      },
    });
  }
  if (options.marks) {
    series.push({
      type: 'scatter',
      name: options.marks.name,
      data: options.marks.values.map((v, i) => (options.across ? [v, i] : [i, v])),
      symbol: 'rect',
      symbolSize: options.across ? [3, 30] : [46, 3],
      itemStyle: { color: colours.ink },
      z: 5,
      silent: true,
    });
  }
  return {
    grid: { left: 8, right: options.across ? (narrow ? 48 : 74) : 12, top: options.across ? 4 : 26, bottom: 4, containLabel: true },
    tooltip: tooltip(colours, {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (params: { dataIndex: number }[]) => {
        const i = params[0]?.dataIndex ?? 0;
        const lines = parts
          .filter((part) => Number.isFinite(part.values[i]!) && part.values[i] !== 0)
          .map((part) => `${part.name}: ${show(part.values[i]!)}`);
        if (options.marks && Number.isFinite(options.marks.values[i]!))
          lines.push(`${options.marks.name}: ${show(options.marks.values[i]!)}`);
        return [categories[i], ...lines].join('\n');
      },
    }),
    xAxis: options.across ? value : category,
    yAxis: options.across ? category : value,
    series,
  };
}
