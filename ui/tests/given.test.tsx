import { act, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { ProjectView } from "../src/backend/client";
import { answer, Fake, project, thread, userMessage } from "./fake";
import { THERE } from "./fakeCloud";
import { open } from "./open";

function road(more: Partial<ProjectView> = {}): ProjectView {
  const stays = { leaving: null, goesTo: null, cap: null };
  return { id: 1, name: "The Salt Road", notes: "", ...stays, mood: null, bannedPhrases: [], ...more };
}

/** With the right pane open, as it is where there is room. */
function withPane(...threads: ReturnType<typeof thread>[]): Fake {
  const fake = new Fake(...threads);
  fake.remembered = JSON.stringify({ contextPane: true });
  return fake;
}
const given = () => screen.getByRole("region", { name: "What it is given" });
const size = (name: string) =>
  within(given()).getByText(name).closest("li, div")?.querySelector(".count, dd")?.textContent;

describe("what the model is given", () => {
  test("is_said_part_by_part_with_sizes_and_what_was_left_out", async () => {
    const fake = withPane(
      thread(
        5,
        [
          userMessage(1, "Three ways in?"),
          answer(2, "One. Two. Three.", { remark: "The first 2 messages no longer fit and were not read." }),
        ],
        { project: 1, instructions: "You are terse." },
      ),
    );
    fake.library.projects = [project(1, "The Salt Road", { notes: "No magic." })];
    fake.settings = { ...fake.settings, mood: "imaginative", bannedPhrases: ["tapestry"] };
    await open(fake);
    expect([size("Instructions"), size("Notes"), size("Earlier messages")]).toEqual([
      "3 words",
      "2 words",
      "2 · 6 words",
    ]);
    expect([size("Mood"), size("Never written")]).toEqual(["Imaginative", "1 phrase"]);
    expect(given().textContent).toContain("The first 2 messages no longer fit and were not read.");
    expect(given().textContent).toContain("11 of about 12,000 words that it holds in mind.");
  });

  test("of_a_long_conversation_is_judged_by_its_end", async () => {
    const fake = withPane(
      thread(
        5,
        Array.from({ length: 300 }, (_, i) =>
          i % 2 === 0 ? userMessage(i + 1, "one two three four five") : answer(i + 1, "one two three four five"),
        ),
      ),
    );
    fake.end = 20;
    await open(fake);
    expect(size("Earlier messages")).toBe("300 · about 1,500 words");
  });

  test("is_switched_off_part_by_part_and_says_so_and_stays_so", async () => {
    const picture = { id: 1, width: 12, height: 8, wordsCost: null };
    const fake = withPane(
      thread(5, [userMessage(1, "Three ways in?", { pictures: [picture] }), answer(2, "One. Two. Three.")], {
        project: 1,
        instructions: "You are terse.",
        attached: [{ ...picture, id: 2 }],
      }),
    );
    fake.library.projects = [road({ notes: "No magic." })];
    const { user, view } = await open(fake);
    const box = (name: string) => within(given()).queryByRole<HTMLInputElement>("checkbox", { name });
    expect(given().textContent).toContain("11 of about 12,000 words");
    await user.click(box("Notes")!);
    await user.click(box("Earlier messages")!);
    expect(fake.calls("leaveOut")).toEqual([
      [5, "notes", true],
      [5, "earlier", true],
    ]);
    expect(["Instructions", "Notes", "Earlier messages", "Earlier pictures"].map(size)).toEqual([
      "3 words",
      "left out by you",
      "left out by you",
      "left out by you",
    ]);
    expect(given().textContent).toContain("3 of about 12,000 words");
    expect(given().textContent).not.toContain("Nothing was left out.");
    expect(box("Earlier pictures"), "they come back with what was said").toBeNull();
    expect([size("Pictures with your message"), box("Pictures with your message")]).toEqual(["1", null]);

    view.unmount();
    await open(fake);
    expect([box("Notes")?.checked, box("Instructions")?.checked]).toEqual([false, true]);
    await user.click(box("Notes")!);
    expect(fake.calls("leaveOut").at(-1)).toEqual([5, "notes", false]);
    expect(size("Notes")).toBe("2 words");
  });

  test("has_no_switch_where_there_is_nothing_to_leave_out", async () => {
    await open(withPane(thread(5, [], { instructions: "You are terse." })));
    const boxes = within(given()).getAllByRole("checkbox");
    expect(boxes.map((box) => box.closest("li")?.dataset.part)).toEqual(["instructions"]);
  });

  test("is_held_to_the_mood_and_the_phrases_of_the_project", async () => {
    const fake = withPane(thread(5, [userMessage(1, "Hm")], { project: 1 }));
    fake.settings = { ...fake.settings, mood: "imaginative", bannedPhrases: ["tapestry"] };
    fake.library.projects = [road({ mood: "precise", bannedPhrases: ["Tapestry", "a testament to"] })];
    await open(fake);
    expect([size("Mood"), size("Never written")]).toEqual(["Precise, in this project", "2 phrases"]);
  });

  test("says_nothing_of_this_computers_mood_where_another_answers", async () => {
    const fake = withPane(thread(5, [userMessage(1, "Hm")], { goesTo: THERE }));
    fake.cloud.state = { on: true, locked: false, cap: null };
    await open(fake);
    expect(within(given()).queryByText("Mood")).toBeNull();
    expect(given().textContent).not.toContain("holds in mind");
  });
});

test.each([
  [60, "60 words"],
  [101, "101 words: more than the 100 it holds in mind"],
])("a_message_of_%i_words_says_so_and_whether_it_is_too_long_before_it_is_sent", async (words, said) => {
  const fake = new Fake(thread(5, [], { draft: "salt ".repeat(words) }));
  fake.engine = { state: "ready", model: "Tiny", device: "CPU", barred: "proven", holds: 100 };
  await open(fake);
  expect(screen.getByText(said)).toBeTruthy();
});

test("the_right_pane_is_closed_where_it_was_opened", async () => {
  const { user } = await open(withPane(thread(5, [userMessage(1, "Hm")])));
  expect(screen.queryByRole("button", { name: "Close this pane" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "What the model is told" }));
  expect(screen.queryByRole("region", { name: "What it is given" })).toBeNull();
});

describe("marked words", () => {
  const talk = () =>
    new Fake(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening to you.")], { draft: "My draft." }));
  async function mark(fake: Fake) {
    const opened = await open(fake);
    document
      .getSelection()
      ?.selectAllChildren(within(screen.getByRole("article", { name: "Answer" })).getByText(/Good evening/));
    await opened.user.keyboard("{Shift}");
    return opened;
  }

  test("are_quoted_in_the_composer_where_the_caret_is", async () => {
    const { user, message } = await mark(talk());
    await user.click(screen.getByRole("button", { name: "Quote" }));
    expect(message().value).toBe("My draft.> Good evening to you.\n\n");
    expect(screen.queryByRole("toolbar"), "done with").toBeNull();
  });

  test("are_asked_about_with_the_caret_before_them", async () => {
    const { user, message } = await mark(talk());
    await user.click(screen.getByRole("button", { name: "Ask about it" }));
    expect(message().value).toBe("My draft.\n\n> Good evening to you.");
    await act(async () => void (await new Promise(requestAnimationFrame)));
    expect(message().selectionStart).toBe("My draft.".length);
  });

  test("are_rewritten_as_a_message_of_its_own_and_the_draft_stays", async () => {
    const fake = talk();
    const { user, message } = await mark(fake);
    await user.click(screen.getByRole("button", { name: "Rewrite" }));
    expect(fake.questions()).toEqual([
      {
        type: "new",
        conversation: 5,
        text: "Rewrite this passage. Keep its meaning, its voice and about its length.\n\n> Good evening to you.",
      },
    ]);
    expect(message().value).toBe("My draft.");
  });
});

describe("copying an answer", () => {
  const before = document.execCommand;
  afterEach(() => {
    document.execCommand = before;
  });

  test("gives_its_form_and_its_words", async () => {
    const text = "**Ochre** and `#C08040`:\n\n1. one\n2. two";
    const { user } = await open(new Fake(thread(5, [userMessage(1, "Hm"), answer(2, text)])));
    const copied = new Map<string, string>();
    document.execCommand = () => {
      const event = new Event("copy", { bubbles: true, cancelable: true });
      Object.assign(event, { clipboardData: { setData: (type: string, data: string) => copied.set(type, data) } });
      return !document.dispatchEvent(event);
    };
    await user.click(within(screen.getByRole("article", { name: "Answer" })).getByRole("button", { name: "Copy" }));
    expect(copied.get("text/plain")).toBe(text);
    expect(copied.get("text/html")).toContain("<strong>Ochre</strong> and <code>#C08040</code>:");
    expect(copied.get("text/html")).toMatch(/<ol[^>]*><li>.*one.*<\/li><li>.*two.*<\/li><\/ol>/s);
    expect(copied.get("text/html")).not.toMatch(/class=|<button|<span/);
    expect(screen.getByText("Copied")).toBeTruthy();
  });
});

describe("a colour", () => {
  const swatches = () => [...document.querySelectorAll<HTMLElement>(".swatch")].map(({ style }) => style.background);

  test("that_is_written_is_shown_beside_its_value", async () => {
    await open(new Fake(thread(5, [userMessage(1, "Hm"), answer(2, "Fog `#C9CFCE`, madder #9e3d2f and #fab.")])));
    expect(swatches()).toEqual(["rgb(201, 207, 206)", "rgb(158, 61, 47)", "rgb(255, 170, 187)"]);
  });

  test("is_not_seen_in_what_only_looks_like_one", async () => {
    await open(
      new Fake(
        thread(5, [userMessage(1, "Hm"), answer(2, "Issue #123, item#abcdef, x/#abc, #abcdefg, #12345 and &#abc;")]),
      ),
    );
    expect(swatches()).toEqual([]);
  });
});

test("a_picture_is_looked_at_closely_and_the_arrows_go_to_the_next", async () => {
  const picture = { id: 1, width: 12, height: 8, wordsCost: null };
  const { user } = await open(
    new Fake(thread(5, [userMessage(1, "Look", { pictures: [picture, { ...picture, id: 2 }] })])),
  );
  await user.click(screen.getByRole("button", { name: "Picture 1 of 2, 12 by 8" }));
  expect(screen.getByRole("dialog", { name: "Picture 1 of 2, 12 by 8" })).toBeTruthy();
  await user.keyboard("{ArrowRight}");
  expect(screen.getByRole("dialog", { name: "Picture 2 of 2, 12 by 8" })).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a_pinned_conversation_stands_at_the_top_and_is_remembered", async () => {
  const fake = new Fake(
    thread(5, [userMessage(1, "Salt")], { title: "Salt" }),
    thread(6, [userMessage(2, "Rust")], { title: "Rust" }),
  );
  const { user } = await open(fake);
  const nav = within(screen.getByRole("navigation", { name: "Library" }));
  await user.pointer({ keys: "[MouseRight]", target: nav.getByRole("button", { name: "Rust" }) });
  await user.click(screen.getByRole("menuitem", { name: "Pin to the top" }));
  expect([...document.querySelectorAll<HTMLElement>("[data-row]")].map(({ textContent }) => textContent)).toEqual([
    "Rust",
    "Salt",
  ]);
  expect(JSON.parse(fake.remembered)).toMatchObject({ pinned: [6] });
});

test("the_left_pane_is_as_wide_as_it_was_drawn", async () => {
  const fake = new Fake(thread(5, [userMessage(1, "Salt")]));
  const { user } = await open(fake);
  act(() => screen.getByRole("separator", { name: "Width of the left pane" }).focus());
  await user.keyboard("{ArrowRight}");
  expect(JSON.parse(fake.remembered)).toMatchObject({ width: 280 });
});

test("notes_get_headings_for_what_most_are_about", async () => {
  const fake = new Fake(thread(5, [], { project: 1 }));
  fake.library.projects = [project(1, "The Salt Road")];
  const { user } = await open(fake);
  await user.click(screen.getByRole("button", { name: "The Salt Road" }));
  await user.click(screen.getByRole("button", { name: "+ Voice" }));
  await user.keyboard("Dry.");
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Notes" }).value).toBe("## Voice\nDry.");
  expect(screen.queryByRole("button", { name: "+ Voice" })).toBeNull();
});

test("what_the_engine_says_while_the_window_opens_is_not_overwritten_by_what_was_read", async () => {
  const fake = new Fake(thread(5));
  fake.engine = { state: "loading", model: "Tiny", done: 0, total: 1 };
  const backend = fake.backend();
  const library = backend.library;
  // The engine is read first; it is ready before the library is.
  backend.library = async () => {
    await fake.engineBecomes({ state: "ready", model: "Tiny", device: "CPU", barred: "proven", holds: 12_000 });
    return library();
  };
  await open(fake, backend);
  expect(screen.queryByText("Loading the model…")).toBeNull();
});
