/**
 * What a model proposes stands beside what the user wrote, and is no part of the page until it is
 * accepted: whole, or one change after another. It follows its place while the user writes
 * elsewhere; where they write inside of it, it counts as touched and can no longer be accepted: it
 * was made for other words.
 */

import { closeHistory } from "prosemirror-history";
import { DOMSerializer, type Fragment, type Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { applyChange, type Change, changesFor } from "./changes";
import { blocksFrom } from "./markdown";
import { KEEPS } from "./provenance";
import { type Origin, schema } from "./schema";
import { blocksOf, placeOf, spliceBetween } from "./sync";

export interface Proposal {
  id: number;
  /** What it would take the place of; nothing, where it goes on from a place. */
  from: number;
  to: number;
  /** The user has written inside of it. */
  touched: boolean;
  /** What is still to be decided, in the order of places; null while it is being written. */
  changes: readonly Change[] | null;
  /** The one that is looked at, by its place among them. */
  at: number;
  /** Where it is shown while it is being written: drawn without a change of the page. */
  dom: HTMLElement;
  /** Whose words they are, once they are accepted; "own": they know it themselves. Null while they are written. */
  record: Origin | "own" | null;
  /** What the passage was before and after each acceptance: an undo leads back there. */
  past: readonly Past[];
}

interface Past {
  content: Fragment;
  /** With places counted from the beginning of the passage. */
  changes: readonly Change[];
}

interface Held {
  proposal: Proposal | null;
  shown: DecorationSet;
}

type Step =
  | { begin: Proposal }
  | { show: readonly Node[]; record: Origin | "own" }
  | { took: readonly number[] }
  | { left: number }
  | { at: number }
  | "gone";

const NOTHING: Held = { proposal: null, shown: DecorationSet.empty };
const key = new PluginKey<Held>("proposal");

export function proposals(): Plugin<Held> {
  return new Plugin<Held>({
    key,
    state: {
      init: () => NOTHING,
      apply: (transaction, held) => {
        const step = transaction.getMeta(key) as Step | undefined;
        if (step === "gone") return NOTHING;
        if (step && "begin" in step) return holding(transaction.doc, step.begin);
        const { proposal } = held;
        if (!proposal) return held;
        const took = step && "took" in step ? step.took : null;
        const now = transaction.docChanged ? follow(proposal, transaction, took) : proposal;
        const next = step ? decided(transaction.doc, now, step) : now;
        if (next === proposal) return held;
        // What only moved is moved: it is drawn anew where something was decided.
        const moved = !step && next.touched === proposal.touched && next.past === proposal.past;
        if (moved) return { proposal: next, shown: held.shown.map(transaction.mapping, transaction.doc) };
        return holding(transaction.doc, next);
      },
    },
    props: { decorations: (state) => key.getState(state)?.shown },
  });
}

function holding(doc: Node, proposal: Proposal): Held {
  return { proposal, shown: DecorationSet.create(doc, drawn(doc, proposal)) };
}

function decided(doc: Node, proposal: Proposal, step: Step): Proposal {
  if (step === "gone" || "begin" in step || "took" in step) return proposal;
  if ("show" in step) {
    const changes = changesFor(doc, proposal.from, proposal.to, step.show, step.record !== "own");
    return { ...proposal, changes, at: 0, past: [], record: step.record };
  }
  const changes = proposal.changes ?? [];
  if ("at" in step) return { ...proposal, at: step.at };
  const rest = changes.filter(({ id }) => id !== step.left);
  const past = proposal.past.map((one) => ({ ...one, changes: one.changes.filter(({ id }) => id !== step.left) }));
  return { ...proposal, changes: rest, past, at: Math.min(proposal.at, Math.max(0, rest.length - 1)) };
}

const moved = (changes: readonly Change[], by: number) =>
  changes.map((one) => ({ ...one, from: one.from + by, to: one.to + by }));

function contentOf(doc: Node, from: number, to: number): Fragment {
  return doc.slice(from, to).content;
}

function follow(proposal: Proposal, transaction: Transaction, took: readonly number[] | null): Proposal {
  const { from, to } = proposal;
  const { mapping, doc } = transaction;
  if (took) return taken(proposal, transaction, took);
  const history = transaction.getMeta("history$") !== undefined;
  if (history && proposal.past.length > 0) {
    const back = [
      [mapping.map(from, -1), mapping.map(to, 1)] as const,
      [mapping.map(from, 1), mapping.map(to, -1)] as const,
    ];
    for (const [start, end] of back) {
      const known =
        start <= end ? proposal.past.find(({ content }) => content.eq(contentOf(doc, start, end))) : undefined;
      if (!known) continue;
      return {
        ...proposal,
        from: start,
        to: end,
        touched: false,
        changes: moved(known.changes, start),
        past: [...proposal.past],
      };
    }
  }
  let { touched } = proposal;
  let [start, end] = [from, to];
  for (const map of mapping.maps) {
    map.forEach((oldFrom, oldTo) => {
      if (start < end ? oldFrom < end && oldTo > start : oldFrom < start && oldTo > start) touched = true;
    });
    [start, end] = [map.map(start, 1), map.map(end, start < end ? -1 : 1)];
  }
  const changes = proposal.changes?.map((one) => {
    const place = mapping.map(one.from, one.from < one.to || one.from === from ? 1 : -1);
    return { ...one, from: place, to: one.from < one.to ? Math.max(place, mapping.map(one.to, -1)) : place };
  });
  return { ...proposal, from: start, to: Math.max(start, end), touched, changes: changes ?? null };
}

function taken(proposal: Proposal, { mapping, doc, before }: Transaction, took: readonly number[]): Proposal {
  const all = proposal.changes ?? [];
  const [from, to] = [mapping.map(proposal.from, -1), mapping.map(proposal.to, 1)];
  const rest = all
    .filter(({ id }) => !took.includes(id))
    .map((one) => ({ ...one, from: mapping.map(one.from, 1), to: mapping.map(one.to, one.from < one.to ? -1 : 1) }));
  const was = { content: contentOf(before, proposal.from, proposal.to), changes: moved(all, -proposal.from) };
  const is = { content: contentOf(doc, from, to), changes: moved(rest, -from) };
  const first = all.findIndex(({ id }) => took.includes(id));
  const at = Math.max(0, Math.min(first, rest.length - 1));
  return { ...proposal, from, to, changes: rest, at, past: [...proposal.past, was, is] };
}

function drawn(doc: Node, { id, from, to, changes, touched, at, dom }: Proposal): Decoration[] {
  const widget = (place: number, made: () => HTMLElement, name: string) =>
    Decoration.widget(place, made, { side: 1, key: `${id} ${name}`, ignoreSelection: true, marks: [] });
  if (touched || !changes) {
    const passage = Decoration.inline(from, to, { class: touched ? "proposal-touched" : "proposal-asked" });
    return [...(from < to ? [passage] : []), ...(touched ? [] : [widget(to, () => dom, "all")])];
  }
  return changes.flatMap((change, nth) => {
    const now = nth === at && changes.length > 1 ? " proposal-now" : "";
    const out: Decoration[] = [];
    const old = { class: `proposal-old${now}` };
    if (change.from < change.to) {
      if (change.of === "blocks")
        doc.nodesBetween(change.from, change.to, (node, place, parent) => {
          if (parent !== doc) return true;
          out.push(Decoration.node(place, place + node.nodeSize, old));
          return false;
        });
      else out.push(Decoration.inline(change.from, change.to, old));
    }
    if (change.content.size > 0)
      out.push(widget(change.to, () => inserted(change, now), `${change.id} ${change.content.toString()}${now}`));
    return out;
  });
}

const serializer = DOMSerializer.fromSchema(schema);

function inserted({ of, content }: Change, now: string): HTMLElement {
  const dom = document.createElement("ins");
  const blocks = of !== "words" && !(content.childCount === 1 && content.firstChild?.type === schema.nodes.paragraph);
  dom.className = `proposal-new${blocks ? " proposal-blocks" : ""}${now}`;
  dom.append(serializer.serializeFragment(blocks || of === "words" ? content : (content.firstChild as Node).content));
  return dom;
}

export function proposalIn(state: EditorState): Proposal | null {
  return key.getState(state)?.proposal ?? null;
}

let made = 0;

/** Marks the place for a proposal: of a passage, or, where it is empty, for what goes on from there. */
export function begin(view: EditorView, from: number, to: number): Proposal {
  const dom = document.createElement("ins");
  dom.className = "proposal-new proposal-whole";
  const proposal: Proposal = {
    id: ++made,
    from,
    to,
    touched: false,
    changes: null,
    at: 0,
    dom,
    record: null,
    past: [],
  };
  // What is selected would be coloured over what changes in it.
  const caret = TextSelection.near(view.state.doc.resolve(to), -1);
  view.dispatch(told(view.state, { begin: proposal }).setSelection(caret));
  return proposal;
}

function told(state: EditorState, step: Step): Transaction {
  return state.tr.setMeta(key, step);
}

/** Shows what would change, were the passage as it is to become this text of theirs. */
export function show(view: EditorView, text: string, record: Origin): void {
  if (proposalIn(view.state)) view.dispatch(told(view.state, { show: blocksFrom(text), record }));
}

/**
 * Shows what would change, were the page to become another again, from the first block that differs
 * to the last; false where none does.
 */
export function showPage(view: EditorView, other: Node): boolean {
  const { doc } = view.state;
  const splice = spliceBetween(doc, other);
  if (!splice) return false;
  // Something to stand beside: what only came, or only went, takes its neighbour along.
  const bare = splice.remove === 0 || splice.insert.length === 0;
  const [back, on] = bare ? [Math.min(1, splice.from), splice.from === 0 ? 1 : 0] : [0, 0];
  const from = splice.from - back;
  const remove = splice.remove + back + on;
  const insert = blocksOf(other).slice(from, from + splice.insert.length + back + on);
  const { start, end } = placeOf(doc, { from, remove });
  const old = blocksOf(doc).slice(from, from + remove);
  // A heading that was none is no heading then: one line alone is compared by words only as what it was.
  const same =
    old.length > 1 || insert.length > 1 || (insert[0] !== undefined && old[0]?.sameMarkup(insert[0]) === true);
  const lines = same && old.every(({ isTextblock }) => isTextblock);
  begin(view, start + (lines ? 1 : 0), end - (lines ? 1 : 0));
  view.dispatch(told(view.state, { show: insert, record: "own" }));
  return true;
}

export function discard(view: EditorView): void {
  if (proposalIn(view.state)) view.dispatch(told(view.state, "gone"));
}

/** What can be accepted now: nothing, where it is not written yet, or was touched. */
function open(state: EditorState): readonly Change[] {
  const proposal = proposalIn(state);
  return proposal && !proposal.touched ? (proposal.changes ?? []) : [];
}

/** Puts these changes onto the page as one, which one undo takes back whole. */
function take(view: EditorView, changes: readonly Change[]): boolean {
  const record = proposalIn(view.state)?.record;
  if (changes.length === 0 || !record) return false;
  const transaction = closeHistory(view.state.tr).setMeta(KEEPS, true);
  // From the last on: the places of those before stay.
  for (const change of [...changes].reverse()) applyChange(transaction, change, record);
  const last = changes.at(-1) as Change;
  const over = changes.length === open(view.state).length;
  transaction.setMeta(key, (over ? "gone" : { took: changes.map(({ id }) => id) }) satisfies Step);
  const end = Math.min(transaction.mapping.map(last.to, 1), transaction.doc.content.size);
  transaction.setSelection(TextSelection.near(transaction.doc.resolve(end), -1));
  view.dispatch(transaction.scrollIntoView());
  view.dispatch(closeHistory(view.state.tr));
  return true;
}

/** All of it; false where that cannot be. */
export function accept(view: EditorView): boolean {
  return take(view, open(view.state));
}

/** The change that is looked at, and the next is looked at then. */
export function acceptOne(view: EditorView): boolean {
  const one = open(view.state)[proposalIn(view.state)?.at ?? 0];
  if (!one || !take(view, [one])) return false;
  look(view, 0);
  return true;
}

/** Those changes that the selection touches. */
export function acceptSelected(view: EditorView): boolean {
  return take(view, touching(view.state));
}

export function touching(state: EditorState): readonly Change[] {
  const { from, to, empty } = state.selection;
  return empty ? [] : open(state).filter((one) => one.from <= to && one.to >= from);
}

/** Leaves what the user wrote there as it is. */
export function leaveOne(view: EditorView): boolean {
  const proposal = proposalIn(view.state);
  const one = proposal && open(view.state)[proposal.at];
  if (!one) return false;
  if (open(view.state).length === 1) discard(view);
  else {
    view.dispatch(told(view.state, { left: one.id }));
    look(view, 0);
  }
  return true;
}

/** Goes to the next change, or to the one before; with 0 to the one that is looked at. */
export function look(view: EditorView, by: 1 | 0 | -1): boolean {
  const proposal = proposalIn(view.state);
  const changes = open(view.state);
  if (!proposal || changes.length === 0) return false;
  const at = (proposal.at + by + changes.length) % changes.length;
  const { to } = changes[at] as Change;
  const caret = TextSelection.near(view.state.doc.resolve(to), -1);
  view.dispatch(told(view.state, { at }).setSelection(caret).scrollIntoView());
  return true;
}
