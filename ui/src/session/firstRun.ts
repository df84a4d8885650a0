/** The first run: one page at a time, left and taken up again where the user was. */
import type { Backend, FirstRunStep } from "../backend/client";
import type { Memory } from "./remembered";
import type { SessionStore } from "./store";

export class Tour {
  #backend: Backend;
  #store: SessionStore;
  #memory: Memory;

  constructor(backend: Backend, store: SessionStore, memory: Memory) {
    this.#backend = backend;
    this.#store = store;
    this.#memory = memory;
  }

  async start(): Promise<void> {
    const found = await this.#store.attempt(() => this.#backend.firstRun());
    const step = found?.step ?? "done";
    // Put off once, it waits in the left pane and takes the window no more by itself.
    this.#store.set({ tour: { step, open: step !== "done" && !this.#store.state().remembered.setUpLater } });
  }

  /** Shows this page. Where the user is outlives the window. */
  go = async (step: Exclude<FirstRunStep, "done">): Promise<void> => {
    this.#store.set({ tour: { step, open: true }, trouble: null });
    await this.#store.attempt(() => this.#backend.setFirstRunStep(step));
  };

  /** To the window; the left pane leads back here. */
  later = (): void => {
    const { tour } = this.#store.state();
    this.#memory.keep({ setUpLater: true });
    if (tour) this.#store.set({ tour: { ...tour, open: false }, trouble: null });
  };

  /** Back to where the user left it. */
  resume = (): void => {
    const { tour } = this.#store.state();
    if (tour) this.#store.set({ tour: { ...tour, open: true }, trouble: null });
  };

  /** To the window, for good. */
  finish = async (): Promise<void> => {
    this.#store.set({ tour: { step: "done", open: false }, trouble: null });
    await this.#store.attempt(() => this.#backend.setFirstRunStep("done"));
  };
}
