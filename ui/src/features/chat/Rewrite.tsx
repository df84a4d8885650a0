/**
 * An earlier message of the user's, opened again. What was there is kept as another version, and
 * what was changed and not sent is there again when the message is opened the next time.
 */
import { useEffect, useRef, useState } from "react";
import type { MessageView } from "../../backend/client";
import { toItsEnd } from "../../components/editing";
import { composing } from "../../components/keys";
import { useSession } from "../../session/context";

interface Props {
  conversation: number;
  message: MessageView;
}

export function Rewrite({ conversation, message }: Props) {
  const session = useSession();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => session.rewrites.get(message.id) ?? message.text);
  useEffect(() => {
    if (field.current) toItsEnd(field.current);
  }, []);
  const write = (typed: string) => {
    setText(typed);
    session.rewrites.set(message.id, typed);
  };
  const close = () => session.rewrite(null);
  const cancel = () => {
    session.rewrites.delete(message.id);
    close();
  };
  const send = () => {
    if (text.trim() === "") return;
    void session.asking.edit(conversation, message.id, text.trim(), cancel);
  };
  return (
    <form
      className="rewrite"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        aria-label="Edit your message"
        dir="auto"
        rows={Math.min(12, Math.max(3, Math.ceil(message.text.length / 60)))}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            send();
          }
        }}
      />
      <div className="rewrite-actions">
        <span className="hint">The earlier version is kept beside it.</span>
        <span className="spring" />
        <button type="button" className="quiet" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="primary">
          Send again
        </button>
      </div>
    </form>
  );
}
