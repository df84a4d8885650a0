/** Writing a conversation out as a file. */
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { open } from "./open";

const talk = () => new Fake(thread(1, [userMessage(10, "Hello"), answer(11, "Hello to you")]));

test("a_conversation_is_exported_in_the_form_that_is_chosen_and_its_place_is_said", async () => {
  const fake = talk();
  const { user } = await open(fake);
  await fake.chooseInMenu("export");
  await user.click(await screen.findByRole("button", { name: /^Web page / }));
  expect(fake.calls("exportConversation")).toEqual([[1, "html"]]);
  expect(await screen.findByText("Saved as /home/me/Talk.md")).toBeTruthy();
});

test("the_keys_and_the_menu_of_a_conversation_export_it_too", async () => {
  const { user } = await open(talk());
  await user.keyboard("{Control>}{Shift>}e{/Shift}{/Control}");
  expect(await screen.findByRole("dialog", { name: "Export this conversation" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Close" }));
  await user.click(screen.getByRole("button", { name: "This conversation" }));
  await user.click(screen.getByRole("menuitem", { name: "Export…" }));
  expect(await screen.findByRole("dialog", { name: "Export this conversation" })).toBeTruthy();
});

test("what_went_wrong_is_said", async () => {
  const fake = talk();
  fake.failures.set("exportConversation", new TroubleError("other", "The file could not be saved: no room."));
  const { user } = await open(fake);
  await fake.chooseInMenu("export");
  await user.click(await screen.findByRole("button", { name: /^Markdown / }));
  const dialog = screen.getByRole("dialog", { name: "Export this conversation" });
  expect(await within(dialog).findByText("The file could not be saved: no room.")).toBeTruthy();
});
