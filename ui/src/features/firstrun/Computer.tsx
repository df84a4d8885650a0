/** A look at the machine, in plain words, and a moment of measuring. */
import { useEffect } from "react";
import type { Machine } from "../../backend/client";
import { size } from "../../components/amounts";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";
import { Page } from "./Page";

export function Computer() {
  const session = useSession();
  const machine = useChosen((state) => state.models.machine);
  const measured = useChosen((state) => state.models.measured);
  const trouble = useChosen((state) => state.trouble);
  useEffect(() => void session.models.look(), [session]);
  const action = (
    <button type="button" className="primary" onClick={() => void session.tour.go("choose")}>
      Choose a model
    </button>
  );
  return (
    <Page title="This computer" back="welcome" action={action}>
      <p className="lead first-run-summary">{machine?.summary}</p>
      <Facts machine={machine} />
      <div className="measuring" role="status">
        {measured !== null ? (
          <p>{measured}</p>
        ) : (
          !trouble && (
            <>
              <p>Measuring how fast it computes. This takes a few seconds.</p>
              <progress aria-label="Measuring" />
            </>
          )
        )}
      </div>
    </Page>
  );
}

function Facts({ machine }: { machine: Machine | null }) {
  const facts: [string, string][] = [
    ["Processor", machine ? `${machine.processor}, ${plural(machine.cores, "core")}` : ""],
    ["Memory", machine ? `${size(machine.memoryBytes)}, ${size(machine.memoryFreeBytes)} of it free` : ""],
    ["Graphics", machine ? (machine.graphics ?? "None that a model could use. The processor does the work.") : ""],
    ["Disk", machine ? `${size(machine.diskFreeBytes)} free` : ""],
  ];
  return (
    <dl className="facts" aria-busy={machine === null}>
      {facts.map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={name === "Processor" && machine ? machine.features.join(", ") : undefined}>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
