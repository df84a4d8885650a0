/** A page in the window, on a fake backend, and what a model says to it. */
import { act, screen } from "@testing-library/react";
import { EditorView } from "prosemirror-view";
import { vi } from "vitest";
import type { ProposalEvent } from "../src/backend/client";
import { Fake, thread, userMessage } from "./fake";
import { open } from "./open";

export const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

/** jsdom lays nothing out. */
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
document.elementFromPoint = () => null;

/** The page takes the focus as it opens: that names its editor. */
const focused = vi.spyOn(EditorView.prototype, "focus");

export async function openPage(fake: Fake) {
  fake.remembered = JSON.stringify({ place: { show: "page", id: 501 } });
  const opened = await open(fake);
  const text = await screen.findByRole("textbox", { name: "Text" });
  const view = focused.mock.contexts.at(-1) as EditorView;
  return { ...opened, text, view };
}

export function page(...texts: string[]): Fake {
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.pages.put(501, texts.map(paragraph), { title: "The road" });
  return fake;
}

export const type = (view: EditorView, at: number, words: string) =>
  act(async () => view.dispatch(view.state.tr.insertText(words, at)));

export async function say(fake: Fake, ...events: ProposalEvent[]) {
  await act(async () => {
    for (const event of events) {
      fake.pages.heard?.(event);
      if (event.type === "finished") fake.pages.ended?.();
    }
  });
}

export const finished = (
  text: string,
  more: Partial<Extract<ProposalEvent, { type: "finished" }>> = {},
): ProposalEvent => ({
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
