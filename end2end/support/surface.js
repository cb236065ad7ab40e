/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {typeof import('../../app/surface/src/index.ts')} Surface */

/**
 * CodeMirror's view of a surface that is alive. Only the visible lines of its text are elements.
 * @param {Locator} editor
 */
export async function viewOf(editor) {
  return editor.evaluateHandle(async (element) => {
    /** @type {HTMLScriptElement | null} */
    const script = document.querySelector('script[src^="/surface/"]');
    /** @type {Surface} */
    const { EditorView } = await import(script?.src ?? '');
    const view = EditorView.findFromDOM(/** @type {HTMLElement} */ (element));
    if (!view) {
      throw new Error('the surface is not alive');
    }
    return view;
  });
}

/**
 * The whole text of a surface. Before it is alive, its element holds just that.
 * @param {Locator} editor
 */
export async function textOf(editor) {
  const isAlive = await editor.evaluate((element) => element.matches('.cm-content'));
  if (!isAlive) {
    return (await editor.textContent()) ?? '';
  }
  const view = await viewOf(editor);
  const text = await view.evaluate((view) => view.state.sliceDoc());
  await view.dispose();
  return text;
}
