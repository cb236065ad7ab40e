// The page that ours is compared with: CodeMirror with y-codemirror and y-websocket, and no more.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** @typedef {{ html: string, script: string, code: string }} Rival its page, where that has its code from, and the code */

const client = join(dirname(dirname(fileURLToPath(import.meta.url))), 'clients', 'y-codemirror.ts');
const script = '/y-codemirror.js';

/** Who writes in it. */
export const user = { name: 'Anna', color: '#30bced', colorLight: '#30bced33' };

/** Opens the document that its address ends with. */
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>y-codemirror</title>
<link rel="icon" href="data:,">
<body>
<script src="${script}"></script>
<script>start({ document: location.pathname.split('/').at(-1), user: ${JSON.stringify(user)} })</script>
</html>
`;

/** @returns {Promise<Rival>} */
export async function makeRival() {
  const bundle = await build({ entryPoints: [client], bundle: true, minify: true, write: false, format: 'iife' });
  return { html, script, code: bundle.outputFiles[0]?.text ?? '' };
}
