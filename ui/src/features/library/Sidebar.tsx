/** The left pane: everything the user has, and at its foot what holds for what is open. */
import { type ReactNode, useEffect, useRef } from "react";
import type { ConversationRow } from "../../backend/client";
import { takesText } from "../../components/editing";
import { Icon } from "../../components/Icon";
import { shortcut } from "../../components/keys";
import { Lines } from "../../components/Lines";
import { rove } from "../../components/rove";
import { dayOf } from "../../components/when";
import { useChosen, useSession } from "../../session/context";
import { conversationOf } from "../../session/places";
import { listed } from "../../session/state";
import { Holdings } from "./Holdings";
import { Project } from "./Project";
import { Row } from "./Row";
import "./sidebar.css";

interface Props {
  /** It lies over the page, and so takes the focus. */
  over: boolean;
  onPalette: () => void;
  onSearch: () => void;
  onSettings: () => void;
  onNewProject: () => void;
  /** What the window says at the very bottom. */
  foot: ReactNode;
  /** What stands on its edge. */
  edge: ReactNode;
}

export function Sidebar({ over, onPalette, onSearch, onSettings, onNewProject, foot, edge }: Props) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const place = useChosen((state) => state.place);
  const first = useRef<HTMLButtonElement>(null);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (over) first.current?.focus();
  }, [over]);
  const open = conversationOf(place);
  const rows = library?.conversations.filter((row) => listed(row, open)) ?? [];
  const pinned = useChosen((state) => state.remembered.pinned);
  const top = rows.filter((row) => pinned.includes(row.id));
  const below = rows.filter((row) => !pinned.includes(row.id));
  const loose = below.filter((row) => row.project === null);
  const projects = library?.projects ?? [];
  const pages = library?.pages ?? [];
  const loosePages = pages.filter((page) => page.project === null);
  useOneStop(pane, "id" in place ? `${place.show} ${place.id}` : null);

  return (
    <nav
      ref={pane}
      className="sidebar"
      aria-label="Library"
      onKeyDown={(event) => !(event.defaultPrevented || takesText(document.activeElement)) && rove(event, STOPS)}
    >
      <div className="sidebar-top">
        <span className="wordmark">Sotto</span>
        <button type="button" className="keys" title="Commands" onClick={onPalette}>
          <kbd>{shortcut("K")}</kbd>
          <span className="said">Commands</span>
        </button>
      </div>
      <div className="sidebar-doing">
        <button
          ref={first}
          type="button"
          className="row"
          aria-label="New conversation"
          title={`New conversation (${shortcut("N")})`}
          onClick={() => void session.newConversation()}
        >
          <Icon name="plus" />
          <span>New</span>
        </button>
        <button
          type="button"
          className="row"
          aria-label="New page"
          title={`New page (${shortcut("P", true)})`}
          onClick={() => void session.pages.create(place.show === "project" ? place.id : null)}
        >
          <Icon name="page" />
          <span>New page</span>
        </button>
        <button
          type="button"
          className="row"
          aria-label="Search"
          title={`Search everything (${shortcut("F", true)})`}
          onClick={onSearch}
        >
          <Icon name="search" />
          <span>Search</span>
        </button>
      </div>
      <div className="sidebar-list">
        {top.length > 0 && (
          <>
            <div className="heading">
              <h2>Pinned</h2>
            </div>
            <ul>
              {top.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </ul>
          </>
        )}
        <div className="heading">
          <h2>Projects</h2>
          <button
            type="button"
            className="icon-button"
            aria-label="New project"
            title={`New project (${shortcut("N", true)})`}
            onClick={onNewProject}
          >
            <Icon name="plus" />
          </button>
        </div>
        {projects.length === 0 && (
          <p className="hint">A project keeps pages and conversations about one piece of work together.</p>
        )}
        {projects.map((project) => (
          <Project
            key={project.id}
            project={project}
            rows={below.filter((row) => row.project === project.id)}
            pages={pages.filter((page) => page.project === project.id)}
          />
        ))}
        {loosePages.length > 0 && (
          <>
            <div className="heading">
              <h2>Pages</h2>
            </div>
            <Holdings project={null} rows={[]} pages={loosePages} />
          </>
        )}
        {loose.length > 0 && <Recent rows={loose} />}
      </div>
      <div className="sidebar-foot">
        <button
          type="button"
          className="row"
          aria-current={place.show === "trash" ? "page" : undefined}
          onClick={session.openTrash}
        >
          <Icon name="trash" />
          <span>Trash</span>
          {library && library.trash.length > 0 && <span className="count">{library.trash.length}</span>}
        </button>
        <button type="button" className="row" title={`Settings (${shortcut(",")})`} onClick={onSettings}>
          <Icon name="settings" />
          <span>Settings</span>
        </button>
        {foot}
      </div>
      {edge}
    </nav>
  );
}

/** Those without a project, newest first, under the days on which they were last written to. */
function Recent({ rows }: { rows: ConversationRow[] }) {
  const days = rows.map(({ updatedAt }) => dayOf(updatedAt));
  return (
    <>
      <div className="heading">
        <h2>Recent</h2>
      </div>
      <ul>
        <Lines
          of={rows}
          within=".sidebar-list"
          line={(row, i) => <Row key={row.id} row={row} day={days[i] === days[i - 1] ? null : (days[i] ?? null)} />}
        />
      </ul>
    </>
  );
}

/** What the arrows go through. A project is folded with the arrows from its own line. */
const STOPS = "button:not(.fold, [role=menuitem]), [role=separator]";

/** Tab stops once in the pane: where the focus was last, or else at what is open. */
function useOneStop(pane: React.RefObject<HTMLElement | null>, open: string | null): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const box = pane.current;
    if (!box) return;
    const settle = () => {
      const all = [...box.querySelectorAll<HTMLElement>(STOPS)];
      const stop = all.find((one) => one === last.current) ?? all.find(({ dataset }) => dataset["row"] === open);
      for (const one of all) one.tabIndex = one === (stop ?? all[0]) ? 0 : -1;
    };
    const came = ({ target }: FocusEvent) => {
      last.current = target instanceof Element ? target : null;
      settle();
    };
    // Having gone somewhere else, the user begins from there.
    if (!box.contains(document.activeElement)) last.current = null;
    settle();
    const changed = new MutationObserver(settle);
    changed.observe(box, { subtree: true, childList: true });
    box.addEventListener("focusin", came);
    return () => {
      changed.disconnect();
      box.removeEventListener("focusin", came);
    };
  }, [pane, open]);
}
