import { act, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { type Sheet, TroubleError, type Way } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { notAgreed, part, sheet, THERE } from "./fakeCloud";
import { open } from "./open";

/** A message that would leave, and the sheet that it brings up. */
async function shown(more: Partial<Sheet> = {}) {
  const fake = new Fake(thread(5, [], { goesTo: THERE }));
  fake.cloud.state = { on: true, locked: false, cap: null };
  const opened = await open(fake);
  fake.failures.set("ask", notAgreed(more));
  await opened.user.type(opened.message(), "Hello{Enter}");
  const dialog = screen.getByRole("dialog", { name: "Send this to Hugging Face?" });
  return { fake, dialog, send: () => within(dialog).getByRole("button", { name: "Send to Hugging Face" }), ...opened };
}
const ways = (fake: Fake) => fake.calls("ask").map(([, way]) => way as Way);
const gone = () => expect(screen.queryByRole("dialog")).toBeNull();

test("what_stays_on_this_computer_is_sent_without_a_sheet", async () => {
  const fake = new Fake(thread(5));
  const { user, message } = await open(fake);
  await user.type(message(), "Hello{Enter}");
  expect(ways(fake)).toEqual([{ once: null, agreed: null }]);
  gone();
});

describe("the sheet", () => {
  test("is_shown_before_anything_leaves_and_the_text_stays_where_it_was", async () => {
    const { fake, dialog, message } = await shown();
    expect(ways(fake)).toEqual([{ once: null, agreed: null }]);
    expect(message().value).toBe("Hello");
    expect(dialog.textContent).toContain("Hugging Face · novita · Large at https://router.huggingface.co");
    expect(dialog.textContent).toContain("The question itself");
  });

  test("sends_by_its_one_button_and_never_by_enter_elsewhere", async () => {
    const { fake, dialog, user } = await shown({ project: "The Salt Road" });
    await user.keyboard("{Enter}");
    for (const box of within(dialog).getAllByRole("checkbox")) {
      box.focus();
      await user.keyboard("{Enter}");
    }
    expect(fake.calls("ask")).toHaveLength(1);
    expect(screen.getByRole("dialog")).toBeTruthy();
  });

  test("agreed_to_sends_what_was_shown_and_the_composer_is_emptied_once_it_is_stored", async () => {
    const { fake, user, send, message } = await shown();
    await user.click(send());
    gone();
    expect(ways(fake).at(-1)).toEqual({ once: null, agreed: { fingerprint: "first", leftOut: [], remember: false } });
    expect(message().value).toBe("Hello");
    await fake.emit({
      type: "stored",
      thread: thread(5, [userMessage(1, "Hello"), answer(2, "", { state: "streaming" })], { goesTo: THERE }),
    });
    expect(message().value).toBe("");
  });

  test.each([
    ["escape", "{Escape}"],
    ["keeping it here", null],
  ])("ended by %s sends nothing and keeps the draft", async (_, key) => {
    const { fake, user, dialog, message } = await shown();
    if (key) await user.keyboard(key);
    else await user.click(within(dialog).getByRole("button", { name: "Don’t send" }));
    gone();
    expect(fake.calls("ask")).toHaveLength(1);
    expect(message().value).toBe("Hello");
    expect(screen.getByRole("button", { name: "Send" })).toHaveProperty("disabled", false);
  });

  test("strikes_a_part_out_looks_again_and_sends_only_what_was_looked_at", async () => {
    const { fake, user, dialog, send } = await shown();
    let look: (sheet: Sheet) => void = () => {};
    fake.cloud.look = () => new Promise((resolve) => (look = resolve));
    await user.click(within(dialog).getByRole("checkbox", { name: /^Instructions/ }));
    expect(fake.calls("sheet").at(-1)).toEqual([
      { type: "new", conversation: 5, text: "Hello" },
      null,
      ["instructions"],
    ]);
    expect(send()).toHaveProperty("disabled", true);
    const parts = sheet().parts.map((one) => (one.key === "instructions" ? { ...one, included: false } : one));
    look(sheet({ parts, bytes: 4000, fingerprint: "second" }));
    expect(await within(dialog).findByText("4 KB")).toBeTruthy();
    await user.click(send());
    expect(ways(fake).at(-1)?.agreed).toEqual({ fingerprint: "second", leftOut: ["instructions"], remember: false });
  });

  test("believes_the_latest_look_whichever_comes_last", async () => {
    const { fake, user, dialog, send } = await shown();
    const looks: ((sheet: Sheet) => void)[] = [];
    fake.cloud.look = () => new Promise((resolve) => looks.push(resolve));
    await user.click(within(dialog).getByRole("checkbox", { name: /^Instructions/ }));
    await user.click(within(dialog).getByRole("checkbox", { name: /^Your message/ }));
    await act(async () => looks[1]?.(sheet({ fingerprint: "latest" })));
    await act(async () => looks[0]?.(sheet({ fingerprint: "late" })));
    await user.click(send());
    expect(ways(fake).at(-1)?.agreed?.fingerprint).toBe("latest");
  });

  test("that_could_not_be_looked_at_again_is_as_it_was_and_says_why", async () => {
    const { fake, user, dialog } = await shown();
    fake.failures.set("sheet", new TroubleError("other", "The offline lock is on, so nothing was sent."));
    const box = within(dialog).getByRole("checkbox", { name: /^Instructions/ });
    await user.click(box);
    expect(within(dialog).getByRole("alert").textContent).toContain("The offline lock is on");
    expect(box).toHaveProperty("checked", true);
  });

  test("never_lets_the_question_itself_be_struck_out", async () => {
    const { dialog } = await shown();
    expect(within(dialog).getByText("Your question")).toBeTruthy();
    expect(within(dialog).getAllByRole("checkbox")).toHaveLength(3);
  });

  test("strikes_a_marked_phrase_out_of_the_question_and_sends_what_is_left_of_it", async () => {
    const { fake, user, dialog, send } = await shown();
    const asked = () => fake.calls("sheet").at(-1)?.[0];
    await user.click(within(dialog).getByRole("button", { name: /^Your question/ }));
    const field = within(dialog).getByRole<HTMLTextAreaElement>("textbox", { name: /^Your question/ });
    const strike = within(dialog).getByRole("button", { name: "Strike out what is marked" });
    const mark = (from: number, to: number) => field.setSelectionRange(from, to);
    mark(0, 0);
    await user.click(strike);
    expect(within(dialog).getByText("Mark the words first.")).toBeTruthy();
    mark(0, 5);
    await user.click(strike);
    expect(within(dialog).getByText("Something must be left to ask.")).toBeTruthy();
    expect(fake.calls("sheet")).toEqual([]);

    mark(1, 4);
    fake.cloud.look = () => sheet({ fingerprint: "shorter" });
    await user.click(strike);
    expect(asked()).toEqual({ type: "new", conversation: 5, text: "Ho" });
    await user.click(within(dialog).getByRole("button", { name: "Put it back" }));
    expect(asked()).toEqual({ type: "new", conversation: 5, text: "Hello" });
    mark(4, 5);
    fake.failures.set("sheet", new TroubleError("other", "The offline lock is on, so nothing was sent."));
    await user.click(strike);
    expect(field.value, "what could not be looked at is as it was").toBe("Hello");
    mark(4, 5);
    await user.click(strike);
    await user.click(send());
    expect(fake.calls("ask").at(-1)?.[0]).toEqual({ type: "new", conversation: 5, text: "Hell" });
    expect(ways(fake).at(-1)?.agreed?.fingerprint).toBe("shorter");
  });

  test("strikes_out_at_once_all_that_was_said_before_where_that_is_much", async () => {
    const said = [1, 2, 3, 4, 5].map((id) => part(`message:${id}`));
    const { fake, user, dialog } = await shown({ parts: [...said, part("message:0", { optional: false })] });
    fake.cloud.look = () =>
      sheet({ parts: [...said.map((one) => ({ ...one, included: false })), part("message:0", { optional: false })] });
    await user.click(within(dialog).getByRole("checkbox", { name: "What was said before" }));
    expect(fake.calls("sheet").at(-1)?.[2]).toEqual(said.map(({ key }) => key));
    await user.click(within(dialog).getByRole("button", { name: /^What was said before/ }));
    expect(within(dialog).getAllByText("left out")).toHaveLength(5);
  });

  test("shows_what_is_off_in_the_conversation_and_does_not_let_it_back_in", async () => {
    const off = { included: false, off: true };
    const said = [1, 2, 3, 4].map((id) => part(`message:${id}`, off));
    const notes = part("notes", { kind: "notes", role: null, ...off });
    const { fake, user, dialog, send } = await shown({
      parts: [notes, ...said, part("message:0", { optional: false })],
    });
    const boxes = within(dialog).getAllByRole<HTMLInputElement>("checkbox");
    expect(boxes.map(({ checked, disabled }) => [checked, disabled])).toEqual([
      [false, true],
      [false, true],
    ]);
    expect(within(dialog).getAllByText(/off in this conversation/)).toHaveLength(2);
    await user.click(send());
    expect(ways(fake).at(-1)?.agreed?.leftOut, "it is not struck out for good").toEqual([]);
  });

  test("says_unknown_for_a_cost_that_nobody_knows_and_never_a_sum", async () => {
    const { dialog } = await shown({ highestCost: null });
    expect(dialog.textContent).toContain("Unknown: nobody says what this model costs");
    expect(dialog.textContent).not.toContain("$");
  });

  test("says_the_highest_cost_rounded_up", async () => {
    const { dialog } = await shown();
    expect(dialog.textContent).toContain("At most $0.0124");
  });

  test("can_be_remembered_for_a_project_and_only_where_there_is_one", async () => {
    const { fake, user, dialog, send } = await shown({ project: "The Salt Road" });
    await user.click(within(dialog).getByRole("checkbox", { name: /^Remember this for The Salt Road/ }));
    await user.click(send());
    expect(ways(fake).at(-1)?.agreed?.remember).toBe(true);
  });

  test("outside_of_a_project_offers_no_remembering", async () => {
    const { dialog } = await shown();
    expect(within(dialog).queryByRole("checkbox", { name: /Remember/ })).toBeNull();
  });

  test("shows_what_would_leave_now_where_that_changed_under_the_users_hand", async () => {
    const { fake, user, send } = await shown();
    fake.failures.set("ask", notAgreed({ fingerprint: "other" }));
    await user.click(send());
    const again = screen.getByRole("dialog", { name: "Send this to Hugging Face?" });
    expect(within(again).getByRole("alert").textContent).toContain(
      "Something changed since you looked, so nothing was sent.",
    );
    await user.click(within(again).getByRole("button", { name: "Send to Hugging Face" }));
    expect(ways(fake).at(-1)?.agreed?.fingerprint).toBe("other");
  });

  test("cannot_be_sent_once_the_offline_lock_is_on", async () => {
    const { fake, send } = await shown();
    await fake.cloud.lockBecomes(true);
    expect(send()).toHaveProperty("disabled", true);
  });

  test("says_so_where_nobody_is_pinned_to_serve_it", async () => {
    const { dialog } = await shown({ model: "org/Large:cheapest", backend: null });
    expect(dialog.textContent).toContain("Hugging Face · whoever is cheapest · Large at");
  });

  test("shows_the_very_words_that_would_leave", async () => {
    const { dialog } = await shown();
    expect(within(dialog).getByLabelText("Exactly as it is sent").textContent).toBe('{"model":"org/Large:novita"}');
  });

  test("keeps_an_edited_message_open_until_it_is_sent", async () => {
    const fake = new Fake(thread(5, [userMessage(1, "Three ways?"), answer(2, "One.")], { goesTo: THERE }));
    const { user } = await open(fake);
    fake.failures.set("ask", notAgreed());
    await user.click(screen.getByRole("button", { name: "Edit" }));
    await user.type(screen.getByRole("textbox", { name: "Edit your message" }), " Four{Enter}");
    await user.keyboard("{Escape}");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit your message" }).value).toBe(
      "Three ways? Four",
    );
  });
});
