/**
 * A question, from the user's hand to the end of its answer. Where it goes is the core's to say: what
 * would leave this computer comes back as a sheet first, and goes only once the user agreed to it.
 */
import {
  type AnswerEvent,
  type Backend,
  type CloudChoice,
  type ComparedView,
  type ComparisonView,
  type MessageView,
  type Question,
  type Sheet,
  type Thread,
  TroubleError,
  type Way,
} from "../backend/client";
import { plural } from "../components/plural";
import { countWords } from "../components/words";
import type { Outgoing, Pending, Run } from "./state";
import type { SessionStore } from "./store";

const NO_MODEL = "No model is open yet. Open one, then send again.";
const HERE: Way = { once: null, agreed: null };

/** What the session does when a thread changes. */
interface ThreadHooks {
  show: (thread: Thread) => void;
  refresh: () => Promise<void>;
}

/** Who answers beside another: a model of this computer, or one elsewhere. */
export type Rival = { model: string; choice: null } | { model: null; choice: CloudChoice };

export class Asking {
  #backend: Backend;
  #store: SessionStore;
  #hooks: ThreadHooks;
  /** When each answer under way will be over. */
  #ends = new Map<number, Promise<void>>();
  /** Words that came since the last frame, by conversation. */
  #unwritten = new Map<number, string>();
  /** Who answers the same as soon as the first answer is written, by conversation. */
  #rivals = new Map<number, Rival>();
  /** Called when the question on the sheet is safe. */
  #stored: () => void = () => {};
  /** Which looking at the sheet is the latest, and what the last one that came about has shown. */
  #look = 0;
  #looked: Pending | null = null;

  constructor(backend: Backend, store: SessionStore, hooks: ThreadHooks) {
    this.#backend = backend;
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Sends `text`, and calls `stored` once it is safe: from then on the composer may forget it. */
  send = async (conversation: number, text: string, stored: () => void): Promise<void> => {
    const { engine, thread } = this.#store.state();
    if (engine.state === "noModel" && thread?.goesTo == null) return this.#store.set({ trouble: NO_MODEL });
    this.#alone(conversation);
    await this.#ask(conversation, { type: "new", conversation, text }, HERE, stored);
  };

  regenerate = (conversation: number, answer: number): Promise<void> => {
    this.#alone(conversation);
    return this.#ask(conversation, { type: "again", answer }, HERE);
  };

  edit = (conversation: number, message: number, text: string, stored: () => void): Promise<void> => {
    this.#alone(conversation);
    return this.#ask(conversation, { type: "edit", message, text }, HERE, stored);
  };

  // Side by side

  /** Has `rival` answer what `answer` answers, to be compared with it. False where a sheet cannot be shown. */
  beside = async (conversation: number, answer: number, rival: Rival, hidden = false): Promise<boolean> => {
    const question = { type: "beside", answer, model: rival.model, hidden } as const;
    this.#store.set({ choosing: null });
    if (rival.choice) return this.once({ for: "question", conversation, question }, rival.choice);
    await this.#ask(conversation, question, HERE);
    return true;
  };

  /** Sends `text` to whoever answers here, and then to `rival`. `hidden`: neither is shown before both are. */
  both = async (
    conversation: number,
    text: string,
    rival: Rival,
    hidden: boolean,
    stored: () => void,
  ): Promise<void> => {
    this.#store.set({ choosing: null, hiding: hidden ? conversation : null });
    this.#rivals.set(conversation, rival);
    await this.#ask(conversation, { type: "new", conversation, text }, HERE, stored);
  };

  /** Goes on with one of the two; null: neither is better. */
  decide = async (chosen: number | null): Promise<void> => {
    const { thread } = this.#store.state();
    if (!thread?.comparison) return;
    const { id, comparison } = thread;
    const decided = await this.#store.attempt(() => this.#backend.decideComparison(id, comparison.id, chosen));
    if (!decided) return;
    if (this.#store.state().thread?.id === id) this.#store.set({ thread: decided });
    this.#store.set({
      announcement: chosen === null ? "Counted as neither." : "The conversation goes on with this answer.",
    });
  };

  tallies = () => this.#store.attempt(() => this.#backend.comparisons());

  /** Ends the answer under way; nothing happens where there is none. */
  stop = async (conversation: number): Promise<void> => {
    const { runs, thread } = this.#store.state();
    const written = thread?.id === conversation && thread.messages.at(-1)?.state === "streaming";
    if (written || runs.has(conversation)) await this.#store.attempt(() => this.#backend.stop(conversation));
  };

  // Before something leaves

  /** This question to that provider, once; the conversation stays where it is. Shows what would leave. */
  once = async (of: Outgoing, once: CloudChoice): Promise<boolean> => {
    const sheet = await this.#store.attempt(() => this.#lookAt(of, once, null));
    if (sheet) this.#put({ of, once, sheet, changed: false, looking: false });
    return sheet !== undefined;
  };

  /** It is not what the user agreed to: nothing left, and they look again. */
  changed = (of: Outgoing, once: CloudChoice | null, sheet: Sheet): void =>
    this.#put({ of, once, sheet, changed: true, looking: false });

  /** Strikes parts out, or puts them back, and looks again at what is left. */
  leave = async (keys: string[], out: boolean): Promise<void> => {
    const pending = this.#store.state().pending;
    if (!pending) return;
    const parts = pending.sheet.parts.map((part) =>
      part.optional && keys.includes(part.key) ? { ...part, included: !out } : part,
    );
    await this.#lookAgain({ ...pending, sheet: { ...pending.sheet, parts } });
  };

  /** Asks with these words instead of those on the sheet, and looks again at what would leave. */
  reword = async (text: string): Promise<void> => {
    const pending = this.#store.state().pending;
    if (pending?.of.for !== "question" || wordsOf(pending.of) === null) return;
    const of = { ...pending.of, question: { ...pending.of.question, text } as Question };
    await this.#lookAgain({ ...pending, of });
  };

  /** The user's yes to the sheet on show. A slower answer under way makes room. */
  agree = async (remember: boolean): Promise<void> => {
    const pending = this.#store.state().pending;
    if (!pending || pending.looking) return;
    const { of, once, sheet } = pending;
    const agreed = { fingerprint: sheet.fingerprint, leftOut: leftOut(sheet.parts), remember };
    this.#store.set({ pending: null, trouble: null });
    if (of.for === "proposal") return of.go({ once, agreed });
    const { conversation, question } = of;
    const under = this.#ends.get(conversation);
    if (under) {
      await this.stop(conversation);
      await under;
    }
    await this.#ask(conversation, question, { once, agreed }, this.#stored);
  };

  /** Nothing leaves, and what the user wrote stays where it was. */
  decline = (): void => {
    this.#look += 1;
    const { pending } = this.#store.state();
    if (pending?.of.for === "question") this.#alone(pending.of.conversation);
    this.#store.set({ pending: null, trouble: null, announcement: "Nothing was sent. Your text is where it was." });
  };

  // Inside

  /** Looks at what would leave now. What could not be looked at is as it was: nothing is agreed to unseen. */
  async #lookAgain(wanted: Pending): Promise<void> {
    this.#store.set({ pending: { ...wanted, looking: true } });
    const look = ++this.#look;
    const sheet = await this.#store.attempt(() => this.#lookAt(wanted.of, wanted.once, leftOut(wanted.sheet.parts)));
    if (look !== this.#look || !this.#store.state().pending) return;
    if (sheet) this.#looked = { ...wanted, sheet, looking: false };
    this.#store.set({ pending: this.#looked });
  }

  #lookAt(of: Outgoing, once: CloudChoice | null, out: string[] | null): Promise<Sheet | null> {
    if (of.for === "question") return this.#backend.sheet(of.question, once, out);
    return once ? this.#backend.proposalSheet(of.page, of.ask, once, out ?? []) : Promise.resolve(null);
  }

  async #ask(conversation: number, question: Question, way: Way, stored: () => void = () => {}): Promise<void> {
    if (this.#store.state().runs.has(conversation)) return;
    this.#stored = stored;
    this.#setRun(conversation, { message: null, text: "", step: { at: "start" } });
    this.#store.set({ trouble: null });
    let heard = () => {};
    const last = new Promise<void>((resolve) => (heard = resolve));
    const over = this.#begin(conversation);
    // The last event may arrive after the promise resolves, so the run ends with the event.
    // A run that failed has none: then what the store has is the truth.
    await this.#store.attempt(async () => {
      try {
        await this.#backend.ask(question, way, (event) => {
          if (event.type === "stored") stored();
          this.#hear(conversation, event);
          if (event.type === "finished") heard();
        });
        void last.then(over);
      } catch (error) {
        this.#setRun(conversation, null);
        over();
        if (error instanceof TroubleError && error.code === "notAgreed" && error.sheet) {
          const changed = way.agreed !== null;
          const of = { for: "question" as const, conversation, question };
          return this.#put({ of, once: way.once, sheet: error.sheet, changed, looking: false });
        }
        this.#alone(conversation);
        if (this.#store.state().thread?.id === conversation) void this.#hooks.refresh();
        throw error;
      }
    });
  }

  /** Another can begin once this one is over on both sides: heard here, and done with there. */
  #begin(conversation: number): () => void {
    let resolve = () => {};
    const end = new Promise<void>((resolved) => (resolve = resolved));
    this.#ends.set(conversation, end);
    return () => {
      if (this.#ends.get(conversation) === end) this.#ends.delete(conversation);
      resolve();
    };
  }

  #hear(conversation: number, event: AnswerEvent): void {
    const run = this.#store.state().runs.get(conversation);
    if (!run) return;
    switch (event.type) {
      case "stored": {
        const answer = event.thread.messages.at(-1);
        this.#unwritten.delete(conversation);
        this.#setRun(conversation, { ...run, message: answer?.id ?? null, text: answer?.text ?? "" });
        this.#hooks.show(event.thread);
        break;
      }
      case "loading":
      case "reading":
        this.#setRun(conversation, { ...run, step: { at: event.type, done: event.done, total: event.total } });
        break;
      case "thinking":
        this.#setRun(conversation, { ...run, step: { at: "thinking" } });
        if (run.message !== null) this.#think(run.message, event.text);
        break;
      case "text":
        this.#write(conversation, event.text);
        break;
      case "finished":
        this.#finish(conversation, event);
        break;
    }
  }

  /** Adds words to the answer on show: all that came since the last frame at once, for nobody sees more. */
  #write(conversation: number, text: string): void {
    const waiting = this.#unwritten.get(conversation);
    this.#unwritten.set(conversation, (waiting ?? "") + text);
    if (waiting !== undefined) return;
    requestAnimationFrame(() => {
      const run = this.#store.state().runs.get(conversation);
      const fresh = this.#unwritten.get(conversation);
      this.#unwritten.delete(conversation);
      if (run && fresh) this.#setRun(conversation, { ...run, step: { at: "writing" }, text: run.text + fresh });
    });
  }

  #think(answer: number, text: string): void {
    const thoughts = new Map(this.#store.state().thoughts);
    this.#store.set({ thoughts: thoughts.set(answer, (thoughts.get(answer) ?? "") + text) });
  }

  #finish(conversation: number, { message, title, trouble, page }: AnswerEvent & { type: "finished" }): void {
    this.#unwritten.delete(conversation);
    this.#setRun(conversation, null);
    const { thread, answerTroubles } = this.#store.state();
    if (thread?.id === conversation) {
      const messages = thread.messages.map((old) => (old.id === message.id ? message : old));
      const comparison = thread.comparison && compared(thread.comparison, message);
      this.#store.set({ thread: { ...thread, title, messages, comparison } });
    }
    if (trouble)
      this.#store.set({ answerTroubles: new Map(answerTroubles).set(message.id, { sentence: trouble, page }) });
    const words = plural(countWords(message.text), "word");
    const outcome = message.state === "stopped" ? `Stopped after ${words}.` : `Answer finished, ${words}.`;
    this.#store.set({ announcement: trouble ?? outcome });
    if (thread?.id === conversation && thread.comparison) void this.#hooks.refresh();
    const rival = this.#rivals.get(conversation);
    const hidden = this.#store.state().hiding === conversation;
    this.#alone(conversation, hidden && rival !== undefined);
    if (!rival) return;
    if (message.state !== "complete" && message.state !== "cut_at_length") {
      this.#alone(conversation);
      return;
    }
    void (this.#ends.get(conversation) ?? Promise.resolve()).then(async () => {
      const asked = await this.beside(conversation, message.id, rival, hidden);
      if (!asked) this.#alone(conversation);
    });
  }

  /** Nobody else answers in this conversation any more; what was hidden is shown, unless it `stays`. */
  #alone(conversation: number, stays = false): void {
    this.#rivals.delete(conversation);
    if (!stays && this.#store.state().hiding === conversation) this.#store.set({ hiding: null });
  }

  #put(pending: Pending): void {
    if (pending.once !== null && !pending.changed) this.#stored = () => {};
    this.#look += 1;
    this.#looked = pending;
    this.#store.set({ pending, choosing: null });
  }

  #setRun(conversation: number, run: Run | null): void {
    const runs = new Map(this.#store.state().runs);
    if (run) runs.set(conversation, run);
    else runs.delete(conversation);
    this.#store.set({ runs });
  }
}

/** The same comparison with this answer as it is now. */
function compared(comparison: ComparisonView, message: MessageView): ComparisonView {
  const made = comparison.hidden ? null : message.made;
  const now = (one: ComparedView) => (one.message.id === message.id ? { ...one, message: { ...message, made } } : one);
  return { ...comparison, left: now(comparison.left), right: now(comparison.right) };
}

/** What was struck out on the sheet. What is off in the whole conversation comes back when it is switched on there. */
function leftOut(parts: Pending["sheet"]["parts"]): string[] {
  return parts.filter(({ included, off }) => !included && !off).map(({ key }) => key);
}

/** The words of a question that are the user's to change on the sheet; null for one that is stored already. */
export function wordsOf(of: Outgoing): string | null {
  return of.for === "question" && (of.question.type === "new" || of.question.type === "edit") ? of.question.text : null;
}
