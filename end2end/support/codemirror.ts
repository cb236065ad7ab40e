import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { EditorView } from '@codemirror/view';
import { expect, type JSHandle, type Page } from '@playwright/test';
import { build } from 'esbuild';

import type { Start } from '../clients/y-codemirror.ts';

const client = join(dirname(dirname(fileURLToPath(import.meta.url))), 'clients', 'y-codemirror.ts');

/** A tab with y-codemirror in it, which edits the same document. */
export class CodeMirrorTab {
  private constructor(
    readonly page: Page,
    private readonly view: JSHandle<EditorView>,
  ) {}

  /**
   * Puts it in the place of what a page shows, and waits until it is in sync. The page comes from the server, which opens
   * sockets for its own pages only; its policy must not hold.
   */
  static async open(page: Page, document: string, name: string): Promise<CodeMirrorTab> {
    const bundle = await build({ entryPoints: [client], bundle: true, write: false, format: 'iife', target: 'es2022' });
    await page.evaluate(() => window.document.body.replaceChildren());
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
    const start: Start = { document, user: { name, color: '#30bced', colorLight: '#30bced33' } };
    await page.evaluate((start) => (window as unknown as { start(start: Start): void }).start(start), start);
    await page.waitForFunction(() => 'view' in window);
    const view = await page.evaluateHandle(() => (window as unknown as { view: EditorView }).view);
    return new CodeMirrorTab(page, view);
  }

  /** Waits until it shows exactly this text. */
  async shows(text: string): Promise<void> {
    await expect.poll(() => this.view.evaluate(({ state }) => state.sliceDoc())).toBe(text);
  }

  /** Selects from `anchor` to `head`, as a person does. */
  async select(anchor: number, head = anchor): Promise<void> {
    await this.view.evaluate((view, selection) => {
      view.focus();
      view.dispatch({ selection });
    }, { anchor, head });
  }

  /** Types where the caret is. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Where it draws somebody's caret; `null` while it draws none. */
  async caretOf(name: string): Promise<number | null> {
    return this.view.evaluate((view, name) => {
      const carets = [...view.dom.querySelectorAll('.cm-ySelectionCaret')];
      const caret = carets.find((caret) => caret.querySelector('.cm-ySelectionInfo')?.textContent === name);
      return caret ? view.posAtDOM(caret) : null;
    }, name);
  }

  /** The text that it draws as selected by others. */
  async selected(): Promise<string> {
    const parts = await this.page.locator('.cm-ySelection').allTextContents();
    return parts.join('');
  }
}
