/** The thin line under the composer: how far the model is before it writes. */
import { useEffect, useState } from "react";
import { sizeOf } from "../../components/amounts";
import { nameInSentence } from "../../components/cloud/route";
import { figure } from "../../components/plural";
import { useChosen } from "../../session/context";
import type { Step } from "../../session/state";
import { Elsewhere } from "./Elsewhere";

/** Reading that takes longer is worth an offer. */
const SLOW_MS = 60_000;

export function Progress({ conversation }: { conversation: number }) {
  const step = useChosen((state) => state.runs.get(conversation)?.step);
  const answer = useChosen((state) => state.runs.get(conversation)?.message ?? null);
  const afar = useChosen((state) => {
    const made = state.thread?.messages.find(({ id }) => id === answer)?.made;
    return made?.place === "cloud" ? made.provider : null;
  });
  const slow = useSlow(step?.at === "reading" && afar === null);
  const words = step ? stepWords(step, afar) : null;
  if (words === null) return <div className="progress" />;
  return (
    <div className="progress">
      {(step?.at === "loading" || step?.at === "reading") && (
        <progress aria-label={words} value={step.done} max={Math.max(step.total, 1)} />
      )}
      <span>{words}</span>
      {slow && answer !== null && (
        <Elsewhere conversation={conversation} answer={answer}>
          This is taking a while.
        </Elsewhere>
      )}
    </div>
  );
}

function stepWords(step: Step, afar: string | null): string | null {
  switch (step.at) {
    case "start":
      return afar && `Sent to ${nameInSentence(afar)}. Waiting for its first words`;
    case "loading":
      return `Loading the model, ${sizeOf(step.done, step.total)}`;
    case "reading":
      return `Reading ${figure(step.done)} of ${figure(step.total)}`;
    case "thinking":
      return afar ? `${afar} thinks before it answers` : "Thinking before it answers";
    case "writing":
      return null;
  }
}

function useSlow(reading: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!reading) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [reading]);
  return slow;
}
