/** The terms of everything in the app that others made. The text comes with the app. */
import { type SyntheticEvent, useState } from "react";
import { noticesText } from "../../backend/client";

export function Licences() {
  const [text, setText] = useState<string | null>(null);
  const read = (event: SyntheticEvent<HTMLDetailsElement>) => {
    if (!event.currentTarget.open || text !== null) return;
    noticesText().then(setText, () => setText("The licences are missing from this copy of Sotto."));
  };
  return (
    <details className="licences" onToggle={read}>
      <summary>Licences of what others made</summary>
      <pre tabIndex={0} role="region" aria-label="Licences" aria-busy={text === null}>
        {text}
      </pre>
    </details>
  );
}
