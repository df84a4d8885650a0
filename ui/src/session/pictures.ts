/**
 * What is put into a draft besides words that are typed: pictures, which stay with it and are
 * shown again in the message they went with, and texts, which become part of its words.
 */
import type { Attached, Backend, Taken } from "../backend/client";
import { plural } from "../components/plural";
import { countWords } from "../components/words";
import { base64, tooLarge } from "./files";
import type { SessionStore } from "./store";

const LONGEST_TEXT = 4_000_000;

export class Pictures {
  #backend: Backend;
  #store: SessionStore;
  #urls = new Map<number, Promise<string | null>>();

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  /** Asks for files. */
  attach = (conversation: number): Promise<void> =>
    this.#take(conversation, () => this.#backend.attachPictures(conversation));

  /** What the user pasted or dropped, one after another. */
  take = async (conversation: number, files: File[]): Promise<void> => {
    const troubles: string[] = [];
    for (const file of files) {
      const large = tooLarge(file.size);
      if (large !== null) {
        troubles.push(large);
        continue;
      }
      await this.#take(conversation, async () => {
        const taken = await this.#backend.pastePicture(conversation, await base64(file));
        troubles.push(...taken.troubles);
        return { ...taken, troubles: [] };
      });
    }
    if (troubles.length > 0) this.#store.set({ trouble: troubles.join(" ") });
  };

  /** Takes what the page cannot see: what lies on the clipboard, or the files that were dropped. */
  receive = async (conversation: number, from: "clipboard" | "drop"): Promise<Taken | undefined> =>
    this.#store.attempt(async () => {
      const taken = await (from === "clipboard"
        ? this.#backend.pasteClipboard(conversation)
        : this.#backend.takeDropped(conversation));
      const { thread } = this.#store.state();
      if (thread?.id === conversation) this.#store.set({ thread: { ...thread, attached: taken.pictures } });
      if (taken.troubles.length > 0) this.#store.set({ trouble: taken.troubles.join(" ") });
      return taken;
    });

  /** A text file that the page was given itself; a sentence on why not, where it cannot be taken. */
  readText = async (file: File): Promise<string | null> => {
    const text = file.size > LONGEST_TEXT ? null : await file.text().catch(() => null);
    if (text !== null && text.trim() !== "" && !text.includes("\u0000")) return text.replaceAll("\r\n", "\n");
    this.#store.set({
      trouble:
        file.size > LONGEST_TEXT
          ? `“${file.name}” is too long. Up to 4 MB of text works.`
          : `“${file.name}” is not a text, or empty.`,
    });
    return null;
  };

  /** Said of files that no message can hold. */
  refuse = (names: string[]): void => {
    const which = names.length === 1 ? `“${names[0]}”` : plural(names.length, "file");
    this.#store.set({
      trouble: `${which} cannot become part of a message. Texts (.txt, .md) and pictures (PNG, JPEG, WebP) can.`,
    });
  };

  /** Said when a text became part of a message. */
  saidOf = (name: string, text: string): void =>
    this.#store.set({ announcement: `${name} is in your message, ${plural(countWords(text), "word")}.` });

  detach = (conversation: number, id: number): Promise<void> =>
    this.#take(conversation, () => this.#backend.detachPicture(conversation, id));

  /** Where its pixels are; null where they could not be read. Asked for once. */
  url(id: number): Promise<string | null> {
    const known = this.#urls.get(id);
    if (known) return known;
    const url = this.#backend.picture(id).catch(() => {
      this.#urls.delete(id);
      return null;
    });
    this.#urls.set(id, url);
    return url;
  }

  #take(conversation: number, work: () => Promise<Attached>): Promise<void> {
    return this.#store.attempt(async () => {
      const { pictures, troubles } = await work();
      const { thread } = this.#store.state();
      if (thread?.id === conversation) this.#store.set({ thread: { ...thread, attached: pictures } });
      if (troubles.length > 0) this.#store.set({ trouble: troubles.join(" ") });
    });
  }
}
