/**
 * What a model proposes stands beside what the user wrote, and is no part of the page until it is
 * accepted. It follows its place while the user writes elsewhere; where they write inside of it,
 * it counts as touched and can no longer be accepted: it was made for other words.
 */

import { closeHistory } from "prosemirror-history";
import { Fragment, type Mark, type Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { blocksFrom, isPlain } from "./markdown";
import { KEEPS, marked } from "./provenance";
import { type Origin, origin } from "./schema";
import { changedWords, type Piece } from "./wordChanges";

export interface Proposal {
  id: number;
  /** What it would take the place of; nothing, where it goes on from a place. */
  from: number;
  to: number;
  /** The user has written inside of it. */
  touched: boolean;
  /** What is proposed; null while it is still being written. */
  text: string | null;
  /** Where it is shown while it is being written: drawn without a change of the page. */
  dom: HTMLElement;
}

type Step = { begin: Proposal } | { finish: string } | "gone";

const key = new PluginKey<Proposal | null>("proposal");

export function proposals(): Plugin<Proposal | null> {
  return new Plugin<Proposal | null>({
    key,
    state: {
      init: () => null,
      apply: (transaction, before) => {
        const step = transaction.getMeta(key) as Step | undefined;
        if (step === "gone") return null;
        if (step && "begin" in step) return step.begin;
        if (!before) return null;
        const now = transaction.docChanged ? follow(before, transaction) : before;
        return step ? { ...now, text: step.finish } : now;
      },
    },
    props: { decorations: (state) => shown(state) },
  });
}

function follow(proposal: Proposal, transaction: Transaction): Proposal {
  const { from, to } = proposal;
  let { touched } = proposal;
  let [start, end] = [from, to];
  for (const map of transaction.mapping.maps) {
    map.forEach((oldFrom, oldTo) => {
      if (start < end ? oldFrom < end && oldTo > start : oldFrom < start && oldTo > start) touched = true;
    });
    [start, end] = [map.map(start, 1), map.map(end, start < end ? -1 : 1)];
  }
  return { ...proposal, from: start, to: Math.max(start, end), touched };
}

function shown(state: EditorState): DecorationSet | null {
  const proposal = key.getState(state);
  if (!proposal) return null;
  const { from, to, text, touched, id } = proposal;
  const pieces = text === null || touched ? null : piecesOf(state, proposal);
  const decorations: Decoration[] = [];
  const widget = (at: number, dom: () => HTMLElement, name: string) =>
    decorations.push(Decoration.widget(at, dom, { side: 1, key: `${id} ${name}`, ignoreSelection: true, marks: [] }));
  if (!pieces) {
    if (from < to)
      decorations.push(
        Decoration.inline(from, to, {
          class: touched ? "proposal-touched" : text === null ? "proposal-asked" : "proposal-old",
        }),
      );
    widget(to, () => proposal.dom, `all ${text === null}`);
    return DecorationSet.create(state.doc, decorations);
  }
  let at = from;
  for (const [nth, piece] of pieces.entries()) {
    const end = at + piece.old.length;
    if (piece.old !== piece.new && piece.old !== "")
      decorations.push(Decoration.inline(at, end, { class: "proposal-old" }));
    if (piece.old !== piece.new && piece.new !== "") widget(end, () => inserted(piece.new), `${nth} ${piece.new}`);
    at = end;
  }
  return DecorationSet.create(state.doc, decorations);
}

function inserted(text: string): HTMLElement {
  const dom = document.createElement("ins");
  dom.className = "proposal-new";
  dom.textContent = text;
  return dom;
}

/** Word by word, where words alone change: what stays keeps its look and its record. */
function piecesOf(state: EditorState, { from, to, text }: Proposal): Piece[] | null {
  if (text === null || from >= to || /\n|[*_`#]/.test(text) || !isPlain(state.doc.slice(from, to))) return null;
  return changedWords(state.doc.textBetween(from, to), text);
}

export function proposalIn(state: EditorState): Proposal | null {
  return key.getState(state) ?? null;
}

let made = 0;

/** Marks the place for a proposal, from the selection or for what goes on at its end. */
export function begin(view: EditorView, from: number, to: number): Proposal {
  const dom = document.createElement("ins");
  dom.className = "proposal-new proposal-whole";
  const proposal: Proposal = { id: ++made, from, to, touched: false, text: null, dom };
  // What is selected would be coloured over what changes in it.
  const caret = TextSelection.near(view.state.doc.resolve(to), -1);
  view.dispatch(view.state.tr.setSelection(caret).setMeta(key, { begin: proposal } satisfies Step));
  return proposal;
}

/** It is written to its end: what changes is shown word by word. */
export function finish(view: EditorView, text: string): void {
  const proposal = proposalIn(view.state);
  if (!proposal) return;
  proposal.dom.textContent = text;
  view.dispatch(view.state.tr.setMeta(key, { finish: text } satisfies Step));
}

export function discard(view: EditorView): void {
  if (proposalIn(view.state)) view.dispatch(view.state.tr.setMeta(key, "gone" satisfies Step));
}

/** Puts it onto the page as one change, which one undo takes back whole. */
export function accept(view: EditorView, by: { place: "device" | "cloud"; model: string }): boolean {
  const { state } = view;
  const proposal = proposalIn(state);
  if (!proposal || proposal.text === null || proposal.touched) return false;
  const how = by.place === "device" ? "model_here" : "model_elsewhere";
  const record: Origin = { how, who: by.model, edited: false };
  const transaction = closeHistory(state.tr)
    .setMeta(KEEPS, true)
    .setMeta(key, "gone" satisfies Step);
  const pieces = piecesOf(state, proposal);
  if (pieces) byWords(transaction, proposal.from, pieces, origin(record));
  else whole(transaction, proposal, record);
  view.dispatch(transaction.scrollIntoView());
  view.dispatch(closeHistory(view.state.tr));
  return true;
}

function byWords(transaction: Transaction, from: number, pieces: readonly Piece[], record: Mark): void {
  let at = from;
  for (const piece of pieces) {
    if (piece.old === piece.new) {
      at += piece.old.length;
      continue;
    }
    transaction.delete(at, at + piece.old.length);
    if (piece.new !== "") transaction.insert(at, transaction.doc.type.schema.text(piece.new, [record]));
    at += piece.new.length;
  }
  transaction.setSelection(TextSelection.create(transaction.doc, at));
}

function whole(transaction: Transaction, { from, to, text }: Proposal, record: Origin): void {
  const blocks = marked(Fragment.from(blocksFrom(text ?? "")), record);
  const only = blocks.childCount === 1 ? (blocks.firstChild as Node) : null;
  const $from = transaction.doc.resolve(from);
  const spaced = from === to && only ? spaceBefore($from.nodeBefore) : "";
  if (only?.type.name === "paragraph") {
    const space = spaced === "" ? [] : [transaction.doc.type.schema.text(spaced, [origin(record)])];
    transaction.replaceWith(from, to, Fragment.from(space).append(only.content));
  } else if (from === to && $from.parent.isTextblock && $from.parent.content.size > 0) {
    transaction.insert($from.after(1), blocks);
  } else {
    transaction.replaceRange(from, to, sliceOf(transaction, blocks));
  }
  transaction.setSelection(
    TextSelection.near(
      transaction.doc.resolve(Math.min(transaction.mapping.map(to), transaction.doc.content.size)),
      -1,
    ),
  );
}

function sliceOf(transaction: Transaction, blocks: Fragment) {
  return transaction.doc.type.create(null, blocks).slice(0, blocks.size);
}

/** What is written on behind a word begins with a space. */
function spaceBefore(before: Node | null): string {
  return before?.isText === true && !/\s$/.test(before.text ?? "") ? " " : "";
}
