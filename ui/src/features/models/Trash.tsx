/** Models that were thrown away, and the room they still take. */
import { useState } from "react";
import { size } from "../../components/amounts";
import { Confirm } from "../../components/Dialog";
import { useChosen, useSession } from "../../session/context";

export function Trash() {
  const { models } = useSession();
  const trash = useChosen((state) => state.models.trash);
  const [asking, setAsking] = useState(false);
  if (trash.models.length === 0) return null;
  return (
    <section aria-labelledby="models-trash">
      <h3 id="models-trash">Trash</h3>
      <ul className="models">
        {trash.models.map(({ id, name, bytes }) => (
          <li key={id}>
            <div className="model-words">
              <p className="entry-name">{name}</p>
              <p className="hint">{size(bytes)}</p>
            </div>
            <button
              type="button"
              className="quiet"
              aria-label={`Restore ${name}`}
              onClick={() => void models.restore(id)}
            >
              Restore
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="quiet" onClick={() => setAsking(true)}>
        Empty the trash, {size(trash.bytes)}…
      </button>
      {asking && (
        <Confirm
          title="Empty the models’ trash?"
          text={`${size(trash.bytes)} will be free. To have these again, they must be downloaded again.`}
          action="Empty it for good"
          onYes={() => void models.emptyTrash()}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
