/** Where an answer was made and what it took: in words at a glance, exactly for whoever asks. */
import { useMemo } from "react";
import type { MadeView } from "../../backend/client";
import { plural } from "../../components/plural";
import { countWords } from "../../components/words";

export function Badge({ made, text, tabbable }: { made: MadeView; text: string; tabbable: boolean }) {
  const words = useMemo(() => plural(countWords(text), "word"), [text]);
  const speed = made.tokensPerSecond;
  const exact = [
    made.model,
    made.tokens !== null && plural(made.tokens, "token") + (speed === null ? "" : `, ${speed.toFixed(1)} a second`),
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <div className="badge" tabIndex={tabbable ? 0 : -1} role="note" aria-label={`Made on this device. ${words}. ${exact}`}>
      <span className="dot" aria-hidden="true" />
      <span>
        On this device · {words}
        {speed !== null && ` · ${Math.max(1, Math.round(speed))}/s`}
      </span>
      <span className="tip" aria-hidden="true">
        {exact}
      </span>
    </div>
  );
}
