/** One conversation: its title, what was said, and where she writes. */
import { useState } from "react";
import { EditableTitle } from "../../components/EditableTitle";
import { Icon } from "../../components/Icon";
import { Menu } from "../../components/Menu";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import { Composer } from "./Composer";
import { Move } from "./Move";
import { Start } from "./Start";
import { Talk } from "./Talk";
import "./chat.css";

interface Props {
  told: boolean;
  onTold: (open: boolean) => void;
  onInstructions: () => void;
  onLibrary: () => void;
}

export function Chat({ told, onTold, onInstructions, onLibrary }: Props) {
  const session = useSession();
  const thread = useChosen((state) => state.thread);
  const trouble = useChosen((state) => state.trouble);
  const [renaming, setRenaming] = useState(false);
  const [moving, setMoving] = useState(false);
  const [offered, setOffered] = useState<{ text: string } | null>(null);
  const empty = thread?.messages.length === 0;

  return (
    <div className="chat">
      <header className="bar">
        <button type="button" className="icon-button library-toggle" aria-label="Library" title="Library" onClick={onLibrary}>
          <Icon name="menu" />
        </button>
        {thread && (
          <EditableTitle
            key={`title ${thread.id}`}
            title={thread.title}
            untitled="New conversation"
            editing={renaming}
            onEditing={setRenaming}
            onRename={(title) => void session.rename(thread.id, title)}
          />
        )}
        <span className="spring" />
        {thread && (
          <Menu
            name="This conversation"
            items={[
              { name: "Rename", act: () => setRenaming(true) },
              { name: "Move to a project…", act: () => setMoving(true) },
              { name: "Instructions", act: onInstructions },
              { name: "Move to the trash", act: () => void session.trash("conversation", thread.id), danger: true },
            ]}
          />
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="What the model is told"
          title="What the model is told"
          aria-pressed={told}
          onClick={() => onTold(!told)}
        >
          <Icon name="panel" />
        </button>
      </header>
      {thread && (empty ? <Start thread={thread} onExample={(text) => setOffered({ text })} /> : <Talk key={`talk ${thread.id}`} thread={thread} />)}
      {!thread && (
        <div className="talk" aria-busy={!trouble}>
          <div className="measure">{trouble && <Trouble sentence={trouble} />}</div>
        </div>
      )}
      {thread && <Composer key={`composer ${thread.id}`} thread={thread} offered={offered} />}
      {thread && moving && <Move thread={thread} onClose={() => setMoving(false)} />}
    </div>
  );
}
