/** A page and a conversation of its project, side by side. */
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { TextSelection } from "prosemirror-state";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";
import { openPage, paragraph } from "./page";

const small = window.matchMedia;
const atLeast = (width: number) => (query: string) => {
  const [, kind, at] = /(min|max)-width: (\d+)px/.exec(query) ?? [];
  const matches = kind === "min" ? width >= Number(at) : kind === "max" && width <= Number(at);
  return { matches, media: query, addEventListener() {}, removeEventListener() {} } as unknown as MediaQueryList;
};
beforeEach(() => {
  window.matchMedia = atLeast(1440);
});
afterEach(() => {
  window.matchMedia = small;
});

function pair(more: object = {}): Fake {
  const fake = new Fake(
    thread(1, [userMessage(10, "How does it end?"), answer(11, "She *leaves* the tower.")], { project: 7 }),
    thread(2, [userMessage(20, "Elsewhere")]),
  );
  fake.library.projects = [project(7, "Salt")];
  fake.pages.put(501, [paragraph("It was late.")], { title: "The road", project: 7, ...more });
  fake.pages.put(502, [paragraph("Next day.")], { title: "The sea", project: 7 });
  return fake;
}

async function both(fake: Fake) {
  const opened = await openPage(fake);
  const { user } = opened;
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Open a conversation beside" }));
  await screen.findByRole("textbox", { name: "Message" });
  return opened;
}

const shown = () => ({
  page: screen.queryByRole("textbox", { name: "Text" }) !== null,
  chat: screen.queryByRole("textbox", { name: "Message" }) !== null,
});

describe("a page and a conversation side by side", () => {
  test("are_of_one_project_and_the_next_of_either_takes_the_place_of_its_own_kind", async () => {
    const { user } = await both(pair());
    expect(shown()).toEqual({ page: true, chat: true });
    await user.click(screen.getByRole("button", { name: "The sea" }));
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Text" }).textContent).toBe("Next day."));
    expect(screen.getByText("How does it end?")).toBeTruthy();
    // Of another project: it has the window to itself.
    await user.click(screen.getByRole("button", { name: "Talk 2" }));
    await screen.findByText("Elsewhere");
    expect(shown()).toEqual({ page: false, chat: true });
  });

  test("are_there_again_after_a_restart", async () => {
    const fake = pair();
    await both(fake);
    cleanup();
    await open(fake);
    await screen.findByRole("textbox", { name: "Message" });
    await screen.findByRole("textbox", { name: "Text" });
    expect(JSON.parse(fake.remembered).place).toEqual({ show: "page", id: 501, beside: 1 });
  });

  test("either_is_closed_and_the_other_stays_with_what_was_typed", async () => {
    const { user, view } = await both(pair());
    await act(async () => view.dispatch(view.state.tr.insertText("Very ", 1)));
    await user.click(screen.getByRole("button", { name: "Close this conversation" }));
    expect(shown()).toEqual({ page: true, chat: false });
    // It is the same editor still, with its undo.
    expect(view.isDestroyed).toBe(false);
    await user.click(screen.getByRole("button", { name: "This page" }));
    await user.click(screen.getByRole("menuitem", { name: "Open a conversation beside" }));
    await screen.findByRole("textbox", { name: "Message" });
    await user.click(screen.getByRole("button", { name: "Close this page" }));
    expect(shown()).toEqual({ page: false, chat: true });
  });

  test("a_key_goes_from_one_to_the_other_and_each_has_its_own_search", async () => {
    const { user } = await both(pair());
    screen.getByRole("textbox", { name: "Message" }).focus();
    await user.keyboard("{Control>}f{/Control}");
    expect(screen.getByRole("dialog")).toBeTruthy();
    await user.keyboard("{Escape}{F6}");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Text" })));
    await user.keyboard("{Control>}f{/Control}");
    expect(screen.getByRole("searchbox", { name: "Find in this page" })).toBeTruthy();
  });

  test("what_is_selected_in_the_page_is_quoted_in_the_conversation", async () => {
    const { user, view } = await both(pair());
    await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 7))));
    await user.click(screen.getByRole("button", { name: "This page" }));
    await user.click(screen.getByRole("menuitem", { name: "Quote in the conversation" }));
    const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
    await waitFor(() => expect(field.value).toBe("> It was\n\n"));
  });

  test("an_answer_is_proposed_at_the_caret_and_nothing_changes_before_it_is_accepted", async () => {
    const fake = pair();
    const { user, view } = await both(fake);
    await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 13))));
    await user.click(screen.getByRole("button", { name: "More about this answer" }));
    await user.click(screen.getByRole("menuitem", { name: "Propose in the page" }));
    const bar = await screen.findByRole("group", { name: "Proposal" });
    expect(within(bar).getByText("From the conversation beside")).toBeTruthy();
    expect(view.state.doc.textContent).toBe("It was late.");
    await user.click(within(bar).getByRole("button", { name: "Accept" }));
    await waitFor(() => expect(view.state.doc.textContent).toContain("She leaves the tower."));
    const origins: unknown[] = [];
    view.state.doc.descendants((node) => {
      for (const mark of node.marks)
        if (mark.type.name === "origin") origins.push([mark.attrs["how"], mark.attrs["who"]]);
    });
    expect(origins[0]).toEqual(["model_here", "Tiny"]);
    expect(fake.calls("takeVersion").map(([, why]) => why)).toContain("accepted");
  });

  test("onto_a_hands_off_page_no_answer_is_offered", async () => {
    const fake = pair({ handsOff: true });
    fake.library.handsOff = [7];
    await both(fake);
    expect(screen.queryByRole("button", { name: "More about this answer" })).toBeNull();
  });

  test("where_there_is_no_room_one_is_on_show_and_a_switch_turns_to_the_other", async () => {
    window.matchMedia = atLeast(900);
    const { user } = await both(pair());
    expect(shown()).toEqual({ page: false, chat: true });
    const sides = screen.getByRole("group", { name: "On show" });
    await user.click(within(sides).getByRole("button", { name: "Page" }));
    expect(shown()).toEqual({ page: true, chat: false });
  });

  test("what_is_thrown_away_leaves_the_other", async () => {
    await both(pair());
    const row = document.querySelector("[data-row='conversation 1']") as HTMLElement;
    fireEvent.keyDown(row, { key: "Delete" });
    await waitFor(() => expect(shown()).toEqual({ page: true, chat: false }));
  });
});
