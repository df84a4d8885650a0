/** The editors that are open of several pages in one scroll, and how the caret goes from one into the next. */
import { type EditorState, Selection, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { type How, LOOSELY, look } from "../../editor/find";

type Edge = "start" | "end";

/** Where the caret comes: to an edge of the page, as far to the side as it was, or to a place in the window. */
export interface Entry {
  edge: Edge;
  left?: number;
  top?: number;
}

export class Editors {
  #open = new Map<number, EditorView>();
  #waiting = new Map<number, ((view: EditorView) => void)[]>();
  #left = new Map<number, EditorState>();
  #search: { query: string; how: How } = { query: "", how: LOOSELY };
  #reach: (id: number) => void;

  /** `reach`: the page is the one that keys are for, and its editor opens. */
  constructor(reach: (id: number) => void) {
    this.#reach = reach;
  }

  of = (id: number): EditorView | null => this.#open.get(id) ?? null;

  /** How a page was left: its undo goes on from there. */
  leftOf = (id: number): EditorState | null => this.#left.get(id) ?? null;

  /** Somebody waits for its editor, and says then where the caret goes. */
  awaited = (id: number): boolean => this.#waiting.has(id);

  bring = (id: number): Promise<EditorView> => {
    const view = this.#open.get(id);
    const coming = view
      ? Promise.resolve(view)
      : new Promise<EditorView>((resolve) => this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]));
    this.#reach(id);
    return coming;
  };

  enter = (id: number, entry: Entry): void => {
    const view = this.#open.get(id);
    if (view) arrive(view, entry);
    else void this.bring(id).then((opened) => arrive(opened, entry));
  };

  /** In all that are open and will be. */
  search = (query: string, how: How): void => {
    this.#search = { query, how };
    for (const view of this.#open.values()) look(view, query, how);
  };

  opened = (id: number, view: EditorView): void => {
    this.#open.set(id, view);
    this.#left.delete(id);
    look(view, this.#search.query, this.#search.how);
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const resolve of waiting) resolve(view);
  };

  closed = (id: number, state: EditorState): void => {
    this.#open.delete(id);
    this.#left.set(id, state);
  };
}

function arrive(view: EditorView, { edge, left, top }: Entry): void {
  if (view.isDestroyed) return;
  view.focus();
  if (top === undefined) {
    const { doc, tr } = view.state;
    view.dispatch(tr.setSelection(edge === "start" ? Selection.atStart(doc) : Selection.atEnd(doc)).scrollIntoView());
  }
  if (left === undefined) return;
  const line = view.coordsAtPos(view.state.selection.head);
  const at = view.posAtCoords({ left, top: top ?? (line.top + line.bottom) / 2 });
  if (at) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at.pos))));
}

interface Pressed {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const alone = ({ altKey, ctrlKey, metaKey, shiftKey }: Pressed) => !(altKey || ctrlKey || metaKey || shiftKey);

/** Whether the key turns to the next view, or back: by itself it would end where the page does. */
export function turning(event: Pressed): 1 | -1 | null {
  if (!alone(event)) return null;
  return event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : null;
}

/** Where the caret goes by this key, if that is out of the page. */
export function leaving(view: EditorView, event: Pressed): { by: 1 | -1; entry: Entry } | null {
  if (!alone(event)) return null;
  const { doc, selection } = view.state;
  if (!(selection instanceof TextSelection) || !selection.empty) return null;
  const { $head, head } = selection;
  const [start, end] = [Selection.atStart(doc), Selection.atEnd(doc)];
  const left = () => view.coordsAtPos(head).left;
  if (event.key === "ArrowDown" && $head.sameParent(end.$head) && view.endOfTextblock("down"))
    return { by: 1, entry: { edge: "start", left: left() } };
  if (event.key === "ArrowUp" && $head.sameParent(start.$head) && view.endOfTextblock("up"))
    return { by: -1, entry: { edge: "end", left: left() } };
  if (event.key === "ArrowRight" && head === end.head) return { by: 1, entry: { edge: "start" } };
  if (event.key === "ArrowLeft" && head === start.head) return { by: -1, entry: { edge: "end" } };
  return null;
}
