/** Where the user writes. What is typed here is never lost: not by switching, closing or failing. */
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Thread } from "../../backend/client";
import { nearWords, shortModel } from "../../components/cloud/route";
import { inFront, toItsEnd, writeInto } from "../../components/editing";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { Trouble } from "../../components/Trouble";
import { asPart, carriesFiles, hidesSomething, picturesIn, strangersIn, textsIn } from "../../components/transfer";
import { useChosen, useSession } from "../../session/context";
import { guideInUse, modelInUse, severalHere } from "../../session/state";
import { AttachedPictures, Blind } from "./Attached";
import { Barred, GOING, Going } from "./Going";
import { Length } from "./Length";
import type { Offered } from "./offered";
import { Progress } from "./Progress";
import { useTaking } from "./useTaking";
import "./composer.css";

interface Props {
  thread: Thread;
  /** What the user chose to be written into the field. */
  offered: Offered | null;
  above: ReactNode;
}

export function Composer({ thread, offered, above }: Props) {
  const session = useSession();
  const engine = useChosen((state) => state.engine);
  const trouble = useChosen((state) => state.trouble);
  const running = useChosen((state) => state.runs.has(thread.id)) || thread.messages.at(-1)?.state === "streaming";
  const [text, setText] = useState(() => session.drafts.read(thread.id, thread.draft));
  const field = useRef<HTMLTextAreaElement>(null);
  const guide = useChosen(guideInUse);
  const to = thread.goesTo;
  const blind = useChosen((state) => modelInUse(state)?.sees === false) && thread.attached.length > 0 && !to;
  const here = guide ? "the guide" : "model" in engine ? engine.model : null;
  const model = to ? `${shortModel(to.model, to.route)}, ${nearWords(to.near)}` : here;
  const lastOwn = thread.messages.findLast(({ role }) => role === "user")?.id;
  const undecided = thread.comparison !== null && !running;
  const comparable = useChosen((state) => state.cloud.on || severalHere(state));
  const ready = !undecided && (text.trim() !== "" || thread.attached.length > 0) && !blind;

  useGrowing(field, text);
  useEffect(() => {
    if (field.current && inFront(field.current)) toItsEnd(field.current);
    // In the frame after the first the user sees where they write: the bench counts up to this mark.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("usable")));
  }, []);
  useEffect(() => {
    const element = field.current;
    if (!offered || !element) return;
    // What stood there can be had back by undoing.
    if (offered.where === "whole") element.select();
    if (offered.where === "above") toItsEnd(element);
    const at = element.selectionEnd;
    writeInto(element, offered.text);
    // The question comes first; the caret is put there once the words are drawn.
    if (offered.where === "above") requestAnimationFrame(() => element.setSelectionRange(at, at));
  }, [offered]);

  const write = (typed: string) => {
    setText(typed);
    session.drafts.write(thread.id, typed);
  };
  /** Texts go where the caret is; pictures lie above it. */
  const putIn = (name: string, text: string) => {
    const element = field.current;
    if (!element) return;
    writeInto(element, asPart(name, text, element.value.slice(0, element.selectionStart)));
    session.pictures.saidOf(name, text);
  };
  const receive = async (from: "clipboard" | "drop") => {
    const taken = await session.pictures.receive(thread.id, from);
    for (const { name, text } of taken?.texts ?? []) putIn(name, text);
    return taken;
  };
  const takeFiles = async (data: DataTransfer) => {
    const [pictures, texts, strangers] = [picturesIn(data), textsIn(data), strangersIn(data)];
    await session.pictures.take(thread.id, pictures);
    for (const file of texts) {
      const text = await session.pictures.readText(file);
      if (text !== null) putIn(file.name, text);
    }
    if (strangers.length > 0) session.pictures.refuse(strangers.map(({ name }) => name));
  };
  useTaking({ dropped: () => void receive("drop"), files: (data) => void takeFiles(data) });
  const send = () => {
    const sent = text.trim();
    if (!ready || running) return;
    // By mouse too, the next words are written where these were.
    field.current?.focus();
    void session.asking.send(thread.id, sent, stored(sent));
  };
  const stored = (sent: string) => () => {
    // The user may already be writing the next one: then only what was sent goes.
    setText((now) => (now.trim() === sent ? "" : now));
    if (session.drafts.read(thread.id, "").trim() === sent) session.drafts.write(thread.id, "");
    session.drafts.flush();
  };
  const askTwo = () => {
    const sent = text.trim();
    session.cloud.choose({ for: "both", conversation: thread.id, text: sent, stored: stored(sent) });
  };

  return (
    <section className="composer" aria-label="Write">
      {trouble && (to || engine.state !== "noModel") && (
        <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />
      )}
      {!to && <Opening />}
      {above}
      {blind && <Blind count={thread.attached.length} />}
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {to && <Barred conversation={thread.id} to={to} />}
        <AttachedPictures conversation={thread.id} pictures={thread.attached} />
        <textarea
          ref={field}
          data-writes=""
          aria-label="Message"
          aria-describedby={GOING}
          dir="auto"
          rows={1}
          placeholder={undecided ? "Choose one of the two answers first" : model ? `Write to ${model}…` : "Write…"}
          value={text}
          onChange={(event) => write(event.target.value)}
          onPaste={(event) => {
            const { clipboardData } = event;
            const words = clipboardData.types.includes("text/plain") ? clipboardData.getData("text/plain") : "";
            if (hidesSomething(clipboardData)) {
              event.preventDefault();
              void receive("clipboard").then((taken) => {
                if (taken?.nothing && words !== "" && field.current) writeInto(field.current, words);
              });
            } else if (carriesFiles(clipboardData) && words === "") {
              event.preventDefault();
              void takeFiles(clipboardData);
            }
          }}
          onKeyDown={(event) => {
            if (composing(event.nativeEvent) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)
              return;
            const talk = document.querySelector(".talk");
            if (event.key === "Enter") send();
            else if (event.key === "ArrowUp" && text === "" && lastOwn !== undefined) session.rewrite(lastOwn);
            else if ((event.key === "PageUp" || event.key === "PageDown") && talk && scrollsNot(event.currentTarget)) {
              talk.scrollBy({ top: (event.key === "PageUp" ? -0.9 : 0.9) * talk.clientHeight });
            } else return;
            event.preventDefault();
          }}
        />
        <button
          type="button"
          className="icon-button attach"
          aria-label="Show a picture"
          title="Show a picture"
          onClick={() => void session.pictures.attach(thread.id).then(() => field.current?.focus())}
        >
          <Icon name="picture" />
        </button>
        <Going conversation={thread.id} to={to} />
        <span className="spring" />
        <Length text={text} holds={!to && engine.state === "ready" ? engine.holds : null} />
        {comparable && ready && !running && (
          <button
            type="button"
            className="icon-button"
            aria-label="Ask two"
            title="Ask two, side by side…"
            onClick={askTwo}
          >
            <Icon name="columns" />
          </button>
        )}
        {running ? (
          <button
            type="button"
            className="act"
            aria-label="Stop"
            title="Stop (Esc)"
            onClick={() => void session.asking.stop(thread.id)}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" className="act" aria-label="Send" title="Send (Enter)" disabled={!ready}>
            <Icon name="send" />
          </button>
        )}
      </form>
      <Progress conversation={thread.id} />
    </section>
  );
}

/** What stands above the composer while there is no model to write to. */
function Opening() {
  const session = useSession();
  const engine = useChosen((state) => state.engine);
  const trouble = useChosen((state) => state.trouble);
  if (engine.state !== "noModel" && engine.state !== "failed") return null;
  return (
    <div className="opening" role="group" aria-label="Model">
      {engine.state === "failed" ? (
        <p>{engine.trouble}</p>
      ) : trouble ? (
        <p role="alert">{trouble}</p>
      ) : (
        <p>No model is open yet. You can write already; nothing is lost.</p>
      )}
      <button type="button" className="quiet" onClick={() => void session.chooseModel()}>
        {engine.state === "noModel" ? "Open a model…" : "Open another model…"}
      </button>
    </div>
  );
}

/** All of the field is in view: then its keys for scrolling are the talk's. */
function scrollsNot({ scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollHeight <= clientHeight + 1;
}

/** The field is as high as its text, up to a third of the window: there the style stops it. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the text changes
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
