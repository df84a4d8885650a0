/** What the parts of the session share: the state, and what becomes of an attempt that fails. */
import type { State } from "./state";

export interface SessionStore {
  state: () => State;
  set: (change: Partial<State>) => void;
  /** What goes wrong becomes a sentence on show; then the promise holds nothing. */
  attempt: <T>(work: () => Promise<T>) => Promise<T | undefined>;
  notify: (text: string, undo: () => void) => void;
}
