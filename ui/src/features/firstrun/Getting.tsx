/** The download, which needs nobody to watch it. */
import { useEffect } from "react";
import { TransferRow } from "../../components/models/TransferRow";
import { useChosen, useSession } from "../../session/context";

export function Getting() {
  const session = useSession();
  const transfers = useChosen((state) => state.models.transfers);
  const here = transfers.length > 0 && transfers.every(({ state }) => state === "done");
  useEffect(() => {
    if (here) void session.tour.go("ready");
  }, [here, session]);
  if (transfers.length === 0) {
    return (
      <>
        <h1 id="first-run-title">Nothing is being downloaded</h1>
        <p className="lead">What was cancelled is gone from the disk. You can choose again, or come back to it from the settings.</p>
        <div className="first-run-actions">
          <button type="button" className="primary" onClick={() => void session.tour.go("choose")}>
            Choose a model
          </button>
          <button type="button" className="quiet" onClick={() => void session.tour.finish()}>
            Skip: talk to the guide
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      <h1 id="first-run-title">On its way</h1>
      <p className="lead">If the connection breaks or you close Sotto, it goes on from where it was.</p>
      {transfers.map((transfer) => (
        <TransferRow key={transfer.id} transfer={transfer} />
      ))}
      <div className="first-run-actions">
        <button type="button" className="primary" onClick={() => void session.tour.finish()}>
          Talk to the guide meanwhile
        </button>
      </div>
      <p className="hint">Sotto says so when the model is here. Your conversation stays, and goes on with it.</p>
    </>
  );
}
