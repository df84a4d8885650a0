/** Words as the language counts them: Chinese and Thai have words too, and no spaces. */
const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

export function countWords(text: string): number {
  if (!segmenter) return text.split(/\s+/).filter(Boolean).length;
  let words = 0;
  for (const piece of segmenter.segment(text)) if (piece.isWordLike) words += 1;
  return words;
}

/** Scripts that write without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\S*$/u;
const LONGEST_WAIT = 40;

/** `text` without its last word while that word may still grow. Its end alone is looked at: this is asked for each frame. */
export function wholeWords(text: string): string {
  const tail = /\S*$/.exec(text.slice(-LONGEST_WAIT - 1))?.[0] ?? "";
  if (tail.length > LONGEST_WAIT || UNSPACED.test(tail)) return text;
  return text.slice(0, text.length - tail.length);
}
