/** Where an answer was made and what it took: in words at a glance, exactly for whoever asks. */
import { useMemo } from "react";
import type { MadeView } from "../../backend/client";
import { costWords, howKnown } from "../../components/cloud/money";
import { plural } from "../../components/plural";
import { countWords } from "../../components/words";
import { useChosen } from "../../session/context";
import "../../components/cloud/cloud.css";

export function Badge({ made, text, tabbable }: { made: MadeView; text: string; tabbable: boolean }) {
  const words = useMemo(() => plural(countWords(text), "word"), [text]);
  const guide = useChosen((state) =>
    state.models.installed.some(({ kind, name }) => kind === "guide" && name === made.model),
  );
  const there = [made.provider, made.backend].filter(Boolean).join(" · ");
  const here = guide ? "Built-in guide, on this device" : "On this device";
  const maker =
    made.place === "cloud" ? `in the cloud, by ${there}` : `${guide ? "by the built-in guide " : ""}on this device`;
  const speed = made.tokensPerSecond;
  const cost = made.place === "cloud" ? costWords(made.cost) : null;
  const exact = [
    made.model,
    made.tokens !== null &&
      made.tokens > 0 &&
      plural(made.tokens, "token") + (speed === null ? "" : `, ${speed.toFixed(1)} a second`),
    cost !== null && `${cost}, ${howKnown(made.cost)}`,
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <div
      className="badge"
      data-place={made.place}
      tabIndex={tabbable ? 0 : -1}
      role="note"
      aria-label={`Made ${maker}. ${words}. ${exact}`}
    >
      <span className="dot" aria-hidden="true" />
      <span className="badge-words">
        {made.place === "cloud" ? there : here} · {words}
      </span>
      <span className="tip" aria-hidden="true">
        {exact}
      </span>
    </div>
  );
}
