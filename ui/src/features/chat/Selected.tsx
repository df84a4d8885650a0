/** Words that were marked in a talk: quoted, asked about, written anew, or given to the cloud once. */
import { type RefObject, useEffect, useState } from "react";
import { quoted } from "../../components/quoted";
import { useChosen, useSession } from "../../session/context";
import { takesProposals } from "../../session/places";
import { type Offered, PROPOSE } from "./offered";

interface Marked {
  text: string;
  message: number;
  top: number;
  left: number;
}

interface Props {
  conversation: number;
  frame: RefObject<HTMLElement | null>;
  /** Puts words into the composer. */
  onOffer: (offered: Offered) => void;
}

const WIDTH = 380;
const REWRITE = "Rewrite this passage. Keep its meaning, its voice and about its length.";

export function Selected({ conversation, frame, onOffer }: Props) {
  const { asking, beside, cloud } = useSession();
  const page = useChosen(takesProposals);
  const messages = useChosen((state) => state.thread?.messages);
  const afar = useChosen((state) => state.cloud.on && !state.cloud.locked);
  const busy = useChosen((state) => state.runs.has(conversation));
  const [marked, setMarked] = useState<Marked | null>(null);
  useEffect(() => {
    const look = () => setMarked(frame.current && markedIn(frame.current));
    // While the user draws, the bar would be under their hand: it comes when they are done.
    const drawing = (event: Event) => event.type === "pointerup" && setTimeout(look);
    const gone = () => document.getSelection()?.isCollapsed !== false && setMarked(null);
    const hide = () => setMarked(null);
    const box = frame.current;
    box?.addEventListener("scroll", hide, { passive: true });
    document.addEventListener("pointerup", drawing);
    document.addEventListener("keyup", look);
    document.addEventListener("selectionchange", gone);
    return () => {
      box?.removeEventListener("scroll", hide);
      document.removeEventListener("pointerup", drawing);
      document.removeEventListener("keyup", look);
      document.removeEventListener("selectionchange", gone);
    };
  }, [frame]);
  if (!marked) return null;
  const after = (act: () => void) => () => {
    document.getSelection()?.removeAllRanges();
    setMarked(null);
    act();
  };
  const quote = quoted(marked.text);
  const made = page ? messages?.find(({ id }) => id === marked.message)?.made : null;
  const does = [
    ...(made ? [{ name: PROPOSE, act: after(() => beside.propose(marked.text, made)) }] : []),
    { name: "Quote", act: after(() => onOffer({ text: `${quote}\n\n`, where: "caret" })) },
    { name: "Ask about it", act: after(() => onOffer({ text: `\n\n${quote}`, where: "above" })) },
    ...(busy
      ? []
      : [{ name: "Rewrite", act: after(() => void asking.send(conversation, `${REWRITE}\n\n${quote}`, () => {})) }]),
    ...(afar
      ? [
          {
            name: "Do this in the cloud…",
            act: after(() => cloud.choose({ for: "passage", conversation, text: marked.text })),
          },
        ]
      : []),
  ];
  return (
    <div
      className="selected-acts"
      role="toolbar"
      aria-label="With the marked words"
      style={{ top: marked.top, left: marked.left }}
      // Pressing must not unmark the words.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      {does.map(({ name, act }) => (
        <button key={name} type="button" onClick={act}>
          {name}
        </button>
      ))}
    </div>
  );
}

/** What is marked inside of one message, and where a bar below it has room. */
function markedIn(frame: HTMLElement): Marked | null {
  const selection = document.getSelection();
  const text = selection?.toString().trim() ?? "";
  if (!selection || selection.rangeCount === 0 || text === "") return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  const article = (within instanceof Element ? within : within.parentElement)?.closest<HTMLElement>("article");
  if (!article || !frame.contains(article)) return null;
  const around = frame.getBoundingClientRect();
  const box = range.getBoundingClientRect?.() ?? around;
  const left = Math.max(8, Math.min(box.left - around.left, around.width - WIDTH));
  const below = box.bottom - around.top + 6;
  return {
    text,
    message: Number(article.dataset["message"]),
    left,
    top: Math.max(8, Math.min(below, around.height - 44)),
  };
}
