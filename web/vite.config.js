// One classic script and one style sheet: module scripts do not run from file://.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The script goes into a <script> element, which the parser would end at the text `</script`. */
const fitsIntoHtml = {
  name: 'fits-into-html',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      chunk.code = chunk.code.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
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
