// What things are called: titles from table `names`, put together for things that the network made of several.
import type { Table } from './data';
import { ui } from './ui.svelte';

interface Name {
  title: string;
  titleKo: string;
}

/** Words for the kinds of things that the network names "kind@place" or "kind_thing@place". */
const kinds: Record<string, [string, string]> = {
  hall: ['Halls', '전산동'],
  hull: ['Hull', '선체'],
  connection: ['Grid connection', '계통 연계'],
  rack: ['Racks', '랙'],
  fab: ['Wafer starts', '웨이퍼 투입'],
  tsv: ['Through-silicon-via lines', 'TSV 라인'],
  wspm: ['Wafer capacity', '웨이퍼 생산능력'],
  backlog: ['In the works at the start', '초기 재공품'],
  interposer: ['Interposers', '인터포저'],
  buy: ['Purchase', '구매'],
  package: ['Packaging', '패키징'],
  stack: ['Stacks', '적층'],
  assemble: ['Assembly', '조립'],
  slots: ['Dock slots', '도크 슬롯'],
  dock: ['Dock', '도크'],
  school: ['School', '양성 과정'],
  agents: ['Support agents', '상담 인력'],
  import: ['Grid power', '계통 전력'],
  supply: ['Power supply', '전력 공급'],
  plant: ['Plant', '발전'],
  battery_energy: ['Battery, energy', '배터리 용량'],
  battery_power: ['Battery, power', '배터리 출력'],
  battery: ['Battery', '배터리'],
  budget: ['Budget', '예산'],
  public_share: ['Public share', '공공 할당'],
  run: ['Running', '가동'],
  seats: ['Seats', '좌석'],
  train: ['Training', '학습'],
  infer: ['Inference', '추론'],
  serve: ['Inference', '추론'],
  public: ['Public use', '공공 이용'],
  grid: ['Grid power', '계통 전력'],
  electricity: ['Electricity', '전력'],
  technician: ['Technicians', '운영 인력'],
  token: ['Tokens', '토큰'],
  compute: ['Compute', '연산'],
  it_space: ['Space for racks', '랙 공간'],
  die: ['Dies', '다이'],
  dram: ['DRAM', 'D램'],
  equipment: ['Equipment', '설비'],
  accelerator: ['Accelerators', '가속기'],
  dock_slot: ['Dock slots', '도크 슬롯'],
  emission: ['Emissions', '배출'],
  seat: ['Seats', '좌석'],
};
/** Sections in which the thing after "kind_" may be found. */
const sectionsOf: Record<string, string[]> = {
  rack: ['rack'],
  fab: ['product'],
  backlog: ['product', 'stack', 'rack', 'accelerator'],
  buy: ['equipment'],
  package: ['accelerator'],
  stack: ['stack'],
  assemble: ['rack'],
  plant: ['plant'],
  battery_energy: ['battery'],
  battery_power: ['battery'],
  run: ['rack'],
  seats: ['seats'],
  infer: ['service'],
  serve: ['rack'],
  compute: ['rack'],
  budget: ['budget'],
  agents: ['seats'],
  die: ['product'],
  dram: ['product'],
  equipment: ['equipment'],
  accelerator: ['accelerator'],
  seat: ['seats'],
};
const placeSections = ['fab', 'place', 'site', 'packaging', 'yard', 'school', 'desk'];

export class Names {
  private byKey = new Map<string, Name>();

  constructor(table: Table | undefined) {
    if (!table) return;
    const [kind, name, title, titleKo] = [
      table.text('kind'),
      table.text('name'),
      table.text('title'),
      table.text('title_ko'),
    ];
    for (let i = 0; i < table.length; i++) {
      this.byKey.set(`${kind[i]}.${name[i]}`, { title: title[i]!, titleKo: titleKo[i]! });
    }
  }

  /** Title of an entry of a section, or undefined. */
  find(section: string, name: string): string | undefined {
    const found = this.byKey.get(`${section}.${name}`);
    if (!found) return undefined;
    return (ui.language === 'ko' ? found.titleKo || found.title : found.title || found.titleKo) || undefined;
  }
  of(section: string, name: string): string {
    return this.find(section, name) ?? name.replaceAll('_', ' ');
  }
  party(name: string): string {
    return name ? this.of('party', name) : '–';
  }
  place(name: string): string {
    return this.find('place', name) ?? this.of('site', name);
  }
  /** A site by the short name of its place ("Ulsan"), as labels on charts need it. */
  shortPlace(name: string): string {
    const title = this.place(name);
    return title.replace(/\s*\(.*\)$/, '').split(',')[0]!;
  }
  kind(name: string): string {
    const found = kinds[name];
    return found ? found[ui.language === 'ko' ? 1 : 0] : name.replaceAll('_', ' ');
  }
  private firstIn(sections: string[], name: string): string | undefined {
    for (const section of sections) {
      const found = this.find(section, name);
      if (found) return found;
    }
    return undefined;
  }

  /** The rack that "gb300_nvl72_chat" begins with: racks by what they serve. */
  private rackOf(thing: string): string | undefined {
    for (let cut = thing.lastIndexOf('_'); cut > 0; cut = thing.lastIndexOf('_', cut - 1)) {
      const found = this.find('rack', thing.slice(0, cut));
      if (found) return found;
    }
    return undefined;
  }

  /** "fab_hbm4_24gb@m16" → "Wafer starts: HBM4 core die, 24 Gbit · SK hynix Icheon M16". */
  thing(name: string): string {
    const [head = '', tail = ''] = name.split('@');
    const where = tail
      ? (this.firstIn(placeSections, tail) ?? this.firstIn(['seats'], tail) ?? tail.replaceAll('_', ' '))
      : '';
    return this.head(head) + (where ? ` · ${where}` : '');
  }
  private head(head: string): string {
    const whole = this.firstIn(['limit', 'commitment', 'budget', 'line', 'process', 'stack'], head);
    if (whole) return whole;
    if (kinds[head]) return this.kind(head);
    for (let cut = head.lastIndexOf('_'); cut > 0; cut = head.lastIndexOf('_', cut - 1)) {
      const [kind, thing] = [head.slice(0, cut), head.slice(cut + 1)];
      if (!kinds[kind]) continue;
      if (kind === 'backlog' && thing) {
        return `${this.kind('backlog')}: ${this.head(thing).replace(/^[^:]*: /, '')}`;
      }
      const year = /_(\d{4})$/.exec(thing)?.[1];
      const found =
        this.firstIn(sectionsOf[kind] ?? [], year ? thing.slice(0, -5) : thing) ??
        (kind === 'serve' ? this.rackOf(thing) : undefined);
      if (found && year) return `${found} · ${year}`;
      return `${this.kind(kind)}: ${found ?? thing.replaceAll('_', ' ')}`;
    }
    return (
      this.firstIn(['product', 'stack', 'rack', 'accelerator', 'equipment', 'plant', 'battery'], head) ??
      head.replaceAll('_', ' ')
    );
  }
}
