/** Files of others that become pages, and pages of a project that go out together. */
import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { Fake, thread } from "./fake";
import { open } from "./open";

test("an_import_shows_how_far_it_is_can_be_stopped_and_says_what_it_left_out", async () => {
  const fake = new Fake(thread(1, []));
  fake.pages.put(7, [{ type: "paragraph" }], { title: "Dawn" });
  fake.pages.imported = { page: 7, pages: 1, conversations: 0, already: 0, leftOut: ["A picture was left out."] };
  const { user } = await open(fake);
  await fake.chooseInMenu("importPage");
  act(() => fake.pages.importing?.({ name: "draft.docx", percent: 40 }));
  const under = await screen.findByRole("dialog", { name: "Importing" });
  expect(within(under).getByText("draft.docx")).toBeTruthy();
  expect(within(under).getByRole("progressbar", { name: "How far it is" }).getAttribute("value")).toBe("40");
  await user.click(within(under).getByRole("button", { name: "Stop" }));
  expect(fake.calls("stopImport")).toHaveLength(1);
  const done = await screen.findByRole("dialog", { name: "Imported" });
  expect(within(done).getByText("1 page came in.")).toBeTruthy();
  expect(within(done).getByText("A picture was left out.")).toBeTruthy();
  await user.click(within(done).getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("files_that_are_dropped_on_a_page_become_pages_beside_it", async () => {
  const fake = new Fake(thread(1, []));
  fake.pages.put(7, [{ type: "paragraph" }], { title: "Dawn" });
  const { user } = await open(fake);
  await user.click(await screen.findByRole("button", { name: /Dawn/ }));
  await fake.filesAre("dropped");
  expect(fake.calls("importFiles").map(([from, project]) => [from, project])).toEqual([["dropped", null]]);
});

test("a_conversation_becomes_a_page", async () => {
  const fake = new Fake(thread(1, []));
  const { user } = await open(fake);
  await fake.chooseInMenu("newConversation");
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox"), "make a page");
  await user.keyboard("{Enter}");
  expect(fake.calls("pageFromConversation")).toHaveLength(1);
});
