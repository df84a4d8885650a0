/** Pictures on a page: how they are shown, come in, and are changed. */
import { closeHistory } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { type EditorState, NodeSelection, type Transaction } from "prosemirror-state";
import type { EditorView, NodeView } from "prosemirror-view";
import { attrsOf, LONGEST_ALT, LONGEST_CAPTION, type PictureAttrs } from "./picture";
import { schema } from "./schema";

const { nodes } = schema;

/** A picture that the core keeps for this page. */
export interface KeptPicture {
  file: string;
  width: number;
  height: number;
}

/** Where the pixels of a file are; null where it is lost. */
export type Pixels = (file: string) => Promise<string | null>;

export class PictureView implements NodeView {
  readonly dom = document.createElement("figure");
  // All of it stands there from the beginning: what came or went later would take the selection along.
  readonly #seen = document.createElement("img");
  readonly #lost = document.createElement("div");
  readonly #caption = document.createElement("figcaption");
  readonly #pixels: Pixels;
  #shown: PictureAttrs | null = null;

  constructor(node: Node, pixels: Pixels) {
    this.#pixels = pixels;
    this.dom.className = "page-picture";
    this.#seen.draggable = false;
    this.#lost.textContent = "This picture is not here any more.";
    this.#caption.dir = "auto";
    this.dom.append(this.#seen, this.#lost, this.#caption);
    this.#draw(attrsOf(node));
  }

  update(node: Node): boolean {
    if (node.type !== nodes.picture) return false;
    this.#draw(attrsOf(node));
    return true;
  }

  // What is drawn here is no text of the page.
  ignoreMutation(): boolean {
    return true;
  }

  #draw(attrs: PictureAttrs): void {
    const before = this.#shown;
    this.#shown = attrs;
    const { dom } = this;
    dom.dataset["fit"] = attrs.fit;
    dom.toggleAttribute("data-cover", attrs.cover);
    dom.style.setProperty("--across", `${attrs.width}px`);
    dom.style.setProperty("--ratio", `${attrs.width} / ${attrs.height}`);
    this.#seen.alt = attrs.alt || "Picture";
    this.#caption.textContent = attrs.caption;
    this.#caption.hidden = attrs.caption === "";
    if (before?.file !== attrs.file) void this.#load(attrs.file);
  }

  async #load(file: string): Promise<void> {
    this.#lost.hidden = true;
    const url = await this.#pixels(file);
    if (this.#shown?.file !== file) return;
    if (url !== null) this.#seen.src = url;
    this.#seen.hidden = url === null;
    this.#lost.hidden = url !== null;
  }
}

/** The picture that is selected, and where it stands. */
export function pictureIn(state: EditorState): { at: number; attrs: PictureAttrs } | null {
  const { selection } = state;
  if (!(selection instanceof NodeSelection) || selection.node.type !== nodes.picture) return null;
  return { at: selection.from, attrs: attrsOf(selection.node) };
}

/** Puts pictures behind the block at the caret, or at `at`; each empty paragraph there makes way. One undo takes them back. */
export function putPictures(view: EditorView, pictures: readonly KeptPicture[], at?: number): void {
  const first = pictures[0];
  if (!first) return;
  const { state } = view;
  const $at = at === undefined ? state.selection.$to : state.doc.resolve(Math.min(at, state.doc.content.size));
  const block = $at.depth > 0 ? $at.node(1) : null;
  const empty = block?.type === nodes.paragraph && block.content.size === 0;
  const from = $at.depth === 0 ? $at.pos : empty ? $at.before(1) : $at.after(1);
  const to = empty ? $at.after(1) : from;
  const come = pictures.map(({ file, width, height }) => nodes.picture.create({ file, width, height }));
  // Behind the last one can be written on.
  const last = to === state.doc.content.size ? [nodes.paragraph.create()] : [];
  const transaction = closeHistory(state.tr).replaceWith(from, to, [...come, ...last]);
  transaction.setSelection(NodeSelection.create(transaction.doc, from + (come.length - 1)));
  view.dispatch(transaction.scrollIntoView());
}

/** Says something else of the picture there. Of a page one is the cover. */
export function changePicture(view: EditorView, at: number, change: Partial<PictureAttrs>): void {
  const { state } = view;
  const node = state.doc.nodeAt(at);
  if (node?.type !== nodes.picture) return;
  const transaction = state.tr;
  if (change.cover === true) uncover(transaction);
  const said = {
    ...change,
    ...(change.alt === undefined ? {} : { alt: change.alt.slice(0, LONGEST_ALT) }),
    ...(change.caption === undefined ? {} : { caption: change.caption.slice(0, LONGEST_CAPTION) }),
  };
  // As one that makes way for another: what is typed in one go is undone in one go.
  transaction.replaceWith(at, at + node.nodeSize, nodes.picture.create({ ...node.attrs, ...said }));
  view.dispatch(transaction.setSelection(NodeSelection.create(transaction.doc, at)));
}

function uncover(transaction: Transaction): void {
  transaction.doc.descendants((node, at) => {
    if (node.type === nodes.picture && attrsOf(node).cover) transaction.setNodeAttribute(at, "cover", false);
    return !node.isTextblock;
  });
}

export function removePicture(view: EditorView, at: number): void {
  const node = view.state.doc.nodeAt(at);
  if (node?.type !== nodes.picture) return;
  view.dispatch(
    closeHistory(view.state.tr)
      .delete(at, at + node.nodeSize)
      .scrollIntoView(),
  );
}
