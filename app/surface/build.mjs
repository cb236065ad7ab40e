// Bundles the surface into one file, named by its content, in the directory of what is served as it is. The file is
// kept in the repository, so that building the server needs nothing of this; with `--check`, it is compared only.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { build } from 'esbuild';

const home = dirname(fileURLToPath(import.meta.url));
const output = join(home, '..', '..', 'public', 'surface');
/** The most that it may weigh, compressed. */
const limit = 130_000;

const { outputFiles } = await build({
  absWorkingDir: home,
  entryPoints: ['src/index.ts'],
  entryNames: 'surface-[hash]',
  outdir: output,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  banner: { js: '/*! CodeMirror and Lezer: MIT, Marijn Haverbeke and others, https://codemirror.net */' },
  write: false,
});
const [{ path, contents }] = outputFiles;
const size = brotliCompressSync(contents).length;
if (size > limit) {
  throw new Error(`the surface weighs ${size} bytes, compressed; more than ${limit} are too many`);
}

mkdirSync(output, { recursive: true });
const there = readdirSync(output).map((name) => join(output, name));
if (process.argv.includes('--check')) {
  const isCurrent = there.length === 1 && there[0] === path && Buffer.from(contents).equals(readFileSync(path));
  if (!isCurrent) {
    throw new Error('public/surface is not what app/surface makes; run `npm run build` there');
  }
} else {
  there.forEach((old) => rmSync(old));
  writeFileSync(path, contents);
}
console.log(`${path.slice(output.length + 1)}: ${contents.length} bytes, ${size} compressed`);
