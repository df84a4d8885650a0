/** The models: what is here, what can be had, what is on its way. */
import type { Amount, Backend, FoundFile, InstalledModel, ModelSettingChange, Transfer } from "../backend/client";
import type { ModelsState } from "./state";
import type { SessionStore } from "./store";

export class Models {
  #backend: Backend;
  #store: SessionStore;
  #reading = 0;

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  /** Hears and reads what the whole window shows; returns what ends it. */
  start(): () => void {
    const unsubscribe = [
      this.#backend.onTransfersChanged((transfers) => this.#hear(transfers)),
      this.#backend.onModelsChanged(() => void this.read()),
    ];
    void this.#store.attempt(async () => {
      await this.#backend.listening();
      this.#set({ transfers: await this.#backend.transfers() });
      await this.read();
    });
    return () => {
      for (const end of unsubscribe) end();
    };
  }

  /** What is here. */
  read = (): Promise<void> =>
    this.#store.attempt(async () => {
      const [installed, trash, folder] = await Promise.all([
        this.#backend.installedModels(),
        this.#backend.modelTrash(),
        this.#backend.modelsFolder(),
      ]);
      this.#set({ installed, trash, folder });
      // What can be had depends on what is here.
      if (this.#store.state().models.catalogue) await this.#readCatalogue();
    });

  /** What can be had, and what lies on this machine already. */
  browse = (): Promise<void> =>
    this.#store.attempt(async () => {
      const [found] = await Promise.all([this.#backend.foundFiles(), this.#readCatalogue()]);
      this.#set({ found });
    });

  look = (): Promise<void> =>
    this.#store.attempt(async () => {
      this.#set({ machine: await this.#backend.lookAtMachine() });
      if (this.#store.state().models.measured !== null) return;
      this.#set({ measured: (await this.#backend.measureMachine()).words });
      // What is recommended, and how fast each is, is known only now.
      await this.#readCatalogue();
    });

  // Fetching. Nothing is fetched but by these, and nothing calls them but the user.

  get = (id: string, withVision: boolean): Promise<boolean> => this.#done(() => this.#backend.getModel(id, withVision));

  getOther = (nameOrUrl: string): Promise<boolean> => this.#done(() => this.#backend.getOther(nameOrUrl));

  pause = (id: string): Promise<boolean> => this.#done(() => this.#backend.pauseTransfer(id));

  resume = (id: string): Promise<boolean> => this.#done(() => this.#backend.resumeTransfer(id));

  cancel = (id: string): Promise<boolean> => this.#done(() => this.#backend.cancelTransfer(id));

  putAway = (id: string): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.putAwayTransfer(id);
      this.#set({ transfers: this.#store.state().models.transfers.filter((one) => one.id !== id) });
    });

  // Using and keeping

  use = (id: string): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.useModel(id);
      await this.read();
    });

  /** The user says yes to the offer: the conversation stays, and goes on with this one. */
  accept = async (transfer: Transfer): Promise<void> => {
    if (await this.use(transfer.id)) await this.putAway(transfer.id);
  };

  /** Null where the user changed their mind. */
  chooseFile = async (): Promise<FoundFile | null> =>
    (await this.#store.attempt(() => this.#backend.chooseFile())) ?? null;

  takeFile = (path: string): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.useFile(path);
      await this.read();
    });

  remove = ({ id, name }: InstalledModel): Promise<boolean> =>
    this.#done(async () => {
      const inTrash = await this.#backend.removeModel(id);
      await this.read();
      this.#store.notify(`${name} is in the trash.`, () => void this.restore(inTrash));
    });

  restore = (id: string): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.restoreModel(id);
      await this.read();
    });

  emptyTrash = (): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.emptyModelTrash();
      await this.read();
    });

  /** Reads the whole file again and compares. */
  verify = (id: string): Promise<boolean> =>
    this.#work(id, async (tell) => {
      await this.#backend.verifyModel(id, tell);
      await this.read();
    });

  /** Asks for another folder and takes everything there. */
  move = (): Promise<boolean> =>
    this.#work(MOVING, async (tell) => {
      const folder = await this.#backend.chooseFolder();
      if (folder === null) return;
      await this.#backend.moveModels(folder, tell);
      await this.read();
    });

  // How they are kept in memory, and where they come from

  readSettings = (): Promise<void> =>
    this.#store.attempt(async () => this.#set({ settings: await this.#backend.modelSettings() }));

  /** Changes one of them; the others stay as whoever set them last. */
  change = (change: ModelSettingChange): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.changeModelSetting(change);
      await this.readSettings();
    });

  setAccessToken = (token: string | null): Promise<boolean> =>
    this.#done(async () => {
      await this.#backend.setAccessToken(token);
      await this.readSettings();
    });

  // Inside

  /** What is new and done is said once; the offer to use it stays until the user has answered it. */
  #hear(transfers: Transfer[]): void {
    const before = this.#store.state().models.transfers;
    const ready = transfers.find(
      (one) => one.state === "done" && before.some(({ id, state }) => id === one.id && state !== "done"),
    );
    this.#set({ transfers });
    if (ready) this.#store.set({ announcement: `${ready.name} is ready.` });
  }

  /** Of two readings under way the later one holds: it knows of the measurement. */
  async #readCatalogue(): Promise<void> {
    const reading = ++this.#reading;
    const catalogue = await this.#backend.catalogue();
    if (reading === this.#reading) this.#set({ catalogue });
  }

  /** Whether it came about. What went wrong before is over: the user does something else now. */
  async #done(work: () => Promise<void>): Promise<boolean> {
    this.#store.set({ trouble: null });
    const done = await this.#store.attempt(async () => {
      await work();
      return true;
    });
    return done ?? false;
  }

  /** Long work that tells how far it is, under a name of its own. */
  async #work(name: string, work: (tell: (amount: Amount) => void) => Promise<void>): Promise<boolean> {
    if (this.#store.state().models.work.has(name)) return false;
    try {
      return await this.#done(() => work((amount) => this.#setWork(name, amount)));
    } finally {
      this.#setWork(name, null);
    }
  }

  #setWork(name: string, amount: Amount | null): void {
    const work = new Map(this.#store.state().models.work);
    if (amount) work.set(name, amount);
    else work.delete(name);
    this.#set({ work });
  }

  #set(change: Partial<ModelsState>): void {
    this.#store.set({ models: { ...this.#store.state().models, ...change } });
  }
}

/** The name of the work of moving them all; the others are called as their models. */
export const MOVING = "moving";
