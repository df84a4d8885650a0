/** Pictures: attached to a draft and kept with it, shown again in the messages they went with. */
import type { Attached, Backend } from "../backend/client";
import type { Hold } from "./hold";

const LARGEST = 50_000_000;

export class Pictures {
  #backend: Backend;
  #hold: Hold;
  #urls = new Map<number, Promise<string | null>>();

  constructor(backend: Backend, hold: Hold) {
    this.#backend = backend;
    this.#hold = hold;
  }

  /** Asks for files. */
  attach = (conversation: number): Promise<void | undefined> =>
    this.#take(conversation, () => this.#backend.attachPictures(conversation));

  /** What she pasted or dropped, one after another. */
  take = async (conversation: number, files: File[]): Promise<void> => {
    const troubles: string[] = [];
    for (const file of files) {
      if (file.size > LARGEST) {
        const size = Math.round(file.size / 1e6);
        troubles.push(`This picture is too large (${size} MB). Up to ${LARGEST / 1e6} MB works.`);
        continue;
      }
      await this.#take(conversation, async () => {
        const taken = await this.#backend.pastePicture(conversation, await base64(file));
        troubles.push(...taken.troubles);
        return { ...taken, troubles: [] };
      });
    }
    if (troubles.length > 0) this.#hold.set({ trouble: troubles.join(" ") });
  };

  detach = (conversation: number, id: number): Promise<void | undefined> =>
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

  #take(conversation: number, work: () => Promise<Attached>): Promise<void | undefined> {
    return this.#hold.attempt(async () => {
      const { pictures, troubles } = await work();
      const { thread } = this.#hold.state();
      if (thread?.id === conversation) this.#hold.set({ thread: { ...thread, attached: pictures } });
      if (troubles.length > 0) this.#hold.set({ trouble: troubles.join(" ") });
    });
  }
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("The file could not be read."));
    reader.readAsDataURL(file);
  });
}
