/** Many places at once have the same record as one after another. */
import { EditorState, type Transaction } from "prosemirror-state";
import { expect, test } from "vitest";
import { LOOSELY, look, replaceAll, searching } from "../src/editor/find";
import { provenance } from "../src/editor/provenance";
import { origin, schema } from "../src/editor/schema";

function desk(...texts: [text: string, byModel: boolean][][]) {
  const model = [origin({ how: "model_here", who: "Tiny", edited: false })];
  const doc = schema.nodes.doc.create(
    null,
    texts.map((parts) =>
      schema.nodes.paragraph.create(
        null,
        parts.map(([text, by]) => schema.text(text, by ? model : [])),
      ),
    ),
  );
  return {
    state: EditorState.create({ doc, plugins: [provenance(), searching()] }),
    dispatch(transaction: Transaction) {
      this.state = this.state.apply(transaction);
    },
  };
}

const TEXTS: [string, boolean][][] = [
  [
    ["salt saltmarsh and ", false],
    ["basalt salt", true],
  ],
  [["saltsalt, asalta salt", true]],
  [["the sea", true]],
];

test.each(["sugar", "s", ""])("all places at once: %j", (text) => {
  const [all, singly] = [desk(...TEXTS), desk(...TEXTS)];
  look(all, "salt");
  const places = replaceAll(all, text);
  expect(places).toBe(8);
  const found = [...desk(...TEXTS).state.doc.textContent.matchAll(/salt/g)];
  expect(found.length).toBe(places);
  // One after another, from the last on.
  for (let nth = places - 1; nth >= 0; nth -= 1) {
    let seen = -1;
    singly.state.doc.descendants((node, at) => {
      if (!node.isTextblock) return true;
      for (const hit of node.textContent.matchAll(/salt/g)) {
        seen += 1;
        if (seen !== nth) continue;
        const [from, to] = [at + 1 + hit.index, at + 1 + hit.index + 4];
        const { tr } = singly.state;
        singly.dispatch(text === "" ? tr.delete(from, to) : tr.insertText(text, from, to));
      }
      return false;
    });
  }
  expect(all.state.doc.toJSON()).toEqual(singly.state.doc.toJSON());
  look(all, "", LOOSELY);
});
