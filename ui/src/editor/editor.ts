/** The editor of one page: ProseMirror with our schema. React stands around it and never in it. */
import { closeHistory, history, redo, undo } from "prosemirror-history";
import { Fragment, type Node } from "prosemirror-model";
import { type Command, EditorState, NodeSelection, type Plugin, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { commenting } from "./comments";
import { searching } from "./find";
import { focusing } from "./focus";
import { habits, keys } from "./keys";
import { type PictureHooks, pasting } from "./pasting";
import { PictureView, type Pixels } from "./pictures";
import { proposals } from "./proposals";
import { KEEPS, provenance } from "./provenance";
import { schema } from "./schema";
import { placeOf, type Splice, spliceBetween } from "./sync";

export interface Heard {
  /** After every change of the document or the selection. */
  changed: (view: EditorView, transaction: Transaction) => void;
  /** Only on a page that is hands-off: a model's words were left out of what was pasted. */
  refused?: (() => void) | undefined;
  pictures: PictureHooks & { pixels: Pixels };
  /** A footnote is to be read, and changed: where it stands. */
  note?: (at: number) => void;
}

/** In pixels. */
const EDGE = 64;

/** Undo has no end that a person meets. */
const HISTORY_DEPTH = 10_000;

function pluginsOf(language: string, refused?: () => void, pictures?: PictureHooks): Plugin[] {
  return [
    // First: `speak` puts another in its place.
    habits(language),
    ...keys(),
    ...(pictures ? [pasting(pictures)] : []),
    history({ depth: HISTORY_DEPTH, newGroupDelay: 600 }),
    provenance(refused),
    proposals(),
    searching(),
    commenting(),
    focusing(),
  ];
}

export function stateOf(doc: Node, language: string, refused?: () => void, pictures?: PictureHooks): EditorState {
  return EditorState.create({ doc, plugins: pluginsOf(language, refused, pictures) });
}

/** As it was left, with what was written elsewhere since: its undo and its caret are where they were. */
function resumed(left: EditorState, doc: Node, language: string, { refused, pictures }: Heard): EditorState {
  const state = left.reconfigure({ plugins: pluginsOf(language, refused, pictures) });
  const splice = spliceBetween(state.doc, doc);
  return splice ? state.apply(takingIn(state, splice)) : state;
}

function attributes(language: string): Record<string, string> {
  return {
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": "Text",
    "data-writes": "",
    tabindex: "0",
    dir: "auto",
    spellcheck: "true",
    ...(language ? { lang: language } : {}),
  };
}

/** The page is written in this language from now on: its quotes, and what its spelling is held to. */
export function speak(view: EditorView, language: string): void {
  const [, ...others] = view.state.plugins;
  view.updateState(view.state.reconfigure({ plugins: [habits(language), ...others] }));
  view.setProps({ attributes: attributes(language) });
}

/** `left`: how it was, where it was open before. */
export function openEditor(
  place: HTMLElement,
  doc: Node,
  language: string,
  left: EditorState | null,
  heard: Heard,
): EditorView {
  const view: EditorView = new EditorView(place, {
    state: left ? resumed(left, doc, language, heard) : stateOf(doc, language, heard.refused, heard.pictures),
    nodeViews: { picture: (node) => new PictureView(node, heard.pictures.pixels) },
    // The line that is written stays a little away from the edges of the view.
    ...{ scrollThreshold: EDGE, scrollMargin: EDGE },
    attributes: attributes(language),
    dispatchTransaction: (transaction) => {
      view.updateState(view.state.apply(transaction));
      heard.changed(view, transaction);
    },
    handleDOMEvents: {
      // The Edit menu asks as the system would.
      beforeinput: (_, event) => {
        const asked: Command | null =
          event.inputType === "historyUndo" ? undo : event.inputType === "historyRedo" ? redo : null;
        if (!asked) return false;
        event.preventDefault();
        asked(view.state, view.dispatch);
        return true;
      },
    },
    // A link in a page is edited, not followed.
    handleClickOn: (_, __, node, at) => {
      if (node.type !== schema.nodes.footnote) return false;
      heard.note?.(at);
      return true;
    },
    handleKeyDown: (opened, event) => {
      const { selection } = opened.state;
      const chosen = selection instanceof NodeSelection && selection.node.type === schema.nodes.footnote;
      if (!chosen || event.key !== "Enter") return false;
      heard.note?.(selection.from);
      return true;
    },
  });
  return view;
}

function takingIn(state: EditorState, splice: Splice): Transaction {
  const { start, end } = placeOf(state.doc, splice);
  const transaction = state.tr.replaceWith(start, end, Fragment.from(splice.insert));
  return transaction.setMeta("addToHistory", false).setMeta(KEEPS, true);
}

/** What another window wrote comes in; the user's own undo does not take it back. */
export function takeIn(view: EditorView, splice: Splice): void {
  view.dispatch(takingIn(view.state, splice));
}

/** An earlier version comes back as one change, which one undo takes back whole. */
export function putBack(view: EditorView, doc: Node): void {
  const transaction = closeHistory(view.state.tr).replaceWith(0, view.state.doc.content.size, doc.content);
  view.dispatch(transaction.setMeta(KEEPS, true));
  view.dispatch(closeHistory(view.state.tr));
}
