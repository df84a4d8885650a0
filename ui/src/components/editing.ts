/** Undo and redo, in whatever field has the focus. */

const EDITABLE = "textarea, input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit])";

/** Whether keys that are typed here become text. */
export function takesText(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && (element.matches(EDITABLE) || element.isContentEditable);
}

/**
 * An editor with a history of its own hears the question first, as it would from the system; a
 * plain field has the web view's, which WebKitGTK keeps but reaches by no key of its own.
 */
export function undoOrRedo(which: "undo" | "redo"): void {
  const field = document.activeElement;
  if (!takesText(field)) return;
  const inputType = which === "undo" ? "historyUndo" : "historyRedo";
  const asked = new InputEvent("beforeinput", { inputType, bubbles: true, cancelable: true });
  if (field.dispatchEvent(asked)) document.execCommand(which);
}

/** Whether what opens here may take the focus: of two that stand side by side, only the one in front. */
export function inFront(element: Element): boolean {
  return element.closest("[data-front=false]") === null;
}

/** Puts the caret behind what is written there. */
export function toItsEnd(field: HTMLTextAreaElement | HTMLInputElement): void {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollTop = field.scrollHeight;
}

/** Writes into a field so that it can be undone; what is selected there gives way. */
export function writeInto(field: HTMLTextAreaElement | HTMLInputElement, text: string): void {
  field.focus();
  // The web view knows of it, and so does React, by the event that follows.
  if (document.execCommand?.("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
