/** A name that is being changed where it stands: Enter keeps the new one, Escape the old one. */
import { useRef, useState } from "react";
import { composing } from "./keys";

interface Props {
  label: string;
  value: string;
  /** The new name; null where it stays as it is. Called once. */
  onDone: (name: string | null) => void;
}

export function LineField({ label, value, onDone }: Props) {
  const [text, setText] = useState(value);
  const done = useRef(false);
  const finish = (keep: boolean) => {
    if (done.current) return;
    done.current = true;
    const wanted = text.trim();
    onDone(keep && wanted !== "" && wanted !== value ? wanted : null);
  };
  return (
    <input
      className="line-field"
      aria-label={label}
      autoFocus
      dir="auto"
      value={text}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (composing(event.nativeEvent)) return;
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") {
          event.stopPropagation();
          finish(false);
        }
      }}
    />
  );
}
