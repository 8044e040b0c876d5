// The picture of the tutorial: its own report, as a browser shows it at the end of the tutorial's test.
//
//   node tests/page/tutorial_pictures.mjs REPORT FOLDER
import { resolve } from 'node:path';
import { drawAll, openPage, withBrowser } from './browser.mjs';
import { keepDocumentPictures, tutorialPictures } from './pictures.mjs';

const [file, folder] = process.argv.slice(2).map((path) => resolve(path));
const complaints = [];
await withBrowser(60_000, async (browser) => {
  const opened = await openPage(browser, file, { size: 'column', calm: true });
  await drawAll(opened.page);
  await keepDocumentPictures(opened.page, 'en', folder, (...words) => complaints.push(words.join(' ')), tutorialPictures);
  complaints.push(...(await opened.close()));
});
for (const complaint of complaints) console.log(complaint);
process.exit(complaints.length > 0 ? 1 : 0);
