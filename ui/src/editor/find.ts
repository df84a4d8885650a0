/** Finding and replacing in a page: what is found is marked, and one of them is looked at. */
import { closeHistory } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

export interface Found {
  from: number;
  to: number;
}

/** How exactly something must be the same. */
export interface How {
  matchCase: boolean;
  wholeWords: boolean;
}

export const LOOSELY: How = { matchCase: false, wholeWords: false };

interface Search {
  query: string;
  how: How;
  found: readonly Found[];
  marks: DecorationSet;
}

const NONE: Search = { query: "", how: LOOSELY, found: [], marks: DecorationSet.empty };
const key = new PluginKey<Search>("find");
/** More than anybody steps through; all the same the count says so. */
const MOST = 5000;

export function searching(): Plugin<Search> {
  return new Plugin<Search>({
    key,
    state: {
      init: () => NONE,
      apply: (transaction, before) => {
        const wanted = transaction.getMeta(key) as { query: string; how: How } | undefined;
        const { query, how } = wanted ?? before;
        if (query === "") return NONE;
        if (!wanted && !transaction.docChanged) return before;
        const found = findIn(transaction.doc, query, how);
        const marks = DecorationSet.create(
          transaction.doc,
          found.map(({ from, to }) => Decoration.inline(from, to, { class: "found-here" })),
        );
        return { query, how, found, marks };
      },
    },
    props: { decorations: (state) => key.getState(state)?.marks },
  });
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u;

/** Whether the piece begins and ends where words do. */
function whole(text: string, from: number, to: number): boolean {
  const [before, after] = [text.slice(0, from).match(/.$/su)?.[0] ?? " ", text.slice(to).match(/^./su)?.[0] ?? " "];
  return !LETTER.test(before) && !LETTER.test(after);
}

/** A piece never reaches over the end of a paragraph. */
export function findIn(doc: Node, query: string, { matchCase, wholeWords }: How = LOOSELY): Found[] {
  const found: Found[] = [];
  const wanted = matchCase ? query : query.toLowerCase();
  if (wanted === "") return found;
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\n");
    const folded = matchCase ? text : text.toLowerCase();
    // Some capitals are shorter than their small letters: then places would be wrong.
    const words = folded.length === text.length ? folded : text;
    for (
      let place = words.indexOf(wanted);
      place >= 0 && found.length < MOST;
      place = words.indexOf(wanted, place + wanted.length)
    ) {
      if (!wholeWords || whole(text, place, place + wanted.length))
        found.push({ from: at + 1 + place, to: at + 1 + place + wanted.length });
    }
    return false;
  });
  return found;
}

export function foundIn(state: EditorState): readonly Found[] {
  return key.getState(state)?.found ?? [];
}

/** An editor, or what stands in for one. */
type Desk = Pick<EditorView, "state" | "dispatch">;

/** Looks for `query`; an empty one takes the marks away. */
export function look(view: Desk, query: string, how: How = LOOSELY): void {
  view.dispatch(view.state.tr.setMeta(key, { query, how }));
}

/** Puts `text` in the place of these, as one change that one undo takes back. */
function put(view: Desk, found: readonly Found[], text: string): void {
  const transaction = closeHistory(view.state.tr);
  // From the last on: the places of those before stay.
  for (const { from, to } of [...found].reverse()) {
    if (text === "") transaction.delete(from, to);
    else transaction.insertText(text, from, to);
  }
  view.dispatch(transaction);
  view.dispatch(closeHistory(view.state.tr));
}

/** Replaces the one that is selected, and goes on to the next; where none is, only that. */
export function replaceOne(view: EditorView, text: string): { at: number; of: number } {
  const { from, to } = view.state.selection;
  const one = foundIn(view.state).find((found) => found.from === from && found.to === to);
  if (one) {
    put(view, [one], text);
    // What was put there is behind the caret, even where it would be found itself.
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, one.from + text.length)));
  }
  return step(view, 1);
}

/** Replaces all that were found; how many those were. */
export function replaceAll(view: Desk, text: string): number {
  const found = foundIn(view.state);
  if (found.length > 0) put(view, found, text);
  return found.length;
}

/** Selects the next, or the one before; how many there are, and which it is, from 1. */
export function step(view: EditorView, by: 1 | -1): { at: number; of: number } {
  const found = foundIn(view.state);
  if (found.length === 0) return { at: 0, of: 0 };
  const { from, to } = view.state.selection;
  const next =
    by > 0
      ? found.findIndex((one) => one.from >= (from === to ? from : from + 1))
      : found.findLastIndex((one) => one.from < from);
  const at = next >= 0 ? next : by > 0 ? 0 : found.length - 1;
  const one = found[at] as Found;
  const transaction: Transaction = view.state.tr.setSelection(TextSelection.create(view.state.doc, one.from, one.to));
  view.dispatch(transaction.scrollIntoView());
  return { at: at + 1, of: found.length };
}
