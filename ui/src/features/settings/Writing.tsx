/** How the model writes, and what it never writes. */
import { Choice } from "../../components/Choice";
import { MOODS } from "../../components/moods";
import { Phrases } from "../../components/Phrases";
import { useChosen, useSession } from "../../session/context";

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
      <Phrases
        id="banned"
        label="Never write"
        hint="Words and phrases you are tired of. The model on this computer cannot write them, in capitals or not."
        phrases={settings.bannedPhrases}
        onBan={(phrase) => void session.changeSetting({ set: "ban", to: phrase })}
        onAllow={(phrase) => void session.changeSetting({ set: "allow", to: phrase })}
      />
      <details className="advanced">
        <summary>Advanced</summary>
        <Seed />
      </details>
    </>
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
