/** A library that lives only in this page, for looking at the interface in a browser while building it. */
import {
  type Attached,
  type Backend,
  type CloudChoice,
  type EngineView,
  type FirstRunStep,
  type Library,
  type Listener,
  type MessageView,
  type ProjectView,
  type Question,
  type SettingsView,
  type Thread,
  TroubleError,
  type Unread,
} from "./client";
import { demoBackups, NO_DISK } from "./demoBackups";
import { demoCloud } from "./demoCloud";
import { ANSWER, PICTURE, POINTS, PROJECTS, TALLIES, THREADS } from "./demoContent";
import { HELP, searched } from "./demoHelp";
import { demoModels } from "./demoModels";
import { demoPages } from "./demoPages";
import { telling } from "./telling";

const WORD_MS = 60;

/**
 * `?demo=empty`, `guide`, `noModel`, `failed`, `long` and `full` (also the default) show different
 * states; `&cloud=on` and `locked` the cloud; `&step=welcome` and so on the pages of the first run, `&unread` what could not be read, `&backup=failed` a backup that was not made, `&theme=dark` the other theme.
 */
export function createDemo(): Backend {
  const asked = new URLSearchParams(location.search);
  const wanted = asked.get("demo") ?? "full";
  const guide = wanted === "guide";
  const empty = wanted === "empty" || wanted === "noModel" || guide;
  let threads: Thread[] = empty ? [] : structuredClone(THREADS);
  const [first] = threads;
  if (wanted === "long" && first) {
    const pairs = Array.from({ length: 2500 }, () => first.messages).flat();
    threads[0] = {
      ...first,
      messages: pairs.map((message, i) => ({ ...message, id: 10_000 + i, text: `${i + 1}. ${message.text}` })),
    };
  }
  const gone: Thread[] = [];
  let projects = empty ? [] : structuredClone(PROJECTS);
  let points = structuredClone(POINTS);
  let settings: SettingsView = {
    theme: (asked.get("theme") ?? "system") as SettingsView["theme"],
    textSize: 18,
    mood: "balanced",
    bannedPhrases: [
      "a testament to",
      "tapestry",
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ],
    seed: null,
    backupTrouble: asked.get("backup") === "failed" ? NO_DISK : null,
  };
  let backups = demoBackups();
  let unread: Unread[] =
    asked.get("unread") === null
      ? []
      : [
          {
            key: "offline_lock",
            sentence: "Whether the offline lock is on could not be read, so it is on.",
            settle: "Keep it on",
          },
          {
            key: "models.mirror",
            sentence: "The address that models come from cannot be used, so nothing is downloaded.",
            settle: "Use Hugging Face",
          },
        ];
  let engine: EngineView =
    wanted === "noModel"
      ? { state: "noModel" }
      : wanted === "failed"
        ? {
            state: "failed",
            model: "Ministral 3 3B",
            trouble:
              "The model file is cut short: 1.2 of 3.4 GB are there. Your conversations are safe. Open another copy of it.",
          }
        : {
            state: "ready",
            model: guide ? "Built-in guide" : "Ministral 3 3B",
            device: "CPU, 8 threads",
            barred: "proven",
            holds: 12_000,
          };
  let next = 1000;
  let stopped = false;
  const hears = new Set<(engine: EngineView) => void>();
  const find = (id: number) => {
    const thread = threads.find((one) => one.id === id);
    if (!thread) throw new TroubleError("notFound", "This conversation is not here any more.");
    return thread;
  };
  const models = demoModels((asked.get("step") ?? "done") as FirstRunStep, guide, (model) => {
    engine = { state: "ready", model, device: "CPU, 8 threads", barred: "proven", holds: 12_000 };
    for (const hear of hears) hear(engine);
  });
  const attach = async (conversation: number): Promise<Attached> => {
    const { attached } = find(conversation);
    attached.push({ id: next++, width: 1200, height: 800, wordsCost: "Takes the room of about 700 words." });
    return { pictures: [...attached], troubles: [] };
  };
  const cloud = demoCloud(
    { on: asked.get("cloud") !== null, locked: asked.get("cloud") === "locked", cap: null },
    !empty,
    {
      find,
      project: (id) => projects.find((one) => one.id === id),
    },
  );
  const pages = demoPages(() => next++, empty);
  const agreed = new Set<string>();
  const copy = (thread: Thread) => structuredClone(cloud.settle(thread));
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const library = (): Library => ({
    projects,
    conversations: threads.map(({ id, project, title, draft }, i) => ({
      id,
      project,
      position: null,
      title,
      updatedAt: Date.now() - i * 5e7,
      hasDraft: draft !== "",
      untouched: title === "" && draft === "",
      leaves: false,
    })),
    pages: pages.rows(),
    handsOff: [],
    trash: gone.map(({ id, title }) => ({ kind: "conversation", id, title, trashedAt: Date.now() })),
    startingPoints: points,
  });
  const model = () => ("model" in engine ? engine.model : "");
  const answer = async (
    thread: Thread,
    to: CloudChoice | null,
    listener: Listener,
    beside?: { left: MessageView; hidden: boolean },
  ) => {
    stopped = false;
    const message: MessageView = {
      id: next++,
      role: "assistant",
      text: "",
      state: "streaming",
      pictures: [],
      remark: null,
      made: made(to),
      alternatives: { position: 1, count: 1, previous: null, next: null },
    };
    thread.messages.push(message);
    const right = { message, tookMs: null as number | null };
    if (beside)
      thread.comparison = { id: next++, left: { message: beside.left, tookMs: 8_200 }, right, hidden: beside.hidden };
    thread.title ||= thread.messages[0]?.text.slice(0, 40) ?? "";
    listener({ type: "stored", thread: copy(thread) });
    for (let done = 0; !to && done <= 2048; done += 256) {
      listener({ type: "reading", done, total: 2048 });
      await pause(150);
    }
    for (const text of ANSWER.split(/(?<=\s)/)) {
      if (stopped) break;
      message.text += text;
      listener({ type: "text", text });
      await pause(WORD_MS);
    }
    right.tookMs = 31_400;
    message.state = stopped ? "stopped" : "complete";
    message.made = {
      ...made(to),
      tokens: 312,
      tokensPerSecond: to ? 41.2 : 9.1,
      cost: to && { known: "computed", nanoUsd: 412_000 },
    };
    listener({ type: "finished", message: { ...message }, title: thread.title, trouble: null, page: null });
  };
  const made = (to: CloudChoice | null): NonNullable<MessageView["made"]> => {
    const there = cloud.goesTo(to);
    const here = { model: model(), tokens: null, tokensPerSecond: null, provider: null, backend: null, cost: null };
    return there
      ? { ...here, place: "cloud", model: there.model.split(":")[0] ?? "", provider: there.name, backend: there.route }
      : { ...here, place: "device" };
  };
  const threadOf = (question: Question): Thread => {
    if (question.type === "new") return find(question.conversation);
    const message = question.type === "edit" ? question.message : question.answer;
    return threads.find(({ messages }) => messages.some(({ id }) => id === message))!;
  };
  /** The thread as it would be asked: cut before what is asked anew. */
  const before = (question: Question): Thread => {
    const thread = threadOf(question);
    if (question.type === "new") return thread;
    const message = question.type === "edit" ? question.message : question.answer;
    return {
      ...thread,
      messages: thread.messages.slice(
        0,
        thread.messages.findIndex(({ id }) => id === message),
      ),
    };
  };
  const words = (question: Question) => ("text" in question ? question.text : null);
  const own = (text: string): MessageView => ({
    id: next++,
    role: "user",
    text,
    state: "complete",
    made: null,
    pictures: [],
    remark: null,
    alternatives: { position: 1, count: 1, previous: null, next: null },
  });

  return telling({
    ...models,
    ...cloud.backend,
    ...pages.backend,
    proposalSheet: async (_, ask, once, leftOut) =>
      cloud.sheet({ project: null, instructions: ask.before, messages: [] }, ask.text, once, leftOut),
    attachPictures: attach,
    pastePicture: attach,
    detachPicture: async (conversation, id) => {
      const thread = find(conversation);
      thread.attached = thread.attached.filter((one) => one.id !== id);
      return { pictures: [...thread.attached], troubles: [] };
    },
    picture: async () => PICTURE,
    backups: async () => backups,
    backUp: async () => {
      await pause(600);
      const made = { name: `${next++}`, at: Date.now(), why: "asked" as const, bytes: 4_200_000 };
      settings = { ...settings, backupTrouble: null };
      backups = { ...backups, backups: [made, ...backups.backups] };
      return backups;
    },
    chooseBackupFolder: async () => {
      backups = { ...backups, folder: "/media/marit/disk/Sotto backups", atHome: false };
      return backups;
    },
    keepBackupsAtHome: async () => {
      backups = demoBackups();
      return backups;
    },
    mergeBackup: async () => ({ projects: 0, conversations: 2, messages: 31, pages: 1 }),
    restoreBackup: async () => ({ projects: 2, conversations: 14, messages: 210, pages: 9 }),
    proveBar: async () => {
      await pause(700);
      const all = ["tcp", "ipv6", "udp", "local", "appMemory", "readFile", "writeFile"] as const;
      return all.map((attempt) => ({ attempt, refused: true, said: "Operation not permitted" }));
    },
    keyPlace: async () => "keychain",
    showRecoveryKey: async () => {},
    version: async () => "0.1.0",
    homeFolder: async () => "/home/marit/.local/share/sotto",
    openHomeFolder: async () => {},
    help: async () => HELP,
    searchHelp: async (wanted) => searched(wanted),
    library: async () => structuredClone(library()),
    openConversation: async (id) => copy(find(id)),
    createConversation: async (project) => {
      const thread: Thread = {
        id: next++,
        project,
        title: "",
        instructions: "",
        draft: "",
        attached: [],
        branch: [],
        messages: [],
        leaving: "asProject",
        leftOut: [],
        goesTo: null,
        comparison: null,
      };
      threads = [thread, ...threads];
      return copy(thread);
    },
    renameConversation: async (id, title) => {
      find(id).title = title;
    },
    moveConversation: async (id, project) => {
      find(id).project = project;
    },
    exportConversation: async (_, form) => `/home/marit/Documents/Opening lines.${form === "markdown" ? "md" : form}`,
    setInstructions: async (id, instructions) => {
      find(id).instructions = instructions;
    },
    leaveOut: async (id, part, out) => {
      const others = find(id).leftOut.filter((one) => one !== part);
      find(id).leftOut = out ? [...others, part] : others;
    },
    saveDraft: async (id, text) => {
      find(id).draft = text;
    },
    trash: async ({ kind, id }) => {
      if (kind === "project") {
        projects = projects.filter((one) => one.id !== id);
        return;
      }
      gone.push(find(id));
      threads = threads.filter((one) => one.id !== id);
    },
    restore: async ({ id }) =>
      void threads.unshift(
        ...gone.splice(
          gone.findIndex((one) => one.id === id),
          1,
        ),
      ),
    emptyTrash: async () => void gone.splice(0),
    createProject: async (name) => {
      const project = {
        id: next++,
        name,
        notes: "",
        leaving: null,
        goesTo: null,
        cap: null,
        mood: null,
        bannedPhrases: [],
      };
      projects = [...projects, project];
      return project;
    },
    updateProject: async (id, name, notes) => {
      projects = projects.map((one) => (one.id === id ? { ...one, name, notes } : one));
    },
    setProjectMood: async (id, mood) => {
      projects = projects.map((one) => (one.id === id ? { ...one, mood } : one));
    },
    banInProject: async (id, phrase, banned) => {
      const kept = (one: ProjectView) => one.bannedPhrases.filter((other) => other !== phrase);
      const change = (one: ProjectView) => ({ ...one, bannedPhrases: banned ? [...kept(one), phrase] : kept(one) });
      projects = projects.map((one) => (one.id === id ? change(one) : one));
    },
    firstLines: async (id) => ({
      pages: [],
      conversations: threads
        .filter(({ project }) => project === id)
        .map((one) => ({ id: one.id, text: one.messages.at(-1)?.text.slice(0, 160) ?? "" })),
    }),
    saveStartingPoint: async (id, name, description, instructions) => {
      const point = {
        id: id ?? next++,
        name,
        description,
        instructions,
        builtIn: points.some((one) => one.id === id && one.builtIn),
      };
      points = id === null ? [...points, point] : points.map((one) => (one.id === id ? point : one));
      return point;
    },
    deleteStartingPoint: async (id) => {
      points = points.filter((one) => one.id !== id);
    },
    resetStartingPoint: async (id) => {
      const original = POINTS.find((one) => one.id === id)!;
      points = points.map((one) => (one.id === id ? original : one));
      return original;
    },
    search: async (query) =>
      threads.flatMap((thread) =>
        thread.messages.flatMap(({ id, text }) => {
          const at = text.toLowerCase().indexOf(query.toLowerCase());
          if (at < 0) return [];
          const snippet = [
            `…${text.slice(Math.max(0, at - 50), at)}`,
            text.slice(at, at + query.length),
            `${text.slice(at + query.length, at + 90)}…`,
          ];
          return [
            {
              conversation: thread.id,
              message: id,
              title: thread.title,
              snippet,
              updatedAt: Date.now() - thread.id * 9e7,
            },
          ];
        }),
      ),
    ask: async (question, way, listener) => {
      const thread = threadOf(question);
      const to = way.once ?? (question.type === "beside" ? null : cloud.destination(thread));
      const scope = `${thread.project ?? `talk ${thread.id}`} ${to?.provider} ${to?.model}`;
      if (to && !way.agreed && !agreed.has(scope)) {
        throw new TroubleError(
          "notAgreed",
          "This would leave your computer. Look at what leaves first.",
          cloud.sheet(before(question), words(question), to, []),
        );
      }
      if (!way.once) agreed.add(scope);
      const left = question.type === "beside" && thread.messages.find(({ id }) => id === question.answer);
      const beside = left ? { left, hidden: question.hidden } : undefined;
      thread.messages = before(question).messages;
      if (question.type === "new" || question.type === "edit")
        thread.messages.push({ ...own(question.text), pictures: thread.attached.splice(0) });
      if (question.type === "new") thread.draft = "";
      await answer(thread, to, listener, beside);
    },
    sheet: async (question, once, leftOut) => {
      const to = once ?? cloud.destination(threadOf(question));
      return to && cloud.sheet(before(question), words(question), to, leftOut ?? []);
    },
    stop: async () => {
      stopped = true;
    },
    readMessages: async (ids) => threads.flatMap(({ messages }) => messages.filter(({ id }) => ids.includes(id))),
    decideComparison: async (conversation) => {
      const thread = find(conversation);
      thread.comparison = null;
      return copy(thread);
    },
    comparisons: async () => TALLIES,
    chooseAlternative: async (message) =>
      copy(threads.find(({ messages }) => messages.some(({ id }) => id === message)) ?? threads[0]!),
    engine: async () => engine,
    chooseModel: async () => {
      engine = { state: "ready", model: "Ministral 3 3B", device: "CPU, 8 threads", barred: "proven", holds: 12_000 };
      for (const hear of hears) hear(engine);
      return engine;
    },
    windowState: async () => "",
    saveWindowState: async () => {},
    setZoom: async () => {},
    toggleFullScreen: async () => {},
    quit: async () => {},
    settings: async () => settings,
    changeSetting: async ({ set, to }) => {
      const phrases = settings.bannedPhrases.filter((one) => one !== to);
      settings =
        set === "ban"
          ? { ...settings, bannedPhrases: [...phrases, to] }
          : set === "allow"
            ? { ...settings, bannedPhrases: phrases }
            : { ...settings, [set]: to };
      return settings;
    },
    unreadSettings: async () => unread,
    settleSetting: async (key) => {
      unread = unread.filter((one) => one.key !== key);
    },
    onEngineChanged: (hear) => {
      hears.add(hear);
      return () => hears.delete(hear);
    },
    onMenuChosen: () => () => {},
    onFilesOver: () => () => {},
    pasteClipboard: async () => ({ pictures: [], texts: [], troubles: [], nothing: true }),
    takeDropped: async () => ({ pictures: [], texts: [], troubles: [], nothing: true }),
    listening: async () => {},
  });
}
