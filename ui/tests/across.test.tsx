/** Finding and replacing in all pages of a project. */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";
import { paragraph } from "./page";

function withProject(): Fake {
  const fake = new Fake(thread(1, [userMessage(10, "Hello")]));
  fake.library.projects = [project(7, "Salt")];
  fake.pages.put(501, [paragraph("Mirela waits. MIRELA sleeps."), paragraph("Nobody.")], { title: "One", project: 7 });
  fake.pages.put(502, [paragraph("Only Mirela.")], { title: "Two", project: 7 });
  fake.pages.put(503, [paragraph("The sea.")], { title: "Three", project: 7 });
  fake.pages.put(504, [paragraph("Mirela elsewhere.")], { title: "Four" });
  return fake;
}

async function across(fake: Fake) {
  const opened = await open(fake);
  const { user } = opened;
  await user.click(screen.getByRole("button", { name: "Salt" }));
  await user.click(screen.getByRole("button", { name: "This project" }));
  await user.click(screen.getByRole("menuitem", { name: "Find and replace in its pages…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText("3 pages to look through.");
  await user.type(dialog.getByRole("searchbox", { name: "Find in these pages" }), "mirela");
  return { ...opened, dialog };
}

test("it_is_counted_first_then_replaced_everywhere_and_had_back_whole", async () => {
  const fake = withProject();
  const { user, dialog } = await across(fake);
  expect(dialog.getByRole("status").textContent).toBe("3 places in 2 pages");
  await user.type(dialog.getByRole("textbox", { name: "Put in its place" }), "Anna");
  await user.click(dialog.getByRole("button", { name: "Replace 3 places in 2 pages" }));
  await waitFor(() => expect(dialog.getByRole("status").textContent).toBe("3 places in 2 pages replaced."));
  expect(fake.pages.texts(501)).toEqual(["Anna waits. Anna sleeps.", "Nobody."]);
  expect(fake.pages.texts(502)).toEqual(["Only Anna."]);
  expect(fake.pages.texts(504)).toEqual(["Mirela elsewhere."]);
  // A version of each was taken before, and of no other.
  const order = fake.asked.map(({ name, args }) => `${name} ${args[0]}`);
  expect(order.indexOf("takeVersion 501")).toBeLessThan(order.indexOf("savePage 501"));
  expect(order).not.toContain("takeVersion 503");
  await user.click(await dialog.findByRole("button", { name: "Undo all" }));
  await waitFor(() => expect(fake.pages.texts(501)).toEqual(["Mirela waits. MIRELA sleeps.", "Nobody."]));
  expect(fake.pages.texts(502)).toEqual(["Only Mirela."]);
});

test("a_page_that_cannot_be_read_is_said_and_the_others_can_be_had_back", async () => {
  const fake = withProject();
  const { user, dialog } = await across(fake);
  fake.failures.set("readPage", new Error("gone"));
  await user.type(dialog.getByRole("textbox", { name: "Put in its place" }), "Anna");
  await user.click(dialog.getByRole("button", { name: "Replace 3 places in 2 pages" }));
  const said = "1 place in 1 page replaced. Could not be read or saved, and as before: 1 page.";
  await waitFor(() => expect(dialog.getByRole("status").textContent).toBe(said));
  expect(fake.pages.texts(501)).toEqual(["Mirela waits. MIRELA sleeps.", "Nobody."]);
  expect(fake.pages.texts(502)).toEqual(["Only Anna."]);
  await user.click(await dialog.findByRole("button", { name: "Undo all" }));
  await waitFor(() => expect(fake.pages.texts(502)).toEqual(["Only Mirela."]));
});

test("capitals_and_whole_words_count_as_on_a_page", async () => {
  const { user, dialog } = await across(withProject());
  await user.click(dialog.getByRole("checkbox", { name: "Capitals" }));
  expect(dialog.getByRole("status").textContent).toBe("0 places in 0 pages");
});

test("a_regular_expression_counts_as_on_a_page_and_one_that_cannot_be_read_replaces_nothing", async () => {
  const { user, dialog } = await across(withProject());
  await user.click(dialog.getByRole("checkbox", { name: "Regular expression" }));
  const field = dialog.getByRole("searchbox", { name: "Find in these pages" });
  await user.clear(field);
  await user.type(field, "waits|Only");
  expect(dialog.getByRole("status").textContent).toBe("2 places in 2 pages");
  await user.type(field, "(");
  expect(dialog.getByRole("status").textContent).toBe("This expression cannot be read.");
  expect(dialog.getByRole("button", { name: "Replace" })).toHaveProperty("disabled", true);
});

test("what_was_written_since_is_not_taken_back_with_it", async () => {
  const fake = withProject();
  const { user, dialog } = await across(fake);
  await user.type(dialog.getByRole("textbox", { name: "Put in its place" }), "Anna");
  await user.click(dialog.getByRole("button", { name: "Replace 3 places in 2 pages" }));
  await waitFor(() => expect(fake.pages.texts(502)).toEqual(["Only Anna."]));
  const back = await dialog.findByRole("button", { name: "Undo all" });
  await waitFor(() => expect(back).toHaveProperty("disabled", false));
  await act(async () => {
    // Elsewhere on the one page, and at the very place on the other.
    fake.pages.save(501, fake.pages.find(501).revision, 1, 1, JSON.stringify([paragraph("Somebody.")]));
    fake.pages.save(502, fake.pages.find(502).revision, 0, 1, JSON.stringify([paragraph("Only Anna, now.")]));
  });
  await user.click(back);
  await waitFor(() => expect(dialog.getByRole("status").textContent).toMatch(/left as it is: 1 page/));
  expect(fake.pages.texts(501)).toEqual(["Mirela waits. MIRELA sleeps.", "Somebody."]);
  expect(fake.pages.texts(502)).toEqual(["Only Anna, now."]);
});

test("a_page_that_is_open_shows_it_at_once", async () => {
  const fake = withProject();
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "Two" }));
  const text = await screen.findByRole("textbox", { name: "Text" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(screen.getByRole("combobox"), "replace in all");
  await user.keyboard("{Enter}");
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(await dialog.findByRole("searchbox", { name: "Find in these pages" }), "mirela");
  await user.type(dialog.getByRole("textbox", { name: "Put in its place" }), "Anna");
  await user.click(await dialog.findByRole("button", { name: "Replace 3 places in 2 pages" }));
  await waitFor(() => expect(text.textContent).toBe("Only Anna."));
});
