/** A quiet line under each thing of a project. It is read again whenever something in the library changes. */
import { useEffect, useState } from "react";
import { useChosen, useSession } from "../../session/context";

interface FirstLines {
  pages: ReadonlyMap<number, string>;
  conversations: ReadonlyMap<number, string>;
}

const NONE: FirstLines = { pages: new Map(), conversations: new Map() };

export function useFirstLines(project: number): FirstLines {
  const { projects } = useSession();
  const library = useChosen((state) => state.library);
  const [lines, setLines] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes there may be a line
  useEffect(() => {
    let here = true;
    void projects.firstLines(project).then((found) => {
      if (!here || !found) return;
      const named = (all: typeof found.pages) => new Map(all.map(({ id, text }) => [id, text]));
      setLines({ pages: named(found.pages), conversations: named(found.conversations) });
    });
    return () => {
      here = false;
    };
  }, [projects, project, library]);
  return lines;
}
