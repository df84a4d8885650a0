import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drafts } from "../src/session/drafts";
import { Fake, thread, userMessage } from "./fake";
import { open } from "./open";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

test("a_draft_is_saved_400_ms_after_its_first_unsaved_key", () => {
  const saved: [number, string][] = [];
  const drafts = new Drafts((conversation, text) => saved.push([conversation, text]));
  drafts.write(1, "a");
  vi.advanceTimersByTime(300);
  drafts.write(1, "ab");
  expect(saved).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(saved).toEqual([[1, "ab"]]);
  vi.advanceTimersByTime(5000);
  expect(saved).toHaveLength(1);
});

test("steady_typing_never_goes_400_ms_unsaved", () => {
  const saved: { at: number; text: string }[] = [];
  let now = 0;
  const drafts = new Drafts((_, text) => saved.push({ at: now, text }));
  let text = "";
  for (; now < 20_000; now += 80, vi.advanceTimersByTime(80)) {
    text += "x";
    drafts.write(1, text);
  }
  expect(saved.length).toBeGreaterThanOrEqual(40);
  for (const [i, { at }] of saved.entries()) expect(at - (saved[i - 1]?.at ?? 0)).toBeLessThanOrEqual(480);
});

test("instructions_typed_steadily_are_saved_while_they_are_typed", async () => {
  const fake = new Fake(thread(5, [userMessage(1, "One")]));
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "What the model is told" }));
  const field = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Instructions" });
  for (let keys = 1; keys <= 10; keys += 1) {
    await act(async () => {
      fireEvent.change(field, { target: { value: "x".repeat(keys) } });
      vi.advanceTimersByTime(100);
    });
  }
  expect(fake.calls("setInstructions").map(([, text]) => text)).toContain("xxxx");
});

test("flushing_saves_at_once_and_only_once", () => {
  const saved: [number, string][] = [];
  const drafts = new Drafts((conversation, text) => saved.push([conversation, text]));
  drafts.write(1, "a");
  drafts.write(2, "b");
  drafts.flush();
  vi.advanceTimersByTime(1000);
  expect(saved).toEqual([
    [1, "a"],
    [2, "b"],
  ]);
});

test("switching_conversations_saves_the_draft_and_brings_it_back", async () => {
  const fake = new Fake(
    thread(5, [userMessage(1, "One")]),
    thread(6, [userMessage(2, "Two")], { draft: "from before" }),
  );
  const { user, message } = await open(fake);
  await user.type(message(), "half a thou");
  await user.click(screen.getByRole("button", { name: /Talk 6/ }));
  expect(fake.calls("saveDraft").at(-1)).toEqual([5, "half a thou"]);
  expect(message().value).toBe("from before");
  await user.click(screen.getByRole("button", { name: /Talk 5/ }));
  expect(message().value).toBe("half a thou");
});

test.each(["pagehide", "blur"])("closing_the_window_saves_the_draft_at_once: %s", async (event) => {
  const fake = new Fake(thread(5, [userMessage(1, "One")]));
  const { user, message } = await open(fake);
  await user.type(message(), "x");
  expect(fake.calls("saveDraft")).toEqual([]);
  await act(async () => void window.dispatchEvent(new Event(event)));
  expect(fake.calls("saveDraft")).toEqual([[5, "x"]]);
});

test("what_was_sent_is_no_draft_any_more", async () => {
  const fake = new Fake(thread(5, [userMessage(1, "One")]));
  const { user, message } = await open(fake);
  await user.type(message(), "Hello{Enter}");
  await fake.emit({ type: "stored", thread: thread(5, [userMessage(1, "One"), userMessage(3, "Hello")]) });
  await act(async () => void vi.advanceTimersByTime(1000));
  expect(fake.calls("saveDraft").at(-1)).toEqual([5, ""]);
});
