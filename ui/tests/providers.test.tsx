import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { Session } from "../src/session/session";
import { Fake, thread } from "./fake";
import { HUB, OWN } from "./fakeCloud";
import { open } from "./open";

const SECRET = "hf_do_not_show_me";

async function settings(change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5));
  fake.cloud.state = { on: true, locked: false, cap: null };
  change(fake);
  const opened = await open(fake);
  await opened.user.click(screen.getByRole("button", { name: "Settings" }));
  await opened.user.click(screen.getByRole("tab", { name: "Cloud" }));
  const unfold = async (name: string) => {
    await opened.user.click(screen.getByRole("button", { name: new RegExp(`^${name}`) }));
    return within(screen.getByRole("group", { name }));
  };
  return { fake, unfold, ...opened };
}

describe("the cloud", () => {
  test("is_off_and_nothing_is_asked_until_the_user_switches_it_on", async () => {
    const { fake, user } = await settings((one) => (one.cloud.state = { on: false, locked: false, cap: null }));
    expect(screen.getByText("Nothing you write leaves this computer.")).toBeTruthy();
    expect(fake.calls("providers")).toEqual([]);
    const toggle = screen.getByRole("switch", { name: "Cloud: off" });
    expect(toggle.getAttribute("aria-checked")).toBe("false");
    await user.click(toggle);
    expect(fake.calls("setCloud")).toEqual([[true]]);
    expect(screen.getByRole("button", { name: /^Hugging Face/ })).toBeTruthy();
  });

  test("has_a_limit_for_conversations_without_a_project", async () => {
    const { fake, user } = await settings((one) => (one.cloud.state = { on: true, locked: false, cap: 5_000_000_000 }));
    const field = screen.getByRole("textbox", { name: "Monthly limit" }) as HTMLInputElement;
    expect(field.value).toBe("5.00");
    await user.clear(field);
    await user.type(field, "2.50{Enter}");
    expect(fake.calls("setMonthlyCap")).toEqual([[2_500_000_000]]);
    expect(field.value).toBe("2.50");
    await user.clear(field);
    await user.tab();
    expect(fake.calls("setMonthlyCap").at(-1)).toEqual([null]);
  });

  test("that_could_not_be_switched_stays_as_it_is", async () => {
    const { fake, user } = await settings((one) => (one.cloud.state = { on: false, locked: false, cap: null }));
    fake.failures.set("setCloud", new TroubleError("other", "The settings could not be written."));
    await user.click(screen.getByRole("switch", { name: "Cloud: off" }));
    expect(within(screen.getByRole("tabpanel")).getByRole("alert").textContent).toContain("could not be written");
    expect(screen.getByRole("switch", { name: "Cloud: off" })).toBeTruthy();
  });

  test("shows_one_provider_at_a_time", async () => {
    const { unfold } = await settings();
    await unfold("Hugging Face");
    await unfold("Your own server");
    expect(screen.queryByRole("group", { name: "Hugging Face" })).toBeNull();
  });
});

test("a_server_of_the_users_own_is_tried_when_its_address_is_saved_and_says_so_beside_it", async () => {
  const { fake, user, unfold } = await settings();
  const panel = await unfold("Your own server");
  await user.type(panel.getByLabelText("Address"), "http://127.0.0.1:11434");
  fake.failures.set("testKey", new TroubleError("other", "Nothing answers at this address."));
  await user.click(panel.getByRole("button", { name: "Save and test" }));
  expect(fake.calls("testKey"), "not before it is confirmed").toEqual([]);
  await user.click(panel.getByRole("button", { name: "Yes, use it" }));
  const outcome = await panel.findByText("Nothing answers at this address.");
  expect(outcome.closest("form")?.querySelector("input")).toBe(panel.getByLabelText("Address"));
  expect(fake.calls("testKey")).toEqual([["own", ""]]);
  await user.type(panel.getByLabelText("Address"), "5{Enter}");
  await user.click(panel.getByRole("button", { name: "Yes, use it" }));
  expect(await panel.findByText("This works: your own server answered.")).toBeTruthy();
});

test("an_address_that_is_refused_says_so_beside_its_field_until_it_is_changed", async () => {
  const { fake, user, unfold } = await settings();
  const panel = await unfold("Your own server");
  fake.failures.set("setProvider", new TroubleError("other", "Write http:// or https:// before it."));
  await user.type(panel.getByLabelText("Address"), "nas:8080{Enter}");
  const said = panel.getByText("Write http:// or https:// before it.");
  expect(said.closest("form")?.querySelector("input")).toBe(panel.getByLabelText("Address"));
  expect(within(screen.getByRole("tabpanel")).queryByRole("alert"), "nothing at the far end of the page").toBeNull();
  await user.type(panel.getByLabelText("Address"), "0");
  expect(panel.queryByText("Write http:// or https:// before it.")).toBeNull();
});

test("what_went_wrong_is_over_with_the_next_thing_that_is_done", async () => {
  const { fake, user } = await settings();
  fake.failures.set("setMonthlyCap", new TroubleError("other", "The settings could not be written."));
  const field = screen.getByRole("textbox", { name: "Monthly limit" });
  await user.type(field, "2{Enter}");
  const alert = () => within(screen.getByRole("tabpanel")).queryByRole("alert");
  expect(alert()?.textContent).toContain("could not be written");
  await user.type(field, "{Backspace}3{Enter}");
  expect(alert()).toBeNull();
});

describe("a key", () => {
  const without = (fake: Fake) => (fake.cloud.providers = [{ ...HUB, key: "none" }]);

  test("is_handed_over_once_and_is_nowhere_in_the_page_after_that", async () => {
    const { fake, user, unfold } = await settings(without);
    const panel = await unfold("Hugging Face");
    const field = panel.getByLabelText<HTMLInputElement>("Key");
    expect(field.type).toBe("password");
    await user.type(field, SECRET);
    await user.click(panel.getByRole("button", { name: "Save" }));
    expect(fake.calls("saveKey")).toEqual([["huggingface", SECRET, "keychain"]]);
    expect(field.value).toBe("");
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect([...document.querySelectorAll("input")].some(({ value }) => value.includes(SECRET))).toBe(false);
    expect(panel.getByText("There is one. It is not shown again.")).toBeTruthy();
  });

  test("is_never_in_what_the_window_knows", async () => {
    const fake = new Fake(thread(5));
    without(fake);
    const session = new Session(fake.backend());
    const seen: string[] = [];
    session.watch(() => void seen.push(all(session.state)));
    await session.cloud.read();
    await session.cloud.saveKey("huggingface", SECRET, "keychain");
    fake.failures.set("saveKey", new TroubleError("other", "The keychain is locked. The key was not kept."));
    expect(await session.cloud.saveKey("huggingface", SECRET, "thisRun")).toContain("The keychain is locked.");
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter((state) => state.includes(SECRET))).toEqual([]);
  });

  test("that_could_not_be_kept_stays_in_its_field_and_says_why_beside_it", async () => {
    const { fake, user, unfold } = await settings(without);
    const panel = await unfold("Hugging Face");
    fake.failures.set("saveKey", new TroubleError("other", "The keychain is locked. The key was not kept."));
    await user.type(panel.getByLabelText("Key"), `${SECRET}{Enter}`);
    expect(panel.getByText(/The key was not kept\./)).toBeTruthy();
    expect(within(screen.getByRole("tabpanel")).queryByRole("alert"), "nothing at the far end of the page").toBeNull();
    expect(panel.getByLabelText<HTMLInputElement>("Key").value, "to be mended, not typed anew").toBe(SECRET);
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
  });

  test("is_kept_for_this_run_only_where_there_is_no_keychain_and_only_if_the_user_says_so", async () => {
    const keyTrouble = "No keychain runs on this system.";
    const { fake, user, unfold } = await settings(
      (one) => (one.cloud.providers = [{ ...HUB, key: "unknown", keyTrouble }]),
    );
    const panel = await unfold("Hugging Face");
    expect(panel.getByText("No keychain runs on this system.")).toBeTruthy();
    await user.type(panel.getByLabelText("Key"), `${SECRET}{Enter}`);
    expect(fake.calls("saveKey")).toEqual([]);
    await user.click(panel.getByRole("checkbox", { name: /^Keep it until I close Sotto/ }));
    await user.click(panel.getByRole("button", { name: "Save" }));
    expect(fake.calls("saveKey")).toEqual([["huggingface", SECRET, "thisRun"]]);
  });

  test("is_tested_only_when_asked_and_told_in_words", async () => {
    const { fake, user, unfold } = await settings();
    const panel = await unfold("Hugging Face");
    expect(fake.calls("testKey")).toEqual([]);
    fake.failures.set("testKey", new TroubleError("other", "Hugging Face does not accept this key."));
    await user.click(panel.getByRole("button", { name: "Test this key" }));
    expect(await panel.findByText("Hugging Face does not accept this key.")).toBeTruthy();
    await user.click(panel.getByRole("button", { name: "Test this key" }));
    expect(await panel.findByText("This works: Hugging Face answered.")).toBeTruthy();
  });

  test("is_forgotten_at_a_word", async () => {
    const { fake, user, unfold } = await settings();
    const panel = await unfold("Hugging Face");
    await user.click(panel.getByRole("button", { name: "Forget it" }));
    expect(fake.calls("forgetKey")).toEqual([["huggingface"]]);
    expect(screen.getByRole("button", { name: /^Hugging Face/ }).textContent).toContain("no key yet");
  });
});

describe("a provider", () => {
  test("in_the_users_own_network_is_used_only_once_the_user_confirmed_it", async () => {
    const { fake, user, unfold } = await settings((one) => (one.cloud.providers = [OWN]));
    let panel = await unfold("Your own server");
    expect(panel.queryByLabelText(/^Key/)).toBeNull();
    await user.type(panel.getByRole("textbox", { name: "Address" }), "http://192.168.0.7:8000{Enter}");
    panel = within(screen.getByRole("group", { name: "Your own server" }));
    expect(panel.getByRole("alert").textContent).toContain("is a server in your own network");
    expect(panel.queryByLabelText(/^Key/)).toBeNull();
    await user.click(panel.getByRole("button", { name: "Yes, use it" }));
    expect(fake.calls("setProvider").map((args) => args.slice(1))).toEqual([
      ["http://192.168.0.7:8000", null, false],
      ["http://192.168.0.7:8000", null, true],
    ]);
    expect(panel.getByLabelText(/^Key/)).toBeTruthy();
  });

  test("of_ones_own_can_be_said_to_cost_nothing", async () => {
    const near = { ...OWN, place: "http://127.0.0.1:8000", origin: "http://127.0.0.1:8000" };
    const { fake, user, unfold } = await settings((one) => (one.cloud.providers = [near]));
    const panel = await unfold("Your own server");
    const free = () => panel.getByRole("checkbox", { name: /cost nothing/ });
    expect((free() as HTMLInputElement).checked).toBe(false);
    await user.click(free());
    expect(fake.calls("setProviderFree")).toEqual([["own", true]]);
    expect((free() as HTMLInputElement).checked).toBe(true);
  });

  test("whose_place_changes_says_that_the_key_goes", async () => {
    const { user, unfold } = await settings(
      (one) =>
        (one.cloud.providers = [
          { ...HUB, id: "bedrock", name: "AWS Bedrock", needs: "region", place: "eu-central-1", billTo: null },
        ]),
    );
    const panel = await unfold("AWS Bedrock");
    expect(panel.queryByText(/The key is forgotten/)).toBeNull();
    await user.type(panel.getByRole("textbox", { name: "Region" }), "x");
    expect(panel.getByText(/The key is forgotten when this changes/)).toBeTruthy();
  });

  test("can_be_told_which_organisation_pays", async () => {
    const { fake, user, unfold } = await settings();
    const panel = await unfold("Hugging Face");
    await user.type(panel.getByRole("textbox", { name: "Organisation that pays" }), "night-bakery{Enter}");
    expect(fake.calls("setProvider")).toEqual([["huggingface", "", "night-bakery", false]]);
  });

  test("is_asked_for_its_models_only_when_the_user_wants_to_see_them", async () => {
    const { fake, user, unfold } = await settings();
    const panel = await unfold("Hugging Face");
    expect(fake.calls("cloudModels")).toEqual([]);
    await user.click(panel.getByRole("button", { name: "Show its models" }));
    await user.click(await panel.findByRole("radio", { name: /org\/Large/ }));
    expect(panel.getByRole("radio", { name: /novita/ })).toHaveProperty("checked", true);
    expect(panel.getByText("$0.40 / $2.00")).toBeTruthy();
    expect(panel.getByRole("radio", { name: /mute\s*Price unknown/ })).toBeTruthy();
    expect(panel.getByRole("radio", { name: /asleep\s*· out of order at the moment/ })).toBeTruthy();
    expect(panel.getByRole("radio", { name: "Whoever is cheapest" })).toBeTruthy();
    await user.click(panel.getByRole("button", { name: "Read again" }));
    expect(fake.calls("cloudModels")).toEqual([
      ["huggingface", false],
      ["huggingface", true],
    ]);
  });

  test("without_a_list_takes_the_name_as_it_is_typed", async () => {
    const { fake, user, unfold } = await settings(
      (one) => (one.cloud.providers = [{ ...HUB, listed: false, routes: false }]),
    );
    const panel = await unfold("Hugging Face");
    await user.type(panel.getByRole("textbox", { name: "Model" }), "my-deployment");
    await user.click(panel.getByRole("button", { name: "Test this key" }));
    expect(fake.calls("testKey")).toEqual([["huggingface", "my-deployment"]]);
  });

  test("is_asked_nothing_while_the_offline_lock_is_on", async () => {
    const { unfold } = await settings((one) => (one.cloud.state = { on: true, locked: true, cap: null }));
    const panel = await unfold("Hugging Face");
    expect(panel.getByRole("button", { name: "Test this key" })).toHaveProperty("disabled", true);
    expect(panel.queryByRole("button", { name: "Show its models" })).toBeNull();
    expect(panel.getByText(/While the offline lock is on, Hugging Face cannot be asked/)).toBeTruthy();
  });
});

/** Everything in it, maps too. */
function all(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}
