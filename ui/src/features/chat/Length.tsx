/** How long the message is by now, in words, and whether it is too long; nothing while it is a line or two. */
import { useDeferredValue, useMemo } from "react";
import { figure, plural } from "../../components/plural";
import { countWords } from "../../components/words";

/** Shorter is seen at a glance. */
const WORTH_SAYING = 240;
/** Longer is counted by its gaps, so that typing stays fluid. */
const COUNTED_EXACTLY = 100_000;

/** `holds`: about how many words whoever answers holds in mind; null where that is not known. */
export function Length({ text, holds }: { text: string; holds: number | null }) {
  const settled = useDeferredValue(text);
  const words = useMemo(() => (settled.length < WORTH_SAYING ? null : counted(settled)), [settled]);
  if (words === null) return null;
  return holds !== null && words > holds ? (
    <span
      className="count too-long"
      role="status"
    >{`${plural(words, "word")}: more than the ${figure(holds)} it holds in mind`}</span>
  ) : (
    <span className="count">{plural(words, "word")}</span>
  );
}

function counted(text: string): number {
  return text.length > COUNTED_EXACTLY ? (text.match(/\S+/g)?.length ?? 0) : countWords(text);
}
