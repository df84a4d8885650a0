/** A title that is a field once it is chosen. */
import { LineField } from "./LineField";

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
  return (
    <h1 className="title" dir="auto" data-editing={editing || undefined}>
      {editing ? (
        <LineField
          label="Title"
          value={title}
          onDone={(name) => {
            onEditing(false);
            if (name !== null) onRename(name);
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
