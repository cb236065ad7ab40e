// Bundles the surface into one file, named by its content, in the directory of what is served as it is. The file is
// kept in the repository, so that building the server needs nothing of this; with `--check`, it is compared only.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { build } from 'esbuild';
import { minify } from 'terser';

const home = dirname(fileURLToPath(import.meta.url));
const output = join(home, '..', '..', 'public', 'surface');
/** The most that it may weigh, compressed. */
const limit = 106_000;

const { outputFiles } = await build({
  absWorkingDir: home,
  entryPoints: ['src/index.ts'],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
// Compressed, this is three in a hundred smaller than what esbuild makes of it.
const { code = '' } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress: { passes: 2 } });
const banner = '/*! CodeMirror and Lezer: MIT, Marijn Haverbeke and others, https://codemirror.net */\n';
const contents = Buffer.from(banner + code);
const path = join(output, `surface-${createHash('sha256').update(contents).digest('hex').slice(0, 8)}.js`);
const size = brotliCompressSync(contents).length;
if (size > limit) {
  throw new Error(`the surface weighs ${size} bytes, compressed; more than ${limit} are too many`);
}

mkdirSync(output, { recursive: true });
const there = readdirSync(output).map((name) => join(output, name));
if (process.argv.includes('--check')) {
  const isCurrent = there.length === 1 && there[0] === path && contents.equals(readFileSync(path));
  if (!isCurrent) {
    throw new Error('public/surface is not what app/surface makes; run `npm run build` there');
  }
} else {
  there.forEach((old) => rmSync(old));
  writeFileSync(path, contents);
}
console.log(`${path.slice(output.length + 1)}: ${contents.length} bytes, ${size} compressed`);
