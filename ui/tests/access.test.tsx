import { screen } from "@testing-library/react";
import axe from "axe-core";
import { expect, test } from "vitest";
import { answer, Fake, hers, thread } from "./fake";
import { open } from "./open";

/** Colours need a real page to be judged in; everything else is judged here. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

function full(): Fake {
  const fake = new Fake(
    thread(5, [
      hers(1, "Three ways in?"),
      answer(2, "1. One\n2. Two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n\n[a link](https://example.org)", {
        alternatives: { position: 1, count: 2, previous: null, next: 3 },
      }),
      hers(3, "And?"),
      answer(4, "Cut", { state: "cutAtLength" }),
    ]),
    thread(6, [hers(7, "Draft")], { project: 1, draft: "typed" }),
  );
  fake.library.projects = [{ id: 1, name: "The Salt Road", notes: "No magic." }];
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

test("every_button_has_a_name", async () => {
  await open(full());
  for (const button of screen.getAllByRole("button")) {
    expect(button.getAttribute("aria-label") || button.textContent, button.outerHTML).toBeTruthy();
  }
});
