/** What the window knows at this moment: a disposable copy of what the shell keeps. */
import type {
  Amount,
  AskView,
  BackupsView,
  CatalogueEntry,
  CloudChoice,
  CloudModel,
  CloudState,
  ConversationRow,
  EngineView,
  FirstRunStep,
  FoundFile,
  ImportedView,
  ImportProgress,
  InstalledModel,
  JournalLine,
  Ledger,
  Library,
  Machine,
  Made,
  ModelSettings,
  ModelsFolder,
  ModelTrash,
  Provider,
  Question,
  SettingsView,
  Sheet,
  Thread,
  Transfer,
  TrashKind,
  Unread,
  Way,
} from "../backend/client";
import { asMade, type Remembered } from "./remembered";

export interface State {
  /** Null until it was read for the first time. */
  library: Library | null;
  engine: EngineView;
  settings: SettingsView;
  /** What of all that is set could not be read. */
  unread: Unread[];
  /** Null until it was read. */
  backups: BackupsView | null;
  models: ModelsState;
  cloud: CloudView;
  /** What would leave, shown to the user; null while nothing would. */
  pending: Pending | null;
  /** What the user is choosing a place for, if anything. */
  choosing: Choosing | null;
  /** What was chosen on one side of two, until the other has taken it. */
  handed: { to: "conversation"; text: string } | { to: "page"; text: string; made: Made } | null;
  /** The first run; null until it is known how far the user went. */
  tour: { step: FirstRunStep; open: boolean } | null;
  place: Place;
  /** The conversation on show; null while it is fetched, and elsewhere than in a conversation. */
  thread: Thread | null;
  /** Files are held over the window. */
  filesHeld: boolean;
  /** How far an import is; null while none is under way. */
  importing: ImportProgress | null;
  /** What an import brought, until the user has read it. */
  brought: ImportedView | null;
  /** What is being given another name, and where that is typed. */
  renaming: { kind: TrashKind["kind"]; id: number; where: "title" | "row" } | null;
  /** Conversations of the left pane that are marked, to be moved or thrown away together. */
  marked: readonly number[];
  /** How the window was left. */
  remembered: Remembered;
  /** The user's message that is open to be changed. */
  rewriting: number | null;
  /** The message that was searched for, to be brought into view; `at` tells two requests apart. */
  searchTarget: { message: number; at: number; words: string[] } | null;
  /** The conversation whose two answers are not shown before both are written, if any. */
  hiding: number | null;
  /** Answers under way, by conversation. */
  runs: ReadonlyMap<number, Run>;
  /** A sentence about what just went wrong, for the place on show. */
  trouble: string | null;
  /** Sentences about answers that went wrong, by message. */
  answerTroubles: ReadonlyMap<number, AnswerTrouble>;
  /** What models thought before their answers, by message. It is not stored: it goes with the window. */
  thoughts: ReadonlyMap<number, string>;
  notice: Notice | null;
  /** Said once to a screen reader. */
  announcement: string;
}

/** What is null was not read yet. */
export interface ModelsState {
  installed: InstalledModel[];
  trash: ModelTrash;
  folder: ModelsFolder | null;
  transfers: Transfer[];
  catalogue: CatalogueEntry[] | null;
  found: FoundFile[] | null;
  machine: Machine | null;
  /** What the measurement said, in words. */
  measured: string | null;
  settings: ModelSettings | null;
  /** Checks and moves under way, by model. */
  work: ReadonlyMap<string, Amount>;
}

/** The cloud, as far as it was read: what is null was not. */
export interface CloudView extends CloudState {
  providers: Provider[] | null;
  /** By provider. */
  models: ReadonlyMap<string, CloudModel[]>;
  /** What the user chose last, to be offered first. */
  last: CloudChoice | null;
  /** Of the month that it names. */
  ledger: { month: string; read: Ledger } | null;
  journal: { lines: JournalLine[]; more: boolean } | null;
}

/** What would leave: a question, or a passage of a page that a model is to propose something for. */
export type Outgoing =
  | { for: "question"; conversation: number; question: Question }
  /** `go` is called with the user's yes. */
  | { for: "proposal"; page: number; ask: AskView; go: (way: Way) => void };

/** What waits for the user's yes. */
export interface Pending {
  of: Outgoing;
  /** Where this one goes, and only this one. */
  once: CloudChoice | null;
  sheet: Sheet;
  /** It is not what the user agreed to a moment ago. */
  changed: boolean;
  /** Parts were struck out, and what is left is being looked at. */
  looking: boolean;
}

export type Choosing =
  | { for: "conversation"; id: number }
  | { for: "project"; id: number }
  /** This answer, made once more elsewhere. */
  | { for: "answer"; conversation: number; id: number }
  /** A passage, with something to be done with it. */
  | { for: "passage"; conversation: number; text: string }
  /** One proposal for a page. */
  | (Outgoing & { for: "proposal" })
  /** Somebody else to answer the same: what was answered already, or `text`, which is asked first. */
  | { for: "beside"; conversation: number; answer: number }
  | { for: "both"; conversation: number; text: string; stored: () => void };

/** Why an answer went wrong, and where that can be mended. */
interface AnswerTrouble {
  sentence: string;
  page: string | null;
}

/** What the centre shows. */
export type Place =
  | { show: "nothing" }
  | { show: "conversation"; id: number }
  /** Beside it stands a conversation of its project, where the user put one there. */
  | { show: "page"; id: number; beside?: number }
  /** The pages under a heading of a project, or all of its pages, one below the other; `at` has the caret. */
  | { show: "group"; project: number | null; part: string | null; at: number }
  | { show: "project"; id: number }
  | { show: "trash" };

/** An answer under way. */
export interface Run {
  /** The answer's message; null until the user's is stored. */
  message: number | null;
  text: string;
  step: Step;
}

export type Step =
  | { at: "start" }
  | { at: "loading"; done: number; total: number }
  | { at: "reading"; done: number; total: number }
  | { at: "thinking" }
  | { at: "writing" };

/** A quiet line that goes by itself, with the way back. */
interface Notice {
  text: string;
  undo: () => void;
  /** Tells two notices of the same text apart. */
  at: number;
}

export const atFirst: State = {
  library: null,
  engine: { state: "noModel" },
  settings: { theme: "system", textSize: 18, mood: "balanced", bannedPhrases: [], seed: null, backupTrouble: null },
  unread: [],
  backups: null,
  models: {
    installed: [],
    trash: { models: [], bytes: 0 },
    folder: null,
    transfers: [],
    catalogue: null,
    found: null,
    machine: null,
    measured: null,
    settings: null,
    work: new Map(),
  },
  cloud: {
    on: false,
    locked: false,
    cap: null,
    providers: null,
    models: new Map(),
    last: null,
    ledger: null,
    journal: null,
  },
  pending: null,
  choosing: null,
  handed: null,
  tour: null,
  place: { show: "nothing" },
  thread: null,
  filesHeld: false,
  importing: null,
  brought: null,
  renaming: null,
  marked: [],
  remembered: asMade,
  rewriting: null,
  searchTarget: null,
  hiding: null,
  runs: new Map(),
  trouble: null,
  answerTroubles: new Map(),
  thoughts: new Map(),
  notice: null,
  announcement: "",
};

/** The model that answers now, as far as it is known. */
export function modelInUse({ models }: State): InstalledModel | undefined {
  return models.installed.find(({ inUse }) => inUse);
}

/** Whether the small model that comes with the app answers now. */
export function guideInUse(state: State): boolean {
  return modelInUse(state)?.kind === "guide";
}

/** Whether this computer has two models that can be compared: the guide is none. */
export function severalHere({ models }: State): boolean {
  return models.installed.filter(({ kind, missing }) => kind !== "guide" && !missing).length > 1;
}

/** A conversation that nobody has touched is listed only while it is open: it is not worth a line otherwise. */
export function listed(row: ConversationRow, open: number | null): boolean {
  return !row.untouched || row.id === open;
}

/** The library with one of its conversations changed. */
export function withRow(library: Library, id: number, change: Partial<ConversationRow>): Library {
  const conversations = library.conversations.map((row) => (row.id === id ? { ...row, ...change } : row));
  return { ...library, conversations };
}
