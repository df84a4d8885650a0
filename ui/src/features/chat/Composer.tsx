/** Where she writes. What is typed here is never lost: not by switching, closing or failing. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Thread } from "../../backend/client";
import { shortModel } from "../../components/cloud/route";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import { guideInUse, modelInUse } from "../../session/state";
import { AttachedPictures, Blind } from "./Attached";
import { Going, GOING } from "./Going";
import { picturesIn } from "./given";
import { Progress } from "./Progress";
import "./composer.css";

interface Props {
  thread: Thread;
  /** An example that she chose, to be written into the field. */
  offered: { text: string } | null;
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
  const here = guide ? "the built-in guide" : "model" in engine ? engine.model : null;
  const model = to ? `${shortModel(to.model, to.route)}, in the cloud` : here;
  const ready = (text.trim() !== "" || thread.attached.length > 0) && !blind;

  useGrowing(field, text);
  useEffect(() => {
    field.current?.focus();
    // In the frame after the first she sees where she writes: the bench counts up to this mark.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("usable")));
  }, []);
  useEffect(() => {
    if (!offered) return;
    setText(offered.text);
    session.drafts.write(thread.id, offered.text);
    field.current?.focus();
  }, [offered, session, thread.id]);

  const write = (typed: string) => {
    setText(typed);
    session.drafts.write(thread.id, typed);
  };
  const send = () => {
    const sent = text.trim();
    if (!ready || running) return;
    void session.asking.send(thread.id, sent, () => {
      // She may already be writing the next one: then only what was sent goes.
      setText((now) => (now.trim() === sent ? "" : now));
      if (session.drafts.read(thread.id, "").trim() === sent) session.drafts.write(thread.id, "");
      session.drafts.flush();
    });
  };

  return (
    <section className="composer" aria-label="Write">
      {trouble && (to || engine.state !== "noModel") && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
      {!to && <Opening />}
      {above}
      {blind && <Blind count={thread.attached.length} />}
      {to && <Going conversation={thread.id} to={to} />}
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <AttachedPictures conversation={thread.id} pictures={thread.attached} />
        <button type="button" className="icon-button attach" aria-label="Show a picture" title="Show a picture" onClick={() => void session.pictures.attach(thread.id).then(() => field.current?.focus())}>
          <Icon name="picture" />
        </button>
        <textarea
          ref={field}
          aria-label="Message"
          aria-describedby={to ? GOING : undefined}
          dir="auto"
          rows={1}
          placeholder={model ? `Write to ${model}…` : "Write…"}
          value={text}
          onChange={(event) => write(event.target.value)}
          onPaste={(event) => {
            const pasted = picturesIn(event.clipboardData);
            if (pasted.length === 0) return;
            event.preventDefault();
            void session.pictures.take(thread.id, pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || composing(event.nativeEvent)) return;
            event.preventDefault();
            send();
          }}
        />
        {running ? (
          <button type="button" className="act" aria-label="Stop" title="Stop (Esc)" onClick={() => void session.asking.stop(thread.id)}>
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

/** The field is as high as its text, up to a third of the window: there the style stops it. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
