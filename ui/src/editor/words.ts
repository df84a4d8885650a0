import type { Node } from "prosemirror-model";
import { schema } from "./schema";

/** How many words: Chinese and Japanese by characters. The crate `manuscript` counts the same way. */
const PIECE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[\p{L}\p{N}\p{M}_])+(?:['’.,:·](?=[\p{L}\p{N}])(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[\p{L}\p{N}\p{M}_]+)*/gu;

export function countWords(text: string): number {
  return text.match(PIECE)?.length ?? 0;
}

const counted = new WeakMap<Node, number>();

const { footnote } = schema.nodes;

/** What footnotes say is counted too, and their signs tear no word. */
function countIn(node: Node, from: number, to: number): number {
  let words = 0;
  const text = node.textBetween(from, to, "\n", (leaf) => {
    if (leaf.type === footnote) words += countWords(leaf.attrs["text"] as string);
    return leaf.type === footnote ? "" : "\n";
  });
  return words + countWords(text);
}

/** Of a block, which is counted once for as long as nobody changes it. */
function wordsOf(block: Node): number {
  const known = counted.get(block);
  if (known !== undefined) return known;
  const words = countIn(block, 0, block.content.size);
  counted.set(block, words);
  return words;
}

/** Words between two places. */
export function wordsBetween(doc: Node, from: number, to: number): number {
  let words = 0;
  doc.forEach((block, at) => {
    const end = at + block.nodeSize;
    if (at >= to || end <= from) return;
    words += at >= from && end <= to ? wordsOf(block) : countIn(doc, Math.max(at, from), Math.min(end, to));
  });
  return words;
}

/** Clocks are looked at after so many blocks. */
const AT_ONCE = 16;

/** All words, or null where counting what is not counted yet would take longer than `limit` ms: it goes on with the next call. */
export function wordsWithin(doc: Node, limit: number): number | null {
  const until = performance.now() + limit;
  let words = 0;
  for (let at = 0; at < doc.childCount; at += 1) {
    if (at % AT_ONCE === AT_ONCE - 1 && performance.now() > until) return null;
    words += wordsOf(doc.child(at));
  }
  return words;
}
