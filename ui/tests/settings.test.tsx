import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { Fake, thread } from "./fake";
import { open } from "./open";

async function settings(section: string, change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5));
  change(fake);
  const opened = await open(fake);
  await opened.user.click(screen.getByRole("button", { name: "Settings" }));
  await opened.user.click(screen.getByRole("tab", { name: section }));
  return { fake, ...opened };
}
const phrases = () => within(screen.getByRole("list", { name: "Never written" })).getAllByRole("listitem").map((item) => item.textContent);

describe("the settings", () => {
  test("go_from_section_to_section_by_keys", async () => {
    const { user } = await settings("Look");
    screen.getByRole("tab", { name: "Look" }).focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(screen.getByRole("tabpanel", { name: "Writing" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("say_what_could_not_be_kept_where_she_is_looking", async () => {
    const { fake, user } = await settings("Look");
    fake.failures.set("saveSettings", new TroubleError("other", "The settings could not be written."));
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(within(screen.getByRole("tabpanel")).getByRole("alert").textContent).toContain("could not be written");
  });

  test("say_which_sotto_this_is", async () => {
    await settings("About");
    expect(await screen.findByText("Version 0.1.0")).toBeTruthy();
  });
});

describe("what is never written", () => {
  test("grows_by_a_line_at_a_time_and_shrinks_again", async () => {
    const { fake, user } = await settings("Writing");
    await user.type(screen.getByRole("textbox", { name: "Never write" }), "a testament to{Enter}tapestry{Enter}");
    expect(phrases()).toEqual(["a testament to", "tapestry"]);
    await user.click(screen.getByRole("button", { name: "Allow “a testament to” again" }));
    expect(fake.settings.bannedPhrases).toEqual(["tapestry"]);
  });

  test("has_each_phrase_once_whatever_its_capitals", async () => {
    const { fake, user } = await settings("Writing", (one) => (one.settings = { ...one.settings, bannedPhrases: ["Tapestry"] }));
    await user.type(screen.getByRole("textbox", { name: "Never write" }), " tapestry {Enter}");
    expect(phrases()).toEqual(["Tapestry"]);
    expect(fake.calls("saveSettings")).toEqual([]);
  });
});

test("a_seed_is_a_whole_number_or_chance", async () => {
  const { fake, user } = await settings("Writing");
  await user.click(screen.getByText("Advanced"));
  const seed = screen.getByRole("spinbutton", { name: "Seed" });
  await user.type(seed, "42");
  expect(fake.settings.seed).toBe(42);
  await user.type(seed, "{Backspace}{Backspace}");
  expect(fake.settings.seed).toBeNull();
  await user.type(seed, "-1");
  expect(fake.settings.seed).not.toBe(-1);
});
