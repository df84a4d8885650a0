/** Links: where the caret is in one, and giving words one. */
import type { Mark } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { leadsSomewhere, schema } from "./schema";

const { link } = schema.marks;

/** Where the selection leads; empty where it leads nowhere. */
export function linkAt(state: EditorState): string {
  const { $from, from, to, empty } = state.selection;
  const all: Mark[] = empty ? [...$from.marks()] : [];
  if (!empty) state.doc.nodesBetween(from, to, (node) => void all.push(...node.marks));
  return (all.find(({ type }) => type === link)?.attrs["href"] as string | undefined) ?? "";
}

/** What a user types as an address: "example.org" is one. */
function addressFrom(typed: string): string {
  const address = typed.trim();
  if (address === "" || leadsSomewhere(address)) return address;
  return /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(address) ? `mailto:${address}` : `https://${address}`;
}

/** Gives the selection this address, or takes the one it has; false where it leads nowhere. */
export function setLink(view: EditorView, typed: string): boolean {
  const { from, to } = view.state.selection;
  const href = addressFrom(typed);
  const transaction = view.state.tr.removeMark(from, to, link);
  if (href !== "") {
    if (!leadsSomewhere(href) || /\s/.test(href)) return false;
    transaction.addMark(from, to, link.create({ href }));
  }
  view.dispatch(transaction);
  return true;
}
