/** How the model writes, and what it never writes. */
import { useState } from "react";
import type { Mood } from "../../backend/client";
import { Choice, type Option } from "../../components/Choice";
import { Icon } from "../../components/Icon";
import { useChosen, useSession } from "../../session/context";

const MOODS: Option<Mood>[] = [
  { value: "precise", name: "Precise", detail: "The most expected words: for facts and careful edits." },
  { value: "balanced", name: "Balanced", detail: "For most things." },
  { value: "imaginative", name: "Imaginative", detail: "Less expected words too: for first ideas." },
];

export function Writing() {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  return (
    <>
      <Choice
        legend="How the model writes"
        name="mood"
        options={MOODS}
        chosen={settings.mood}
        onChoose={(mood) => void session.changeSetting({ set: "mood", to: mood })}
      />
      <Banned />
      <details className="advanced">
        <summary>Advanced</summary>
        <Seed />
      </details>
    </>
  );
}

/** The user's clichés: each is a line that can go again. */
function Banned() {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  const [phrase, setPhrase] = useState("");
  const known = settings.bannedPhrases.some((one) => one.toLowerCase() === phrase.trim().toLowerCase());
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (!known) void session.changeSetting({ set: "ban", to: phrase.trim() });
        setPhrase("");
      }}
    >
      <label htmlFor="banned">Never write</label>
      <p className="hint" id="banned-hint">
        Words and phrases you are tired of. The model on this computer cannot write them, in capitals or not.
      </p>
      {settings.bannedPhrases.length > 0 && (
        <ul className="phrases" aria-label="Never written">
          {settings.bannedPhrases.map((one) => (
            <li key={one}>
              <span dir="auto">{one}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Allow “${one}” again`}
                title="Allow it again"
                onClick={() => void session.changeSetting({ set: "allow", to: one })}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="field-line">
        <input
          id="banned"
          aria-describedby="banned-hint"
          dir="auto"
          required
          pattern=".*\S.*"
          maxLength={80}
          placeholder="for example: a testament to"
          value={phrase}
          onChange={(event) => setPhrase(event.target.value)}
        />
        <button type="submit" className="quiet">
          Add
        </button>
      </div>
    </form>
  );
}

/** The same number and the same words before it: the same answer, on this machine. */
function Seed() {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  const save = (seed: number | null) => void session.changeSetting({ set: "seed", to: seed });
  return (
    <div className="field">
      <label htmlFor="seed">Seed</label>
      <p className="hint" id="seed-hint">
        With a number here, the same question has the same answer on this computer. Empty: chance.
      </p>
      <input
        id="seed"
        type="number"
        min={0}
        max={4294967295}
        step={1}
        aria-describedby="seed-hint"
        placeholder="Chance"
        value={settings.seed ?? ""}
        onChange={(event) => {
          const { value, valueAsNumber, validity } = event.target;
          if (value === "") save(null);
          else if (validity.valid && Number.isSafeInteger(valueAsNumber)) save(valueAsNumber);
        }}
      />
    </div>
  );
}
