import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { open } from "./open";

const asked = userMessage(1, "Hello");
const writing = answer(2, "", { state: "streaming" });

describe("sending", () => {
  test("enter_sends_what_is_typed", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    expect(fake.questions()).toEqual([{ type: "new", conversation: 5, text: "Hello" }]);
  });

  test("shift_enter_breaks_the_line_and_sends_nothing", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "one{Shift>}{Enter}{/Shift}two");
    expect(message().value).toBe("one\ntwo");
    expect(fake.questions()).toEqual([]);
  });

  test.each([
    ["isComposing is set", { key: "Enter", isComposing: true }],
    ["only the key code 229 tells", { key: "Enter", keyCode: 229 }],
  ])("enter_never_sends_while_an_input_method_composes: %s", async (_, key) => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "にほん");
    fireEvent.keyDown(message(), key);
    expect(fake.questions()).toEqual([]);
    fireEvent.keyDown(message(), { key: "Enter" });
    expect(fake.questions()).toHaveLength(1);
  });

  test("nothing_but_spaces_is_not_sent", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "   {Enter}");
    expect(fake.questions()).toEqual([]);
  });

  test("the_composer_is_emptied_only_once_the_users_message_is_stored", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    expect(message().value).toBe("Hello");
    await fake.emit({ type: "stored", thread: thread(5, [asked, writing]) });
    expect(message().value).toBe("");
  });

  test("a_message_that_could_not_be_stored_stays_in_the_composer_with_a_sentence", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    await fake.break(new TroubleError("other", "The disk is full. Nothing saved is harmed."));
    expect(message().value).toBe("Hello");
    expect(screen.getByRole("alert").textContent).toContain("The disk is full.");
    expect(screen.getByRole("button", { name: "Send" })).toBeTruthy();
  });

  test("a_remark_on_an_answer_that_is_whole_is_quiet_and_takes_nothing_away", async () => {
    const fake = new Fake(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    await fake.emit({ type: "stored", thread: thread(5, [asked, writing]) });
    const whole = answer(2, "Good evening.", { state: "cut_at_length" });
    await fake.emit({
      type: "finished",
      message: whole,
      title: "Hello",
      trouble: "Its first 8 messages were not read.",
      page: null,
    });
    const shown = within(screen.getByRole("article", { name: "Answer" }));
    expect(shown.getByText("Its first 8 messages were not read.")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByRole("button", { name: "Ask to continue" })).toBeTruthy();
  });

  test("without_a_model_the_sentence_is_shown_and_the_text_is_kept", async () => {
    const fake = new Fake(thread(5));
    fake.engine = { state: "noModel" };
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    expect(screen.getByRole("alert").textContent).toContain("No model is open yet.");
    expect(message().value).toBe("Hello");
    await user.click(
      within(screen.getByRole("group", { name: "Model" })).getByRole("button", { name: "Open a model…" }),
    );
    expect(fake.calls("chooseModel")).toHaveLength(1);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("an answer", () => {
  async function underWay() {
    const fake = new Fake(thread(5));
    const opened = await open(fake);
    await opened.user.type(opened.message(), "Hello{Enter}");
    await fake.emit({ type: "stored", thread: thread(5, [asked, writing]) });
    return { fake, ...opened };
  }

  test("streams_in_whole_words", async () => {
    const { fake } = await underWay();
    const article = screen.getByRole("article", { name: "Answer" });
    expect(article.dataset["state"]).toBe("streaming");
    await fake.emit({ type: "text", text: "The salt ca" });
    expect(article.textContent).toBe("The salt");
    await fake.emit({ type: "text", text: "me " });
    expect(article.textContent).toBe("The salt came");
  });

  test("says_how_far_the_reading_is", async () => {
    const { fake } = await underWay();
    await fake.emit({ type: "loading", done: 1_200_000_000, total: 2_100_000_000 });
    expect(screen.getByRole("progressbar", { name: "Loading the model, 1.2 of 2.1 GB" })).toHaveProperty(
      "value",
      1.2e9,
    );
    await fake.emit({ type: "reading", done: 512, total: 2048 });
    expect(screen.getByRole("progressbar", { name: "Reading 512 of 2,048" })).toHaveProperty("value", 512);
    await fake.emit({ type: "text", text: "Now " });
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  test("is_stopped_by_the_button_and_by_escape", async () => {
    const { fake, user } = await underWay();
    await user.click(screen.getByRole("button", { name: "Stop" }));
    await user.keyboard("{Escape}");
    expect(fake.calls("stop")).toEqual([[5], [5]]);
    await fake.emit({
      type: "finished",
      message: answer(2, "The salt", { state: "stopped" }),
      title: "Hello",
      trouble: null,
      page: null,
    });
    expect(screen.getByRole("article", { name: "Answer" }).dataset["state"]).toBe("stopped");
    expect(screen.getByText("Stopped. Your text is safe.")).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(fake.calls("stop")).toHaveLength(2);
  });

  test("tells_where_it_was_made_and_exactly_what_it_took", async () => {
    const { fake } = await underWay();
    await fake.emit({
      type: "finished",
      message: answer(2, "The salt came first."),
      title: "Hello",
      trouble: null,
      page: null,
    });
    const badge = screen.getByRole("note");
    expect(badge.querySelector(".badge-words")?.textContent).toBe("On this device · 4 words");
    expect(badge.getAttribute("aria-label")).toBe("Made on this device. 4 words. Tiny · 7.3 words a second");
  });

  test("that_has_no_word_counts_none_and_says_once_why_also_after_a_restart", async () => {
    const remark = "Hugging Face is asked too much just now. Try again in a while.";
    const made = { ...answer(2, "").made!, place: "cloud" as const, provider: "Hugging Face", backend: "novita" };
    await open(new Fake(thread(5, [asked, answer(2, "", { state: "interrupted", remark, made })])));
    const shown = within(screen.getByRole("article", { name: "Answer" }));
    expect(shown.getByText(remark)).toBeTruthy();
    expect(shown.queryByText(/cut off/)).toBeNull();
    expect(screen.getByRole("note").querySelector(".badge-words")?.textContent).toBe("Hugging Face · novita");
  });

  test.each([
    ["Half an answ", "This answer was cut off before its end."],
    ["", "No answer came. Your message is safe."],
  ])("that_was_cut_off_by_the_end_of_the_app_says_so_in_one_sentence: “%s”", async (text, sentence) => {
    await open(new Fake(thread(5, [asked, answer(2, text, { state: "interrupted" })])));
    expect(document.querySelector("article[aria-label=Answer] .ending")?.textContent).toBe(sentence);
  });

  test("that_went_wrong_keeps_its_text_and_shows_the_sentence_beside_it", async () => {
    const { fake } = await underWay();
    const trouble = "The model stopped unexpectedly. Your text is safe. Try again?";
    await fake.emit(
      { type: "text", text: "Half an answ" },
      {
        type: "finished",
        message: answer(2, "Half an answ", { state: "interrupted" }),
        title: "Hello",
        trouble,
        page: null,
      },
    );
    const article = screen.getByRole("article", { name: "Answer" });
    expect(article.dataset["state"]).toBe("interrupted");
    expect(within(article).getByRole("alert").textContent).toBe(trouble);
    expect(article.textContent).toContain("Half an answ");
    expect(within(article).getByRole("button", { name: "Another version" })).toBeTruthy();
  });

  test("is_announced_once_it_is_finished_and_not_before", async () => {
    const { fake } = await underWay();
    await fake.emit({ type: "text", text: "The salt came first. " });
    const said = () =>
      screen
        .getAllByRole("status")
        .map((one) => one.textContent)
        .join("");
    expect(said()).toBe("");
    await fake.emit({
      type: "finished",
      message: answer(2, "The **salt** came first."),
      title: "Hello",
      trouble: null,
      page: null,
    });
    expect(said()).toContain("Answer finished, 4 words.");
    // As an element of its own: of bare text WebKitGTK tells nobody.
    expect(screen.getByRole("status", { name: "The answer" }).firstElementChild?.textContent).toBe(
      "The salt came first.",
    );
    expect(said().split("The salt came first.")).toHaveLength(2);
  });

  test("another_conversation_opened_meanwhile_does_not_disturb_it", async () => {
    const { fake, user } = await underWay();
    fake.put(thread(6, [userMessage(60, "Elsewhere")]));
    await fake.emit({ type: "text", text: "The salt " });
    await user.click(screen.getByRole("button", { name: "New conversation" }));
    await fake.emit({ type: "text", text: "came first " });
    await user.click(screen.getByRole("button", { name: /Talk 5/ }));
    expect(screen.getByRole("article", { name: "Answer" }).textContent).toBe("The salt came first");
  });
});
