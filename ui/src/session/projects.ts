/** Projects: what is said of each as a whole. */
import type { Backend, Mood, ProjectView } from "../backend/client";
import type { SessionStore } from "./store";

export class Projects {
  #backend: Backend;
  #store: SessionStore;

  constructor(backend: Backend, store: SessionStore) {
    this.#backend = backend;
    this.#store = store;
  }

  create = (name: string): Promise<ProjectView | undefined> =>
    this.#store.attempt(async () => {
      const project = await this.#backend.createProject(name);
      // It is opened next, perhaps before the list is read again.
      const { library } = this.#store.state();
      if (library && !library.projects.some(({ id }) => id === project.id))
        this.#store.set({ library: { ...library, projects: [...library.projects, project] } });
      return project;
    });

  update = (id: number, name: string, notes: string): Promise<void> =>
    this.#store.attempt(() => this.#backend.updateProject(id, name, notes));

  /** Null: as in the settings. */
  setMood = (id: number, mood: Mood | null): Promise<void> =>
    this.#store.attempt(async () => {
      await this.#backend.setProjectMood(id, mood);
    });

  /** A phrase that models never write in it, or may write again. */
  ban = (id: number, phrase: string, banned: boolean): Promise<void> =>
    this.#store.attempt(async () => {
      await this.#backend.banInProject(id, phrase, banned);
    });

  /** How what it holds begins. */
  firstLines = (id: number) => this.#store.attempt(() => this.#backend.firstLines(id));
}
