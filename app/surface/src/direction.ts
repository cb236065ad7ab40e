import { type Extension, Prec, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const auto = Decoration.line({ attributes: { dir: 'auto' } });

/** Each line runs in the direction of its own first letters, as in Arabic or Hebrew from right to left. */
export const direction: Extension = [
  EditorView.perLineTextDirection.of(true),
  Prec.lowest(
    ViewPlugin.define<{ decorations: DecorationSet; update(update: ViewUpdate): void }>(
      (view) => ({
        decorations: visibleLines(view),
        update({ docChanged, viewportChanged, view }) {
          if (docChanged || viewportChanged) {
            this.decorations = visibleLines(view);
          }
        },
      }),
      { decorations: ({ decorations }) => decorations },
    ),
  ),
];

function visibleLines({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
  const lines = new RangeSetBuilder<Decoration>();
  let done = -1;
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = doc.lineAt(at);
      if (line.from > done) {
        lines.add(line.from, line.from, auto);
        done = line.from;
      }
      at = line.to + 1;
    }
  }
  return lines.finish();
}
