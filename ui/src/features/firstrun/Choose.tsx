/** The recommended model and why, the others with what they cost, and the ways around a download. */
import { useEffect, useState } from "react";
import type { CatalogueEntry } from "../../backend/client";
import { size } from "../../components/amounts";
import { EntryWords } from "../../components/models/Entry";
import { FoundFiles } from "../../components/models/FoundFiles";
import { useChosen, useSession } from "../../session/context";

export function Choose() {
  const session = useSession();
  const catalogue = useChosen((state) => state.models.catalogue);
  const coming = useChosen((state) => state.models.transfers.some(({ state }) => state !== "done"));
  const [wanted, setWanted] = useState<string | null>(null);
  const [vision, setVision] = useState(true);
  useEffect(() => void session.models.browse(), [session]);
  const entries = [...(catalogue ?? [])].sort((a, b) => Number(b.recommended) - Number(a.recommended));
  const chosen = entries.find(({ id }) => id === wanted) ?? entries[0];

  const get = async (entry: CatalogueEntry) => {
    const begun = entry.installed
      ? await session.models.use(entry.id)
      : await session.models.get(entry.id, vision && entry.visionBytes !== null);
    if (begun) await session.tour.go(entry.installed ? "ready" : "getting");
  };

  return (
    <>
      <h1 id="first-run-title">A model to write with</h1>
      <fieldset className="entries" aria-busy={catalogue === null}>
        <legend className="said">Models</legend>
        {entries.map((entry) => (
          <label key={entry.id} className="entry">
            <input type="radio" name="model" checked={entry === chosen} onChange={() => setWanted(entry.id)} />
            <EntryWords entry={entry} />
          </label>
        ))}
      </fieldset>
      {chosen && <Getter key={chosen.id} entry={chosen} vision={vision} onVision={setVision} onGet={() => void get(chosen)} />}
      {coming && (
        <p>
          Something is on its way already.{" "}
          <button type="button" className="plain strong" onClick={() => void session.tour.go("getting")}>
            See how far it is
          </button>
        </p>
      )}
      <section aria-labelledby="own-file">
        <h2 id="own-file">Or use a file you have</h2>
        <FoundFiles onUsed={() => void session.tour.go("ready")} />
      </section>
      <section aria-labelledby="no-model">
        <h2 id="no-model">Or nothing yet</h2>
        <div className="first-run-actions">
          <button type="button" className="quiet" onClick={() => void session.tour.finish()}>
            Skip: talk to the guide
          </button>
          <button type="button" className="plain" onClick={() => void session.tour.go("machine")}>
            Back
          </button>
        </div>
      </section>
    </>
  );
}

interface GetterProps {
  entry: CatalogueEntry;
  vision: boolean;
  onVision: (wanted: boolean) => void;
  onGet: () => void;
}

function Getter({ entry, vision, onVision, onGet }: GetterProps) {
  const seeing = !entry.installed && entry.visionBytes !== null;
  const bytes = entry.bytes + (seeing && vision ? (entry.visionBytes ?? 0) : 0);
  return (
    <div className="first-run-actions getter">
      <button type="button" className="primary named" onClick={onGet}>
        {entry.installed ? `Use ${entry.name}` : entry.fit === "no" ? `Download ${size(bytes)} all the same` : `Download ${size(bytes)}`}
      </button>
      {seeing && (
        <label className="check">
          <input type="checkbox" checked={vision} onChange={(event) => onVision(event.target.checked)} />
          <span>With what it needs to see pictures. That can come later too.</span>
        </label>
      )}
    </div>
  );
}
