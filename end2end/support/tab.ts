import { expect, type CDPSession, type Locator, type Page } from '@playwright/test';

import { textOf, viewOf } from './surface.js';
import { Wire } from './wire.ts';

export type Selection = { start: number; end: number; direction: 'forward' | 'backward' | 'none' };

/** One browser tab that shows a document. */
export class Tab {
  readonly wire: Wire;
  readonly editor: Locator;
  readonly synced: Locator;
  readonly badge: Locator;

  constructor(readonly page: Page) {
    this.wire = new Wire(page);
    this.editor = page.getByLabel('Edit text');
    this.synced = page.getByTestId('synced-text');
    this.badge = page.getByRole('status');
  }

  /** Waits until the document can be written in. */
  async isLive(): Promise<void> {
    await expect(this.editor).toBeEditable();
  }

  /** Waits until both places show exactly this text. */
  async shows(text: string): Promise<void> {
    await expect.poll(() => this.shown()).toEqual({ editor: text, synced: text });
  }

  async shown(): Promise<{ editor: string; synced: string | null }> {
    return { editor: await textOf(this.editor), synced: await this.synced.textContent() };
  }

  /** The text as the server hands it out to programs. */
  async stored(): Promise<string> {
    const { pathname } = new URL(this.page.url());
    return (await this.page.request.get(`${pathname.replace('/d/', '/api/documents/')}/text`)).text();
  }

  /** Makes a new document of what is left here, and returns the tab that shows it. */
  async keep(): Promise<Tab> {
    const opening = this.page.context().waitForEvent('page');
    await this.page.getByRole('button', { name: 'Keep it as a new document' }).click();
    return new Tab(await opening);
  }

  /** Waits until the server has everything that was written here. */
  async isSaved(): Promise<void> {
    await expect(this.badge).toContainText('Saved');
  }

  async isOffline(): Promise<void> {
    await expect(this.badge).toContainText(/Offline|Connecting/);
  }

  /** From now on, notes what the badge says of the link. Returns what tells all of it, in order. */
  async listen(): Promise<() => Promise<string>> {
    const link = this.page.getByTestId('connection');
    const notes = await link.evaluateHandle((link) => {
      const said = [link.textContent];
      const note = (): unknown => said.at(-1) === link.textContent || said.push(link.textContent);
      new MutationObserver(note).observe(link, { characterData: true, childList: true, subtree: true });
      return said;
    });
    return () => notes.evaluate((said) => said.join(' '));
  }

  /** Waits until the badge counts so many people. */
  async counts(people: number): Promise<void> {
    await expect(this.badge).toContainText(new RegExp(`\\b${people} (person|people)\\b`));
  }

  /** Selects from `start` to `end`, in UTF-16 units of the text. */
  async select(start: number, end = start, direction: Selection['direction'] = 'forward'): Promise<void> {
    const [anchor, head] = direction === 'backward' ? [end, start] : [start, end];
    const view = await viewOf(this.editor);
    await view.evaluate((view, selection) => {
      view.focus();
      view.dispatch({ selection, scrollIntoView: true });
    }, { anchor, head });
  }

  async selection(): Promise<Selection> {
    const view = await viewOf(this.editor);
    const { anchor, head } = await view.evaluate(({ state: { selection } }) => selection.main.toJSON());
    const direction = head < anchor ? 'backward' : 'forward';
    return { start: Math.min(anchor, head), end: Math.max(anchor, head), direction };
  }

  /** Where the caret of this person is drawn, as an offset in the text; `null` while it is not drawn. */
  async caretOf(name: string): Promise<number | null> {
    const view = await viewOf(this.editor);
    return view.evaluate((view, name) => {
      const flags = [...view.scrollDOM.querySelectorAll('.person-flag')];
      const caret = flags.find((flag) => flag.textContent === name)?.parentElement?.getBoundingClientRect();
      return caret ? view.posAtCoords({ x: caret.left + 1, y: caret.top + caret.height / 2 }) : null;
    }, name);
  }

  /** Others who are here, by the names on their buttons. */
  async roster(): Promise<string[]> {
    return this.page.locator('.roster .person-name').allTextContents();
  }

  /** How far the editor and the page are scrolled. */
  async scroll(): Promise<[number, number]> {
    return this.editor.evaluate((editor) => [editor.parentElement?.scrollTop ?? 0, window.scrollY]);
  }

  /** Types key by key where the caret is. */
  async type(text: string, delay = 0): Promise<void> {
    await this.page.keyboard.type(text, { delay });
  }

  /** The DevTools protocol, for what Playwright has no words for. */
  async devtools(): Promise<CDPSession> {
    return this.page.context().newCDPSession(this.page);
  }
}
