/** In the composer: who answers the next message, said before it is written, and what bars the way. */
import type { GoesTo } from "../../backend/client";
import { goingWords } from "../../components/cloud/route";
import { Who } from "../../components/cloud/Who";
import { useChosen, useSession } from "../../session/context";
import "./going.css";

export const GOING = "goes-to";

export function Going({ conversation, to }: { conversation: number; to: GoesTo | null }) {
  const { cloud } = useSession();
  return (
    <Who
      small
      id={GOING}
      to={to}
      of="this conversation"
      onChange={() => cloud.choose({ for: "conversation", id: conversation })}
    />
  );
}

/** Where the next message would go, and does not; null where nothing is in the way. */
export function Barred({ conversation, to }: { conversation: number; to: GoesTo }) {
  const { cloud } = useSession();
  const locked = useChosen((state) => state.cloud.locked);
  const on = useChosen((state) => state.cloud.on);
  if (on && !locked) return null;
  return (
    <div className="barred" role="group" aria-label="Where this goes">
      <p>{goingWords(to, { on, locked })}.</p>
      <button type="button" className="quiet" onClick={() => void cloud.setLeaving(conversation, "never")}>
        Answer on this computer
      </button>
    </div>
  );
}
