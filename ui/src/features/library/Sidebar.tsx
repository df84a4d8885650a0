/** The left pane: everything she has, and one line about the model. */
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { ConversationRow, ProjectView } from "../../backend/client";
import { engineLine } from "../../components/engineLine";
import { Icon } from "../../components/Icon";
import { shortcut } from "../../components/keys";
import { Lines } from "../../components/Lines";
import { rove } from "../../components/rove";
import { useChosen, useSession } from "../../session/context";
import { NewProject } from "./NewProject";
import "./sidebar.css";

interface Props {
  /** It lies over the page, and so takes the focus. */
  over: boolean;
  onPalette: () => void;
  onSearch: () => void;
  onSettings: () => void;
  onModel: () => void;
  /** What the window says at the very bottom. */
  foot: ReactNode;
}

export function Sidebar({ over, onPalette, onSearch, onSettings, onModel, foot }: Props) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const place = useChosen((state) => state.place);
  const engine = engineLine(useChosen((state) => state.engine));
  const [naming, setNaming] = useState(false);
  const top = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (over) top.current?.focus();
  }, [over]);
  const open = place.show === "conversation" ? place.id : null;
  // An empty conversation is listed only while it is open: it is not worth a line otherwise.
  const rows = library?.conversations.filter((row) => row.title !== "" || row.hasDraft || row.id === open) ?? [];
  const loose = rows.filter((row) => row.project === null);
  const projects = library?.projects ?? [];

  return (
    <nav className="sidebar" aria-label="Library">
      <div className="sidebar-top">
        <span className="wordmark">Sotto</span>
        <button type="button" className="keys" title="Commands" onClick={onPalette}>
          <kbd>{shortcut("K")}</kbd>
          <span className="said">Commands</span>
        </button>
      </div>
      <div className="sidebar-doing">
        <button ref={top} type="button" className="row" aria-label="New conversation" title={`New conversation (${shortcut("N")})`} onClick={() => void session.newConversation()}>
          <Icon name="plus" />
          <span>New</span>
        </button>
        <button type="button" className="row" aria-label="Search" title={`Search everything (${shortcut("F", true)})`} onClick={onSearch}>
          <Icon name="search" />
          <span>Search</span>
        </button>
      </div>
      <div className="sidebar-list" onKeyDown={(event) => rove(event, "[data-row]")}>
        <div className="heading">
          <h2>Projects</h2>
          <button type="button" className="icon-button" aria-label="New project" title="New project" onClick={() => setNaming(true)}>
            <Icon name="plus" />
          </button>
        </div>
        {projects.length === 0 && <p className="hint">A project keeps conversations about one piece of work together.</p>}
        {projects.map((project) => (
          <Project key={project.id} project={project} rows={rows.filter((row) => row.project === project.id)} />
        ))}
        {loose.length > 0 && (
          <>
            <div className="heading">
              <h2>Recent</h2>
            </div>
            <ul>
              <Lines of={loose} within=".sidebar-list" line={(row) => <Row key={row.id} row={row} />} />
            </ul>
          </>
        )}
      </div>
      <div className="sidebar-foot">
        <button type="button" className="row" aria-current={place.show === "trash" ? "page" : undefined} onClick={session.openTrash}>
          <Icon name="trash" />
          <span>Trash</span>
          {library && library.trash.length > 0 && <span className="count">{library.trash.length}</span>}
        </button>
        <button type="button" className="row" title={`Settings (${shortcut(",")})`} onClick={onSettings}>
          <Icon name="settings" />
          <span>Settings</span>
        </button>
        <button type="button" className="row engine-line" data-mood={engine.mood} title={engine.detail} onClick={onModel}>
          <span className="dot" aria-hidden="true" />
          <span>{engine.text}</span>
        </button>
        {foot}
      </div>
      {naming && <NewProject onClose={() => setNaming(false)} />}
    </nav>
  );
}

function Project({ project, rows }: { project: ProjectView; rows: ConversationRow[] }) {
  const session = useSession();
  const here = useChosen((state) => state.place.show === "project" && state.place.id === project.id);
  const [folded, setFolded] = useState(false);
  return (
    <section className="project" aria-label={project.name}>
      <div className="project-row">
        <button
          type="button"
          className="fold"
          aria-label={folded ? `Unfold ${project.name}` : `Fold ${project.name}`}
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          <Icon name={folded ? "right" : "down"} />
        </button>
        <button type="button" data-row className="row" dir="auto" aria-current={here ? "page" : undefined} onClick={() => session.openProject(project.id)}>
          <span>{project.name}</span>
        </button>
      </div>
      {!folded && rows.length > 0 && (
        <ul>
          <Lines of={rows} within=".sidebar-list" line={(row) => <Row key={row.id} row={row} />} />
        </ul>
      )}
    </section>
  );
}

function Row({ row }: { row: ConversationRow }) {
  const session = useSession();
  const here = useChosen((state) => state.place.show === "conversation" && state.place.id === row.id);
  const writing = useChosen((state) => state.runs.has(row.id));
  return (
    <li>
      <button
        type="button"
        data-row
        className="row"
        dir="auto"
        aria-current={here ? "page" : undefined}
        aria-keyshortcuts="Delete"
        onClick={() => void session.open(row.id)}
        onKeyDown={(event) => {
          if (event.key !== "Delete") return;
          neighbour(event.currentTarget)?.focus();
          void session.trash("conversation", row.id);
        }}
      >
        <span>{row.title || "New conversation"}</span>
        {writing ? <span className="mark">writing</span> : row.hasDraft && !here && <span className="mark">draft</span>}
      </button>
    </li>
  );
}

/** Where the focus goes when this line goes away. */
function neighbour(line: HTMLElement): HTMLElement | undefined {
  const all = [...(line.closest("nav")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = all.indexOf(line);
  return all[at + 1] ?? all[at - 1];
}
