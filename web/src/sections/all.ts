// The sections in their order, each with what it needs.
import type { Component } from 'svelte';
import type { Book } from '../book';
import Headline from './Headline.svelte';

export interface Section {
  id: string;
  title: [string, string];
  hasData: (book: Book) => boolean;
  component: Component<{ book: Book }>;
}

export const sections: Section[] = [
  { id: 'plan', title: ['The plan in brief', '계획 요약'], hasData: () => true, component: Headline },
];
