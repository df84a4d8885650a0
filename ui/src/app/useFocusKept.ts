/**
 * The focus never falls into nothing. Where what had it went away or was switched off, it goes
 * to where the user writes; and letters that are typed at nothing are written there.
 */
import { useEffect } from "react";
import { takesText } from "../components/editing";
import { composing } from "../components/keys";

/** Where the user writes: of several, in the one that is in front, and in no other while that one opens. */
export function writing(): HTMLElement | null {
  const front = document.querySelector("[data-front=true]");
  return (front ?? document).querySelector<HTMLElement>("[data-writes]");
}

export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null;
    const came = (event: FocusEvent) => (last = event.target instanceof Element ? event.target : null);
    // Whoever presses on bare paper means to leave the field.
    const pressed = () => (last = null);
    const changed = new MutationObserver(() => {
      const now = document.activeElement;
      if (last === null || (now !== null && now !== document.body)) return;
      if (last.isConnected && !last.matches(":disabled") && !last.closest("[inert]")) return;
      last = null;
      home()?.focus();
    });
    changed.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["disabled", "inert"],
    });
    const typed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if ([...event.key].length !== 1 || document.querySelector("dialog[open]")) return;
      const at = document.activeElement;
      // A space presses a button, and moves a page.
      if (takesText(at) || (event.key === " " && at !== document.body)) return;
      if (at instanceof Element && at.closest("[role=menu], [role=tablist], [role=radiogroup]")) return;
      // The letter itself follows the focus.
      writing()?.focus();
    };
    document.addEventListener("focusin", came);
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("keydown", typed);
    return () => {
      changed.disconnect();
      document.removeEventListener("focusin", came);
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("keydown", typed);
    };
  }, []);
}

/** Where the focus is at home: in the dialog that is open, or else where the user writes. */
function home(): HTMLElement | null {
  const dialogs = document.querySelectorAll("dialog[open]");
  const dialog = dialogs.item(dialogs.length - 1);
  if (dialog) return dialog.querySelector<HTMLElement>("[data-first], input, textarea, button");
  return writing() ?? document.querySelector<HTMLElement>("main button");
}
