/** One page in the left pane. */
import { useRef } from "react";
import type { PageRow } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { LineField } from "../../components/LineField";
import { plural } from "../../components/plural";
import { useContextMenu } from "../../components/useContextMenu";
import { useChosen, useSession } from "../../session/context";
import { DRAGGED_PAGE, movedBy, moves, type Ordering } from "./ordering";
import { neighbour } from "./Row";

export function PageLine({ page, ordering }: { page: PageRow; ordering: Ordering }) {
  const session = useSession();
  const here = useChosen(
    ({ place }) => (place.show === "page" && place.id === page.id) || (place.show === "group" && place.at === page.id),
  );
  const renaming = useChosen(
    (state) => state.renaming?.kind === "page" && state.renaming.id === page.id && state.renaming.where === "row",
  );
  const projects = useChosen((state) => state.library?.projects) ?? [];
  const besides = useChosen(({ thread }) => thread !== null && !here && thread.project === page.project);
  const button = useRef<HTMLButtonElement>(null);
  const title = page.title || "New page";
  const rename = () => session.startRenaming("page", page.id, "row");
  const throwAway = () => {
    if (button.current) neighbour(button.current)?.focus();
    void session.trash("page", page.id);
  };
  const { open, menu } = useContextMenu(title, () => [
    { name: "Open", act: () => session.openPage(page.id) },
    ...(besides ? [{ name: "Open beside the conversation", act: () => session.beside.page(page.id) }] : []),
    { name: "Rename", keys: "F2", act: rename },
    ...moves(ordering),
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
          {...ordering.line}
          onKeyDown={(event) => {
            if (event.key === "Delete") throwAway();
            else if (event.key === "F2") rename();
            else if (!movedBy(event, ordering)) return;
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
