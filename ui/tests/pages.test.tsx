/** Pages in the window: what is written is stored, and what a model proposes waits beside it. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { undo } from "prosemirror-history";
import { TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, test, vi } from "vitest";
import { type ProposalEvent, TroubleError } from "../src/backend/client";
import { Fake, thread, userMessage } from "./fake";
import { open } from "./open";

const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

/** jsdom lays nothing out. */
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
document.elementFromPoint = () => null;

/** The page takes the focus as it opens: that names its editor. */
const focused = vi.spyOn(EditorView.prototype, "focus");

async function openPage(fake: Fake) {
  fake.remembered = JSON.stringify({ place: { show: "page", id: 501 } });
  const opened = await open(fake);
  const text = await screen.findByRole("textbox", { name: "Text" });
  const view = focused.mock.contexts.at(-1) as EditorView;
  return { ...opened, text, view };
}

function page(...texts: string[]): Fake {
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.pages.put(501, texts.map(paragraph), { title: "The road" });
  return fake;
}

const type = (view: EditorView, at: number, words: string) =>
  act(async () => view.dispatch(view.state.tr.insertText(words, at)));

async function say(fake: Fake, ...events: ProposalEvent[]) {
  await act(async () => {
    for (const event of events) {
      fake.pages.heard?.(event);
      if (event.type === "finished") fake.pages.ended?.();
    }
  });
}

const finished = (text: string, more: Partial<Extract<ProposalEvent, { type: "finished" }>> = {}): ProposalEvent => ({
  type: "finished",
  text,
  made: {
    place: "device",
    provider: null,
    model: "Tiny",
    backend: null,
    tokens: null,
    tokensPerSecond: null,
    cost: null,
  },
  stopped: false,
  shortened: false,
  trouble: null,
  page: null,
  ...more,
});

test("what_is_typed_is_stored_by_itself_and_only_what_changed", async () => {
  const fake = page("One", "Two", "Three");
  const { view } = await openPage(fake);
  await type(view, 6 + 3, "!");
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One", "Two!", "Three"]));
  expect(fake.calls("savePage")[0]?.slice(0, 4)).toEqual([501, 0, 1, 1]);
});

test("leaving_the_page_and_closing_the_window_store_what_waits", async () => {
  const fake = page("One");
  const { view, user } = await openPage(fake);
  await type(view, 4, " more");
  await user.click(screen.getByRole("button", { name: "Talk 1" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One more"]));
});

test("what_another_window_wrote_comes_in_and_nobodys_words_go", async () => {
  const fake = page("One", "Two");
  const { view } = await openPage(fake);
  fake.pages.save(501, 0, 1, 1, JSON.stringify([paragraph("Theirs")]));
  await type(view, 4, " mine");
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One mine", "Theirs"]));
  expect(view.state.doc.textContent).toBe("One mineTheirs");
  fake.pages.save(501, fake.pages.find(501).revision, 0, 1, JSON.stringify([paragraph("Also theirs")]));
  await type(view, 1, "Still ");
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["Also theirs", "Still One mine", "Theirs"]));
  expect(await screen.findByText(/Both texts are kept/)).toBeTruthy();
});

test("a_page_that_is_left_with_another_windows_words_in_the_store_keeps_both", async () => {
  const fake = page("One", "Two");
  const { view, user } = await openPage(fake);
  await type(view, 4, " mine");
  fake.pages.save(501, fake.pages.find(501).revision, 1, 1, JSON.stringify([paragraph("Theirs")]));
  await user.click(screen.getByRole("button", { name: "Talk 1" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One mine", "Theirs"]));
});

test("what_cannot_be_stored_is_said_and_tried_again", async () => {
  const fake = page("One");
  const { view } = await openPage(fake);
  fake.failures.set("savePage", new TroubleError("other", "The disk is full, so this could not be saved."));
  await type(view, 4, "!");
  expect(await screen.findByText("Not saved yet")).toBeTruthy();
  expect(screen.getByText(/The disk is full/)).toBeTruthy();
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One!"]), { timeout: 15_000 });
  await waitFor(() => expect(screen.queryByText("Not saved yet")).toBeNull());
});

async function proposed(fake: Fake) {
  const opened = await openPage(fake);
  const { view, user } = opened;
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 19))));
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("button", { name: "Shorter" }));
  await say(fake, { type: "text", text: "It was late." });
  return opened;
}

test("a_proposal_stands_beside_the_text_until_it_is_accepted_and_one_undo_takes_it_back", async () => {
  const fake = page("It was really late.", "She left.");
  const { view, user } = await proposed(fake);
  expect(fake.calls("propose")[0]?.slice(0, 2)).toEqual([
    501,
    { command: "tighten", words: "", text: "It was really late", before: "", after: ".\n\nShe left.", proposal: null },
  ]);
  expect(screen.getByText("It was late.")).toBeTruthy();
  expect(view.state.doc.textContent).toBe("It was really late.She left.");
  await say(fake, finished("It was late"));
  expect(view.state.doc.textContent).toBe("It was really late.She left.");
  expect(fake.calls("savePage")).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(view.state.doc.textContent).toBe("It was late.She left."));
  expect(fake.calls("takeVersion").map(([, why]) => why)).toContain("accepted");
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["It was late.", "She left."]));
  await act(async () => void undo(view.state, view.dispatch));
  expect(view.state.doc.textContent).toBe("It was really late.She left.");
});

test("what_is_accepted_is_recorded_as_the_models_and_the_words_that_stay_are_not", async () => {
  const fake = page("It was really late.");
  const { view, user } = await proposed(fake);
  await say(fake, finished("It was terribly late"));
  await user.click(screen.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(view.state.doc.textContent).toBe("It was terribly late."));
  const records: string[] = [];
  view.state.doc.descendants(
    (node) =>
      void (
        node.isText && records.push(`${node.marks.map(({ attrs }) => attrs["who"] as string).join()}:${node.text}`)
      ),
  );
  expect(records).toEqual([":It was ", "Tiny:terribly", ": late."]);
});

test("discarding_leaves_the_text_as_it_was", async () => {
  const fake = page("It was really late.");
  const { view, user } = await proposed(fake);
  await say(fake, finished("It was late"));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(view.state.doc.textContent).toBe("It was really late.");
  expect(screen.queryByRole("group", { name: "Proposal" })).toBeNull();
  expect(fake.calls("savePage")).toEqual([]);
});

test("writing_elsewhere_goes_on_and_writing_inside_makes_the_proposal_stale", async () => {
  const fake = page("It was really late.", "She left.");
  const { view } = await proposed(fake);
  await say(fake, finished("It was late"));
  await type(view, 30, " Slowly");
  await type(view, 1, "");
  expect(screen.getByRole("button", { name: "Accept" })).toHaveProperty("disabled", false);
  await type(view, 8, "x");
  expect(screen.getByRole("button", { name: "Accept" })).toHaveProperty("disabled", true);
  expect(screen.getByText(/You have changed this passage/)).toBeTruthy();
});

test("escape_stops_what_is_being_written", async () => {
  const fake = page("It was really late.");
  const { user } = await proposed(fake);
  await user.keyboard("{Escape}");
  expect(fake.calls("stopProposal")).toEqual([[501]]);
  await say(fake, finished("It was", { stopped: true }));
  expect(screen.getByRole("button", { name: "Accept" })).toBeTruthy();
});

test("a_proposal_can_be_refined_in_ones_own_words", async () => {
  const fake = page("It was really late.");
  const { user } = await proposed(fake);
  await say(fake, finished("It was late"));
  await user.type(screen.getByRole("textbox", { name: "Change the proposal" }), "drier{Enter}");
  expect(fake.calls("propose")[1]?.[1]).toMatchObject({
    command: "own",
    words: "drier",
    proposal: "It was late",
    text: "It was really late",
  });
});

test("what_went_wrong_with_a_proposal_is_said_and_costs_nothing", async () => {
  const fake = page("It was really late.");
  const { view } = await proposed(fake);
  await say(fake, finished("", { trouble: "The model stopped unexpectedly." }));
  expect(screen.getByText("The model stopped unexpectedly.")).toBeTruthy();
  expect(view.state.doc.textContent).toBe("It was really late.");
});

test("a_hands_off_page_offers_no_proposals", async () => {
  const fake = page();
  fake.pages.put(501, [paragraph("By hand")], { handsOff: true });
  const { view, user } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 4))));
  await user.keyboard("{Control>}e{/Control}");
  expect(screen.queryByRole("dialog", { name: "Rewrite the selection" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "This page" }));
  expect(screen.queryByRole("menuitem", { name: "Go on writing here" })).toBeNull();
});

test("words_are_found_in_a_page", async () => {
  const fake = page("The road", "Another road");
  const { view, user } = await openPage(fake);
  await user.keyboard("{Control>}f{/Control}");
  const search = await screen.findByRole("search");
  await user.type(within(search).getByRole("searchbox"), "road");
  expect(within(search).getByRole("status").textContent).toBe("2 found");
  await user.keyboard("{Enter}{Enter}");
  expect(within(search).getByRole("status").textContent).toBe("2 of 2");
  expect(view.state.doc.textBetween(view.state.selection.from, view.state.selection.to)).toBe("road");
});

test("an_earlier_version_is_compared_and_comes_back_as_one_change", async () => {
  const fake = page("As it is");
  fake.pages.versions = [{ id: 3, at: 0, name: "First draft", why: "named", words: 3 }];
  fake.pages.pieces = [
    { change: "kept", text: "As it " },
    { change: "removed", text: "was" },
    { change: "added", text: "is" },
  ];
  const { view, user } = await openPage(fake);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Versions…" }));
  await user.click(await screen.findByRole("button", { name: /First draft/ }));
  expect((await screen.findByText("was")).tagName).toBe("DEL");
  await user.click(screen.getByRole("button", { name: "Bring this version back" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["As it was"]));
  await act(async () => void undo(view.state, view.dispatch));
  expect(view.state.doc.textContent).toBe("As it is");
});

test("a_new_page_is_made_opened_and_thrown_away", async () => {
  const fake = page("One");
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "New page" }));
  expect(await screen.findByRole("textbox", { name: "Text" })).toBeTruthy();
  expect(fake.calls("createPage")).toEqual([[null, ""]]);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Move to the trash" }));
  expect(fake.calls("trash")[0]?.[0]).toBe("page");
});
