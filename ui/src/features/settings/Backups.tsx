/** Backups: where they lie, one more now, and the two ways back. */
import { useEffect, useState } from "react";
import type { BackUpWhy, BackupView, Contents } from "../../backend/client";
import { size } from "../../components/amounts";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";

const WHYS: Record<BackUpWhy, string> = {
  daily: "Made for the day",
  import: "Before files came in",
  restore: "Before something was brought back",
  asked: "You asked for it",
};
const FIRST = 10;

export function Backups() {
  const { backups } = useSession();
  const shown = useChosen((state) => state.backups);
  const trouble = useChosen((state) => state.settings.backupTrouble);
  const [working, setWorking] = useState(false);
  const [chosen, setChosen] = useState<BackupView | null>(null);
  const [whole, setWhole] = useState(false);
  useEffect(() => void backups.read(), [backups]);
  if (!shown) return null;
  const backUp = () => {
    setWorking(true);
    void backups.backUp().finally(() => setWorking(false));
  };
  const all = shown.backups;
  return (
    <>
      <p>
        Everything you wrote is copied on each day that you work, and before files come in. Every copy is read back
        before it counts. Older ones thin out with time; those you ask for stay.
      </p>
      {trouble !== null && (
        <p className="backup-trouble" role="status">
          <strong>The last backup failed.</strong> {trouble}
        </p>
      )}
      <section aria-labelledby="backup-folder">
        <h3 id="backup-folder">Where they are kept</h3>
        <p className="path">{shown.folder}</p>
        <p className="hint">
          {shown.atHome
            ? "This is on the same disk as your writing. A folder on another disk, or one that is synced, is safer."
            : "Whoever can open this folder finds your pictures there; your words are encrypted."}{" "}
          On another computer a backup opens with your recovery key: Settings, Privacy shows it.
        </p>
        <div className="backup-actions">
          <button type="button" className="quiet" onClick={() => void backups.chooseFolder()}>
            Choose a folder…
          </button>
          {!shown.atHome && (
            <button type="button" className="quiet" onClick={() => void backups.keepAtHome()}>
              Keep them with Sotto
            </button>
          )}
        </div>
      </section>
      <section aria-labelledby="backup-list">
        <h3 id="backup-list">Backups</h3>
        <button type="button" className="quiet" disabled={working} onClick={backUp}>
          {working ? "Making a backup…" : "Back up now"}
        </button>
        {all.length === 0 ? (
          <p className="hint">There are none here yet. The first is made soon after you write.</p>
        ) : (
          <ul className="backups">
            {(whole ? all : all.slice(0, FIRST)).map((backup) => (
              <li key={backup.name}>
                <span>
                  {capital(exactly(backup.at))}
                  <span className="hint">
                    {WHYS[backup.why]}, {size(backup.bytes)}
                  </span>
                </span>
                <button
                  type="button"
                  className="quiet"
                  aria-label={`Bring back ${exactly(backup.at)}`}
                  onClick={() => setChosen(backup)}
                >
                  Bring back…
                </button>
              </li>
            ))}
          </ul>
        )}
        {!whole && all.length > FIRST && (
          <button type="button" className="plain strong" onClick={() => setWhole(true)}>
            Show all {all.length}
          </button>
        )}
      </section>
      {chosen && <BringBack backup={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

/** What is missing, or everything as it was. */
function BringBack({ backup, onClose }: { backup: BackupView; onClose: () => void }) {
  const { backups } = useSession();
  const trouble = useChosen((state) => state.trouble);
  const [step, setStep] = useState<"choose" | "working" | "ready" | Contents>("choose");
  const [recovery, setRecovery] = useState("");
  const merge = () => {
    setStep("working");
    void backups.merge(backup.name, recovery).then((back) => setStep(back ?? "choose"));
  };
  const restore = () => {
    setStep("working");
    void backups.restore(backup.name, recovery).then((ready) => setStep(ready ? "ready" : "choose"));
  };
  return (
    <Dialog title={`The backup of ${exactly(backup.at)}`} onClose={onClose}>
      {step === "ready" ? (
        <>
          <p>It is ready. It opens when you start Sotto again, and what is here now is kept in a folder beside it.</p>
          <div className="dialog-actions">
            <button type="button" className="quiet" onClick={onClose}>
              Later
            </button>
            <button type="button" className="primary" onClick={() => void backups.quit()}>
              Quit Sotto
            </button>
          </div>
        </>
      ) : typeof step === "object" ? (
        <>
          <p role="status">{broughtBack(step)}</p>
          <div className="dialog-actions">
            <button type="button" className="primary" onClick={onClose}>
              Done
            </button>
          </div>
        </>
      ) : (
        <>
          {trouble !== null && (
            <p className="backup-trouble" role="alert">
              {trouble}
            </p>
          )}
          <p>
            <strong>Bring back what is missing</strong> adds what the backup has and you no longer have. Nothing that is
            here changes.
          </p>
          <p>
            <strong>Go back to it</strong> puts everything as it was then. What is here now is kept in a folder beside
            it.
          </p>
          <details className="advanced">
            <summary>It was made on another computer</summary>
            <label>
              Recovery key of that computer’s library
              <input
                type="text"
                autoComplete="off"
                spellCheck={false}
                value={recovery}
                onChange={(event) => setRecovery(event.target.value)}
              />
            </label>
          </details>
          <div className="dialog-actions">
            <button type="button" className="quiet" disabled={step === "working"} onClick={restore}>
              Go back to it
            </button>
            <button type="button" className="primary" disabled={step === "working"} onClick={merge}>
              {step === "working" ? "Bringing it back…" : "Bring back what is missing"}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function broughtBack({ projects, conversations, messages, pages }: Contents): string {
  const parts = [
    { count: projects, noun: "project" },
    { count: conversations, noun: "conversation" },
    { count: messages, noun: "message" },
    { count: pages, noun: "page" },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return "Nothing was missing.";
  return `Back again: ${parts.map(({ count, noun }) => plural(count, noun)).join(", ")}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Today"'s have their time, and all have their day. */
function exactly(at: number): string {
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = when(at);
  return day === time ? `today, ${time}` : `${day}, ${time}`;
}
