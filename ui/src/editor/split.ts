/** A page is cut in two where the caret stands. */
import { canSplit } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";

/** The block with which a new page would begin, the paragraph at the caret being cut for it; null where none would be left. */
export function blockBehind(view: EditorView): number | null {
  const { $from } = view.state.selection;
  if ($from.depth === 0) return null;
  const { doc } = view.state;
  const at = $from.index(0);
  const begins = $from.pos <= $from.start(1) + ($from.depth - 1);
  const ends = $from.pos >= $from.end(1) - ($from.depth - 1);
  if (begins) return at > 0 ? at : null;
  if (ends) return at + 1 < doc.childCount ? at + 1 : null;
  // A list or a quote is not torn: what stands behind it goes.
  if ($from.depth > 1 || !canSplit(doc, $from.pos)) return at + 1 < doc.childCount ? at + 1 : null;
  view.dispatch(view.state.tr.split($from.pos));
  return at + 1;
}
