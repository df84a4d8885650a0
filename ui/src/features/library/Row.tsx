/** One conversation in the left pane. */
import { useRef } from "react";
import type { ConversationRow } from "../../backend/client";
import { LineField } from "../../components/LineField";
import { useContextMenu } from "../../components/useContextMenu";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";

/** Of what is dragged, for a project to know it by. */
export const DRAGGED = "application/x-sotto-conversation";

/** `day`: said above it, where it is the first of that day. */
export function Row({ row, day = null }: { row: ConversationRow; day?: string | null }) {
  const session = useSession();
  const here = useChosen((state) => state.place.show === "conversation" && state.place.id === row.id);
  const writing = useChosen((state) => state.runs.has(row.id));
  const renaming = useChosen((state) => state.renaming?.kind === "conversation" && state.renaming.id === row.id && state.renaming.where === "row");
  const projects = useChosen((state) => state.library?.projects) ?? [];
  const button = useRef<HTMLButtonElement>(null);
  const title = row.title || "New conversation";
  const throwAway = () => {
    if (button.current) neighbour(button.current)?.focus();
    void session.trash("conversation", row.id);
  };
  const rename = () => session.startRenaming("conversation", row.id, "row");
  const { open, menu } = useContextMenu(title, () => [
    { name: "Open", act: () => void session.open(row.id) },
    { name: "Rename", keys: "F2", act: rename },
    ...projects.filter(({ id }) => id !== row.project).map(({ id, name }) => ({ name: `Move to ${name}`, act: () => void session.move(row.id, id) })),
    ...(row.project === null ? [] : [{ name: "Take out of its project", act: () => void session.move(row.id, null) }]),
    { name: "Move to the trash", keys: "Delete", act: throwAway, danger: true },
  ]);
  return (
    <li>
      {day && <p className="day">{day}</p>}
      {renaming ? (
        <LineField
          label="Title"
          value={row.title}
          onDone={(name) => {
            session.stopRenaming();
            if (name !== null) void session.rename(row.id, name);
            requestAnimationFrame(() => button.current?.focus());
          }}
        />
      ) : (
        <button
          ref={button}
          type="button"
          data-row={`conversation ${row.id}`}
          className="row"
          dir="auto"
          draggable
          title={`${title}\n${when(row.updatedAt)}${row.leaves ? ". Its messages leave this computer." : ""}`}
          aria-description={row.leaves ? "Leaves this computer" : undefined}
          aria-current={here ? "page" : undefined}
          aria-keyshortcuts="Delete F2"
          onClick={() => void session.open(row.id)}
          onDoubleClick={rename}
          onContextMenu={open}
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(row.id))}
          onKeyDown={(event) => {
            if (event.key === "Delete") throwAway();
            else if (event.key === "F2") {
              event.preventDefault();
              rename();
            }
          }}
        >
          <span>{title}</span>
          {writing ? <span className="mark">writing</span> : row.hasDraft && !here && <span className="mark">draft</span>}
          {row.leaves && <span className="dot leaves" aria-hidden="true" />}
        </button>
      )}
      {menu}
    </li>
  );
}

/** Where the focus goes when this line goes away. */
function neighbour(line: HTMLElement): HTMLElement | undefined {
  const all = [...(line.closest("nav")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = all.indexOf(line);
  return all[at + 1] ?? all[at - 1];
}
