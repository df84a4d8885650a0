/**
 * Markdown as a row of top-level blocks. While an answer grows only its end is parsed
 * again: a block is settled as soon as the first line of the next one is complete.
 */
import type { RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { piecesOf } from "./pieces";

/** More stand in no page: what comes after them is shown as its letters. */
const MOST_BLOCKS = 3_000;
/** A larger block grows without its open ends being closed for it: each frame would read it twice. */
const MENDED = 8_000;

export interface Block {
  /** Where its first line begins in the whole text. */
  start: number;
  source: string;
  node: RootContent;
  /** It was not read as Markdown. */
  plain?: boolean;
}

/**
 * The blocks of `text`; those of `before` that cannot have changed are the same objects.
 * While it is `growing`, what is unfinished in the last one is shown as if it were finished.
 */
export function blocksOf(text: string, before: readonly Block[] = [], growing = false): Block[] {
  const settled = settledOf(text, before);
  const from = before[settled.length]?.start ?? 0;
  const fresh: Block[] = [];
  for (const piece of piecesOf(text.slice(from))) {
    const start = from + piece.start;
    if (settled.length + fresh.length >= MOST_BLOCKS) {
      fresh.push(plain(text.slice(start), start));
      break;
    }
    fresh.push(...(piece.plain ? [plain(piece.text, start)] : parse(piece.text, start)));
  }
  const last = fresh.at(-1);
  if (!last) return settled;
  return [...settled, ...fresh.slice(0, -1), growing ? mend(last) : last];
}

/** A text as it is: one block, without any markup. */
function plain(text: string, start: number): Block {
  return { start, source: text, node: { type: "text", value: text.trimEnd() }, plain: true };
}

function settledOf(text: string, before: readonly Block[]): Block[] {
  const settled: Block[] = [];
  for (const [i, block] of before.entries()) {
    const next = before[i + 1];
    // "2" may still become "2.", the next item of the list above it: wait for its line to end.
    if (!next || text.indexOf("\n", next.start) < 0) break;
    if (!text.startsWith(block.source, block.start)) break;
    settled.push(block);
  }
  return settled;
}

function parse(text: string, from: number): Block[] {
  let children: RootContent[];
  try {
    ({ children } = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  } catch {
    // What the parser gives up on can still be read.
    return [plain(text, from)];
  }
  const starts = children.map((node) => {
    const start = node.position?.start;
    return start ? (start.offset ?? 0) - (start.column - 1) : 0;
  });
  return children.map((node, i) => ({
    node,
    start: from + (starts[i] ?? 0),
    source: text.slice(starts[i], starts[i + 1]),
  }));
}

/** The open block with its emphasis closed, so that asterisks and backticks do not flicker. */
function mend(block: Block): Block {
  if (block.node.type !== "paragraph" && block.node.type !== "list" && block.node.type !== "blockquote") return block;
  if (block.source.length > MENDED) return block;
  const closers = unclosed(block.source);
  if (closers === "") return block;
  const [node] = parse(block.source.trimEnd() + closers, 0);
  return node?.node.type === block.node.type ? { ...block, node: node.node } : block;
}

function unclosed(source: string): string {
  const open: string[] = [];
  const line = source.slice(source.lastIndexOf("\n") + 1);
  for (const { 0: mark, index } of line.matchAll(/`+|\*+/g)) {
    const before = line[index - 1] ?? " ";
    const after = line[index + mark.length] ?? " ";
    const top = open.at(-1);
    if (before === "\\") continue;
    if (top === mark) open.pop();
    else if (!top?.startsWith("`") && (mark.startsWith("`") || after.trim() !== "")) open.push(mark);
  }
  return open.reverse().join("");
}
