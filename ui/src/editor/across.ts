/** Finding and replacing in pages that no editor shows: by the same rules, with the same record. */
import type { Node } from "prosemirror-model";
import { EditorState, type Transaction } from "prosemirror-state";
import { type Found, foundIn, type How, look, replaceAll, searching } from "./find";
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

export function placesIn(doc: Node, query: string, how: How): readonly Found[] {
  return query === "" ? [] : foundIn(new Desk(doc, query, how).state);
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
export function excerpt(doc: Node, { from, to }: Found): [string, string, string] {
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
