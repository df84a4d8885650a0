/** A project in the left pane, and its conversations under it. What is dragged onto it moves there. */
import { useState } from "react";
import type { ConversationRow, PageRow, ProjectView } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { LineField } from "../../components/LineField";
import { useContextMenu } from "../../components/useContextMenu";
import { useChosen, useSession } from "../../session/context";
import { Holdings } from "./Holdings";
import { DRAGGED, DRAGGED_PAGE, dragged } from "./ordering";

export function Project({ project, rows, pages }: { project: ProjectView; rows: ConversationRow[]; pages: PageRow[] }) {
  const session = useSession();
  const here = useChosen((state) => state.place.show === "project" && state.place.id === project.id);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "project" && state.renaming.id === project.id && state.renaming.where === "row",
  );
  const folded = useChosen((state) => state.remembered.folded.includes(project.id));
  const [over, setOver] = useState(false);
  const setFolded = (fold: boolean) => {
    const others = session.state.remembered.folded.filter((id) => id !== project.id);
    session.memory.keep({ folded: fold ? [...others, project.id] : others });
  };
  const rename = () => session.startRenaming("project", project.id, "row");
  const { open, menu } = useContextMenu(project.name, () => [
    { name: "Open", act: () => session.openProject(project.id) },
    ...(pages.length > 1 ? [{ name: "Read as one", act: () => session.pages.readAsOne(project.id, null) }] : []),
    { name: "New page here", act: () => void session.pages.create(project.id) },
    { name: "New conversation here", act: () => void session.newConversation(project.id) },
    { name: "Rename", keys: "F2", act: rename },
    { name: folded ? "Unfold" : "Fold", act: () => setFolded(!folded) },
    { name: "Move to the trash", keys: "Delete", act: () => void session.trash("project", project.id), danger: true },
  ]);
  return (
    <section
      className="project"
      aria-label={project.name}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (![DRAGGED, DRAGGED_PAGE].some((kind) => event.dataTransfer.types.includes(kind))) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const what = dragged(event.dataTransfer);
        if (!what) return;
        event.preventDefault();
        if (what.kind === "page") void session.pages.move(what.id, project.id);
        else void session.move(what.id, project.id);
      }}
    >
      <div className="project-row">
        <button
          type="button"
          className="fold"
          tabIndex={-1}
          aria-label={folded ? `Unfold ${project.name}` : `Fold ${project.name}`}
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          <Icon name={folded ? "right" : "down"} />
        </button>
        {renaming ? (
          <LineField
            label="Name of the project"
            value={project.name}
            onDone={(name) => {
              session.stopRenaming();
              if (name !== null) void session.projects.update(project.id, name, project.notes);
            }}
          />
        ) : (
          <button
            type="button"
            data-row={`project ${project.id}`}
            className="row"
            dir="auto"
            title={project.name}
            aria-current={here ? "page" : undefined}
            aria-keyshortcuts="ArrowLeft ArrowRight F2 Delete"
            onClick={() => session.openProject(project.id)}
            onDoubleClick={rename}
            onContextMenu={open}
            onKeyDown={(event) => {
              if (event.key === "ArrowLeft" || event.key === "ArrowRight") setFolded(event.key === "ArrowLeft");
              else if (event.key === "Delete") void session.trash("project", project.id);
              else if (event.key === "F2") {
                event.preventDefault();
                rename();
              }
            }}
          >
            <span>{project.name}</span>
          </button>
        )}
        {menu}
      </div>
      {!folded && rows.length + pages.length > 0 && <Holdings project={project.id} rows={rows} pages={pages} />}
    </section>
  );
}
