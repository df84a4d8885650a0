/** Several pages in one scroll: each with an editor of its own while it is near. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";
import { paragraph, type } from "./page";

/** Which sections are near is said by the test: jsdom lays nothing out. */
class Seen {
  static all: Seen[] = [];
  #heard: (entries: { target: Element; isIntersecting: boolean }[]) => void;
  constructor(heard: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    this.#heard = heard;
    Seen.all.push(this);
  }
  observe() {}
  unobserve() {}
  disconnect() {}
  static async near(...ids: number[]) {
    const sections = [...document.querySelectorAll("[data-page]")];
    const said = (target: Element) => ({
      target,
      isIntersecting: ids.includes(Number(target.getAttribute("data-page"))),
    });
    await act(async () => {
      for (const one of Seen.all) one.#heard(sections.map(said));
    });
  }
}

beforeEach(() => {
  Seen.all = [];
  vi.stubGlobal("IntersectionObserver", Seen);
});
afterEach(() => vi.unstubAllGlobals());

function book(): Fake {
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.library.projects = [project(7, "Salt")];
  for (const [id, title, text] of [
    [501, "One", "The road was long."],
    [502, "Two", "No road here."],
    [503, "Three", "A road at last."],
    [504, "Four", "The sea."],
  ] as const)
    fake.pages.put(id, [paragraph(text)], { title, project: 7 });
  fake.pages.order = [501, 502, 503].map((id) => ({ kind: "page", id, part: "Part I" }));
  return fake;
}

async function asOne(fake: Fake, at = 501) {
  fake.remembered = JSON.stringify({ place: { show: "group", project: 7, part: "Part I", at } });
  const opened = await open(fake);
  await screen.findByRole("textbox", { name: "Text" });
  return opened;
}

/** Every editor dispatches as it opens. */
const dispatched = vi.spyOn(EditorView.prototype, "dispatch");

const section = (name: string) => within(screen.getByRole("region", { name }));
/** The titles of those that have an editor. */
const withEditor = () =>
  [...document.querySelectorAll("[data-page]")]
    .filter((one) => one.querySelector("[role=textbox]"))
    .map((one) => one.getAttribute("aria-label"));
const viewOf = async (name: string): Promise<EditorView> => {
  const text = await section(name).findByRole("textbox", { name: "Text" });
  return dispatched.mock.contexts.findLast((view) => (view as EditorView).dom === text) as EditorView;
};
const press = (view: EditorView, key: string, more: KeyboardEventInit = {}) =>
  act(async () => {
    view.dom.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  });
const caret = (view: EditorView, at: number) =>
  act(async () => {
    view.focus();
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)));
  });

test("the_pages_of_a_heading_are_one_scroll_and_only_those_near_have_an_editor", async () => {
  const fake = book();
  const { user } = await open(fake);
  await user.pointer({ keys: "[MouseRight]", target: screen.getByRole("button", { name: "Part I" }) });
  await user.click(screen.getByRole("menuitem", { name: "Read as one" }));
  await waitFor(() => expect(screen.getByRole("region", { name: "Three" }).textContent).toContain("A road at last."));
  expect(screen.queryByRole("region", { name: "Four" })).toBeNull();
  const main = within(screen.getByRole("main"));
  expect(main.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent)).toEqual([
    "One",
    "Two",
    "Three",
  ]);
  await waitFor(() => expect(withEditor()).toEqual(["One"]));
  // Those of the open one as they are, of the others as they were stored.
  await waitFor(() => expect(document.querySelector(".page-words")?.textContent).toBe("8 words"));
  await Seen.near(501, 502);
  await waitFor(() => expect(withEditor()).toEqual(["One", "Two"]));
  await Seen.near(503);
  // The one with the caret stays, wherever it is.
  await waitFor(() => expect(withEditor()).toEqual(["One", "Three"]));
});

test("each_is_saved_by_itself_and_keeps_its_undo_while_it_is_far_away", async () => {
  const fake = book();
  await asOne(fake);
  await Seen.near(501, 502);
  const two = await viewOf("Two");
  await type(two, 1, "Still ");
  await Seen.near(501);
  await waitFor(() => expect(withEditor()).toEqual(["One"]));
  expect(screen.getByRole("region", { name: "Two" }).textContent).toContain("Still No road here.");
  await waitFor(() => expect(fake.pages.texts(502)).toEqual(["Still No road here."]));
  expect(fake.pages.texts(501)).toEqual(["The road was long."]);
  // Meanwhile another window writes there.
  fake.pages.save(502, fake.pages.find(502).revision, 1, 0, JSON.stringify([paragraph("Nobody.")]));
  await Seen.near(501, 502);
  const again = await viewOf("Two");
  expect(again).not.toBe(two);
  expect(again.state.doc.textContent).toBe("Still No road here.Nobody.");
  await press(again, "z", { ctrlKey: true });
  expect(again.state.doc.textContent).toBe("No road here.Nobody.");
  await waitFor(() => expect(fake.pages.texts(502)).toEqual(["No road here.", "Nobody."]));
});

test("the_arrows_go_on_into_the_next_page_and_back", async () => {
  const fake = book();
  await asOne(fake);
  await Seen.near(501);
  const one = await viewOf("One");
  await caret(one, one.state.doc.content.size - 1);
  await press(one, "ArrowDown");
  const two = await viewOf("Two");
  await waitFor(() => expect(two.hasFocus()).toBe(true));
  expect(two.state.selection.head).toBe(1);
  await press(two, "ArrowLeft");
  await waitFor(() => expect(one.hasFocus()).toBe(true));
  expect(one.state.selection.head).toBe(one.state.doc.content.size - 1);
  // Before the first there is nothing.
  await caret(one, 1);
  await press(one, "ArrowUp");
  expect(one.hasFocus()).toBe(true);
});

test("what_is_found_is_stepped_through_from_page_to_page_and_replaced_in_all", async () => {
  const fake = book();
  const { user } = await asOne(fake);
  await waitFor(() => expect(screen.getByRole("region", { name: "Three" }).textContent).toContain("A road"));
  await Seen.near(501, 502, 503);
  await user.keyboard("{Control>}f{/Control}");
  await user.type(screen.getByRole("searchbox", { name: "Find in these pages" }), "road");
  const bar = within(screen.getByRole("search"));
  expect(bar.getByRole("status").textContent).toBe("3 found");
  for (const [at, name] of [
    [1, "One"],
    [2, "Two"],
    [3, "Three"],
    [1, "One"],
  ] as const) {
    await user.keyboard("{Enter}");
    await waitFor(() => expect(bar.getByRole("status").textContent).toBe(`${at} of 3`));
    const { doc, selection } = (await viewOf(name)).state;
    expect(doc.textBetween(selection.from, selection.to)).toBe("road");
    expect(document.querySelectorAll(".found-now")).toHaveLength(1);
  }
  await user.click(bar.getByRole("button", { name: "Replace" }));
  await user.type(bar.getByRole("textbox", { name: "Put in its place" }), "way");
  await user.click(bar.getByRole("button", { name: "Replace this one" }));
  await waitFor(() => expect(bar.getByRole("status").textContent).toBe("1 of 2"));
  expect(screen.getByRole("region", { name: "One" }).textContent).toContain("The way was long.");
  await user.click(bar.getByRole("button", { name: "Replace all 2" }));
  await waitFor(() => expect(fake.pages.texts(503)).toEqual(["A way at last."]));
  expect(fake.pages.texts(502)).toEqual(["No way here."]);
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(fake.pages.texts(503)).toEqual(["A road at last."]));
});

test("a_picture_is_as_high_without_an_editor", async () => {
  const fake = book();
  const attrs = { file: `${"a".repeat(64)}.png`, width: 800, height: 600, caption: "The bay" };
  fake.pages.put(503, [{ type: "picture", attrs }], { title: "Three", project: 7 });
  await asOne(fake);
  await waitFor(() => expect(document.querySelector("[data-page='503'] figure")).toBeTruthy());
  const figure = document.querySelector<HTMLElement>("[data-page='503'] figure");
  expect([figure?.className, figure?.style.getPropertyValue("--ratio")]).toEqual(["page-picture", "800 / 600"]);
});

test("commands_are_for_the_page_with_the_caret", async () => {
  const fake = book();
  const { user } = await asOne(fake);
  await Seen.near(501, 502);
  await caret(await viewOf("Two"), 3);
  await user.keyboard("{Control>}k{/Control}");
  await user.type(screen.getByRole("combobox"), "go on writing{Enter}");
  await waitFor(() => expect(fake.calls("propose").at(-1)?.[0]).toBe(502));
  // What is proposed there keeps its editor.
  await caret(await viewOf("One"), 1);
  await Seen.near(501);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(withEditor()).toEqual(["One", "Two"]);
});

test("it_is_there_again_after_a_restart_and_a_page_that_is_split_or_moved_away_leaves_the_others", async () => {
  const fake = book();
  fake.pages.put(502, [paragraph("No road here."), paragraph("Nobody.")], { title: "Two", project: 7 });
  fake.pages.order = [501, 502, 604, 503].map((id) => ({ kind: "page", id, part: "Part I" }));
  const { user } = await asOne(fake, 502);
  const two = await viewOf("Two");
  await waitFor(() => expect(two.hasFocus()).toBe(true));
  expect(withEditor()).toEqual(["Two"]);
  await caret(two, two.state.doc.content.size - 1 - "Nobody.".length);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Split here" }));
  const made = await viewOf("New page");
  await waitFor(() => expect(made.hasFocus()).toBe(true));
  expect(made.state.doc.textContent).toBe("Nobody.");
  await act(async () => fake.pages.put(604, [paragraph("Nobody.")], { project: null }));
  await fake.othersWrote();
  // The next one has come to its place.
  await waitFor(async () => expect((await viewOf("Three")).hasFocus()).toBe(true));
  expect(screen.getByRole("region", { name: "Two" }).textContent).toContain("No road here.");
});
