/** The names of sections in a list of their own, and what goes with them in a large dialog. */
import { Icon } from "./Icon";
import { rove } from "./rove";
import "./tabs.css";

interface Props {
  /** What the list is called. */
  label: string;
  names: string[];
  shown: string | undefined;
  /** The id of the panel in which the one on show stands. */
  panel: string;
  /** None is marked: something else is on show. */
  none?: boolean;
  /** Which of them has the focus when the dialog opens. */
  first?: string;
  onChoose: (name: string) => void;
}

export function Tabs({ label, names, shown, panel, none = false, first, onChoose }: Props) {
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={label}
      aria-orientation="vertical"
      onKeyDown={(event) => rove(event, "[role=tab]", true)}
    >
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${panel}-${name}`}
          data-first={name === first ? "" : undefined}
          aria-selected={name === shown && !none}
          aria-controls={panel}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** Closes a large dialog, at its corner. `name`: what it closes. */
export function Close({ name, onClose }: { name: string; onClose: () => void }) {
  return (
    <button
      type="button"
      className="icon-button sections-close"
      aria-label={`Close ${name}`}
      title="Close (Esc)"
      onClick={onClose}
    >
      <Icon name="close" />
    </button>
  );
}
