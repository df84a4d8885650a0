/** The bottom of the left pane: what goes on quietly, and whatever must always be in view. */
import { OfflineLock } from "../features/privacy/OfflineLock";
import { TransferLine } from "../features/models/TransferLine";
import { useChosen, useSession } from "../session/context";

export function Foot({ onModels }: { onModels: () => void }) {
  const { tour } = useSession();
  const unfinished = useChosen((state) => state.tour !== null && state.tour.step !== "done");
  return (
    <>
      <TransferLine onOpen={onModels} />
      {unfinished && (
        <button type="button" className="row" onClick={tour.resume}>
          <span>Finish setting up</span>
        </button>
      )}
      <OfflineLock />
    </>
  );
}
