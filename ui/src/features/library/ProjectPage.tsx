/** One project: its name, what the model is always told in it, and its conversations. */
import { useState } from "react";
import { Cap } from "../../components/cloud/Cap";
import { Who } from "../../components/cloud/Who";
import { EditableTitle } from "../../components/EditableTitle";
import { LibraryButton } from "../../components/LibraryButton";
import { Lines } from "../../components/Lines";
import { Menu } from "../../components/Menu";
import { plural } from "../../components/plural";
import { SavedText } from "../../components/SavedText";
import { Trouble } from "../../components/Trouble";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";
import { listed } from "../../session/state";
import { PagesExport } from "./PagesExport";
import { ProjectWriting } from "./ProjectWriting";
import { useFirstLines } from "./useFirstLines";
import "./page.css";

/** What most notes are about. */
const HEADINGS = ["People", "Places", "Voice", "Never"];

interface Props {
  id: number;
  onLibrary: () => void;
  /** Looks through its pages, or those of one heading. */
  onFind: (part: string | null) => void;
}

export function ProjectPage({ id, onLibrary, onFind }: Props) {
  const session = useSession();
  /** The heading whose pages go out; null: all; undefined: none. */
  const [exporting, setExporting] = useState<string | null | undefined>(undefined);
  const library = useChosen((state) => state.library);
  const trouble = useChosen((state) => state.trouble);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "project" && state.renaming.id === id && state.renaming.where === "title",
  );
  const lines = useFirstLines(id);
  const project = library?.projects.find((one) => one.id === id);
  if (!project) return null;
  const pages = library?.pages.filter((page) => page.project === id) ?? [];
  const parts = [...new Set(pages.map((page) => page.part))].filter((part) => part !== "");
  const handsOff = library?.handsOff.includes(id) ?? false;
  const rows = library?.conversations.filter((row) => row.project === id && listed(row, null)) ?? [];

  return (
    <div className="page">
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
        <EditableTitle
          title={project.name}
          untitled="Project"
          editing={renaming}
          onEditing={(editing) => (editing ? session.startRenaming("project", id, "title") : session.stopRenaming())}
          onRename={(name) => void session.projects.update(id, name, project.notes)}
        />
        <span className="spring" />
        <Menu
          name="This project"
          items={[
            { name: "Rename", keys: "F2", act: () => session.startRenaming("project", id, "title") },
            ...(pages.length > 1 ? [{ name: "Read as one", act: () => session.pages.readAsOne(id, null) }] : []),
            ...parts.map((part) => ({
              name: `Read as one: “${part}”`,
              act: () => session.pages.readAsOne(id, part),
            })),
            ...(pages.length > 0 ? [{ name: "Find and replace in its pages…", act: () => onFind(null) }] : []),
            ...parts.map((part) => ({ name: `Find and replace in “${part}”…`, act: () => onFind(part) })),
            ...(pages.length > 0 ? [{ name: "Export its pages…", act: () => setExporting(null) }] : []),
            ...parts.map((part) => ({ name: `Export “${part}”…`, act: () => setExporting(part) })),
            { name: "Move to the trash", act: () => void session.trash("project", id), danger: true },
          ]}
        />
      </header>
      <div className="page-body">
        <div className="measure">
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          <div className="notes-page">
            <SavedText
              id="project-notes"
              label="Notes"
              hint="The model is always told these, in every conversation of this project."
              placeholder="Who is in it, how it should sound, what must not happen."
              value={project.notes}
              headings={HEADINGS}
              onSave={(notes) => void session.projects.update(id, project.name, notes)}
            />
          </div>
          <section className="page-going" aria-labelledby="project-goes">
            <div>
              <h2 id="project-goes">Who answers here</h2>
              <Who
                to={project.goesTo}
                of="this project"
                onChange={() => session.cloud.choose({ for: "project", id })}
              />
            </div>
            {project.leaving && (
              <Cap
                label="Monthly limit"
                cap={project.cap}
                onKeep={(cap) => void session.cloud.setProjectLeaving(id, project.leaving, cap)}
              />
            )}
          </section>
          <ProjectWriting project={project} />
          <div className="page-heading">
            <h2>Pages</h2>
            <span className="spring" />
            <button type="button" className="quiet" onClick={() => void session.pages.bring(id)}>
              Import…
            </button>
            <button type="button" className="quiet" onClick={() => void session.pages.create(id)}>
              New page here
            </button>
          </div>
          {pages.length === 0 && (
            <p className="hint">
              None yet. A page is a scene, a chapter, a brief: you write it, and a model proposes only where you ask.
            </p>
          )}
          <ul className="lines">
            {pages.map((page) => (
              <li key={page.id}>
                <button type="button" className="line" onClick={() => session.openPage(page.id)}>
                  <span>
                    <span className="line-name" dir="auto">
                      {page.part !== "" && <span className="hint">{page.part} · </span>}
                      {page.title || "New page"}
                    </span>
                    <FirstLine text={lines.pages.get(page.id)} />
                  </span>
                  <span className="count">{plural(page.words, "word")}</span>
                </button>
              </li>
            ))}
          </ul>
          {pages.length > 1 && (
            <p className="hint">
              {plural(
                pages.reduce((sum, { words }) => sum + words, 0),
                "word",
              )}{" "}
              in all.
            </p>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={handsOff}
              onChange={(event) => void session.pages.setHandsOff(id, event.target.checked)}
            />{" "}
            Hands-off: no model’s text comes onto these pages
          </label>
          <div className="page-heading">
            <h2>Conversations</h2>
            <button type="button" className="quiet" onClick={() => void session.newConversation(id)}>
              New in this project
            </button>
          </div>
          {rows.length === 0 && <p className="hint">None yet. Begin one here, or move one here from its menu.</p>}
          <ul className="lines">
            <Lines
              of={rows}
              within=".page-body"
              line={(row) => (
                <li key={row.id}>
                  <button type="button" className="line" onClick={() => void session.open(row.id)}>
                    <span>
                      <span className="line-name" dir="auto">
                        {row.title || "New conversation"}
                      </span>
                      <FirstLine text={lines.conversations.get(row.id)} />
                    </span>
                    <span className="count">{when(row.updatedAt)}</span>
                  </button>
                </li>
              )}
            />
          </ul>
        </div>
      </div>
      {exporting !== undefined && <PagesExport project={id} part={exporting} onClose={() => setExporting(undefined)} />}
    </div>
  );
}

function FirstLine({ text }: { text: string | undefined }) {
  return (
    text && (
      <span className="line-first" dir="auto">
        {text}
      </span>
    )
  );
}
