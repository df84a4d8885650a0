/** One model that suits this machine, and why. The others, and files that lie here, are folded below it. */
import { useEffect, useState } from "react";
import type { CatalogueEntry } from "../../backend/client";
import { size } from "../../components/amounts";
import { LockedLine } from "../../components/cloud/LockedLine";
import { EntryWords } from "../../components/models/Entry";
import { FoundFiles } from "../../components/models/FoundFiles";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";
import { Page } from "./Page";

export function Choose() {
  const session = useSession();
  const catalogue = useChosen((state) => state.models.catalogue);
  const found = useChosen((state) => state.models.found);
  const coming = useChosen((state) => state.models.transfers.some(({ state }) => state !== "done"));
  const [wanted, setWanted] = useState<string | null>(null);
  const [vision, setVision] = useState(true);
  useEffect(() => {
    // Taken up again after a restart, the machine is not known yet: what suits it and how fast is.
    void session.models.browse();
    void session.models.look();
  }, [session]);
  const recommended = catalogue?.find((entry) => entry.recommended) ?? catalogue?.[0];
  const others = (catalogue ?? []).filter((entry) => entry !== recommended);
  const chosen = catalogue?.find(({ id }) => id === wanted) ?? recommended;
  const usable = (found ?? []).filter((file) => file.usable).length;

  const get = async (entry: CatalogueEntry) => {
    const begun = entry.installed
      ? await session.models.use(entry.id)
      : await session.models.get(entry.id, vision && entry.visionBytes !== null);
    if (begun) await session.tour.go(entry.installed ? "ready" : "getting");
  };
  const option = (entry: CatalogueEntry) => (
    <label key={entry.id} className="entry">
      <input type="radio" name="model" checked={entry === chosen} onChange={() => setWanted(entry.id)} />
      <EntryWords entry={entry} />
    </label>
  );

  return (
    <Page
      title="A model to write with"
      above={<LockedLine>Downloads wait until it is off.</LockedLine>}
      back="machine"
      action={
        chosen && (
          <Getter key={chosen.id} entry={chosen} vision={vision} onVision={setVision} onGet={() => void get(chosen)} />
        )
      }
    >
      <fieldset className="entries" aria-busy={catalogue === null}>
        <legend className="said">Models</legend>
        {recommended && option(recommended)}
        {others.length > 0 && (
          <details className="folded-part">
            <summary>{plural(others.length, "other model")}</summary>
            {others.map(option)}
          </details>
        )}
      </fieldset>
      <details className="folded-part" key={`files ${usable > 0}`} open={usable > 0 || undefined}>
        <summary>{usable > 0 ? `Or use a file you have: ${usable} found` : "Or use a file you have"}</summary>
        <FoundFiles onUsed={() => void session.tour.go("ready")} />
      </details>
      {coming && (
        <p>
          Something is on its way already.{" "}
          <button type="button" className="plain strong" onClick={() => void session.tour.go("getting")}>
            See how far it is
          </button>
        </p>
      )}
    </Page>
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
    <>
      {seeing && (
        <label className="check" title="It can come later too.">
          <input type="checkbox" checked={vision} onChange={(event) => onVision(event.target.checked)} />
          <span>Picture support ({size(entry.visionBytes ?? 0)})</span>
        </label>
      )}
      <button type="button" className="primary named" title={entry.name} onClick={onGet}>
        {entry.installed
          ? `Use ${entry.name}`
          : entry.fit === "no"
            ? `Download ${size(bytes)} all the same`
            : `Download ${size(bytes)}`}
      </button>
    </>
  );
}
