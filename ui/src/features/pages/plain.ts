/** A page as it reads, without an editor: as high, and for a search in the window and a screen reader to find. */
import { DOMSerializer, type Node } from "prosemirror-model";
import { PictureView, type Pixels } from "../../editor/pictures";
import { schema } from "../../editor/schema";

const serializer = DOMSerializer.fromSchema(schema);

export function plain(doc: Node, pixels: Pixels): DocumentFragment {
  const text = document.createDocumentFragment();
  serializer.serializeFragment(doc.content, {}, text);
  const pictures: Node[] = [];
  doc.descendants((node) => {
    if (node.type === schema.nodes.picture) pictures.push(node);
    return !node.isTextblock;
  });
  for (const [nth, figure] of text.querySelectorAll("figure[data-picture]").entries()) {
    const picture = pictures[nth];
    if (picture) figure.replaceWith(new PictureView(picture, pixels).dom);
  }
  // What is empty is a line high, as it is while it is written.
  for (const block of text.querySelectorAll("p:empty, h1:empty, h2:empty, h3:empty, h4:empty, code:empty"))
    block.append(document.createElement("br"));
  return text;
}

/** Letters of a word, with what stands behind it; words of a paragraph. */
const LETTERS = 6;
const PARAGRAPH = 60;
const LINE_HEIGHT = 1.6;
const BETWEEN = 0.8;

/** About how high so many words are, in pixels, before they were read. */
export function heightOf(words: number, { line, letters }: { line: number; letters: number }): number {
  const lines = Math.max(1, Math.ceil((words * LETTERS) / line));
  return Math.round(letters * (lines * LINE_HEIGHT + Math.floor(words / PARAGRAPH) * BETWEEN));
}
