/** Marks the words that were searched for where they stand, without touching the page. */

const NAME = "searched";
/** A word that stands everywhere is not worth more. */
const MOST = 500;

/** Returns what takes the marks away again. Where the web view cannot mark, nothing happens. */
export function markWords(within: Element, words: readonly string[]): () => void {
  const wanted = [...new Set(words.map((word) => word.toLowerCase()).filter(Boolean))];
  if (typeof Highlight !== "function" || !CSS.highlights || wanted.length === 0) return () => {};
  const marks = new Highlight(...rangesOf(within, wanted));
  CSS.highlights.set(NAME, marks);
  const first = [...marks][0];
  if (first instanceof Range) first.startContainer.parentElement?.scrollIntoView?.({ block: "center" });
  return () => {
    if (CSS.highlights.get(NAME) === marks) CSS.highlights.delete(NAME);
  };
}

function rangesOf(within: Element, wanted: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node && ranges.length < MOST; node = texts.nextNode()) {
    const text = (node.nodeValue ?? "").toLowerCase();
    // Letters that grow in small letters would move what stands behind them.
    if (text.length !== node.nodeValue?.length || node.parentElement?.closest("footer")) continue;
    for (const word of wanted) {
      for (let at = text.indexOf(word); at >= 0 && ranges.length < MOST; at = text.indexOf(word, at + word.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
