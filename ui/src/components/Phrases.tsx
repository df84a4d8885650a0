/** The user's clichés: each is a line that can go again. */
import { useState } from "react";
import { Icon } from "./Icon";
import { samePhrase } from "./moods";
import "./phrases.css";

interface Props {
  /** Of the field. */
  id: string;
  label: string;
  hint: string;
  phrases: readonly string[];
  onBan: (phrase: string) => void;
  onAllow: (phrase: string) => void;
}

export function Phrases({ id, label, hint, phrases, onBan, onAllow }: Props) {
  const [phrase, setPhrase] = useState("");
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (!phrases.some((one) => samePhrase(one, phrase))) onBan(phrase.trim());
        setPhrase("");
      }}
    >
      <label htmlFor={id}>{label}</label>
      <p className="hint" id={`${id}-hint`}>
        {hint}
      </p>
      {phrases.length > 0 && (
        <ul className="phrases" aria-label="Never written">
          {phrases.map((one) => (
            <li key={one}>
              <span dir="auto">{one}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Allow “${one}” again`}
                title="Allow it again"
                onClick={() => onAllow(one)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="field-line">
        <input
          id={id}
          aria-describedby={`${id}-hint`}
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
