/** The thin line under the composer: how far the model is before it writes. */
import { figure } from "../../components/plural";
import { useChosen } from "../../session/context";

export function Progress({ conversation }: { conversation: number }) {
  const step = useChosen((state) => state.runs.get(conversation)?.step);
  if (step?.at !== "loading" && step?.at !== "reading") return <div className="progress" />;
  const words =
    step.at === "loading" ? "Waking the model…" : `Reading ${figure(step.done)} of ${figure(step.total)}`;
  return (
    <div className="progress">
      <progress aria-label={words} value={step.done} max={Math.max(step.total, 1)} />
      <span>{words}</span>
    </div>
  );
}
