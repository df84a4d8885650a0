/** Starting points: beginnings of conversations that the user keeps. */
import type { Backend, StartingPoint } from "../backend/client";
import type { SessionStore } from "./store";

export class Points {
  #backend: Backend;
  #store: SessionStore;

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  save = (point: Omit<StartingPoint, "id" | "builtIn"> & { id: number | null }) =>
    this.#store.attempt(() =>
      this.#backend.saveStartingPoint(point.id, point.name, point.description, point.instructions),
    );

  /** There is no trash for these, so undoing makes the same one again. */
  delete = (point: StartingPoint): Promise<void> =>
    this.#store.attempt(async () => {
      await this.#backend.deleteStartingPoint(point.id);
      this.#store.notify(`“${point.name}” is deleted.`, () => void this.save({ ...point, id: null }));
    });

  reset = (id: number): Promise<StartingPoint | undefined> =>
    this.#store.attempt(() => this.#backend.resetStartingPoint(id));
}
