/**
 * What an answer may cost to be shown. Markdown's parser takes time that grows with the square
 * of some texts, and nests as deep as it is told to: so a long text is read in pieces, and a
 * piece that nests or is marked beyond all sense is not read as Markdown at all.
 */

export interface Piece {
  /** Where it begins in the whole text. */
  start: number;
  text: string;
  /** It is shown as the letters it is made of. */
  plain: boolean;
}

/** Deeper than any outline. */
const DEEPEST = 50;
/** A shorter text is read at once: then a definition at its end is known at its beginning. */
const SMALL = 8_000;
/** From here on a piece ends where one may. */
const ENOUGH = 4_000;
/** From here on it ends at any blank line, a list's too. */
const AMPLE = 16_000;
/** One run of lines without a blank one. A block of code has no such limit: it is only copied. */
const LARGEST = 32_000;
/** Letters times depth. */
const HEAVIEST = 300_000;
const MOST_MARKS = 800;
const MOST_UNDERLINES = 200;
const MOST_CELLS = 500;

/** Containers that a line opens: quotes, and items of lists. */
const OPENERS = /^[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])(?:[ \t]+|(?=>)|$))*/;
const FENCE = /^[ \t]*(`{3,}|~{3,})/;
const UNDERLINE = /^ {0,3}(?:-+|=+)[ \t]*$/;
/** A line that can only begin a block of its own, after a blank one. */
const BEGINS = /^(?![ \t]|[-+*][ \t]|\d{1,9}[.)][ \t]|\[)\S/;

/** The text in pieces, in order and without a gap. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let weight = new Weight();
  let start = 0;
  let fence: string | null = null;
  let blank = false;
  const end = (at: number) => {
    if (at > start) pieces.push({ start, text: text.slice(start, at), plain: weight.tooMuch(at - start) });
    start = at;
    weight = new Weight();
  };
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf("\n", at);
    const next = feed < 0 ? text.length : feed + 1;
    const line = text.slice(at, feed < 0 ? next : feed);
    const size = at - start;
    if (blank && fence === null && text.length > SMALL && (size >= AMPLE || (size >= ENOUGH && BEGINS.test(line))))
      end(at);
    const mark = FENCE.exec(line)?.[1];
    if (fence === null && mark) fence = mark;
    else if (fence !== null && mark?.startsWith(fence) && line.trim() === mark) fence = null;
    weight.add(line, fence !== null);
    blank = line.trim() === "";
    at = next;
  }
  end(text.length);
  return pieces;
}

/** What reading a piece would take. */
class Weight {
  #depth = 0;
  /** Letters since the last blank line. */
  #run = 0;
  #longest = 0;
  /** Marks of emphasis in one paragraph. */
  #marks = 0;
  #mostMarks = 0;
  #underlines = 0;
  #cells = 0;

  add(line: string, code: boolean): void {
    const opened = OPENERS.exec(line.slice(0, 1000))?.[0] ?? "";
    const openers = opened.replace(/\s+/g, "").replace(/\d+/g, "").length;
    // Each level of a list stands at least two columns further in.
    const indent = openers > 0 ? (/^[ \t]*/.exec(opened)?.[0].length ?? 0) / 2 : 0;
    this.#depth = Math.max(this.#depth, openers + indent);
    if (code) return;
    const blank = line.trim() === "";
    this.#run = blank ? 0 : this.#run + line.length + 1;
    this.#longest = Math.max(this.#longest, this.#run);
    const marks = line.match(/\*+|_+|~+|\[|`+/g)?.length ?? 0;
    this.#marks = blank || /^[ \t]*(?:[-+*]|\d{1,9}[.)]|#{1,6}|\|)/.test(line) ? marks : this.#marks + marks;
    this.#mostMarks = Math.max(this.#mostMarks, this.#marks);
    if (UNDERLINE.test(line)) this.#underlines += 1;
    this.#cells = Math.max(this.#cells, line.match(/\|/g)?.length ?? 0);
  }

  tooMuch(length: number): boolean {
    return (
      this.#depth > DEEPEST ||
      this.#longest > LARGEST ||
      Math.min(length, this.#longest + AMPLE) * (this.#depth + 1) > HEAVIEST ||
      this.#mostMarks > MOST_MARKS ||
      this.#underlines > MOST_UNDERLINES ||
      this.#cells > MOST_CELLS
    );
  }
}
