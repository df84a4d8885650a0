/** Where everything lies; backups of it: which there are, one more, the way back, and the key to them. */
import type { Backend, BackupsView, Contents, KeyPlaceView } from "../backend/client";
import type { SessionStore } from "./store";

export class Backups {
  #backend: Backend;
  #store: SessionStore;

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  folder = (): Promise<string | undefined> => this.#store.attempt(() => this.#backend.homeFolder());

  openFolder = (): Promise<void> => this.#store.attempt(() => this.#backend.openHomeFolder()).then(() => {});

  read = (): Promise<void> => this.#show(() => this.#backend.backups());

  backUp = (): Promise<void> => this.#show(() => this.#backend.backUp());

  chooseFolder = (): Promise<void> => this.#show(() => this.#backend.chooseBackupFolder());

  keepAtHome = (): Promise<void> => this.#show(() => this.#backend.keepBackupsAtHome());

  /** What came back; nothing where it went wrong. `recovery`: of a backup that another library made. */
  merge = (name: string, recovery: string): Promise<Contents | undefined> =>
    this.#store.attempt(async () => {
      const back = await this.#backend.mergeBackup(name, recovery);
      this.#store.set({ backups: await this.#backend.backups() });
      return back;
    });

  /** Whether the backup is what opens at the next start. */
  restore = (name: string, recovery: string): Promise<boolean> =>
    this.#store.attempt(() => this.#backend.restoreBackup(name, recovery)).then((ready) => ready !== undefined);

  /** Where the library's key is kept; the key itself never comes here. */
  keyPlace = (): Promise<KeyPlaceView | undefined> => this.#store.attempt(() => this.#backend.keyPlace());

  showRecoveryKey = (): Promise<void> => this.#store.attempt(() => this.#backend.showRecoveryKey()).then(() => {});

  quit = (): Promise<void> => this.#store.attempt(() => this.#backend.quit()).then(() => {});

  async #show(read: () => Promise<BackupsView>): Promise<void> {
    await this.#store.attempt(async () => this.#store.set({ backups: await read() }));
  }
}
