/** Footnotes: what they say, and another text for one. */
import type { Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { footnote, type Origin, origin, originIn, schema } from "./schema";

/** What a footnote says; "" where none stands there. */
export function noteAt(view: EditorView, at: number): string {
  const node = view.state.doc.nodeAt(at);
  return node?.type === schema.nodes.footnote ? (node.attrs["text"] as string) : "";
}

/** A footnote behind the selection, or, with a place, another text for the one there; none for no text. */
export function setNote(view: EditorView, text: string, at: number | null): void {
  const { state } = view;
  if (at !== null) {
    if (noteAt(view, at) !== "") view.dispatch(changeNote(state.tr, at, text));
    return;
  }
  const note = footnote(text);
  const { $to } = state.selection;
  if (note && $to.parent.inlineContent && $to.parent.type !== schema.nodes.code_block)
    view.dispatch(state.tr.insert($to.pos, note).scrollIntoView());
}

/** Another text for the footnote there, which knows that the user changed it; none takes it away. */
export function changeNote(transaction: Transaction, at: number, text: string): Transaction {
  const old = transaction.doc.nodeAt(at);
  const note = footnote(text);
  if (!old || !note) return transaction.delete(at, at + 1);
  const record = originIn(old.marks);
  const marks = record ? origin({ ...(record.attrs as Origin), edited: true }).addToSet(old.marks) : old.marks;
  return transaction.replaceWith(at, at + 1, note.mark(marks));
}
