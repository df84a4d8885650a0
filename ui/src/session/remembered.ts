/** How the window was left: which pane was open, how large the letters were, what was on show. */
import type { Backend } from "../backend/client";
import type { Side } from "./beside";
import type { Place } from "./state";
import type { SessionStore } from "./store";
import { NOTHING_YET, type Today, understoodToday, wrote } from "./today";

export interface Remembered {
  /** The right pane; null while the user never said. */
  contextPane: boolean | null;
  /** The left pane. */
  library: boolean;
  /** Of everything in the window: 1 is as it was made. */
  zoom: number;
  place: Place | null;
  /** Of a page and a conversation side by side, the one that was written in last. */
  front: Side;
  /** The first run was put off: it waits in the left pane. */
  setUpLater: boolean;
  /** Projects whose conversations are folded away. */
  folded: number[];
  /** Conversations that stand at the top. */
  pinned: number[];
  /** How wide the left pane is, in pixels. */
  width: number;
  writing: Writing;
  today: Today;
}

/** How pages are shown while they are written. */
interface Writing {
  /** The paragraph with the caret stands out. */
  focus: boolean;
  /** The line that is written stays in the middle. */
  typewriter: boolean;
  /** How many letters stand in a line, about. */
  line: number;
  /** How large those are, in pixels. */
  letters: number;
}

export const SHORTEST_LINE = 44;
export const LONGEST_LINE = 100;
export const SMALLEST_LETTERS = 14;
export const LARGEST_LETTERS = 28;

export const NARROWEST = 200;
export const WIDEST = 420;
const AS_WIDE = 264;

export const asMade: Remembered = {
  contextPane: null,
  library: true,
  zoom: 1,
  place: null,
  front: "page",
  setUpLater: false,
  folded: [],
  pinned: [],
  width: AS_WIDE,
  writing: { focus: false, typewriter: false, line: 68, letters: 18 },
  today: NOTHING_YET,
};

const STEPS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
export const SMALLEST_ZOOM = Math.min(...STEPS);
export const LARGEST_ZOOM = Math.max(...STEPS);

export class Memory {
  #backend: Backend;
  #store: SessionStore;
  #saving: Promise<void> = Promise.resolve();

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  /** What is not understood is as it was made. */
  async read(): Promise<void> {
    const remembered = understood(await this.#backend.windowState());
    this.#store.set({ remembered });
    if (remembered.zoom !== 1) await this.#backend.setZoom(remembered.zoom);
  }

  /** Kept at once and in order: these changes are few, and the window may be closed right after. */
  keep = (change: Partial<Remembered>): void => {
    this.show(change);
    const text = JSON.stringify(this.#store.state().remembered);
    // How the window looked is worth no word about a failure.
    this.#saving = this.#saving
      .then(() => this.#backend.saveWindowState(text))
      .then(
        () => {},
        () => {},
      );
  };

  /** As it is while something is drawn; what it comes to is kept. */
  show = (change: Partial<Remembered>): void =>
    this.#store.set({ remembered: { ...this.#store.state().remembered, ...change } });

  /** So many words more, or fewer, stand on a page of the user's; it is kept when they stop. */
  wrote = (by: number): void => {
    if (by !== 0) this.show({ today: wrote(this.#store.state().remembered.today, by, new Date()) });
  };

  /** To the top of the left pane, or back to its place. */
  pin = (conversation: number, pinned: boolean): void => {
    const others = this.#store.state().remembered.pinned.filter((id) => id !== conversation);
    this.keep({ pinned: pinned ? [...others, conversation] : others });
  };

  /** Resolves when all of it is kept. */
  flush = (): Promise<void> => this.#saving;

  /** One step larger or smaller; 0: as it was made. */
  zoom = (by: 1 | -1 | 0): void => {
    const now = this.#store.state().remembered.zoom;
    const next = by > 0 ? STEPS.find((step) => step > now) : by < 0 ? STEPS.findLast((step) => step < now) : 1;
    if (next === undefined || next === now) return;
    this.keep({ zoom: next });
    this.#store.set({ announcement: `${Math.round(next * 100)} percent.` });
    void this.#store.attempt(() => this.#backend.setZoom(next));
  };
}

function understood(text: string): Remembered {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return asMade;
  }
  if (typeof read !== "object" || read === null) return asMade;
  const { contextPane, library, zoom, place, front, setUpLater, folded, pinned, width, writing, today } =
    read as Partial<Remembered>;
  return {
    contextPane: typeof contextPane === "boolean" ? contextPane : null,
    library: library !== false,
    zoom: typeof zoom === "number" && STEPS.includes(zoom) ? zoom : 1,
    place: isPlace(place) ? place : null,
    front: front === "conversation" ? front : "page",
    setUpLater: setUpLater === true,
    folded: ids(folded),
    pinned: ids(pinned),
    width: typeof width === "number" && width >= NARROWEST && width <= WIDEST ? width : AS_WIDE,
    writing: asWritten(writing),
    today: understoodToday(today),
  };
}

function asWritten(read: Partial<Writing> | undefined): Writing {
  const { focus, typewriter, line, letters } = read ?? {};
  const within = (value: unknown, from: number, to: number, made: number) =>
    typeof value === "number" && value >= from && value <= to ? value : made;
  return {
    focus: focus === true,
    typewriter: typewriter === true,
    line: within(line, SHORTEST_LINE, LONGEST_LINE, asMade.writing.line),
    letters: within(letters, SMALLEST_LETTERS, LARGEST_LETTERS, asMade.writing.letters),
  };
}

function ids(list: unknown): number[] {
  return Array.isArray(list) ? list.filter((id) => Number.isSafeInteger(id)) : [];
}

function isPlace(place: unknown): place is Place {
  if (typeof place !== "object" || place === null || !("show" in place)) return false;
  if (place.show === "trash") return true;
  if (place.show === "group") return isGroup(place);
  return (
    (place.show === "conversation" || place.show === "project" || place.show === "page") &&
    "id" in place &&
    Number.isSafeInteger(place.id)
  );
}

function isGroup(place: object): boolean {
  const { project, part, at } = place as { project?: unknown; part?: unknown; at?: unknown };
  return (
    (project === null || Number.isSafeInteger(project)) &&
    (part === null || typeof part === "string") &&
    Number.isSafeInteger(at)
  );
}
