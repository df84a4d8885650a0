/** Two answers to one question, side by side. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ComparisonView, MessageView } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { SMALL } from "./fakeModels";
import { open } from "./open";

const asked = userMessage(1, "Name a bakery");
const first = answer(2, "The Salt Loaf");
const second = answer(3, "Night Oven", { made: { ...first.made!, model: "Small" } });
const TWO = [
  { ...SMALL, id: "tiny", name: "Tiny", inUse: true },
  { ...SMALL, id: "small", name: "Small" },
];

function beside(left: MessageView, right: MessageView, hidden = false): ComparisonView {
  const shown = (message: MessageView) => (hidden ? { ...message, made: null } : message);
  return {
    id: 9,
    hidden,
    left: { message: shown(left), tookMs: 8_240 },
    right: { message: shown(right), tookMs: 31_400 },
  };
}

const compared = (more: Partial<MessageView> = {}, hidden = false) =>
  thread(5, [asked, { ...second, ...more }], { comparison: beside(first, { ...second, ...more }, hidden) });
const writing = { state: "streaming", text: "" } as const;

/** A question typed, and the dialog that asks who answers it beside the one in use. */
async function askTwo() {
  const fake = new Fake(thread(5));
  fake.models.installed = TWO;
  const opened = await open(fake);
  await opened.user.type(opened.message(), "Name a bakery");
  await opened.user.click(screen.getByRole("button", { name: "Ask two" }));
  const dialog = await screen.findByRole("dialog", { name: "Who answers beside it" });
  return { fake, dialog, ...opened };
}

async function finish(fake: Fake, message: MessageView) {
  await fake.emit({ type: "finished", message, title: "Talk 5", trouble: null, page: null });
}

describe("a question to two", () => {
  test("goes_to_the_one_in_use_and_then_to_the_other", async () => {
    const { fake, dialog, user } = await askTwo();
    const places = within(dialog).getAllByRole("radio");
    expect(places).toHaveLength(1);
    expect(document.activeElement).toBe(places[0]);
    await user.click(within(dialog).getByRole("button", { name: "Ask both" }));
    expect(fake.questions()).toEqual([{ type: "new", conversation: 5, text: "Name a bakery" }]);
    await fake.emit({ type: "stored", thread: thread(5, [asked, { ...first, ...writing }]) });
    await finish(fake, first);
    await waitFor(() => expect(fake.questions()).toHaveLength(2));
    expect(fake.questions()[1]).toEqual({ type: "beside", answer: 2, model: "small", hidden: false });
    await fake.emit({ type: "stored", thread: compared(writing) }, { type: "text", text: "Night Oven " });
    expect(screen.getByRole("article", { name: "Answer of Small" }).textContent).toContain("Night Oven");
    expect(screen.queryByRole("button", { name: /Go on with/ })).toBeNull();
    fake.put(compared());
    await finish(fake, second);
    const column = await screen.findByRole("article", { name: "Answer of Tiny" });
    for (const words of ["8.2 seconds", "3 words", "nothing", "on this computer"])
      expect(column.textContent).toContain(words);
  });

  test("is_not_compared_where_the_first_answer_was_stopped", async () => {
    const { fake, dialog, user, message } = await askTwo();
    await user.click(within(dialog).getByRole("button", { name: "Ask both" }));
    await fake.emit({ type: "stored", thread: thread(5, [asked, { ...first, ...writing }]) });
    await finish(fake, { ...first, state: "stopped" });
    await user.type(message(), "And now?{Enter}");
    expect(fake.questions().map(({ type }) => type)).toEqual(["new", "new"]);
    await fake.emit({ type: "stored", thread: thread(5, [asked, first, userMessage(7, "And now?"), answer(8, "")]) });
    await finish(fake, answer(8, "Nothing."));
    expect(fake.questions()).toHaveLength(2);
  });

  test("hidden_says_nothing_of_either_before_both_are_written", async () => {
    const { fake, dialog, user } = await askTwo();
    await user.click(within(dialog).getByRole("checkbox"));
    await user.click(within(dialog).getByRole("button", { name: "Ask both" }));
    await fake.emit(
      { type: "stored", thread: thread(5, [asked, { ...first, ...writing }]) },
      { type: "text", text: "The Salt Loaf " },
    );
    expect(screen.getByRole("region", { name: "Conversation" }).textContent).not.toContain("Salt Loaf");
    await finish(fake, first);
    await waitFor(() => expect(fake.questions()).toHaveLength(2));
    await fake.emit({ type: "stored", thread: compared(writing, true) }, { type: "text", text: "Night Oven " });
    const talk = screen.getByRole("region", { name: "Conversation" });
    expect(talk.textContent).not.toMatch(/Salt Loaf|Night Oven|Tiny|Small/);
    fake.put(compared({}, true));
    await finish(fake, second);
    await screen.findByText("Night Oven");
    expect(talk.textContent).toContain("The Salt Loaf");
    expect(talk.textContent).not.toMatch(/Tiny|Small|computer/);
  });
});

describe("two answers", () => {
  test("wait_for_a_choice_before_the_conversation_goes_on", async () => {
    const fake = new Fake(compared());
    const { user, message } = await open(fake);
    await user.type(message(), "More{Enter}");
    expect(fake.questions()).toEqual([]);
    expect(message().placeholder).toBe("Choose one of the two answers first");
    await user.click(screen.getByRole("button", { name: "Go on with this one, the answer of Tiny" }));
    expect(fake.calls("decideComparison")).toEqual([[5, 9, 2]]);
    await user.type(message(), "{Enter}");
    expect(fake.questions()).toHaveLength(1);
  });

  test("may_be_as_good_as_each_other", async () => {
    const fake = new Fake(compared());
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Neither is better" }));
    expect(fake.calls("decideComparison")).toEqual([[5, 9, null]]);
  });
});

test("an_answer_is_compared_with_one_made_elsewhere_only_after_the_sheet", async () => {
  const fake = new Fake(thread(5, [asked, first]));
  fake.models.installed = [TWO[0]!];
  fake.cloud.state = { on: true, locked: false, cap: null };
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "More about this answer" }));
  await user.click(screen.getByRole("menuitem", { name: "Compare with another model…" }));
  const dialog = await screen.findByRole("dialog", { name: "Who answers beside this" });
  await user.click(await within(dialog).findByRole("button", { name: "Show its models" }));
  await user.click(await within(dialog).findByRole("radio", { name: /org\/Large/ }));
  await user.click(within(dialog).getByRole("button", { name: "See what would leave…" }));
  const send = await screen.findByRole("button", { name: "Send to Hugging Face" });
  expect(fake.questions()).toEqual([]);
  await user.click(send);
  expect(fake.questions()).toEqual([{ type: "beside", answer: 2, model: null, hidden: false }]);
});

describe("what was chosen", () => {
  async function page(fake: Fake) {
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Settings" }));
    await user.click(screen.getByRole("tab", { name: "Side by side" }));
    return screen.findByRole("tabpanel");
  }

  test("is_counted_in_words", async () => {
    const fake = new Fake(thread(5));
    const models = [
      { here: true, model: "Tiny", compared: 14, chosen: 9 },
      { here: false, model: "Large", compared: 14, chosen: 5 },
    ] as const;
    fake.tallies = { mixed: 14, here: 9, neither: 1, models: [...models] };
    const panel = await page(fake);
    await within(panel).findByText(
      "In 14 comparisons you chose the one on this computer 9 times. Neither was better once.",
    );
    expect(within(panel).getByRole("row", { name: "Tiny This computer 14 9" })).toBeTruthy();
  });

  test("says_how_to_begin_where_nothing_was_compared", async () => {
    const panel = await page(new Fake(thread(5)));
    await within(panel).findByText(/Nothing was compared yet/);
  });
});
