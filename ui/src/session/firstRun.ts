/** The first run: one page at a time, left and taken up again where she was. */
import type { Backend, FirstRunStep } from "../backend/client";
import type { Hold } from "./hold";

export class Tour {
  #backend: Backend;
  #hold: Hold;

  constructor(backend: Backend, hold: Hold) {
    this.#backend = backend;
    this.#hold = hold;
  }

  async start(): Promise<void> {
    const found = await this.#hold.attempt(() => this.#backend.firstRun());
    const step = found?.step ?? "done";
    this.#hold.set({ tour: { step, open: step !== "done" } });
  }

  /** Shows this page. Where she is outlives the window. */
  go = async (step: Exclude<FirstRunStep, "done">): Promise<void> => {
    this.#hold.set({ tour: { step, open: true }, trouble: null });
    await this.#hold.attempt(() => this.#backend.setFirstRunStep(step));
  };

  /** To the window, and back here at the next start. */
  later = (): void => {
    const { tour } = this.#hold.state();
    if (tour) this.#hold.set({ tour: { ...tour, open: false }, trouble: null });
  };

  /** Back to where she left it. */
  resume = (): void => {
    const { tour } = this.#hold.state();
    if (tour) this.#hold.set({ tour: { ...tour, open: true }, trouble: null });
  };

  /** To the window, for good. */
  finish = async (): Promise<void> => {
    this.#hold.set({ tour: { step: "done", open: false }, trouble: null });
    await this.#hold.attempt(() => this.#backend.setFirstRunStep("done"));
  };
}
