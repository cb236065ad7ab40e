// Draws the icons that cannot be SVG, from those that are. `npm run icons`, whenever one of them has changed.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { launchOptions } from '../support/chromium.js';

const directory = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'public');

const icons = [
  { source: 'icon.svg', size: 192, target: 'icon-192.png' },
  { source: 'icon.svg', size: 512, target: 'icon-512.png' },
  { source: 'icon-maskable.svg', size: 192, target: 'icon-maskable-192.png' },
  { source: 'icon-maskable.svg', size: 512, target: 'icon-maskable-512.png' },
  // iOS rounds the corners itself.
  { source: 'icon-maskable.svg', size: 180, target: 'apple-touch-icon.png' },
];

const browser = await chromium.launch(launchOptions());
for (const { source, size, target } of icons) {
  writeFileSync(join(directory, target), await draw(source, size));
}
writeFileSync(join(directory, 'favicon.ico'), ico(await draw('icon.svg', 32), 32));
await browser.close();

/** An SVG as PNG. */
async function draw(source, size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = readFileSync(join(directory, source), 'utf8');
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** A PNG in the container that browsers ask for by its name. */
function ico(png, size) {
  const header = Buffer.alloc(22);
  header.writeUInt16LE(1, 2); // An icon,
  header.writeUInt16LE(1, 4); // of one image:
  header.writeUInt8(size, 6);
  header.writeUInt8(size, 7);
  header.writeUInt16LE(1, 10); // one plane,
  header.writeUInt16LE(32, 12); // so many bits a pixel,
  header.writeUInt32LE(png.length, 14);
  header.writeUInt32LE(header.length, 18);
  return Buffer.concat([header, png]);
}
