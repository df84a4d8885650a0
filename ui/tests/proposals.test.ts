/** A proposal can be taken whole, left whole, or decided upon change by change, in any order. */
import { redo, undo } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, test } from "vitest";
import { changesFor, passageOf } from "../src/editor/changes";
import { stateOf } from "../src/editor/editor";
import { blocksFrom, markdownOf } from "../src/editor/markdown";
import {
  accept,
  acceptOne,
  acceptSelected,
  begin,
  discard,
  leaveOne,
  look,
  proposalIn,
  show,
  showPage,
} from "../src/editor/proposals";
import { originIn, schema } from "../src/editor/schema";

Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();

const BY = { how: "model_here", who: "Tiny", edited: false } as const;

function viewOf(text: string): EditorView {
  return new EditorView(document.createElement("div"), {
    state: stateOf(schema.nodes.doc.create(null, blocksFrom(text)), "en"),
  });
}

/** The page as it is, without where the words came from. */
function bare(doc: Node): string {
  return markdownOf(doc.content);
}

/** A proposal for what stands between two places. */
function propose(view: EditorView, text: string, from = 0, to = view.state.doc.content.size): void {
  const place = passageOf(view.state.doc, from, to);
  expect(place).not.toBeNull();
  begin(view, place!.from, place!.to);
  show(view, text, BY);
}

const changes = (view: EditorView) => proposalIn(view.state)?.changes ?? [];
const old = (view: EditorView) => changes(view).map(({ from, to }) => view.state.doc.textBetween(from, to, "|"));
const fresh = (view: EditorView) => changes(view).map(({ content }) => content.textBetween(0, content.size, "|"));

function dice(seed: number): () => number {
  let last = seed;
  return () => {
    last = (last * 1103515245 + 12345) % 2147483648;
    return last / 2147483648;
  };
}

const WORDS = [
  "salt",
  "road",
  "was",
  "white",
  "the",
  "*late*",
  "and",
  "**very**",
  "long",
  "keeper",
  "counted",
  "lamps,",
];

/** A few paragraphs, headings and scene breaks of made up words. */
function someText(pick: (below: number) => number): string {
  const line = () => Array.from({ length: 1 + pick(9) }, () => WORDS[pick(WORDS.length)]).join(" ");
  return Array.from({ length: 1 + pick(5) }, () =>
    pick(8) === 0 ? "***" : pick(8) === 0 ? `## ${line()}` : line(),
  ).join("\n\n");
}

/** The same text, changed here and there: as a model would. */
function changedText(text: string, pick: (below: number) => number): string {
  return text
    .split("\n\n")
    .flatMap((block) => {
      const what = pick(12);
      if (what === 0) return [];
      if (what === 1) return [block, "A new paragraph stands here"];
      if (block === "***") return [block];
      return [
        block
          .split(" ")
          .flatMap((word) => (pick(5) === 0 ? [] : pick(4) === 0 ? [WORDS[pick(WORDS.length)] as string] : [word]))
          .join(" ") || "Something",
      ];
    })
    .join("\n\n");
}

/** What stands in the page once all of a text is in it, from the first letter to the last. */
const normal = (text: string) =>
  bare(schema.nodes.doc.create(null, blocksFrom(text))).replace(/^(\*\*\*(\n\n|$))+|(\n\n\*\*\*)+$/g, "") ||
  "Something";

test("of_any_text_and_proposal_all_of_it_is_the_proposal_and_none_of_it_the_text", () => {
  for (let seed = 1; seed <= 120; seed += 1) {
    const throwDice = dice(seed);
    const pick = (below: number) => Math.floor(throwDice() * below);
    const text = normal(someText(pick));
    const view = viewOf(text);
    const before = view.state.doc;
    const proposal = normal(changedText(text, pick));
    begin(view, ...whole(before));
    show(view, proposal, BY);
    expect(view.state.doc.eq(before), `seed ${seed}: nothing is written`).toBe(true);
    if (changes(view).length === 0) {
      expect(text, `seed ${seed}`).toBe(proposal);
      continue;
    }
    accept(view);
    view.state.doc.check();
    // One line that comes back plain is the heading still that it was.
    const line = /^## [^\n]*$/.test(text) && !/\n|^#/.test(proposal);
    expect(bare(view.state.doc), `seed ${seed}`).toBe(line ? `## ${proposal}` : proposal);
    undo(view.state, view.dispatch);
    expect(view.state.doc.eq(before), `seed ${seed}: one undo takes it back whole`).toBe(true);
    begin(view, ...whole(before));
    show(view, proposal, BY);
    discard(view);
    expect(view.state.doc.eq(before)).toBe(true);
  }
});

/** From the first place in a paragraph to the last: a page with a scene break at its edge has none there. */
function whole(doc: Node): [number, number] {
  const place = passageOf(doc, 0, doc.content.size);
  expect(place).not.toBeNull();
  return [place!.from, place!.to];
}

test("in_any_order_of_taking_and_leaving_each_place_is_as_it_was_decided", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const throwDice = dice(seed * 7919);
    const pick = (below: number) => Math.floor(throwDice() * below);
    const text = normal(someText(pick));
    const proposal = normal(changedText(text, pick));
    const runs = [0, 1].map((run) => {
      const view = viewOf(text);
      const place = passageOf(view.state.doc, 0, view.state.doc.content.size);
      if (!place) return "";
      begin(view, place.from, place.to);
      show(view, proposal, BY);
      const ids = changes(view).map(({ id }) => id);
      // The same decisions, from the first to the last and the other way round, or in any order.
      const takes = new Map(ids.map((id) => [id, (id * 7 + seed) % 3 !== 0]));
      while (changes(view).length > 0) {
        const at = run === 0 ? 0 : pick(changes(view).length);
        while ((proposalIn(view.state)?.at ?? 0) !== at) look(view, 1);
        const one = changes(view)[at];
        if (takes.get(one!.id) === true) acceptOne(view);
        else leaveOne(view);
        view.state.doc.check();
      }
      return bare(view.state.doc);
    });
    expect(runs[1], `seed ${seed}`).toBe(runs[0]);
  }
});

test("words_alone_are_changed_where_words_alone_change", () => {
  const view = viewOf("It was a very long road, and *late*.");
  propose(view, "It was a long, white road, and *late*.");
  expect(old(view)).toEqual(["very ", " "]);
  expect(fresh(view)).toEqual(["", ", white "]);
  accept(view);
  expect(bare(view.state.doc)).toBe("It was a long, white road, and *late*.");
  const records: string[] = [];
  view.state.doc.descendants((node) => {
    if (node.isText && originIn(node.marks)) records.push(node.text ?? "");
  });
  expect(records, "what stays is the user's own").toEqual([", white "]);
});

test("paragraphs_are_compared_with_each_other_and_a_scene_break_stays", () => {
  const view = viewOf("The road was white.\n\n***\n\nShe counted the lamps.");
  propose(view, "The road was very white.\n\n***\n\nNobody spoke at all.\n\nShe counted all the lamps.");
  expect(changes(view).map((change) => change.of)).toEqual(["words", "blocks", "words"]);
  acceptOne(view);
  expect(bare(view.state.doc)).toBe("The road was very white.\n\n***\n\nShe counted the lamps.");
  leaveOne(view);
  acceptOne(view);
  expect(bare(view.state.doc)).toBe("The road was very white.\n\n***\n\nShe counted all the lamps.");
  expect(proposalIn(view.state)).toBeNull();
});

test("what_only_looks_other_stays_whose_it_was", () => {
  const view = viewOf("It was late.");
  propose(view, "It was *late*.");
  accept(view);
  expect(bare(view.state.doc)).toBe("It was *late*.");
  view.state.doc.descendants((node) => void expect(originIn(node.marks)).toBeUndefined());
});

test("an_undo_of_one_change_offers_it_again_and_a_redo_takes_it", () => {
  const view = viewOf("One two three four.");
  propose(view, "One 2 three 4.");
  acceptOne(view);
  expect(bare(view.state.doc)).toBe("One 2 three four.");
  expect(old(view)).toEqual(["four"]);
  undo(view.state, view.dispatch);
  expect(bare(view.state.doc)).toBe("One two three four.");
  expect(proposalIn(view.state)?.touched).toBe(false);
  expect(old(view)).toEqual(["two", "four"]);
  redo(view.state, view.dispatch);
  expect(old(view)).toEqual(["four"]);
  accept(view);
  expect(bare(view.state.doc)).toBe("One 2 three 4.");
});

test("what_is_selected_is_taken_and_the_rest_waits", () => {
  const view = viewOf("One two three four.");
  propose(view, "One 2 three 4.");
  const at = view.state.doc.textBetween(0, view.state.doc.content.size).indexOf("four") + 1;
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at, at + 2)));
  acceptSelected(view);
  expect(bare(view.state.doc)).toBe("One two three 4.");
  expect(old(view)).toEqual(["two"]);
});

test("a_proposal_follows_its_place_and_ends_where_the_user_writes_inside_of_it", () => {
  const view = viewOf("Before.\n\nOne two three.\n\nAfter.");
  propose(view, "One 2 three.", 10, 24);
  view.dispatch(view.state.tr.insertText("Long ", 1));
  expect(old(view)).toEqual(["two"]);
  view.dispatch(view.state.tr.insertText("!", view.state.doc.content.size - 1));
  expect(proposalIn(view.state)?.touched).toBe(false);
  const { from } = proposalIn(view.state)!;
  view.dispatch(view.state.tr.insertText("x", from + 2));
  expect(proposalIn(view.state)?.touched).toBe(true);
  expect(accept(view)).toBe(false);
});

test("another_proposal_takes_the_place_of_the_first_and_speaks_of_what_is_there_now", () => {
  const view = viewOf("One two three.");
  propose(view, "One 2 three.");
  show(view, "1 two three.", BY);
  expect(old(view)).toEqual(["One"]);
});

test("a_part_of_a_paragraph_keeps_its_rest", () => {
  for (const [proposal, result] of [
    ["b c d", "A b c d Z"],
    ["One.\n\nTwo.", null],
  ] as const) {
    const view = viewOf("A b c Z");
    propose(view, proposal, 3, 6);
    accept(view);
    const text = bare(view.state.doc);
    if (result !== null) expect(text).toBe(result);
    expect(text.startsWith("A ") && text.endsWith(" Z"), text).toBe(true);
  }
});

test("chinese_and_japanese_are_compared_word_by_word_too", () => {
  const view = viewOf("彼女は長い道を歩いた。");
  propose(view, "彼女は白い道を歩いた。");
  expect(old(view).join("").length).toBeLessThan(4);
  accept(view);
  expect(bare(view.state.doc)).toBe("彼女は白い道を歩いた。");
});

test("very_different_and_very_long_passages_are_replaced_whole_and_at_once", () => {
  const long = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word}${at}`).join(" ");
  const view = viewOf(long("a"));
  const found = changesFor(view.state.doc, 1, view.state.doc.content.size - 1, blocksFrom(long("b")));
  expect(found.length).toBe(1);
});

test("an_earlier_version_stands_beside_the_page_and_all_of_it_brings_it_back", () => {
  for (let seed = 1; seed <= 80; seed += 1) {
    const throwDice = dice(seed);
    const pick = (below: number) => Math.floor(throwDice() * below);
    const list = () => (pick(3) === 0 ? "\n\n- salt\n- road" : "");
    const text = someText(pick) + list();
    const view = viewOf(text);
    const now = view.state.doc;
    const then = schema.nodes.doc.create(null, blocksFrom(changedText(text, pick) + list()));
    if (!showPage(view, then)) {
      expect(now.eq(then), `seed ${seed}`).toBe(true);
      continue;
    }
    expect(view.state.doc.eq(now), `seed ${seed}: nothing is written`).toBe(true);
    accept(view);
    expect(bare(view.state.doc), `seed ${seed}: ${bare(now)}`).toBe(bare(then));
    undo(view.state, view.dispatch);
    expect(view.state.doc.eq(now), `seed ${seed}: undone`).toBe(true);
  }
});

test("a_passage_of_an_earlier_version_comes_back_alone_with_its_own_record", () => {
  const view = viewOf("It is late.\n\nShe left.\n\nThe end.");
  const [first, second, third] = blocksFrom("It was late.\n\nShe left.\n\nThe very end.");
  const theirs = schema.text("It ", [schema.marks.origin.create({ how: "pasted", who: null, edited: false })]);
  const was = first!.copy(first!.content.replaceChild(0, schema.text("It was late.")));
  const then = schema.nodes.doc.create(null, [
    was.copy(was.content.cut(3).addToStart(theirs)),
    second as Node,
    third as Node,
  ]);
  expect(showPage(view, then)).toBe(true);
  expect(fresh(view)).toEqual(["was", "very "]);
  look(view, 1);
  acceptOne(view);
  expect(view.state.doc.textBetween(0, view.state.doc.content.size, "|")).toBe("It is late.|She left.|The very end.");
  let records = 0;
  view.state.doc.descendants((node) => void (node.isText && originIn(node.marks) && records++));
  expect(records, "what comes back was typed").toBe(0);
});

test("a_footnote_stays_where_a_proposal_keeps_it_and_goes_as_a_change_where_it_does_not", () => {
  const view = viewOf("It was really late.^[See the map.] She left.");
  expect(view.state.doc.textContent).toBe("It was really late. She left.");
  propose(view, "It was late.^[See the map.] She left.");
  expect(old(view)).toEqual(["really "]);
  accept(view);
  expect(bare(view.state.doc)).toBe("It was late.^[See the map.] She left.");
  propose(view, "It was late. She left.");
  expect(changes(view)).toHaveLength(1);
});
