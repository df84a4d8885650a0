/** The pages and conversations of a project, in the user's order, pages under their headings. */
import { Fragment } from "react";
import type { ConversationRow, PageRow } from "../../backend/client";
import { Lines } from "../../components/Lines";
import { heldBy } from "../../session/order";
import { useOrdering } from "./ordering";
import { PageLine } from "./PageLine";
import { PartLine } from "./PartLine";
import { Row } from "./Row";

interface Props {
  project: number | null;
  rows: readonly ConversationRow[];
  pages: readonly PageRow[];
}

export function Holdings({ project, rows, pages }: Props) {
  const order = heldBy(pages, rows);
  const orderings = useOrdering(project, order);
  /** The heading that a page before this place stands under. */
  const above: string[] = [];
  let part = "";
  for (const one of order) {
    above.push(part);
    if (one.kind === "page") part = one.part;
  }
  return (
    <ul>
      <Lines
        of={order}
        within=".sidebar-list"
        line={(one, at) => {
          const ordering = orderings.of(one);
          if (one.kind === "conversation") {
            const row = rows.find(({ id }) => id === one.id);
            return row && <Row key={`conversation ${one.id}`} row={row} ordering={ordering} />;
          }
          const page = pages.find(({ id }) => id === one.id);
          return (
            page && (
              <Fragment key={`page ${one.id}`}>
                {one.part !== above[at] &&
                  (one.part === "" ? (
                    <li className="part-end" aria-hidden="true" />
                  ) : (
                    <PartLine project={project} part={one.part} orderings={orderings} />
                  ))}
                <PageLine page={page} ordering={ordering} />
              </Fragment>
            )
          );
        }}
      />
    </ul>
  );
}
