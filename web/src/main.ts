// Reads the data and mounts the page.
import 'tabulator-tables/dist/css/tabulator_simple.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { readBook } from './book';
import { embeddedSource } from './data';
import { readChoices } from './ui.svelte';

async function start(): Promise<void> {
  const book = await readBook(embeddedSource(document));
  readChoices(book.settings.language);
  mount(App, { target: document.getElementById('app')!, props: { book } });
}

void start();
