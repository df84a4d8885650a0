/** The keys that work wherever the user is: one table, which the list of keys and the palette read too. */
import { useEffect } from "react";
import { APPLE, commands, composing, shortcut } from "../components/keys";

/** What keys, menus and the palette can ask of the window. */
export interface Doing {
  newConversation: () => void;
  newPage: () => void;
  newProject: () => void;
  importPage: () => void;
  importFolder: () => void;
  /** The words that are selected in the page that is open. */
  rewrite: () => void;
  /** The page that is open, from the caret on. */
  goOn: () => void;
  /** On the words that are selected in the page that is open, or on the word with the caret. */
  comment: () => void;
  nextComment: () => void;
  commentBefore: () => void;
  openModel: () => void;
  palette: () => void;
  export: () => void;
  find: () => void;
  search: () => void;
  settings: () => void;
  rename: () => void;
  undo: () => void;
  redo: () => void;
  zoomIn: () => void;
  zoomOut: () => void;
  zoomReset: () => void;
  fullScreen: () => void;
  /** From a page to the conversation beside it, and back. */
  otherSide: () => void;
  leftPane: () => void;
  rightPane: () => void;
  help: () => void;
  keys: () => void;
  about: () => void;
  close: () => void;
  quit: () => void;
  stop: () => void;
  /** Closes a pane that lies over the page; false when there is none. */
  fold: () => boolean;
}

export interface Binding {
  /** As `KeyboardEvent.key`, in small letters; more than one where keyboards differ. */
  keys: string[];
  /** With ⌘ or Ctrl. */
  command?: boolean;
  shift?: boolean;
  does: Exclude<keyof Doing, "fold">;
  name: string;
  /** Also while a dialog is open. */
  always?: boolean;
}

export const BINDINGS: Binding[] = [
  { keys: ["n"], command: true, does: "newConversation", name: "New conversation" },
  { keys: ["p"], command: true, shift: true, does: "newPage", name: "New page" },
  { keys: ["e"], command: true, does: "rewrite", name: "Rewrite the selection" },
  { keys: ["n"], command: true, shift: true, does: "newProject", name: "New project" },
  { keys: ["o"], command: true, does: "openModel", name: "Open a model" },
  { keys: ["k"], command: true, does: "palette", name: "Go to, or do" },
  { keys: ["e"], command: true, shift: true, does: "export", name: "Export" },
  { keys: ["f"], command: true, does: "find", name: "Find in this conversation or page" },
  { keys: ["f"], command: true, shift: true, does: "search", name: "Search everything" },
  { keys: ["f2"], does: "rename", name: "Rename" },
  { keys: ["z"], command: true, does: "undo", name: "Undo", always: true },
  { keys: ["z"], command: true, shift: true, does: "redo", name: "Redo", always: true },
  { keys: ["y"], command: true, does: "redo", name: "Redo", always: true },
  { keys: ["+", "=", "add"], command: true, does: "zoomIn", name: "Larger", always: true },
  { keys: ["-", "subtract"], command: true, does: "zoomOut", name: "Smaller", always: true },
  { keys: ["0"], command: true, does: "zoomReset", name: "As large as it was made", always: true },
  { keys: ["f11"], does: "fullScreen", name: "Full screen", always: true },
  { keys: ["f6"], does: "otherSide", name: "From the page to the conversation beside it, and back" },
  { keys: ["f8"], does: "leftPane", name: "Left pane" },
  { keys: ["f9"], does: "rightPane", name: "Right pane" },
  { keys: [","], command: true, does: "settings", name: "Settings" },
  { keys: ["f1"], does: "help", name: "Help" },
  { keys: ["/"], command: true, does: "keys", name: "List of keys" },
  { keys: ["w"], command: true, does: "close", name: "Close the window", always: true },
  { keys: ["q"], command: true, does: "quit", name: "Quit", always: true },
];

/** "Ctrl Shift F", "F2". */
export function keysOf({ keys, command = false, shift = false }: Binding): string {
  const key = (keys[0] ?? "").toUpperCase();
  return command ? shortcut(key, shift) : key;
}

/** The keys for something, as the palette shows them. */
export function keysFor(does: Binding["does"]): string | undefined {
  const binding = BINDINGS.find((one) => one.does === does);
  return binding && keysOf(binding);
}

export function useKeys(doing: Doing): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing(event)) return;
      const inDialog = document.querySelector("dialog[open]") !== null;
      if (event.key === "Escape" && !inDialog) {
        event.preventDefault();
        return void (doing.fold() || doing.stop());
      }
      const binding = BINDINGS.find((one) => fits(one, event));
      // A Mac undoes by itself, in every field.
      if (!binding || (inDialog && !binding.always) || (APPLE && /^(un|re)do$/.test(binding.does))) return;
      event.preventDefault();
      doing[binding.does]();
    };
    const wheeled = (event: WheelEvent) => {
      if (!commands(event)) return;
      event.preventDefault();
      if (event.deltaY !== 0) (event.deltaY < 0 ? doing.zoomIn : doing.zoomOut)();
    };
    window.addEventListener("keydown", pressed);
    window.addEventListener("wheel", wheeled, { passive: false });
    return () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("wheel", wheeled);
    };
  });
}

function fits({ keys, command = false, shift = false }: Binding, event: KeyboardEvent): boolean {
  if (!keys.includes(event.key.toLowerCase()) || event.altKey || commands(event) !== command) return false;
  // Signs such as "+" and "/" need Shift on some keyboards.
  return /^[a-z]$/.test(keys[0] ?? "") ? event.shiftKey === shift : true;
}
