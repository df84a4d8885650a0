import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { Alternatives } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { open } from "./open";

const SECOND: Alternatives = { position: 2, count: 3, previous: 2, next: 4 };
const asked = userMessage(1, "Three ways in?");
const talk = thread(5, [asked, answer(3, "The second.", { alternatives: SECOND })]);
const other = thread(5, [
  asked,
  answer(4, "The third.", { alternatives: { position: 3, count: 3, previous: 3, next: null } }),
]);

const shown = () => screen.getByRole("article", { name: "Answer" });

describe("alternatives", () => {
  test("say_which_of_how_many_is_on_show", async () => {
    await open(new Fake(talk));
    expect(within(shown()).getByText("2 of 3")).toBeTruthy();
  });

  test("are_stepped_through_with_the_buttons", async () => {
    const fake = new Fake(talk);
    const { user } = await open(fake);
    fake.put(other);
    await user.click(screen.getByRole("button", { name: "Next version" }));
    expect(fake.calls("chooseAlternative")).toEqual([[4]]);
    expect(shown().textContent).toContain("The third.");
    expect(within(shown()).getByText("3 of 3")).toBeTruthy();
  });

  test("are_stepped_through_with_the_arrows_and_the_focus_stays", async () => {
    const fake = new Fake(talk);
    const { user } = await open(fake);
    shown().focus();
    fake.put(other);
    await user.keyboard("{ArrowRight}");
    expect(shown().textContent).toContain("The third.");
    expect(document.activeElement).toBe(shown());
    await user.keyboard("{ArrowRight}");
    expect(fake.calls("chooseAlternative"), "there is no fourth").toEqual([[4]]);
  });

  test("are_not_offered_where_there_is_only_one", async () => {
    await open(new Fake(thread(5, [asked, answer(2, "Only one.")])));
    expect(screen.queryByRole("button", { name: "Next version" })).toBeNull();
  });
});

test("again_asks_for_another_answer_and_shows_it_as_it_comes", async () => {
  const fake = new Fake(talk);
  const { user } = await open(fake);
  await user.click(within(shown()).getByRole("button", { name: "Another version" }));
  expect(fake.questions()[0]).toEqual({ type: "again", answer: 3 });
  const fresh = answer(9, "", { state: "streaming", alternatives: { position: 4, count: 4, previous: 4, next: null } });
  await fake.emit({ type: "stored", thread: thread(5, [asked, fresh]) }, { type: "text", text: "A fourth " });
  expect(shown().textContent).toContain("A fourth");
  expect(shown().dataset["state"]).toBe("streaming");
});

test("again_does_nothing_while_an_answer_is_under_way", async () => {
  const fake = new Fake(talk);
  const { user, message } = await open(fake);
  await user.type(message(), "More{Enter}");
  await user.click(within(shown()).getByRole("button", { name: "Another version" }));
  expect(fake.questions()).toEqual([{ type: "new", conversation: 5, text: "More" }]);
});

describe("editing an earlier message", () => {
  test("sends_the_new_text_as_another_version_of_it", async () => {
    const fake = new Fake(talk);
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Edit" }));
    const field = screen.getByRole("textbox", { name: "Edit your message" });
    await user.clear(field);
    await user.type(field, "Four ways in?{Enter}");
    expect(fake.questions()[0]).toEqual({ type: "edit", message: 1, text: "Four ways in?" });
    const version = userMessage(11, "Four ways in?", {
      alternatives: { position: 2, count: 2, previous: 1, next: null },
    });
    await fake.emit({ type: "stored", thread: thread(5, [version, answer(12, "", { state: "streaming" })]) });
    const mine = screen.getByRole("article", { name: "You" });
    expect(mine.textContent).toContain("Four ways in?");
    expect(within(mine).getByText("2 of 2")).toBeTruthy();
    expect(screen.queryByRole("textbox", { name: "Edit your message" })).toBeNull();
  });

  test("is_given_up_with_escape_and_changes_nothing", async () => {
    const fake = new Fake(talk);
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Edit" }));
    await user.keyboard("nonsense{Escape}");
    expect(screen.getByRole("article", { name: "You" }).textContent).toContain("Three ways in?");
    expect(fake.questions()).toEqual([]);
  });

  test("never_sends_while_an_input_method_composes", async () => {
    const fake = new Fake(talk);
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Edit" }));
    fireEvent.keyDown(screen.getByRole("textbox", { name: "Edit your message" }), { key: "Enter", keyCode: 229 });
    expect(fake.questions()).toEqual([]);
  });
});

test("copy_takes_the_markdown_as_it_was_written", async () => {
  const { user } = await open(new Fake(thread(5, [asked, answer(2, "A *true* answer.")])));
  await user.click(within(shown()).getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toBe("A *true* answer.");
});

test("an_answer_cut_at_its_length_can_be_asked_to_continue", async () => {
  const fake = new Fake(thread(5, [asked, answer(2, "And so", { state: "cut_at_length" })]));
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "Ask to continue" }));
  expect(fake.questions()[0]).toEqual({ type: "new", conversation: 5, text: "Continue." });
});

test("only_a_stretch_of_a_long_conversation_is_in_the_page", async () => {
  const long = Array.from({ length: 10_000 }, (_, i) =>
    i % 2 ? answer(i + 1, `Answer ${i}`) : userMessage(i + 1, `Message ${i}`),
  );
  await open(new Fake(thread(5, long)));
  expect(screen.getAllByRole("article").length).toBeLessThanOrEqual(60);
  expect(screen.getByText("Answer 9999")).toBeTruthy();
});

test("messages_that_did_not_come_with_the_conversation_are_read_when_they_are_shown", async () => {
  const fake = new Fake(
    thread(
      5,
      Array.from({ length: 100 }, (_, i) => userMessage(i + 1, `Message ${i + 1}`)),
    ),
  );
  fake.end = 4;
  fake.hits = [{ conversation: 5, message: 30, title: "Talk 5", snippet: ["", "Message", " 30"], updatedAt: 0 }];
  const { user } = await open(fake);
  await screen.findByText("Message 90");
  expect(screen.getByText("Message 100")).toBeTruthy();
  expect(screen.queryByText("Message 30")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Search" }));
  await user.type(screen.getByRole("combobox"), "message");
  await user.click(await screen.findByRole("option"));
  const sought = (await screen.findByText("Message 30")).closest("article");
  await waitFor(() => expect(document.activeElement).toBe(sought));
  expect(fake.calls("readMessages").flat(2), "what came is not read again").not.toContain(100);
});

test("with_a_seed_another_version_says_that_it_is_the_same", async () => {
  const alternatives = { position: 2, count: 2, previous: 2, next: null };
  const fake = new Fake(thread(5, [userMessage(1, "A name"), answer(3, "Salt", { alternatives })]));
  fake.settings = { ...fake.settings, seed: 7 };
  await open(fake);
  expect(screen.getByText(/^A seed is set, so another version says the same/)).toBeTruthy();
});

test("without_a_seed_nothing_is_said_of_it", async () => {
  const alternatives = { position: 2, count: 2, previous: 2, next: null };
  const fake = new Fake(thread(5, [userMessage(1, "A name"), answer(3, "Salt", { alternatives })]));
  await open(fake);
  expect(screen.queryByText(/A seed is set/)).toBeNull();
});
