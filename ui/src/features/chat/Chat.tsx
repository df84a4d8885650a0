/** One conversation: its title, what was said, and where the user writes. */
import { type ReactNode, useEffect, useState } from "react";
import { placeWords, whereWords } from "../../components/cloud/route";
import { EditableTitle } from "../../components/EditableTitle";
import { Icon } from "../../components/Icon";
import { LibraryButton } from "../../components/LibraryButton";
import { Menu } from "../../components/Menu";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import { guideInUse } from "../../session/state";
import { Composer } from "./Composer";
import { GuideStart } from "./GuideStart";
import { Move } from "./Move";
import type { Offered } from "./offered";
import { Start } from "./Start";
import { Talk } from "./Talk";
import "./chat.css";

interface Props {
  /** What the window has to say above the composer. */
  above: ReactNode;
  contextOpen: boolean;
  onContextOpen: (open: boolean) => void;
  onInstructions: () => void;
  onExport: () => void;
  onLibrary: () => void;
  /** It stands beside a page, which stays. */
  onClose?: (() => void) | undefined;
}

export function Chat({ above, contextOpen, onContextOpen, onInstructions, onExport, onLibrary, onClose }: Props) {
  const session = useSession();
  const thread = useChosen((state) => state.thread);
  const trouble = useChosen((state) => state.trouble);
  const guide = useChosen(guideInUse) && !thread?.goesTo;
  const renaming = useChosen(
    (state) =>
      state.renaming?.kind === "conversation" &&
      state.renaming.id === state.thread?.id &&
      state.renaming.where === "title",
  );
  const held = useChosen((state) => state.filesHeld);
  const [moving, setMoving] = useState(false);
  const [offered, setOffered] = useState<Offered | null>(null);
  const empty = thread?.messages.length === 0;
  const handed = useChosen((state) => (state.handed?.to === "conversation" ? state.handed : null));
  const ready = thread !== null;
  useEffect(() => {
    if (!handed || !ready) return;
    setOffered({ text: handed.text, where: "caret" });
    session.beside.taken();
  }, [session, handed, ready]);
  const offer = (text: string) => setOffered({ text, where: "whole" });

  return (
    <div className="chat" data-held={held || undefined}>
      <header className="bar">
        <LibraryButton onClick={onLibrary} />
        {thread && (
          <EditableTitle
            key={`title ${thread.id}`}
            title={thread.title}
            untitled="New conversation"
            editing={renaming}
            onEditing={(editing) =>
              editing ? session.startRenaming("conversation", thread.id, "title") : session.stopRenaming()
            }
            onRename={(title) => void session.rename(thread.id, title)}
          />
        )}
        {guide && (
          <span className="chip" data-place="device" title="It comes with Sotto, and answers from the help">
            Built-in guide
          </span>
        )}
        {thread?.goesTo && (
          <span className="chip" data-place="cloud" title={whereWords(thread.goesTo)}>
            {placeWords(thread.goesTo)}
          </span>
        )}
        <span className="spring" />
        {thread && (
          <Menu
            name="This conversation"
            items={[
              { name: "Rename", keys: "F2", act: () => session.startRenaming("conversation", thread.id, "title") },
              { name: "Move to a project…", act: () => setMoving(true) },
              { name: "Instructions", act: onInstructions },
              { name: "Who answers…", act: () => session.cloud.choose({ for: "conversation", id: thread.id }) },
              ...(onClose ? [] : [{ name: "Open a page beside", act: () => void session.beside.somePage() }]),
              { name: "Export…", act: onExport },
              { name: "Move to the trash", act: () => void session.trash("conversation", thread.id), danger: true },
            ]}
          />
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="What the model is told"
          title="What the model is told"
          aria-pressed={contextOpen}
          onClick={() => onContextOpen(!contextOpen)}
        >
          <Icon name="panel" />
        </button>
        {onClose && (
          <button
            type="button"
            className="icon-button"
            aria-label="Close this conversation"
            title="Close this conversation"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      {thread && !empty && <Talk key={`talk ${thread.id}`} thread={thread} onOffer={setOffered} />}
      {thread && empty && (guide ? <GuideStart onExample={offer} /> : <Start thread={thread} onExample={offer} />)}
      {!thread && (
        <div className="talk" aria-busy={!trouble}>
          <div className="measure">{trouble && <Trouble sentence={trouble} />}</div>
        </div>
      )}
      {thread && <Composer key={`composer ${thread.id}`} thread={thread} offered={offered} above={above} />}
      {thread && moving && <Move thread={thread} onClose={() => setMoving(false)} />}
    </div>
  );
}
