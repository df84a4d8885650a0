import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { Fake, thread } from "./fake";
import { open } from "./open";

const ONE = { name: "2026-11-22 12.00.00 daily.sotto-backup", at: Date.now(), why: "daily" as const, bytes: 4_200_000 };

async function section(change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5));
  change(fake);
  const opened = await open(fake);
  await opened.user.click(screen.getByRole("button", { name: "Settings" }));
  await opened.user.click(screen.getByRole("tab", { name: "Backups" }));
  return { fake, ...opened };
}

describe("backups", () => {
  test("are_listed_with_when_and_why_and_one_more_can_be_made", async () => {
    const { user } = await section((fake) => (fake.backups.backups = [ONE]));
    const panel = within(screen.getByRole("tabpanel", { name: "Backups" }));
    const lines = () => panel.getAllByRole("listitem").map((line) => line.textContent);
    expect(lines()).toEqual([expect.stringMatching(/Today, \d\d:\d\dMade for the day, 4 MB/)]);
    await user.click(screen.getByRole("button", { name: "Back up now" }));
    expect(lines()[0]).toContain("You asked for it");
  });

  test("say_what_failed_in_the_window_until_it_is_mended", async () => {
    const fake = new Fake(thread(5));
    fake.settings = { ...fake.settings, backupTrouble: "The folder for backups is not there." };
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "The last backup failed" }));
    const panel = within(screen.getByRole("tabpanel", { name: "Backups" }));
    expect((await panel.findByRole("status")).textContent).toContain("The folder for backups is not there.");
  });

  test("can_be_kept_in_another_folder_and_with_sotto_again", async () => {
    const { user } = await section();
    expect(screen.getByText(/same disk as your writing/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
    expect(screen.getByText("/disk/Sotto backups")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Keep them with Sotto" }));
    expect(screen.getByText("/home/me/backups")).toBeTruthy();
  });

  test("bring_back_what_is_missing_and_say_what_that_was", async () => {
    const { fake, user } = await section((fake) => {
      fake.backups.backups = [ONE];
      fake.broughtBack = { projects: 0, conversations: 2, messages: 31, pages: 1 };
    });
    await user.click(screen.getByRole("button", { name: /^Bring back today/ }));
    await user.click(screen.getByRole("button", { name: "Bring back what is missing" }));
    expect(screen.getByText("Back again: 2 conversations, 31 messages, 1 page.")).toBeTruthy();
    expect(fake.calls("mergeBackup")).toEqual([[ONE.name, ""]]);
  });

  test("of_another_computer_come_with_its_recovery_key", async () => {
    const { fake, user } = await section((fake) => (fake.backups.backups = [ONE]));
    await user.click(screen.getByRole("button", { name: /^Bring back today/ }));
    await user.click(screen.getByText("It was made on another computer"));
    await user.type(screen.getByLabelText("Recovery key of that computer’s library"), "0123-4567");
    await user.click(screen.getByRole("button", { name: "Bring back what is missing" }));
    expect(fake.calls("mergeBackup")).toEqual([[ONE.name, "0123-4567"]]);
  });

  test("go_back_to_one_at_the_next_start_and_offer_to_quit", async () => {
    const { fake, user } = await section((fake) => (fake.backups.backups = [ONE]));
    await user.click(screen.getByRole("button", { name: /^Bring back today/ }));
    await user.click(screen.getByRole("button", { name: "Go back to it" }));
    expect(fake.calls("restoreBackup")).toEqual([[ONE.name, ""]]);
    await user.click(screen.getByRole("button", { name: "Quit Sotto" }));
    await waitFor(() => expect(fake.calls("quit")).toHaveLength(1));
  });

  test("that_cannot_be_read_change_nothing_and_say_so", async () => {
    const { fake, user } = await section((fake) => (fake.backups.backups = [ONE]));
    await user.click(screen.getByRole("button", { name: /^Bring back today/ }));
    fake.failures.set("mergeBackup", new TroubleError("other", "It is damaged. Nothing was changed."));
    await user.click(screen.getByRole("button", { name: "Bring back what is missing" }));
    const alerts = screen.getAllByRole("alert").map((alert) => alert.textContent);
    expect(alerts.some((words) => words?.includes("It is damaged."))).toBe(true);
    expect(screen.getByRole("button", { name: "Go back to it" })).toBeTruthy();
  });
});
