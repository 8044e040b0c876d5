// What the plan says in a few sentences, told from its tables in both languages.
import { add, type Book, type Series } from './book';
import { large, megawatts, month, percent, plain, quantity, usd } from './format';
import { say } from './say';

/** A piece of a sentence: text, or a figure that can be asked for its sources. */
export type Piece = string | { name: string; raw: number; value: string; title: string; entries: string[] };

export const entriesOf = {
  power: ['hall.*', 'hull.*', 'site.*', 'rack.*'],
  money: ['budget.*', 'rack.*', 'hall.*', 'hull.*', 'connection.*'],
  memory: ['fab.*', 'product.*', 'stack.*', 'commitment.wafer_starts'],
  racks: ['rack.*', 'accelerator.*', 'packaging.*'],
  seats: ['seats.*', 'desk.*'],
  economy: ['regional.*'],
  people: ['school.*'],
};

/** IT power online, by site, or undefined where the run has no sites. */
export function itPower(book: Book): Series[] {
  const racks = book.measure('programme', 'it_load_installed').filter((line) => line.place !== '');
  return racks.length > 0 ? racks : book.measure('sites', 'it_capacity');
}

export interface Group {
  key: 'usa' | 'land' | 'sea';
  title: string;
  lines: Series[];
  total: number[];
}

/** Sites by region and kind. With no more than one region, land and sea alone. */
export function groups(book: Book): Group[] {
  const lines = itPower(book);
  const siteOf = (line: Series) => book.sites.find((site) => site.place === line.place);
  const regions = new Set(book.sites.map((site) => site.region));
  const abroad = (line: Series) => regions.has('usa') && siteOf(line)?.region === 'usa';
  const make = (key: Group['key'], title: string, chosen: Series[]): Group => ({
    key,
    title,
    lines: chosen,
    total: add(
      chosen.map((line) => line.values),
      book.periods.length,
    ),
  });
  const home = regions.has('korea') ? say('Korea, ', '한국 ') : '';
  return [
    make('usa', say('United States', '미국'), lines.filter(abroad)),
    make(
      'land',
      home + say('on land', '육상'),
      lines.filter((line) => !abroad(line) && !siteOf(line)?.sea),
    ),
    make(
      'sea',
      home + say('afloat', '해상'),
      lines.filter((line) => !abroad(line) && siteOf(line)?.sea),
    ),
  ].filter((group) => group.lines.length > 0);
}

function figurePiece(
  book: Book,
  name: string,
  title: string,
  entries: string[],
  show?: (value: number) => string,
): Piece {
  const figure = book.figure(name);
  if (!figure) return '';
  return {
    name,
    raw: figure.value,
    value: show ? show(figure.value) : quantity(figure.value, figure.unit),
    title,
    entries,
  };
}

function power(book: Book): Piece[] {
  const it = book.figure('it_power');
  if (!it) return [];
  const when = month(book.periods[book.last]!, 'long');
  const parts = groups(book).map((group) => `${group.title} ${megawatts(group.total.at(-1) ?? 0)}`);
  const pieces: Piece[] = [
    say(`By ${when} the plan runs `, `${when}까지 IT 전력 `),
    figurePiece(book, 'it_power', say('IT power online', '가동 IT 전력'), entriesOf.power),
    say(' of IT power', '를 가동합니다'),
  ];
  if (parts.length > 1) pieces.push(say(`: ${parts.join(', ')}`, ` (${parts.join(', ')})`));
  if (book.figure('facility_power')) {
    pieces.push(
      say('; with cooling and losses it draws ', '. 냉각과 손실을 더한 설비 전력은 '),
      figurePiece(book, 'facility_power', say('Facility power', '설비 전력'), entriesOf.power),
      say('.', '입니다.'),
    );
  } else pieces.push('.');
  return pieces;
}

/** The budget over the most months: its spend, allowance and window, read from table `limits`. */
export function widestBudget(
  book: Book,
): { name: string; spent: number; allowed: number; first: string; last: string } | undefined {
  let best: { name: string; spent: number; allowed: number; first: string; last: string } | undefined;
  for (const figure of book.figuresLike(/^spent_of_/)) {
    const note = /^([\d.e+]+) allowed, (\S+) to (\S+)$/.exec(figure.note);
    if (!note || !(Number(note[1]) > 0)) continue;
    const found = { name: figure.name, spent: figure.value, allowed: Number(note[1]), first: note[2]!, last: note[3]! };
    if (!best || found.allowed > best.allowed) best = found;
  }
  return best;
}

function money(book: Book): Piece[] {
  const budget = widestBudget(book);
  if (!budget) return [];
  const pieces: Piece[] = [
    say('It spends ', `${month(budget.last, 'long')}까지 `),
    figurePiece(book, budget.name, say('Spent of the budget', '예산 집행'), entriesOf.money),
    say(
      ` of the ${usd(budget.allowed)} allowed to ${month(budget.last, 'long')}`,
      `를 씁니다 (한도 ${usd(budget.allowed)})`,
    ),
  ];
  if (book.figure('accelerators_online')) {
    pieces.push(
      say(', for ', '. 가동 가속기는 '),
      figurePiece(book, 'accelerators_online', say('Accelerators online', '가동 가속기'), entriesOf.racks),
      say('', '입니다'),
    );
  }
  if (book.figure('all_in_cost')) {
    pieces.push(
      say(', and a gigawatt costs ', '. 1 GW당 총비용은 '),
      figurePiece(book, 'all_in_cost', say('Cost of a gigawatt, all in', 'GW당 총비용'), entriesOf.money, (v) =>
        usd(v),
      ),
      say(' all in', '입니다'),
    );
  }
  pieces.push('.');
  return pieces;
}

function memory(book: Book): Piece[] {
  if (!book.figure('wafer_starts_max')) return [];
  const share = book.figuresLike(/^share_of_/)[0];
  const allowed = share && /of the (\d+)/.exec(share.note)?.[1];
  return [
    say('Its memory takes at most ', '메모리 수요는 최대 '),
    figurePiece(
      book,
      'wafer_starts_max',
      say('DRAM wafer starts in the busiest month', '월 최대 D램 웨이퍼 투입'),
      entriesOf.memory,
    ),
    ...(share && allowed
      ? [
          say(', ', '로, 의향서의 '),
          ...(say('en', 'ko') === 'ko' ? [`월 ${large(Number(allowed))}장 한도의 `] : []),
          figurePiece(
            book,
            share.name,
            say('Share of the wafers promised', '약속 물량 대비 비중'),
            entriesOf.memory,
            (v) => percent(v),
          ),
          say(
            ` of the ${large(Number(allowed))} a month that the letters of intent allow: a ceiling, not a need.`,
            '에 그칩니다. 한도일 뿐 필요량이 아닙니다.',
          ),
        ]
      : [say('.', '입니다.')]),
  ];
}

/** First month in which a line is above a tenth of a megawatt, or undefined. */
function firstOnline(book: Book, line: Series): string | undefined {
  const i = line.values.findIndex((value) => value > 0.1);
  return i < 0 ? undefined : book.periods[i];
}

function openings(book: Book): Piece[] {
  const home = groups(book)
    .filter((group) => group.key !== 'usa')
    .flatMap((group) => group.lines);
  const opened = home
    .map((line) => ({ line, first: firstOnline(book, line) }))
    .filter((each): each is { line: Series; first: string } => each.first !== undefined)
    .sort((a, b) => a.first.localeCompare(b.first));
  if (opened.length === 0) return [];
  const siteOf = (line: Series) => book.sites.find((site) => site.place === line.place);
  const words = opened.map(({ line, first }) => {
    const at = megawatts(line.values[book.periods.indexOf(first)]!);
    const name = book.names.of('site', siteOf(line)?.name ?? line.place);
    return say(`${name} in ${month(first)} with ${at}`, `${name} ${month(first)} ${at}`);
  });
  if (words.length === 1) return [say(`${words[0]} is its only site.`, `센터는 ${words[0]} 한 곳입니다.`)];
  const where = book.sites.some((site) => site.region === 'korea') ? say('In Korea the', '국내') : say('The', '');
  return [
    say(
      `${where} first megawatts come online at ${words.join(', ')}.`,
      `${where} 첫 가동은 ${words.join(', ')}입니다.`,
    ),
  ];
}

function use(book: Book): Piece[] {
  const seats = book.figuresLike(/^seats_served_/)[0];
  const jobs = book.figuresLike(/^jobs@/)[0];
  const value = book.figuresLike(/^value_added@/)[0];
  if (!seats && !jobs) return [];
  const pieces: Piece[] = [];
  if (seats) {
    pieces.push(
      say('It serves ', '마지막 달에 '),
      figurePiece(book, seats.name, say('Seats served in the last month', '마지막 달 제공 좌석'), entriesOf.seats),
      say(' in the last month', '을 제공합니다'),
    );
  }
  if (jobs && value) {
    pieces.push(
      seats
        ? say(' and brings Korea an estimated ', '. 국내 고용은 약 ')
        : say('It brings Korea an estimated ', '국내 고용은 약 '),
      figurePiece(
        book,
        jobs.name,
        say('Jobs in Korea, first estimate', '국내 고용, 1차 추정'),
        entriesOf.economy,
        (v) => say(`${large(v, 3)} person-years`, `${large(v, 3)}인년`),
      ),
      say(' of work and ', ', 부가가치는 약 '),
      figurePiece(
        book,
        value.name,
        say('Value added in Korea, first estimate', '국내 부가가치, 1차 추정'),
        entriesOf.economy,
        (v) => usd(v, 3),
      ),
      say(' of value added, in first form.', '로 추정됩니다 (1차 추정).'),
    );
  } else pieces.push(say('.', '.'));
  return pieces;
}

/** At most five sentences; those whose tables are absent are left out. */
export function sentences(book: Book): Piece[][] {
  return [power(book), money(book), memory(book), openings(book), use(book)].filter((sentence) => sentence.length > 0);
}

export interface Binding {
  year: string;
  kind: string;
  name: string;
  place: string;
  unit: string;
  periods: number;
  worth: number;
  compute: number;
  weight: number;
}

/** What binds by year, as table `binding` has it. */
export function bindings(book: Book): Binding[] {
  const table = book.table('binding');
  if (!table) return [];
  const [year, kind, name, place] = [table.text('year'), table.text('kind'), table.text('name'), table.text('place')];
  const unit = table.text('unit');
  const [periods, worth, compute, weight] = ['periods', 'worth', 'compute', 'weight'].map((column) =>
    table.number(column),
  ) as [number[], number[], number[], number[]];
  return name.map((each, i) => ({
    year: year[i]!,
    kind: kind[i]!,
    name: each,
    place: place[i]!,
    unit: unit[i]!,
    periods: periods[i]!,
    worth: worth[i]!,
    compute: compute[i]!,
    weight: weight[i]!,
  }));
}

/** What one more unit is worth, in money or, where money buys none, as a share of the plan's compute. */
export function worthText(book: Book, each: { worth: number; compute: number; unit: string }): string {
  const unit = each.unit === 'USD' ? say('USD 1 billion', '10억 달러') : quantityOf(each.unit);
  if (Number.isFinite(each.worth) && each.worth > 0) return `${unit}: ${usd(each.worth * step(each.unit), 3)}`;
  const share = (each.compute * step(each.unit)) / book.manifest.objective.value;
  if (!(share > 0)) return '';
  return `${unit}: +${percentSmall(share)} ${say('compute', '연산량')}`;
}
/** The step in which a reader thinks of a unit: a thousand wafers, ten megawatts. */
function step(unit: string): number {
  if (/wafer|stack|die/.test(unit)) return 1000;
  if (/accelerator/.test(unit)) return 1000;
  if (/^MW/.test(unit)) return 10;
  if (/rack/.test(unit)) return 100;
  if (unit === 'USD') return 1e9;
  return 1;
}
function quantityOf(unit: string): string {
  return '+' + quantity(step(unit), unit);
}
function percentSmall(share: number): string {
  return `${plain(100 * share, 2)}%`;
}
