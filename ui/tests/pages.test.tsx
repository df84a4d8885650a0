/** Pages in the window: what is written is stored, and what a model proposes waits beside it. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { undo } from "prosemirror-history";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { Fake, thread, userMessage } from "./fake";
import { open } from "./open";
import { finished, openPage, page, paragraph, say, type } from "./page";

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
    {
      command: "tighten",
      words: "",
      text: "It was really late",
      before: "",
      after: ".\n\nShe left.",
      proposal: null,
      without: [],
      variant: 0,
    },
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

test("onto_a_hands_off_page_no_words_of_a_model_are_pasted_and_what_is_typed_is_still_stored", async () => {
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.pages.put(501, [paragraph("Mine. ")], { handsOff: true });
  const { view } = await openPage(fake);
  const model = (how: string) => `<span data-how="${how}" data-who="Tiny">Theirs. </span>`;
  await act(async () => {
    view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)));
    view.pasteHTML(
      `<p>Read. ${model("model_here")}And ${model("model_elsewhere")}quoted.</p>`,
      new Event("paste") as ClipboardEvent,
    );
  });
  expect(view.state.doc.textContent).toBe("Mine. Read. And quoted.");
  expect(screen.getByText(/what a model wrote was left out/)).toBeTruthy();
  await type(view, 1, "Still ");
  await waitFor(() => expect(fake.pages.texts(501).join("")).toBe("Still Mine. Read. And quoted."));
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
  fake.pages.versions = [{ id: 3, page: 501, at: 0, name: "First draft", why: "named", words: 3 }];
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

test("any_two_versions_are_compared_and_parts_of_one_come_back", async () => {
  const fake = page("As it is");
  fake.pages.versions = [
    { id: 4, page: 501, at: 0, name: "Second draft", why: "named", words: 3 },
    { id: 3, page: 501, at: 0, name: "First draft", why: "named", words: 3 },
  ];
  fake.pages.pieces = [{ change: "removed", text: "was" }];
  const { view, user } = await openPage(fake);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Versions…" }));
  await user.click(await screen.findByRole("button", { name: /First draft/ }));
  const later = await screen.findByRole("combobox", { name: /Compared with/ });
  await user.selectOptions(later, "4");
  expect(fake.calls("compareVersion")).toEqual([
    [3, null],
    [3, 4],
  ]);
  await user.selectOptions(later, "");
  await user.click(screen.getByRole("button", { name: "Choose parts of it…" }));
  expect(await screen.findByText("An earlier version of this page")).toBeTruthy();
  expect(view.state.doc.textContent).toBe("As it is");
  await user.click(screen.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["As it was"]));
  expect(fake.calls("takeVersion").map(([, why]) => why)).toContain("restored");
});

test("a_new_page_is_made_opened_and_thrown_away", async () => {
  const fake = page("One");
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "New page" }));
  expect(await screen.findByRole("textbox", { name: "Text" })).toBeTruthy();
  expect(fake.calls("createPage")).toEqual([[null, ""]]);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Move to the trash" }));
  expect(fake.calls("trash")[0]?.[0]).toMatchObject({ kind: "page" });
});

test("three_are_asked_for_at_once_and_stepped_through_and_escape_ends_them_all", async () => {
  const fake = page("It was really late.", "She left.");
  const { view, user } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 19))));
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("checkbox", { name: "Three to choose from" }));
  await user.click(screen.getByRole("button", { name: "Shorter" }));
  await say(fake, finished("It was late"));
  await waitFor(() => expect(fake.calls("propose").length).toBe(2));
  expect(screen.getByText(/2 of 3/)).toBeTruthy();
  await say(fake, finished("So late"));
  await waitFor(() => expect(fake.calls("propose").length).toBe(3));
  const asked = fake.calls("propose").map(([, ask]) => (ask as { variant: number }).variant);
  expect(new Set(asked).size, "each is drawn in its own way").toBe(3);
  await user.keyboard("{Escape}");
  expect(fake.calls("stopProposal")).toEqual([[501]]);
  await say(fake, finished("", { stopped: true }));
  const proposals = await screen.findByRole("group", { name: "Proposals" });
  expect(within(proposals).getByRole("status").textContent).toBe("1 of 2 proposals");
  await user.click(within(proposals).getByRole("button", { name: "The next proposal" }));
  await user.click(screen.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(view.state.doc.textContent).toBe("So late.She left."));
  await waitFor(() => expect(screen.queryByRole("group", { name: "Proposal" })).toBeNull());
});

test("change_by_change_is_decided_by_keys_and_a_version_is_taken_before", async () => {
  const fake = page("One two three four five.");
  const { view, user, text } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 25))));
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("button", { name: "In other words" }));
  await say(fake, finished("One 2 three 4 5five."));
  const steps = await screen.findByRole("group", { name: "Change by change" });
  expect(within(steps).getByRole("status").textContent).toBe("1 of 2 changes");
  await act(async () => text.focus());
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  expect(within(steps).getByRole("status").textContent).toBe("2 of 2 changes");
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}{Alt>}{Enter}{/Alt}");
  await waitFor(() => expect(view.state.doc.textContent).toBe("One 2 three four five."));
  expect(fake.calls("takeVersion").map(([, why]) => why)).toContain("accepted");
  await user.keyboard("{Alt>}{Delete}{/Alt}");
  await waitFor(() => expect(screen.queryByRole("group", { name: "Proposal" })).toBeNull());
  expect(view.state.doc.textContent).toBe("One 2 three four five.");
});

test("after_writing_inside_it_is_asked_again_for_what_stands_there_now", async () => {
  const fake = page("It was really late.", "She left.");
  const { view, user } = await proposed(fake);
  await say(fake, finished("It was late"));
  await type(view, 8, "not ");
  await user.click(screen.getByRole("button", { name: "Ask again" }));
  await waitFor(() => expect(fake.calls("propose").length).toBe(2));
  expect(fake.calls("propose")[1]?.[1]).toMatchObject({ command: "tighten", text: "It was not really late" });
});

test("a_tone_a_language_and_a_command_of_ones_own", async () => {
  const fake = page("It was really late.");
  const { view, user } = await openPage(fake);
  const select = () =>
    act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 19))));
  await select();
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("button", { name: "In another tone" }));
  await user.click(screen.getByRole("button", { name: "More formal" }));
  expect(fake.calls("propose")[0]?.[1]).toMatchObject({ command: "tone", words: "more formal" });
  await say(fake, finished("The hour was late"));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  await select();
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("button", { name: "Translate" }));
  await user.type(screen.getByRole("textbox", { name: "Translate" }), "Catalan{Enter}");
  expect(fake.calls("propose")[1]?.[1]).toMatchObject({ command: "translate", words: "Catalan" });
  await say(fake, finished("Era tard"));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  await select();
  await user.keyboard("{Control>}e{/Control}");
  await user.type(await screen.findByRole("textbox", { name: "What should change" }), "make it angrier");
  await user.click(screen.getByRole("button", { name: "Keep these words as a command" }));
  expect(await screen.findByRole("button", { name: /^make it angrier/ })).toBeTruthy();
  await user.keyboard("{Escape}");
  await select();
  await user.keyboard("{Alt>}1{/Alt}");
  expect(fake.calls("propose")[2]?.[1]).toMatchObject({ command: "own", words: "make it angrier" });
});

test("what_the_model_read_is_told_and_a_part_can_be_left_out", async () => {
  const fake = page("It was really late.", "She left.");
  const { user } = await proposed(fake);
  const parts = [
    { part: "notes" as const, words: 12, of: 12 },
    { part: "before" as const, words: 900, of: 4000 },
    { part: "passage" as const, words: 4, of: 4 },
  ];
  await say(fake, { type: "given", parts }, finished("It was late", { shortened: true }));
  await user.click(screen.getByRole("button", { name: "What the model read" }));
  expect(screen.getByText("900 words, the nearest")).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: "Notes of the project" }));
  await user.click(screen.getByRole("button", { name: "Another" }));
  await waitFor(() => expect(fake.calls("propose").length).toBe(2));
  expect(fake.calls("propose")[1]?.[1]).toMatchObject({ without: ["notes"] });
});

test("a_page_is_split_at_the_caret_and_merged_again", async () => {
  const fake = page("One two", "Three");
  const { view, user } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 5))));
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Split here" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["One "]));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Text" }).textContent).toBe("twoThree"));
  await user.click(screen.getByRole("button", { name: "The road" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Text" }).textContent).toBe("One "));
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Merge with “New page”" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Text" }).textContent).toBe("One twoThree"));
});

test("the_bar_beside_a_selection_says_how_it_looks_and_where_it_leads", async () => {
  const fake = page("It was late.");
  const { view, user, text } = await openPage(fake);
  view.coordsAtPos = () => ({ left: 0, right: 0, top: 0, bottom: 0 });
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 3))));
  fireEvent.pointerUp(text);
  const bar = await screen.findByRole("toolbar", { name: "The selection" });
  await user.click(within(bar).getByRole("button", { name: "Bold" }));
  expect(view.state.doc.firstChild?.firstChild?.marks.map(({ type: { name } }) => name)).toEqual(["strong"]);
  await user.click(within(bar).getByRole("button", { name: "Link" }));
  await user.type(within(bar).getByRole("textbox", { name: "Where it leads" }), "example.org{Enter}");
  const marks = view.state.doc.firstChild?.firstChild?.marks.map((mark) => mark.attrs["href"] as string | undefined);
  expect(marks).toContain("https://example.org");
});

test("what_is_found_is_replaced_one_by_one_or_everywhere_and_one_undo_takes_it_back", async () => {
  const fake = page("The road, the roads", "A Road");
  const { view, user } = await openPage(fake);
  await user.keyboard("{Control>}f{/Control}");
  const search = await screen.findByRole("search");
  await user.type(within(search).getByRole("searchbox"), "road");
  expect(within(search).getByRole("status").textContent).toBe("3 found");
  await user.click(within(search).getByRole("checkbox", { name: "Whole words" }));
  expect(within(search).getByRole("status").textContent).toBe("2 found");
  await user.click(within(search).getByRole("checkbox", { name: "Capitals" }));
  expect(within(search).getByRole("status").textContent).toBe("1 found");
  await user.click(within(search).getByRole("checkbox", { name: "Capitals" }));
  await user.click(within(search).getByRole("button", { name: "Replace" }));
  await user.type(within(search).getByRole("textbox", { name: "Put in its place" }), "way");
  await user.click(within(search).getByRole("button", { name: "Go to the first" }));
  await user.click(within(search).getByRole("button", { name: "Replace this one" }));
  expect(view.state.doc.textContent).toBe("The way, the roadsA Road");
  await user.click(within(search).getByRole("checkbox", { name: "Whole words" }));
  await user.click(within(search).getByRole("button", { name: "Replace all 2" }));
  await waitFor(() => expect(view.state.doc.textContent).toBe("The way, the waysA way"));
  expect(within(search).getByRole("status").textContent).toBe("2 places replaced");
  expect(fake.calls("takeVersion").map(([, why]) => why)).toContain("working");
  await act(async () => void undo(view.state, view.dispatch));
  expect(view.state.doc.textContent).toBe("The way, the roadsA Road");
});

test("a_page_has_a_language_a_heading_and_a_goal", async () => {
  const fake = page("It was late.");
  const { view, user, text } = await openPage(fake);
  expect(fake.calls("checkSpelling")).toEqual([[["en"]]]);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "About this page…" }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Language" }), "Deutsch");
  await user.type(screen.getByRole("combobox", { name: "Under the heading" }), "Part one");
  await user.type(screen.getByRole("textbox", { name: "Goal, in words" }), "12x");
  expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  await user.type(screen.getByRole("textbox", { name: "Goal, in words" }), "{Backspace}00");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "About this page" })).toBeNull());
  expect(fake.calls("setPageLanguage")).toEqual([[501, "de"]]);
  expect(fake.pages.rows[0]?.part).toBe("Part one");
  expect(fake.calls("setPageGoal")).toEqual([[501, 1200]]);
  expect(fake.calls("checkSpelling").at(-1)).toEqual([["de"]]);
  expect(text.getAttribute("lang")).toBe("de");
  const typed = view.someProp("handleTextInput", (handle) => handle(view, 1, 1, '"', () => view.state.tr));
  expect(typed).toBe(true);
  expect(view.state.doc.textContent).toBe("„It was late.");
});

test("a_page_is_written_as_the_user_likes_it_and_that_is_kept", async () => {
  const fake = page("One", "Two");
  const { view, user, text } = await openPage(fake);
  const marked = () => [...text.querySelectorAll(".caret-here")].map(({ textContent }) => textContent);
  expect(marked()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Writing view…" }));
  await user.click(screen.getByRole("checkbox", { name: /^Focus/ }));
  fireEvent.change(screen.getByRole("slider", { name: "Length of the lines" }), { target: { value: "56" } });
  const kept = () => (JSON.parse(fake.remembered) as { writing: object }).writing;
  await waitFor(() => expect(kept()).toEqual({ focus: true, typewriter: false, line: 56, letters: 18 }));
  expect(marked()).toEqual(["One"]);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc))));
  expect(marked()).toEqual(["Two"]);
  await type(view, 9, "!");
  expect(marked()).toEqual(["Two!"]);
});

test("a_footnote_is_set_read_changed_and_taken_away_and_is_stored_with_the_page", async () => {
  const fake = page("It was late.");
  const { view, user, text } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 13))));
  await user.keyboard("{Control>}{Alt>}f{/Alt}{/Control}");
  await user.type(await screen.findByRole("textbox", { name: "What it says" }), "See the map.");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const stored = () => JSON.parse(fake.pages.find(501).document) as { content: { content: object[] }[] };
  await waitFor(() =>
    expect(stored().content[0]?.content[1]).toEqual({ type: "footnote", attrs: { text: "See the map." } }),
  );
  expect(text.querySelector("sup")?.title).toBe("See the map.");
  expect(view.state.doc.textContent).toBe("It was late.");
  await act(async () => view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, 13))));
  fireEvent.keyDown(text, { key: "Enter" });
  const field = await screen.findByRole("textbox", { name: "What it says" });
  expect(field).toHaveProperty("value", "See the map.");
  await user.click(screen.getByRole("button", { name: "Remove it" }));
  await waitFor(() => expect(stored().content[0]?.content).toHaveLength(1));
});

test("a_page_of_no_language_has_the_one_that_it_seems_to_be_written_in", async () => {
  const german = "Es war spät, und sie hatte nicht geschlafen. Der Weg war lang, und er ging mit ihr bis zu dem Haus.";
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.pages.put(501, [paragraph(german)], { language: "" });
  const { text } = await openPage(fake);
  await waitFor(() => expect(text.lang).toBe("de"));
  await waitFor(() => expect(fake.calls("checkSpelling").at(-1)).toEqual([["de"]]));
});
