/** An earlier message of hers, opened again. What was there is kept as another version. */
import { useState } from "react";
import type { MessageView } from "../../backend/client";
import { composing } from "../../components/keys";
import { useSession } from "../../session/context";

interface Props {
  conversation: number;
  message: MessageView;
  onClose: () => void;
}

export function Rewrite({ conversation, message, onClose }: Props) {
  const session = useSession();
  const [text, setText] = useState(message.text);
  const send = () => {
    if (text.trim() === "") return;
    void session.asking.edit(conversation, message.id, text.trim(), onClose);
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
        aria-label="Edit your message"
        dir="auto"
        autoFocus
        rows={Math.min(12, Math.max(3, Math.ceil(message.text.length / 60)))}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            send();
          }
        }}
      />
      <div className="rewrite-actions">
        <span className="hint">The earlier version is kept beside it.</span>
        <span className="spring" />
        <button type="button" className="quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="primary">
          Send again
        </button>
      </div>
    </form>
  );
}
