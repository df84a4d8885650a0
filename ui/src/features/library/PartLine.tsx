/** The heading of a group of pages in the left pane. */
import { useContextMenu } from "../../components/useContextMenu";
import { useChosen, useSession } from "../../session/context";
import { movedBy, moves, type Orderings } from "./ordering";

interface Props {
  project: number | null;
  part: string;
  orderings: Orderings;
}

export function PartLine({ project, part, orderings }: Props) {
  const session = useSession();
  const ordering = orderings.part(part);
  const open = () => project !== null && session.openProject(project);
  const here = useChosen(({ place }) => place.show === "group" && place.project === project && place.part === part);
  const { open: openMenu, menu } = useContextMenu(part, () => [
    { name: "Read as one", act: () => session.pages.readAsOne(project, part) },
    ...(project === null ? [] : [{ name: "Open the project", act: open }]),
    ...moves(ordering),
  ]);
  return (
    <li>
      <button
        type="button"
        data-row={`part ${project} ${part}`}
        className="row page-part"
        dir="auto"
        draggable
        title={part}
        aria-description="Group of pages"
        aria-current={here ? "page" : undefined}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={open}
        onContextMenu={openMenu}
        onDragStart={ordering.onDragStart}
        {...ordering.line}
        onKeyDown={(event) => {
          if (!movedBy(event, ordering)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <span>{part}</span>
      </button>
      {menu}
    </li>
  );
}
