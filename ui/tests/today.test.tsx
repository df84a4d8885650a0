/** Words that were written today, on whichever page, and a goal for them. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { onThisDay, wrote } from "../src/session/today";
import { openPage, page, paragraph, type } from "./page";

test("what_was_written_on_another_day_counts_no_more_and_the_goal_stays", () => {
  const evening = new Date(2026, 10, 27, 23, 59);
  const today = wrote({ day: "", words: 0, goal: 500 }, 12, evening);
  expect(wrote(today, -2, evening)).toEqual({ day: "2026-11-27", words: 10, goal: 500 });
  expect(onThisDay(today, new Date(2026, 10, 28, 0, 1))).toEqual({ day: "2026-11-28", words: 0, goal: 500 });
});

test("a_goal_for_the_day_counts_what_is_written_on_every_page_and_is_kept", async () => {
  const fake = page("One two three.");
  fake.pages.put(502, [paragraph("Here stands much already.")], { title: "The sea" });
  const { view, user } = await openPage(fake);
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "About this page…" }));
  const dialog = within(screen.getByRole("dialog"));
  await user.type(dialog.getByRole("textbox", { name: "Goal for a day, in words" }), "500");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  // What stood there is not written today.
  expect(await screen.findByText("Today 0 of 500")).toBeTruthy();
  await type(view, 1, "Four five ");
  expect(await screen.findByText("Today 2 of 500")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "The sea" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Text" }).textContent).toMatch(/^Here/));
  expect(screen.getByText("Today 2 of 500")).toBeTruthy();
  window.dispatchEvent(new Event("blur"));
  await waitFor(() => expect(JSON.parse(fake.remembered).today).toMatchObject({ words: 2, goal: 500 }));
});
