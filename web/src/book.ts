// All tables of a run, read once, with the ways in which sections ask them.
import type { Manifest, Settings, Source, Table } from './data';
import { Names } from './names';

/** A line of a report, month by month. */
export interface Series {
  name: string;
  place: string;
  party: string;
  unit: string;
  entry: string;
  /** One value a period of the book; 0 where the table has no row. */
  values: number[];
}

export interface Figure {
  system: string;
  name: string;
  value: number;
  unit: string;
  note: string;
}

export interface Site {
  name: string;
  place: string;
  region: string;
  sea: boolean;
  latitude: number;
  longitude: number;
}

export class Book {
  readonly names: Names;
  readonly periods: string[];
  readonly years: string[];
  readonly figures: Figure[];
  readonly sites: Site[];
  private series = new Map<string, Series[]>();

  constructor(
    readonly manifest: Manifest,
    readonly settings: Settings,
    private tables: Map<string, Table>,
  ) {
    this.names = new Names(tables.get('names'));
    this.periods = this.findPeriods();
    this.years = [...new Set(this.periods.map((period) => period.slice(0, 4)))];
    this.figures = this.findFigures();
    this.sites = this.findSites();
  }

  table(name: string): Table | undefined {
    const found = this.tables.get(name);
    return found && found.length > 0 ? found : undefined;
  }
  tableNames(): string[] {
    return [...this.tables.keys()].sort();
  }

  private findPeriods(): string[] {
    const all = new Set<string>();
    // what a study looks at may lie outside the plan's months
    const ofStudies = new Set(
      this.manifest.study ? [] : this.settings.runs.filter((run) => run.study).flatMap((run) => run.tables),
    );
    for (const [name, table] of this.tables) {
      if (table.has('period') && !ofStudies.has(name)) for (const period of table.text('period')) all.add(period);
    }
    all.delete('');
    return [...all].sort();
  }

  private findFigures(): Figure[] {
    const table = this.table('summary');
    if (!table) return [];
    const [system, name, value] = [table.text('system'), table.text('name'), table.number('value')];
    const [unit, note] = [table.text('unit'), table.text('note')];
    return name.map((each, i) => ({
      system: system[i]!,
      name: each,
      value: value[i]!,
      unit: unit[i]!,
      note: note[i]!,
    }));
  }

  /** Sites of the scenario, by region and name; without table `names`, the places of table `sites`. */
  private findSites(): Site[] {
    const table = this.table('names');
    const out: Site[] = [];
    if (table) {
      const column = (name: string) => table.text(name);
      const [kind, name, place, siteKind, region] = [
        column('kind'),
        column('name'),
        column('place'),
        column('site_kind'),
        column('region'),
      ];
      const [latitude, longitude] = [table.number('latitude'), table.number('longitude')];
      for (let i = 0; i < table.length; i++) {
        if (kind[i] !== 'site') continue;
        out.push({
          name: name[i]!,
          place: place[i]!,
          region: region[i] || place[i]!,
          sea: siteKind[i] === 'mooring',
          latitude: latitude[i]!,
          longitude: longitude[i]!,
        });
      }
    }
    if (out.length === 0) {
      for (const place of new Set(this.table('sites')?.text('place') ?? [])) {
        out.push({ name: place, place, region: place, sea: false, latitude: NaN, longitude: NaN });
      }
    }
    return out;
  }

  figure(name: string): Figure | undefined {
    return this.figures.find((each) => each.name === name);
  }
  figuresLike(pattern: RegExp): Figure[] {
    return this.figures.filter((each) => pattern.test(each.name));
  }

  /** All lines of a table of measures. */
  lines(tableName: string): Series[] {
    const known = this.series.get(tableName);
    if (known) return known;
    const out: Series[] = [];
    const table = this.table(tableName);
    if (table && table.has('measure') && table.has('period')) {
      const index = new Map(this.periods.map((period, i) => [period, i]));
      const [measure, place, party] = [table.text('measure'), table.text('place'), table.text('party')];
      const [period, value, unit, entry] = [
        table.text('period'),
        table.number('value'),
        table.text('unit'),
        table.text('entry'),
      ];
      const byKey = new Map<string, Series>();
      for (let i = 0; i < table.length; i++) {
        const key = `${measure[i]}|${place[i]}|${party[i]}`;
        let line = byKey.get(key);
        if (!line) {
          line = {
            name: measure[i]!,
            place: place[i]!,
            party: party[i]!,
            unit: unit[i]!,
            entry: entry[i]!,
            values: Array(this.periods.length).fill(0) as number[],
          };
          byKey.set(key, line);
          out.push(line);
        }
        line.values[index.get(period[i]!)!] = value[i]!;
      }
    }
    this.series.set(tableName, out);
    return out;
  }

  /** Lines of one measure; several where it has several places or parties. */
  measure(tableName: string, name: string | RegExp): Series[] {
    return this.lines(tableName).filter((line) =>
      typeof name === 'string' ? line.name === name : name.test(line.name),
    );
  }
  /** The one line of a measure, or undefined. */
  line(tableName: string, name: string, place?: string, party?: string): Series | undefined {
    return this.lines(tableName).find(
      (line) =>
        line.name === name &&
        (place === undefined || line.place === place) &&
        (party === undefined || line.party === party),
    );
  }

  /** Sum over the months of each year, in the order of `years`. */
  byYear(values: number[], how: 'sum' | 'mean' | 'last' = 'sum'): number[] {
    return this.years.map((year) => {
      const chosen = values.filter((_, i) => this.periods[i]!.startsWith(year));
      if (how === 'last') return chosen.at(-1) ?? NaN;
      const sum = chosen.reduce((a, b) => a + b, 0);
      return how === 'mean' ? sum / chosen.length : sum;
    });
  }
  get last(): number {
    return this.periods.length - 1;
  }
}

export function add(lines: number[][], length: number): number[] {
  const out = Array(length).fill(0) as number[];
  for (const values of lines) for (let i = 0; i < length; i++) out[i]! += values[i] ?? 0;
  return out;
}

export async function readBook(source: Source): Promise<Book> {
  const names = await source.tables();
  const tables = new Map<string, Table>();
  for (const name of names) {
    const table = await source.table(name);
    if (table) tables.set(name, table);
  }
  return new Book(await source.manifest(), await source.settings(), tables);
}
