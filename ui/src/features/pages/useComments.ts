/** The comments of a page: which are shown, and what is done with them. */
import type { EditorView } from "prosemirror-view";
import { type KeyboardEvent, useState } from "react";
import type { MenuItem } from "../../components/Menu";
import {
  addComment,
  type Commenting,
  canComment,
  changeComment,
  goToComment,
  type Placed,
  removeComment,
} from "../../editor/comments";

const NOTHING = "Put the caret on a word, or select what the comment is about, and try again.";

export interface Comments {
  /** In the order of their places; those that are settled only where the user wants to see them. */
  shown: readonly Placed[];
  chosen: Placed | null;
  /** The one that is being written: null for a new one. */
  writing: { comment: Placed | null } | null;
  add: () => void;
  edit: (comment: Placed) => void;
  keep: (text: string) => void;
  leave: () => void;
  look: (comment: Placed) => void;
  step: (by: 1 | -1) => void;
  settle: (comment: Placed) => void;
  remove: (comment: Placed) => void;
  /** Whether the key was one of theirs. */
  pressed: (event: KeyboardEvent) => boolean;
  items: readonly MenuItem[];
}

export function useComments(
  view: () => EditorView | null,
  { all, chosen }: Commenting,
  onTrouble: (sentence: string) => void,
): Comments {
  const [writing, setWriting] = useState<{ comment: Placed | null } | null>(null);
  const [settled, setSettled] = useState(false);
  const shown = all.filter(({ resolved, id }) => !resolved || settled || id === chosen);
  const resolved = all.filter((one) => one.resolved).length;
  const at = shown.findIndex(({ id }) => id === chosen);
  const focus = () => view()?.focus();
  const add = () => {
    const editor = view();
    if (!editor) return;
    if (canComment(editor.state)) setWriting({ comment: null });
    else onTrouble(NOTHING);
  };
  const leave = () => {
    setWriting(null);
    focus();
  };
  const look = ({ id }: Placed) => {
    const editor = view();
    if (editor) goToComment(editor, id);
    focus();
  };
  const step = (by: 1 | -1) => {
    const from = view()?.state.selection.from ?? 0;
    const after = shown.findIndex((one) => one.from > from);
    const next = at >= 0 ? at + by : by > 0 ? after : (after < 0 ? shown.length : after) - 1;
    const one = shown[(next + shown.length) % shown.length];
    if (one) look(one);
  };
  return {
    shown,
    chosen: shown[at] ?? null,
    writing,
    add,
    edit: (comment) => setWriting({ comment }),
    keep: (text) => {
      const editor = view();
      const old = writing?.comment;
      if (editor && text.trim() === "" && old) removeComment(editor, old.id);
      else if (editor && old) changeComment(editor, old.id, { text });
      else if (editor) addComment(editor, text, Date.now());
      leave();
    },
    leave,
    look,
    step,
    settle: ({ id, resolved }) => {
      const editor = view();
      if (editor) changeComment(editor, id, { resolved: !resolved });
      focus();
    },
    remove: ({ id }) => {
      const editor = view();
      if (editor) removeComment(editor, id);
      focus();
    },
    pressed: (event) => {
      const { altKey, ctrlKey, metaKey, code } = event;
      if (!altKey) return false;
      if (code === "KeyM" && (ctrlKey || metaKey)) add();
      else if ((code === "PageDown" || code === "PageUp") && !ctrlKey && !metaKey && shown.length > 0)
        step(code === "PageDown" ? 1 : -1);
      else return false;
      event.preventDefault();
      return true;
    },
    items: [
      { name: "Comment…", keys: "Ctrl Alt M", act: add },
      ...(shown.length > 0
        ? [
            { name: "Next comment", keys: "Alt PgDn", act: () => step(1) },
            { name: "Comment before", keys: "Alt PgUp", act: () => step(-1) },
          ]
        : []),
      ...(resolved > 0
        ? [{ name: settled ? "Hide resolved comments" : "Show resolved comments", act: () => setSettled(!settled) }]
        : []),
    ],
  };
}
