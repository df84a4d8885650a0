/** Finding and replacing in a page: what is found is marked, and one of them is looked at. */
import { closeHistory } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import {
  type EditorState,
  NodeSelection,
  Plugin,
  PluginKey,
  type Selection,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { commentsOn } from "./changes";
import { type Budget, Expression, filled, Spent } from "./expression";
import { changeNote } from "./notes";
import { schema } from "./schema";

export interface Found {
  from: number;
  to: number;
  /** In what a footnote says, between these of its letters: `from` to `to` is its sign. */
  note?: { from: number; to: number };
  /** By an expression: all of it, and what its groups found. */
  groups?: readonly string[];
}

/** How exactly something must be the same. */
export interface How {
  matchCase: boolean;
  wholeWords: boolean;
  /** What is looked for is a regular expression. */
  expression: boolean;
}

export const LOOSELY: How = { matchCase: false, wholeWords: false, expression: false };

export type Trouble = "unreadable" | "endless";

interface Search {
  query: string;
  how: How;
  found: readonly Found[];
  /** It could not be read, or took too many steps: then what is found is not all of it. */
  trouble: Trouble | null;
  /** The one that was stepped to last; -1 for none. */
  at: number;
  marks: DecorationSet;
  known: Known;
}

/** What was found in blocks that nobody changed since. */
type Known = WeakMap<Node, readonly Found[]>;

const NONE: Search = {
  query: "",
  how: LOOSELY,
  found: [],
  trouble: null,
  at: -1,
  marks: DecorationSet.empty,
  known: new WeakMap(),
};
const key = new PluginKey<Search>("find");
/** More than anybody steps through; all the same the count says so. */
const MOST = 5000;
/** Of one search by an expression: some tenths of a second. */
const STEPS = 4_000_000;
/** So many letters of a footnote are shown before and behind what was found in it. */
const AROUND = 40;

export function searching(): Plugin<Search> {
  return new Plugin<Search>({
    key,
    state: {
      init: () => NONE,
      apply: (transaction, before) => {
        const told = transaction.getMeta(key) as { query: string; how: How } | { at: number } | undefined;
        if (told && "at" in told)
          return { ...before, at: told.at, marks: marked(transaction.doc, before.found, told.at) };
        const { query, how } = told ?? before;
        if (query === "") return NONE;
        if (!told && !transaction.docChanged) return before;
        // What has no end is not tried again at each key.
        if (!told && before.trouble === "endless") return { ...before, found: [], at: -1, marks: DecorationSet.empty };
        const known: Known = told ? new WeakMap() : before.known;
        const { found, trouble } = search(transaction.doc, query, how, known);
        return { query, how, found, trouble, at: -1, marks: marked(transaction.doc, found, -1), known };
      },
    },
    props: { decorations: (state) => key.getState(state)?.marks },
  });
}

/** All that were found, and the one that is looked at among them. */
function marked(doc: Node, found: readonly Found[], now: number): DecorationSet {
  const mark = ({ from, to }: Found, at: number) =>
    Decoration.inline(from, to, { class: at === now ? "found-here found-now" : "found-here" });
  return DecorationSet.create(doc, found.map(mark));
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u;

/** Whether the piece begins and ends where words do. */
function whole(text: string, from: number, to: number): boolean {
  const [before, after] = [text.slice(0, from).match(/.$/su)?.[0] ?? " ", text.slice(to).match(/^./su)?.[0] ?? " "];
  return !LETTER.test(before) && !LETTER.test(after);
}

interface Hit {
  from: number;
  to: number;
  groups?: readonly string[];
}

type Finder = (text: string) => Hit[];

/** Where it stands in a text. */
function hitsIn(text: string, query: string, { matchCase, wholeWords }: How): Hit[] {
  const wanted = matchCase ? query : query.toLowerCase();
  const folded = matchCase ? text : text.toLowerCase();
  // Some capitals are shorter than their small letters: then places would be wrong.
  const words = folded.length === text.length ? folded : text;
  const hits: Hit[] = [];
  for (let at = words.indexOf(wanted); at >= 0; at = words.indexOf(wanted, at + wanted.length)) {
    const to = at + wanted.length;
    if (!wholeWords || whole(text, at, to)) hits.push({ from: at, to });
  }
  return hits;
}

/** Null where what is looked for cannot be read. */
function finderFor(query: string, how: How, budget: Budget): Finder | null {
  if (!how.expression) return (text) => hitsIn(text, query, how);
  const expression = Expression.read(query, how.matchCase);
  if (!expression) return null;
  return (text) => {
    const hits = expression.matches(text, budget);
    return how.wholeWords ? hits.filter(({ from, to }) => whole(text, from, to)) : hits;
  };
}

const { footnote } = schema.nodes;

/** In one paragraph, by places behind its beginning; what footnotes say is looked through where they stand. */
function inBlock(block: Node, finder: Finder): Found[] {
  const text = block.textBetween(0, block.content.size, undefined, "\n");
  const found: Found[] = finder(text);
  block.forEach((inner, from) => {
    if (inner.type !== footnote) return;
    for (const { groups, ...note } of finder(inner.attrs["text"] as string))
      found.push({ from, to: from + 1, note, ...(groups && { groups }) });
  });
  return found.sort((one, other) => one.from - other.from);
}

/** A piece never reaches over the end of a paragraph. */
function search(doc: Node, query: string, how: How, known: Known): { found: Found[]; trouble: Trouble | null } {
  const found: Found[] = [];
  const finder = query === "" ? null : finderFor(query, how, { steps: STEPS });
  if (!finder) return { found, trouble: query === "" ? null : "unreadable" };
  let trouble: Trouble | null = null;
  doc.descendants((node, at) => {
    if (trouble || found.length >= MOST) return false;
    if (!node.isTextblock) return true;
    try {
      const here = known.get(node) ?? inBlock(node, finder);
      known.set(node, here);
      for (const one of here) found.push({ ...one, from: at + 1 + one.from, to: at + 1 + one.to });
    } catch (error) {
      // Its steps are spent, or it went deeper than there is room for.
      if (!(error instanceof Spent || error instanceof RangeError)) throw error;
      trouble = "endless";
    }
    return false;
  });
  return { found: found.slice(0, MOST), trouble };
}

export function findIn(doc: Node, query: string, how: How = LOOSELY): Found[] {
  return search(doc, query, how, new WeakMap()).found;
}

/** Why what is found is not all of it. */
export function troubleIn(state: EditorState): Trouble | null {
  return key.getState(state)?.trouble ?? null;
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
function put(view: Desk, found: readonly Found[], template: string): void {
  const transaction = closeHistory(view.state.tr);
  // From the last on: the places of those before stay.
  for (const { from, to, note, groups } of [...found].reverse()) {
    const text = insteadOf(groups, template);
    if (note) putInNote(transaction, from, note, text);
    else putInText(transaction, from, to, text);
  }
  view.dispatch(transaction);
  view.dispatch(closeHistory(view.state.tr));
}

/** What comes: of an expression with what its groups found. */
function insteadOf(groups: readonly string[] | undefined, template: string): string {
  return groups ? filled(template, groups) : template;
}

/** What was said of the words is said of those that come in their place. */
function putInText(transaction: Transaction, from: number, to: number, text: string): void {
  if (text === "") return void transaction.delete(from, to);
  const comments = commentsOn(transaction.doc, from, to);
  transaction.insertText(text, from, to);
  for (const comment of comments) transaction.addMark(from, from + text.length, comment);
}

/** A footnote that says nothing any more is none. */
function putInNote(transaction: Transaction, at: number, { from, to }: Hit, text: string): void {
  const said = transaction.doc.nodeAt(at)?.attrs["text"] as string;
  changeNote(transaction, at, said.slice(0, from) + text + said.slice(to));
}

/** Where one is selected: a footnote as a whole. */
function placeIn(state: EditorState, { from, to, note }: Found): Selection {
  return note ? NodeSelection.create(state.doc, from) : TextSelection.create(state.doc, from, to);
}

/** The one that was stepped to, while it is selected still. */
function chosen(state: EditorState): Found | undefined {
  const found = foundIn(state);
  const one = found[key.getState(state)?.at ?? -1];
  const { from, to } = state.selection;
  return one?.from === from && one.to === to ? one : found.find((other) => other.from === from && other.to === to);
}

/** What the footnote says in which the one stands that was stepped to; "" elsewhere. */
export function saidAround(state: EditorState): string {
  const one = chosen(state);
  const said = one?.note ? (state.doc.nodeAt(one.from)?.attrs["text"] as string) : "";
  const { from, to } = one?.note ?? { from: 0, to: 0 };
  const [start, end] = [Math.max(0, from - AROUND), Math.min(said.length, to + AROUND)];
  return `${start > 0 ? "…" : ""}${said.slice(start, end)}${end < said.length ? "…" : ""}`;
}

/** Behind this letter of that footnote. */
interface Behind {
  at: number;
  letter: number;
}

/** Replaces the one that is selected; what the next one is behind, or null where none is selected. */
export function replaceHere(view: EditorView, template: string): { behind: Behind | null } | null {
  const one = chosen(view.state);
  if (!one) return null;
  put(view, [one], template);
  const text = insteadOf(one.groups, template);
  // What was put there is behind the caret, even where it would be found itself.
  const behind = one.note ? { at: one.from, letter: one.note.from + text.length } : null;
  if (!behind) view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, one.from + text.length)));
  return { behind };
}

/** Replaces the one that is selected, and goes on to the next; where none is, only that. */
export function replaceOne(view: EditorView, template: string): { at: number; of: number } {
  return step(view, 1, replaceHere(view, template)?.behind ?? null);
}

/** Replaces all that were found; how many those were. */
export function replaceAll(view: Desk, text: string): number {
  const found = foundIn(view.state);
  if (found.length > 0) put(view, found, text);
  return found.length;
}

/** Selects the next, or the one before; how many there are, and which it is, from 1. */
export function step(view: EditorView, by: 1 | -1, behind: Behind | null = null): { at: number; of: number } {
  const { state } = view;
  const found = foundIn(state);
  if (found.length === 0) return { at: 0, of: 0 };
  const next = nextIn(state, by, behind);
  const at = next >= 0 && next < found.length ? next : by > 0 ? 0 : found.length - 1;
  const one = found[at] as Found;
  view.dispatch(state.tr.setMeta(key, { at }).setSelection(placeIn(state, one)));
  reveal(view, one.from);
  return { at: at + 1, of: found.length };
}

/** Lines that stay in view above and below what is looked at, in pixels. */
const ROUND = 64;

/** By ourselves: the field for finding has the focus, and the editor brings into view only what is focused. */
function reveal(view: EditorView, at: number): void {
  const scrolls = (one: Element) => /auto|scroll/.test(getComputedStyle(one).overflowY);
  let frame = view.dom.parentElement;
  while (frame && !scrolls(frame)) frame = frame.parentElement;
  if (!frame) return;
  const { top, bottom } = view.coordsAtPos(at);
  const around = frame.getBoundingClientRect();
  if (top < around.top + ROUND || bottom > around.bottom - ROUND)
    frame.scrollTop += top - around.top - around.height / 3;
}

/** Whether there is one more from the caret on; a step goes round where there is none. */
export function goesOn(state: EditorState, by: 1 | -1, behind: Behind | null = null): boolean {
  const next = nextIn(state, by, behind);
  return next >= 0 && next < foundIn(state).length;
}

/** Outside of what there is, where it goes no further. */
function nextIn(state: EditorState, by: 1 | -1, behind: Behind | null): number {
  const found = foundIn(state);
  const { from, to } = state.selection;
  const here = chosen(state);
  if (behind)
    return found.findIndex(
      (one) => one.from > behind.at || (one.from === behind.at && (one.note?.from ?? 0) >= behind.letter),
    );
  if (here) return found.indexOf(here) + by;
  return by > 0
    ? found.findIndex((one) => one.from >= (from === to ? from : from + 1))
    : found.findLastIndex((one) => one.from < from);
}
