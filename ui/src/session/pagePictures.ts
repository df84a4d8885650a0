/** The pictures of pages: taken in by the core, which looks at each as at those of a message, and shown. */
import type { Backend, PagePicture, PagePictures as Taken } from "../backend/client";
import { base64, tooLarge } from "./files";
import type { SessionStore } from "./store";

/** As many are held to be shown again. */
const MOST_HELD = 60;

export class PagePictures {
  #backend: Backend;
  #store: SessionStore;
  #pixels = new Map<string, Promise<string | null>>();

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  /** Asks for files. */
  choose = async (page: number): Promise<readonly PagePicture[]> =>
    (await this.#taken(() => this.#backend.choosePagePictures(page))).pictures;

  /** What the user pasted or dropped, in its order. */
  take = async (page: number, files: readonly File[]): Promise<readonly PagePicture[]> =>
    (
      await this.#taken(async () => {
        const all: Taken = { pictures: [], troubles: [], rest: false };
        for (const file of files) {
          const large = tooLarge(file.size);
          if (large !== null) {
            all.troubles.push(large);
            continue;
          }
          const taken = await this.#backend.pastePagePicture(page, await base64(file));
          all.pictures.push(...taken.pictures);
          all.troubles.push(...taken.troubles);
        }
        return all;
      })
    ).pictures;

  fromClipboard = async (page: number): Promise<readonly PagePicture[]> =>
    (await this.#taken(() => this.#backend.pastePageClipboard(page))).pictures;

  /** The files that were dropped last; `rest`: others wait that are no pictures. */
  dropped = (page: number): Promise<Taken> => this.#taken(() => this.#backend.takePagePictures(page));

  /** One that stands in what was pasted. */
  inline = async (page: number, data: string): Promise<PagePicture | null> => {
    const taken = await this.#taken(async () => {
      const large = tooLarge((data.length / 4) * 3);
      if (large !== null) return { pictures: [], troubles: [large], rest: false };
      return this.#backend.pastePagePicture(page, data);
    });
    return taken.pictures[0] ?? null;
  };

  /** Where its pixels are; null where they are lost. */
  pixels = (file: string): Promise<string | null> => {
    const known = this.#pixels.get(file);
    if (known) return known;
    const read = this.#backend.pagePicture(file).catch(() => {
      this.#pixels.delete(file);
      return null;
    });
    this.#pixels.set(file, read);
    const [first] = this.#pixels.keys();
    if (this.#pixels.size > MOST_HELD && first !== undefined) this.#pixels.delete(first);
    return read;
  };

  async #taken(work: () => Promise<Taken>): Promise<Taken> {
    const taken = await this.#store.attempt(work);
    if (taken && taken.troubles.length > 0) this.#store.set({ trouble: taken.troubles.join(" ") });
    return taken ?? { pictures: [], troubles: [], rest: false };
  }
}
