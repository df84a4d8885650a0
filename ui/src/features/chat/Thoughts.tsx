/** What the model thought before its answer: folded, for it is no part of it. */
import { useChosen } from "../../session/context";

export function Thoughts({ answer }: { answer: number }) {
  const thoughts = useChosen((state) => state.thoughts.get(answer)?.trim());
  if (!thoughts) return null;
  return (
    <details className="thoughts">
      <summary>What it thought first</summary>
      <p>{thoughts}</p>
    </details>
  );
}
