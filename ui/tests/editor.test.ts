/** What holds for the documents of pages, whatever is done to them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { redo, undo } from "prosemirror-history";
import { DOMParser, DOMSerializer, Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, test } from "vitest";
import { stateOf } from "../src/editor/editor";
import {
  findIn,
  foundIn,
  LOOSELY,
  look,
  replaceAll,
  replaceOne,
  saidAround,
  step,
  troubleIn,
} from "../src/editor/find";
import { format } from "../src/editor/keys";
import { guessLanguage } from "../src/editor/language";
import { blocksFrom, isPlain, markdownOf } from "../src/editor/markdown";
import { KEEPS } from "../src/editor/provenance";
import { origin, originIn, read, schema, written } from "../src/editor/schema";
import { blocksOf, merge, spliceBetween, spliced } from "../src/editor/sync";
import { changedWords } from "../src/editor/wordChanges";
import { countWords, wordsBetween, wordsWithin } from "../src/editor/words";

const p = (...content: (string | Node)[]): Node =>
  schema.nodes.paragraph.create(
    null,
    content.filter((one) => one !== "").map((one) => (typeof one === "string" ? schema.text(one) : one)),
  );
const doc = (...blocks: Node[]): Node => schema.nodes.doc.create(null, blocks);
const by = (text: string, edited = false): Node =>
  schema.text(text, [origin({ how: "model_here", who: "Tiny", edited })]);

/** "typed|model:by the model|model+:edited" */
function record(node: Node): string {
  const out: string[] = [];
  node.descendants((one) => {
    if (!one.isText) return;
    const mark = originIn(one.marks);
    out.push(mark ? `${mark.attrs["how"]}${mark.attrs["edited"] === true ? "+" : ""}:${one.text}` : (one.text ?? ""));
  });
  return out.join("|");
}

function applied(state: EditorState, ...changes: ((state: EditorState) => Transaction)[]): EditorState {
  return changes.reduce((now, change) => now.apply(change(now)), state);
}

const dice = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};

test("words_are_counted_as_the_store_counts_them", () => {
  const cases = JSON.parse(readFileSync(join(import.meta.dirname, "../../tests/fixtures/words.json"), "utf8")) as [
    string,
    number,
  ][];
  expect(cases.map(([text]) => [text, countWords(text)])).toEqual(cases);
});

test("what_is_typed_into_a_models_words_is_the_users_own_and_the_word_counts_as_edited", () => {
  const state = stateOf(doc(p("I saw ", by("the white road"), " there")), "en");
  const typed = applied(state, ({ tr }) => tr.insertText("l", 19));
  expect(record(typed.doc)).toBe("I saw |model_here:the white |model_here+:ro|l|model_here+:ad| there");
  // At its end: a word of the user's own, and none that was changed.
  const behind = applied(state, ({ tr }) => tr.insertText(" and", 21));
  expect(record(behind.doc)).toBe("I saw |model_here:the white road| and there");
});

test("what_is_deleted_within_a_word_edits_it_and_what_is_deleted_beside_it_does_not", () => {
  const state = stateOf(doc(p(by("the white road"))), "en");
  expect(record(applied(state, ({ tr }) => tr.delete(4, 10)).doc)).toBe("model_here:the road");
  expect(record(applied(state, ({ tr }) => tr.delete(9, 10)).doc)).toBe(
    "model_here:the |model_here+:whit|model_here: road",
  );
  expect(record(applied(state, ({ tr }) => tr.split(7)).doc)).toBe("model_here:the wh|model_here:ite road");
});

test("undo_and_redo_bring_the_record_back", () => {
  let state = stateOf(doc(p(by("the white road"))), "en");
  const before = record(state.doc);
  state = applied(state, ({ tr }) => tr.insertText("X", 6));
  const after = record(state.doc);
  undo(state, (transaction) => (state = state.apply(transaction)));
  expect(record(state.doc)).toBe(before);
  redo(state, (transaction) => (state = state.apply(transaction)));
  expect(record(state.doc)).toBe(after);
});

test("splitting_and_joining_keep_the_record", () => {
  const state = stateOf(doc(p(by("the white "), "road")), "en");
  const split = applied(state, ({ tr }) => tr.split(5));
  expect(record(split.doc)).toBe("model_here:the |model_here:white |road");
  expect(record(applied(split, ({ tr }) => tr.join(6)).doc)).toBe("model_here:the white |road");
});

test("through_random_changes_undone_and_done_again_every_letter_has_one_record", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const throwDice = dice(seed);
    const pick = (below: number) => Math.floor(throwDice() * below);
    let state = stateOf(doc(p("one ", by("two three"), " four"), p(by("five six"))), "en");
    const dispatch = (transaction: Transaction) => (state = state.apply(transaction));
    const place = () => {
      const at = pick(state.doc.content.size + 1);
      return TextSelection.near(state.doc.resolve(at)).from;
    };
    for (let turn = 0; turn < 60; turn += 1) {
      const [from, to] = [place(), place()].sort((one, two) => one - two) as [number, number];
      const what = pick(7);
      if (what === 0) undo(state, dispatch);
      else if (what === 1) redo(state, dispatch);
      else if (what === 2) dispatch(state.tr.delete(from, to));
      else if (what === 3) dispatch(state.tr.setSelection(TextSelection.create(state.doc, from)).split(from));
      else if (what === 4) dispatch(state.tr.replaceWith(from, from, by("new words")).setMeta(KEEPS, true));
      else if (what === 5) {
        dispatch(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
        format.em(state, dispatch);
      } else dispatch(state.tr.insertText(String.fromCharCode(97 + pick(26)), from));
      state.doc.check();
      state.doc.descendants(
        (node) => void expect(node.marks.filter(({ type }) => type.name === "origin").length).toBeLessThan(2),
      );
    }
    expect(read(JSON.stringify(state.doc.toJSON())).eq(state.doc)).toBe(true);
  }
});

test("what_was_typed_keeps_being_typed_when_it_is_cut_and_pasted_and_the_rest_is_pasted", () => {
  const state = stateOf(doc(p("mine ", by("theirs")), p("")), "en");
  const plugin = state.plugins.find(({ props }) => props.transformCopied);
  const { transformCopied, transformPasted } = plugin!.props;
  const copied = transformCopied!.call(plugin!, state.doc.slice(1, 12), null as never);
  // Through the clipboard, which is HTML.
  const dom = document.createElement("div");
  dom.append(DOMSerializer.fromSchema(schema).serializeFragment(copied.content));
  const back = (html: Element) =>
    transformPasted!.call(plugin!, DOMParser.fromSchema(schema).parseSlice(html), null as never, false);
  expect(record(doc(...blocksOf(doc(p(...contentOf(back(dom)))))))).toBe("mine |model_here:theirs");
  const web = document.createElement("div");
  web.append(document.createElement("b"));
  web.firstElementChild!.textContent = "from the web";
  expect(record(doc(p(...contentOf(back(web)))))).toBe("pasted:from the web");
});

function contentOf(slice: Slice): Node[] {
  const nodes: Node[] = [];
  for (const node of slice.content.content) nodes.push(...(node.isInline ? [node] : node.children));
  return nodes;
}

test.each([
  ["a link that runs", '<a href="javascript:alert(1)">x</a>', "<p>x</p>"],
  ["styles and scripts", '<p style="color:red" onclick="x()">x<script>alert(1)</script></p>', "<p>x</p>"],
  [
    "a paragraph of Word",
    '<p class="MsoNormal"><span style="font-weight:bold">x</span> <i>y</i></p>',
    "<p><strong>x</strong> <em>y</em></p>",
  ],
  [
    "all of a page of Google Docs",
    '<b style="font-weight:normal"><p><span style="font-weight:400">x</span></p></b>',
    "<p>x</p>",
  ],
  ["a picture", '<p>a<img src="https://a.example/x.png">b</p>', "<p>ab</p>"],
  ["headings and lists", "<h5>x</h5><ul><li>a</li></ul>", "<h4>x</h4><ul><li><p>a</p></li></ul>"],
  ["a made up origin", '<span data-how="dreamt" data-who="x">x</span>', "<p>x</p>"],
])("pasting_keeps_structure_and_drops_the_rest: %s", (_, html, kept) => {
  const dom = new window.DOMParser().parseFromString(html, "text/html").body;
  const parsed = DOMParser.fromSchema(schema).parse(dom);
  parsed.check();
  const out = document.createElement("div");
  out.append(DOMSerializer.fromSchema(schema).serializeFragment(parsed.content));
  expect(out.innerHTML).toBe(kept);
});

test("the_change_between_two_documents_is_the_blocks_that_differ", () => {
  const [a, b, c] = [p("a"), p("b"), p("c")];
  const tell = (before: Node, after: Node) => {
    const splice = spliceBetween(before, after);
    return splice && [splice.from, splice.remove, written(splice.insert)];
  };
  expect(tell(doc(a, b, c), doc(a, b, c))).toBeNull();
  expect(tell(doc(a, b, c), doc(a, p("x"), c))).toEqual([1, 1, written([p("x")])]);
  expect(tell(doc(a, b), doc(a, b, c))).toEqual([2, 0, written([c])]);
  expect(tell(doc(a, a, a), doc(a, a))).toEqual([2, 1, "[]"]);
});

test("of_two_windows_nobody_loses_a_word", () => {
  const words = "abcdefgh".split("").map((word) => p(word));
  for (let seed = 1; seed <= 400; seed += 1) {
    const throwDice = dice(seed);
    const pick = (below: number) => Math.floor(throwDice() * below);
    const base = doc(...words.slice(0, 3 + pick(4)));
    const change = (name: string) => {
      const blocks = blocksOf(base);
      const from = pick(blocks.length + 1);
      blocks.splice(
        from,
        pick(Math.min(3, blocks.length - from) + 1),
        ...Array.from({ length: pick(3) }, (_, at) => p(`${name}${at}`)),
      );
      return blocks.length > 0 ? doc(...blocks) : base;
    };
    const [mine, theirs] = [change("mine"), change("theirs")];
    const { splice } = merge(base, mine, theirs);
    const merged = splice ? spliced(mine, splice) : mine;
    const text = blocksOf(merged).map((block) => block.textContent);
    for (const block of [...blocksOf(mine), ...blocksOf(theirs)]) {
      if (/mine|theirs/.test(block.textContent)) expect(text, `seed ${seed}`).toContain(block.textContent);
    }
    // What one of them took away, and the other did not touch, is gone.
    const kept = (one: Node) => new Set(blocksOf(one).map((block) => block.textContent));
    if (mine === base || theirs === base)
      expect(text).toEqual(blocksOf(mine === base ? theirs : mine).map((block) => block.textContent));
    for (const word of kept(base)) if (kept(mine).has(word) && kept(theirs).has(word)) expect(text).toContain(word);
  }
});

test("markdown_comes_in_and_goes_out_the_same", () => {
  const text =
    "# Road\n\nIt was *late* and **very** `cold`.\n\n***\n\n> Said.\n\n- one\n- two\n\n3. three\n\n```\nlet x;\n```";
  const blocks = doc(...blocksFrom(text));
  blocks.check();
  expect(markdownOf(blocks.content)).toBe(text);
  expect(doc(...blocksFrom("[x](javascript:alert(1)) <b>y</b> ![z](https://a.example/z.png)")).textContent).toContain(
    "x",
  );
  for (const odd of ["", "***", "> ", "- ", "```", "<div>", "[a]: b", "1.\n\n   x"]) doc(...blocksFrom(odd)).check();
});

test("words_alone_are_compared_word_by_word", () => {
  const pieces = changedWords("It was a very long road.", "It was a long, white road.");
  expect(pieces.map(({ old }) => old).join("")).toBe("It was a very long road.");
  expect(pieces.map((piece) => piece.new).join("")).toBe("It was a long, white road.");
  expect(
    pieces
      .filter((piece) => piece.old === piece.new)
      .map(({ old }) => old.trim())
      .filter(Boolean),
  ).toEqual(["It was a", "long", "road."]);
  expect(isPlain(doc(p("a", by("b"))).slice(1, 3))).toBe(true);
  expect(isPlain(doc(p("a"), p("b")).slice(1, 5))).toBe(false);
});

test("what_is_searched_for_is_found_where_it_stands", () => {
  const text = doc(p("The Road, the ", by("road")), p("nowhere"), p("roadroad"));
  expect(findIn(text, "road").map(({ from, to }) => text.textBetween(from, to))).toEqual([
    "Road",
    "road",
    "road",
    "road",
  ]);
  expect(findIn(text, "")).toEqual([]);
  expect(findIn(doc(p("İİ road")), "road").length).toBe(1);
});

const expression = { ...LOOSELY, expression: true };
const foundBy = (text: Node, query: string, how = expression) =>
  findIn(text, query, how).map(({ from, to }) => text.textBetween(from, to));

test.each([
  ["\\d+", ["12", "7"]],
  ["(s)he|he", ["she", "he"]],
  ["^\\w+", ["Chapter", "É"]],
  ["\\w+[.?]$", ["late.", "left?"]],
  ["(?<=was )\\w+", ["late"]],
  ["\\b(\\p{L})\\w*\\1\\b", ["that", "xxxxx"]],
  ["x{2,3}?|x", ["xx", "xx", "x"]],
  ["[^\\s,]+,", ["12,", "that,"]],
  ["a*", ["a", "a", "a", "a"]],
  ["(?!she)\\b\\w{3}\\b", ["was"]],
])("an_expression_finds_what_the_windows_own_would: %s", (query, found) => {
  const text = doc(p("Chapter 12, she was late."), p("É that, 7 he xxxxx left?"));
  expect(foundBy(text, query)).toEqual(found);
});

test("expressions_of_all_kinds_find_what_the_windows_own_find", () => {
  const random = dice(11);
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
  const atom = (depth: number): string =>
    depth > 0 && random() < 0.35
      ? `${pick(["(", "(?:", "(?="])}${choice(depth - 1)})`
      : pick(["a", "b", "c", ".", "[ab]", "[^a]", "\\d", "1", "é"]);
  const part = (depth: number): string => {
    const one = atom(depth);
    return one.startsWith("(?=") ? one : one + pick(["", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "{2}?"]);
  };
  const choice = (depth: number): string =>
    Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => part(depth)).join(""),
    ).join("|");
  let compared = 0;
  for (let nth = 0; nth < 600; nth += 1) {
    const query = choice(2);
    const text = Array.from({ length: 12 }, () => pick(["a", "b", "c", "1", "é", " "])).join("");
    const own = [...text.matchAll(new RegExp(query, "gu"))].map(([all]) => all).filter((all) => all !== "");
    // Where one of no letter would do, the window's own goes on a letter later; ours looks for another.
    if ([...text.matchAll(new RegExp(query, "gu"))].some(([all]) => all === "")) continue;
    compared += 1;
    expect(foundBy(doc(p(text)), query, { ...expression, matchCase: true }), `${query} in ${text}`).toEqual(own);
  }
  expect(compared).toBeGreaterThan(100);
});

test("an_expression_without_end_is_ended_and_one_that_cannot_be_read_is_said", () => {
  const text = doc(p("first aab"), p("a".repeat(40)), p("last aab"));
  const view = new EditorView(document.createElement("div"), { state: stateOf(text, "en") });
  look(view, "^(\\w+\\s?)*(a+)+b$", { ...expression, matchCase: true });
  expect([troubleIn(view.state), foundIn(view.state).length]).toEqual(["endless", 1]);
  view.dispatch(view.state.tr.insertText("x", 1));
  expect([troubleIn(view.state), foundIn(view.state).length]).toEqual(["endless", 0]);
  // Nested deeper than there is room for.
  look(view, "(?:a|b)*c", expression);
  for (const query of ["(", "a**", "[", "\\", "(?<n>a)\\k<n>", "a{2,1}"]) {
    look(view, query, expression);
    expect([troubleIn(view.state), foundIn(view.state).length], query).toEqual(["unreadable", 0]);
  }
  view.destroy();
  const long = doc(p("ab".repeat(40_000)));
  expect(() => findIn(long, "(?:a|b)*c", expression)).not.toThrow();
});

test("what_groups_found_stands_in_what_comes_and_one_undo_takes_it_back", () => {
  const before = doc(p("Smith, Ann and Ilić, Mirela", noted("Doe, Jo")));
  const view = new EditorView(document.createElement("div"), { state: stateOf(before, "en") });
  look(view, "(\\w+), (\\w+)", expression);
  expect(replaceAll(view, "$2 $1 ($$, $&)")).toBe(3);
  expect(view.state.doc.textContent).toBe("Ann Smith ($, Smith, Ann) and Mirela Ilić ($, Ilić, Mirela)");
  expect(view.state.doc.nodeAt(view.state.doc.content.size - 2)?.attrs["text"]).toBe("Jo Doe ($, Doe, Jo)");
  undo(view.state, view.dispatch);
  expect(view.state.doc.eq(before)).toBe(true);
  // Without the switch signs are signs.
  look(view, "(");
  replaceAll(view, "$1");
  look(view, "and");
  replaceAll(view, "$1");
  expect(view.state.doc.textContent).toContain("Ann $1 Ilić");
  view.destroy();
});

const noted = (text: string, ...marks: Mark[]): Node => schema.nodes.footnote.create({ text }, null, marks);

test("what_footnotes_say_is_counted_and_tears_no_word", () => {
  const text = doc(p("It was la", noted("By the clock."), "te."), p("東", noted("a map"), "京"));
  expect(wordsBetween(text, 0, text.content.size)).toBe(10);
  expect(wordsWithin(text, 1000)).toBe(10);
  expect(wordsBetween(text, 10, 12)).toBe(4);
});

test("what_footnotes_say_is_found_and_replaced_and_one_undo_takes_all_of_it_back", () => {
  const record = origin({ how: "imported", who: "a.docx", edited: false });
  const before = doc(p("The map", noted("See the map, the map.", record), " is here."), p(noted("map"), "a map"));
  const view = new EditorView(document.createElement("div"), { state: stateOf(before, "en") });
  look(view, "map");
  expect(foundIn(view.state).map(({ from, note }) => [from, note?.from])).toEqual([
    [5, undefined],
    [8, 8],
    [8, 17],
    [20, 0],
    [23, undefined],
  ]);
  expect([step(view, 1).at, step(view, 1).at, step(view, 1).at]).toEqual([1, 2, 3]);
  expect(saidAround(view.state)).toBe("See the map, the map.");
  // It is found again in what was put there, and is behind the caret all the same.
  expect(replaceOne(view, "map of it")).toEqual({ at: 4, of: 5 });
  expect(view.state.doc.nodeAt(8)?.attrs["text"]).toBe("See the map, the map of it.");
  expect(originIn(view.state.doc.nodeAt(8)?.marks ?? [])?.attrs["edited"]).toBe(true);
  look(view, "map");
  expect(replaceAll(view, "")).toBe(5);
  // A footnote that says nothing any more is none.
  expect(view.state.doc.childCount === 2 && view.state.doc.child(1).eq(p("a "))).toBe(true);
  expect(view.state.doc.nodeAt(5)?.attrs["text"]).toBe("See the , the  of it.");
  undo(view.state, view.dispatch);
  undo(view.state, view.dispatch);
  expect(view.state.doc.eq(before)).toBe(true);
  view.destroy();
});

test("what_a_pasted_footnote_says_was_pasted_and_of_a_hands_off_page_a_models_stays_away", () => {
  const state = stateOf(doc(p("a")), "en", () => {});
  const paste = state.plugins.map(({ props }) => props.transformPasted).find((one) => one !== undefined);
  const by = (...content: Node[]) =>
    paste?.call(state.plugins[0] as never, new Slice(Fragment.from(content), 0, 0), null as never, false).content;
  expect(originIn(by(noted("See."))?.firstChild?.marks ?? [])?.attrs["how"]).toBe("pasted");
  const model = origin({ how: "model_here", who: "Tiny", edited: false });
  expect(by(noted("See.", model), schema.text("x"))?.childCount).toBe(1);
});

test.each([
  ["en", "It was late, and she had not slept. The road was long, and he had gone with her to the end of it."],
  [
    "de",
    "Es war spät, und sie hatte nicht geschlafen. Der Weg war lang, und er ging mit ihr bis zu dem Haus, das sie kannte.",
  ],
  ["fr", "Il était tard et elle ne dormait pas. Le chemin est long, et les lampes de la rue ne sont pas pour lui."],
  ["es", "Era tarde y no se veía la luz en las casas. El camino que lleva a la costa es largo, y los faros no se ven."],
  ["sv", "Det var sent och hon hade inte sovit. Han gick med henne på den långa vägen, och det var inte långt att gå."],
  ["ja", "もう遅かった。彼女は眠れなかった。道は長く、白かった。"],
  ["zh", "天色已晚，她还没有睡。路很长，很白，没有人在等她。"],
  ["ru", "Было поздно, и она не спала. Дорога была длинной и белой от соли."],
  ["uk", "Було пізно, і вона не спала. Дорога була довгою і білою від солі, її ніхто не чекав."],
  ["", "Salt. Road. Lamps."],
  ["", "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore."],
])("the_language_of_a_text_is_guessed_or_left_open: %s", (tongue, text) => {
  expect(guessLanguage(text)).toBe(tongue);
});
