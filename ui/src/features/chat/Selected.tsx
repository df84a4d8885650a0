/** Words that she marked in a talk: they can be given to the cloud by themselves, once. */
import { useEffect, useState, type RefObject } from "react";
import { useChosen, useSession } from "../../session/context";

interface Marked {
  text: string;
  top: number;
  left: number;
}

const WIDTH = 220;

export function Selected({ conversation, frame }: { conversation: number; frame: RefObject<HTMLElement | null> }) {
  const { cloud } = useSession();
  const possible = useChosen((state) => state.cloud.on && !state.cloud.locked);
  const [marked, setMarked] = useState<Marked | null>(null);
  useEffect(() => {
    if (!possible) return;
    const look = () => setMarked(frame.current && markedIn(frame.current));
    // While she draws, the button would be under her hand: it comes when she is done.
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
  }, [possible, frame]);
  if (!possible || !marked) return null;
  return (
    <button
      type="button"
      className="quiet selected-act"
      style={{ top: marked.top, left: marked.left }}
      // Pressing it must not unmark the words.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        cloud.choose({ for: "passage", conversation, text: marked.text });
        setMarked(null);
      }}
    >
      Do this in the cloud…
    </button>
  );
}

/** What is marked inside of one message, and where a button below it has room. */
function markedIn(frame: HTMLElement): Marked | null {
  const selection = document.getSelection();
  const text = selection?.toString().trim() ?? "";
  if (!selection || selection.rangeCount === 0 || text === "") return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  const article = (within instanceof Element ? within : within.parentElement)?.closest("article");
  if (!article || !frame.contains(article)) return null;
  const around = frame.getBoundingClientRect();
  const box = range.getBoundingClientRect?.() ?? around;
  const left = Math.max(8, Math.min(box.left - around.left, around.width - WIDTH));
  const below = box.bottom - around.top + 6;
  return { text, left, top: Math.max(8, Math.min(below, around.height - 44)) };
}
