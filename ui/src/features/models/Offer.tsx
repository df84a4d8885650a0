/** What was downloaded is here: would the user like to go on with it? */
import { useChosen, useSession } from "../../session/context";
import { modelInUse } from "../../session/state";
import "./models.css";

export function Offer() {
  const { models } = useSession();
  const ready = useChosen((state) => state.models.transfers.find((one) => one.state === "done"));
  const inUse = useChosen((state) => modelInUse(state)?.id);
  if (!ready) return null;
  const here = ready.id === inUse;
  return (
    <div className="offer" role="status">
      <p>
        {here ? `${ready.name} is complete.` : `${ready.name} is ready. Switch to it?`}
        {!here && <span className="hint"> This conversation stays as it is.</span>}
      </p>
      {!here && (
        <button type="button" className="primary" onClick={() => void models.accept(ready)}>
          Switch
        </button>
      )}
      <button type="button" className="quiet" onClick={() => void models.putAway(ready.id)}>
        {here ? "Close" : "Not now"}
      </button>
    </div>
  );
}
