/** The keys that work wherever she is. */
import { useEffect } from "react";
import { commands, composing } from "../components/keys";

export interface Doing {
  newConversation: () => void;
  search: () => void;
  settings: () => void;
  palette: () => void;
  stop: () => void;
  /** Closes a pane that lies over the page; false when there is none. */
  fold: () => boolean;
}

export function useKeys(doing: Doing): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (composing(event) || document.querySelector("dialog[open]")) return;
      const act = chosen(event, doing);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

function chosen(event: KeyboardEvent, doing: Doing): (() => void) | null {
  if (event.key === "Escape") return () => void (doing.fold() || doing.stop());
  if (!commands(event) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey) return key === "f" ? doing.search : null;
  if (key === "k") return doing.palette;
  if (key === "n") return doing.newConversation;
  return key === "," ? doing.settings : null;
}
