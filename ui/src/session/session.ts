/**
 * The story of the window: what the user does becomes a call to the backend and a new `State`.
 * Components read the state and call these methods; they never call the backend themselves.
 */
import {
  type Backend,
  type ChatPart,
  type ConversationRow,
  type Form,
  type LibraryChanged,
  type SearchHit,
  type SettingChange,
  type Thread,
  type TrashKind,
  TroubleError,
} from "../backend/client";
import { plural } from "../components/plural";
import { again } from "./again";
import { Asking } from "./asking";
import { Backups } from "./backups";
import { Beside, type Side } from "./beside";
import { Cloud } from "./cloud";
import { Drafts } from "./drafts";
import { Tour } from "./firstRun";
import { Models } from "./models";
import { Order } from "./order";
import { Pages } from "./pages";
import { Pictures } from "./pictures";
import { conversationOf, projectOf, stillThere, together, withConversation, without, withPage } from "./places";
import { Points } from "./points";
import { Projects } from "./projects";
import { Memory } from "./remembered";
import { atFirst, type Place, type State, withRow } from "./state";
import type { SessionStore } from "./store";

const WITHOUT_WORDS = "Something went wrong, and nothing you wrote was lost. Try again?";

/** As many messages are read on each side of one that was searched for. */
const AROUND = 60;

export class Session {
  readonly asking: Asking;
  readonly backups: Backups;
  readonly beside: Beside;
  readonly cloud: Cloud;
  readonly drafts: Drafts;
  readonly memory: Memory;
  readonly models: Models;
  readonly order: Order;
  readonly pages: Pages;
  readonly pictures: Pictures;
  readonly points: Points;
  readonly projects: Projects;
  readonly tour: Tour;
  /** What was changed in messages and not sent, by message. */
  readonly rewrites = new Map<number, string>();
  #state: State = atFirst;
  #watchers = new Set<() => void>();
  #takers = new Set<() => void>();
  #backend: Backend;
  #visit = 0;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.drafts = new Drafts((conversation, text) => this.#saveDraft(conversation, text));
    const store: SessionStore = {
      state: () => this.#state,
      set: (change) => this.#set(change),
      attempt: (work) => this.#attempt(work),
      notify: (text, undo) => this.#notify(text, undo),
    };
    const hooks = {
      show: (thread: Thread) => this.#show(thread),
      refresh: () => this.refresh(),
      open: (id: number) => this.openPage(id),
      leave: () => this.#leave(),
      list: () => this.#readLibrary(),
    };
    this.asking = new Asking(backend, store, hooks);
    this.backups = new Backups(backend, store);
    this.beside = new Beside(backend, store, { open: this.open, turnTo: this.turnTo });
    this.cloud = new Cloud(backend, store, hooks);
    this.memory = new Memory(backend, store);
    this.models = new Models(backend, store);
    this.order = new Order(backend, store);
    this.pages = new Pages(backend, store, hooks);
    this.pictures = new Pictures(backend, store);
    this.points = new Points(backend, store);
    this.projects = new Projects(backend, store);
    this.tour = new Tour(backend, store, this.memory);
  }

  get state(): State {
    return this.#state;
  }

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Reads everything once and opens the latest conversation; returns what ends it. */
  start(): () => void {
    let heard = false;
    const unsubscribe = this.#backend.onEngineChanged((engine) => {
      heard = true;
      this.#set({ engine });
    });
    const ended = [
      this.models.start(),
      this.cloud.start(),
      this.#backend.onSettingsChanged(() => void this.#attempt(() => this.#readSettings())),
      this.#backend.onLibraryChanged((changed) => this.#follow(changed)),
      this.#backend.onFilesOver((files) => {
        this.#set({ filesHeld: files === "held" });
        if (files === "dropped") for (const take of this.#takers) take();
      }),
    ];
    void this.#attempt(async () => {
      // What changes between reading and hearing would be missed for good.
      await this.#backend.listening();
      await this.memory.read().catch(() => {});
      void this.tour.start();
      const [engine, library] = await Promise.all([
        this.#backend.engine(),
        this.#backend.library(),
        this.#readSettings(),
      ]);
      // What was heard meanwhile is newer than what was read.
      this.#set({ library, ...(heard ? {} : { engine }) });
      if (this.#state.place.show !== "nothing") return;
      if (this.#goesBack()) return;
      const latest = this.#state.library?.conversations[0];
      if (latest) await this.open(latest.id);
      else await this.newConversation();
    });
    return () => {
      unsubscribe();
      for (const end of ended) end();
    };
  }

  // Going somewhere

  open = (id: number): Promise<void> =>
    this.#attempt(async () => {
      const visit = this.#leave();
      // What was on show stays until the next is here: nothing flickers.
      this.#set({ place: withConversation(this.#state.place, this.#state.library, id) });
      this.turnTo("conversation");
      const thread = await this.#backend.openConversation(id).catch((error: unknown) => {
        if (visit === this.#visit) this.#set({ thread: null });
        throw error;
      });
      if (visit === this.#visit) this.#set({ thread });
    });

  openProject = (id: number): void => {
    this.#leave();
    this.#set({ place: { show: "project", id }, thread: null });
  };

  openPage = (id: number): void => {
    this.#leave();
    const place = withPage(this.#state.place, this.#state.library, id);
    const { thread } = this.#state;
    const beside = conversationOf(place);
    this.#set({ place, thread: beside !== null && thread?.id === beside ? thread : null });
    this.turnTo("page");
    // It was still being read.
    if (beside !== null && thread?.id !== beside) void this.open(beside).then(() => this.turnTo("page"));
  };

  /** The user goes on in this one of two that stand side by side. */
  turnTo = (front: Side): void => {
    if (this.#state.remembered.front !== front) this.memory.keep({ front });
  };

  openTrash = (): void => {
    this.#leave();
    this.#set({ place: { show: "trash" }, thread: null });
  };

  /** Opens an empty conversation: one that nobody has touched, if there is one, or a new one. */
  newConversation = (project: number | null = null): Promise<void> =>
    this.#attempt(async () => {
      await this.drafts.flush();
      await this.#readLibrary();
      const unused = this.#state.library?.conversations.find((row) => row.untouched && row.project === project);
      if (unused) return this.open(unused.id);
      const visit = this.#leave();
      const thread = await this.#backend.createConversation(project, null);
      if (visit !== this.#visit) return;
      this.#set({ place: withConversation(this.#state.place, this.#state.library, thread.id, project), thread });
      this.turnTo("conversation");
    });

  /** Opens an empty conversation with something to try in its composer. */
  tryOut = async (text: string): Promise<void> => {
    await this.newConversation();
    const { thread } = this.#state;
    if (thread) this.drafts.write(thread.id, text);
  };

  /** Opens the conversation of a search hit, on the branch where it was found. */
  openHit = (hit: SearchHit): Promise<void> =>
    this.#attempt(async () => {
      await this.open(hit.conversation);
      const { message } = hit;
      if (message === null) return;
      if (this.#state.thread?.branch.includes(message) === false) await this.chooseAlternative(message);
      const branch = this.#state.thread?.branch ?? [];
      const at = branch.indexOf(message);
      await this.readMessages(hit.conversation, branch.slice(Math.max(0, at - AROUND), at + AROUND));
      // Every other piece of what was found is a word that was searched for.
      this.#set({ searchTarget: { message, at: Date.now(), words: hit.snippet.filter((_, i) => i % 2 === 1) } });
    });

  /** Reads those of `ids`, messages of the open conversation, that were not read yet. */
  readMessages = (conversation: number, ids: readonly number[]): Promise<void> =>
    this.#attempt(async () => {
      const known = new Set(this.#state.thread?.messages.map(({ id }) => id));
      const missing = ids.filter((id) => !known.has(id));
      if (missing.length === 0) return;
      const read = await this.#backend.readMessages(missing);
      const { thread } = this.#state;
      if (thread?.id === conversation) this.#set({ thread: { ...thread, messages: together(read, thread.messages) } });
    });

  /** Reads the open conversation again: an answer is being written that this window did not ask for. */
  refresh = (): Promise<void> =>
    this.#attempt(async () => {
      const { thread } = this.#state;
      if (thread) this.#show(await this.#backend.openConversation(thread.id));
    });

  /** Calls `take` when files were dropped and wait to be taken; returns what ends that. */
  onFilesDropped = (take: () => void): (() => void) => {
    this.#takers.add(take);
    return () => this.#takers.delete(take);
  };

  /** Opens a message of the user's to be changed; null closes it. */
  rewrite = (message: number | null): void => this.#set({ rewriting: message });

  /** In everything, or in one conversation alone. */
  search = (query: string, within: number | null): Promise<SearchHit[]> => this.#backend.search(query, within);

  chooseAlternative = (message: number): Promise<void> =>
    this.#attempt(async () => {
      const thread = await this.#backend.chooseAlternative(message);
      // Of what was read before, some stands among other alternatives now.
      if (this.#state.thread?.id === thread.id) this.#set({ thread });
    });

  // Keeping order

  startRenaming = (kind: TrashKind["kind"], id: number, where: "title" | "row"): void =>
    this.#set({ renaming: { kind, id, where } });

  stopRenaming = (): void => this.#set({ renaming: null });

  rename = (id: number, title: string): Promise<void> =>
    this.#attempt(async () => {
      await this.#backend.renameConversation(id, title);
      this.#patchThread(id, { title });
    });

  move = (id: number, project: number | null): Promise<void> =>
    this.#attempt(async () => {
      await this.#backend.moveConversation(id, project);
      this.#patchThread(id, { project });
    });

  /** Where the file is; null where the user changed their mind. */
  exportConversation = (id: number, form: Form): Promise<string | null | undefined> =>
    this.#attempt(() => this.#backend.exportConversation(id, form));

  setInstructions = (id: number, instructions: string): Promise<void> =>
    this.#attempt(async () => {
      await this.#backend.setInstructions(id, instructions);
      this.#patchThread(id, { instructions });
      this.#patchRow(id, { untouched: false });
    });

  /** Switches a part of what the model is given off, or on again. */
  leaveOut = (id: number, part: ChatPart, out: boolean): Promise<void> =>
    this.#attempt(async () => {
      await this.#backend.leaveOut(id, part, out);
      const others = this.#state.thread?.leftOut.filter((one) => one !== part) ?? [];
      this.#patchThread(id, { leftOut: out ? [...others, part] : others });
    });

  trash = (kind: TrashKind["kind"], id: number): Promise<void> =>
    this.#attempt(async () => {
      const before = this.#state.library;
      await this.#backend.trash({ kind, id });
      this.#notify("Moved to the trash.", () => void this.#bringBack(kind, id));
      const { place, thread } = this.#state;
      const within = kind === "project" && (thread?.project === id || projectOf(place, before) === id);
      const left = within ? null : without(place, kind, (one) => one === id);
      if (left) return this.#stay(left);
      const stays = (row: ConversationRow) =>
        kind === "conversation" ? row.id !== id : kind !== "project" || row.project !== id;
      await this.#openNext(stays);
    });

  /** Marks these in the left pane, and no others. */
  mark = (marked: readonly number[]): void => this.#set({ marked });

  /** Several conversations at once, with one way back for all. */
  trashAll = (ids: readonly number[]): Promise<void> =>
    this.#attempt(async () => {
      for (const id of ids) await this.#backend.trash({ kind: "conversation", id });
      const back = async () => {
        for (const id of ids) await this.restore("conversation", id);
      };
      this.#notify(`${plural(ids.length, "conversation")} moved to the trash.`, () => void back());
      const { place } = this.#state;
      this.#set({ marked: [] });
      const left = without(place, "conversation", (id) => ids.includes(id));
      if (left) this.#stay(left);
      else await this.#openNext(({ id }) => !ids.includes(id));
    });

  moveAll = async (ids: readonly number[], project: number | null): Promise<void> => {
    for (const id of ids) await this.move(id, project);
    this.#set({ marked: [] });
  };

  restore = (kind: TrashKind["kind"], id: number) => this.#attempt(() => this.#backend.restore({ kind, id }));

  emptyTrash = (): Promise<void> => this.#attempt(() => this.#backend.emptyTrash());

  // Model and settings

  chooseModel = (): Promise<void> =>
    this.#attempt(async () => {
      const engine = await this.#backend.chooseModel();
      if (!engine) return;
      this.#set({ engine, trouble: null });
      await this.models.read();
    });

  /** What the model was made to try; nothing where that could not be. */
  proveBar = () => this.#attempt(() => this.#backend.proveBar());
  help = () => this.#attempt(() => this.#backend.help());
  searchHelp = (wanted: string) => this.#backend.searchHelp(wanted);
  version = (): Promise<string | undefined> => this.#attempt(() => this.#backend.version());

  /** Changes one of them; the others stay as whoever set them last. */
  changeSetting = (change: SettingChange): Promise<void> =>
    this.#attempt(async () => {
      this.dismissTrouble();
      if (change.set !== "ban" && change.set !== "allow")
        this.#set({ settings: { ...this.#state.settings, [change.set]: change.to } });
      // One after another: what was chosen last is what stays.
      const before = this.#changing;
      const changed = before.catch(() => {}).then(() => this.#backend.changeSetting(change));
      this.#changing = changed;
      const settings = await changed;
      if (this.#changing === changed) this.#set({ settings });
    });

  /** Says yes to what a field counts as that could not be read. Null: looks again whether it can. */
  settle = (key: string | null): Promise<void> =>
    this.#attempt(async () => {
      if (key !== null) await this.#backend.settleSetting(key);
      await this.#readSettings();
    });

  // Saying something

  dismissNotice = (): void => this.#set({ notice: null });
  dismissTrouble = (): void => this.#set({ trouble: null });

  // Inside

  /** Runs `work`; what goes wrong becomes a sentence on show, never an unhandled error. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const trouble = error instanceof TroubleError ? error : new TroubleError("other", WITHOUT_WORDS);
      this.#set({ trouble: trouble.message });
      // What is gone should not stay listed.
      if (trouble.code === "notFound") this.#readLibrary().catch(() => {});
      return undefined;
    }
  }

  /** Whoever set it, in whichever window or terminal. Two looks at once could end in the wrong order. */
  #readSettings = again(async () => {
    const [settings, unread] = await Promise.all([
      this.#backend.settings(),
      this.#backend.unreadSettings(),
      this.cloud.follow(),
    ]);
    this.#set({ settings, unread });
    if (this.#state.models.settings) await this.models.readSettings();
  });

  #readLibrary = again(async () => this.#set({ library: await this.#backend.library() }));

  /** Reads the open conversation again; where it is gone, the list says so. */
  #readThread = again(async () => {
    const { thread } = this.#state;
    const read = thread && (await this.#backend.openConversation(thread.id).catch(() => null));
    if (read) this.#show(read);
  });

  /** Follows what was changed, in whichever window, terminal or background. */
  #follow({ listing, anything, conversations }: LibraryChanged): void {
    if (listing) void this.#attempt(this.#readLibrary);
    const { thread, runs } = this.#state;
    // What becomes of this window's own questions is told to it as it comes.
    if (thread && !runs.has(thread.id) && (anything || conversations.includes(thread.id))) void this.#readThread();
  }

  /** What was on show is gone: the first conversation that stays, or a new one. */
  async #openNext(stays: (row: ConversationRow) => boolean): Promise<void> {
    const next = this.#state.library?.conversations.find(stays);
    await (next ? this.open(next.id) : this.newConversation());
  }

  async #saveDraft(conversation: number, text: string): Promise<void> {
    await this.#attempt(() => this.#backend.saveDraft(conversation, text));
    this.#patchRow(conversation, { hasDraft: text.trim() !== "" });
  }

  #patchRow(id: number, change: Partial<ConversationRow>): void {
    const { library } = this.#state;
    if (library) this.#set({ library: withRow(library, id, change) });
  }

  /** To what was on show when the window was closed, if it is still there. */
  #goesBack(): boolean {
    const { library, remembered } = this.#state;
    const place = stillThere(remembered.place, library);
    if (!place) return false;
    this.#set({ place });
    const conversation = conversationOf(place);
    // Whichever of two was written in is in front again.
    if (conversation !== null) void this.open(conversation).then(() => this.turnTo(remembered.front));
    return true;
  }

  /** Of what was on show this is left. */
  #stay(place: Place): void {
    if (place === this.#state.place) return;
    this.#set({ place, thread: conversationOf(place) === null ? null : this.#state.thread });
  }

  /** Everything that is typed or remembered is safe before the window goes. */
  putAway = async (): Promise<void> => {
    this.memory.keep({});
    await Promise.all([this.drafts.flush(), this.memory.flush(), this.pages.flush()]);
  };

  /** Leaves the place on show; returns the number of the visit that begins. */
  #leave(): number {
    void this.drafts.flush();
    void this.pages.flush();
    this.#set({ searchTarget: null, rewriting: null, trouble: null, marked: [] });
    return ++this.#visit;
  }

  #notify(text: string, undo: () => void): void {
    this.#set({ notice: { text, undo, at: Date.now() } });
  }

  /** Undoes a throwing away, and goes where the thing is again. */
  async #bringBack(kind: TrashKind["kind"], id: number): Promise<void> {
    await this.restore(kind, id);
    if (kind === "project") this.openProject(id);
    else if (kind === "page") await this.pages.open(id);
    else await this.open(id);
  }

  #show(thread: Thread): void {
    const old = this.#state.thread;
    if (old?.id === thread.id) this.#set({ thread: { ...thread, messages: together(old.messages, thread.messages) } });
  }

  #patchThread(id: number, change: Partial<Thread>): void {
    const { thread } = this.#state;
    if (thread?.id === id) this.#set({ thread: { ...thread, ...change } });
  }

  #set(change: Partial<State>): void {
    const before = this.#state.place;
    this.#state = { ...this.#state, ...change };
    const { place } = this.#state;
    if (place !== before && place.show !== "nothing") this.memory.keep({ place });
    for (const watcher of this.#watchers) watcher();
  }
}
