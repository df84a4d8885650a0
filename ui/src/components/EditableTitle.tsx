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
  /** Of one among several, below the title of all. */
  below?: boolean;
}

export function EditableTitle({ title, untitled, editing, onEditing, onRename, below = false }: Props) {
  const Heading = below ? "h2" : "h1";
  return (
    <Heading className="title" dir="auto" data-editing={editing || undefined}>
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
    </Heading>
  );
}
