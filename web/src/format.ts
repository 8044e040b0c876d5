// Numbers and dates as readers of each language write them.
import { say } from './say';
import { ui, type Language } from './ui.svelte';

const locales: Record<Language, string> = { en: 'en-US', ko: 'ko-KR' };

const formats = new Map<string, Intl.NumberFormat>();
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = ui.language + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.NumberFormat(locales[ui.language], options)));
  return found;
}

// made once: a page names months by the hundred, and making a format takes longer than using it
const dateFormats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = ui.language + JSON.stringify(options);
  let found = dateFormats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locales[ui.language], { ...options, timeZone: 'UTC' });
    dateFormats.set(key, found);
  }
  return found;
}

/** 12,345 or 0.0123: all digits of whole numbers, else `digits` significant ones. */
export function plain(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (Object.is(value, -0) || Math.abs(value) < 1e-12) return '0';
  const whole = Math.abs(value) >= 10 ** (digits - 1);
  return format(whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits }).format(value);
}

/** 385.4B, 3,854억: four significant digits and the language's own steps. */
export function compact(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 1e-12) return '0';
  // 1,840 and not 1.84천
  if (ui.language === 'ko' && Math.abs(value) < 9_999.5)
    return format({ maximumSignificantDigits: digits }).format(value);
  // without 'always' 3,854억 would be written 3854억
  return format({
    notation: 'compact',
    maximumSignificantDigits: digits,
    useGrouping: 'always',
  } as Intl.NumberFormatOptions).format(value);
}

export function percent(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return format({ style: 'percent', maximumFractionDigits: size >= 0.1 ? 0 : digits - 1 }).format(value);
}

/** 166,000, 3.155 million; 16.6만, 315.5만: as a sentence has it. */
export function large(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (ui.language === 'ko') return compact(value, digits);
  if (Math.abs(value) < 1e-9) return '0';
  if (Math.abs(value) < 999_500) return format({ maximumSignificantDigits: digits }).format(value);
  return format({ notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: digits }).format(value);
}

export function usd(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  return ui.language === 'ko' ? `${compact(value, digits)} 달러` : `USD ${large(value, digits)}`;
}

/** Dollars on an axis: short, with the currency where there is room for it. */
export function usdOn(width: number): (value: number) => string {
  return (value) => {
    const short = compact(value, 3);
    if (width < 520) return short;
    return ui.language === 'ko' ? `${short} 달러` : `USD ${short}`;
  };
}

/** Megawatts as MW below 1,000, else as GW; no line ends between number and unit. */
export function megawatts(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 1000
    ? `${format({ maximumFractionDigits: 2 }).format(value / 1000)}\u00a0GW`
    : `${format({ maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 }).format(value)}\u00a0MW`;
}

const unitsKo: Record<string, string> = {
  accelerator: '개',
  rack: '랙',
  wafer: '장',
  'wafer/month': '장/월',
  stack: '개',
  die: '개',
  person: '명',
  seat: '석',
  hull: '척',
  month: '개월',
  year: '년',
  'person year': '인년',
  USD: '달러',
  'USD/GW': '달러/GW',
  'USD/MW': '달러/MW',
  'USD/MW/year': '달러/MW·년',
  'USD/MWh': '달러/MWh',
  'h/year': '시간/년',
  h: '시간',
  'wafer/month ordered': '장/월 발주',
  'MW ordered': 'MW 발주',
  package: '개',
  'accelerator/month': '개/월',
  'stack/month': '개/월',
  'L/kWh': 'L/kWh',
  'PFLOP/s hour': 'PFLOP/s·시간',
  'Mtoken/s': '백만 토큰/초',
  token: '토큰',
  hour: '시간',
};
const unitsEn: Record<string, string> = {
  accelerator: 'accelerators',
  rack: 'racks',
  wafer: 'wafers',
  'wafer/month': 'wafers a month',
  stack: 'stacks',
  die: 'dies',
  person: 'people',
  seat: 'seats',
  hull: 'hulls',
  month: 'months',
  year: 'years',
  'person year': 'person-years',
  'USD/GW': 'USD a GW',
  'USD/MW': 'USD a MW',
  'h/year': 'hours a year',
  'USD/MW/year': 'USD a MW and year',
  'PFLOP/s hour': 'PFLOP/s·h',
  'PFLOP/s*h': 'PFLOP/s·h',
  'Mtoken/s': 'million tokens a second',
};

/** The unit as it stands after a number. */
export function unitText(unit: string): string {
  if (unit === '1') return '';
  const known = (ui.language === 'ko' ? unitsKo : unitsEn)[unit];
  if (known !== undefined) return known;
  if (unit.endsWith(' ordered')) {
    const word = unitText(unit.slice(0, -' ordered'.length));
    return say(`${word} ordered`, `${word} 발주`);
  }
  // what a language has no word for it may have for its parts: USD/rack, 달러/랙
  return ui.language === 'ko' && unit.includes('/') ? unit.split('/').map(unitText).join('/') : unit;
}

/** The unit after this very number: 1 month, 2 months. */
export function unitAfter(value: number, unit: string): string {
  const isOne = ui.language === 'en' && Math.abs(value) === 1 && /^[a-z /]+$/.test(unit);
  return isOne ? unit.replace('/', ' a ') : unitText(unit);
}

/** A number with its unit, short enough for a card. */
export function quantity(value: number, unit: string, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'USD') return usd(value, digits);
  if (unit === 'USD/GW') return `${usd(value, digits)}/GW`;
  if (unit === 'MW') return megawatts(value);
  if (unit === 'Mtoken/s' && ui.language === 'ko') return `${compact(value * 1e6, digits)} 토큰/초`;
  if (unit === 'share') return percent(value);
  // what comes whole is told whole, though a plan may count in parts
  if (/^(accelerator|rack|wafer|stack|die|person|seat)\b/.test(unit) && Math.abs(value) >= 1) value = Math.round(value);
  const text = Math.abs(value) >= 1e6 ? large(value, digits) : plain(value, 3);
  const word = unitAfter(value, unit);
  if (!word) return text;
  return ui.language === 'ko' && /^[가-힣]/.test(word)
    ? `${text}${word.startsWith('달러') ? ' ' : ''}${word}`
    : `${text} ${word}`;
}

/** A span of months, or the one that it is. */
export function months(first: string, last: string): string {
  return first === last ? month(first) : `${month(first)} – ${month(last)}`;
}

/** "wafer starts at …" as it begins a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "2029-09" → Sep 2029, 2029년 9월; a year stays one. */
export function month(period: string, style: 'long' | 'short' = 'short'): string {
  const match = /^(\d{4})-(\d{2})$/.exec(period);
  if (!match) return period;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, 15));
  return dateFormat({ year: 'numeric', month: style }).format(date);
}

export function monthOfYear(number: number): string {
  const date = new Date(Date.UTC(2025, number - 1, 15));
  return dateFormat({ month: 'short' }).format(date);
}
