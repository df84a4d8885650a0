/** For backends that have no store: each write is told of, as the store does. */
import type { Backend, LibraryChanged, Listener } from "./client";

const WRITES: ReadonlySet<string> = new Set<keyof Backend>([
  "createConversation",
  "renameConversation",
  "moveConversation",
  "setInstructions",
  "leaveOut",
  "saveDraft",
  "attachPictures",
  "pastePicture",
  "detachPicture",
  "pasteClipboard",
  "takeDropped",
  "trash",
  "restore",
  "emptyTrash",
  "createProject",
  "updateProject",
  "setProjectMood",
  "banInProject",
  "setLeaving",
  "setProjectLeaving",
  "saveStartingPoint",
  "deleteStartingPoint",
  "resetStartingPoint",
  "createPage",
  "importFiles",
  "pageFromConversation",
  "renamePage",
  "movePage",
  "arrange",
  "setHandsOff",
  "setPageGoal",
  "setPageLanguage",
  "splitPage",
  "mergePage",
  "duplicatePage",
]);

const LISTING: LibraryChanged = { listing: true, anything: false, conversations: [], pages: [] };

/** Those who hear of changes. */
export type Hears = Set<(changed: LibraryChanged) => void>;

export function telling(backend: Omit<Backend, "onLibraryChanged">, hears: Hears = new Set()): Backend {
  const tell = () => {
    for (const heard of hears) heard(LISTING);
  };
  const told = Object.entries(backend).map(([name, command]) => {
    if (!WRITES.has(name)) return [name, command];
    const act = command as unknown as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => act(...args).finally(tell)];
  });
  const ask: Backend["ask"] = (question, way, listener) => {
    const hear: Listener = (event) => {
      listener(event);
      if (event.type === "stored" || event.type === "finished") tell();
    };
    return backend.ask(question, way, hear);
  };
  return {
    ...(Object.fromEntries(told) as typeof backend),
    ask,
    onLibraryChanged: (heard) => {
      hears.add(heard);
      return () => hears.delete(heard);
    },
  };
}
