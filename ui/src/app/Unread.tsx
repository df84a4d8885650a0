/** What of all that is set could not be read: what that means for now, and the way to set it anew. */
import { useState } from "react";
import { Dialog } from "../components/Dialog";
import { useChosen, useSession } from "../session/context";

export function Unread() {
  const session = useSession();
  const unread = useChosen((state) => state.unread);
  /** What was put off until the next start; what cannot be read from now on is said all the same. */
  const [later, setLater] = useState<ReadonlySet<string>>(new Set());
  const shown = unread.filter(({ sentence }) => !later.has(sentence));
  if (shown.length === 0) return null;
  const close = () => setLater(new Set(unread.map(({ sentence }) => sentence)));
  return (
    <Dialog title="Some of what you set could not be read" onClose={close}>
      <p>Your writing is safe. What was to keep things on this computer is closed until you say otherwise.</p>
      <ul className="unread">
        {shown.map(({ key, sentence, settle }) => (
          <li key={sentence}>
            <p>{sentence}</p>
            <button type="button" className="quiet" onClick={() => void session.settle(key)}>
              {settle}
            </button>
          </li>
        ))}
      </ul>
      <p className="hint">All of it can be set anew in the settings.</p>
      <div className="dialog-actions">
        <button type="button" className="quiet" onClick={close}>
          Later
        </button>
      </div>
    </Dialog>
  );
}
