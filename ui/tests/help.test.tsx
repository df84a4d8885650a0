import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { answer, Fake, thread, userMessage } from "./fake";
import { open } from "./open";

async function withHelp() {
  const fake = new Fake(thread(1));
  const opened = await open(fake);
  await opened.user.keyboard("{F1}");
  return { ...opened, fake, help: await screen.findByRole("dialog", { name: "Help" }) };
}

test("F1_opens_the_help_and_Escape_closes_it", async () => {
  const { user, help } = await withHelp();
  expect(await within(help).findByText("Where your words are kept")).toBeTruthy();
  expect(document.activeElement).toBe(within(help).getByRole("searchbox", { name: "Search the help" }));
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog", { name: "Help" })).toBeNull();
});

test("the_menu_opens_it_too", async () => {
  const fake = new Fake(thread(1));
  await open(fake);
  await fake.chooseInMenu("help");
  expect(await screen.findByRole("dialog", { name: "Help" })).toBeTruthy();
});

test("its_pages_are_gone_through_by_arrows", async () => {
  const { user, help } = await withHelp();
  await within(help).findByText("Where your words are kept");
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Your words and your privacy");
  await user.keyboard("{ArrowDown}{Enter}");
  await within(help).findByText("Getting a model");
  expect(within(help).queryByText("Where your words are kept")).toBeNull();
});

test("what_is_looked_for_is_found_in_all_pages_or_nothing_is_said_to_be", async () => {
  const { user, help } = await withHelp();
  await within(help).findByText("Where your words are kept");
  await user.keyboard("download");
  expect(await within(help).findByText(/Getting a model/)).toBeTruthy();
  expect(within(help).queryByText("The offline lock")).toBeNull();
  await user.keyboard("xyz");
  expect(await within(help).findByText(/Nothing found for “downloadxyz”/)).toBeTruthy();
  await user.click(within(help).getByRole("tab", { name: "Models" }));
  expect(await within(help).findByRole("heading", { name: "Getting a model" })).toBeTruthy();
});

test("a_link_in_an_answer_opens_the_help_at_its_paragraph", async () => {
  const fake = new Fake(
    thread(1, [userMessage(1, "lock?"), answer(2, "It is a switch.\n\nIn the help: [The offline lock](help:lock)")]),
  );
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "The offline lock" }));
  const help = await screen.findByRole("dialog", { name: "Help" });
  const heading = await within(help).findByRole("heading", { name: "The offline lock" });
  expect(document.activeElement).toBe(heading);
});
