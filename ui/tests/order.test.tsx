/** What a project holds stands in one order, which the user sets. */
import { createEvent, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { type heldBy, intoPart, moved, partMoved, put } from "../src/session/order";
import { Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";
import { paragraph } from "./page";

type Order = ReturnType<typeof heldBy>;
/** "a1": page 1 under heading a; "1": page 1 under none; "c1": conversation 1. */
const order = (text: string): Order =>
  text.split(" ").map((one) => {
    const id = Number(one.at(-1));
    const part = one.slice(0, -1);
    return part === "c" ? { kind: "conversation", id } : { kind: "page", id, part };
  });
const read = (order: Order | null) =>
  order?.map((one) => (one.kind === "page" ? `${one.part}${one.id}` : `c${one.id}`)).join(" ") ?? null;
const page = (id: number) => ({ kind: "page", id }) as const;
const talk = (id: number) => ({ kind: "conversation", id }) as const;

describe("a move", () => {
  test("goes over one neighbour, and over the edge of a group into the next or out of it", () => {
    expect(read(moved(order("1 2 3"), page(2), -1))).toBe("2 1 3");
    expect(read(moved(order("1 c2 3"), page(3), -1))).toBe("1 3 c2");
    expect(read(moved(order("a1 a2 b3"), page(3), -1))).toBe("a1 a2 a3");
    expect(read(moved(order("a1 b2 b3"), page(1), 1))).toBe("b1 b2 b3");
    expect(read(moved(order("a1 a2"), page(1), -1))).toBe("1 a2");
    expect(read(moved(order("1 2"), page(1), -1))).toBeNull();
    expect(read(moved(order("1 c2"), talk(2), 1))).toBeNull();
  });

  test("by dragging goes before what it is dropped on, and into its group", () => {
    expect(read(put(order("1 a2 a3 c4"), page(1), page(3)))).toBe("a2 a1 a3 c4");
    expect(read(put(order("a1 2 c3"), talk(3), page(1)))).toBe("c3 a1 2");
    expect(read(put(order("a1 2"), page(1), page(9)))).toBeNull();
  });

  test("of a group takes all of it over a neighbour", () => {
    expect(read(partMoved(order("1 a2 a3 b4 b5"), "b", -1))).toBe("1 b4 b5 a2 a3");
    expect(read(partMoved(order("a2 a3 b4 b5 c1"), "a", 1))).toBe("b4 b5 a2 a3 c1");
    expect(read(partMoved(order("a2 a3 b4"), "a", -1))).toBeNull();
    expect(read(partMoved(order("1 a2"), "a", 1))).toBeNull();
  });

  test("under another heading ends behind those that stand there", () => {
    expect(read(intoPart(order("1 a2 a3 4"), 1, "a"))).toBe("a2 a3 a1 4");
    expect(read(intoPart(order("a1 2 3"), 3, "a"))).toBe("a1 a3 2");
    expect(read(intoPart(order("a1 2"), 1, ""))).toBe("1 2");
  });
});

function withProject(): Fake {
  const fake = new Fake(
    thread(1, [userMessage(10, "One")], { project: 7, title: "Talk one" }),
    thread(2, [userMessage(20, "Two")], { project: 7, title: "Talk two" }),
  );
  fake.library.projects = [project(7, "Salt")];
  fake.pages.put(501, [paragraph("First.")], { title: "First", project: 7 });
  fake.pages.put(502, [paragraph("Second.")], { title: "Second", project: 7 });
  return fake;
}

const lines = () =>
  [...screen.getByRole("region", { name: "Salt" }).querySelectorAll<HTMLElement>("ul [data-row]")].map(
    (line) => line.textContent,
  );
const line = (name: string) =>
  [...document.querySelectorAll<HTMLElement>("ul [data-row]")].find(
    ({ textContent }) => textContent === name,
  ) as HTMLElement;

test("keys_move_pages_and_conversations_of_a_project_past_each_other", async () => {
  const fake = withProject();
  await open(fake);
  expect(lines()).toEqual(["First", "Second", "Talk one", "Talk two"]);
  fireEvent.keyDown(line("Talk one"), { key: "ArrowUp", altKey: true });
  await waitFor(() => expect(lines()).toEqual(["First", "Talk one", "Second", "Talk two"]));
  // Nobody placed the last one: it keeps its order by time.
  expect(fake.calls("arrange").at(-1)).toEqual([
    7,
    [
      { kind: "page", id: 501, part: "" },
      { kind: "conversation", id: 1 },
      { kind: "page", id: 502, part: "" },
    ],
  ]);
});

test("what_was_dragged_can_be_had_back", async () => {
  const { user } = await open(withProject());
  const drop = createEvent.drop(line("First"));
  const data = { types: ["application/x-sotto-page"], getData: (type: string) => (type.endsWith("page") ? "502" : "") };
  Object.defineProperty(drop, "dataTransfer", { value: data });
  fireEvent(line("First"), drop);
  await waitFor(() => expect(lines().slice(0, 2)).toEqual(["Second", "First"]));
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(lines().slice(0, 2)).toEqual(["First", "Second"]));
});

test("a_group_moves_as_a_whole_by_its_heading", async () => {
  const fake = withProject();
  fake.pages.order = [
    { kind: "page", id: 501, part: "" },
    { kind: "page", id: 502, part: "Part II" },
  ];
  await open(fake);
  expect(lines()).toEqual(["First", "Part II", "Second", "Talk one", "Talk two"]);
  fireEvent.keyDown(line("Part II"), { key: "ArrowUp", altKey: true });
  await waitFor(() => expect(lines()).toEqual(["Part II", "Second", "First", "Talk one", "Talk two"]));
});
