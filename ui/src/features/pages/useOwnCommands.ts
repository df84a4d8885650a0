/** What the user has a model do again and again: kept for the pages of a project. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { PageCommand } from "../../backend/client";
import type { Session } from "../../session/session";

export interface OwnCommands {
  all: readonly PageCommand[];
  keep: (words: string) => Promise<void>;
  forget: (id: number) => Promise<void>;
}

/** As much of what the model is told says in a list which one it is. */
const LONGEST_NAME = 40;

export function useOwnCommands({ pages }: Session, project: number | null): OwnCommands {
  const [all, setAll] = useState<readonly PageCommand[]>([]);
  const read = useCallback(async () => setAll((await pages.commands(project)) ?? []), [pages, project]);
  useEffect(() => void read(), [read]);
  return useMemo(
    () => ({
      all,
      keep: async (words) => {
        const name = words.length > LONGEST_NAME ? `${words.slice(0, LONGEST_NAME).trimEnd()}…` : words;
        await pages.keepCommand(project, name, words);
        await read();
      },
      forget: async (id) => {
        await pages.forgetCommand(id);
        await read();
      },
    }),
    [all, pages, project, read],
  );
}
