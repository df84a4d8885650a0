/** Where she writes. What is typed here is never lost: not by switching, closing or failing. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Thread } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import { Progress } from "./Progress";
import "./composer.css";

interface Props {
  thread: Thread;
  /** An example that she chose, to be written into the field. */
  offered: { text: string } | null;
}

export function Composer({ thread, offered }: Props) {
  const session = useSession();
  const engine = useChosen((state) => state.engine);
  const trouble = useChosen((state) => state.trouble);
  const running = useChosen((state) => state.runs.has(thread.id)) || thread.messages.at(-1)?.state === "streaming";
  const [text, setText] = useState(() => session.drafts.read(thread.id, thread.draft));
  const field = useRef<HTMLTextAreaElement>(null);
  const model = "model" in engine ? engine.model : null;

  useGrowing(field, text);
  useEffect(() => field.current?.focus(), []);
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
    if (sent === "" || running) return;
    void session.send(thread.id, sent, () => {
      // She may already be writing the next one: then only what was sent goes.
      setText((now) => (now.trim() === sent ? "" : now));
      if (session.drafts.read(thread.id, "").trim() === sent) session.drafts.write(thread.id, "");
      session.drafts.flush();
    });
  };

  return (
    <section className="composer" aria-label="Write">
      {trouble && engine.state !== "noModel" && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
      <Opening />
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={field}
          aria-label="Message"
          dir="auto"
          rows={1}
          placeholder={model ? `Write to ${model}…` : "Write…"}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || composing(event.nativeEvent)) return;
            event.preventDefault();
            send();
          }}
        />
        {running ? (
          <button type="button" className="act" aria-label="Stop" title="Stop (Esc)" onClick={() => void session.stop(thread.id)}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" className="act" aria-label="Send" title="Send (Enter)" disabled={text.trim() === ""}>
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
