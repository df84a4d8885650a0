import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { type JournalLine, type Ledger, type LedgerEntry, TroubleError } from "../src/backend/client";
import { beside, monthName } from "../src/features/privacy/month";
import { Fake, thread } from "./fake";
import { THERE } from "./fakeCloud";
import { SMALL } from "./fakeModels";
import { open } from "./open";

async function privacy(change: (fake: Fake) => void = () => {}) {
  const fake = new Fake(thread(5));
  change(fake);
  const opened = await open(fake);
  await opened.user.click(screen.getByRole("button", { name: "Settings" }));
  await opened.user.click(screen.getByRole("tab", { name: "Privacy" }));
  return { fake, ...opened };
}

const ENTRY: LedgerEntry = {
  at: Date.UTC(2026, 10, 3),
  project: null,
  provider: "Hugging Face",
  backend: "novita",
  model: "org/Large",
  bytes: 5120,
  promptTokens: 1200,
  completionTokens: 300,
  cost: { known: "unknown", nanoUsd: null },
};
const UNKNOWN = { answers: 1, known: 0, unknownCount: 1 };
const BOOKS: Ledger = {
  entries: [ENTRY],
  byProject: [{ project: 1, name: "The Salt Road", ...UNKNOWN }],
  byProvider: [{ name: "Hugging Face", ...UNKNOWN }],
  known: 0,
  unknownCount: 1,
  months: [
    { month: "2026-10", answers: 0, known: 0, unknownCount: 0 },
    { month: "2026-11", ...UNKNOWN },
  ],
};

function line(id: number, more: Partial<JournalLine> = {}): JournalLine {
  return {
    id,
    at: 0,
    purpose: "answer",
    origin: "https://router.huggingface.co",
    recipient: "Hugging Face",
    why: "You sent a message to Hugging Face.",
    project: null,
    bytes: 5120,
    outcome: { at: 0, bytesOut: 5120, bytesIn: 18_400, status: 200, ending: "complete" },
    ...more,
  };
}

describe("where nothing ever left", () => {
  test("the_journal_and_the_ledger_say_so", async () => {
    await privacy();
    expect(screen.getByText("No connection was ever made.")).toBeTruthy();
    expect(screen.getByText("Nothing was ever answered in the cloud.")).toBeTruthy();
  });

  test("what_keeps_the_model_offline_is_said_in_full", async () => {
    await privacy();
    const sentence =
      "Your system keeps the model off the network, and from all your files but its own and the pictures that you " +
      "show it. That it has no network was tried when it started.";
    expect(screen.getByText(sentence)).toBeTruthy();
  });
});

describe("the journal", () => {
  test.each<[string, Partial<JournalLine>]>([
    ["Complete", {}],
    ["Refused over there (401)", { outcome: { at: 0, bytesOut: 9, bytesIn: 9, status: 401, ending: "complete" } }],
    ["Stopped", { outcome: { at: 0, bytesOut: 9, bytesIn: 9, status: 200, ending: "stopped" } }],
    ["Ended by the offline lock", { outcome: { at: 0, bytesOut: 9, bytesIn: 9, status: 200, ending: "offline" } }],
    ["No connection", { outcome: { at: 0, bytesOut: 0, bytesIn: 0, status: null, ending: "failed" } }],
    ["Broke off", { outcome: { at: 0, bytesOut: 9, bytesIn: 9, status: 200, ending: "failed" } }],
    ["Under way, or Sotto was closed", { outcome: null }],
  ])("says how a connection ended: %s", async (words, more) => {
    await privacy((fake) => (fake.cloud.journal = [line(1, more)]));
    const row = within(screen.getByRole("table", { name: "Connections, newest first" })).getAllByRole("row")[1];
    expect(row?.textContent).toContain(words);
    expect(row?.textContent).toContain(
      "You sent a message to Hugging Face.Hugging Face, https://router.huggingface.co",
    );
  });

  test("never_claims_to_know_what_came_back_of_a_connection_that_was_cut_off", async () => {
    await privacy((fake) => (fake.cloud.journal = [line(1, { outcome: null })]));
    expect(screen.getByText("in unknown")).toBeTruthy();
    expect(screen.queryByText(/0 bytes in/)).toBeNull();
  });

  test("goes_back_page_by_page", async () => {
    const { fake, user } = await privacy(
      (one) => (one.cloud.journal = Array.from({ length: 100 }, (_, i) => line(200 - i))),
    );
    fake.cloud.journal = [line(100)];
    await user.click(screen.getByRole("button", { name: "Show earlier ones" }));
    expect(fake.calls("journal")).toEqual([[null], [101]]);
    expect(within(screen.getByRole("table", { name: "Connections, newest first" })).getAllByRole("row")).toHaveLength(
      102,
    );
    expect(screen.queryByRole("button", { name: "Show earlier ones" })).toBeNull();
  });

  test("is_saved_where_the_user_says", async () => {
    const { fake, user } = await privacy((one) => (one.cloud.journal = [line(1)]));
    fake.cloud.saved = null;
    await user.click(screen.getByRole("button", { name: "Save all as CSV…" }));
    expect(screen.queryByText(/Saved as/)).toBeNull();
    fake.cloud.saved = "/home/journal.csv";
    await user.click(screen.getByRole("button", { name: "Save all as CSV…" }));
    expect(screen.getByText("Saved as /home/journal.csv")).toBeTruthy();
  });
});

describe("the ledger", () => {
  test("never_says_nothing_for_what_nobody_knows", async () => {
    await privacy((fake) => (fake.cloud.ledger = BOOKS));
    const panel = screen.getByRole("tabpanel");
    expect(panel.textContent).not.toMatch(/\$\d/);
    expect(within(panel).getAllByText("price unknown for 1 answer").length).toBeGreaterThanOrEqual(3);
    expect(within(panel).getByText("cost unknown")).toBeTruthy();
    expect(within(panel).getByText("No price is known yet: nobody said what these answers cost.")).toBeTruthy();
    expect(within(panel).queryByRole("img"), "a chart of nothing").toBeNull();
  });

  test("is_a_chart_and_the_same_as_a_table", async () => {
    await privacy(
      (fake) =>
        (fake.cloud.ledger = {
          ...BOOKS,
          months: [
            ...BOOKS.months.slice(0, 1),
            { month: "2026-11", answers: 3, known: 1_240_000_000, unknownCount: 0 },
          ],
        }),
    );
    expect(screen.getByRole("img", { name: /^Cost by month, October 2026 to November 2026/ })).toBeTruthy();
    const row = within(screen.getByRole("table", { name: "Cost by month" })).getByRole("row", {
      name: /November 2026/,
    });
    expect(row.textContent).toBe("November 20263 answers$1.24");
  });

  test("goes_back_month_by_month_and_not_into_the_future", async () => {
    const { fake, user } = await privacy((one) => (one.cloud.ledger = BOOKS));
    const now = fake.calls("ledger")[0]?.[0] as string;
    expect(screen.getByRole("button", { name: "The month after" })).toHaveProperty("disabled", true);
    await user.click(screen.getByRole("button", { name: "The month before" }));
    expect(fake.calls("ledger").at(-1)).toEqual([beside(now, -1)]);
    expect(screen.getByRole("heading", { name: monthName(beside(now, -1)) })).toBeTruthy();
  });

  test("is_saved_by_month_or_whole", async () => {
    const { fake, user } = await privacy((one) => (one.cloud.ledger = BOOKS));
    await user.click(screen.getByRole("button", { name: "Save this month as CSV…" }));
    await user.click(screen.getByRole("button", { name: "Save all months…" }));
    expect(fake.calls("exportLedger")).toEqual([fake.calls("ledger")[0], [null]]);
  });

  test("sets_what_a_project_may_cost_in_a_month", async () => {
    const leaving = { provider: "huggingface", model: "org/Large:novita" };
    const { fake, user } = await privacy((one) => {
      one.cloud.ledger = BOOKS;
      one.library.projects = [
        { id: 1, name: "The Salt Road", notes: "", leaving, goesTo: THERE, cap: null, mood: null, bannedPhrases: [] },
      ];
    });
    const field = screen.getByRole("textbox", { name: "Monthly limit for The Salt Road" });
    await user.type(field, "much{Enter}");
    await user.type(field, "-3{Enter}");
    expect(fake.calls("setProjectLeaving")).toEqual([]);
    await user.type(field, "4,50{Enter}");
    expect(fake.calls("setProjectLeaving")).toEqual([[1, leaving, 4_500_000_000]]);
    await user.clear(field);
    await user.type(field, "0{Enter}");
    expect(fake.calls("setProjectLeaving").at(-1)).toEqual([1, leaving, 0]);
  });

  test("months_turn_over_at_the_end_of_a_year", () => {
    expect([beside("2026-12", 1), beside("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
  });
});

describe("the offline lock", () => {
  const lock = () => screen.getByRole("switch", { name: "Offline lock" });
  const said = () =>
    screen
      .getAllByRole("status")
      .map((one) => one.textContent)
      .join(" ");

  test("is_one_click_away_and_said_aloud", async () => {
    const fake = new Fake(thread(5));
    const { user } = await open(fake);
    await user.click(lock());
    expect(fake.calls("setOfflineLock")).toEqual([[true]]);
    expect(lock().getAttribute("aria-checked")).toBe("true");
    expect(said()).toContain("The offline lock is on. Nothing leaves this computer.");
    await user.click(lock());
    expect(said()).toContain("The offline lock is off.");
  });

  test("switched_elsewhere_is_known_here", async () => {
    const fake = new Fake(thread(5));
    await open(fake);
    await fake.cloud.lockBecomes(true);
    expect(lock().getAttribute("aria-checked")).toBe("true");
  });

  test("is_said_where_models_are_downloaded_and_can_be_ended_there", async () => {
    const fake = new Fake(thread(5));
    fake.cloud.state = { on: false, locked: true, cap: null };
    fake.models.installed = [SMALL];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Settings" }));
    await user.click(screen.getByRole("tab", { name: "Models" }));
    expect(screen.getByText("The offline lock is on. Downloads wait until it is off.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Switch it off" }));
    expect(fake.calls("setOfflineLock")).toEqual([[false]]);
    expect(screen.queryByText(/Downloads wait/)).toBeNull();
  });

  test("is_said_in_the_first_run_before_anything_is_fetched", async () => {
    const fake = new Fake(thread(5));
    fake.cloud.state = { on: false, locked: true, cap: null };
    fake.models.step = "choose";
    await open(fake);
    expect(screen.getByText("The offline lock is on. Downloads wait until it is off.")).toBeTruthy();
  });
});

describe("the library on the disk", () => {
  test("says_where_its_key_is_and_what_that_means", async () => {
    await privacy();
    expect(screen.getByText(/Its key is in the keychain/)).toBeTruthy();
    expect(screen.getByText(/Pictures, and what the model has read, are not encrypted/)).toBeTruthy();
  });

  test("whose_key_lies_beside_it_says_so", async () => {
    await privacy((fake) => (fake.keyPlace = "file"));
    expect(screen.getByText(/whoever has this disk can read your library/)).toBeTruthy();
  });

  test("has_its_recovery_key_shown_outside_of_the_page", async () => {
    const { fake, user } = await privacy();
    await user.click(screen.getByRole("button", { name: "Show recovery key" }));
    expect(fake.calls("showRecoveryKey")).toEqual([[]]);
  });
});

describe("the bar around the model", () => {
  const all = ["tcp", "ipv6", "udp", "local", "appMemory", "readFile", "writeFile"] as const;

  test("is_tried_before_the_users_eyes_and_each_refusal_is_shown", async () => {
    const { user } = await privacy((fake) => {
      fake.tried = all.map((attempt) => ({ attempt, refused: true, said: "Operation not permitted" }));
    });
    await user.click(screen.getByRole("button", { name: "Prove it" }));
    const lines = within(screen.getByRole("list", { name: "What was tried" })).getAllByRole("listitem");
    expect(lines.map((one) => one.textContent?.endsWith("Refused"))).toEqual(all.map(() => true));
    expect(screen.getByText("All of it was refused by the operating system.")).toBeTruthy();
  });

  test("that_does_not_hold_is_said_for_what_it_is", async () => {
    const { fake, user } = await privacy((fake) => {
      fake.tried = all.map((attempt) => ({ attempt, refused: attempt !== "readFile", said: "" }));
    });
    await user.click(screen.getByRole("button", { name: "Prove it" }));
    expect(screen.getByText(/it is not kept from your files/)).toBeTruthy();
    fake.tried = all.map((attempt) => ({ attempt, refused: attempt !== "udp", said: "" }));
    await user.click(screen.getByRole("button", { name: "Prove it" }));
    expect(screen.getByText(/could get out/)).toBeTruthy();
  });

  test("that_could_not_be_tried_proves_nothing", async () => {
    const { fake, user } = await privacy();
    fake.failures.set("proveBar", new TroubleError("other", "This could not be tried."));
    await user.click(screen.getByRole("button", { name: "Prove it" }));
    expect(screen.getAllByText("This could not be tried.").length).toBeGreaterThan(0);
    expect(screen.queryByRole("list", { name: "What was tried" })).toBeNull();
  });

  test("stands_beside_what_is_not_protected", async () => {
    await privacy();
    expect(screen.getByRole("heading", { name: "What this does not protect from" })).toBeTruthy();
  });
});
