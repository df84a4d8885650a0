/**
 * The one crossing to the shell. Features see `Backend`: plain promises that throw a
 * `TroubleError`, and callbacks. Only this file and the generated bindings know Tauri.
 */
import { Channel } from "@tauri-apps/api/core";
import {
  commands,
  events,
  type AnswerEvent,
  type Code,
  type EngineView,
  type Library,
  type MenuChosen,
  type ProjectView,
  type SearchHit,
  type SettingsView,
  type StartingPointView,
  type Thread,
  type TrashKind,
  type Trouble,
} from "./bindings.gen";

export type * from "./bindings.gen";

/** Something went wrong that the person should read about. `message` is fit to show. */
export class TroubleError extends Error {
  constructor(
    readonly code: Code,
    message: string,
  ) {
    super(message);
  }
}

/** Hears what happens to an answer, in order, until it is finished. */
export type Listener = (event: AnswerEvent) => void;
/** Ends a subscription. */
export type Unsubscribe = () => void;

/** All that the window can ask for. */
export interface Backend {
  library(): Promise<Library>;
  openConversation(id: number): Promise<Thread>;
  createConversation(project: number | null, startingPoint: number | null): Promise<Thread>;
  renameConversation(id: number, title: string): Promise<void>;
  moveConversation(id: number, project: number | null): Promise<void>;
  setInstructions(conversation: number, instructions: string): Promise<void>;
  saveDraft(conversation: number, text: string): Promise<void>;
  trash(kind: TrashKind, id: number): Promise<void>;
  restore(kind: TrashKind, id: number): Promise<void>;
  emptyTrash(): Promise<void>;
  createProject(name: string): Promise<ProjectView>;
  updateProject(id: number, name: string, notes: string): Promise<void>;
  saveStartingPoint(
    id: number | null,
    name: string,
    description: string,
    instructions: string,
  ): Promise<StartingPointView>;
  deleteStartingPoint(id: number): Promise<void>;
  resetStartingPoint(id: number): Promise<StartingPointView>;
  search(query: string): Promise<SearchHit[]>;
  /** Resolves when the answer is finished. */
  send(conversation: number, text: string, listener: Listener): Promise<void>;
  /** Another answer to the same message; resolves when it is finished. */
  regenerate(message: number, listener: Listener): Promise<void>;
  /** Another version of an own message and an answer to it; resolves when that is finished. */
  editMessage(message: number, text: string, listener: Listener): Promise<void>;
  stop(conversation: number): Promise<void>;
  chooseAlternative(message: number): Promise<Thread>;
  engine(): Promise<EngineView>;
  /** Asks for a file; null when she cancelled. */
  chooseModel(): Promise<EngineView | null>;
  settings(): Promise<SettingsView>;
  saveSettings(settings: SettingsView): Promise<void>;
  onEngineChanged(heard: (engine: EngineView) => void): Unsubscribe;
  onMenuChosen(heard: (chosen: MenuChosen) => void): Unsubscribe;
}

/** The shell behind this window. */
export function createBackend(): Backend {
  return {
    library: () => unwrap(commands.library()),
    openConversation: (id) => unwrap(commands.openConversation(id)),
    createConversation: (project, startingPoint) => unwrap(commands.createConversation(project, startingPoint)),
    renameConversation: (id, title) => done(commands.renameConversation(id, title)),
    moveConversation: (id, project) => done(commands.moveConversation(id, project)),
    setInstructions: (conversation, instructions) => done(commands.setInstructions(conversation, instructions)),
    saveDraft: (conversation, text) => done(commands.saveDraft(conversation, text)),
    trash: (kind, id) => done(commands.trash(kind, id)),
    restore: (kind, id) => done(commands.restore(kind, id)),
    emptyTrash: () => done(commands.emptyTrash()),
    createProject: (name) => unwrap(commands.createProject(name)),
    updateProject: (id, name, notes) => done(commands.updateProject(id, name, notes)),
    saveStartingPoint: (id, name, description, instructions) =>
      unwrap(commands.saveStartingPoint(id, name, description, instructions)),
    deleteStartingPoint: (id) => done(commands.deleteStartingPoint(id)),
    resetStartingPoint: (id) => unwrap(commands.resetStartingPoint(id)),
    search: (query) => unwrap(commands.search(query)),
    send: (conversation, text, listener) => done(commands.send(conversation, text, new Channel(listener))),
    regenerate: (message, listener) => done(commands.regenerate(message, new Channel(listener))),
    editMessage: (message, text, listener) => done(commands.editMessage(message, text, new Channel(listener))),
    stop: (conversation) => commands.stop(conversation),
    chooseAlternative: (message) => unwrap(commands.chooseAlternative(message)),
    engine: () => commands.engine(),
    chooseModel: () => unwrap(commands.chooseModel()),
    settings: () => commands.settings(),
    saveSettings: (settings) => done(commands.saveSettings(settings)),
    onEngineChanged: (heard) => until(events.engineChanged.listen((event) => heard(event.payload))),
    onMenuChosen: (heard) => until(events.menuChosen.listen((event) => heard(event.payload))),
  };
}

type Outcome<T> = { status: "ok"; data: T } | { status: "error"; error: Trouble };

async function unwrap<T>(asked: Promise<Outcome<T>>): Promise<T> {
  const outcome = await asked;
  if (outcome.status === "error") throw new TroubleError(outcome.error.code, outcome.error.message);
  return outcome.data;
}

async function done(asked: Promise<Outcome<unknown>>): Promise<void> {
  await unwrap(asked);
}

function until(listening: Promise<Unsubscribe>): Unsubscribe {
  return () => void listening.then((stop) => stop());
}
