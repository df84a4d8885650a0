/** How Sotto looks, and how freely the model writes. */
import type { MoodView, ThemeView } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { useChosen, useSession } from "../../session/context";
import "./settings.css";

interface Option<T> {
  value: T;
  name: string;
  detail?: string;
}

const THEMES: Option<ThemeView>[] = [
  { value: "system", name: "As the system" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
];
const MOODS: Option<MoodView>[] = [
  { value: "precise", name: "Precise", detail: "The most expected words: for facts and careful edits." },
  { value: "balanced", name: "Balanced", detail: "For most things." },
  { value: "imaginative", name: "Imaginative", detail: "Less expected words too: for first ideas." },
];
const SMALLEST = 15;
const LARGEST = 22;

export function Settings({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <Choice
        legend="Theme"
        name="theme"
        options={THEMES}
        chosen={settings.theme}
        onChoose={(theme) => void session.saveSettings({ ...settings, theme })}
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
          onChange={(event) => void session.saveSettings({ ...settings, textSize: Number(event.target.value) })}
        />
        <p className="specimen">The words are the interface.</p>
      </div>
      <Choice
        legend="How the model writes"
        name="mood"
        options={MOODS}
        chosen={settings.mood}
        onChoose={(mood) => void session.saveSettings({ ...settings, mood })}
      />
      <div className="dialog-actions">
        <button type="button" className="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}

interface ChoiceProps<T> {
  legend: string;
  name: string;
  options: Option<T>[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, all in view, and a word on the one that is chosen. */
function Choice<T extends string>({ legend, name, options, chosen, onChoose }: ChoiceProps<T>) {
  const detail = options.find(({ value }) => value === chosen)?.detail;
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === chosen} onChange={() => onChoose(option.value)} />
          <span>{option.name}</span>
        </label>
      ))}
      {detail && <p className="choice-detail">{detail}</p>}
    </fieldset>
  );
}
