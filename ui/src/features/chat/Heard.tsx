/** An answer, said once to a screen reader: when it is finished, not piece by piece while it grows. */
import { useEffect, useRef, useState } from "react";
import type { Thread } from "../../backend/client";
import { Fresh } from "../../components/Fresh";
import { useChosen } from "../../session/context";

export function Heard({ thread }: { thread: Thread }) {
  const writing = useChosen((state) => state.runs.get(thread.id)?.message ?? null);
  const last = useRef<number | null>(null);
  const [said, setSaid] = useState("");
  // Whose answers are hidden from each other are not told apart by the ear either.
  const hidden = thread.comparison?.hidden === true;
  useEffect(() => {
    const finished = last.current;
    last.current = writing;
    if (writing !== null) setSaid("");
    else if (finished !== null && !hidden) setSaid(wordsOf(finished));
  }, [writing, hidden]);
  return (
    <div className="said" role="status" aria-label="The answer">
      <Fresh text={said} />
    </div>
  );
}

/** What stands there as it is read: without marks of Markdown, and without what can be pressed. */
function wordsOf(message: number): string {
  const shown = document.querySelector(`article[data-message="${message}"] .prose`)?.cloneNode(true);
  if (!(shown instanceof Element)) return "";
  for (const gone of shown.querySelectorAll("figcaption, .swatch, .copied")) gone.remove();
  return [...shown.children].map(({ textContent }) => textContent.trim()).join("\n");
}
