/** Where the caret is: the paragraph that it stands in is marked, for whoever wants to see that one alone. */
import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

interface Here {
  on: boolean;
  /** Where the marked block begins; -1 for none. */
  at: number;
  marks: DecorationSet;
}

const NOWHERE: Here = { on: false, at: -1, marks: DecorationSet.empty };
const key = new PluginKey<Here>("focus");

export function focusing(): Plugin<Here> {
  return new Plugin<Here>({
    key,
    state: {
      init: () => NOWHERE,
      apply: (transaction, before, _, state) => {
        const on = (transaction.getMeta(key) as boolean | undefined) ?? before.on;
        if (!on) return NOWHERE;
        const at = blockAt(state);
        // What only grew stays marked as it is.
        if (at === before.at && on === before.on)
          return { on, at, marks: before.marks.map(transaction.mapping, transaction.doc) };
        const block = at < 0 ? null : transaction.doc.nodeAt(at);
        const mark = block && Decoration.node(at, at + block.nodeSize, { class: "caret-here" });
        return { on, at, marks: mark ? DecorationSet.create(transaction.doc, [mark]) : DecorationSet.empty };
      },
    },
    props: { decorations: (state) => key.getState(state)?.marks },
  });
}

function blockAt({ selection }: EditorState): number {
  return selection.$head.depth > 0 ? selection.$head.before(1) : -1;
}

/** Marks it from now on, or no more. */
export function markCaret(view: EditorView, on: boolean): void {
  if ((key.getState(view.state)?.on ?? false) !== on) view.dispatch(view.state.tr.setMeta(key, on));
}
