// Chromium of the system, driven by Playwright, without a network, and with an eye on all that a page must not do.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// the page's own packages: there is no second set of them
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = require('axe-core').source;

export const unzip = require('fflate').unzipSync;

export const windows = {
  desktop: { viewport: { width: 1440, height: 900 } },
  // for the pictures of the documents, which are read in a column of text
  column: { viewport: { width: 800, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

/** @errors throws where no Chromium is installed. */
async function launch() {
  const found = [process.env.BELTLINE_CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium: run 'tools/setup.sh test' first");
  return chromium.launch({
    executablePath: found,
    // no name resolves: what gets past the routes below still reaches nothing
    // composed in software: nothing of the machine shows
    args: ['--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND', '--disable-background-networking', '--disable-component-update'],
  });
}

const stalled = Symbol('stalled');
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms, stalled).unref());

/**
 * What `use` does with a browser of its own. A browser that stands still, as one does now and then on a busy machine, is
 * given up after `ms` and the whole begun once more.
 *
 * @errors throws what `use` throws; or where the second browser stands still too
 */
export async function withBrowser(ms, use) {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const browser = await launch();
    const ended = await Promise.race([use(browser).then(() => undefined), after(ms)]);
    await Promise.race([browser.close(), after(10_000)]);
    if (ended !== stalled) return;
    console.log(`the browser stood still for ${ms / 1000} s`);
  }
  throw new Error('the browser stood still twice');
}

/** Runs in the page before its own script: breaches of its policy, and when it stood. */
function watchFromWithin() {
  window.breaches = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.breaches.push(`${event.violatedDirective}: ${event.blockedURI}`),
  );
  const isDrawn = (chart) => chart.querySelector('svg') !== null;
  // the page draws a chart before a reader has scrolled to it: one window's height ahead
  const isNear = (chart) => chart.getBoundingClientRect().top < 2 * window.innerHeight;
  function look() {
    const sections = [...document.querySelectorAll('main section')];
    const charts = [...document.querySelectorAll('.echart')].filter(isNear);
    // of a page that has charts at all, the second section is the first to have one
    const isShown = sections.length > 1 && sections[0].getBoundingClientRect().height > 0;
    if (isShown && charts.every(isDrawn)) window.stoodAfter = performance.now();
    else requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
}

/**
 * A window of its own on a page from a file, and what it did that it must not.
 *
 * @param options  {size: a key of `windows`, language: 'en' | 'ko', dark, calm}
 * @returns        {page, faults, close}; `faults` grows while the page lives: one line each
 */
export async function openPage(browser, file, options = {}) {
  const { size = 'desktop', language = 'en', dark = false, calm = false, hash = '' } = options;
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({
    ...windows[size],
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: calm ? 'reduce' : 'no-preference',
    acceptDownloads: true,
    offline: true,
  });
  const faults = [];
  const isOwn = (address) => address.split('#')[0] === url || address.startsWith(`blob:${new URL(url).origin}`);
  await context.route('**/*', (route) => (isOwn(route.request().url()) ? route.continue() : route.abort()));
  context.on('request', (request) => {
    if (!isOwn(request.url())) faults.push(`request: ${request.url().slice(0, 200)}`);
  });
  await context.addInitScript(watchFromWithin);
  // of a machine that is busy: what hangs is told apart by `withBrowser`
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error}`));
  page.on('dialog', async (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('websocket', (socket) => faults.push(`socket: ${socket.url()}`));
  page.on('popup', (popup) => faults.push(`popup: ${popup.url()}`));
  await page.goto(url + hash, { waitUntil: 'load' });
  await page.waitForSelector('main[data-standing=all]');
  return {
    page,
    faults,
    async close() {
      for (const breach of await page.evaluate(() => window.breaches)) faults.push(`policy: ${breach}`);
      await context.close();
      return faults;
    },
  };
}

/** Scrolls through the page until every chart is drawn, and back to its beginning. */
export async function drawAll(page) {
  const undrawn = await page.evaluate(async () => {
    // by the clock: frames may fail to come, and nothing would wait for them in vain
    const next = () => new Promise((resolve) => setTimeout(resolve, 50));
    for (let y = 0; y < document.body.scrollHeight; y += 800) {
      window.scrollTo(0, y);
      await next();
    }
    // a browser without time to look skips some on the way: it is taken to each of them
    const missing = () => [...document.querySelectorAll('.echart')].filter((chart) => !chart.querySelector('svg'));
    const end = performance.now() + 60_000;
    for (let charts = missing(); charts.length > 0 && performance.now() < end; charts = missing()) {
      charts[0].scrollIntoView({ block: 'center' });
      await next();
    }
    window.scrollTo(0, 0);
    await next();
    return missing().map((chart) => chart.closest('section[id]')?.id ?? chart.className);
  });
  if (undrawn.length > 0) throw new Error(`charts that are never drawn: ${undrawn.join(', ')}`);
}

/** Faults of accessibility that axe calls serious or critical: one line each. */
export async function seriousFaults(page) {
  const session = await page.context().newCDPSession(page);
  // through the debugger, for the page's policy lets no other script in
  await session.send('Runtime.evaluate', { expression: axeSource });
  const answer = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'], elementRef: false }).then((r) =>
      JSON.stringify(r.violations.map((v) => ({ ...v, nodes: v.nodes.slice(0, 5) }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (answer.exceptionDetails) throw new Error(`axe: ${JSON.stringify(answer.exceptionDetails).slice(0, 400)}`);
  return JSON.parse(answer.result.value)
    .filter((violation) => ['serious', 'critical'].includes(violation.impact))
    .map((v) => `${v.impact}: ${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).join('; ')}`);
}
