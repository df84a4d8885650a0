/**
 * Where words came from, kept as they come. Words without a mark were typed. Whatever is typed
 * into other words is the user's own, and the word that it changes counts as edited. The record
 * is written when no input method composes: marks that change under one break it.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";
import { type Origin, origin, originIn, schema } from "./schema";

/** Set on changes that bring their own record: a paste, an acceptance, what another window wrote. */
export const KEEPS = "keepsOrigin";

interface Range {
  from: number;
  to: number;
}

/** Where something was written or taken away, and whether the words that stand beside it are other words now. */
interface Written extends Range {
  left: boolean;
  right: boolean;
}

/** Where something was typed that is not looked at yet. */
const typed = new PluginKey<readonly Written[]>("typed");

/** `refuse`: no model's words may come here; it is called where they were left out of a paste. */
export function provenance(refuse?: () => void): Plugin<readonly Written[]> {
  let view: EditorView | null = null;
  return new Plugin<readonly Written[]>({
    key: typed,
    state: {
      init: () => [],
      apply: (transaction, waiting) => {
        if (transaction.getMeta(typed) === "done") return [];
        if (!transaction.docChanged) return waiting;
        const mapped = waiting.map((one) => ({
          ...one,
          from: transaction.mapping.map(one.from, -1),
          to: transaction.mapping.map(one.to, 1),
        }));
        return keeps(transaction) ? mapped : [...mapped, ...changed(transaction)];
      },
    },
    appendTransaction: (_, __, state) => (view?.composing ? null : settled(state)),
    view: (made) => {
      view = made;
      // What was composed is looked at once it is.
      const ended = () => setTimeout(() => settle(made), 0);
      made.dom.addEventListener("compositionend", ended);
      return {
        destroy: () => {
          made.dom.removeEventListener("compositionend", ended);
          view = null;
        },
      };
    },
    props: {
      transformCopied: (slice) =>
        new Slice(marked(slice.content, { how: "typed", who: null, edited: false }), slice.openStart, slice.openEnd),
      transformPasted: (slice) => {
        const content = pasted(slice.content);
        if (!refuse || !hasModelText(content)) return new Slice(content, slice.openStart, slice.openEnd);
        refuse();
        return new Slice(withoutModelText(content), slice.openStart, slice.openEnd);
      },
    },
  });
}

function settle(view: EditorView): void {
  if (view.isDestroyed || view.composing) return;
  const transaction = settled(view.state);
  if (transaction) view.dispatch(transaction);
}

/** Undoing and redoing bring back what was recorded before. */
function keeps(transaction: Transaction): boolean {
  if (transaction.getMeta("history$") !== undefined || transaction.getMeta(KEEPS) === true) return true;
  const event = transaction.getMeta("uiEvent") as string | undefined;
  return transaction.getMeta("paste") === true || event === "paste" || event === "drop" || event === "cut";
}

const LETTER = "[\\p{L}\\p{M}\\p{N}\u2019'_]";
const BEGINS = new RegExp(`^${LETTER}`, "u");
const ENDS = new RegExp(`${LETTER}$`, "u");

/** What a change wrote, in the document as it is after it. */
function changed(transaction: Transaction): Written[] {
  const ranges: Written[] = [];
  const shifts = shiftsOf(transaction);
  transaction.steps.forEach((step, at) => {
    const by = shifts?.[at];
    const later = by === undefined ? new Mapping(transaction.mapping.maps.slice(at + 1)) : new Shift(by);
    const [before, after] = [transaction.docs[at], transaction.docs[at + 1] ?? transaction.doc];
    step.getMap().forEach((oldFrom, oldTo, from, to) => {
      // A footnote that says something else brings its own record.
      if (to - from === 1 && [before?.nodeAt(oldFrom), after.nodeAt(from)].every((node) => node && isNote(node)))
        return;
      const texts = [before?.textBetween(oldFrom, oldTo, "\n", "\n") ?? "", after.textBetween(from, to, "\n", "\n")];
      const touches = (edge: RegExp) => texts.some((text) => edge.test(text));
      ranges.push({ from: later.map(from, -1), to: later.map(to, 1), left: touches(BEGINS), right: touches(ENDS) });
    });
  });
  return ranges;
}

/** A way through changes that all stand before. */
class Shift {
  constructor(readonly by: number) {}

  map(place: number): number {
    return place + this.by;
  }
}

/**
 * Where each step stands before all that came earlier, as in a replacing of thousands of places, the later
 * ones only shift it: by how much, for each. Null where it is not so. To follow each place through each
 * later step would take their number twice over.
 */
function shiftsOf({ mapping: { maps } }: Transaction): number[] | null {
  const shifts = maps.map(() => 0);
  let [shift, before] = [0, -1];
  for (let at = maps.length - 1; at >= 0; at -= 1) {
    let [start, end, by, count] = [0, -1, 0, 0];
    maps[at]?.forEach((oldFrom, oldTo, from, to) => {
      [start, end, by] = [Math.min(oldFrom, from), Math.max(oldTo, to), to - from - (oldTo - oldFrom)];
      count += 1;
    });
    if (count !== 1 || start <= before) return null;
    shifts[at] = shift;
    [shift, before] = [shift + by, end];
  }
  return shifts;
}

/** What was typed loses the mark of the words around it; they become edited. */
function settled(state: EditorState): Transaction | null {
  const waiting = typed.getState(state) ?? [];
  if (waiting.length === 0) return null;
  const transaction = state.tr.setMeta(typed, "done").setMeta(KEEPS, true);
  for (const range of waiting) {
    const size = state.doc.content.size;
    const from = Math.min(range.from, size);
    const to = Math.min(range.to, size);
    if (to > from) transaction.removeMark(from, to, schema.marks.origin);
    if (range.left) edit(transaction, wordAt(state.doc, from, -1), from, to);
    if (range.right) edit(transaction, wordAt(state.doc, to, 1), from, to);
  }
  // Looking must not cost the user the marks that they set for the next letter.
  if (transaction.docChanged && state.storedMarks) transaction.setStoredMarks(state.storedMarks);
  return transaction;
}

function edit(transaction: Transaction, word: Range, from: number, to: number): void {
  if (word.from === word.to) return;
  transaction.doc.nodesBetween(word.from, word.to, (node, at) => {
    const mark = node.isText ? originIn(node.marks) : undefined;
    if (!mark || mark.attrs["edited"] === true) return;
    const start = Math.max(at, word.from);
    const end = Math.min(at + node.nodeSize, word.to);
    if (start >= end || (start >= from && end <= to)) return;
    transaction.addMark(start, end, origin({ ...(mark.attrs as Origin), edited: true }));
  });
}

/** The letters of a word that touch `at` on one side. */
function wordAt(doc: Node, at: number, side: -1 | 1): Range {
  const $at = doc.resolve(at);
  if (!$at.parent.isTextblock) return { from: at, to: at };
  const start = $at.start();
  const text = $at.parent.textBetween(0, $at.parent.content.size, undefined, "\ufffc");
  let end = at - start;
  const one = new RegExp(LETTER, "u");
  // Letters beyond the first plane stand as two halves.
  const letter = (i: number) => one.test(text[i] ?? " ") || /[\ud800-\udfff]/.test(text[i] ?? " ");
  if (side < 0) while (end > 0 && letter(end - 1)) end -= 1;
  else while (end < text.length && letter(end)) end += 1;
  return side < 0 ? { from: start + end, to: at } : { from: at, to: start + end };
}

/** Every word that has no record gets this one. */
export function marked(content: Fragment, record: Origin): Fragment {
  return each(content, (node) => (originIn(node.marks) ? node : node.mark(origin(record).addToSet(node.marks))));
}

/** Words from elsewhere were pasted; those from a page of ours know better. */
function pasted(content: Fragment): Fragment {
  return each(content, (node) => {
    const known = originIn(node.marks);
    if (!known) return node.mark(origin({ how: "pasted", who: null, edited: false }).addToSet(node.marks));
    return known.attrs["how"] === "typed" ? node.mark(known.removeFromSet(node.marks)) : node;
  });
}

function byModel(node: Node): boolean {
  const how = originIn(node.marks)?.attrs["how"] as Origin["how"] | undefined;
  return how === "model_here" || how === "model_elsewhere";
}

function hasModelText(content: Fragment): boolean {
  return content.content.some((node) => byModel(node) || hasModelText(node.content));
}

function withoutModelText(content: Fragment): Fragment {
  return Fragment.from(
    content.content
      .filter((node) => !byModel(node))
      .map((node) => (isWords(node) ? node : node.copy(withoutModelText(node.content)))),
  );
}

function isNote(node: Node): boolean {
  return node.type === schema.nodes.footnote;
}

/** Words: those of the text, and those of footnotes. */
function isWords(node: Node): boolean {
  return node.isText || isNote(node);
}

function each(content: Fragment, change: (words: Node) => Node): Fragment {
  return Fragment.from(
    content.content.map((node) => (isWords(node) ? change(node) : node.copy(each(node.content, change)))),
  );
}
