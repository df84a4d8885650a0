/**
 * The one crossing to the shell. Features see `Backend`: plain promises that throw a
 * `TroubleError`, and callbacks. Only this file and the generated bindings know Tauri.
 */
import { Channel } from "@tauri-apps/api/core";
import {
  type Amount,
  type AnswerEvent,
  type AnswerOptions,
  type AskView,
  type Code,
  commands,
  type EngineView,
  events,
  type FilesOver,
  type ImportFrom,
  type ImportProgress,
  type LibraryChanged,
  type MenuChosen,
  type ModelTransfer,
  type ProposalEvent,
  type Question,
  type Sheet,
  type Trouble,
} from "./bindings.gen";

export type * from "./bindings.gen";
export type {
  AnswerOptions as Way,
  CloudBackendView as CloudBackend,
  CloudModelView as CloudModel,
  CostView as Cost,
  FirstRun as FirstRunStep,
  Hit as SearchHit,
  LedgerEntryView as LedgerEntry,
  MachineSummary as Machine,
  MadeView as Made,
  ModelSettingsView as ModelSettings,
  ModelTransfer as Transfer,
  PictureView as Picture,
  PriceView as Price,
  ProviderView as Provider,
  UnreadField as Unread,
} from "./bindings.gen";
export { LARGEST_PICTURE } from "./bindings.gen";

/** Something went wrong that the person should read about. `message` is fit to show. */
export class TroubleError extends Error {
  constructor(
    readonly code: Code,
    message: string,
    /** What the user must see and agree to first, with `notAgreed`. */
    readonly sheet: Sheet | null = null,
  ) {
    super(message);
  }
}

/** Hears what happens to an answer, in order, until it is finished. */
export type Listener = (event: AnswerEvent) => void;
/** Ends a subscription. */
type Unsubscribe = () => void;

type Commands = typeof commands;
type Outcome<T> = { status: "ok"; data: T } | { status: "error"; error: Trouble };
/** What a command gives when all is well. */
type Good<R> = R extends { status: "error" } ? never : R extends { status: "ok"; data: infer T } ? T : R;
/** A command as features call it. */
type Plain<C> = C extends (...args: infer A) => Promise<infer R>
  ? (...args: A) => Promise<[Good<R>] extends [null] ? void : Good<R>>
  : never;
/** Those that tell how far they are take a function in the place of a channel. */
type Telling = "ask" | "propose" | "verifyModel" | "moveModels" | "importFiles";

/** All that the window can ask for. */
export type Backend = { [K in Exclude<keyof Commands, Telling>]: Plain<Commands[K]> } & {
  /** Asks, and tells what comes; resolves when the answer is finished. */
  ask(question: Question, way: AnswerOptions, listener: Listener): Promise<void>;
  /** Has a passage done over, and tells what comes; resolves when it is over. */
  propose(page: number, ask: AskView, way: AnswerOptions, heard: (event: ProposalEvent) => void): Promise<void>;
  /** Takes files in, and tells how far that is; null when the user changed their mind. */
  importFiles(
    from: ImportFrom,
    project: number | null,
    onProgress: (progress: ImportProgress) => void,
  ): ReturnType<Plain<Commands["importFiles"]>>;
  verifyModel(id: string, onProgress: (amount: Amount) => void): ReturnType<Plain<Commands["verifyModel"]>>;
  moveModels(folder: string, onProgress: (amount: Amount) => void): Promise<void>;
  onEngineChanged(heard: (engine: EngineView) => void): Unsubscribe;
  onMenuChosen(heard: (chosen: MenuChosen) => void): Unsubscribe;
  onTransfersChanged(heard: (transfers: ModelTransfer[]) => void): Unsubscribe;
  onModelsChanged(heard: () => void): Unsubscribe;
  onLibraryChanged(heard: (changed: LibraryChanged) => void): Unsubscribe;
  onSettingsChanged(heard: () => void): Unsubscribe;
  onFilesOver(heard: (files: FilesOver) => void): Unsubscribe;
  /** Resolves when all that was subscribed to so far is really heard: what is read then cannot miss a change. */
  listening(): Promise<void>;
};

/** The shell behind this window. */
/** The licences of what others made: a file of the app's own. */
export async function noticesText(): Promise<string> {
  const answer = await fetch("/notices.txt");
  if (!answer.ok) throw new Error(`notices.txt: ${answer.status}`);
  return answer.text();
}

export function createBackend(): Backend {
  const plain = Object.entries(commands).map(([name, command]) => [
    name,
    async (...args: unknown[]) => unwrap(await (command as (...args: unknown[]) => Promise<unknown>)(...args)),
  ]);
  const begun: Promise<unknown>[] = [];
  const until = (listening: Promise<Unsubscribe>): Unsubscribe => {
    begun.push(listening);
    return () => void listening.then((stop) => stop());
  };
  return {
    listening: async () => void (await Promise.all(begun)),
    ...(Object.fromEntries(plain) as { [K in Exclude<keyof Commands, Telling>]: Plain<Commands[K]> }),
    ask: async (question, way, listener) => void unwrap(await commands.ask(question, way, new Channel(listener))),
    propose: async (page, ask, way, heard) => {
      // What is told comes by another way than the outcome, and its end may come after that.
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const channel = new Channel<ProposalEvent>((event) => {
        heard(event);
        if (event.type === "finished") end();
      });
      unwrap(await commands.propose(page, ask, way, channel));
      await ended;
    },
    importFiles: async (from, project, onProgress) =>
      unwrap(await commands.importFiles(from, project, new Channel(onProgress))),
    verifyModel: async (id, onProgress) => unwrap(await commands.verifyModel(id, new Channel(onProgress))),
    moveModels: async (folder, onProgress) => void unwrap(await commands.moveModels(folder, new Channel(onProgress))),
    onEngineChanged: (heard) => until(events.engineChanged.listen((event) => heard(event.payload))),
    onMenuChosen: (heard) => until(events.menuChosen.listen((event) => heard(event.payload))),
    onTransfersChanged: (heard) => until(events.transfersChanged.listen((event) => heard(event.payload))),
    onLibraryChanged: (heard) => until(events.libraryChanged.listen((event) => heard(event.payload))),
    onModelsChanged: (heard) => until(events.modelsChanged.listen(() => heard())),
    onFilesOver: (heard) => until(events.filesOver.listen((event) => heard(event.payload))),
    onSettingsChanged: (heard) => until(events.settingsChanged.listen(() => heard())),
  };
}

/** What a command gave, or its trouble thrown. Some cannot fail and give it bare. */
function unwrap<R>(outcome: R): Good<R> {
  if (!isOutcome(outcome)) return outcome as Good<R>;
  if (outcome.status === "ok") return outcome.data as Good<R>;
  const { code, message, sheet } = outcome.error;
  throw new TroubleError(code, message, sheet);
}

function isOutcome(value: unknown): value is Outcome<unknown> {
  return typeof value === "object" && value !== null && "status" in value && ("data" in value || "error" in value);
}
