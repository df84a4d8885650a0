/** Pages: what is done to them as a whole. What is written in them, their editor saves. */
import {
  type AskView,
  type Backend,
  type Form,
  type ImportFrom,
  type OpenPage,
  type PageCommand,
  type PageHit,
  type Piece,
  type ProposalEvent,
  type Sheet,
  type Totals,
  TroubleError,
  type Version,
  type Way,
  type Why,
} from "../backend/client";
import { PagePictures } from "./pagePictures";
import { pagesOf } from "./places";
import type { SessionStore } from "./store";

/** Where a proposal is made, and what is done where the user has not agreed to what would leave. */
export interface Elsewhere {
  way: Way;
  refused: (sheet: Sheet) => void;
}

const HERE: Elsewhere = { way: { once: null, agreed: null }, refused: () => {} };

/** A page that is open. */
interface Kept {
  flush: () => Promise<void>;
  look: () => Promise<void>;
}

interface LibraryHooks {
  open: (id: number) => void;
  /** What is on show is about to be left. */
  leave: () => void;
  /** Reads the library again. */
  list: () => Promise<void>;
}

export class Pages {
  readonly pictures: PagePictures;
  #backend: Backend;
  #store: SessionStore;
  #hooks: LibraryHooks;
  #open = new Set<Kept>();

  constructor(backend: Backend, store: SessionStore, hooks: LibraryHooks) {
    this.#backend = backend;
    this.#store = store;
    this.#hooks = hooks;
    this.pictures = new PagePictures(backend, store);
  }

  /** What saves a page that is open; returns what ends that. */
  keep = (page: Kept): (() => void) => {
    this.#open.add(page);
    return () => this.#open.delete(page);
  };

  /** Resolves when everything that was written is safe. */
  flush = async (): Promise<void> => void (await Promise.all([...this.#open].map(({ flush }) => flush())));

  /** Pages that are open take in what was written to them elsewhere. */
  look = async (): Promise<void> => void (await Promise.all([...this.#open].map(({ look }) => look())));

  /** The pages under a heading, or with null all of a project's, in one scroll; the caret comes to `at`. */
  readAsOne = (project: number | null, part: string | null, at?: number): void => {
    const first = at ?? pagesOf(this.#store.state().library, project, part)[0]?.id;
    if (first === undefined) return;
    this.#hooks.leave();
    this.#store.set({ place: { show: "group", project, part, at: first }, thread: null });
  };

  /** Of several in one scroll this has the caret now. */
  reach = (id: number): void => {
    const { place } = this.#store.state();
    if (place.show === "group" && place.at !== id) this.#store.set({ place: { ...place, at: id } });
  };

  /** A page that was made out of another, or is back: among several on show, if it is one of those. */
  open = async (id: number): Promise<void> => {
    await this.#hooks.list();
    const { place, library } = this.#store.state();
    const among = place.show === "group" && pagesOf(library, place.project, place.part).some((page) => page.id === id);
    if (among) this.reach(id);
    else this.#hooks.open(id);
  };

  /** What was done to several, with the way back. */
  done = (said: string, undo: () => void): void => this.#store.notify(said, undo);

  create = (project: number | null = null): Promise<void> =>
    this.#attempt(async () => {
      const page = await this.#backend.createPage(project, "");
      this.#hooks.open(page.id);
    });

  /** Takes files of others in, and opens the first page that came of it. */
  bring = (project: number | null, from: ImportFrom = "files"): Promise<void> =>
    this.#attempt(async () => {
      try {
        const brought = await this.#backend.importFiles(from, project, (importing) => this.#store.set({ importing }));
        if (!brought) return;
        if (brought.page !== null) this.#hooks.open(brought.page);
        this.#store.set({ brought });
      } finally {
        this.#store.set({ importing: null });
      }
    });

  stopBringing = (): void => void this.#backend.stopImport();

  /** The user has read what came in. */
  dismissBrought = (): void => this.#store.set({ brought: null });

  /** Makes a page of the branch on show and opens it. */
  fromConversation = (id: number): Promise<void> =>
    this.#attempt(async () => {
      const page = await this.#backend.pageFromConversation(id);
      this.#hooks.open(page.id);
    });

  /** With what was written last wherever it was open a moment ago. */
  read = (id: number): Promise<OpenPage | undefined> =>
    this.#attempt(async () => {
      await this.flush();
      return this.#backend.readPage(id);
    });

  /** As `read`, for whoever says themselves what went wrong. */
  readNow = (id: number): Promise<OpenPage> => this.#backend.readPage(id);

  /** The new revision; null where another window was faster. */
  save = async (id: number, base: number, from: number, remove: number, blocks: string): Promise<number | null> => {
    try {
      return await this.#backend.savePage(id, base, from, remove, blocks);
    } catch (error) {
      if (error instanceof TroubleError && error.code === "stale") return null;
      this.#store.set({
        trouble:
          error instanceof TroubleError ? error.message : "This page could not be saved just now. It is tried again.",
      });
      throw error;
    }
  };

  rename = (id: number, title: string): Promise<void> => this.#attempt(() => this.#backend.renamePage(id, title));

  move = (id: number, project: number | null): Promise<void> =>
    this.#attempt(() => this.#backend.movePage(id, project));

  setGoal = (id: number, goal: number): Promise<void> => this.#attempt(() => this.#backend.setPageGoal(id, goal));

  setLanguage = (id: number, language: string): Promise<void> =>
    this.#attempt(() => this.#backend.setPageLanguage(id, language));

  /** From block `at` on; opens what that becomes. */
  split = (id: number, base: number, at: number, title: string): Promise<void> =>
    this.#attempt(async () => {
      await this.open(await this.#backend.splitPage(id, base, at, title));
    });

  /** The next page comes to the end of this one. */
  merge = (id: number, base: number): Promise<boolean | undefined> =>
    this.#attempt(async () => {
      await this.#backend.mergePage(id, base);
      return true;
    });

  duplicate = (id: number, title: string): Promise<void> =>
    this.#attempt(async () => {
      await this.flush();
      await this.open(await this.#backend.duplicatePage(id, title));
    });

  commands = (project: number | null): Promise<PageCommand[] | undefined> =>
    this.#attempt(() => this.#backend.pageCommands(project));

  keepCommand = (project: number | null, name: string, words: string): Promise<void> =>
    this.#attempt(() => this.#backend.addPageCommand(project, name, words));

  forgetCommand = (id: number): Promise<void> => this.#attempt(() => this.#backend.removePageCommand(id));

  // That spelling is not looked at stops nobody.
  checkSpelling = (languages: string[]): Promise<void> => this.#backend.checkSpelling(languages).catch(() => {});

  projectTotals = (project: number | null): Promise<Totals | undefined> =>
    this.#attempt(() => this.#backend.projectTotals(project));

  setHandsOff = (project: number, handsOff: boolean): Promise<void> =>
    this.#attempt(() => this.#backend.setHandsOff(project, handsOff));

  search = (query: string): Promise<PageHit[]> => this.#backend.searchPages(query);

  /** Has a model propose something; resolves when it is over. */
  ask = (
    id: number,
    ask: AskView,
    heard: (event: ProposalEvent) => void,
    { way, refused }: Elsewhere = HERE,
  ): Promise<boolean | undefined> =>
    this.#attempt(async () => {
      try {
        await this.#backend.propose(id, ask, way, heard);
        return true;
      } catch (error) {
        if (!(error instanceof TroubleError && error.code === "notAgreed" && error.sheet)) throw error;
        refused(error.sheet);
        return undefined;
      }
    });

  stop = (id: number): void => void this.#backend.stopProposal(id);

  // A version is a net below: that it could not be taken stops nobody.
  takeVersion = (id: number, why: Why): Promise<void> => this.#backend.takeVersion(id, why, null).catch(() => {});

  nameVersion = (id: number, name: string): Promise<void> =>
    this.#attempt(() => this.#backend.takeVersion(id, "named", name));

  versions = (id: number): Promise<Version[] | undefined> => this.#attempt(() => this.#backend.versions(id));

  version = (version: number): Promise<string | undefined> =>
    this.#attempt(() => this.#backend.versionDocument(version));

  /** What became of an earlier one, in a later one or in the page as it is. */
  compare = (version: number, later: number | null): Promise<Piece[] | undefined> =>
    this.#attempt(() => this.#backend.compareVersion(version, later));

  totals = (id: number): Promise<Totals | undefined> => this.#attempt(() => this.#backend.pageTotals(id));

  /** Where the file is; null where the user changed their mind. */
  export = (id: number, form: Form): Promise<string | null | undefined> =>
    this.#attempt(() => this.#backend.exportPage(id, form));

  /** The pages of a project, or of one heading in it, as one file. */
  exportAll = (project: number, part: string | null, form: Form): Promise<string | null | undefined> =>
    this.#attempt(() => this.#backend.exportPages(project, part, form));

  #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#store.attempt(work);
  }
}
