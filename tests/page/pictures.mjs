// Pictures of a page: whole, and section by section; and the small ones that the documents show.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const bytesMax = 150_000;
/** Whether pictures are taken (make pictures, make soak): drawing a page whole takes longer than all that is asked of it. */
export const areWanted = process.env.BELTLINE_PICTURES === '1' || process.env.BELTLINE_SOAK === '1';
/** Pictures of the documents: file, what of the page is shown, and its height at most. */
export const documentPictures = [
  { name: 'headline', language: 'en', part: '#plan', height: 480 },
  { name: 'headline_ko', language: 'ko', part: '#plan', height: 480 },
  { name: 'map', language: 'en', part: '#panel-map', height: 620 },
  { name: 'binding', language: 'en', part: '#panel-worth', height: 480 },
  { name: 'flow', language: 'en', part: '#panel-flow', height: 660 },
];

/** Those of the report with a risk run. */
export const riskPictures = [
  { name: 'risk', language: 'en', part: '#panel-risk-odds', height: 620 },
  { name: 'risk_fan', language: 'en', part: '[id="panel-fan-programme.it_load_installed"]', height: 420 },
  { name: 'risk_causes', language: 'en', part: '#panel-risk-causes', height: 560 },
  { name: 'risk_levers', language: 'en', part: '#panel-risk-levers', height: 560 },
];

/** Those of the tutorial's own report. */
export const tutorialPictures = [{ name: 'tutorial', language: 'en', part: '#plan', height: 480 }];

/** The whole page as the reader has it, where pictures are wanted. */
export async function keepPicture(page, folder, name) {
  if (!areWanted) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Each of its sections, without the head that would lie over them, where pictures are wanted. */
export async function keepSections(page, folder, name) {
  if (!areWanted) return;
  await page.evaluate(() => (document.querySelector('.topbar').style.position = 'static'));
  for (const section of await page.locator('main section').all())
    await section.screenshot({ path: join(folder, `${name}_${await section.getAttribute('id')}.png`) });
  await page.evaluate(() => (document.querySelector('.topbar').style.position = ''));
}

/**
 * The pictures of docs/pictures from the page as it is, where pictures are wanted: into `folder`, or with
 * BELTLINE_PICTURES=1 into docs/pictures. A committed picture that is absent, too large or of a section that is no more
 * is complained of.
 */
export async function keepDocumentPictures(page, language, folder, complain, pictures = documentPictures) {
  const into = process.env.BELTLINE_PICTURES === '1' ? docs : folder;
  mkdirSync(into, { recursive: true });
  for (const picture of pictures.filter((each) => each.language === language)) {
    const part = page.locator(picture.part);
    if ((await part.count()) !== 1) {
      complain('docs/pictures:', picture.name, 'has no', picture.part, 'on the page');
      continue;
    }
    if (areWanted) {
      const box = await part.boundingBox();
      const clip = { ...box, height: Math.min(box.height, picture.height) };
      await page.screenshot({ path: join(into, `${picture.name}.png`), clip, fullPage: true });
    }
    const committed = join(docs, `${picture.name}.png`);
    if (!existsSync(committed)) complain(committed, "is absent: 'make pictures' writes it");
    else if (statSync(committed).size > bytesMax) complain(committed, 'has', statSync(committed).size, 'bytes');
  }
}
