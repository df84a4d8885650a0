/**
 * Nothing typed is lost: a draft is saved at most 400 ms after the first key that is not saved
 * yet, however steadily the typing goes on, and at once when asked.
 */

const DELAY_MS = 400;

type Save = (conversation: number, text: string) => unknown;

export class Drafts {
  #latest = new Map<number, string>();
  #unsaved = new Map<number, ReturnType<typeof setTimeout>>();
  #save: Save;

  constructor(save: Save) {
    this.#save = save;
  }

  /** What is typed in `conversation`; `stored` where nothing was typed since the window opened. */
  read(conversation: number, stored: string): string {
    return this.#latest.get(conversation) ?? stored;
  }

  /** Remembers `text` and saves it soon. */
  write(conversation: number, text: string): void {
    this.#latest.set(conversation, text);
    if (this.#unsaved.has(conversation)) return;
    this.#unsaved.set(
      conversation,
      setTimeout(() => void this.#saveNow(conversation), DELAY_MS),
    );
  }

  /** Saves whatever is waiting, now; resolves when it is safe. */
  async flush(): Promise<void> {
    await Promise.all([...this.#unsaved.keys()].map((conversation) => this.#saveNow(conversation)));
  }

  #saveNow(conversation: number): unknown {
    clearTimeout(this.#unsaved.get(conversation));
    this.#unsaved.delete(conversation);
    return this.#save(conversation, this.#latest.get(conversation) ?? "");
  }
}
