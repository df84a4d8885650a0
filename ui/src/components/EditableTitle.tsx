/** A title that is a field once it is chosen: Enter keeps the new one, Escape the old one. */
import { useState } from "react";
import { composing } from "./keys";

interface Props {
  title: string;
  /** Shown while there is no title. */
  untitled: string;
  /** Set from outside, as the menu's Rename does. */
  editing: boolean;
  onEditing: (editing: boolean) => void;
  onRename: (title: string) => void;
}

export function EditableTitle({ title, untitled, editing, onEditing, onRename }: Props) {
  const [text, setText] = useState<string | null>(null);
  const finish = (keep: boolean) => {
    const wanted = text?.trim();
    setText(null);
    onEditing(false);
    if (keep && wanted && wanted !== title) onRename(wanted);
  };
  return (
    <h1 className="title" dir="auto">
      {editing ? (
        <input
          aria-label="Title"
          autoFocus
          dir="auto"
          value={text ?? title}
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
      ) : (
        <button type="button" title="Rename" onClick={() => onEditing(true)} className={title ? undefined : "untitled"}>
          {title || untitled}
        </button>
      )}
    </h1>
  );
}
