/** Where something goes, in one line, and the way to change it. */
import type { GoesTo } from "../../backend/client";
import { nearWords, placeWords, shortModel } from "./route";
import "./cloud.css";

interface Props {
  to: GoesTo | null;
  /** What the button changes, for whoever hears it alone. */
  what: string;
  onChange: () => void;
}

export function Goes({ to, what, onChange }: Props) {
  return (
    <div className="goes-line">
      <p className="goes" data-place={to ? "cloud" : "device"}>
        <span className="dot" aria-hidden="true" />
        {to ? placeWords(to) : "On this computer"}
      </p>
      {to && <p className="hint">{shortModel(to.model, to.route)}, {nearWords(to.near)}</p>}
      <button type="button" className="quiet" aria-label={`Change where ${what}`} onClick={onChange}>
        Change…
      </button>
    </div>
  );
}
