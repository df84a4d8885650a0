/** A line that is kept when it is left, or with Enter. Escape brings the old one back. */
import { useState } from "react";
import { composing } from "../../components/keys";

interface Props {
  id: string;
  label: string;
  hint: string;
  placeholder: string;
  value: string;
  onSave: (text: string) => void;
}

export function SavedLine({ id, label, hint, placeholder, value, onSave }: Props) {
  const [text, setText] = useState<string | null>(null);
  const keep = () => {
    if (text !== null && text.trim() !== value) onSave(text.trim());
    setText(null);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <p className="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <input
        id={id}
        aria-describedby={`${id}-hint`}
        spellCheck={false}
        placeholder={placeholder}
        value={text ?? value}
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key === "Enter") keep();
          if (event.key === "Escape" && text !== null) {
            event.preventDefault();
            event.stopPropagation();
            setText(null);
          }
        }}
      />
    </div>
  );
}
