// The sections in their order, each with what it needs.
import type { Component } from 'svelte';
import type { Book } from '../book';
import Day from '../day/Day.svelte';
import { itPower } from '../facts';
import { flowYears } from '../flow';
import { hasNoPlan } from '../noplan';
import Risk from '../risk/Risk.svelte';
import Audit from './Audit.svelte';
import Binding from './Binding.svelte';
import Commitments from './Commitments.svelte';
import Cooling from './Cooling.svelte';
import Flow from './Flow.svelte';
import Headline from './Headline.svelte';
import Korea from './Korea.svelte';
import LandSea from './LandSea.svelte';
import Late from './Late.svelte';
import MapView from './MapView.svelte';
import Money from './Money.svelte';
import NoPlan from './NoPlan.svelte';
import Parties from './Parties.svelte';
import Power from './Power.svelte';
import Promises from './Promises.svelte';
import Seats from './Seats.svelte';
import Sources from './Sources.svelte';
import Timeline from './Timeline.svelte';

export interface Section {
  id: string;
  title: [string, string];
  hasData: (book: Book) => boolean;
  component: Component<{ book: Book }>;
}

const has = (name: string) => (book: Book) => book.table(name) !== undefined;

export const sections: Section[] = [
  {
    id: 'plan',
    title: ['The plan in brief', '계획 요약'],
    // an audit alone has no plan to be brief about
    hasData: (book) => !book.manifest.study && (book.figures.length > 0 || !has('audit')(book)),
    component: Headline,
  },
  { id: 'noplan', title: ['Why there is no plan', '계획이 없는 이유'], hasData: hasNoPlan, component: NoPlan },
  {
    id: 'power',
    title: ['Gigawatts, racks, tokens', '전력·랙·토큰'],
    hasData: (book) => itPower(book).length > 0,
    component: Power,
  },
  { id: 'day', title: ['A peak day', '피크 하루'], hasData: has('serving_sites'), component: Day },
  {
    id: 'map',
    title: ['Where it stands', '어디에 서는가'],
    component: MapView,
    hasData: (book) =>
      book.sites.some((site) => site.longitude > 124 && site.longitude < 132) && itPower(book).length > 0,
  },
  {
    id: 'binding',
    title: ['What binds', '무엇이 제약인가'],
    hasData: (book) => has('binding')(book) || has('worth')(book),
    component: Binding,
  },
  { id: 'late', title: ['Late or missing', '지연·미이행'], hasData: has('balance'), component: Late },
  { id: 'risk', title: ['Does it hold?', '계획이 지켜지는가'], hasData: has('risk_milestones'), component: Risk },
  { id: 'timeline', title: ['What is ordered when', '발주 일정'], hasData: has('builds'), component: Timeline },
  {
    id: 'flow',
    title: ['From wafer to rack', '웨이퍼에서 랙까지'],
    hasData: (book) => flowYears(book).length > 0,
    component: Flow,
  },
  { id: 'money', title: ['Money', '재원'], hasData: has('spending'), component: Money },
  {
    id: 'cooling',
    title: ['Power and cooling', '전력과 냉각'],
    hasData: (book) => book.measure('sites', /^(pue|facility_power)$/).length > 0,
    component: Cooling,
  },
  { id: 'landsea', title: ['Land against sea', '육상과 해상'], hasData: has('site_costs'), component: LandSea },
  { id: 'audit', title: ['Announced figures', '발표 수치 감사'], hasData: has('audit'), component: Audit },
  { id: 'promises', title: ['Promised and used', '약속과 사용'], hasData: has('commitments'), component: Promises },
  { id: 'commitments', title: ['Commitments by month', '월별 약정'], hasData: has('promises'), component: Commitments },
  {
    id: 'parties',
    title: ['Who spends, who earns', '누가 쓰고 버는가'],
    hasData: (book) => has('accounts')(book) || has('spending')(book),
    component: Parties,
  },
  { id: 'korea', title: ['What it means for Korea', '국내 경제와 인력'], hasData: has('government'), component: Korea },
  {
    id: 'seats',
    title: ['Seats and their desk', '좌석과 데스크'],
    hasData: (book) => book.measure('seats', /^seats_served_/).length > 0,
    component: Seats,
  },
  {
    id: 'sources',
    title: ['How sure, where from', '신뢰도와 출처'],
    hasData: (book) => book.tableNames().length > 0,
    component: Sources,
  },
];
