/** What was thrown away, and can still come back. */
import { useState } from "react";
import type { TrashRow } from "../../backend/client";
import { Confirm } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import { Lines } from "../../components/Lines";
import { plural } from "../../components/plural";
import { Trouble } from "../../components/Trouble";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";
import "./page.css";

export function TrashPage({ onLibrary }: { onLibrary: () => void }) {
  const session = useSession();
  const trash = useChosen((state) => state.library?.trash) ?? [];
  const trouble = useChosen((state) => state.trouble);
  const [asking, setAsking] = useState(false);
  return (
    <div className="page">
      <header className="bar">
        <button type="button" className="icon-button library-toggle" aria-label="Library" title="Library" onClick={onLibrary}>
          <Icon name="menu" />
        </button>
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
                    <span dir="auto">{row.title || "New conversation"}</span>
                    <span className="count">
                      {row.kind === "project" ? "Project" : "Conversation"} · {when(row.trashedAt)}
                    </span>
                    <button
                      type="button"
                      className="quiet"
                      aria-label={`Restore ${row.title || "New conversation"}`}
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

/** "1 conversation", "2 projects and 3 conversations". */
function things(trash: readonly TrashRow[]): string {
  const count = (kind: TrashRow["kind"]) => trash.filter((row) => row.kind === kind).length;
  const projects = count("project");
  const conversations = count("conversation");
  return [projects > 0 && plural(projects, "project"), conversations > 0 && plural(conversations, "conversation")].filter(Boolean).join(" and ");
}
