/** How Sotto looks. */
import type { Theme } from "../../backend/client";
import { Choice, type Option } from "../../components/Choice";
import { shortcut } from "../../components/keys";
import { useChosen, useSession } from "../../session/context";
import { LARGEST_ZOOM, SMALLEST_ZOOM } from "../../session/remembered";

const THEMES: Option<Theme>[] = [
  { value: "system", name: "As the system" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
];
const SMALLEST = 15;
const LARGEST = 28;

export function Look() {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  const zoom = useChosen((state) => state.remembered.zoom);
  return (
    <>
      <Choice
        legend="Theme"
        name="theme"
        options={THEMES}
        chosen={settings.theme}
        onChoose={(theme) => void session.changeSetting({ set: "theme", to: theme })}
      />
      <div className="field">
        <label htmlFor="text-size">Text size</label>
        <input
          id="text-size"
          type="range"
          min={SMALLEST}
          max={LARGEST}
          step={1}
          value={settings.textSize}
          aria-valuetext={`${settings.textSize} pixels`}
          onChange={(event) => void session.changeSetting({ set: "textSize", to: Number(event.target.value) })}
        />
        <p className="specimen">The words are the interface.</p>
      </div>
      <div className="field" role="group" aria-labelledby="zoom">
        <span className="field-name" id="zoom">
          Size of everything
        </span>
        <p className="hint">
          Also by keys, anywhere: {shortcut("+")} and {shortcut("−")}.
        </p>
        <div className="zoom">
          <button
            type="button"
            className="quiet"
            disabled={zoom <= SMALLEST_ZOOM}
            onClick={() => session.memory.zoom(-1)}
          >
            Smaller
          </button>
          <span className="zoom-now">{Math.round(zoom * 100)} %</span>
          <button
            type="button"
            className="quiet"
            disabled={zoom >= LARGEST_ZOOM}
            onClick={() => session.memory.zoom(1)}
          >
            Larger
          </button>
        </div>
      </div>
    </>
  );
}
