/** A page and a conversation of its project, side by side, and what is handed from one to the other. */
import type { Backend, Made } from "../backend/client";
import { quoted } from "../components/quoted";
import { conversationOf, projectOf } from "./places";
import type { SessionStore } from "./store";

/** Which of the two is written in. */
export type Side = "page" | "conversation";

interface BesideHooks {
  /** Reads a conversation and shows it; one beside a page stays there. */
  open: (id: number) => Promise<void>;
  turnTo: (side: Side) => void;
}

export class Beside {
  #backend: Backend;
  #store: SessionStore;
  #hooks: BesideHooks;

  constructor(backend: Backend, store: SessionStore, hooks: BesideHooks) {
    this.#backend = backend;
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Shows this conversation beside the page on show. */
  conversation = async (id: number): Promise<void> => {
    const { place } = this.#store.state();
    if (place.show !== "page") return;
    this.#store.set({ place: { ...place, beside: id } });
    await this.#hooks.open(id);
  };

  /** Shows this page beside the conversation on show. */
  page = (id: number): void => {
    const beside = conversationOf(this.#store.state().place);
    if (beside === null) return;
    this.#store.set({ place: { show: "page", id, beside } });
    this.#hooks.turnTo("page");
  };

  /** Beside the page on show: the conversation of its project that was written to last, or a new one. */
  someConversation = (): Promise<void> =>
    this.#store
      .attempt(async () => {
        const { place, library } = this.#store.state();
        if (place.show !== "page") return;
        const project = projectOf(place, library);
        const latest = library?.conversations.find(
          (row) => row.project === project && (row.untouched || project !== null),
        );
        await this.conversation(latest?.id ?? (await this.#backend.createConversation(project, null)).id);
      })
      .then(() => {});

  /** Beside the conversation on show: the page of its project that was written to last, or a new one. */
  somePage = (): Promise<void> =>
    this.#store
      .attempt(async () => {
        const { thread, library } = this.#store.state();
        if (!thread) return;
        const { project } = thread;
        const pages = project === null ? [] : (library?.pages.filter((page) => page.project === project) ?? []);
        const [latest] = pages.toSorted((one, other) => other.updatedAt - one.updatedAt);
        this.page(latest?.id ?? (await this.#backend.createPage(project, "")).id);
      })
      .then(() => {});

  /** The other stays, alone. */
  close = (side: Side): void => {
    const { place } = this.#store.state();
    if (place.show !== "page" || place.beside === undefined) return;
    if (side === "page") this.#store.set({ place: { show: "conversation", id: place.beside } });
    else this.#store.set({ place: { show: "page", id: place.id }, thread: null });
  };

  /** Words of the page come into the field of the conversation beside it. */
  quote = (text: string): void => {
    this.#hooks.turnTo("conversation");
    this.#store.set({ handed: { to: "conversation", text: `${quoted(text)}\n\n` } });
  };

  /** A model's words are proposed at the caret of the page. */
  propose = (text: string, made: Made): void => {
    this.#hooks.turnTo("page");
    this.#store.set({ handed: { to: "page", text, made } });
  };

  /** What was handed over has come. */
  taken = (): void => this.#store.set({ handed: null });
}
