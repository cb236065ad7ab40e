import { markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Extension, Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Only names of classes: what they look like stands in the style sheet, with everything else. */
const looks = HighlightStyle.define([
  { tag: tags.heading, class: 'md-heading' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-emphasis' },
  { tag: tags.strikethrough, class: 'md-strikethrough' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: [tags.link, tags.url], class: 'md-link' },
  { tag: [tags.processingInstruction, tags.contentSeparator], class: 'md-mark' },
]);

/**
 * Markdown, as people read it. The language alone: with all that CodeMirror's `markdown()` brings for code inside of
 * Markdown, the page would load twice as much.
 */
export const markdown: Extension = [markdownLanguage, syntaxHighlighting(looks), Prec.high(keymap.of(markdownKeymap))];
