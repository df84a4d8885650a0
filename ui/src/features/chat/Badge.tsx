/** Where an answer was made and what it took: in words at a glance, exactly for whoever asks. */
import { useMemo } from "react";
import type { MadeView } from "../../backend/client";
import { costWords, howKnown } from "../../components/cloud/money";
import { nameInSentence } from "../../components/cloud/route";
import { figure, plural } from "../../components/plural";
import { countWords } from "../../components/words";
import { useChosen } from "../../session/context";
import "../../components/cloud/cloud.css";

export function Badge({ made, text, tabbable }: { made: MadeView; text: string; tabbable: boolean }) {
  const count = useMemo(() => countWords(text), [text]);
  const words = count > 0 && plural(count, "word");
  const guide = useChosen((state) =>
    state.models.installed.some(({ kind, name }) => kind === "guide" && name === made.model),
  );
  const there = [made.provider, made.backend].filter(Boolean).join(" · ");
  const here = guide ? "Built-in guide, on this device" : "On this device";
  const maker =
    made.place === "cloud"
      ? `in the cloud, by ${nameInSentence(there)}`
      : `${guide ? "by the built-in guide " : ""}on this device`;
  const cost = made.place === "cloud" ? costWords(made.cost) : null;
  const exact = [made.model, speedWords(count, made), cost !== null && `${cost}, ${howKnown(made.cost)}`]
    .filter(Boolean)
    .join(" · ");
  return (
    <div
      className="badge"
      data-place={made.place}
      tabIndex={tabbable ? 0 : -1}
      role="note"
      aria-label={[`Made ${maker}`, words, exact].filter(Boolean).join(". ")}
    >
      <span className="dot" aria-hidden="true" />
      <span className="badge-words">{[made.place === "cloud" ? there : here, words].filter(Boolean).join(" · ")}</span>
      <span className="tip" aria-hidden="true">
        {exact}
      </span>
    </div>
  );
}

/** "6.8 words a second": models count in pieces of words, people do not. */
function speedWords(words: number, { tokens, tokensPerSecond }: MadeView): string | null {
  if (words === 0 || !tokens || tokensPerSecond === null) return null;
  const rate = (words * tokensPerSecond) / tokens;
  return `${rate < 10 ? rate.toFixed(1) : figure(Math.round(rate))} words a second`;
}
