/** Finding in a page: what is found is marked, and one of them is the one that is looked at. */
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

export interface Found {
  from: number;
  to: number;
}

interface Search {
  query: string;
  found: readonly Found[];
  marks: DecorationSet;
}

const NONE: Search = { query: "", found: [], marks: DecorationSet.empty };
const key = new PluginKey<Search>("find");
/** More than anybody steps through; all the same the count says so. */
const MOST = 5000;

export function searching(): Plugin<Search> {
  return new Plugin<Search>({
    key,
    state: {
      init: () => NONE,
      apply: (transaction, before) => {
        const query = (transaction.getMeta(key) as string | undefined) ?? before.query;
        if (query === "") return NONE;
        if (query === before.query && !transaction.docChanged) return before;
        const found = findIn(transaction.doc, query);
        const marks = DecorationSet.create(
          transaction.doc,
          found.map(({ from, to }) => Decoration.inline(from, to, { class: "found" })),
        );
        return { query, found, marks };
      },
    },
    props: { decorations: (state) => key.getState(state)?.marks },
  });
}

/** Capitals do not matter; a piece never reaches over the end of a paragraph. */
export function findIn(doc: Node, query: string): Found[] {
  const found: Found[] = [];
  const wanted = query.toLowerCase();
  if (wanted === "") return found;
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "\n");
    const folded = text.toLowerCase();
    // Some capitals are shorter than their small letters: then places would be wrong.
    const words = folded.length === text.length ? folded : text;
    for (
      let place = words.indexOf(wanted);
      place >= 0 && found.length < MOST;
      place = words.indexOf(wanted, place + wanted.length)
    ) {
      found.push({ from: at + 1 + place, to: at + 1 + place + wanted.length });
    }
    return false;
  });
  return found;
}

export function foundIn(state: EditorState): readonly Found[] {
  return key.getState(state)?.found ?? [];
}

/** Looks for `query`; an empty one takes the marks away. */
export function look(view: EditorView, query: string): void {
  view.dispatch(view.state.tr.setMeta(key, query));
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
