/** Comments: what somebody said of a stretch of a page, and that it goes wherever its words go. */
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { redo, undo } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { AllSelection, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, test } from "vitest";
import { addComment, changeComment, commentsIn, commentsOf, goToComment, removeComment } from "../src/editor/comments";
import { stateOf } from "../src/editor/editor";
import { look, replaceAll } from "../src/editor/find";
import { markdownOf } from "../src/editor/markdown";
import { accept, begin, show } from "../src/editor/proposals";
import { type Comment, schema } from "../src/editor/schema";
import { countWords, wordsWithin } from "../src/editor/words";
import { openPage, page } from "./page";

const said = (id: string, more: Partial<Comment> = {}) =>
  schema.marks.comment.create({ id, author: null, at: 1, text: `About ${id}`, resolved: false, ...more });
const p = (...content: (string | Node)[]): Node =>
  schema.nodes.paragraph.create(
    null,
    content.map((one) => (typeof one === "string" ? schema.text(one) : one)),
  );
const doc = (...blocks: Node[]): Node => schema.nodes.doc.create(null, blocks);
const opened = (text: Node) => new EditorView(document.createElement("div"), { state: stateOf(text, "en") });
const select = (view: EditorView, from: number, to = from) =>
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)));
const paste = (view: EditorView, html: string) => view.pasteHTML(html, new Event("paste") as ClipboardEvent);
const about = (text: Node) =>
  commentsIn(text).map(({ text: words, from, to }) => `${text.textBetween(from, to, "/")}: ${words}`);

test("a_comment_is_of_what_is_selected_or_of_the_word_at_the_caret_and_undo_takes_all_of_it", () => {
  const before = doc(p("It was late."), p("She left."), p());
  const view = opened(before);
  select(view, 5);
  expect(addComment(view, " Was it? ", 7)).toBe(true);
  expect(about(view.state.doc)).toEqual(["was: Was it?"]);
  select(view, 8, 18);
  addComment(view, "Both", 8);
  expect(about(view.state.doc)).toEqual(["was: Was it?", "late./She: Both"]);
  const [first] = commentsIn(view.state.doc);
  changeComment(view, first?.id ?? "", { text: "Is it?", resolved: true });
  expect(commentsIn(view.state.doc)[0]).toMatchObject({ text: "Is it?", resolved: true, at: 7, author: null });
  removeComment(view, first?.id ?? "");
  expect(about(view.state.doc)).toEqual(["late./She: Both"]);
  for (let nth = 0; nth < 4; nth += 1) undo(view.state, view.dispatch);
  expect(view.state.doc.eq(before)).toBe(true);
  redo(view.state, view.dispatch);
  expect(about(view.state.doc)).toEqual(["was: Was it?"]);
  select(view, view.state.doc.content.size - 1);
  expect(addComment(view, "Nothing", 9)).toBe(false);
  view.destroy();
});

test("what_is_typed_within_is_of_it_and_what_is_typed_behind_is_not", () => {
  const view = opened(doc(p("It ", schema.text("was", [said("a")]), " late")));
  view.dispatch(view.state.tr.insertText("X", 5));
  view.dispatch(view.state.tr.insertText("Y", 8));
  expect(about(view.state.doc)).toEqual(["wXas: About a"]);
  expect(view.state.doc.textContent).toBe("It wXasY late");
  view.destroy();
});

test("comments_are_no_words_and_no_model_reads_them", () => {
  const text = doc(p("It was ", schema.text("very", [said("secret")]), " late."));
  expect(wordsWithin(text, 1000)).toBe(countWords("It was very late."));
  expect(markdownOf(text.content)).toBe("It was very late.");
});

test("what_is_cut_and_pasted_takes_its_comments_along_and_the_clipboard_has_their_signs_alone", () => {
  const view = opened(doc(p("One ", schema.text("two", [said("a"), said("b")]), " three"), p("Four")));
  const copy = (from: number, to: number) => view.serializeForClipboard(view.state.doc.slice(from, to)).dom.innerHTML;
  const html = copy(3, 10);
  expect(html).not.toContain("About");
  // Once more on the same page: others.
  select(view, view.state.doc.content.size - 1);
  paste(view, html);
  expect(about(view.state.doc)).toEqual(["two: About a", "two: About b", "two: About a", "two: About b"]);
  expect(new Set(commentsIn(view.state.doc).map(({ id }) => id)).size).toBe(4);
  // Onto another page: the same.
  const other = opened(doc(p()));
  paste(other, html);
  expect(commentsIn(other.state.doc).map(({ id }) => id)).toEqual(["a", "b"]);
  // What was copied since is what is known.
  copy(1, 3);
  const third = opened(doc(p()));
  paste(third, html);
  expect(commentsIn(third.state.doc)).toEqual([]);
  expect(third.state.doc.textContent).toContain("two");
  for (const one of [view, other, third]) one.destroy();
});

test("what_takes_the_place_of_words_is_what_their_comment_is_about", () => {
  const view = opened(doc(p("It was ", schema.text("cold", [said("a")]), " and ", schema.text("late", [said("b")]))));
  look(view, "cold");
  replaceAll(view, "bitter");
  expect(about(view.state.doc)).toEqual(["bitter: About a", "late: About b"]);
  begin(view, 1, view.state.doc.content.size - 1);
  show(view, "It was bitter and past midnight", { how: "model_here", who: "Tiny", edited: false });
  accept(view);
  expect(about(view.state.doc)).toEqual(["bitter: About a", "past midnight: About b"]);
  expect(view.state.doc.textContent).toBe("It was bitter and past midnight");
  view.destroy();
});

test("one_is_looked_at_where_the_caret_is_and_gone_to_without_selecting_its_words", () => {
  const view = opened(doc(p("One ", schema.text("two", [said("a")])), p(schema.text("three", [said("b")]))));
  goToComment(view, "b");
  expect([commentsOf(view.state).chosen, view.state.selection.empty]).toEqual(["b", true]);
  select(view, 6);
  expect(commentsOf(view.state).chosen).toBe("a");
  expect(view.dom.querySelector(".comment-now")?.textContent).toBe("two");
  select(view, 2);
  expect(commentsOf(view.state).chosen).toBeNull();
  view.dispatch(view.state.tr.setSelection(new AllSelection(view.state.doc)));
  expect(commentsOf(view.state).chosen).toBeNull();
  view.destroy();
});

test("a_comment_is_written_shown_changed_settled_stepped_through_and_taken_away_by_keys_and_buttons", async () => {
  const fake = page("It was late.", "She left.");
  const { view, user, text } = await openPage(fake);
  const stored = () => (JSON.parse(fake.pages.find(501).document) as { content: Node[] }).content;
  await act(async () => select(view, 5));
  await user.keyboard("{Control>}{Alt>}m{/Alt}{/Control}");
  const field = await screen.findByRole("textbox", { name: "What you want to say" });
  await user.type(field, "Was it?");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const below = await screen.findByRole("complementary", { name: "Comment" });
  expect(below.textContent).toContain("You");
  expect(below.textContent).toContain("Was it?");
  await waitFor(() => expect(JSON.stringify(stored())).toContain('"text":"Was it?"'));
  await user.click(screen.getByRole("button", { name: "Edit" }));
  const again = await screen.findByRole("textbox", { name: "What you want to say" });
  expect(again).toHaveProperty("value", "Was it?");
  await user.type(again, " Really?{Control>}{Enter}{/Control}");
  expect(await screen.findByText("Was it? Really?")).toBeTruthy();
  // A second one, by the menu; and from one to the next.
  await act(async () => select(view, 16));
  expect(screen.queryByRole("complementary", { name: "Comment" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "This page" }));
  fireEvent.click(screen.getByRole("menuitem", { name: /^Comment…/ }));
  await user.type(await screen.findByRole("textbox", { name: "What you want to say" }), "Who?");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Who?")).toBeTruthy();
  fireEvent.keyDown(text, { code: "PageDown", key: "PageDown", altKey: true });
  expect(await screen.findByText("Was it? Really?")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Next comment" }));
  expect(await screen.findByText("Who?")).toBeTruthy();
  // Settled: it goes out of sight with the caret, and can be shown.
  await user.click(screen.getByRole("button", { name: "Resolve" }));
  expect(await screen.findByRole("button", { name: "Reopen" })).toBeTruthy();
  await act(async () => select(view, 1));
  expect(text.querySelectorAll(".comment.resolved")).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Show resolved comments" }));
  fireEvent.keyDown(text, { code: "PageUp", key: "PageUp", altKey: true });
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await waitFor(() => expect(commentsIn(view.state.doc).map(({ text: words }) => words)).toEqual(["Was it? Really?"]));
  expect(view.state.doc.textContent).toBe("It was late.She left.");
  // Where there is nothing to speak of, that is said.
  await act(async () => view.dispatch(view.state.tr.insert(0, schema.nodes.paragraph.create())));
  await act(async () => select(view, 1));
  await user.keyboard("{Control>}{Alt>}m{/Alt}{/Control}");
  expect(await screen.findByText(/Put the caret on a word/)).toBeTruthy();
});

test("the_menu_and_the_palette_comment_and_step_through_comments", async () => {
  const fake = page("It was late and the road was long.");
  const { user, view } = await openPage(fake);
  const comment = async (at: number, words: string) => {
    await act(async () => select(view, at));
    await fake.chooseInMenu("comment");
    await user.type(await screen.findByRole("textbox", { name: "What you want to say" }), words);
    await user.click(screen.getByRole("button", { name: "Save" }));
  };
  await comment(2, "First");
  await comment(30, "Second");
  expect(about(view.state.doc)).toEqual(["It: First", "long.: Second"]);
  const chosen = () => commentsOf(view.state).all.find(({ id }) => id === commentsOf(view.state).chosen)?.text;
  await fake.chooseInMenu("commentBefore");
  expect(chosen()).toBe("First");
  await user.keyboard("{Control>}k{/Control}");
  await user.type(screen.getByRole("combobox"), "next comment{Enter}");
  await waitFor(() => expect(chosen()).toBe("Second"));
});

test("a_comment_that_was_deleted_comes_back_with_an_earlier_version", async () => {
  const fake = page("It was late.");
  const { view, user } = await openPage(fake);
  const bare = fake.pages.find(501).document;
  await act(async () => select(view, 5));
  await act(async () => void addComment(view, "Was it?", 7));
  await waitFor(() => expect(fake.pages.find(501).document).toContain("Was it?"));
  fake.pages.versionDocument = fake.pages.find(501).document;
  fake.pages.versions = [{ id: 7, page: 501, name: "With it", at: 1, why: "named", words: 3 }];
  fake.pages.pieces = [{ change: "kept", text: "It was late." }];
  await act(async () => removeComment(view, commentsIn(view.state.doc)[0]?.id ?? ""));
  await waitFor(() => expect(fake.pages.find(501).document).toBe(bare));
  fireEvent.click(screen.getByRole("button", { name: "This page" }));
  fireEvent.click(screen.getByRole("menuitem", { name: "Versions…" }));
  await user.click(await screen.findByRole("button", { name: /With it/ }));
  expect(await screen.findByText(/Their looks or their comments are not/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Bring this version back" }));
  await waitFor(() => expect(about(view.state.doc)).toEqual(["was: Was it?"]));
});
