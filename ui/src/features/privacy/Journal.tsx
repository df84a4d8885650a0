/** Every connection that Sotto ever made, newest first, as it was written down before its first byte. */
import { useEffect } from "react";
import type { JournalLine } from "../../backend/client";
import { size } from "../../components/amounts";
import { useChosen, useSession } from "../../session/context";
import { Export } from "./Export";
import { moment } from "./moment";

export function Journal() {
  const { cloud } = useSession();
  const journal = useChosen((state) => state.cloud.journal);
  useEffect(() => void cloud.readJournal(), [cloud]);
  return (
    <section aria-labelledby="journal">
      <h3 id="journal">Connections</h3>
      {journal?.lines.length === 0 && <p className="hint">No connection was ever made.</p>}
      {journal && journal.lines.length > 0 && (
        <>
          <p className="hint">Every connection that Sotto ever made. Each was written down before it began.</p>
          <table className="stacking">
            <caption className="said">Connections, newest first</caption>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Why and where to</th>
                <th scope="col">Out and in</th>
                <th scope="col">How it ended</th>
              </tr>
            </thead>
            <tbody>
              {journal.lines.map((line) => (
                <Line key={line.id} line={line} />
              ))}
            </tbody>
          </table>
          <div className="exports">
            {journal.more && (
              <button type="button" className="quiet" onClick={() => void cloud.readMoreOfJournal()}>
                Show earlier ones
              </button>
            )}
            <Export name="Save all as CSV…" onExport={cloud.exportJournal} />
          </div>
        </>
      )}
    </section>
  );
}

function Line({ line }: { line: JournalLine }) {
  const { outcome } = line;
  return (
    <tr>
      <td className="at-once">{moment(line.at)}</td>
      <td>
        {line.why}
        <span className="hint">
          {line.recipient}, {line.origin}
        </span>
      </td>
      <td className="at-once">
        <span>{size(outcome?.bytesOut ?? line.bytes)} out</span>
        <span>{outcome ? `${size(outcome.bytesIn)} in` : "in unknown"}</span>
      </td>
      <td>{ending(line)}</td>
    </tr>
  );
}

function ending({ outcome }: JournalLine): string {
  if (!outcome) return "Under way, or Sotto was closed";
  switch (outcome.ending) {
    case "complete":
      return outcome.status !== null && outcome.status >= 400 ? `Refused over there (${outcome.status})` : "Complete";
    case "stopped":
      return "Stopped";
    case "offline":
      return "Ended by the offline lock";
    case "failed":
      return outcome.bytesOut === 0 ? "No connection" : "Broke off";
  }
}
