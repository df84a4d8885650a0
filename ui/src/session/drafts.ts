/**
 * Nothing typed is lost: a draft is saved at most 400 ms after the first key that is not saved
 * yet, however steadily the typing goes on, and at once when asked.
 */

const DELAY_MS = 400;

type Save = (conversation: number, text: string) => void;

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
      setTimeout(() => this.#saveNow(conversation), DELAY_MS),
    );
  }

  /** Saves whatever is waiting, now. */
  flush(): void {
    for (const conversation of [...this.#unsaved.keys()]) this.#saveNow(conversation);
  }

  #saveNow(conversation: number): void {
    clearTimeout(this.#unsaved.get(conversation));
    this.#unsaved.delete(conversation);
    this.#save(conversation, this.#latest.get(conversation) ?? "");
  }
}
