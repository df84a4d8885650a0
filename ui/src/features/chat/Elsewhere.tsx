/** One quiet line where this computer could not, or is slow: an offer, and never more than that. */
import { useChosen, useSession } from "../../session/context";

interface Props {
  conversation: number;
  answer: number;
  /** Why it is offered. */
  children?: string;
}

export function Elsewhere({ conversation, answer, children }: Props) {
  const { cloud } = useSession();
  const possible = useChosen((state) => state.cloud.on && !state.cloud.locked);
  if (!possible) return null;
  return (
    <p className="ending">
      {children}{" "}
      <button
        type="button"
        className="plain strong"
        onClick={() => cloud.choose({ for: "answer", conversation, id: answer })}
      >
        Do this one in the cloud…
      </button>
    </p>
  );
}
