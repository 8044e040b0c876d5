// Colours: Okabe and Ito's, which readers with any kind of colour vision can tell apart, made lighter on dark ground.

export interface Palette {
  ink: string;
  muted: string;
  faint: string;
  line: string;
  ground: string;
  card: string;
  land: string;
  /** Categories, in the order in which charts use them. */
  series: string[];
  sequence: [string, string];
}

const light: Palette = {
  ink: '#16202a',
  muted: '#50606e',
  faint: '#8695a3',
  line: '#d9e0e6',
  ground: '#f6f8fa',
  card: '#ffffff',
  land: '#e6ebef',
  series: ['#0072b2', '#d55e00', '#009e73', '#e69f00', '#56b4e9', '#cc79a7', '#6b6ecf', '#5f6b76'],
  sequence: ['#eef4f9', '#0b4f82'],
};
const dark: Palette = {
  ink: '#e8edf2',
  muted: '#a9b6c2',
  faint: '#7f8d9a',
  line: '#33404c',
  ground: '#10161c',
  card: '#18212a',
  land: '#2a3641',
  series: ['#4aa3df', '#f0803c', '#2fc79b', '#f2b84b', '#8fd0f5', '#e3a0c6', '#9a9df0', '#9aa7b3'],
  sequence: ['#1d2833', '#7cc4f5'],
};

export function palette(isDark: boolean): Palette {
  return isDark ? dark : light;
}
