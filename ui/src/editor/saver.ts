/**
 * Nothing typed is lost: what changes in a page is on the disk within 400 ms of its first key,
 * however steadily the typing goes on. Where another window wrote meanwhile, what it wrote comes
 * in first, and nobody's words go.
 */
import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import { takeIn } from "./editor";
import { merge, type Splice, spliceBetween, spliced } from "./sync";

/** The store needs some of the 400 ms itself. */
const DELAY_MS = 250;
/** Between two attempts, where the disk is full. */
const AGAIN_MS = 3000;

export interface PageStore {
  /** The new revision; null where the page has another than `base` by now. */
  save: (base: number, splice: Splice) => Promise<number | null>;
  read: () => Promise<{ revision: number; doc: Node }>;
}

export type SaverNews = "saved" | "failed" | "both";

export class Saver {
  #view: EditorView;
  #store: PageStore;
  #saved: Node;
  #revision: number;
  /** What another window's words were added to after the page was closed. */
  #left: Node | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<void> | null = null;
  #tell: (news: SaverNews) => void;

  constructor(view: EditorView, store: PageStore, revision: number, tell: (news: SaverNews) => void) {
    this.#view = view;
    this.#store = store;
    this.#saved = view.state.doc;
    this.#revision = revision;
    this.#tell = tell;
  }

  /** After each change of the page. */
  changed(): void {
    if (this.#doc !== this.#saved) this.#soon(DELAY_MS);
  }

  /** What the store had when this last saved or read. */
  get revision(): number {
    return this.#revision;
  }

  /** As it is now; of a page that was closed, what is left to be saved. */
  get #doc(): Node {
    return this.#left ?? this.#view.state.doc;
  }

  /** Saves what waits, now; resolves when it is safe, or when it cannot be. */
  flush = async (): Promise<void> => {
    await this.#running;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#run();
  };

  /** Takes in what was written elsewhere, if it was. */
  look = async (): Promise<void> => {
    await this.#running;
    if (!this.#view.isDestroyed && !this.#view.composing) await this.#catchUp();
  };

  #soon(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, delay);
  }

  #run(): Promise<void> {
    this.#running ??= this.#save().finally(() => {
      this.#running = null;
      // What was typed meanwhile.
      if (this.#doc !== this.#saved) this.#soon(DELAY_MS);
    });
    return this.#running;
  }

  async #save(): Promise<void> {
    try {
      // Once, and once more after another window's words came in; they may come again.
      for (let tries = 0; tries < 8; tries += 1) {
        const doc = this.#doc;
        const splice = spliceBetween(this.#saved, doc);
        if (!splice) {
          this.#saved = doc;
          return;
        }
        const revision = await this.#store.save(this.#revision, splice);
        if (revision !== null) {
          this.#revision = revision;
          this.#saved = doc;
          return this.#tell("saved");
        }
        // A change under an input method would break it: it is saved when that is done.
        if (!this.#view.isDestroyed && this.#view.composing) return;
        await this.#catchUp();
      }
    } catch {
      // As after too many tries.
    }
    this.#tell("failed");
    this.#soon(AGAIN_MS);
  }

  async #catchUp(): Promise<void> {
    const { revision, doc } = await this.#store.read();
    if (revision === this.#revision) return;
    const { splice, both } = merge(this.#saved, this.#doc, doc);
    this.#revision = revision;
    this.#saved = doc;
    if (splice && this.#view.isDestroyed) this.#left = spliced(this.#doc, splice);
    else if (splice) takeIn(this.#view, splice);
    // The blocks that came in are the same as those that were read: only what is ours differs.
    if (both) this.#tell("both");
  }
}
