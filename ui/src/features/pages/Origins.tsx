/** Where the words of a page came from: a record of how they came, not a proof of who thought of them. */
import { useEffect, useState } from "react";
import type { Totals } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { useSession } from "../../session/context";

const WAYS: { of: keyof Totals; name: string }[] = [
  { of: "typed", name: "Typed here" },
  { of: "pasted", name: "Pasted" },
  { of: "imported", name: "From a file" },
  { of: "modelHere", name: "Proposed by a model on this device" },
  { of: "modelElsewhere", name: "Proposed by a model elsewhere" },
];

interface Props {
  id: number;
  project: number | null;
  /** The page shows it, by colour and a line under the words. */
  showing: boolean;
  onShowing: (showing: boolean) => void;
  onClose: () => void;
}

export function Origins({ id, project, showing, onShowing, onClose }: Props) {
  const session = useSession();
  const [totals, setTotals] = useState<Totals | null>(null);
  const [whole, setWhole] = useState<Totals | null>(null);
  useEffect(() => {
    void session.pages
      .flush()
      .then(() => session.pages.totals(id))
      .then((read) => setTotals(read ?? null))
      .then(() => (project === null ? undefined : session.pages.projectTotals(project)))
      .then((read) => setWhole(read ?? null));
  }, [session, id, project]);
  return (
    <Dialog title="Where the words came from" onClose={onClose}>
      {totals && <Counts totals={totals} />}
      {whole && (
        <section aria-labelledby="origins-project">
          <h3 id="origins-project" className="field-name">
            The whole project
          </h3>
          <Counts totals={whole} />
        </section>
      )}
      <p className="hint">
        This is a record of how words came onto the page while it was written in Sotto. It is not a proof.
      </p>
      <label className="check">
        <input type="checkbox" checked={showing} onChange={(event) => onShowing(event.target.checked)} /> Show it in the
        text
      </label>
      <div className="dialog-actions">
        <button type="button" className="quiet" data-first="" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Counts({ totals }: { totals: Totals }) {
  return (
    <dl className="origins">
      {WAYS.filter(({ of }) => of === "typed" || totals[of] > 0).map(({ of, name }) => (
        <div key={of}>
          <dt>{name}</dt>
          <dd>{plural(totals[of], "word")}</dd>
        </div>
      ))}
      {totals.edited > 0 && (
        <div>
          <dt>Of those not typed, changed by you since</dt>
          <dd>{plural(totals.edited, "word")}</dd>
        </div>
      )}
    </dl>
  );
}
