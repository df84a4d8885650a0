import { screen } from "@testing-library/react";
import axe from "axe-core";
import { expect, test } from "vitest";
import { answer, Fake, project, thread, userMessage } from "./fake";
import { notAgreed, THERE } from "./fakeCloud";
import { FILE, GUIDE, SMALL, transfer } from "./fakeModels";
import { open } from "./open";
import { finished, say } from "./page";

/** Colours need a real page to be judged in; everything else is judged here. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

function full(): Fake {
  const fake = new Fake(
    thread(5, [
      userMessage(1, "Three ways in?"),
      answer(2, "1. One\n2. Two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n\n[a link](https://example.org)", {
        alternatives: { position: 1, count: 2, previous: null, next: 3 },
      }),
      userMessage(3, "And?"),
      answer(4, "Cut", { state: "cut_at_length" }),
    ]),
    thread(6, [userMessage(7, "Draft")], { project: 1, draft: "typed" }),
  );
  fake.library.projects = [project(1, "The Salt Road", { notes: "No magic." })];
  fake.library.trash = [{ kind: "project", id: 2, title: "Old", trashedAt: 0 }];
  fake.library.startingPoints = [
    { id: 11, name: "Line editor", description: "Tightens", instructions: "You edit.", builtIn: true },
  ];
  return fake;
}

test("a_conversation_can_be_used_by_everybody", async () => {
  await open(full());
  expect(await faults()).toEqual([]);
});

test.each([
  ["an empty conversation", "New conversation"],
  ["the search", "Search"],
  ["the palette", /Commands$/],
  ["the trash", /^Trash/],
  ["a project", "The Salt Road"],
  ["a new project", "New project"],
  ["the settings", "Settings"],
  ["a menu", "This conversation"],
])("%s can be used by everybody", async (_, button) => {
  const { user } = await open(full());
  await user.click(screen.getByRole("button", { name: button }));
  expect(await faults()).toEqual([]);
});

test("the help can be used by everybody", async () => {
  const { user } = await open(full());
  await user.keyboard("{F1}");
  await screen.findByRole("heading", { name: "The offline lock" });
  expect(await faults()).toEqual([]);
  await user.keyboard("lock");
  await screen.findByText("The nearest first.");
  expect(await faults()).toEqual([]);
});

test.each(["Writing", "Models", "Memory", "Network", "Side by side", "About"])(
  "the settings’ section %s can be used by everybody",
  async (section) => {
    const fake = full();
    fake.settings = { ...fake.settings, bannedPhrases: ["tapestry"] };
    fake.models.installed = [GUIDE, SMALL, { ...SMALL, id: "gone", name: "Gone", missing: true }];
    fake.models.trash = { models: [{ id: "old", name: "Old", bytes: 1 }], bytes: 1 };
    fake.models.found = [FILE];
    fake.models.transfers = [
      transfer({ id: "large", name: "Large", state: "failed", trouble: "The connection broke." }),
    ];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Settings" }));
    await user.click(screen.getByRole("tab", { name: section }));
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    expect(await faults()).toEqual([]);
  },
);

test.each(["welcome", "machine", "choose", "getting", "ready"] as const)(
  "the first run’s page %s can be used by everybody",
  async (step) => {
    const fake = full();
    fake.models.step = step;
    fake.models.found = [FILE];
    fake.models.transfers = [transfer({ state: step === "ready" ? "done" : "running" })];
    await open(fake);
    expect(await faults()).toEqual([]);
  },
);

test("pictures_the_guide_and_an_offer_can_be_used_by_everybody", async () => {
  const picture = { id: 1, width: 12, height: 8, wordsCost: "About 70 words." };
  const fake = new Fake(
    thread(5, [userMessage(1, "Look", { pictures: [picture, { ...picture, id: 2 }] })], {
      attached: [{ ...picture, id: 3 }],
    }),
    thread(6),
  );
  fake.models.installed = [GUIDE, SMALL];
  fake.models.transfers = [transfer({ state: "done" }), transfer({ id: "large", name: "Large" })];
  const { user } = await open(fake);
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "New conversation" }));
  expect(await faults()).toEqual([]);
});

test("two_answers_and_the_choice_of_who_gives_them_can_be_used_by_everybody", async () => {
  const [one, two] = [answer(2, "Salt"), answer(3, "Oven")];
  const right = { message: two, tookMs: 900 };
  const fake = new Fake(
    thread(5, [userMessage(1, "A name"), two], {
      comparison: { id: 9, hidden: false, left: { message: one, tookMs: null }, right },
    }),
    thread(6),
  );
  fake.models.installed = [SMALL, { ...SMALL, id: "tiny", name: "Tiny", inUse: true }];
  fake.tallies = {
    mixed: 1,
    here: 1,
    neither: 0,
    models: [{ here: true, model: "Tiny", compared: 1, chosen: 1 }],
  };
  const { user, message } = await open(fake);
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "New conversation" }));
  await user.type(message(), "A name");
  await user.click(screen.getByRole("button", { name: "Ask two" }));
  expect(await faults()).toEqual([]);
});

test.each(["Cloud", "Privacy"])("the settings’ section %s can be used by everybody", async (section) => {
  const fake = full();
  fake.cloud.state = { on: true, locked: true, cap: null };
  const sum = { answers: 1, known: 0, unknownCount: 1 };
  const entry = {
    at: 0,
    project: "The Salt Road",
    provider: "Hugging Face",
    backend: "novita",
    model: "org/Large",
    bytes: 5,
    promptTokens: null,
    completionTokens: null,
    cost: { known: "unknown", nanoUsd: null },
  } as const;
  fake.cloud.ledger = {
    entries: [entry],
    byProject: [{ project: 1, name: "The Salt Road", ...sum }],
    byProvider: [{ name: "Hugging Face", ...sum }],
    known: 0,
    unknownCount: 1,
    months: [{ month: "2026-11", ...sum }],
  };
  fake.cloud.journal = [
    {
      id: 1,
      at: 0,
      purpose: "answer",
      origin: "https://example.org",
      recipient: "Hugging Face",
      why: "You sent a message.",
      project: null,
      bytes: 5,
      outcome: null,
    },
  ];
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "Settings" }));
  await user.click(screen.getByRole("tab", { name: section }));
  if (section === "Cloud") await user.click(screen.getByRole("button", { name: /^Hugging Face/ }));
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  expect(await faults()).toEqual([]);
});

test("choosing_a_place_and_the_sheet_can_be_used_by_everybody", async () => {
  const fake = new Fake(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.")], { goesTo: THERE }));
  fake.cloud.state = { on: true, locked: false, cap: null };
  const { user, message } = await open(fake);
  await user.click(screen.getByRole("button", { name: /^Who answers this conversation/ }));
  await user.click(screen.getByRole("radio", { name: /Hugging Face/ }));
  await user.click(screen.getByRole("button", { name: "Show its models" }));
  await user.click(await screen.findByRole("radio", { name: /org\/Large/ }));
  expect(await faults()).toEqual([]);
  await user.keyboard("{Escape}");
  fake.failures.set("ask", notAgreed({ project: "The Salt Road" }));
  await user.type(message(), "Hello{Enter}");
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  expect(await faults()).toEqual([]);
});

test("every_button_has_a_name", async () => {
  await open(full());
  for (const button of screen.getAllByRole("button")) {
    expect(button.getAttribute("aria-label") || button.textContent, button.outerHTML).toBeTruthy();
  }
});

test("a_page_its_proposal_and_its_dialogs_can_be_used_by_everybody", async () => {
  const fake = full();
  fake.pages.put(
    501,
    [{ type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: "Road" }] }, { type: "paragraph" }],
    { title: "One", project: 7 },
  );
  fake.pages.versions = [{ id: 3, page: 501, at: 0, name: null, why: "opened", words: 3 }];
  fake.remembered = JSON.stringify({ place: { show: "page", id: 501 } });
  const { user } = await open(fake);
  expect(await screen.findByRole("textbox", { name: "Text" })).toBeTruthy();
  expect(await faults()).toEqual([]);
  for (const item of ["Where the words came from", "Versions…", "Export…"]) {
    await user.click(screen.getByRole("button", { name: "This page" }));
    await user.click(screen.getByRole("menuitem", { name: item }));
    expect(await faults()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Close" }));
  }
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "About this page…" }));
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.keyboard("{Control>}f{/Control}");
  await user.click(screen.getByRole("button", { name: "Replace" }));
  expect(await faults()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Close the search" }));
  await user.click(screen.getByRole("button", { name: "This page" }));
  await user.click(screen.getByRole("menuitem", { name: "Go on writing here" }));
  expect(await faults()).toEqual([]);
  await say(fake, finished("More.", { shortened: true }));
  expect(screen.getByRole("button", { name: "Accept" })).toBeTruthy();
  expect(await faults()).toEqual([]);
});
