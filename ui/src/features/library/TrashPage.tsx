/** What was thrown away, and can still come back. */
import { useState } from "react";
import type { Trashed } from "../../backend/client";
import { Confirm } from "../../components/Dialog";
import { LibraryButton } from "../../components/LibraryButton";
import { Lines } from "../../components/Lines";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";
import "./page.css";

const KINDS: Record<Trashed["kind"], { name: string; untitled: string }> = {
  project: { name: "Project", untitled: "Project" },
  page: { name: "Page", untitled: "New page" },
  conversation: { name: "Conversation", untitled: "New conversation" },
};

export function TrashPage({ onLibrary }: { onLibrary: () => void }) {
  const session = useSession();
  const trash = useChosen((state) => state.library?.trash) ?? [];
  const trouble = useChosen((state) => state.trouble);
  const [asking, setAsking] = useState(false);
  return (
    <div className="page">
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
        <h1 className="title">
          <span>Trash</span>
        </h1>
        <span className="spring" />
        {trash.length > 0 && (
          <button type="button" className="quiet" onClick={() => setAsking(true)}>
            Empty the trash…
          </button>
        )}
      </header>
      <div className="page-body">
        <div className="measure">
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          {trash.length === 0 ? (
            <p className="hint">Nothing here. What you throw away waits here until you empty it.</p>
          ) : (
            <ul className="lines">
              <Lines
                of={trash}
                within=".page-body"
                line={(row) => (
                  <li key={`${row.kind} ${row.id}`} className="line">
                    <span dir="auto">{row.title || KINDS[row.kind].untitled}</span>
                    <span className="count">
                      {KINDS[row.kind].name} · {when(row.trashedAt)}
                    </span>
                    <button
                      type="button"
                      className="quiet"
                      aria-label={`Restore ${row.title || KINDS[row.kind].untitled}`}
                      onClick={() => void session.restore(row.kind, row.id)}
                    >
                      Restore
                    </button>
                  </li>
                )}
              />
            </ul>
          )}
        </div>
      </div>
      {asking && (
        <Confirm
          title="Empty the trash?"
          text={`${things(trash)} will be gone for good. This cannot be undone.`}
          action="Empty it for good"
          onYes={() => void session.emptyTrash()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** "1 conversation", "2 projects, 1 page and 3 conversations". */
function things(trash: readonly Trashed[]): string {
  const kinds = Object.entries(KINDS).map(([kind, { name }]) => ({
    count: trash.filter((row) => row.kind === kind).length,
    name: name.toLowerCase(),
  }));
  const there = kinds.filter(({ count }) => count > 0).map(({ count, name }) => plural(count, name));
  const last = there.pop() ?? "";
  return there.length > 0 ? `${there.join(", ")} and ${last}` : last;
}
