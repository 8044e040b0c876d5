// Where the page's data come from: one small interface, so that a server may stand behind it as well as the file itself.

import { gunzipSync, strFromU8 } from 'fflate';

export interface Column {
  name: string;
  unit: string;
  description: string;
  type: 'number' | 'integer' | 'text';
  values: (number | string | null)[];
}

/** Values, or the index of each row's among words that repeat. */
interface Members {
  words?: string[];
  values: (number | string | null)[];
}

/** As the program writes it into the page; see src/report/page_data.h. */
interface RawTable {
  name: string;
  title: string;
  rows: number;
  columns: (Omit<Column, 'values'> & Partial<Members> & { packed?: string })[];
}

export interface Manifest {
  version: string;
  solver: string;
  termination: string;
  verified: boolean;
  scenario: { name: string; title: string; sha256: string };
  objective: { value: number; bound: number; gap: number; unit: string };
  cost_usd: number;
  problem: { rows: number; columns: number; nonzeros: number; integers: number };
  detail?: string;
  manifest_sha256?: string;
  /** Which study made the run; absent: it is a plan. */
  study?: string;
}

/** One of the runs whose tables are in the page; see src/report/joined_runs.h. */
export interface Run {
  run: string;
  /** 'risk', …; '': a plan. */
  study: string;
  /** What was changed of the scenario by --set. */
  set: string[];
  facts: Record<string, unknown>;
  tables: string[];
}

export interface Settings {
  language: '' | 'en' | 'ko';
  left_out: string[];
  runs: Run[];
}

export interface Source {
  manifest(): Promise<Manifest>;
  settings(): Promise<Settings>;
  /** Names of the tables there are. */
  tables(): Promise<string[]>;
  /** A table, or undefined if the run has none of this name. */
  table(name: string): Promise<Table | undefined>;
}

/** Long columns are in the page as gzip in base64. */
function unpacked(base64: string): Members {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return JSON.parse(strFromU8(gunzipSync(bytes))) as Members;
}

function plainValues({ words, values }: Members): Members['values'] {
  return words ? values.map((index) => words[index as number]!) : values;
}

export class Table {
  readonly name: string;
  readonly title: string;
  readonly length: number;
  readonly columns: Column[];
  private byName = new Map<string, Column>();
  private texts = new Map<string, string[]>();

  constructor(raw: RawTable) {
    this.name = raw.name;
    this.title = raw.title;
    this.length = raw.rows;
    this.columns = raw.columns.map(({ name, unit, description, type, words, values, packed }) => {
      let read = words ? undefined : values;
      return {
        name,
        unit,
        description,
        type,
        // most columns are never asked: they are unpacked, and their texts looked up, when they are
        get values() {
          return (read ??= plainValues(packed ? unpacked(packed) : { words, values: values! }));
        },
      };
    });
    for (const column of this.columns) this.byName.set(column.name, column);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }
  /** Texts of a column; empty texts where there is no such column. Not to be changed: whoever asks gets the same. */
  text(name: string): string[] {
    let found = this.texts.get(name);
    if (!found) {
      const column = this.byName.get(name);
      found = column
        ? column.values.map((value) => (value === null ? '' : String(value)))
        : (Array(this.length).fill('') as string[]);
      this.texts.set(name, found);
    }
    return found;
  }
  /** Numbers of a column; NaN for what is missing. */
  number(name: string): number[] {
    const column = this.byName.get(name);
    return column
      ? column.values.map((value) => (typeof value === 'number' ? value : NaN))
      : Array(this.length).fill(NaN);
  }
  unit(name: string): string {
    return this.byName.get(name)?.unit ?? '';
  }
}

/** Reads the <script type="application/json"> elements of the page itself. */
export function embeddedSource(root: Document): Source {
  const read = (id: string): unknown => JSON.parse(root.getElementById(id)?.textContent || '{}');
  let raw: Record<string, RawTable> | undefined;
  const tables = () => (raw ??= read('tables') as Record<string, RawTable>);
  const made = new Map<string, Table>();
  return {
    manifest: async () => read('manifest') as Manifest,
    settings: async () => ({ language: '', left_out: [], runs: [], ...(read('settings') as object) }) as Settings,
    tables: async () => Object.keys(tables()).sort(),
    table: async (name) => {
      const found = Object.hasOwn(tables(), name) ? tables()[name] : undefined;
      if (!found) return undefined;
      if (!made.has(name)) made.set(name, new Table(found));
      return made.get(name);
    },
  };
}
