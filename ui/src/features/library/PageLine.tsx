/** One page in the left pane. */
import { useRef } from "react";
import type { PageRow } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { LineField } from "../../components/LineField";
import { plural } from "../../components/plural";
import { useContextMenu } from "../../components/useContextMenu";
import { useChosen, useSession } from "../../session/context";
import { neighbour } from "./Row";

/** Of what is dragged, for a project and for other pages to know it by. */
export const DRAGGED_PAGE = "application/x-sotto-page";

/** `among`: the pages of its project in their order, itself among them. */
export function PageLine({ page, among }: { page: PageRow; among: readonly PageRow[] }) {
  const session = useSession();
  const here = useChosen((state) => state.place.show === "page" && state.place.id === page.id);
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === page.id && state.renaming.where === "row",
  );
  const projects = useChosen((state) => state.library?.projects) ?? [];
  const besides = useChosen(({ thread }) => thread !== null && !here && thread.project === page.project);
  const button = useRef<HTMLButtonElement>(null);
  const title = page.title || "New page";
  const at = among.findIndex(({ id }) => id === page.id);
  const rename = () => session.startRenaming("page", page.id, "row");
  const throwAway = () => {
    if (button.current) neighbour(button.current)?.focus();
    void session.trash("page", page.id);
  };
  const up = () => void (at > 0 && session.pages.place(page.id, among[at - 1]?.id ?? null));
  const down = () => void (at < among.length - 1 && session.pages.place(page.id, among[at + 2]?.id ?? null));
  const { open, menu } = useContextMenu(title, () => [
    { name: "Open", act: () => session.openPage(page.id) },
    ...(besides ? [{ name: "Open beside the conversation", act: () => session.beside.page(page.id) }] : []),
    { name: "Rename", keys: "F2", act: rename },
    ...(at > 0 ? [{ name: "Move up", keys: "Alt ↑", act: up }] : []),
    ...(at < among.length - 1 ? [{ name: "Move down", keys: "Alt ↓", act: down }] : []),
    ...projects
      .filter(({ id }) => id !== page.project)
      .map(({ id, name }) => ({ name: `Move to ${name}`, act: () => void session.pages.move(page.id, id) })),
    ...(page.project === null
      ? []
      : [{ name: "Take out of its project", act: () => void session.pages.move(page.id, null) }]),
    { name: "Move to the trash", keys: "Delete", act: throwAway, danger: true },
  ]);
  return (
    <li>
      {renaming ? (
        <LineField
          label="Title"
          value={page.title}
          onDone={(name) => {
            session.stopRenaming();
            if (name !== null) void session.pages.rename(page.id, name);
            requestAnimationFrame(() => button.current?.focus());
          }}
        />
      ) : (
        <button
          ref={button}
          type="button"
          data-row={`page ${page.id}`}
          className="row page-row"
          dir="auto"
          draggable
          title={`${title}\n${plural(page.words, "word")}`}
          aria-description="Page"
          aria-current={here ? "page" : undefined}
          aria-keyshortcuts="Delete F2 Alt+ArrowUp Alt+ArrowDown"
          onClick={() => session.openPage(page.id)}
          onDoubleClick={rename}
          onContextMenu={open}
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED_PAGE, String(page.id))}
          onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED_PAGE) && event.preventDefault()}
          onDrop={(event) => {
            const id = Number(event.dataTransfer.getData(DRAGGED_PAGE));
            if (id === page.id || !among.some((one) => one.id === id)) return;
            event.preventDefault();
            event.stopPropagation();
            void session.pages.place(id, page.id);
          }}
          onKeyDown={(event) => {
            if (event.key === "Delete") throwAway();
            else if (event.key === "F2") rename();
            else if (event.altKey && event.key === "ArrowUp") up();
            else if (event.altKey && event.key === "ArrowDown") down();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        >
          <Icon name="page" />
          <span>{title}</span>
        </button>
      )}
      {menu}
    </li>
  );
}
