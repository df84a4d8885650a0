/** Finding and replacing in pages that no editor shows: by the same rules, with the same record. */
import type { Node } from "prosemirror-model";
import { EditorState, type Transaction } from "prosemirror-state";
import { type Found, foundIn, type How, look, replaceAll, searching, type Trouble, troubleIn } from "./find";
import { provenance } from "./provenance";

/** What stands in for an editor. */
class Desk {
  state: EditorState;

  constructor(doc: Node, query: string, how: How) {
    this.state = EditorState.create({ doc, plugins: [provenance(), searching()] });
    look(this, query, how);
  }

  dispatch = (transaction: Transaction): void => {
    this.state = this.state.apply(transaction);
  };
}

/** What is found there, and why that is not all of it. */
export function placesIn(doc: Node, query: string, how: How): { places: readonly Found[]; trouble: Trouble | null } {
  const { state } = new Desk(doc, query, how);
  return { places: foundIn(state), trouble: troubleIn(state) };
}

/** The document with `text` in the place of what is found in it, and how many places those were. */
export function replacedIn(doc: Node, query: string, how: How, text: string): { doc: Node; places: number } {
  const desk = new Desk(doc, query, how);
  const places = replaceAll(desk, text);
  return { doc: desk.state.doc, places };
}

/** So many letters stand on each side of what was found. */
const AROUND = 40;

/** What was found with a little of what stands around it: before, it, behind. */
export function excerpt(doc: Node, { from, to, note }: Found): [string, string, string] {
  if (note) {
    const said = doc.nodeAt(from)?.attrs["text"] as string;
    return [said.slice(0, note.from), said.slice(note.from, note.to), said.slice(note.to)];
  }
  const $from = doc.resolve(from);
  const [start, end] = [$from.start(), $from.end()];
  const text = (a: number, b: number) => doc.textBetween(a, b, " ", " ");
  const [left, right] = [Math.max(start, from - AROUND), Math.min(end, to + AROUND)];
  return [
    `${left > start ? "…" : ""}${text(left, from)}`,
    text(from, to),
    `${text(to, right)}${right < end ? "…" : ""}`,
  ];
}
