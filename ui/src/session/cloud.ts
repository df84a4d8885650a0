/** The cloud: whether anything may leave, who can be asked, where things go, and what left. */
import type { Backend, CloudChoice, KeepFor, Leaving, Ledger, Provider, Thread } from "../backend/client";
import { nameInSentence } from "../components/cloud/route";
import { again } from "./again";
import type { Choosing, CloudView } from "./state";
import type { SessionStore } from "./store";

/** As many lines as the journal gives at once, where there are more. */
const PAGE = 100;

interface ThreadHooks {
  show: (thread: Thread) => void;
  refresh: () => Promise<void>;
}

export class Cloud {
  /** Whether it was ever read. */
  #known = false;
  #backend: Backend;
  #store: SessionStore;
  #hooks: ThreadHooks;

  constructor(backend: Backend, store: SessionStore, hooks: ThreadHooks) {
    this.#backend = backend;
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Reads what the whole window shows. */
  start(): () => void {
    void this.#store.attempt(async () => {
      await this.#backend.listening();
      await this.follow();
    });
    return () => {};
  }

  /** Takes over what is set, here or elsewhere. Two looks at once could end in the wrong order. */
  follow = again(async () => {
    const { locked, ...rest } = await this.#backend.cloud();
    this.#set(rest);
    // As it is found, it is no news.
    if (this.#known) this.#locked(locked);
    else this.#set({ locked });
    this.#known = true;
  });

  // Whether anything may leave

  setOn = (on: boolean): Promise<boolean> =>
    this.#acts(async () => {
      await this.#backend.setCloud(on);
      this.#set({ on });
    });

  setCap = (cap: number | null): Promise<boolean> =>
    this.#acts(async () => {
      await this.#backend.setMonthlyCap(cap);
      this.#set({ cap });
    });

  setLock = (on: boolean): Promise<boolean> =>
    this.#acts(async () => {
      await this.#backend.setOfflineLock(on);
      this.#locked(on);
    });

  // Who can be asked. Keys pass through here once, and are held nowhere.

  read = (): Promise<boolean> => this.#done(async () => this.#set({ providers: await this.#backend.providers() }));

  /** Null where it is set; else a sentence on why not, to be said beside the field. */
  setProvider = (id: string, place: string, billTo: string | null, confirmed: boolean): Promise<string | null> =>
    this.#said(() => this.#backend.setProvider(id, place, billTo, confirmed), "That could not be saved. Try again?");

  setFree = (id: string, free: boolean): Promise<boolean> =>
    this.#changes(() => this.#backend.setProviderFree(id, free));

  /** Null where it is kept; else a sentence on why not, to be said beside the field. */
  saveKey = (id: string, key: string, keepFor: KeepFor): Promise<string | null> =>
    this.#said(() => this.#backend.saveKey(id, key, keepFor), "The key could not be saved. Try again?");

  forgetKey = (id: string): Promise<boolean> => this.#changes(() => this.#backend.forgetKey(id));

  /** Null where it works; else a sentence on what is wrong. */
  testKey = async (id: string, model: string): Promise<string | null> => {
    try {
      await this.#backend.testKey(id, model);
      return null;
    } catch (error) {
      return error instanceof Error && error.message
        ? error.message
        : "That did not work, and nothing was changed. Try again?";
    }
  };

  readModels = (provider: string, again: boolean): Promise<boolean> =>
    this.#acts(async () => {
      const list = await this.#backend.cloudModels(provider, again);
      this.#set({ models: new Map(this.#store.state().cloud.models).set(provider, list) });
    });

  /** What the user chose, to be offered first the next time. */
  prefer = (last: CloudChoice): void => this.#set({ last });

  openPage = (address: string): Promise<boolean> => this.#done(() => this.#backend.openPage(address));

  // Where things go

  choose = (choosing: Choosing): void => this.#store.set({ choosing, trouble: null });

  chooseNothing = (): void => this.#store.set({ choosing: null, trouble: null });

  setLeaving = (conversation: number, leaving: Leaving): Promise<boolean> =>
    this.#acts(async () => {
      const thread = await this.#backend.setLeaving(conversation, leaving);
      this.#hooks.show(thread);
      const where = thread.goesTo ? `goes to ${nameInSentence(thread.goesTo.name)}` : "stays on this computer";
      this.#store.set({ announcement: `This conversation ${where}.` });
    });

  setProjectLeaving = (project: number, leaving: CloudChoice | null, cap: number | null): Promise<boolean> =>
    this.#acts(async () => {
      await this.#backend.setProjectLeaving(project, leaving, cap);
      if (this.#store.state().thread?.project === project) await this.#hooks.refresh();
    });

  // What left

  readLedger = (month: string): Promise<boolean> =>
    this.#done(async () => {
      const read: Ledger = await this.#backend.ledger(month);
      this.#set({ ledger: { month, read } });
    });

  readJournal = (): Promise<boolean> =>
    this.#done(async () => {
      const lines = await this.#backend.journal(null);
      this.#set({ journal: { lines, more: lines.length >= PAGE } });
    });

  readMoreOfJournal = (): Promise<boolean> =>
    this.#done(async () => {
      const known = this.#store.state().cloud.journal?.lines ?? [];
      const more = await this.#backend.journal(known.at(-1)?.id ?? null);
      this.#set({ journal: { lines: [...known, ...more], more: more.length >= PAGE } });
    });

  /** Where the file is; null where the user changed their mind. */
  exportLedger = (month: string | null): Promise<string | null | undefined> =>
    this.#store.attempt(() => this.#backend.exportLedger(month));

  exportJournal = (): Promise<string | null | undefined> => this.#store.attempt(() => this.#backend.exportJournal());

  // Inside

  #locked(locked: boolean): void {
    if (this.#store.state().cloud.locked === locked) return;
    this.#set({ locked });
    // A sentence that spoke of the lock as it was would be wrong now.
    this.#store.set({ trouble: null });
    this.#store.set({
      announcement: locked ? "The offline lock is on. Nothing leaves this computer." : "The offline lock is off.",
    });
  }

  /** Null where it came about; else why not: whoever asked says it where the user is looking. */
  async #said(work: () => Promise<Provider>, otherwise: string): Promise<string | null> {
    let trouble: string | null = null;
    await this.#changes(async () => {
      try {
        return await work();
      } catch (error) {
        trouble = error instanceof Error && error.message ? error.message : otherwise;
        return null;
      }
    });
    return trouble;
  }

  #changes(work: () => Promise<Provider | null>): Promise<boolean> {
    return this.#acts(async () => {
      const changed = await work();
      if (changed === null) return;
      const { providers, models } = this.#store.state().cloud;
      // Another place offers other models.
      const others = new Map(models);
      const before = providers?.find(({ id }) => id === changed.id);
      if (before?.origin !== changed.origin) others.delete(changed.id);
      this.#set({ providers: (providers ?? []).map((one) => (one.id === changed.id ? changed : one)), models: others });
    });
  }

  /** What the user does now is what the window speaks of: what went wrong before is over. */
  #acts(work: () => Promise<void>): Promise<boolean> {
    this.#store.set({ trouble: null });
    return this.#done(work);
  }

  /** Whether it came about. */
  async #done(work: () => Promise<void>): Promise<boolean> {
    const done = await this.#store.attempt(async () => {
      await work();
      return true;
    });
    return done ?? false;
  }

  #set(change: Partial<CloudView>): void {
    this.#store.set({ cloud: { ...this.#store.state().cloud, ...change } });
  }
}
