/** A backend whose every answer the test decides, and which remembers what it was asked. */
import { act } from "@testing-library/react";
import type {
  AnswerEvent,
  Attached,
  Backend,
  BackupsView,
  ChatPart,
  Contents,
  EngineView,
  FilesOver,
  FirstLines,
  KeyPlaceView,
  Library,
  Listener,
  MenuChosen,
  MessageView,
  Mood,
  Picture,
  ProjectView,
  Question,
  SearchHit,
  SettingChange,
  SettingsView,
  Taken,
  Tallies,
  Thread,
  Transfer,
  TrashKind,
  TriedView,
  Unread,
} from "../src/backend/client";
import { talk } from "../src/backend/demoContent";
import { HELP, searched } from "../src/backend/demoHelp";
import { type Hears, telling } from "../src/backend/telling";
import { FakeCloud } from "./fakeCloud";
import { FakeModels } from "./fakeModels";
import { FakePages } from "./fakePages";

const READY: EngineView = { state: "ready", model: "Tiny", device: "CPU", barred: "proven", holds: 12_000 };

export function userMessage(id: number, text: string, more: Partial<MessageView> = {}): MessageView {
  const alternatives = { position: 1, count: 1, previous: null, next: null };
  return { id, role: "user", text, state: "complete", made: null, pictures: [], remark: null, alternatives, ...more };
}

export function answer(id: number, text: string, more: Partial<MessageView> = {}): MessageView {
  const made = {
    place: "device",
    model: "Tiny",
    tokens: 5,
    tokensPerSecond: 9.08,
    provider: null,
    backend: null,
    cost: null,
  } as const;
  return { ...userMessage(id, text), role: "assistant", made, ...more };
}

/** A project in which nothing is set. */
export function project(id: number, name: string, more: Partial<ProjectView> = {}): ProjectView {
  const unset = { notes: "", leaving: null, goesTo: null, cap: null, mood: null, bannedPhrases: [] };
  return { id, name, ...unset, ...more };
}

export function thread(id: number, messages: MessageView[] = [], more: Partial<Thread> = {}): Thread {
  return { ...talk(id, null, messages.length > 0 ? `Talk ${id}` : "", messages), ...more };
}

function untouched({ title, draft, instructions, attached, leaving, leftOut, messages }: Thread): boolean {
  return (
    messages.length === 0 &&
    title === "" &&
    draft === "" &&
    instructions === "" &&
    attached.length === 0 &&
    leaving === "asProject" &&
    leftOut.length === 0
  );
}

/** One call, as it came. */
interface Asked {
  name: string;
  args: unknown[];
}

export class Fake {
  asked: Asked[] = [];
  library: Library = { projects: [], conversations: [], pages: [], handsOff: [], trash: [], startingPoints: [] };
  engine: EngineView = READY;
  readonly models = new FakeModels();
  readonly cloud = new FakeCloud();
  unread: Unread[] = [];
  readonly pages = new FakePages();
  settings: SettingsView = {
    theme: "system",
    textSize: 18,
    mood: "balanced",
    bannedPhrases: [],
    seed: null,
    backupTrouble: null,
  };
  backups: BackupsView = { folder: "/home/me/backups", atHome: true, backups: [] };
  tried: TriedView[] = [];
  keyPlace: KeyPlaceView = "keychain";
  /** What a merge brings back. */
  broughtBack: Contents = { projects: 0, conversations: 0, messages: 0, pages: 0 };
  /** How the window was left. */
  remembered = "";
  /** What is refused of the next pictures. */
  refusals: string[] = [];
  hits: SearchHit[] = [];
  /** How what a project holds begins. */
  firstLines: FirstLines = { pages: [], conversations: [] };
  tallies: Tallies = { mixed: 0, here: 0, neither: 0, models: [] };
  /** Who hears what was changed in the library. */
  readonly hears: Hears = new Set();
  /** How many messages come with a conversation; the others must be asked for. */
  end = Infinity;
  /** What the next call of this name throws. */
  failures = new Map<string, Error>();
  #threads = new Map<number, Thread>();
  #listener: Listener | null = null;
  #finish: (() => void) | null = null;
  #fail: ((error: Error) => void) | null = null;
  #menuHeard: ((chosen: MenuChosen) => void) | null = null;
  #engineHeard: ((engine: EngineView) => void) | null = null;

  constructor(...threads: Thread[]) {
    for (const one of threads) this.put(one);
  }

  put(one: Thread): void {
    this.#threads.set(one.id, one);
    const row = {
      id: one.id,
      project: one.project,
      position: null as number | null,
      title: one.title,
      updatedAt: 0,
      hasDraft: one.draft !== "",
      untouched: untouched(one),
      leaves: one.goesTo !== null,
    };
    const known = this.library.conversations.findIndex((old) => old?.id === one.id);
    if (known < 0) this.library.conversations.push(row);
    else this.library.conversations[known] = row;
  }

  /** As the user put them. */
  #rows() {
    return this.library.conversations.map((row) => {
      const at = this.pages.order.findIndex((one) => one.kind === "conversation" && one.id === row.id);
      return at < 0 ? row : { ...row, position: at + 1 };
    });
  }

  /** What lies on the clipboard, or was dropped. */
  handed: Partial<Taken> = { nothing: true };
  #filesHeard: ((files: FilesOver) => void) | null = null;

  async filesAre(files: FilesOver): Promise<void> {
    await act(async () => this.#filesHeard?.(files));
  }

  #take(id: number): Taken {
    const pictures = [...(this.#threads.get(id)?.attached ?? []), ...(this.handed.pictures ?? [])];
    this.#change(id, { attached: pictures });
    return { texts: [], troubles: [], nothing: false, ...this.handed, pictures };
  }

  #changeProject(id: number, change: Partial<ProjectView>): void {
    const projects = this.library.projects.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.library = { ...this.library, projects };
  }

  #change(id: number, change: Partial<Thread>): void {
    const old = this.#threads.get(id);
    if (!old) return;
    this.put({ ...old, ...change });
  }

  /** The questions that were asked, in order. */
  questions(): Question[] {
    return this.calls("ask").map(([question]) => question as Question);
  }

  /** The arguments of each call of `name`, in order. */
  calls(name: keyof Backend): unknown[][] {
    return this.asked.filter((one) => one.name === name).map((one) => one.args);
  }

  /** Lets the answer under way hear `events`. */
  async emit(...events: AnswerEvent[]): Promise<void> {
    await act(async () => {
      for (const event of events) {
        if (event.type === "stored") this.put(event.thread);
        this.#listener?.(event);
        if (event.type === "finished") this.#finish?.();
      }
      // Words are shown with the next frame.
      await new Promise(requestAnimationFrame);
    });
  }

  /** Ends the answer under way as a failure of the shell. */
  async break(error: Error): Promise<void> {
    await act(async () => this.#fail?.(error));
  }

  /** Another window or a terminal wrote. */
  async othersWrote(): Promise<void> {
    const changed = { listing: true, anything: true, conversations: [], pages: [] };
    await act(async () => {
      for (const heard of this.hears) heard(changed);
    });
  }

  async chooseInMenu(chosen: MenuChosen): Promise<void> {
    await act(async () => this.#menuHeard?.(chosen));
  }

  async engineBecomes(engine: EngineView): Promise<void> {
    await act(async () => this.#engineHeard?.(engine));
  }

  async transfersBecome(...transfers: Transfer[]): Promise<void> {
    this.models.transfers = transfers;
    await act(async () => this.models.tellTransfers(transfers));
  }

  backend(): Backend {
    const note = <T>(name: keyof Backend, result: (...args: never[]) => T) =>
      (async (...args: unknown[]) => {
        this.asked.push({ name, args });
        const failure = this.failures.get(name);
        this.failures.delete(name);
        if (failure) throw failure;
        return result(...(args as never[]));
      }) as never;
    const answering = (...args: unknown[]) =>
      new Promise<void>((resolve, reject) => {
        this.#listener = args.at(-1) as Listener;
        this.#finish = resolve;
        this.#fail = reject;
      });
    const find = (id: number): Thread => {
      const found = this.#threads.get(id);
      if (!found) throw new Error(`the test has no conversation ${id}`);
      return found;
    };
    const take = ({ kind, id }: TrashKind) => {
      const row = this.library.conversations.find((one) => one.id === id);
      const conversations = this.library.conversations.filter((one) => one.id !== id);
      const trash = [...this.library.trash, { kind, id, title: row?.title ?? "", trashedAt: 0 }];
      this.library = { ...this.library, conversations, trash };
    };
    const bringBack = ({ id }: TrashKind) => {
      this.library = { ...this.library, trash: this.library.trash.filter((one) => one.id !== id) };
      this.put(find(id));
    };
    const attach = (id: number): Attached => {
      const old = find(id);
      const fresh: Picture[] =
        this.refusals.length > 0
          ? []
          : [{ id: 40 + old.attached.length, width: 1200, height: 800, wordsCost: "About 700 words." }];
      const pictures = [...old.attached, ...fresh];
      this.put({ ...old, attached: pictures });
      return { pictures, troubles: this.refusals.splice(0) };
    };
    return telling(
      {
        ...this.models.backend(note),
        ...this.pages.backend(note),
        ...this.cloud.backend(note, find, (id, more) => this.#change(id, more)),
        attachPictures: note("attachPictures", attach),
        pastePicture: note("pastePicture", attach),
        detachPicture: note("detachPicture", (id: number, picture: number) => {
          const pictures = find(id).attached.filter((one) => one.id !== picture);
          this.put({ ...find(id), attached: pictures });
          return { pictures, troubles: [] };
        }),
        picture: note("picture", (id: number) => `data:image/png;base64,${id}`),
        backups: note("backups", () => this.backups),
        backUp: note("backUp", () => {
          const made = { name: "made now", at: Date.now(), why: "asked" as const, bytes: 4_200_000 };
          this.backups = { ...this.backups, backups: [made, ...this.backups.backups] };
          return this.backups;
        }),
        chooseBackupFolder: note("chooseBackupFolder", () => {
          this.backups = { folder: "/disk/Sotto backups", atHome: false, backups: [] };
          return this.backups;
        }),
        keepBackupsAtHome: note("keepBackupsAtHome", () => {
          this.backups = { ...this.backups, folder: "/home/me/backups", atHome: true };
          return this.backups;
        }),
        mergeBackup: note("mergeBackup", () => this.broughtBack),
        restoreBackup: note("restoreBackup", () => this.broughtBack),
        proveBar: note("proveBar", () => this.tried),
        keyPlace: note("keyPlace", () => this.keyPlace),
        showRecoveryKey: note("showRecoveryKey", () => {}),
        version: note("version", () => "0.1.0"),
        homeFolder: note("homeFolder", () => "/home/marit/sotto"),
        openHomeFolder: note("openHomeFolder", () => {}),
        help: note("help", () => HELP),
        searchHelp: note("searchHelp", searched),
        library: note("library", () =>
          structuredClone({ ...this.library, pages: this.pages.rows, conversations: this.#rows() }),
        ),
        openConversation: note("openConversation", (id: number) => {
          const { messages, ...more } = structuredClone(find(id));
          return { ...more, messages: messages.slice(-this.end) };
        }),
        readMessages: note("readMessages", (ids: number[]) =>
          [...this.#threads.values()].flatMap(({ messages }) => messages.filter(({ id }) => ids.includes(id))),
        ),
        createConversation: note("createConversation", (project: number | null) => {
          const one = thread(900 + this.#threads.size, [], { project });
          this.put(one);
          return structuredClone(one);
        }),
        renameConversation: note("renameConversation", () => {}),
        moveConversation: note("moveConversation", () => {}),
        exportConversation: note("exportConversation", (): string | null => "/home/me/Talk.md"),
        setInstructions: note("setInstructions", (id: number, instructions: string) =>
          this.#change(id, { instructions }),
        ),
        leaveOut: note("leaveOut", (id: number, part: ChatPart, out: boolean) => {
          const others = find(id).leftOut.filter((one) => one !== part);
          this.#change(id, { leftOut: out ? [...others, part] : others });
        }),
        saveDraft: note("saveDraft", (id: number, draft: string) => this.#change(id, { draft })),
        trash: note("trash", take),
        restore: note("restore", bringBack),
        emptyTrash: note("emptyTrash", () => {
          this.library = { ...this.library, trash: [] };
        }),
        createProject: note("createProject", (name: string) => project(70, name)),
        updateProject: note("updateProject", () => {}),
        setProjectMood: note("setProjectMood", (id: number, mood: Mood | null) => this.#changeProject(id, { mood })),
        banInProject: note("banInProject", (id: number, phrase: string, banned: boolean) => {
          const before = this.library.projects.find((one) => one.id === id)?.bannedPhrases ?? [];
          const others = before.filter((one) => one !== phrase);
          this.#changeProject(id, { bannedPhrases: banned ? [...others, phrase] : others });
        }),
        firstLines: note("firstLines", () => this.firstLines),
        saveStartingPoint: note(
          "saveStartingPoint",
          (id: number | null, name: string, description: string, instructions: string) => {
            const point = { id: id ?? 80, name, description, instructions, builtIn: false };
            const others = this.library.startingPoints.filter((one) => one.id !== point.id);
            this.library = { ...this.library, startingPoints: [...others, point] };
            return point;
          },
        ),
        deleteStartingPoint: note("deleteStartingPoint", () => {}),
        resetStartingPoint: note("resetStartingPoint", (id: number) =>
          this.library.startingPoints.find((one) => one.id === id),
        ),
        search: note("search", () => this.hits),
        ask: note("ask", answering),
        stop: note("stop", () => {}),
        decideComparison: note("decideComparison", (id: number) => {
          this.#change(id, { comparison: null });
          return structuredClone(find(id));
        }),
        comparisons: note("comparisons", () => this.tallies),
        chooseAlternative: note("chooseAlternative", (message: number) => {
          const found = [...this.#threads.values()].find((one) => one.messages.some(({ id }) => id === message));
          return found ? structuredClone(found) : undefined;
        }),
        engine: note("engine", () => this.engine),
        chooseModel: note("chooseModel", () => READY),
        windowState: note("windowState", () => this.remembered),
        saveWindowState: note("saveWindowState", (state: string) => {
          this.remembered = state;
        }),
        setZoom: note("setZoom", () => {}),
        toggleFullScreen: note("toggleFullScreen", () => {}),
        quit: note("quit", () => {}),
        settings: note("settings", () => this.settings),
        changeSetting: note("changeSetting", ({ set, to }: SettingChange) => {
          const phrases = this.settings.bannedPhrases.filter((one) => one !== to);
          if (set === "ban") this.settings = { ...this.settings, bannedPhrases: [...phrases, to] };
          else if (set === "allow") this.settings = { ...this.settings, bannedPhrases: phrases };
          else this.settings = { ...this.settings, [set]: to };
          return this.settings;
        }),
        unreadSettings: note("unreadSettings", () => this.unread),
        settleSetting: note("settleSetting", (key: string) => {
          this.unread = this.unread.filter((one) => one.key !== key);
        }),
        onEngineChanged: (heard) => {
          this.#engineHeard = heard;
          return () => (this.#engineHeard = null);
        },
        listening: async () => {},
        pasteClipboard: note("pasteClipboard", (id: number) => this.#take(id)),
        takeDropped: note("takeDropped", (id: number) => this.#take(id)),
        onFilesOver: (heard) => {
          this.#filesHeard = heard;
          return () => (this.#filesHeard = null);
        },
        onMenuChosen: (heard) => {
          this.#menuHeard = heard;
          return () => (this.#menuHeard = null);
        },
      },
      this.hears,
    );
  }
}
