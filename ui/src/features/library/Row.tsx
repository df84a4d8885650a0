/** One conversation in the left pane. */
import { type MouseEvent, useRef } from "react";
import type { ConversationRow } from "../../backend/client";
import { commands } from "../../components/keys";
import { LineField } from "../../components/LineField";
import { plural } from "../../components/plural";
import { useContextMenu } from "../../components/useContextMenu";
import { when } from "../../components/when";
import { useChosen, useSession } from "../../session/context";
import { conversationOf, projectOf } from "../../session/places";
import { DRAGGED, movedBy, moves, type Ordering } from "./ordering";

interface Props {
  row: ConversationRow;
  /** Said above it, where it is the first of that day. */
  day?: string | null;
  /** How it moves among what its project holds. */
  ordering?: Ordering | undefined;
}

export function Row({ row, day = null, ordering }: Props) {
  const session = useSession();
  const here = useChosen((state) => conversationOf(state.place) === row.id);
  const writing = useChosen((state) => state.runs.has(row.id));
  const renaming = useChosen(
    (state) =>
      state.renaming?.kind === "conversation" && state.renaming.id === row.id && state.renaming.where === "row",
  );
  const pinned = useChosen((state) => state.remembered.pinned.includes(row.id));
  const projects = useChosen((state) => state.library?.projects) ?? [];
  const besides = useChosen(
    ({ place, library }) => place.show === "page" && !here && projectOf(place, library) === row.project,
  );
  const button = useRef<HTMLButtonElement>(null);
  const title = row.title || "New conversation";
  const throwAway = () => {
    const ids = session.state.marked;
    if (ids.length > 1 && ids.includes(row.id)) return void session.trashAll(ids);
    if (button.current) neighbour(button.current)?.focus();
    void session.trash("conversation", row.id);
  };
  const rename = () => session.startRenaming("conversation", row.id, "row");
  const marked = useChosen((state) => state.marked.includes(row.id));
  const press = (event: MouseEvent) => {
    const { marked: before, place } = session.state;
    const from = before.at(-1) ?? conversationOf(place) ?? row.id;
    if (event.shiftKey) session.mark(between(event.currentTarget, from, row.id));
    else if (commands(event))
      session.mark(
        marked
          ? before.filter((id) => id !== row.id)
          : [...(before.length > 0 ? before : [from]), row.id].filter(unique),
      );
    else void session.open(row.id);
  };
  const several = () => {
    const ids = session.state.marked;
    const what = plural(ids.length, "conversation");
    return [
      ...projects.map(({ id, name }) => ({
        name: `Move ${what} to ${name}`,
        act: () => void session.moveAll(ids, id),
      })),
      { name: `Take ${what} out of their projects`, act: () => void session.moveAll(ids, null) },
      { name: `Move ${what} to the trash`, keys: "Delete", act: () => void session.trashAll(ids), danger: true },
    ];
  };
  const alone = () => [
    { name: "Open", act: () => void session.open(row.id) },
    ...(besides ? [{ name: "Open beside the page", act: () => void session.beside.conversation(row.id) }] : []),
    { name: "Rename", keys: "F2", act: rename },
    ...(ordering ? moves(ordering) : []),
    { name: pinned ? "Unpin" : "Pin to the top", act: () => session.memory.pin(row.id, !pinned) },
    ...projects
      .filter(({ id }) => id !== row.project)
      .map(({ id, name }) => ({ name: `Move to ${name}`, act: () => void session.move(row.id, id) })),
    ...(row.project === null ? [] : [{ name: "Take out of its project", act: () => void session.move(row.id, null) }]),
    { name: "Move to the trash", keys: "Delete", act: throwAway, danger: true },
  ];
  const { open, menu } = useContextMenu(title, () => (marked && session.state.marked.length > 1 ? several() : alone()));
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
          aria-description={
            [row.leaves && "Leaves this computer", marked && "Marked"].filter(Boolean).join(". ") || undefined
          }
          aria-current={here ? "page" : undefined}
          aria-keyshortcuts={ordering ? "Delete F2 Alt+ArrowUp Alt+ArrowDown" : "Delete F2"}
          {...ordering?.line}
          onClick={press}
          data-marked={marked || undefined}
          onDoubleClick={rename}
          onContextMenu={open}
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(row.id))}
          onKeyDown={(event) => {
            if (event.key === "Delete") throwAway();
            else if (event.key === "F2") {
              event.preventDefault();
              rename();
            } else if (ordering && movedBy(event, ordering)) {
              event.preventDefault();
              event.stopPropagation();
            }
          }}
        >
          <span>{title}</span>
          {writing ? (
            <span className="mark">writing</span>
          ) : (
            row.hasDraft && !here && <span className="mark">draft</span>
          )}
          {row.leaves && <span className="dot leaves" aria-hidden="true" />}
        </button>
      )}
      {menu}
    </li>
  );
}

/** Where the focus goes when this line goes away. */
export function neighbour(line: HTMLElement): HTMLElement | undefined {
  const all = [...(line.closest("nav")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = all.indexOf(line);
  return all[at + 1] ?? all[at - 1];
}

/** The conversations from one line to another, as they stand in the pane. */
function between(line: Element, from: number, to: number): number[] {
  const lines = [
    ...(line.closest(".sidebar-list")?.querySelectorAll<HTMLElement>("[data-row^='conversation ']") ?? []),
  ];
  const ids = lines.map(({ dataset }) => Number(dataset["row"]?.split(" ")[1]));
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  // The line that was pressed last comes last: the next stretch begins there.
  return a < 0 || b < 0 ? [to] : [...ids.slice(Math.min(a, b), Math.max(a, b) + 1).filter((id) => id !== to), to];
}

function unique(id: number, at: number, all: number[]): boolean {
  return all.indexOf(id) === at;
}
