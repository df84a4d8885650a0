import { act, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { size, sizeOf, timeLeft } from "../src/components/amounts";
import { answer, Fake, thread, userMessage } from "./fake";
import { GUIDE, SMALL, transfer } from "./fakeModels";
import { open } from "./open";

const HERE = [
  { ...GUIDE, inUse: false },
  { ...SMALL, inUse: true },
];
const OWN = { ...SMALL, id: "own", name: "My own", kind: "file" as const };

async function window(change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.")]));
  fake.models.installed = HERE;
  change(fake);
  return { fake, ...(await open(fake)) };
}

async function page(change: (fake: Fake) => void = () => {}) {
  const opened = await window(change);
  await opened.user.click(screen.getByRole("button", { name: "Settings" }));
  await opened.user.click(screen.getByRole("tab", { name: "Models" }));
  return opened;
}
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const section = (name: string) => within(screen.getByRole("region", { name }));

describe("the models that are here", () => {
  test("are_listed_with_what_they_take_and_which_is_in_use", async () => {
    await page();
    const here = section("On this computer");
    expect(here.getByText("Comes with Sotto · 11 MB")).toBeTruthy();
    expect(here.getByText("Downloaded · 2 GB · sees pictures")).toBeTruthy();
    expect(here.getByText("In use").closest("li")?.textContent).toContain("Small");
    expect(here.getByText(/take 2 GB in/).textContent).toContain("212 GB are free");
  });

  test("are_switched", async () => {
    const { fake, user } = await page();
    await user.click(button("Use Built-in guide"));
    expect(fake.calls("useModel")).toEqual([["guide"]]);
    expect(section("On this computer").getByText("In use").closest("li")?.textContent).toContain("Built-in guide");
  });

  test("go_to_the_trash_and_undo_brings_them_back", async () => {
    const { fake, user } = await page();
    await user.click(button("More about Small"));
    await user.click(screen.getByRole("menuitem", { name: "Move to the trash (2 GB)" }));
    expect(fake.calls("removeModel")).toEqual([["small"]]);
    expect(section("Trash").getByText("Small")).toBeTruthy();
    await user.click(button("Undo"));
    expect(fake.calls("restoreModel")).toEqual([["small"]]);
    expect(section("On this computer").getByText("Small")).toBeTruthy();
  });

  test("leave_the_disk_only_after_asking", async () => {
    const { fake, user } = await page(({ models }) => (models.trash = { models: [SMALL], bytes: 2e9 }));
    await user.click(button("Empty the trash, 2 GB…"));
    await user.click(button("Keep everything"));
    expect(fake.calls("emptyModelTrash")).toEqual([]);
    await user.click(button("Empty the trash, 2 GB…"));
    await user.click(button("Empty it for good"));
    expect(fake.calls("emptyModelTrash")).toHaveLength(1);
    expect(screen.queryByRole("region", { name: "Trash" })).toBeNull();
  });

  test("that_are_the_users_own_files_are_never_thrown_away", async () => {
    const { user } = await page(({ models }) => (models.installed = [...HERE, OWN]));
    await user.click(button("More about My own"));
    expect(screen.queryByRole("menuitem", { name: /trash/ })).toBeNull();
    expect(screen.getByRole("menuitem", { name: "Take off this list" })).toBeTruthy();
  });

  test("that_are_not_where_they_were_say_so_and_are_not_offered", async () => {
    await page(({ models }) => (models.installed = [...HERE, { ...OWN, missing: true, place: "/gone/file.gguf" }]));
    expect(screen.getByText("Its file is not where it was: /gone/file.gguf")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Use My own" })).toBeNull();
  });

  test("are_checked_again_and_tell_how_far_it_is", async () => {
    const { fake, user } = await page();
    await user.click(button("More about Small"));
    await user.click(screen.getByRole("menuitem", { name: "Check every byte again" }));
    await act(async () => fake.models.tellAmount({ done: 5e8, total: 2e9 }));
    expect(screen.getByRole("progressbar", { name: "Checking Small" })).toHaveProperty("value", 5e8);
    fake.models.installed = HERE.map((one) => ({ ...one, checked: "checked just now" }));
    await act(async () => fake.models.endWork());
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.getByText("Downloaded · 2 GB · sees pictures · checked just now")).toBeTruthy();
  });

  test("that_cannot_see_yet_can_learn_it", async () => {
    const { fake, user } = await page(({ models }) => (models.installed = [HERE[0]!, { ...HERE[1]!, sees: false }]));
    await user.click(button("More about Small"));
    await user.click(screen.getByRole("menuitem", { name: "Let it see pictures (800 MB)" }));
    expect(fake.calls("getModel")).toEqual([["small", true]]);
  });

  test("move_to_another_folder_and_tell_how_far_it_is", async () => {
    const { fake, user } = await page(({ models }) => (models.chosenFolder = "/large/disk"));
    await user.click(screen.getByText("Advanced"));
    await user.click(button("Move to another folder…"));
    expect(fake.calls("moveModels")[0]?.[0]).toBe("/large/disk");
    await act(async () => fake.models.tellAmount({ done: 1e9, total: 2e9 }));
    expect(screen.getByText("Moving 1.0 of 2.0 GB")).toBeTruthy();
    await act(async () => fake.models.endWork());
    expect(screen.queryByRole("progressbar", { name: "Moving" })).toBeNull();
  });

  test("stay_where_they_are_when_no_folder_is_chosen", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByText("Advanced"));
    await user.click(button("Move to another folder…"));
    expect(fake.calls("moveModels")).toEqual([]);
  });
});

describe("models to be had", () => {
  test("say_all_that_will_be_fetched_before_anything_is", async () => {
    const { fake, user } = await page(
      ({ models }) => (models.catalogue = models.catalogue.map((entry) => ({ ...entry, hashKnown: false }))),
    );
    expect(fake.calls("getModel")).toEqual([]);
    await user.click(button("Download 8 GB: Large"));
    expect(fake.calls("getModel")).toEqual([["large", false]]);
    await fake.transfersBecome(transfer({ id: "large", name: "Large" }));
    expect(section("More models").getByText("On its way")).toBeTruthy();
  });

  test("any_other_is_fetched_by_its_name", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByText("Advanced"));
    await user.type(screen.getByRole("textbox", { name: "Another model" }), "somebody/thing{Enter}");
    expect(fake.calls("getOther")).toEqual([["somebody/thing"]]);
  });
});

describe("how models are kept", () => {
  test("each_choice_is_kept_at_once", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByRole("tab", { name: "Memory" }));
    await user.click(screen.getByRole("radio", { name: "With the first message" }));
    await user.click(screen.getByRole("radio", { name: "Never" }));
    await user.click(screen.getByRole("radio", { name: "All of it, and less on battery" }));
    await user.click(screen.getByRole("radio", { name: "After reading it again" }));
    await user.click(screen.getByRole("tab", { name: "Models" }));
    await user.click(screen.getByText("Advanced"));
    await user.click(screen.getByRole("radio", { name: "Processor" }));
    expect(fake.models.settings).toMatchObject({
      load: "onDemand",
      idleMinutes: null,
      share: "less_on_battery",
      keepTalks: false,
      device: "cpu",
    });
  });

  test("a_mirror_is_kept_when_its_field_is_left_and_escape_keeps_the_old_one", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByRole("tab", { name: "Network" }));
    const field = screen.getByRole("textbox", { name: "Mirror" });
    await user.type(field, "https://mirror.example{Escape}");
    await user.tab();
    expect(fake.calls("changeModelSetting")).toEqual([]);
    await user.type(field, "https://mirror.example");
    await user.tab();
    expect(fake.models.settings.mirror).toBe("https://mirror.example");
  });

  test("an_access_token_is_given_once_and_never_shown_again", async () => {
    const { fake, user } = await page();
    await user.click(screen.getByRole("tab", { name: "Network" }));
    const field = screen.getByLabelText<HTMLInputElement>("Access token");
    expect(field.type).toBe("password");
    await user.type(field, "hf_secret");
    await user.click(button("Save"));
    expect(fake.calls("setAccessToken")).toEqual([["hf_secret"]]);
    expect(field.value).toBe("");
    expect(document.body.innerHTML).not.toContain("hf_secret");
    await user.click(button("Forget it"));
    expect(fake.calls("setAccessToken").at(-1)).toEqual([null]);
  });
});

describe("while something is on its way", () => {
  test("a_quiet_line_says_how_far_and_leads_to_the_models", async () => {
    const { fake, user } = await window();
    expect(screen.queryByRole("progressbar")).toBeNull();
    await fake.transfersBecome(transfer());
    const line = screen.getByRole("progressbar", { name: /^Small/ }).closest("button");
    expect(line?.textContent).toBe("Small1.2 of 2.0 GB · about 2 minutes left");
    await user.click(line!);
    expect(screen.getByRole("tab", { name: "Models", selected: true })).toBeTruthy();
    expect(section("On their way").getByRole("button", { name: "Pause" })).toBeTruthy();
  });

  test("the_ready_model_is_offered_and_the_conversation_stays", async () => {
    const { fake, user } = await window(({ models }) => (models.installed = [GUIDE, SMALL]));
    await fake.transfersBecome(transfer({ state: "done" }));
    expect(screen.getByText(/Small is ready. Switch to it?/)).toBeTruthy();
    expect(fake.calls("useModel"), "not before the user says so").toEqual([]);
    await user.click(button("Switch"));
    expect(fake.calls("useModel")).toEqual([["small"]]);
    expect(fake.calls("putAwayTransfer")).toEqual([["small"]]);
    expect(screen.queryByRole("button", { name: "Switch" })).toBeNull();
    expect(screen.getByText("Good evening.")).toBeTruthy();
  });

  test("its_end_is_said_once_to_whoever_listens", async () => {
    const { fake } = await window();
    await fake.transfersBecome(transfer());
    await fake.transfersBecome(transfer({ state: "done" }));
    expect(screen.getAllByRole("status").map((one) => one.textContent)).toContain("Small is ready.");
  });

  test("the_offer_can_be_turned_down", async () => {
    const { fake, user } = await window(({ models }) => (models.installed = [GUIDE, SMALL]));
    await fake.transfersBecome(transfer({ state: "done" }));
    await user.click(button("Not now"));
    expect(fake.calls("useModel")).toEqual([]);
    expect(screen.queryByRole("button", { name: "Switch" })).toBeNull();
  });
});

describe("the guide", () => {
  test("greets_in_an_empty_conversation_and_its_examples_go_into_the_composer", async () => {
    const fake = new Fake(thread(5));
    fake.models.installed = [GUIDE];
    const { user, message } = await open(fake);
    expect(screen.getByRole("heading", { name: "I am the guide that comes with Sotto." })).toBeTruthy();
    await user.click(button("Where do my words go?"));
    expect(message().value).toBe("Where do my words go?");
    expect(message().placeholder).toBe("Write to the guide…");
    await user.click(button("Get the full model…"));
    expect(screen.getByRole("heading", { name: "A model to write with" })).toBeTruthy();
  });

  test("is_marked_in_the_title_and_on_each_of_its_answers", async () => {
    const made = {
      place: "device",
      model: GUIDE.name,
      tokens: 12,
      tokensPerSecond: 80,
      provider: null,
      backend: null,
      cost: null,
    } as const;
    const fake = new Fake(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.", { made })]));
    fake.models.installed = [GUIDE, SMALL];
    const { user } = await open(fake);
    expect(within(screen.getByRole("banner")).getByText("Built-in guide")).toBeTruthy();
    expect(screen.getByRole("note").textContent).toContain("Built-in guide, on this device");
    fake.models.use("small");
    await act(async () => fake.models.tellModels());
    expect(within(screen.getByRole("banner")).queryByText("Built-in guide")).toBeNull();
    expect(screen.getByRole("note").textContent, "what it wrote stays marked").toContain("Built-in guide");
    await user.click(button("New conversation"));
    expect(screen.getByRole("heading", { name: "Where would you like to begin?" })).toBeTruthy();
  });
});

test("sizes_and_times_are_said_as_one_says_them", () => {
  expect([0, 1, 999, 1000, 842e6, 999.9e6, 2_147_023_008, 212e9].map(size)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1 KB",
    "842 MB",
    "1 GB",
    "2.1 GB",
    "212 GB",
  ]);
  expect(sizeOf(0, 2_147_023_008)).toBe("0.0 of 2.1 GB");
  expect(sizeOf(512e3, 11e6)).toBe("1 of 11 MB");
  expect([5, 100, 3600, 7200].map(timeLeft)).toEqual([
    "less than a minute left",
    "about 2 minutes left",
    "about 1 hour left",
    "about 2 hours left",
  ]);
});
