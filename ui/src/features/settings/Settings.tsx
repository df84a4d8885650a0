/** How Sotto looks. */
import type { ThemeView } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { useChosen, useSession } from "../../session/context";
import "./settings.css";

const THEMES: { theme: ThemeView; name: string }[] = [
  { theme: "system", name: "As the system" },
  { theme: "light", name: "Light" },
  { theme: "dark", name: "Dark" },
];
const SMALLEST = 15;
const LARGEST = 22;

export function Settings({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <fieldset className="themes">
        <legend>Theme</legend>
        {THEMES.map(({ theme, name }) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={settings.theme === theme}
              onChange={() => void session.saveSettings({ ...settings, theme })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
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
          onChange={(event) => void session.saveSettings({ ...settings, textSize: Number(event.target.value) })}
        />
        <p className="specimen">The words are the interface.</p>
      </div>
      <div className="dialog-actions">
        <button type="button" className="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
