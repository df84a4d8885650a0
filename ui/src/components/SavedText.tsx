/** A field that saves itself: at most 400 ms after the first unsaved key, when it is left, and when it goes away. */
import { useEffect, useRef, useState } from "react";

const DELAY_MS = 400;

interface Props {
  id: string;
  label: string;
  hint?: string;
  placeholder: string;
  value: string;
  onSave: (text: string) => void;
}

export function SavedText({ id, label, hint, placeholder, value, onSave }: Props) {
  const [text, setText] = useState<string | null>(null);
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; save: () => void } | null>(null);
  const flush = () => {
    const job = waiting.current;
    waiting.current = null;
    if (!job) return;
    clearTimeout(job.timer);
    job.save();
  };
  useEffect(() => flush, []);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        dir="auto"
        rows={4}
        placeholder={placeholder}
        value={text ?? value}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          const timer = waiting.current?.timer ?? setTimeout(flush, DELAY_MS);
          waiting.current = { timer, save: () => onSave(typed) };
        }}
        onBlur={() => {
          flush();
          setText(null);
        }}
      />
    </div>
  );
}
