/**
 * Between the page in the window and the page in the store. A change is a run of blocks that makes
 * way for another; it is found by comparing the blocks themselves, which stay the same objects for
 * as long as nobody changes them.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";

/** `remove` blocks from `from` on make way for `insert`. */
export interface Splice {
  from: number;
  remove: number;
  insert: Node[];
}

export function blocksOf(doc: Node): Node[] {
  return Array.from({ length: doc.childCount }, (_, at) => doc.child(at));
}

/** What makes `before` into `after`; null where they are the same. */
export function spliceBetween(before: Node, after: Node): Splice | null {
  if (before === after) return null;
  const same = (one: Node, two: Node) => one === two || one.eq(two);
  let from = 0;
  const shorter = Math.min(before.childCount, after.childCount);
  while (from < shorter && same(before.child(from), after.child(from))) from += 1;
  let end = 0;
  while (
    end < shorter - from &&
    same(before.child(before.childCount - 1 - end), after.child(after.childCount - 1 - end))
  )
    end += 1;
  const remove = before.childCount - from - end;
  const insert = blocksOf(after).slice(from, after.childCount - end);
  return remove === 0 && insert.length === 0 ? null : { from, remove, insert };
}

/** What is to be done to `mine`, so that it has what `theirs` has too. */
export interface Merge {
  splice: Splice | null;
  /** Both changed the same blocks: theirs stand before mine, and nothing is lost. */
  both: boolean;
}

/** `mine` and `theirs` were both made of `base`. */
export function merge(base: Node, mine: Node, theirs: Node): Merge {
  const ours = spliceBetween(base, mine);
  const other = spliceBetween(base, theirs);
  if (!other) return { splice: null, both: false };
  if (!ours) return { splice: other, both: false };
  const shift = ours.insert.length - ours.remove;
  if (other.from + other.remove <= ours.from) return { splice: filled(mine, other), both: false };
  if (ours.from + ours.remove <= other.from)
    return { splice: filled(mine, { ...other, from: other.from + shift }), both: false };
  // The same change twice is one.
  if (ours.from === other.from && ours.remove === other.remove && sameBlocks(ours.insert, other.insert))
    return { splice: null, both: false };
  const from = Math.min(ours.from, other.from);
  const end = Math.max(ours.from + ours.remove, other.from + other.remove);
  const of = (doc: Node) => blocksOf(doc).slice(from, end + doc.childCount - base.childCount);
  const [his, own] = [of(theirs), of(mine)];
  // What is the same in both stands there once.
  const twice = own.filter((block) => !his.some((one) => one.eq(block)));
  return { splice: filled(mine, { from, remove: own.length, insert: [...his, ...twice] }), both: true };
}

/** Each took away what the other left: a page has at least one paragraph. */
function filled(mine: Node, splice: Splice): Splice {
  const left = mine.childCount - splice.remove + splice.insert.length;
  const empty = mine.type.schema.nodes["paragraph"]?.create();
  return left > 0 || !empty ? splice : { ...splice, insert: [empty] };
}

function sameBlocks(one: readonly Node[], two: readonly Node[]): boolean {
  return one.length === two.length && one.every((block, at) => two[at]?.eq(block) === true);
}

/** Where blocks `from` to `from + remove` begin and end in the document. */
export function placeOf(doc: Node, { from, remove }: Pick<Splice, "from" | "remove">): { start: number; end: number } {
  let start = 0;
  for (let at = 0; at < from; at += 1) start += doc.child(at).nodeSize;
  let end = start;
  for (let at = from; at < from + remove; at += 1) end += doc.child(at).nodeSize;
  return { start, end };
}

/** The document with that done to it. */
export function spliced(doc: Node, splice: Splice): Node {
  const { start, end } = placeOf(doc, splice);
  return doc.replace(start, end, new Slice(Fragment.from(splice.insert), 0, 0));
}
