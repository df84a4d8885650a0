/** A library that lives only in this page, for looking at the interface in a browser while building it. */
import { TroubleError, type Backend, type EngineView, type Library, type Listener, type MessageView, type Thread } from "./client";
import { ANSWER, THREADS, POINTS, PROJECTS } from "./demoContent";

const WORD_MS = 60;

/** `?demo=empty`, `noModel`, `failed`, `long` and `full` (also the default) show different states. */
export function createDemo(): Backend {
  const wanted = new URLSearchParams(location.search).get("demo") ?? "full";
  const empty = wanted === "empty" || wanted === "noModel";
  let threads: Thread[] = empty ? [] : structuredClone(THREADS);
  const [first] = threads;
  if (wanted === "long" && first) {
    const pairs = Array.from({ length: 2500 }, () => first.messages).flat();
    threads[0] = { ...first, messages: pairs.map((message, i) => ({ ...message, id: 10_000 + i, text: `${i + 1}. ${message.text}` })) };
  }
  const gone: Thread[] = [];
  let projects = empty ? [] : structuredClone(PROJECTS);
  let points = structuredClone(POINTS);
  let settings = {
    theme: (new URLSearchParams(location.search).get("theme") ?? "system") as "system" | "light" | "dark",
    textSize: 18,
    mood: "balanced" as "precise" | "balanced" | "imaginative",
  };
  let engine: EngineView =
    wanted === "noModel"
      ? { state: "noModel" }
      : wanted === "failed"
        ? { state: "failed", model: "Ministral 3 3B", trouble: "The model file is cut short: 1.2 of 3.4 GB are there. Your conversations are safe. Open another copy of it." }
        : { state: "ready", model: "Ministral 3 3B", device: "CPU, 8 threads", barred: "proven" };
  let next = 1000;
  let stopped = false;
  const hears = new Set<(engine: EngineView) => void>();
  const find = (id: number) => {
    const thread = threads.find((one) => one.id === id);
    if (!thread) throw new TroubleError("notFound", "This conversation is not here any more.");
    return thread;
  };
  const copy = (thread: Thread) => structuredClone(thread);
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const library = (): Library => ({
    projects,
    conversations: threads.map(({ id, project, title, draft }, i) => ({ id, project, title, updatedAt: Date.now() - i * 5e7, hasDraft: draft !== "" })),
    trash: gone.map(({ id, title }) => ({ kind: "conversation", id, title, trashedAt: Date.now() })),
    startingPoints: points,
  });
  const answer = async (thread: Thread, listener: Listener) => {
    stopped = false;
    const message: MessageView = {
      id: next++,
      role: "assistant",
      text: "",
      state: "streaming",
      made: { place: "device", model: "Ministral 3 3B", tokens: null, tokensPerSecond: null },
      alternatives: { position: 1, count: 1, previous: null, next: null },
    };
    thread.messages.push(message);
    thread.title ||= thread.messages[0]?.text.slice(0, 40) ?? "";
    listener({ type: "stored", thread: copy(thread) });
    for (let done = 0; done <= 2048; done += 256) {
      listener({ type: "reading", done, total: 2048 });
      await pause(150);
    }
    for (const text of ANSWER.split(/(?<=\s)/)) {
      if (stopped) break;
      message.text += text;
      listener({ type: "text", text });
      await pause(WORD_MS);
    }
    message.state = stopped ? "stopped" : "complete";
    message.made = { place: "device", model: "Ministral 3 3B", tokens: 312, tokensPerSecond: 9.1 };
    listener({ type: "finished", message: { ...message }, title: thread.title, trouble: null });
  };
  const own = (text: string): MessageView => ({ id: next++, role: "user", text, state: "complete", made: null, alternatives: { position: 1, count: 1, previous: null, next: null } });
  const truncate = (message: number) => {
    const thread = threads.find(({ messages }) => messages.some(({ id }) => id === message))!;
    thread.messages = thread.messages.slice(0, thread.messages.findIndex(({ id }) => id === message));
    return thread;
  };

  return {
    library: async () => structuredClone(library()),
    openConversation: async (id) => copy(find(id)),
    createConversation: async (project) => {
      const thread: Thread = { id: next++, project, title: "", instructions: "", draft: "", messages: [] };
      threads = [thread, ...threads];
      return copy(thread);
    },
    renameConversation: async (id, title) => void (find(id).title = title),
    moveConversation: async (id, project) => void (find(id).project = project),
    setInstructions: async (id, instructions) => void (find(id).instructions = instructions),
    saveDraft: async (id, text) => void (find(id).draft = text),
    trash: async (kind, id) => {
      if (kind === "project") return void (projects = projects.filter((one) => one.id !== id));
      gone.push(find(id));
      threads = threads.filter((one) => one.id !== id);
    },
    restore: async (_, id) => void threads.unshift(...gone.splice(gone.findIndex((one) => one.id === id), 1)),
    emptyTrash: async () => void gone.splice(0),
    createProject: async (name) => {
      const project = { id: next++, name, notes: "" };
      projects = [...projects, project];
      return project;
    },
    updateProject: async (id, name, notes) => void (projects = projects.map((one) => (one.id === id ? { id, name, notes } : one))),
    saveStartingPoint: async (id, name, description, instructions) => {
      const point = { id: id ?? next++, name, description, instructions, builtIn: points.some((one) => one.id === id && one.builtIn) };
      points = id === null ? [...points, point] : points.map((one) => (one.id === id ? point : one));
      return point;
    },
    deleteStartingPoint: async (id) => void (points = points.filter((one) => one.id !== id)),
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
          const snippet = [`…${text.slice(Math.max(0, at - 50), at)}`, text.slice(at, at + query.length), `${text.slice(at + query.length, at + 90)}…`];
          return [{ conversation: thread.id, message: id, title: thread.title, snippet, updatedAt: Date.now() - thread.id * 9e7 }];
        }),
      ),
    send: async (id, text, listener) => {
      const thread = find(id);
      thread.messages.push(own(text));
      thread.draft = "";
      await answer(thread, listener);
    },
    regenerate: async (message, listener) => answer(truncate(message), listener),
    editMessage: async (message, text, listener) => {
      const thread = truncate(message);
      thread.messages.push(own(text));
      await answer(thread, listener);
    },
    stop: async () => void (stopped = true),
    chooseAlternative: async (message) => copy(threads.find(({ messages }) => messages.some(({ id }) => id === message)) ?? threads[0]!),
    engine: async () => engine,
    chooseModel: async () => {
      engine = { state: "ready", model: "Ministral 3 3B", device: "CPU, 8 threads", barred: "proven" };
      for (const hear of hears) hear(engine);
      return engine;
    },
    settings: async () => settings,
    saveSettings: async (changed) => void (settings = changed),
    onEngineChanged: (hear) => {
      hears.add(hear);
      return () => hears.delete(hear);
    },
    onMenuChosen: () => () => {},
  };
}
