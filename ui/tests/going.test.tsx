import { act, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Way } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { HUB, sheet, THERE } from "./fakeCloud";
import { GUIDE, SMALL } from "./fakeModels";
import { open } from "./open";

function clouded(...threads: ReturnType<typeof thread>[]): Fake {
  const fake = new Fake(...threads);
  fake.cloud.state = { on: true, locked: false, cap: null };
  return fake;
}
const talk = () => thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.")]);
const ways = (fake: Fake) => fake.calls("ask").map(([, way]) => way as Way);
const group = () => screen.getByRole("group", { name: "Where this goes" });
/** The one control, in the composer and in the pane. */
const who = () => screen.getAllByRole("button", { name: /^Who answers this conversation: / });
const dialog = () => screen.getByRole("dialog");

describe("where the next message goes", () => {
  test("is_said_in_the_composer_and_at_the_foot", async () => {
    const { message } = await open(clouded(thread(5, [], { goesTo: THERE })));
    expect(who()[0]?.textContent).toBe("Goes to Hugging Face · novita");
    expect(who().map(({ dataset }) => dataset["place"])).toEqual(["cloud"]);
    expect(
      within(screen.getByRole("navigation")).getByRole("button", { name: "Goes to Hugging Face · novita" }),
      "the foot speaks of what is open",
    ).toBeTruthy();
    expect(within(screen.getByRole("navigation")).queryByText(/no network/)).toBeNull();
    expect(message().placeholder).toBe("Write to Large, in the cloud…");
    expect(message().getAttribute("aria-describedby")).toBe("goes-to");
  });

  test("is_not_spoken_of_where_it_stays_on_this_computer", async () => {
    const { message } = await open(clouded(thread(5)));
    expect(who()[0]?.textContent).toBe("Tiny");
    expect(who()[0]?.dataset["place"]).toBe("device");
    expect(message().placeholder).toBe("Write to Tiny…");
  });

  test("needs_no_model_on_this_computer_when_it_is_elsewhere", async () => {
    const fake = clouded(thread(5, [], { goesTo: THERE }));
    fake.engine = { state: "noModel" };
    const { user, message } = await open(fake);
    expect(screen.queryByText(/No model is open yet/)).toBeNull();
    await user.type(message(), "Hello{Enter}");
    expect(fake.questions()).toHaveLength(1);
  });

  test.each([
    ["the offline lock is on", { on: true, locked: true, cap: null }],
    ["the cloud is off", { on: false, locked: false, cap: null }],
  ])("is barred and can be brought home while %s", async (why, state) => {
    const fake = new Fake(thread(5, [], { goesTo: THERE }));
    fake.cloud.state = state;
    const { user } = await open(fake);
    expect(group().textContent).toContain(`Would go to Hugging Face · novita, but ${why}`);
    await user.click(screen.getByRole("button", { name: "Answer on this computer" }));
    expect(fake.calls("setLeaving")).toEqual([[5, "never"]]);
    expect(screen.queryByText(/Would go to/)).toBeNull();
  });

  test("is_chosen_with_a_provider_a_model_and_who_serves_it", async () => {
    const fake = clouded(talk());
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "This conversation" }));
    await user.click(screen.getByRole("menuitem", { name: "Who answers…" }));
    expect(within(dialog()).getByRole("radio", { name: /This computer/ })).toHaveProperty("checked", true);
    // The user's own server has no address yet: it is not offered.
    expect(within(dialog()).queryByRole("radio", { name: /Your own server/ })).toBeNull();
    await user.click(within(dialog()).getByRole("radio", { name: /Hugging Face/ }));
    expect(fake.calls("cloudModels")).toEqual([]);
    expect(within(dialog()).getByRole("button", { name: "Use this" })).toHaveProperty("disabled", true);
    await user.click(within(dialog()).getByRole("button", { name: "Show its models" }));
    await user.click(await within(dialog()).findByRole("radio", { name: /org\/Large/ }));
    await user.click(within(dialog()).getByRole("radio", { name: /mute/ }));
    await user.click(within(dialog()).getByRole("button", { name: "Use this" }));
    expect(fake.calls("setLeaving")).toEqual([[5, { provider: "huggingface", model: "org/Large:mute" }]]);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(fake.calls("ask")).toEqual([]);
  });

  test("is_the_same_choice_as_which_model_on_this_computer", async () => {
    const fake = clouded(talk());
    fake.models.installed = [
      { ...GUIDE, inUse: false },
      { ...SMALL, inUse: true },
      { ...SMALL, id: "gone", name: "Gone", missing: true },
    ];
    const { user } = await open(fake);
    await user.click(who()[0]!);
    expect(
      within(dialog())
        .getAllByRole("radio")
        .map((radio) => radio.closest("label")?.querySelector(".place-name")?.textContent),
    ).toEqual(["Built-in guide", "Small", "Hugging Face"]);
    expect(within(dialog()).getByRole("radio", { name: /Small/ })).toHaveProperty("checked", true);
    await user.click(within(dialog()).getByRole("radio", { name: /Built-in guide/ }));
    await user.click(within(dialog()).getByRole("button", { name: "Use this" }));
    expect(fake.calls("useModel")).toEqual([["guide"]]);
    expect(fake.calls("setLeaving"), "it stayed here before").toEqual([]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("offers_nothing_but_this_computer_while_the_cloud_is_off", async () => {
    const fake = new Fake(talk());
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "This conversation" }));
    await user.click(screen.getByRole("menuitem", { name: "Who answers…" }));
    expect(within(dialog()).getAllByRole("radio")).toHaveLength(1);
    expect(fake.calls("providers")).toEqual([]);
    await user.click(within(dialog()).getByRole("button", { name: "Settings of the cloud…" }));
    expect(screen.getByRole("tabpanel", { name: "Cloud" })).toBeTruthy();
  });

  test("of_a_project_keeps_its_monthly_limit", async () => {
    const fake = clouded(thread(5, [], { project: 1 }));
    fake.library.projects = [
      {
        id: 1,
        name: "The Salt Road",
        notes: "",
        leaving: { provider: "huggingface", model: "org/Large:novita" },
        goesTo: THERE,
        cap: 5_000_000_000,
        mood: null,
        bannedPhrases: [],
      },
    ];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "The Salt Road" }));
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Monthly limit" }).value).toBe("5.00");
    await user.click(screen.getByRole("button", { name: /^Who answers this project: / }));
    await user.click(within(dialog()).getByRole("radio", { name: /This computer/ }));
    await user.click(within(dialog()).getByRole("button", { name: "Use this" }));
    expect(fake.calls("setProjectLeaving")).toEqual([[1, null, 5_000_000_000]]);
  });
});

describe("an answer from elsewhere", () => {
  const made = {
    place: "cloud",
    model: "org/Large",
    tokens: 3,
    tokensPerSecond: 41.2,
    provider: "Hugging Face",
    backend: "novita",
  } as const;

  test("wears_its_provider_its_backend_and_its_cost", async () => {
    const cost = { known: "computed", nanoUsd: 400_000 } as const;
    await open(clouded(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.", { made: { ...made, cost } })])));
    const badge = screen.getByRole("note");
    expect(badge.querySelector(".badge-words")?.textContent, "one line; what it took is in the tip").toBe(
      "Hugging Face · novita · 2 words",
    );
    expect(badge.querySelector(".tip")?.textContent).toContain("27 words a second · ≈ $0.0004");
    expect(badge.getAttribute("aria-label")).toBe(
      "Made in the cloud, by Hugging Face · novita. 2 words. org/Large · 27 words a second · ≈ $0.0004, worked out from the price list",
    );
  });

  test.each([null, { known: "unknown", nanoUsd: null } as const])(
    "whose cost is %j says that it is unknown, and no sum",
    async (cost) => {
      await open(
        clouded(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.", { made: { ...made, cost } })])),
      );
      expect(screen.getByRole("note").textContent).toContain("cost unknown");
      expect(screen.getByRole("note").textContent).not.toContain("$");
    },
  );

  test("that_thinks_first_says_so_and_its_thoughts_are_folded", async () => {
    const fake = clouded(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    const growing = answer(2, "", { state: "streaming", made: { ...made, cost: null } });
    await fake.emit({ type: "stored", thread: thread(5, [userMessage(1, "Hello"), growing]) });
    expect(screen.getByText("Sent to Hugging Face. Waiting for its first words")).toBeTruthy();
    await fake.emit({ type: "thinking", text: "Hm, a greeting." });
    expect(screen.getByText("Hugging Face thinks before it answers")).toBeTruthy();
    await fake.emit({ type: "thinking", text: " Warmly." });
    const shown = screen.getByRole("article", { name: "Answer" });
    expect(shown.querySelector(".prose")?.textContent ?? "").toBe("");
    const done = { ...growing, text: "Good evening.", state: "complete" as const };
    await fake.emit({ type: "finished", message: done, title: "Hello", trouble: null, page: null });
    expect(within(shown).getByText("Good evening.")).toBeTruthy();
    const folded = within(shown).getByRole("group");
    expect(folded.textContent).toContain("Hm, a greeting. Warmly.");
    expect(folded.hasAttribute("open")).toBe(false);
  });

  test("that_failed_leads_to_the_page_where_it_can_be_mended", async () => {
    const fake = clouded(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    const growing = answer(2, "", { state: "streaming", made: { ...made, cost: null } });
    await fake.emit({ type: "stored", thread: thread(5, [userMessage(1, "Hello"), growing]) });
    const failed = { ...growing, state: "interrupted" as const };
    await fake.emit({
      type: "finished",
      message: failed,
      title: "Hello",
      trouble: "The credit is used up.",
      page: "https://huggingface.co/bills",
    });
    const link = screen.getByRole("button", { name: "Open the page for it in your browser, at huggingface.co" });
    expect(fake.calls("openPage")).toEqual([]);
    await user.click(link);
    expect(fake.calls("openPage")).toEqual([["https://huggingface.co/bills"]]);
    expect(screen.queryByRole("button", { name: "Do this one in the cloud…" })).toBeNull();
  });
});

describe("one answer in the cloud", () => {
  afterEach(() => void vi.useRealTimers());

  async function choose(user: Awaited<ReturnType<typeof open>>["user"]) {
    await user.click(within(dialog()).getByRole("button", { name: "Show its models" }));
    await user.click(await within(dialog()).findByRole("radio", { name: /org\/Large/ }));
    await user.click(within(dialog()).getByRole("button", { name: "See what would leave…" }));
  }
  const once = { provider: "huggingface", model: "org/Large:novita" };

  test("is_not_spoken_of_while_the_cloud_is_off", async () => {
    await open(new Fake(talk()));
    expect(screen.queryByRole("button", { name: "More about this answer" })).toBeNull();
  });

  test("is_asked_for_shown_first_and_moves_nothing", async () => {
    const fake = clouded(talk());
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "More about this answer" }));
    await user.click(screen.getByRole("menuitem", { name: "Do this one in the cloud…" }));
    await choose(user);
    expect(fake.calls("sheet")).toEqual([[{ type: "again", answer: 2 }, once, null]]);
    expect(fake.calls("ask")).toEqual([]);
    await user.click(
      within(screen.getByRole("dialog", { name: /^Send this/ })).getByRole("button", { name: "Send to Hugging Face" }),
    );
    expect(fake.questions()).toEqual([{ type: "again", answer: 2 }]);
    expect(ways(fake)).toEqual([{ once, agreed: { fingerprint: "first", leftOut: [], remember: false } }]);
    expect(fake.calls("setLeaving")).toEqual([]);
  });

  test("is_never_remembered_for_a_project", async () => {
    const fake = clouded(talk());
    fake.cloud.look = () => sheet({ project: "The Salt Road" });
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "More about this answer" }));
    await user.click(screen.getByRole("menuitem", { name: "Do this one in the cloud…" }));
    await choose(user);
    expect(within(dialog()).queryByRole("checkbox", { name: /Remember/ })).toBeNull();
  });

  test("offers_first_what_the_user_chose_last", async () => {
    const fake = clouded(talk());
    const { user } = await open(fake);
    for (const time of ["first", "second"]) {
      await user.click(screen.getByRole("button", { name: "More about this answer" }));
      await user.click(screen.getByRole("menuitem", { name: "Do this one in the cloud…" }));
      if (time === "first") await choose(user);
      else await user.click(within(dialog()).getByRole("button", { name: "See what would leave…" }));
      await user.keyboard("{Escape}");
    }
    expect(fake.calls("sheet").map((args) => args[1])).toEqual([once, once]);
  });

  test("is_offered_where_this_computer_failed_and_never_done_by_itself", async () => {
    const fake = clouded(thread(5, [userMessage(1, "Hello"), answer(2, "Good", { state: "interrupted" })]));
    const { user } = await open(fake);
    expect([fake.calls("ask"), fake.calls("sheet")]).toEqual([[], []]);
    await user.click(screen.getByRole("button", { name: "Do this one in the cloud…" }));
    await choose(user);
    expect(fake.calls("sheet")[0]?.[0]).toEqual({ type: "again", answer: 2 });
    expect(fake.calls("ask")).toEqual([]);
  });

  test("is_offered_when_reading_takes_more_than_a_minute_and_the_slow_one_makes_room_once_the_user_agreed", async () => {
    const fake = clouded(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await fake.emit({
      type: "stored",
      thread: thread(5, [userMessage(1, "Hello"), answer(2, "", { state: "streaming" })]),
    });
    await fake.emit({ type: "reading", done: 1, total: 2048 });
    await act(async () => vi.advanceTimersByTime(59_000));
    await fake.emit({ type: "reading", done: 2, total: 2048 });
    expect(screen.queryByText(/This is taking a while/)).toBeNull();
    await act(async () => vi.advanceTimersByTime(2_000));
    vi.useRealTimers();
    expect(screen.getByText(/This is taking a while/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Do this one in the cloud…" }));
    await choose(user);
    expect(fake.calls("stop")).toEqual([]);
    await user.click(within(dialog()).getByRole("button", { name: "Send to Hugging Face" }));
    expect(fake.calls("stop")).toEqual([[5]]);
    expect(fake.calls("ask")).toHaveLength(1);
    await fake.emit({
      type: "finished",
      message: answer(2, "", { state: "stopped" }),
      title: "Hello",
      trouble: null,
      page: null,
    });
    expect(fake.questions().at(-1)).toEqual({ type: "again", answer: 2 });
    expect(ways(fake).at(-1)?.once).toEqual(once);
  });

  test("can_be_about_marked_words_with_something_to_be_done", async () => {
    const fake = clouded(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening to you.")]));
    const { user } = await open(fake);
    const words = within(screen.getByRole("article", { name: "Answer" })).getByText(/Good evening/);
    document.getSelection()?.selectAllChildren(words);
    await user.keyboard("{Shift}");
    await user.click(screen.getByRole("button", { name: "Do this in the cloud…" }));
    await user.click(within(dialog()).getByRole("button", { name: "Show its models" }));
    await user.click(await within(dialog()).findByRole("radio", { name: /org\/Large/ }));
    const go = within(dialog()).getByRole("button", { name: "See what would leave…" });
    expect(go).toHaveProperty("disabled", true);
    await user.type(within(dialog()).getByRole("textbox", { name: "What should be done with it?" }), "Make it colder.");
    await user.click(go);
    expect(fake.calls("sheet")[0]?.[0]).toEqual({
      type: "new",
      conversation: 5,
      text: "Make it colder.\n\n> Good evening to you.",
    });
  });

  test("goes_to_no_provider_that_has_no_key", async () => {
    const fake = clouded(talk());
    fake.cloud.providers = [{ ...HUB, key: "none" }];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "More about this answer" }));
    await user.click(screen.getByRole("menuitem", { name: "Do this one in the cloud…" }));
    expect(within(dialog()).getByText("No provider is set up yet.")).toBeTruthy();
    expect(within(dialog()).getByRole("button", { name: "See what would leave…" })).toHaveProperty("disabled", true);
  });
});
