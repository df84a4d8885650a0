/** What the bar for finding looks through: one page that is open. */
import type { EditorView } from "prosemirror-view";
import {
  foundIn,
  type How,
  look,
  replaceAll,
  replaceOne,
  saidAround,
  step,
  type Trouble,
  troubleIn,
} from "../../editor/find";

/** The one that is looked at, from 1; 0: none. */
export interface At {
  at: number;
  of: number;
}

export interface Finding {
  /** How many there are; of an empty query none, and no marks stay. */
  look: (query: string, how: How) => number;
  step: (by: 1 | -1) => Promise<At>;
  /** What the footnote says in which the one stands that is looked at. */
  around: () => string;
  /** Why what is found is not all of it. */
  trouble: () => Trouble | null;
  replaceOne: (text: string) => Promise<At>;
  /** How many were replaced. */
  replaceAll: (text: string) => Promise<number>;
  focus: () => void;
}

const NOWHERE: At = { at: 0, of: 0 };

/** `before`: what is done before many places are changed at once. */
export function inPage(view: () => EditorView | null, before: () => Promise<void>): Finding {
  return {
    look: (query, how) => {
      const editor = view();
      if (!editor) return 0;
      look(editor, query, how);
      return foundIn(editor.state).length;
    },
    step: async (by) => {
      const editor = view();
      return editor ? step(editor, by) : NOWHERE;
    },
    around: () => {
      const editor = view();
      return editor ? saidAround(editor.state) : "";
    },
    trouble: () => {
      const editor = view();
      return editor ? troubleIn(editor.state) : null;
    },
    replaceOne: async (text) => {
      const editor = view();
      return editor ? replaceOne(editor, text) : NOWHERE;
    },
    replaceAll: async (text) => {
      await before();
      const editor = view();
      return editor ? replaceAll(editor, text) : 0;
    },
    focus: () => view()?.focus(),
  };
}
