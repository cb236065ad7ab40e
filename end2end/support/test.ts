import { randomUUID } from 'node:crypto';

import {
  test as base,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';

import { origin } from './address.js';
import type { Client } from './client.ts';
import { Network } from './network.ts';
import { PycrdtClient } from './pycrdt.ts';
import { OwnServer } from './server.ts';
import { StockClient } from './stock.ts';
import { Tab } from './tab.ts';

export { expect } from '@playwright/test';

type OpenOptions = BrowserContextOptions & {
  /** The server or network to ask, instead of the server that all tests share. */
  at?: string;
  /** A tab of the same browser, instead of a browser of its own. */
  beside?: Tab;
  /** Called before the page is asked for. */
  prepare?: (page: Page) => Promise<void>;
};

/** A browser that runs no scripts has no use for the code that the page would have it load, and says so. */
const WITHOUT_SCRIPT = /was preloaded using link preload but not used/;

/** Opens tabs, each as another person with a browser of their own, and hears what their consoles say. */
export class Tabs {
  readonly complaints: string[] = [];
  private readonly allowed: RegExp[] = [];
  private readonly contexts: BrowserContext[] = [];

  constructor(private readonly browser: Browser) {}

  /** Opens a document, beside it its text as it is, and waits until it can be written in. */
  async open(document: string, options: OpenOptions = {}): Promise<Tab> {
    const tab = await this.visit(`/d/${document}?view=plain`, options);
    await tab.isLive();
    return tab;
  }

  /** Opens a document, and cuts the network off once all is saved. */
  async openAndCut(document: string, network: Network, options: OpenOptions = {}): Promise<Tab> {
    this.expectLosses();
    const tab = await this.open(document, { ...options, at: network.origin });
    await tab.isSaved();
    network.cut();
    await tab.isOffline();
    return tab;
  }

  /** Opens a page and waits for nothing but its HTML. */
  async visit(path: string, { at = origin, beside, prepare, ...options }: OpenOptions = {}): Promise<Tab> {
    const context = beside?.page.context() ?? (await this.browser.newContext({ baseURL: at, ...options }));
    if (!beside) {
      this.contexts.push(context);
    }
    const page = await context.newPage();
    this.listen(page, options.javaScriptEnabled === false ? [WITHOUT_SCRIPT] : []);
    await prepare?.(page);
    const tab = new Tab(page);
    await page.goto(path, { waitUntil: 'commit' });
    return tab;
  }

  /** Permits a complaint, in a test that provokes it. */
  allow(...complaints: RegExp[]): void {
    this.allowed.push(...complaints);
  }

  /** Permits what browsers say when they reach nobody, the service worker's code included. */
  expectLosses(): void {
    this.allow(/WebSocket connection to .* failed/, /net::ERR_/, /when fetching the script/);
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  private listen(page: Page, expected: RegExp[]): void {
    page.on('pageerror', (error) => this.hear(`uncaught: ${error.stack ?? error.message}`));
    page.on('crash', () => this.hear('the page crashed'));
    page.on('console', (message) => {
      const isExpected = expected.some((words) => words.test(message.text()));
      if (!isExpected && (message.type() === 'error' || message.type() === 'warning')) {
        this.hear(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
  }

  private hear(complaint: string): void {
    if (!this.allowed.some((allowed) => allowed.test(complaint))) {
      this.complaints.push(complaint);
    }
  }
}

type Fixtures = {
  /** The name of a document that nobody else uses. */
  document: string;
  tabs: Tabs;
  /** Joins the test's document with the stock Yjs client. */
  stock: (at?: string) => Promise<StockClient>;
  /** Joins it with the stock Yjs client of a browser that has it open in several tabs. */
  siblings: () => Promise<StockClient>;
  /** Joins the test's document with pycrdt. */
  pycrdt: (at?: string) => Promise<PycrdtClient>;
  /** A server that the test may stop. */
  server: OwnServer;
  /** A way to `server` that the test may break. */
  network: Network;
};

export const test = base.extend<Fixtures>({
  document: async ({}, use) => use(`test-${randomUUID()}`),

  tabs: async ({ browser }, use) => {
    const tabs = new Tabs(browser);
    await use(tabs);
    await tabs.close();
    base.expect(tabs.complaints, 'what the console said').toEqual([]);
  },

  stock: async ({ document }, use) => useClients((at) => StockClient.join(at, document), use),

  siblings: async ({ document }, use) => useClients((at) => StockClient.join(at, document, true), use),

  pycrdt: async ({ document }, use) => useClients((at) => PycrdtClient.join(at, document), use),

  server: async ({ tabs }, use, testInfo) => {
    const server = await OwnServer.start();
    await use(server);
    // A tab that outlived its server would complain.
    await tabs.close();
    await server.dispose();
    await testInfo.attach('server output', { body: server.output });
  },

  network: async ({ server, tabs }, use) => {
    const network = await Network.to(server.port);
    await use(network);
    await tabs.close();
    await network.close();
  },
});

/** Lets a test join clients, and has them leave at its end. */
async function useClients<C extends Client>(
  join: (at: string) => Promise<C>,
  use: (join: (at?: string) => Promise<C>) => Promise<void>,
): Promise<void> {
  const joined: C[] = [];
  await use(async (at = origin) => {
    const client = await join(at);
    joined.push(client);
    return client;
  });
  await Promise.all(joined.map((client) => client.leave()));
}
