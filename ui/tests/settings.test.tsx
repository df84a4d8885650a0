import { act, screen, within } from "@testing-library/react";
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
const phrases = () =>
  within(screen.getByRole("list", { name: "Never written" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

describe("the settings", () => {
  test("go_from_section_to_section_by_keys", async () => {
    const { user } = await settings("Look");
    screen.getByRole("tab", { name: "Look" }).focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(screen.getByRole("tabpanel", { name: "Writing" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("say_what_could_not_be_kept_where_the_user_is_looking", async () => {
    const { fake, user } = await settings("Look");
    fake.failures.set("changeSetting", new TroubleError("other", "The settings could not be written."));
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(within(screen.getByRole("tabpanel")).getByRole("alert").textContent).toContain("could not be written");
  });

  test("lead_to_the_folder_in_which_everything_lies", async () => {
    const { fake, user } = await settings("About");
    expect(await screen.findByText("/home/marit/sotto")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Open this folder" }));
    expect(fake.calls("openHomeFolder")).toHaveLength(1);
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
    const { fake, user } = await settings(
      "Writing",
      (one) => (one.settings = { ...one.settings, bannedPhrases: ["Tapestry"] }),
    );
    await user.type(screen.getByRole("textbox", { name: "Never write" }), " tapestry {Enter}");
    expect(phrases()).toEqual(["Tapestry"]);
    expect(fake.calls("changeSetting")).toEqual([]);
  });
});

test("everything_is_made_larger_and_smaller_where_looks_are_set", async () => {
  const { fake, user } = await settings("Look");
  const size = within(screen.getByRole("group", { name: "Size of everything" }));
  expect(size.getByText("100 %")).toBeTruthy();
  await user.click(size.getByRole("button", { name: "Larger" }));
  expect(size.getByText("110 %")).toBeTruthy();
  expect(fake.calls("setZoom")).toEqual([[1.1]]);
  for (let steps = 0; steps < 12; steps++) await user.click(size.getByRole("button", { name: "Smaller" }));
  expect(size.getByText("50 %")).toBeTruthy();
  expect(size.getByRole("button", { name: "Smaller" })).toHaveProperty("disabled", true);
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

describe("each setting by itself", () => {
  test("is_all_that_is_sent", async () => {
    const { fake, user } = await settings("Look");
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(fake.calls("changeSetting")).toEqual([[{ set: "theme", to: "dark" }]]);
  });

  test("follows_what_was_set_in_another_window_or_a_terminal", async () => {
    const { fake, user } = await settings("Look");
    await fake.cloud.settingsBecome(() => {
      fake.settings = { ...fake.settings, theme: "dark", textSize: 20 };
      fake.cloud.state = { ...fake.cloud.state, locked: true };
    });
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Dark" }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("slider", { name: "Text size" }).value).toBe("20");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("switch", { name: /Offline lock/ }).getAttribute("aria-checked")).toBe("true");
  });
});

test("what_was_set_elsewhere_is_never_undone_by_what_was_read_before_it", async () => {
  const fake = new Fake(thread(5));
  const answers: (() => void)[] = [];
  const cloud = () => {
    const { state } = fake.cloud;
    return new Promise<typeof state>((done) => answers.push(() => done(state)));
  };
  await open(fake, { ...fake.backend(), cloud });
  await fake.cloud.settingsBecome(() => {
    fake.cloud.state = { ...fake.cloud.state, locked: true };
  });
  // Whoever asked last is answered first.
  for (let answer = answers.pop(); answer; answer = answers.pop()) await act(async () => answer?.());
  expect(screen.getByRole("switch", { name: /Offline lock/ }).getAttribute("aria-checked")).toBe("true");
});

describe("what could not be read", () => {
  const LOCK = {
    key: "offline_lock",
    sentence: "Whether the offline lock is on could not be read, so it is on.",
    settle: "Keep it on",
  };

  test("is_shown_and_set_anew", async () => {
    const fake = new Fake(thread(5));
    fake.unread = [LOCK];
    const { user } = await open(fake);
    expect(within(screen.getByRole("dialog")).getByText(LOCK.sentence)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Keep it on" }));
    expect(fake.calls("settleSetting")).toEqual([["offline_lock"]]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("can_wait_and_is_said_again_when_more_cannot_be_read", async () => {
    const fake = new Fake(thread(5));
    fake.unread = [LOCK];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Later" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    const more = { key: null, sentence: "What you set cannot be read just now.", settle: "Look again" };
    await fake.cloud.settingsBecome(() => (fake.unread = [LOCK, more]));
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(fake.calls("settleSetting")).toEqual([]);
  });
});
