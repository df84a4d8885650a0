/**
 * Comments: what somebody said of a stretch of a page. All of one stands on each of its words, as a
 * mark, so that it goes wherever they go: through undo, cutting and pasting, versions, splits and
 * merges. Onto the clipboard goes its sign alone: what was said does not leave with the words.
 */
import { closeHistory } from "prosemirror-history";
import { type Attrs, Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { type Comment, copied, LONGEST_COMMENT, MOST_COMMENTS, schema } from "./schema";

export interface Placed extends Comment {
  /** Its first word, and its last: what was put between two may not be of it. */
  from: number;
  to: number;
}

export interface Commenting {
  /** In the order of their places. */
  all: readonly Placed[];
  /** The one that is looked at. */
  chosen: string | null;
}

interface State extends Commenting {
  marks: DecorationSet;
}

const type = schema.marks.comment;
const key = new PluginKey<State>("comments");

export function commenting(): Plugin<State> {
  return new Plugin<State>({
    key,
    state: {
      init: (_, state) => ({ all: commentsIn(state.doc), chosen: null, marks: DecorationSet.empty }),
      apply: (transaction, before, _, state) => {
        const told = transaction.getMeta(key) as { chosen: string | null } | undefined;
        const moved = transaction.docChanged || transaction.selectionSet;
        if (!told && !moved) return before;
        const all = transaction.docChanged ? commentsIn(state.doc) : before.all;
        const chosen = told ? told.chosen : under(all, state, before.chosen);
        if (all === before.all && chosen === before.chosen) return before;
        return { all, chosen, marks: shown(state.doc, chosen) };
      },
    },
    props: {
      decorations: (state) => key.getState(state)?.marks,
      transformCopied: (slice) => {
        copied.clear();
        for (const { mark } of stretchesIn(slice.content))
          copied.set(mark.attrs["id"] as string, mark.attrs as Comment);
        return slice;
      },
      // What is pasted once more is another one.
      transformPasted: (slice, view) => {
        const here = new Set(stretchesIn(view.state.doc.content).map(({ mark }) => mark.attrs["id"] as string));
        const fresh = new Map<string, string>();
        for (const { mark } of stretchesIn(slice.content)) {
          const id = mark.attrs["id"] as string;
          if (here.has(id) && !fresh.has(id)) fresh.set(id, freshId());
        }
        if (fresh.size === 0) return slice;
        return new Slice(renamed(slice.content, fresh), slice.openStart, slice.openEnd);
      },
    },
  });
}

export function commentsOf(state: EditorState): Commenting {
  return key.getState(state) ?? { all: [], chosen: null };
}

interface Stretch {
  mark: Mark;
  from: number;
  to: number;
}

function stretchesIn(content: Fragment, start = 0): Stretch[] {
  const found: Stretch[] = [];
  content.forEach((node, offset) => {
    const from = start + offset;
    for (const mark of node.marks) if (mark.type === type) found.push({ mark, from, to: from + node.nodeSize });
    found.push(...stretchesIn(node.content, from + 1));
  });
  return found;
}

/** Of a block, which is looked through once for as long as nobody changes it. */
const known = new WeakMap<Node, readonly Stretch[]>();

function ofBlock(block: Node): readonly Stretch[] {
  const before = known.get(block);
  if (before) return before;
  const found = stretchesIn(block.content, 1);
  known.set(block, found);
  return found;
}

export function commentsIn(doc: Node): readonly Placed[] {
  const all = new Map<string, Placed>();
  doc.forEach((block, at) => {
    for (const { mark, from, to } of ofBlock(block)) {
      const comment = mark.attrs as Comment;
      const one = all.get(comment.id);
      if (one) one.to = at + to;
      else all.set(comment.id, { ...comment, from: at + from, to: at + to });
    }
  });
  return [...all.values()];
}

/** The one that the caret is in; of several the one that was looked at, or else the one that began last. */
function under(all: readonly Placed[], { selection }: EditorState, before: string | null): string | null {
  const here = all.filter(({ from, to }) => from <= selection.from && selection.to <= to);
  return (here.find(({ id }) => id === before) ?? here.at(-1))?.id ?? null;
}

function shown(doc: Node, chosen: string | null): DecorationSet {
  if (chosen === null) return DecorationSet.empty;
  const marks = stretchesOf(doc, chosen).map(({ from, to }) => Decoration.inline(from, to, { class: "comment-now" }));
  return DecorationSet.create(doc, marks);
}

function stretchesOf(doc: Node, id: string): Stretch[] {
  const found: Stretch[] = [];
  doc.forEach((block, at) => {
    for (const { mark, from, to } of ofBlock(block))
      if (mark.attrs["id"] === id) found.push({ mark, from: at + from, to: at + to });
  });
  return found;
}

/** Hardly ever the same twice, also in two windows. */
function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function renamed(content: Fragment, fresh: ReadonlyMap<string, string>): Fragment {
  return Fragment.from(
    content.content.map((node) => {
      const marks = node.marks.map((mark) => {
        const id = mark.type === type ? fresh.get(mark.attrs["id"] as string) : undefined;
        return id === undefined ? mark : type.create({ ...mark.attrs, id });
      });
      const same = node.isText ? node : node.copy(renamed(node.content, fresh));
      return same.mark(marks);
    }),
  );
}

/** What a comment would be about: what is selected, or the word at the caret; null for nothing. */
function aboutWhat({ doc, selection }: EditorState): { from: number; to: number } | null {
  const { from, to, $from } = selection;
  if (from !== to) return doc.textBetween(from, to, "", "x").trim() === "" ? null : { from, to };
  if (!$from.parent.isTextblock) return null;
  const text = $from.parent.textBetween(0, $from.parent.content.size, "", " ");
  const before = /\S*$/.exec(text.slice(0, $from.parentOffset))?.[0].length ?? 0;
  const after = /^\S*/.exec(text.slice($from.parentOffset))?.[0].length ?? 0;
  return before + after === 0 ? null : { from: from - before, to: from + after };
}

/** Whether there is something here that a comment can be about. */
export function canComment(state: EditorState): boolean {
  const about = aboutWhat(state);
  if (!about) return false;
  let most = 0;
  state.doc.nodesBetween(about.from, about.to, (node) => {
    most = Math.max(most, node.marks.filter((mark) => mark.type === type).length);
  });
  return most < MOST_COMMENTS;
}

function done(view: EditorView, transaction: Transaction): void {
  view.dispatch(closeHistory(transaction));
  view.dispatch(closeHistory(view.state.tr));
}

function fitting(text: string): string {
  let fits = text.trim();
  for (let over = 1; over > 0; ) {
    over = new TextEncoder().encode(fits).length - LONGEST_COMMENT;
    // A letter has three bytes at most, or four and counts as two.
    if (over > 0) fits = fits.slice(0, -Math.ceil(over / 3)).trimEnd();
  }
  return fits;
}

/** The user's own, of what is selected; one undo takes it away. False where it can be about nothing. */
export function addComment(view: EditorView, text: string, at: number): boolean {
  const about = canComment(view.state) ? aboutWhat(view.state) : null;
  if (!about || text.trim() === "") return false;
  const id = freshId();
  const attrs: Attrs = { id, author: null, at, text: fitting(text), resolved: false };
  done(view, view.state.tr.addMark(about.from, about.to, type.create(attrs)).setMeta(key, { chosen: id }));
  return true;
}

/** Another text for it, or another state; it stays of the same words. */
export function changeComment(view: EditorView, id: string, change: Partial<Pick<Comment, "text" | "resolved">>): void {
  const transaction = view.state.tr.setMeta(key, { chosen: id });
  if (change.text !== undefined) change = { ...change, text: fitting(change.text) };
  for (const { mark, from, to } of stretchesOf(view.state.doc, id))
    transaction.removeMark(from, to, mark).addMark(from, to, type.create({ ...mark.attrs, ...change }));
  done(view, transaction);
}

export function removeComment(view: EditorView, id: string): void {
  const transaction = view.state.tr;
  for (const { mark, from, to } of stretchesOf(view.state.doc, id)) transaction.removeMark(from, to, mark);
  done(view, transaction);
}

/** Goes to this one: the caret stands before its words, so that nothing is written over. */
export function goToComment(view: EditorView, id: string): void {
  const one = commentsOf(view.state).all.find((comment) => comment.id === id);
  if (!one) return;
  const caret = TextSelection.near(view.state.doc.resolve(one.from));
  view.dispatch(view.state.tr.setSelection(caret).setMeta(key, { chosen: id }).scrollIntoView());
}
