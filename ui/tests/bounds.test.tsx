/** What no answer may do to the window, however it is written. */
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { type Block, blocksOf } from "../src/components/prose/blocks";
import { Prose } from "../src/components/prose/Prose";
import { piecesOf } from "../src/components/prose/pieces";
import { answer, Fake, thread, userMessage } from "./fake";
import { open } from "./open";

const many = (piece: string, letters: number) => piece.repeat(Math.ceil(letters / piece.length)).slice(0, letters);

/** Each of these took the parser, or the page, minutes or gigabytes. */
const HOSTILE: [string, string][] = [
  ["lists in lists", many("- ", 16_000)],
  ["numbers in numbers", many("1. ", 24_000)],
  ["quotes in quotes", many("> ", 16_000)],
  ["both", many("> - ", 16_000)],
  ["lists that step in", Array.from({ length: 400 }, (_, i) => `${" ".repeat(i * 2)}- a`).join("\n")],
  ["many lines deep in quotes", many("> ", 80) + many("a\n", 40_000)],
  ["emphasis that never ends", many("*a_ ", 40_000)],
  ["titles by underline", many("a\n-\n", 40_000)],
  ["titles by underline, apart", many("a\n-\n\n", 60_000)],
  ["quotes, one after another", many("> a\n\n", 60_000)],
  ["brackets", many("[a](", 60_000)],
  ["a very wide table", `${many("a|", 20_000)}\n${many("-|", 20_000)}\n${many("b|", 20_000)}`],
  ["backticks", Array.from({ length: 300 }, (_, i) => `${"`".repeat(i + 1)}a`).join("")],
  ["footnotes", Array.from({ length: 4000 }, (_, i) => `[^${i}]: x[^${i}]`).join("\n")],
  ["one paragraph of 400 KB", many("A sentence with *some* words in it. ", 400_000)],
];

/** How deep the deepest of the elements stands. */
function depth(node: Element): number {
  return 1 + Math.max(0, ...[...node.children].map(depth));
}

test.each(HOSTILE)(
  "%s are shown, and no deeper than sense",
  (_, text) => {
    const { container } = render(<Prose text={text} />);
    const letters = (words: string) => words.replace(/[^a-z]/gi, "").slice(0, 1000);
    expect(letters(container.textContent ?? "")).toContain(letters(text).slice(0, 200));
    expect(depth(container)).toBeLessThan(130);
  },
  60_000,
);

test("of_a_vast_text_the_spaces_are_not_drawn_one_by_one", () => {
  const { container } = render(<Prose text={many("A sentence. ", 400_000)} />);
  expect(container.querySelector("p.vast")).toBeTruthy();
});

test.each(HOSTILE)(
  "%s may come piece by piece",
  (_, text) => {
    let grown: Block[] = [];
    const step = Math.ceil(text.length / 12);
    for (let end = step; end < text.length + step; end += step) grown = blocksOf(text.slice(0, end), grown, true);
    expect(
      grown
        .map(({ source }) => source)
        .join("")
        .trim(),
    ).toBe(text.trim());
  },
  60_000,
);

test("pieces_have_no_gap_and_only_end_where_a_block_does", () => {
  const fenced = `\`\`\`\n${many("a line\n\n", 20_000)}\n\`\`\`\n\n`;
  const text =
    many("A paragraph of some words.\n\n", 10_000) +
    "\n\n" +
    fenced +
    many("- an item\n", 9_000) +
    "\n\n" +
    many("Another.\n\n", 9_000);
  const pieces = piecesOf(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.some(({ plain }) => plain)).toBe(false);
  const shape = (blocks: Block[]) => blocks.map(({ node }) => node.type);
  const kinds = shape(blocksOf(text));
  expect(kinds.filter((kind) => kind === "code")).toHaveLength(1);
  expect(kinds.filter((kind) => kind === "list")).toHaveLength(1);
});

test("an_outline_fifty_deep_is_still_an_outline", () => {
  const text = Array.from({ length: 40 }, (_, i) => `${" ".repeat(i * 2)}- level ${i}`).join("\n");
  expect(blocksOf(text)[0]?.node.type).toBe("list");
});

test("beyond_three_thousand_blocks_the_rest_is_plain", () => {
  const blocks = blocksOf(many("- - -\n\n", 70_000));
  expect(blocks.length).toBeLessThan(6_000);
  expect(blocks.at(-1)?.plain).toBe(true);
});

test("a_message_that_cannot_be_drawn_costs_that_message_alone", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const broken = answer(2, "Fine");
  // What no type allows, and a fault elsewhere may bring all the same.
  Object.defineProperty(broken, "alternatives", { value: null });
  await open(new Fake(thread(5, [userMessage(1, "One"), broken, userMessage(3, "Three"), answer(4, "Four")])));
  expect(screen.getByText("One")).toBeTruthy();
  expect(screen.getByText("Four")).toBeTruthy();
  expect(screen.getByText(/This message could not be drawn/)).toBeTruthy();
  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  error.mockRestore();
});

test("a_pane_that_cannot_be_drawn_leaves_the_others", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const fake = new Fake(thread(5, [userMessage(1, "One")]));
  fake.library.conversations.push(null as never);
  await open(fake);
  expect(await screen.findByText(/This part of the window could not be drawn/)).toBeTruthy();
  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  error.mockRestore();
});
