/** In the composer: where the next message goes, said before it is written. */
import type { GoesTo } from "../../backend/client";
import { goingWords, nearWords } from "../../components/cloud/route";
import { useChosen, useSession } from "../../session/context";
import "../../components/cloud/cloud.css";
import "./going.css";

export const GOING = "goes-to";

export function Going({ conversation, to }: { conversation: number; to: GoesTo }) {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  const on = useChosen((state) => state.cloud.on);
  const barred = locked || !on;
  return (
    <div className="going" role="group" aria-label="Where this goes">
      <p id={GOING} title={`${to.model}, ${nearWords(to.near)}`}>
        <span className="dot" aria-hidden="true" />
        {goingWords(to, { on, locked })}
      </p>
      {!barred ? (
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
