/** How Sotto looks. */
import type { Theme } from "../../backend/client";
import { Choice, type Option } from "../../components/Choice";
import { useChosen, useSession } from "../../session/context";

const THEMES: Option<Theme>[] = [
  { value: "system", name: "As the system" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
];
const SMALLEST = 15;
const LARGEST = 22;

export function Look() {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
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
    </>
  );
}
