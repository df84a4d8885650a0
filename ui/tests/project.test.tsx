/** The page of a project: how models write in it, and by what its pages and conversations are recognised. */
import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";

const page = () => within(document.querySelector<HTMLElement>(".page-body")!);

async function openRoad(prepare: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5, [userMessage(1, "Hm")], { project: 1, title: "Opening lines" }));
  fake.library.projects = [project(1, "The Salt Road")];
  prepare(fake);
  const opened = await open(fake);
  await opened.user.click(screen.getByRole("button", { name: "The Salt Road" }));
  return { ...opened, fake };
}

test("a_project_has_a_mood_of_its_own_until_it_is_as_in_the_settings_again", async () => {
  const { fake, user } = await openRoad((one) => (one.settings = { ...one.settings, mood: "precise" }));
  const mood = (name: string) => page().getByRole<HTMLInputElement>("radio", { name });
  expect(mood("As in the settings").checked).toBe(true);
  expect(page().getByText("Now: precise.")).toBeTruthy();
  await user.click(mood("Imaginative"));
  expect([mood("Imaginative").checked, fake.settings.mood]).toEqual([true, "precise"]);
  await user.click(mood("As in the settings"));
  expect(fake.calls("setProjectMood")).toEqual([
    [1, "imaginative"],
    [1, null],
  ]);
});

test("a_project_has_phrases_of_its_own_beside_those_of_the_settings", async () => {
  const { fake, user } = await openRoad((one) => {
    one.settings = { ...one.settings, bannedPhrases: ["tapestry"] };
  });
  expect(page().getByText(/beside the one phrase in the settings/)).toBeTruthy();
  const field = page().getByRole("textbox", { name: "Never write here" });
  for (const phrase of ["  a testament to ", "A Testament To", "delve"]) await user.type(field, `${phrase}{Enter}`);
  const listed = () => page().getByRole("list", { name: "Never written" }).textContent;
  expect(listed()).toBe("a testament todelve");
  await user.click(page().getByRole("button", { name: "Allow “delve” again" }));
  expect(listed()).toBe("a testament to");
  expect(fake.calls("banInProject")).toEqual([
    [1, "a testament to", true],
    [1, "delve", true],
    [1, "delve", false],
  ]);
  expect(fake.settings.bannedPhrases).toEqual(["tapestry"]);
});

test("pages_and_conversations_are_recognised_by_a_line_of_their_words", async () => {
  const { fake } = await openRoad((one) => {
    one.pages.put(7, [{ type: "paragraph" }], { project: 1, title: "The lamp" });
    one.firstLines = {
      pages: [{ id: 7, text: "The lamp was out." }],
      conversations: [{ id: 5, text: "With the sea." }],
    };
  });
  const line = (name: RegExp) => page().getByRole("button", { name }).querySelector(".line-first")?.textContent;
  expect([line(/The lamp/), line(/Opening lines/)]).toEqual(["The lamp was out.", "With the sea."]);

  // What another window writes is seen here too.
  fake.firstLines = { pages: [], conversations: [{ id: 5, text: "With the café." }] };
  await fake.othersWrote();
  await act(async () => {});
  expect([line(/The lamp/), line(/Opening lines/)]).toEqual([undefined, "With the café."]);
});
