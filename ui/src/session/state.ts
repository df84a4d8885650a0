/** What the window knows at this moment: a disposable copy of what the shell keeps. */
import type { EngineView, Library, SettingsView, Thread } from "../backend/client";

export interface State {
  /** Null until it was read for the first time. */
  library: Library | null;
  engine: EngineView;
  settings: SettingsView;
  place: Place;
  /** The conversation on show; null while it is fetched, and elsewhere than in a conversation. */
  thread: Thread | null;
  /** The message that was searched for, to be brought into view; `at` tells two requests apart. */
  sought: { message: number; at: number } | null;
  /** Answers under way, by conversation. */
  runs: ReadonlyMap<number, Run>;
  /** A sentence about what just went wrong, for the place on show. */
  trouble: string | null;
  /** Sentences about answers that went wrong, by message. */
  answerTroubles: ReadonlyMap<number, string>;
  notice: Notice | null;
  /** Said once to a screen reader. */
  announcement: string;
}

/** What the centre shows. */
export type Place =
  | { show: "nothing" }
  | { show: "conversation"; id: number }
  | { show: "project"; id: number }
  | { show: "trash" };

/** An answer under way. */
export interface Run {
  /** The answer's message; null until hers is stored. */
  message: number | null;
  text: string;
  step: Step;
}

export type Step =
  | { at: "start" }
  | { at: "loading"; done: number; total: number }
  | { at: "reading"; done: number; total: number }
  | { at: "writing" };

/** A quiet line that goes by itself, with the way back. */
export interface Notice {
  text: string;
  undo: () => void;
  /** Tells two notices of the same text apart. */
  at: number;
}

export const atFirst: State = {
  library: null,
  engine: { state: "noModel" },
  settings: { theme: "system", textSize: 18, mood: "balanced" },
  place: { show: "nothing" },
  thread: null,
  sought: null,
  runs: new Map(),
  trouble: null,
  answerTroubles: new Map(),
  notice: null,
  announcement: "",
};
