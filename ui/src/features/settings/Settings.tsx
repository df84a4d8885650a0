/** Settings: their sections on the left, the one on show on the right. Every change is kept at once. */
import { type ReactNode, useState } from "react";
import { Dialog } from "../../components/Dialog";
import { Notices } from "../../components/Notices";
import { Close, Tabs } from "../../components/Tabs";
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
      <div className="sections settings">
        <div className="sections-left">
          <Tabs
            label="Sections"
            names={sections.map((section) => section.name)}
            shown={shown?.name}
            panel="settings-section"
            first={first}
            onChoose={(chosen) => {
              setName(chosen);
              session.dismissTrouble();
            }}
          />
        </div>
        <div
          key={shown?.name}
          className="sections-right settings-section"
          role="tabpanel"
          id="settings-section"
          aria-labelledby={`settings-section-${shown?.name}`}
          // It scrolls, so the keys must reach it.
          tabIndex={0}
        >
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          {shown?.content}
        </div>
      </div>
      <Close name="the settings" onClose={onClose} />
      {/* What lies behind a dialog cannot be reached: its way back is in here. */}
      <Notices />
    </Dialog>
  );
}
