// Both languages of a text stand side by side where it is used.
import { ui } from './ui.svelte';

export function say(english: string, korean: string): string {
  return ui.language === 'ko' ? korean : english;
}
