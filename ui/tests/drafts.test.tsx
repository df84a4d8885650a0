import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drafts } from "../src/session/drafts";
import { Fake, hers, thread } from "./fake";
import { open } from "./open";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

test("a_draft_is_saved_once_after_the_last_key", () => {
  const saved: [number, string][] = [];
  const drafts = new Drafts((conversation, text) => saved.push([conversation, text]));
  drafts.write(1, "a");
  vi.advanceTimersByTime(300);
  drafts.write(1, "ab");
  vi.advanceTimersByTime(300);
  expect(saved).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(saved).toEqual([[1, "ab"]]);
});

test("flushing_saves_at_once_and_only_once", () => {
  const saved: [number, string][] = [];
  const drafts = new Drafts((conversation, text) => saved.push([conversation, text]));
  drafts.write(1, "a");
  drafts.write(2, "b");
  drafts.flush();
  vi.advanceTimersByTime(1000);
  expect(saved).toEqual([[1, "a"], [2, "b"]]);
});

test("switching_conversations_saves_the_draft_and_brings_it_back", async () => {
  const fake = new Fake(thread(5, [hers(1, "One")]), thread(6, [hers(2, "Two")], { draft: "from before" }));
  const { user, message } = await open(fake);
  await user.type(message(), "half a thou");
  await user.click(screen.getByRole("button", { name: /Talk 6/ }));
  expect(fake.calls("saveDraft").at(-1)).toEqual([5, "half a thou"]);
  expect(message().value).toBe("from before");
  await user.click(screen.getByRole("button", { name: /Talk 5/ }));
  expect(message().value).toBe("half a thou");
});

test.each(["pagehide", "blur"])("closing_the_window_saves_the_draft_at_once: %s", async (event) => {
  const fake = new Fake(thread(5, [hers(1, "One")]));
  const { user, message } = await open(fake);
  await user.type(message(), "x");
  expect(fake.calls("saveDraft")).toEqual([]);
  await act(async () => void window.dispatchEvent(new Event(event)));
  expect(fake.calls("saveDraft")).toEqual([[5, "x"]]);
});

test("what_was_sent_is_no_draft_any_more", async () => {
  const fake = new Fake(thread(5, [hers(1, "One")]));
  const { user, message } = await open(fake);
  await user.type(message(), "Hello{Enter}");
  await fake.emit({ type: "stored", thread: thread(5, [hers(1, "One"), hers(3, "Hello")]) });
  await act(async () => void vi.advanceTimersByTime(1000));
  expect(fake.calls("saveDraft").at(-1)).toEqual([5, ""]);
});
