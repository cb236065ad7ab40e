import { expect, type CDPSession, type Locator, type Page } from '@playwright/test';

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

  /** Waits until both places show exactly this text. A textarea knows no line end but LF. */
  async shows(text: string): Promise<void> {
    const expected = { editor: text.replace(/\r\n?/g, '\n'), synced: text };
    await expect.poll(() => this.shown()).toEqual(expected);
  }

  async shown(): Promise<{ editor: string; synced: string | null }> {
    return { editor: await this.editor.inputValue(), synced: await this.synced.textContent() };
  }

  /** Waits until the server has everything that was written here. */
  async isSaved(): Promise<void> {
    await expect(this.badge).toContainText('Saved');
  }

  async isOffline(): Promise<void> {
    await expect(this.badge).toContainText(/Offline|Connecting/);
  }

  /** Waits until the badge counts so many people. */
  async counts(people: number): Promise<void> {
    await expect(this.badge).toContainText(new RegExp(`\\b${people} (person|people)\\b`));
  }

  async select(start: number, end = start, direction: Selection['direction'] = 'forward'): Promise<void> {
    await this.editor.focus();
    await this.editor.evaluate(
      (editor: HTMLTextAreaElement, to) => editor.setSelectionRange(to.start, to.end, to.direction),
      { start, end, direction },
    );
  }

  async selection(): Promise<Selection> {
    return this.editor.evaluate((editor: HTMLTextAreaElement) => ({
      start: editor.selectionStart,
      end: editor.selectionEnd,
      direction: editor.selectionDirection,
    }));
  }

  /** How far the editor and the page are scrolled. */
  async scroll(): Promise<[number, number]> {
    return this.editor.evaluate((editor) => [editor.scrollTop, window.scrollY]);
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
