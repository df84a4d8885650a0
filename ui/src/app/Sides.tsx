/** A page and a conversation, each on a side of its own; where there is no room, one behind the other. */
import type { ReactNode } from "react";
import type { Side } from "../session/beside";
import { useSession } from "../session/context";

interface Props {
  side: Side;
  front: Side;
  /** The other one is there too. */
  paired: boolean;
  wide: boolean;
  children: ReactNode;
}

/** The one that is behind keeps what was typed, its undo and its place. */
export function SideOf({ side, front, paired, wide, children }: Props) {
  const session = useSession();
  const turn = () => paired && session.turnTo(side);
  return (
    <div
      className="side"
      data-front={paired ? side === front : undefined}
      hidden={paired && !wide && side !== front}
      onFocusCapture={turn}
      onPointerDownCapture={turn}
    >
      {children}
    </div>
  );
}

const NAMES: Record<Side, string> = { page: "Page", conversation: "Conversation" };

/** Which of the two is on show, where there is room for one. */
export function Sides({ front, onTurn }: { front: Side; onTurn: (side: Side) => void }) {
  return (
    <div className="sides" role="group" aria-label="On show">
      {(["page", "conversation"] as const).map((side) => (
        <button key={side} type="button" aria-pressed={side === front} onClick={() => onTurn(side)}>
          {NAMES[side]}
        </button>
      ))}
    </div>
  );
}
