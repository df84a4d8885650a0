/** The quiet line that tells what was just done and offers the way back. It goes by itself. */
import { useEffect, useState } from "react";
import { useChosen, useSession } from "../session/context";
import { Fresh } from "./Fresh";

const STAYS_MS = 8000;

export function Notices() {
  const session = useSession();
  const notice = useChosen((state) => state.notice);
  const announcement = useChosen((state) => state.announcement);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!notice || held) return;
    const timer = setTimeout(session.dismissNotice, STAYS_MS);
    return () => clearTimeout(timer);
  }, [notice, held, session]);
  return (
    <>
      <div className="said" role="status" aria-live="polite">
        <Fresh text={announcement} />
      </div>
      <div className="notices" role="status" aria-live="polite">
        {notice && (
          // biome-ignore lint/a11y/noStaticElementInteractions: it stays while it is looked at
          <div
            key={notice.at}
            className="notice"
            onMouseEnter={() => setHeld(true)}
            onMouseLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
          >
            <span>{notice.text}</span>
            <button
              type="button"
              className="plain strong"
              onClick={() => {
                session.dismissNotice();
                notice.undo();
              }}
            >
              Undo
            </button>
          </div>
        )}
      </div>
    </>
  );
}
