/** What the user chose where two answers stood side by side: whether the small model is good enough for them. */
import { useEffect, useState } from "react";
import type { Tallies } from "../../backend/client";
import { figure, plural } from "../../components/plural";
import { useSession } from "../../session/context";
import "./comparisons.css";

export function Comparisons() {
  const session = useSession();
  const [tallies, setTallies] = useState<Tallies | null>(null);
  useEffect(() => {
    let here = true;
    void session.asking.tallies().then((read) => here && read && setTallies(read));
    return () => {
      here = false;
    };
  }, [session]);
  if (!tallies) return <div aria-busy="true" />;
  if (tallies.models.length === 0)
    return (
      <p className="hint">
        Nothing was compared yet. Write a question, and press “Ask two” beside it: two models answer side by side, and
        you choose the better one. Here you will see which of them you chose how often.
      </p>
    );
  return (
    <>
      <p className="tally-words">{tallyWords(tallies)}</p>
      <table className="tallies">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Where</th>
            <th scope="col" className="number">
              Compared
            </th>
            <th scope="col" className="number">
              Chosen
            </th>
          </tr>
        </thead>
        <tbody>
          {tallies.models.map(({ here, model, compared, chosen }) => (
            <tr key={`${here} ${model}`}>
              <th scope="row">{model}</th>
              <td>{here ? "This computer" : "Elsewhere"}</td>
              <td className="number">{figure(compared)}</td>
              <td className="number">{figure(chosen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">The counts stay when the conversations are deleted; none of their words do.</p>
    </>
  );
}

function tallyWords({ mixed, here, neither, models }: Tallies): string {
  const all = models.reduce((sum, { compared }) => sum + compared, 0) / 2;
  const first =
    mixed > 0
      ? `In ${plural(mixed, "comparison")} you chose the one on this computer ${times(here)}.`
      : `You compared ${times(all)}, on this computer alone.`;
  return neither > 0 ? `${first} Neither was better ${times(neither)}.` : first;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${figure(count)} times`;
}
