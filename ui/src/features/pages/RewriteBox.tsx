/** What should be done with the words that are selected: one of the usual things, or the user's own. */
import { useEffect, useRef, useState } from "react";
import type { CommandView } from "../../backend/client";
import { composing } from "../../components/keys";
import { TASKS } from "./commands";

interface Props {
  place: { left: number; top: number };
  onAsk: (command: CommandView, words?: string) => void;
  onClose: () => void;
}

export function RewriteBox({ place, onAsk, onClose }: Props) {
  const [words, setWords] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    box.current?.querySelector("input")?.focus();
    const away = (event: Event) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) latest.current();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  return (
    <div
      ref={box}
      className="rewrite-box"
      role="dialog"
      aria-label="Rewrite the selection"
      style={place}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || composing(event.nativeEvent)) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== "") onAsk("own", words.trim());
        }}
      >
        <input
          aria-label="What should change"
          placeholder="Make her angrier…"
          dir="auto"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="quiet" disabled={words.trim() === ""}>
          Ask
        </button>
      </form>
      <ul>
        {TASKS.map(({ command, name }) => (
          <li key={command}>
            <button type="button" onClick={() => onAsk(command)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
