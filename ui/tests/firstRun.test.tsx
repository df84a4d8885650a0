import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { type FirstRunStep, TroubleError } from "../src/backend/client";
import { Fake, thread } from "./fake";
import { FILE, GUIDE, SMALL, transfer } from "./fakeModels";
import { open } from "./open";

/** The first run at this step, with nothing but the guide here. */
async function at(step: FirstRunStep, change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5));
  fake.models.step = step;
  fake.models.installed = [GUIDE];
  change(fake);
  return { fake, ...(await open(fake)) };
}
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const title = () => screen.getByRole("heading", { level: 1 }).textContent;
const fetched = (fake: Fake) => [...fake.calls("getModel"), ...fake.calls("getOther")];

test("somebody_who_is_done_sees_the_window_at_once", async () => {
  await at("done");
  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  expect(screen.queryByRole("list", { name: "Setting up" })).toBeNull();
});

test("a_first_run_that_cannot_be_read_does_not_stand_in_the_way", async () => {
  await at("welcome", (fake) => fake.failures.set("firstRun", new Error("no")));
  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
});

describe("from nothing to a model", () => {
  test("goes_page_by_page_and_fetches_nothing_before_the_user_says_so", async () => {
    const { fake, user } = await at("welcome");
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
    await user.click(button("Set up"));
    expect(title()).toBe("This computer");
    expect(screen.getByText("A quick one, 8 cores")).toBeTruthy();
    expect(screen.getByText("16 GB, 7.1 GB of it free")).toBeTruthy();
    expect(screen.getByText("About 260 words a minute.")).toBeTruthy();
    await user.click(button("Choose a model"));
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /^Small/ }).checked, "the recommended one").toBe(true);
    expect(screen.getByText("It answers at reading speed here.")).toBeTruthy();
    expect(fetched(fake)).toEqual([]);
    await user.click(button("Download 2.8 GB"));
    expect(fake.calls("getModel")).toEqual([["small", true]]);
    await fake.transfersBecome(transfer());
    expect(title()).toBe("On its way");
    expect(screen.getByText("1.2 of 2.0 GB · 8 MB a second · about 2 minutes left")).toBeTruthy();
    await fake.transfersBecome(transfer({ state: "done", done: 2e9, bytesPerSecond: null, secondsLeft: null }));
    expect(title()).toBe("Small is ready");
    fake.models.installed = [GUIDE, SMALL];
    await user.click(button("Begin"));
    expect(fake.calls("useModel")).toEqual([["small"]]);
    expect(fake.calls("putAwayTransfer")).toEqual([["small"]]);
    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
    expect(fake.calls("setFirstRunStep")).toEqual([["machine"], ["choose"], ["getting"], ["ready"], ["done"]]);
  });

  test("shows_one_that_suits_and_folds_the_others", async () => {
    await at("choose");
    const folded = screen.getByText("1 other model").closest("details");
    expect(folded?.open).toBe(false);
    expect(within(folded!).getByText("Large")).toBeTruthy();
    expect(within(folded!).queryByText("Small")).toBeNull();
    expect(
      within(screen.getByRole("contentinfo")).getByRole("button", { name: "Download 2.8 GB" }),
      "in sight, however long the page",
    ).toBeTruthy();
  });

  test("taken_up_again_measures_again_and_reads_what_suits_then", async () => {
    const { fake } = await at("choose", ({ models }) => {
      models.catalogue = models.catalogue.map((entry) => ({
        ...entry,
        recommended: false,
        why: null,
        wordsPerMinute: null,
      }));
      models.whenMeasured = () =>
        (models.catalogue = models.catalogue.map((entry) => ({
          ...entry,
          recommended: entry.id === "small",
          why: "It suits.",
          wordsPerMinute: 260,
        })));
    });
    expect(fake.calls("measureMachine")).toHaveLength(1);
    expect(screen.getByText("It suits.")).toBeTruthy();
    expect(screen.getAllByText(/about 260 words a minute/)).toHaveLength(2);
  });

  test("says_before_the_download_what_does_not_fit_and_lets_the_user_all_the_same", async () => {
    const { fake, user } = await at("choose");
    expect(screen.getByText("Needs about 9.8 GB, 7.1 GB are free.")).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: /^Large/ }));
    await user.click(button("Download 8 GB all the same"));
    expect(fake.calls("getModel")).toEqual([["large", false]]);
  });

  test("leaves_the_eyes_for_later_when_the_user_wants", async () => {
    const { fake, user } = await at("choose");
    await user.click(screen.getByRole("checkbox"));
    await user.click(button("Download 2 GB"));
    expect(fake.calls("getModel")).toEqual([["small", false]]);
  });

  test("a_download_that_cannot_begin_is_said_and_the_user_stays", async () => {
    const { fake, user } = await at("choose");
    fake.failures.set("getModel", new TroubleError("other", "The disk has room for 1.2 GB. This needs 2.8 GB."));
    await user.click(button("Download 2.8 GB"));
    expect(screen.getByRole("alert").textContent).toContain("The disk has room for 1.2 GB.");
    expect(title()).toBe("A model to write with");
  });

  test("what_is_here_already_is_used_and_not_fetched", async () => {
    const { fake, user } = await at("choose", ({ models }) => {
      models.catalogue = models.catalogue.map((entry) => ({ ...entry, installed: entry.id === "small" }));
      models.installed = [GUIDE, SMALL];
    });
    await user.click(button("Use Small"));
    expect(fetched(fake)).toEqual([]);
    expect(fake.calls("useModel")).toEqual([["small"]]);
    expect(title()).toBe("Small is ready");
  });
});

describe("a download under way", () => {
  test("is_paused_and_goes_on", async () => {
    const { fake, user } = await at("getting", ({ models }) => (models.transfers = [transfer()]));
    await user.click(button("Pause"));
    expect(fake.calls("pauseTransfer")).toEqual([["small"]]);
    await fake.transfersBecome(transfer({ state: "paused", bytesPerSecond: null, secondsLeft: null }));
    expect(screen.getByText("1.2 of 2.0 GB · paused")).toBeTruthy();
    await user.click(button("Go on"));
    expect(fake.calls("resumeTransfer")).toEqual([["small"]]);
  });

  test("cancelled_is_gone_and_nothing_begins_again_by_itself", async () => {
    const { fake, user } = await at("getting", ({ models }) => (models.transfers = [transfer()]));
    await user.click(button("Cancel Small"));
    expect(fake.calls("cancelTransfer")).toEqual([["small"]]);
    await fake.transfersBecome();
    expect(title()).toBe("Nothing is being downloaded");
    expect(fetched(fake)).toEqual([]);
  });

  test("that_failed_says_why_and_can_be_tried_again", async () => {
    const trouble = "The connection broke. What came so far is kept.";
    const { fake, user } = await at(
      "getting",
      ({ models }) => (models.transfers = [transfer({ state: "failed", trouble })]),
    );
    expect(within(screen.getByRole("group", { name: "Small" })).getByRole("alert").textContent).toBe(trouble);
    await user.click(button("Try again"));
    expect(fake.calls("resumeTransfer")).toEqual([["small"]]);
  });

  test("does_not_keep_the_user_from_talking", async () => {
    const { fake, user } = await at("getting", ({ models }) => (models.transfers = [transfer()]));
    await user.click(button("Talk to the guide meanwhile"));
    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: /^Small: 1.2 of 2.0 GB/ })).toBeTruthy();
    expect(fake.models.step).toBe("done");
  });
});

describe("a file that the user has", () => {
  test("is_offered_where_it_was_found", async () => {
    const { fake, user } = await at("choose", ({ models }) => (models.found = [FILE]));
    expect(screen.getByText("LM Studio · 2.1 GB")).toBeTruthy();
    await user.click(button("Use model.gguf"));
    expect(fake.calls("useFile")).toEqual([["/here/model.gguf"]]);
    expect(title()).toBe("model.gguf is ready");
  });

  test("is_chosen_in_the_systems_own_dialog", async () => {
    const { fake, user } = await at("choose", ({ models }) => (models.chosenFile = FILE));
    await user.click(button("Choose a file…"));
    expect(fake.calls("useFile")).toEqual([["/here/model.gguf"]]);
  });

  test("that_cannot_be_used_is_refused_with_a_reason", async () => {
    const { fake, user } = await at(
      "choose",
      ({ models }) => (models.chosenFile = { ...FILE, usable: false, whyNot: "It is a picture." }),
    );
    await user.click(button("Choose a file…"));
    expect(screen.getByRole("alert").textContent).toBe("It is a picture.");
    expect(fake.calls("useFile")).toEqual([]);
  });

  test("not_chosen_after_all_changes_nothing", async () => {
    const { fake, user } = await at("choose");
    await user.click(button("Choose a file…"));
    expect(fake.calls("useFile")).toEqual([]);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("leaving", () => {
  test.each(["welcome", "machine", "choose", "getting", "ready"] as const)(
    "at %s keeps the place, and it is found again",
    async (step) => {
      const { fake, user } = await at(
        step,
        ({ models }) => (models.transfers = [transfer({ state: step === "ready" ? "done" : "running" })]),
      );
      const left = title();
      await user.click(button("Later"));
      expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
      expect(fake.models.step, "the next start begins there").toBe(step);
      await user.click(button("Finish setting up"));
      expect(title()).toBe(left);
    },
  );

  test("for_good_is_said_in_the_left_pane", async () => {
    const { fake, user } = await at("welcome");
    await user.click(button("Later"));
    await user.click(button("No need to finish setting up"));
    expect(fake.models.step).toBe("done");
    expect(screen.queryByRole("button", { name: "Finish setting up" })).toBeNull();
    expect(fetched(fake)).toEqual([]);
  });
});

test("the_first_thing_to_try_waits_in_the_composer", async () => {
  const { user, message } = await at(
    "ready",
    ({ models }) =>
      (models.installed = [
        { ...GUIDE, inUse: false },
        { ...SMALL, inUse: true },
      ]),
  );
  await user.click(button("Names for a bakery that opens at night"));
  expect(message().value).toMatch(/^Suggest twelve names for a bakery/);
});

test("it_is_opened_again_from_the_settings", async () => {
  const { user } = await at("done");
  await user.click(button("Settings"));
  await user.click(screen.getByRole("tab", { name: "About" }));
  await user.click(button("Set up again…"));
  expect(title()).toBe("Write with a model that lives on this computer");
});
