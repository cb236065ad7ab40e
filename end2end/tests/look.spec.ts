import type { Locator } from '@playwright/test';

import { expect, test } from '../support/test.ts';

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 3 };

test('on a phone nothing is wider than the screen', async ({ document, tabs, stock }) => {
  await (await stock()).insert('', `${'unbreakable'.repeat(60)}\n\n${'many words '.repeat(60)}`);
  const tab = await tabs.open(document, phone);
  const { content, screen } = await tab.page.evaluate(() => ({
    content: window.document.documentElement.scrollWidth,
    screen: window.innerWidth,
  }));
  expect(screen, 'the page is laid out for the phone').toBe(phone.viewport.width);
  expect(content).toBeLessThanOrEqual(screen);

  const box = await tab.editor.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(screen);
  expect(box?.height, 'there is room to write').toBeGreaterThan(phone.viewport.height / 4);
  await expect(tab.badge).toBeInViewport();
});

test('on a phone the page is not magnified when somebody begins to write', async ({ document, tabs }) => {
  const tab = await tabs.open(document, phone);
  const size = await tab.editor.evaluate((editor) => parseFloat(getComputedStyle(editor).fontSize));
  // Smaller letters make iOS zoom in.
  expect(size).toBeGreaterThanOrEqual(16);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page is ${colorScheme} if the system is`, async ({ document, tabs }) => {
    const tab = await tabs.open(document, { colorScheme });
    for (const part of [tab.editor, tab.badge]) {
      const { text, ground } = await luminances(part);
      expect(ground < 0.5 ? 'dark' : 'light').toBe(colorScheme);
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });
}

test('the page says what it is', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  await expect(tab.page).toHaveTitle(/Scriptorium/);
  await expect(tab.page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the keyboard alone is enough to write', async ({ document, tabs }) => {
  const tab = await tabs.open(document);
  for (let steps = 0; steps < 20 && !(await isFocused(tab.editor)); steps++) {
    await tab.page.keyboard.press('Tab');
  }
  await tab.type('typed');
  await tab.shows('typed');
});

async function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((element) => element === window.document.activeElement);
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** The relative luminance (WCAG) of an element's text and of the ground that it stands on. */
async function luminances(element: Locator): Promise<{ text: number; ground: number }> {
  return element.evaluate((element) => {
    const pixel = Object.assign(window.document.createElement('canvas'), { width: 1, height: 1 });
    const context = pixel.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;

    // Painting is what turns a colour of any notation into numbers.
    const paint = (colors: string[]): number[] => {
      context.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (channels: number[]): number => {
      const [red = 0, green = 0, blue = 0] = channels
        .map((channel) => channel / 255)
        .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };

    const grounds = ['Canvas'];
    const chain: Element[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      chain.unshift(at);
    }
    grounds.push(...chain.map((at) => getComputedStyle(at).backgroundColor));
    return {
      ground: luminance(paint(grounds)),
      text: luminance(paint([...grounds, getComputedStyle(element).color])),
    };
  });
}
