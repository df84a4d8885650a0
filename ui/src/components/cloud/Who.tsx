/** Who answers, in the colour of where it goes: one control, wherever it stands. It opens the choice. */
import type { EngineView, GoesTo } from "../../backend/client";
import { useChosen } from "../../session/context";
import { engineLine } from "../engineLine";
import { Icon } from "../Icon";
import { placeInSentence, shortModel, whereWords } from "./route";
import "./cloud.css";

interface Props {
  /** Null where it stays on this computer. */
  to: GoesTo | null;
  /** What of: "this conversation". */
  of: string;
  /** As one short line, without what is said of the place. */
  small?: boolean;
  /** The element that a field is described by. */
  id?: string;
  onChange: () => void;
}

export function Who({ to, of, small = false, id, onChange }: Props) {
  const engine = useChosen((state) => state.engine);
  const line = engineLine(engine);
  const who = to ? shortModel(to.model, to.route) : (modelOf(engine) ?? "No model yet");
  const where = to ? whereWords(to) : line.text;
  const words = small && to ? `Goes to ${placeInSentence(to)}` : who;
  return (
    <button
      type="button"
      className={`who${small ? " small" : ""}`}
      data-place={to ? "cloud" : "device"}
      data-mood={to ? undefined : line.mood}
      aria-haspopup="dialog"
      // What is seen is said as it stands there.
      aria-label={`Who answers ${of}: ${small ? (to ? `${words}, ${who}` : `${who}, ${where}`) : `${who} ${where}`}`}
      title={to ? `${who}: ${where}` : line.detail}
      onClick={onChange}
    >
      <span className="dot" aria-hidden="true" />
      <span className="who-words">
        <span id={id} className="who-name">
          {words}
        </span>
        {!small && <span className="hint"> {where}</span>}
      </span>
      <Icon name="down" />
    </button>
  );
}

function modelOf(engine: EngineView): string | null {
  return "model" in engine ? engine.model : null;
}
