/** The models that can be had. */
import { size } from "../../components/amounts";
import { EntryWords } from "../../components/models/Entry";
import { useChosen, useSession } from "../../session/context";

export function Catalogue() {
  const { models } = useSession();
  const catalogue = useChosen((state) => state.models.catalogue);
  const transfers = useChosen((state) => state.models.transfers);
  const entries = (catalogue ?? []).filter(({ installed }) => !installed);
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="models-more">
      <h3 id="models-more">More models</h3>
      <ul className="models">
        {entries.map((entry) => {
          const coming = transfers.find(({ id }) => id === entry.id);
          const failed = coming?.state === "failed" || coming?.state === "paused";
          return (
            <li key={entry.id}>
              <EntryWords entry={entry} />
              {coming ? (
                <span className="entry-mark">{failed ? "Stopped" : "On its way"}</span>
              ) : (
                <Getter
                  name={entry.name}
                  bytes={entry.bytes}
                  onGet={() => void models.get(entry.id, entry.visionBytes !== null)}
                  vision={entry.visionBytes}
                />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The button says all that will be fetched. */
function Getter({
  name,
  bytes,
  vision,
  onGet,
}: {
  name: string;
  bytes: number;
  vision: number | null;
  onGet: () => void;
}) {
  const whole = size(bytes + (vision ?? 0));
  return (
    <button
      type="button"
      className="quiet"
      aria-label={`Download ${whole}: ${name}`}
      title={vision === null ? undefined : "With picture support"}
      onClick={onGet}
    >
      Download {whole}
    </button>
  );
}
