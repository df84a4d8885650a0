/** A passage of a page that is proposed to by somebody elsewhere, once. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { TextSelection } from "prosemirror-state";
import { expect, test } from "vitest";
import { notAgreed, part, sheet } from "./fakeCloud";
import { finished, openPage, page, say, type } from "./page";

/** The sheet of a passage that is to be made shorter elsewhere. */
async function elsewhere() {
  const fake = page("It was really late.", "She left.");
  fake.cloud.state = { on: true, locked: false, cap: null };
  fake.pages.sheet = sheet({
    parts: [part("before", { text: "Before" }), part("passage", { optional: false, text: "It was really late" })],
  });
  const opened = await openPage(fake);
  const { view, user } = opened;
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 19))));
  await user.keyboard("{Control>}e{/Control}");
  await user.click(await screen.findByRole("checkbox", { name: "In the cloud, this once" }));
  await user.click(screen.getByRole("button", { name: "Shorter" }));
  const choosing = await screen.findByRole("dialog", { name: "Have this proposed in the cloud" });
  await user.click(await within(choosing).findByRole("button", { name: "Show its models" }));
  await user.click(await within(choosing).findByRole("radio", { name: /org\/Large/ }));
  await user.click(within(choosing).getByRole("button", { name: "See what would leave…" }));
  const dialog = await screen.findByRole("dialog", { name: "Send this to Hugging Face?" });
  return { fake, dialog, send: () => within(dialog).getByRole("button", { name: "Send to Hugging Face" }), ...opened };
}

test("a_passage_goes_elsewhere_once_the_user_saw_what_leaves_and_its_words_keep_the_record", async () => {
  const { fake, dialog, send, view, user } = await elsewhere();
  expect(fake.calls("propose")).toEqual([]);
  expect(dialog.textContent).toContain("Only what is listed here goes");
  await user.click(within(dialog).getByRole("checkbox", { name: /Before/ }));
  const shown = fake.calls("proposalSheet").at(-1) as unknown[];
  expect(shown.slice(3)).toEqual([["before"]]);
  await user.click(send());
  const [on, ask, way] = fake.calls("propose")[0] as unknown[];
  expect([on, ask]).toEqual([501, shown[1]]);
  expect(way).toEqual({
    once: shown[2],
    agreed: { fingerprint: "first", leftOut: ["before"], remember: false },
  });
  const made = { place: "cloud", provider: "Hugging Face", model: "Large" } as const;
  await say(
    fake,
    finished("It was terribly late", {
      made: { ...made, backend: null, tokens: null, tokensPerSecond: null, cost: null },
    }),
  );
  expect(screen.getByText(/Large, at Hugging Face/)).toBeTruthy();
  expect(view.state.doc.textContent).toBe("It was really late.She left.");
  await user.click(screen.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(view.state.doc.textContent).toBe("It was terribly late.She left."));
  const stored = JSON.stringify(view.state.doc.toJSON());
  expect(stored).toContain('"how":"model_elsewhere","who":"Large at Hugging Face"');
});

test("a_passage_that_is_not_sent_stays_and_what_changed_meanwhile_is_shown_again", async () => {
  const { fake, send, view, user } = await elsewhere();
  fake.failures.set("propose", notAgreed({ fingerprint: "second" }));
  await user.click(send());
  const again = await screen.findByRole("dialog", { name: "Send this to Hugging Face?" });
  expect(again.textContent).toContain("Something changed since you looked");
  await user.click(within(again).getByRole("button", { name: "Don’t send" }));
  expect(fake.calls("propose")).toHaveLength(1);
  expect(screen.queryByRole("group", { name: "Proposal" })).toBeNull();
  expect(view.state.doc.textContent).toBe("It was really late.She left.");
});

test("a_page_that_another_window_changed_while_the_user_looked_sends_nothing", async () => {
  const { fake, send, view, user } = await elsewhere();
  await type(view, 1, "So ");
  await user.click(send());
  expect(fake.calls("propose")).toEqual([]);
  expect(await screen.findByText(/has changed since you asked, so nothing was sent/)).toBeTruthy();
});

test("while_the_cloud_is_off_no_page_offers_it", async () => {
  const fake = page("It was really late.");
  const { view, user } = await openPage(fake);
  await act(async () => view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 19))));
  await user.keyboard("{Control>}e{/Control}");
  await screen.findByRole("button", { name: "Shorter" });
  expect(screen.queryByRole("checkbox", { name: "In the cloud, this once" })).toBeNull();
});
