// One classic script and one style sheet: module scripts do not run from file://.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Licences of the packages that are in the bundle: whoever gets a page gets them with it. */
function licences(modules) {
  const names = new Set();
  for (const path of modules) {
    const found = path.match(/^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) names.add(found[1]);
  }
  const texts = [...names].sort().map((name) => {
    const folder = join('node_modules', name);
    const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    // LICENSE, NOTICE, and the folder `licenses` in which ECharts names those whose code it holds
    const isLicence = (path) => /^(licen[cs]es?\/[^/]+|(licen[cs]e|notice)[^/]*)$/i.test(path);
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter(isLicence);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return [`${name} ${version}, ${license}`, ...text].join('\n\n');
  });
  return texts.join('\n\n----\n\n').replaceAll('*/', '* /');
}

/** The script goes into a <script> element, which the parser would end at the text `</script`. */
const fitsIntoHtml = {
  name: 'fits-into-html',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const code = `/* This script contains\n\n${licences(Object.keys(chunk.modules))}\n*/\n${chunk.code}`;
      // a parser of HTML reads CR LF as LF, and the hash of the policy would be that of another text
      chunk.code = code.replaceAll(/\r\n?/g, '\n').replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
    }
  },
};

export default defineConfig({
  // a library build leaves this to whoever bundles it; here nobody does
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [svelte({ compilerOptions: { runes: true } }), fitsIntoHtml],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    reportCompressedSize: false,
    lib: {
      entry: 'src/main.ts',
      formats: ['iife'],
      name: 'beltline',
      fileName: () => 'page.js',
      cssFileName: 'page',
    },
  },
});
