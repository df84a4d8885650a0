/**
 * What a proposal would change in a passage: places on the page, and what would stand there. Words
 * are compared within paragraphs, and paragraphs with each other, so that each change can be taken
 * or left by itself, in any order.
 */
import { diffArrays } from "diff";
import { Fragment, Mark, type MarkType, type Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { marked } from "./provenance";
import { MOST_COMMENTS, type Origin, schema } from "./schema";

export interface Change {
  id: number;
  from: number;
  to: number;
  /** Words within a paragraph, whole paragraphs, or all of the passage at once. */
  of: "words" | "blocks" | "all";
  /** What comes; words without a record become the proposer's. */
  content: Fragment;
  /** Only the look changes: the words stay whose they were. */
  looks: boolean;
}

/** Beyond these, two passages are not compared: all of one makes way for the other. */
const MOST_EDITS = 2000;
const MOST_PAIRS = 40_000;
/** Two paragraphs of which less is the same are not a changed one, but one gone and one new. */
const ALIKE = 0.25;

type Bare = Omit<Change, "id">;

/**
 * The changes that make the passage into `blocks`, in the order of their places. `keep`: its pictures
 * stay, of which those who wrote `blocks` know nothing.
 */
export function changesFor(doc: Node, from: number, to: number, blocks: readonly Node[], keep = false): Change[] {
  const found = within(doc, from, to, blocks) ??
    between(doc, from, to, blocks, keep) ?? [
      whole(doc, from, to, keep ? [...blocks, ...picturesIn(doc, from, to)] : blocks),
    ];
  return found.map((change, id) => ({ id, ...change }));
}

/** From the first letter to the last of what is selected; null where there is none. */
export function passageOf(doc: Node, from: number, to: number): { from: number; to: number } | null {
  let [first, last] = [-1, -1];
  doc.nodesBetween(from, to, (node, at) => {
    if (!node.isTextblock) return true;
    const [start, end] = [Math.max(from, at + 1), Math.min(to, at + node.nodeSize - 1)];
    if (start >= end) return false;
    if (first < 0) first = start;
    last = end;
    return false;
  });
  return first < 0 ? null : { from: first, to: last };
}

function picturesIn(doc: Node, from: number, to: number): Node[] {
  const found: Node[] = [];
  doc.nodesBetween(from, to, (node) => {
    if (node.type === schema.nodes.picture) found.push(node);
  });
  return found;
}

function whole(doc: Node, from: number, to: number, blocks: readonly Node[]): Bare {
  const of = from < to && doc.resolve(from).depth === 0 && doc.resolve(to).depth === 0 ? "blocks" : "all";
  return { from, to, of, content: Fragment.from(blocks), looks: false };
}

/** Within one paragraph, whatever it stands in. */
function within(doc: Node, from: number, to: number, blocks: readonly Node[]): Bare[] | null {
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)];
  const only = blocks.length === 1 ? blocks[0] : undefined;
  if (from >= to || !$from.sameParent($to) || !$from.parent.isTextblock || only?.isTextblock !== true) return null;
  const { parent } = $from;
  // A heading that comes back as a plain line is the heading still.
  if (only.type !== parent.type && only.type !== schema.nodes.paragraph) return null;
  return words(parent.content.cut($from.parentOffset, $to.parentOffset), from, fitted(only, parent));
}

/** What stands in a line of code carries no marks. */
function fitted(block: Node, parent: Node): Fragment {
  if (parent.type !== schema.nodes.code_block || block.type === parent.type) return block.content;
  return block.textContent === "" ? Fragment.empty : Fragment.from(schema.text(block.textContent));
}

interface Token {
  node: Node;
  key: string;
}

const segments = new Intl.Segmenter(undefined, { granularity: "word" });

/** Of no look: where words came from, and what was said of them. */
const ON_TOP: readonly MarkType[] = [schema.marks.origin, schema.marks.comment];

function tokens(content: Fragment): Token[] {
  const found: Token[] = [];
  content.forEach((node) => {
    const look = JSON.stringify(node.marks.filter(({ type }) => !ON_TOP.includes(type)).map((one) => one.toJSON()));
    if (!node.isText) found.push({ node, key: `${node.type.name}${JSON.stringify(node.attrs)}` });
    for (const { segment } of segments.segment(node.text ?? ""))
      found.push({ node: schema.text(segment, node.marks), key: `${segment}\n${look}` });
  });
  return found;
}

interface Run {
  kept: boolean;
  old: Token[];
  new: Token[];
}

/** Kept and changed stretches, by turns. */
function runs(before: Token[], after: Token[]): Run[] {
  const compared = diffArrays(
    before.map(({ key }) => key),
    after.map(({ key }) => key),
    { maxEditLength: MOST_EDITS },
  ) as { value: string[]; added: boolean; removed: boolean }[] | undefined;
  if (!compared) return [{ kept: false, old: before, new: after }];
  const found: Run[] = [];
  let [at, then] = [0, 0];
  for (const { value, added, removed } of compared) {
    const old = added ? [] : before.slice(at, at + value.length);
    const fresh = removed ? [] : after.slice(then, then + value.length);
    at += old.length;
    then += fresh.length;
    const kept = !added && !removed;
    const last = found.at(-1);
    if (last && last.kept === kept) {
      last.old.push(...old);
      last.new.push(...fresh);
    } else found.push({ kept, old, new: fresh });
  }
  return joined(found);
}

/** Two changed words with nothing but a space between them are one change. */
function joined(all: readonly Run[]): Run[] {
  const found: Run[] = [];
  for (const [at, run] of all.entries()) {
    const last = found.at(-1);
    const space = run.kept && at + 1 < all.length && run.old.every(({ node }) => /^\s+$/.test(node.text ?? "x"));
    if (last && !last.kept && (!run.kept || space)) {
      last.old.push(...run.old);
      last.new.push(...(run.kept ? run.old : run.new));
    } else found.push({ kept: run.kept, old: [...run.old], new: [...run.new] });
  }
  return found;
}

function words(before: Fragment, start: number, after: Fragment): Bare[] {
  const changes: Bare[] = [];
  let at = start;
  for (const run of runs(tokens(before), tokens(after))) {
    const size = run.old.reduce((sum, { node }) => sum + node.nodeSize, 0);
    if (!run.kept) {
      const looks =
        run.old.length === run.new.length && run.old.every(({ node }, nth) => node.text === run.new[nth]?.node.text);
      const nodes = run.new.map(({ node }, nth) => (looks ? withOrigin(node, run.old[nth]?.node) : node));
      changes.push({ from: at, to: at + size, of: "words", content: Fragment.fromArray(nodes), looks });
    }
    at += size;
  }
  return changes.map((change) => ({ ...change, content: together(change.content) }));
}

function withOrigin(node: Node, old: Node | undefined): Node {
  let marks: readonly Mark[] = node.marks.filter(({ type }) => !ON_TOP.includes(type));
  for (const mark of old?.marks ?? []) if (ON_TOP.includes(mark.type)) marks = mark.addToSet(marks);
  return node.mark(marks);
}

/** Neighbours of one look are one text. */
function together(content: Fragment): Fragment {
  let all = Fragment.empty;
  content.forEach((node) => {
    all = all.append(Fragment.from(node));
  });
  return all;
}

interface Old {
  node: Node;
  /** Of what is selected in it. */
  from: number;
  to: number;
  /** Of all of it. */
  start: number;
  end: number;
  /** Only a part of it is selected. */
  part: boolean;
}

/** Over paragraphs of the page itself. Null where lists or quotes are cut through, or parts would be torn. */
function between(doc: Node, from: number, to: number, blocks: readonly Node[], keep: boolean): Bare[] | null {
  const old = selected(doc, from, to);
  if (!old || blocks.length === 0 || old.length * blocks.length > MOST_PAIRS) return null;
  const changes: Bare[] = [];
  let gone: Old[] = [];
  let come: Node[] = [];
  let at = old[0]?.start ?? from;
  let torn = false;
  const settle = (before: Old | undefined) => {
    if (gone.length === 0 && come.length === 0) return;
    // Nothing can stand between the part of a paragraph that is selected and its rest.
    torn ||= gone.some(({ part }) => part) || (come.length > 0 && gone.length === 0 && cuts(old, before, at));
    const [start, end] = gone.length > 0 ? [gone[0]?.start ?? at, gone.at(-1)?.end ?? at] : [at, at];
    changes.push({ from: start, to: end, of: "blocks", content: Fragment.fromArray(come), looks: false });
    [gone, come] = [[], []];
  };
  for (const [one, other] of aligned(old, blocks)) {
    const stays = keep && one?.node.type === schema.nodes.picture;
    if (one && stays) settle(one);
    else if (one && other && sameKind(one.node, other)) {
      settle(one);
      if (one.node.isTextblock)
        changes.push(
          ...words(
            one.node.content.cut(one.from - one.start - 1, one.to - one.start - 1),
            one.from,
            fitted(other, one.node),
          ),
        );
    } else {
      if (one) gone.push(one);
      if (other) come.push(other);
    }
    if (one) at = one.end;
  }
  settle(undefined);
  return torn ? null : changes;
}

/** Before the first or behind the last, where that one is selected in part only. */
function cuts(old: readonly Old[], before: Old | undefined, at: number): boolean {
  const [first, last] = [old[0], old.at(-1)];
  return (before === first && first?.part === true && at === first.start) || (!before && last?.part === true);
}

function sameKind(one: Node, other: Node): boolean {
  return one.isTextblock ? one.sameMarkup(other) : one.eq(other);
}

function selected(doc: Node, from: number, to: number): Old[] | null {
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)];
  if ($from.depth !== 1 || $to.depth !== 1 || from >= to) return null;
  const found: Old[] = [];
  let start = $from.before(1);
  for (let nth = $from.index(0); nth <= $to.index(0); nth += 1) {
    const node = doc.child(nth);
    const end = start + node.nodeSize;
    if (!node.isTextblock && !node.isLeaf) return null;
    const [inner, outer] = node.isTextblock ? [start + 1, end - 1] : [start, end];
    const one = { node, from: Math.max(inner, from), to: Math.min(outer, to), start, end };
    found.push({ ...one, part: one.from > inner || one.to < outer });
    start = end;
  }
  return found;
}

/** Which paragraph became which: the pairing by which the most stays the same. */
function aligned(old: readonly Old[], blocks: readonly Node[]): [Old | undefined, Node | undefined][] {
  const bags = blocks.map(bagOf);
  const width = blocks.length + 1;
  const best = new Float64Array((old.length + 1) * width);
  const alike = old.map((one) => {
    const bag = one.node.isTextblock
      ? bagOf(one.node.copy(one.node.content.cut(one.from - one.start - 1, one.to - one.start - 1)))
      : bagOf(one.node);
    return blocks.map((block, nth) => (sameKind(one.node, block) ? likeness(bag, bags[nth] as Bag) : -1));
  });
  const score = (i: number, j: number) => best[i * width + j] as number;
  const pair = (i: number, j: number) => {
    const like = alike[i]?.[j] ?? -1;
    return like >= ALIKE ? score(i + 1, j + 1) + like + 1e-3 : -1;
  };
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = blocks.length - 1; j >= 0; j -= 1)
      best[i * width + j] = Math.max(score(i + 1, j), score(i, j + 1), pair(i, j));
  const pairs: [Old | undefined, Node | undefined][] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < blocks.length) {
    if (i < old.length && j < blocks.length && pair(i, j) >= 0 && pair(i, j) === score(i, j))
      pairs.push([old[i++], blocks[j++]]);
    else if (i < old.length && (j >= blocks.length || score(i + 1, j) === score(i, j)))
      pairs.push([old[i++], undefined]);
    else pairs.push([undefined, blocks[j++]]);
  }
  return pairs;
}

type Bag = Map<string, number>;

function bagOf(block: Node): Bag {
  const bag: Bag = new Map();
  if (!block.isTextblock) return bag.set(block.type.name, 1);
  for (const { segment, isWordLike } of segments.segment(block.textContent))
    if (isWordLike === true) bag.set(segment.toLowerCase(), (bag.get(segment.toLowerCase()) ?? 0) + 1);
  return bag;
}

/** From 0, nothing in common, to 1. */
function likeness(one: Bag, other: Bag): number {
  let [common, all] = [0, 0];
  for (const [word, count] of one) {
    common += Math.min(count, other.get(word) ?? 0);
    all += count;
  }
  for (const count of other.values()) all += count;
  return all === 0 ? 1 : (2 * common) / all;
}

/** Does one change to the page. Those behind it move by what it makes longer. */
export function applyChange(transaction: Transaction, change: Change, record: Origin | "own"): void {
  const come = change.looks || record === "own" ? change.content : marked(change.content, record);
  const content = change.looks ? come : withComments(come, commentsOn(transaction.doc, change.from, change.to));
  if (change.of === "all") all(transaction, change, content, record);
  else if (content.size === 0) transaction.delete(change.from, change.to);
  else transaction.replaceWith(change.from, change.to, content);
}

/** What was said of these words. */
export function commentsOn(doc: Node, from: number, to: number): Mark[] {
  let found: readonly Mark[] = Mark.none;
  doc.nodesBetween(from, to, (node) => {
    for (const mark of node.marks) if (mark.type === schema.marks.comment) found = mark.addToSet(found);
  });
  return found.slice(0, MOST_COMMENTS);
}

/** What comes in the place of words is what their comments are about from then on. */
function withComments(content: Fragment, comments: readonly Mark[]): Fragment {
  if (comments.length === 0) return content;
  return Fragment.from(
    content.content.map((node) => {
      if (!node.isInline) return node.copy(withComments(node.content, comments));
      const other = node.marks.filter(
        ({ type, attrs }) => type !== schema.marks.comment || !comments.some((one) => one.attrs["id"] === attrs["id"]),
      );
      const room = MOST_COMMENTS - other.filter(({ type }) => type === schema.marks.comment).length;
      return node.mark(comments.slice(0, room).reduce((marks, mark) => mark.addToSet(marks), Mark.setFrom(other)));
    }),
  );
}

function all(transaction: Transaction, { from, to }: Change, blocks: Fragment, record: Origin | "own"): void {
  const only = blocks.childCount === 1 ? blocks.firstChild : null;
  const $from = transaction.doc.resolve(from);
  if (only?.type === schema.nodes.paragraph) {
    const space = from === to && leans($from.nodeBefore) ? [schema.text(" ", marks(record))] : [];
    transaction.replaceWith(from, to, Fragment.from(space).append(only.content));
  } else if (from === to && $from.parent.isTextblock && $from.parent.content.size > 0) {
    transaction.insert($from.after(1), blocks);
  } else {
    transaction.replaceRange(from, to, schema.nodes.doc.create(null, blocks).slice(0, blocks.size));
  }
}

function marks(record: Origin | "own"): Mark[] {
  return record === "own" ? [] : [schema.marks.origin.create(record)];
}

/** What is written on behind a word begins with a space. */
function leans(before: Node | null): boolean {
  return before?.isText === true && !/\s$/.test(before.text ?? "");
}
