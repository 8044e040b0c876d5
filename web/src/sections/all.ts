// The sections in their order, each with what it needs.
import type { Component } from 'svelte';
import type { Book } from '../book';
import { itPower } from '../facts';
import Headline from './Headline.svelte';
import MapView from './MapView.svelte';
import Power from './Power.svelte';

export interface Section {
  id: string;
  title: [string, string];
  hasData: (book: Book) => boolean;
  component: Component<{ book: Book }>;
}

export const sections: Section[] = [
  { id: 'plan', title: ['The plan in brief', '계획 요약'], hasData: () => true, component: Headline },
  { id: 'power', title: ['Gigawatts, racks, tokens', '전력·랙·토큰'], hasData: (book) => itPower(book).length > 0, component: Power },
  {
    id: 'map', title: ['Where it stands', '어디에 서는가'], component: MapView,
    hasData: (book) => book.sites.some((site) => site.longitude > 124 && site.longitude < 132) && itPower(book).length > 0,
  },
];
