/** Settings: their sections on the left, the one on show on the right. Every change is kept at once. */
import { type ReactNode, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import { Notices } from "../../components/Notices";
import { rove } from "../../components/rove";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import "./settings.css";

/** Sections come from several features, so the window hands them in. */
export interface Section {
  name: string;
  content: ReactNode;
}

interface Props {
  sections: Section[];
  /** The name of the section to begin with. */
  first: string;
  onClose: () => void;
}

export function Settings({ sections, first, onClose }: Props) {
  const session = useSession();
  const trouble = useChosen((state) => state.trouble);
  const [name, setName] = useState(first);
  const shown = sections.find((section) => section.name === name) ?? sections[0];
  return (
    <Dialog title="Settings" onClose={onClose} large>
      <div className="settings">
        <div
          className="settings-names"
          role="tablist"
          aria-label="Sections"
          aria-orientation="vertical"
          onKeyDown={(event) => rove(event, "[role=tab]", true)}
        >
          {sections.map((section) => (
            <button
              key={section.name}
              type="button"
              role="tab"
              id={`settings-tab-${section.name}`}
              data-first={section.name === first ? "" : undefined}
              aria-selected={section === shown}
              aria-controls="settings-section"
              tabIndex={section === shown ? 0 : -1}
              onClick={() => {
                setName(section.name);
                session.dismissTrouble();
              }}
            >
              {section.name}
            </button>
          ))}
        </div>
        <div
          key={shown?.name}
          className="settings-section"
          role="tabpanel"
          id="settings-section"
          aria-labelledby={`settings-tab-${shown?.name}`}
          tabIndex={-1}
        >
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          {shown?.content}
        </div>
      </div>
      <button
        type="button"
        className="icon-button settings-close"
        aria-label="Close the settings"
        title="Close (Esc)"
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
      {/* What lies behind a dialog cannot be reached: its way back is in here. */}
      <Notices />
    </Dialog>
  );
}
