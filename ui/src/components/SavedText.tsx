/** A field that saves itself: at most 400 ms after the first unsaved key, when it is left, and when it goes away. */
import { useEffect, useRef, useState } from "react";
import { toItsEnd, writeInto } from "./editing";

const DELAY_MS = 400;

interface Props {
  id: string;
  label: string;
  hint?: string;
  placeholder: string;
  value: string;
  /** Lines that may be put at its end, as headings of what follows. */
  headings?: string[];
  onSave: (text: string) => void;
}

export function SavedText({ id, label, hint, placeholder, value, headings = [], onSave }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState<string | null>(null);
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; save: () => void } | null>(null);
  const flush = () => {
    const job = waiting.current;
    waiting.current = null;
    if (!job) return;
    clearTimeout(job.timer);
    job.save();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the field goes away, and reads a ref
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
        ref={field}
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
      {headings.length > 0 && (
        <div className="note-headings" role="group" aria-label={`Headings for ${label.toLowerCase()}`}>
          {headings
            .filter((heading) => !(text ?? value).split("\n").includes(`## ${heading}`))
            .map((heading) => (
              <button
                key={heading}
                type="button"
                className="plain"
                // The field keeps the focus: leaving it would save and shut it.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => field.current && under(field.current, heading)}
              >
                + {heading}
              </button>
            ))}
        </div>
      )}
    </div>
  );
}

/** A heading at the end of what is written, and the caret below it. */
function under(field: HTMLTextAreaElement, heading: string): void {
  toItsEnd(field);
  const gap = field.value.trim() === "" ? "" : field.value.endsWith("\n") ? "\n" : "\n\n";
  writeInto(field, `${gap}## ${heading}\n`);
}
