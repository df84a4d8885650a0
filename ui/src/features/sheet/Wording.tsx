/** The question as it would be sent: a stretch of it that is marked can be struck out, and put back. */
import { useRef, useState } from "react";
import { Fresh } from "../../components/Fresh";

interface Props {
  words: string;
  onWords: (words: string) => void;
}

/** About as many letters stand in a line. */
const LINE = 60;
const MOST_LINES = 8;

export function Wording({ words, onWords }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState<string | null>(null);
  /** What stood there before each striking out. */
  const [earlier, setEarlier] = useState<string[]>([]);
  const before = earlier.findLast((one) => one !== words);
  const lines = words.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE)), 0);
  const become = (next: string, undone: string[]) => {
    setSaid(null);
    setEarlier(undone);
    onWords(next);
    // The next stretch is marked here too.
    field.current?.focus();
  };
  const strike = () => {
    const { selectionStart: from, selectionEnd: to } = field.current ?? { selectionStart: 0, selectionEnd: 0 };
    const rest = without(words, from, to);
    if (from === to) setSaid("Mark the words first.");
    else if (rest.trim() === "") setSaid("Something must be left to ask.");
    else become(rest, [...earlier, words]);
  };
  return (
    <div className="wording">
      <textarea
        ref={field}
        readOnly
        aria-label="Your question, as it would be sent"
        dir="auto"
        rows={Math.min(lines, MOST_LINES)}
        value={words}
      />
      <div className="wording-acts">
        <button type="button" className="quiet" onClick={strike}>
          Strike out what is marked
        </button>
        {before !== undefined && (
          <button
            type="button"
            className="plain"
            onClick={() => become(before, earlier.slice(0, earlier.lastIndexOf(before)))}
          >
            Put it back
          </button>
        )}
        <span className="hint" role="status">
          <Fresh text={said} />
        </span>
      </div>
    </div>
  );
}

/** The words without a stretch of them, and without the gap that it would leave. */
function without(words: string, from: number, to: number): string {
  const [before, after] = [words.slice(0, from), words.slice(to)];
  return (/^([ \t.,;:!?)]|$)/.test(after) ? before.replace(/[ \t]+$/, "") : before) + after;
}
