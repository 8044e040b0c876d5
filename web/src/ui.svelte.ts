// What the reader has chosen: language, colours, month. Language and colours are kept in the address, behind '#'.

export type Language = 'en' | 'ko';
export type Theme = 'auto' | 'light' | 'dark';

/** What the panel of sources is asked about. */
export interface Question {
  title: string;
  value?: string;
  /** Name of the figure in the tables `summary` and `lineage`. */
  figure?: string;
  /** Entries of the scenario ("site.ulsan"), where they are known; "rack.*" stands for all of a section. */
  entries: string[];
}

const dark = window.matchMedia('(prefers-color-scheme: dark)');

export const ui = $state({
  language: 'en' as Language,
  theme: 'auto' as Theme,
  systemDark: dark.matches,
  question: null as Question | null,
});

dark.addEventListener('change', (event) => (ui.systemDark = event.matches));

export function isDark(): boolean {
  return ui.theme === 'dark' || (ui.theme === 'auto' && ui.systemDark);
}

function fromHash(): URLSearchParams {
  return new URLSearchParams(location.hash.replace(/^#/, ''));
}

/** Takes language and colours from the address, else from the page, else from the browser. */
export function readChoices(pageLanguage: string): void {
  const hash = fromHash();
  const wanted = hash.get('lang') || pageLanguage || navigator.language || 'en';
  ui.language = wanted.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  const theme = hash.get('theme');
  ui.theme = theme === 'light' || theme === 'dark' ? theme : 'auto';
}

function remember(key: string, value: string): void {
  const hash = fromHash();
  if (value) hash.set(key, value);
  else hash.delete(key);
  history.replaceState(null, '', '#' + hash.toString());
}

export function chooseLanguage(language: Language): void {
  ui.language = language;
  remember('lang', language);
}

export function chooseTheme(theme: Theme): void {
  ui.theme = theme;
  remember('theme', theme === 'auto' ? '' : theme);
}

export function goTo(section: string): void {
  remember('at', section);
  const target = document.getElementById(section);
  if (!target) return;
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' });
  target.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
}

export function sectionInAddress(): string {
  return fromHash().get('at') ?? '';
}
