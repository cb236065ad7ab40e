import { markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, Language, syntaxHighlighting } from '@codemirror/language';
import { type Extension, Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { MarkdownParser } from '@lezer/markdown';

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

/** Lines of more units than these, without an empty one between them, are no paragraph that somebody wrote. */
const LONGEST_PARAGRAPH = 1000;

/**
 * Markdown, as people read it. A paragraph is parsed anew whenever it changes, so that one of a whole megabyte, as in a
 * text without empty lines, would take a quarter of a second for each key: for the looks, it is several.
 */
const parser = (markdownLanguage.parser as MarkdownParser).configure({
  parseBlock: [{ name: 'EndlessParagraph', endLeaf: (_context, _line, leaf) => leaf.content.length > LONGEST_PARAGRAPH }],
});

/** The language alone: with all that `markdown()` brings for code inside of Markdown, the page would load twice as much. */
const language = new Language(markdownLanguage.data, parser, [], 'markdown');

export const markdown: Extension = [language, syntaxHighlighting(looks), Prec.high(keymap.of(markdownKeymap))];
