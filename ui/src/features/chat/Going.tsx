/** Above the composer: where the next message goes, said before it is written. */
import type { GoesTo } from "../../backend/client";
import { placeWords } from "../../components/cloud/route";
import { useChosen, useSession } from "../../session/context";
import "../../components/cloud/cloud.css";
import "./going.css";

export const GOING = "goes-to";

export function Going({ conversation, to }: { conversation: number; to: GoesTo }) {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  const on = useChosen((state) => state.cloud.on);
  const place = placeWords(to);
  const barred = locked ? "the offline lock is on" : on ? null : "the cloud is off";
  return (
    <div className="going" role="group" aria-label="Where this goes">
      <p id={GOING} title={to.model}>
        <span className="dot" aria-hidden="true" />
        {barred === null ? `Goes to ${place}` : `Would go to ${place}, but ${barred}`}
      </p>
      {barred === null ? (
        <button type="button" className="plain" onClick={() => cloud.choose({ for: "conversation", id: conversation })}>
          Change…
        </button>
      ) : (
        <button type="button" className="plain" onClick={() => void cloud.setLeaving(conversation, "never")}>
          Answer on this computer
        </button>
      )}
    </div>
  );
}
