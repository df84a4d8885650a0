/** The edge of the left pane: it is drawn, or moved with the arrows, and found again as it was left. */
import type { KeyboardEvent, PointerEvent } from "react";
import { useChosen, useSession } from "../session/context";
import { NARROWEST, WIDEST } from "../session/remembered";

const STEP = 16;

export function Divider() {
  const { memory } = useSession();
  const width = useChosen((state) => state.remembered.width);
  const within = (wanted: number) => Math.round(Math.max(NARROWEST, Math.min(wanted, WIDEST)));
  const drawn = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) memory.show({ width: within(event.clientX) });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    memory.keep({ width: within(width + (event.key === "ArrowLeft" ? -STEP : STEP)) });
  };
  return (
    <div
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the left pane"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drawn}
      onPointerUp={() => memory.keep({ width })}
      onKeyDown={pressed}
    />
  );
}
