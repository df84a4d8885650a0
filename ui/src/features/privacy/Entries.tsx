/** Each answer of a month that was made elsewhere, newest first. */
import { useState } from "react";
import type { LedgerEntry } from "../../backend/client";
import { size } from "../../components/amounts";
import { costWords, howKnown } from "../../components/cloud/money";
import { moment } from "./moment";

const FIRST = 20;

export function Entries({ entries }: { entries: LedgerEntry[] }) {
  const [whole, setWhole] = useState(false);
  const newest = entries.toReversed();
  const shown = whole ? newest : newest.slice(0, FIRST);
  return (
    <details className="each-answer">
      <summary>Each answer</summary>
      <table className="stacking">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">By whom</th>
            <th scope="col">Project</th>
            <th scope="col">Left</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry, i) => (
            <tr key={newest.length - i}>
              <td className="at-once">{moment(entry.at)}</td>
              <td>
                {[entry.provider, entry.backend].filter(Boolean).join(" · ")}
                <span className="hint">{entry.model}</span>
              </td>
              <td dir="auto">{entry.project ?? "None"}</td>
              <td title={used(entry)}>{size(entry.bytes)}</td>
              <td title={howKnown(entry.cost)}>{costWords(entry.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < newest.length && (
        <button type="button" className="plain strong" onClick={() => setWhole(true)}>
          Show all {newest.length}
        </button>
      )}
    </details>
  );
}

function used({ promptTokens, completionTokens }: LedgerEntry): string {
  if (promptTokens === null && completionTokens === null) return "How much was read and written was not said";
  return `${promptTokens ?? "unknown"} tokens read, ${completionTokens ?? "unknown"} written`;
}
