/** The download, which needs nobody to watch it. */
import { useEffect } from "react";
import { LockedLine } from "../../components/cloud/LockedLine";
import { TransferRow } from "../../components/models/TransferRow";
import { useChosen, useSession } from "../../session/context";
import { Page } from "./Page";

export function Getting() {
  const session = useSession();
  const transfers = useChosen((state) => state.models.transfers);
  const here = transfers.length > 0 && transfers.every(({ state }) => state === "done");
  useEffect(() => {
    if (here) void session.tour.go("ready");
  }, [here, session]);
  if (transfers.length === 0) {
    const action = (
      <button type="button" className="primary" onClick={() => void session.tour.go("choose")}>
        Choose a model
      </button>
    );
    return (
      <Page title="Nothing is being downloaded" action={action}>
        <p className="lead">What was cancelled is gone from the disk. You can choose again, now or later.</p>
      </Page>
    );
  }
  const stopped = transfers.some(({ state }) => state === "failed");
  const action = (
    <button type="button" className="primary" onClick={() => void session.tour.finish()}>
      Talk to the guide meanwhile
    </button>
  );
  return (
    <Page
      title={stopped ? "The download stopped" : "On its way"}
      above={<LockedLine>Downloads wait until it is off.</LockedLine>}
      back="choose"
      action={action}
    >
      <p className="lead">If the connection breaks or you close Sotto, it goes on from where it was.</p>
      {transfers.map((transfer) => (
        <TransferRow key={transfer.id} transfer={transfer} />
      ))}
      <p className="hint">Sotto says so when the model is here. Your conversation stays, and goes on with it.</p>
    </Page>
  );
}
