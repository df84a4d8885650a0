/** A search field with a list under it, as the palette and the search have it. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Fresh } from "./Fresh";
import { composing } from "./keys";
import "./picker.css";

export interface Choice {
  key: string;
  content: ReactNode;
  act: () => void;
}

interface Props {
  label: string;
  placeholder: string;
  query: string;
  onQuery: (query: string) => void;
  choices: Choice[];
  /** Said where the list would be, when it is empty. */
  empty: string;
}

export function Picker({ label, placeholder, query, onQuery, choices, empty }: Props) {
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const chosen = Math.min(at, choices.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen comes into view
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" });
  }, [chosen]);

  return (
    <div className="picker">
      <input
        type="search"
        role="combobox"
        aria-label={label}
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        placeholder={placeholder}
        autoFocus
        dir="auto"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setAt(0);
          onQuery(event.target.value);
        }}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) {
            event.preventDefault();
            setAt(Math.max(0, Math.min(chosen + step, choices.length - 1)));
          } else if (event.key === "Enter") {
            event.preventDefault();
            choices[chosen]?.act();
          }
        }}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox, as in ARIA's guide */}
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label="What was found" hidden={choices.length === 0}>
        {choices.map((choice, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and hears the keys
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and hears the keys
          <li
            key={choice.key}
            id={`${id}-${i}`}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: as in ARIA's guide
            role="option"
            aria-selected={i === chosen}
            onMouseMove={() => setAt(i)}
            onClick={choice.act}
          >
            {choice.content}
          </li>
        ))}
      </ul>
      <p className="picker-empty" role="status">
        <Fresh text={choices.length === 0 ? empty : null} />
      </p>
    </div>
  );
}
