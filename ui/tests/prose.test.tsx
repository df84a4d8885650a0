import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";

const drawn = vi.hoisted(() => ({ types: [] as string[] }));
vi.mock("../src/components/prose/Node", async (original) => {
  const real = await original<typeof import("../src/components/prose/Node")>();
  const Node: typeof real.Node = (props) => {
    drawn.types.push(props.node.type);
    return real.Node(props);
  };
  return { Node };
});

import { type Block, blocksOf } from "../src/components/prose/blocks";
import { Prose } from "../src/components/prose/Prose";

beforeEach(() => {
  drawn.types = [];
});

const MIXED = `# A title

Some *prose* with a [link](https://example.org).

1. one

2. two
3. three

- a

  more of a

***bold***

> quoted
> still

\`\`\`js
let x = 1;

let y = 2;
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

Setext
---

    indented

The end.`;

describe("streaming", () => {
  test("blocks_grown_letter_by_letter_are_those_of_the_whole", () => {
    let grown: Block[] = [];
    for (let end = 1; end <= MIXED.length; end += 1) grown = blocksOf(MIXED.slice(0, end), grown, true);
    grown = blocksOf(MIXED, grown);
    const shape = (blocks: Block[]) => blocks.map(({ source, node }) => [node.type, source]);
    expect(shape(grown)).toEqual(shape(blocksOf(MIXED)));
  });

  test("settled_blocks_are_the_same_objects_however_much_follows", () => {
    const before = blocksOf("One.\n\nTwo.\n\nThree is op", [], true);
    const after = blocksOf("One.\n\nTwo.\n\nThree is open.\nStill.\n\nFour", before, true);
    expect(after[0]).toBe(before[0]);
    expect(after).toHaveLength(4);
  });

  test("only_the_open_block_renders_again", () => {
    const settled = "First.\n\n- a list\n- of two\n\n";
    const { rerender } = render(<Prose growing text={`${settled}The open one\nbegins `} />);
    drawn.types = [];
    rerender(<Prose growing text={`${settled}The open one\nbegins and `} />);
    rerender(<Prose growing text={`${settled}The open one\nbegins and grows `} />);
    expect(drawn.types).toEqual(["paragraph", "paragraph"]);
  });

  test("an_unclosed_fence_is_code_already", () => {
    const { container } = render(<Prose growing text={"So:\n\n```js\nlet x = **1"} />);
    expect(container.querySelector("pre")?.textContent).toBe("let x = **1");
    expect(container.textContent).not.toContain("```");
  });

  test("unfinished_emphasis_shows_no_asterisks", () => {
    const { container, rerender } = render(<Prose growing text={"1. **Close.** She *tasted "} />);
    expect(container.querySelector("em")?.textContent).toBe("tasted");
    expect(container.textContent).not.toContain("*");
    rerender(<Prose text={"5 * 3 = 15, and **this stays open"} />);
    expect(container.textContent).toBe("5 * 3 = 15, and **this stays open");
  });
});

describe("safety", () => {
  const hostile = [
    "<script>window.hit = 1</script>",
    '<img src="x" onerror="window.hit = 1">',
    "text <b onclick=alert(1)>bold</b> text",
    "![tracker](https://example.org/pixel.png)",
    "![ref][r]\n\n[r]: https://example.org/pixel.png",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](https://example.org)",
    "<https://example.org>",
    "https://example.org/bare",
    "[x]: javascript:alert(1)\n\n[x]",
    '<iframe src="https://example.org"></iframe>',
    "<style>body{display:none}</style>",
  ];

  test.each(hostile)("nothing_runs_is_fetched_or_leaves_the_window: %s", (text) => {
    const { container } = render(<Prose text={text} />);
    expect(container.querySelector("script, img, iframe, style, a, object, embed, form, svg image")).toBeNull();
    for (const element of container.querySelectorAll("*")) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on|^src|^href|^style$|^action$/);
    }
  });

  test.each([
    ["# A\n\n## B\n\n### C\n\n#### D", "H2 H3 H4 H4"],
    ["## A\n\n#### B\n\n## C", "H2 H3 H2"],
    ["### A", "H2"],
  ])("headings_stand_below_the_title_without_a_gap: %j", (text, levels) => {
    const { container } = render(<Prose text={text} />);
    expect([...container.querySelectorAll("h1, h2, h3, h4")].map(({ tagName }) => tagName).join(" ")).toBe(levels);
  });

  test("raw_html_is_shown_as_its_letters", () => {
    const { container } = render(<Prose text={"<script>alert(1)</script>"} />);
    expect(container.textContent).toBe("<script>alert(1)</script>");
  });

  test("a_link_copies_its_address_and_goes_nowhere", async () => {
    const user = userEvent.setup();
    render(<Prose text={"See [the register](https://example.org/register)."} />);
    await user.click(screen.getByRole("button", { name: "the register" }));
    expect(await navigator.clipboard.readText()).toBe("https://example.org/register");
  });

  test("a_link_to_code_is_only_its_words", () => {
    render(<Prose text={"[click](javascript:alert(1))"} />);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText("click")).toBeTruthy();
  });

  test("a_code_block_copies_exactly_what_it_shows", async () => {
    const user = userEvent.setup();
    render(<Prose text={"```html\n<b>&amp;</b>\n```"} />);
    await user.click(screen.getByRole("button", { name: "Copy code" }));
    expect(await navigator.clipboard.readText()).toBe("<b>&amp;</b>");
  });
});
