import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { TroubleError } from "../src/backend/client";
import { answer, Fake, project, thread, userMessage } from "./fake";
import { open } from "./open";

const salt = thread(5, [userMessage(1, "Salt"), answer(2, "Old salt.")], { title: "Opening lines" });
const rust = thread(6, [userMessage(3, "Rust"), answer(4, "Ochre.")], { title: "Words for rust" });
const library = () => screen.getByRole("navigation", { name: "Library" });
const row = (name: string) => within(library()).queryByRole("button", { name });
/** What the test changes in the fake between two calls is one object: a fresh one for each. */
const two = () => new Fake(structuredClone(salt), structuredClone(rust));

describe("the trash", () => {
  test("takes_a_conversation_and_undo_brings_it_back", async () => {
    const fake = two();
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "This conversation" }));
    await user.click(screen.getByRole("menuitem", { name: "Move to the trash" }));
    expect(fake.calls("trash")).toEqual([[{ kind: "conversation", id: 5 }]]);
    expect(row("Opening lines")).toBeNull();
    expect(screen.queryByText("Old salt.")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(fake.calls("restore")).toEqual([[{ kind: "conversation", id: 5 }]]);
    expect(row("Opening lines")).toBeTruthy();
    expect(screen.getByText("Old salt.")).toBeTruthy();
    expect(screen.queryByText("Moved to the trash.")).toBeNull();
  });

  test("lists_what_is_in_it_restores_and_is_emptied_only_after_asking", async () => {
    const fake = two();
    fake.library.trash = [
      { kind: "conversation", id: 60, title: "A bad idea", trashedAt: 0 },
      { kind: "conversation", id: 61, title: "A worse one", trashedAt: 0 },
    ];
    fake.put(thread(60, [userMessage(8, "Hm")], { title: "A bad idea" }));
    fake.library.conversations = fake.library.conversations.filter(({ id }) => id !== 60);
    const { user } = await open(fake);
    await user.click(within(library()).getByRole("button", { name: /^Trash/ }));
    await user.click(screen.getByRole("button", { name: "Restore A bad idea" }));
    expect(row("A bad idea")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Empty the trash…" }));
    await user.click(screen.getByRole("button", { name: "Keep everything" }));
    expect(fake.calls("emptyTrash")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Empty the trash…" }));
    await user.click(screen.getByRole("button", { name: "Empty it for good" }));
    expect(fake.calls("emptyTrash")).toHaveLength(1);
    expect(screen.getByText(/Nothing here/)).toBeTruthy();
  });

  test("the_delete_key_on_a_line_of_the_library_throws_it_away", async () => {
    const fake = two();
    const { user } = await open(fake);
    act(() => row("Words for rust")?.focus());
    await user.keyboard("{Delete}");
    expect(fake.calls("trash")).toEqual([[{ kind: "conversation", id: 6 }]]);
    expect(document.activeElement, "the focus goes to its neighbour").toBe(row("Opening lines"));
    expect(screen.getByText("Moved to the trash.")).toBeTruthy();
  });
});

describe("titles", () => {
  test("are_edited_in_place_and_kept_with_enter", async () => {
    const fake = two();
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Opening lines", description: "Rename" }));
    await user.keyboard("The cost{Enter}");
    expect(fake.calls("renameConversation")).toEqual([[5, "The cost"]]);
  });

  test("escape_keeps_the_old_one", async () => {
    const fake = two();
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Opening lines", description: "Rename" }));
    await user.keyboard("Nonsense{Escape}");
    expect(fake.calls("renameConversation")).toEqual([]);
  });
});

describe("a new conversation", () => {
  const point = {
    id: 11,
    name: "Naming",
    description: "Names for brands",
    instructions: "You find names.",
    builtIn: true,
  };

  test("reuses_the_one_that_lies_unused", async () => {
    const fake = two();
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "New conversation" }));
    await user.click(row("Words for rust")!);
    await user.click(screen.getByRole("button", { name: "New conversation" }));
    expect(fake.calls("createConversation")).toHaveLength(1);
  });

  test("a_starting_point_gives_its_instructions_and_fitting_examples", async () => {
    const fake = new Fake(thread(9));
    fake.library.startingPoints = [point];
    const { user, message } = await open(fake);
    await user.click(screen.getByRole("radio", { name: /Naming/ }));
    expect(fake.calls("setInstructions")).toEqual([[9, "You find names."]]);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /Naming/ }).getAttribute("aria-checked")).toBe("true");
    await user.click(screen.getByRole("button", { name: "A palette from a place" }));
    expect(message().value).toContain("fishing harbour");
    expect(document.activeElement).toBe(message());
    expect(fake.questions()).toEqual([]);
  });

  test("a_starting_point_of_ones_own_is_made_and_chosen", async () => {
    const fake = new Fake(thread(9));
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Make your own" }));
    await user.type(screen.getByRole("textbox", { name: "Name" }), "Aunt");
    await user.type(screen.getByRole("textbox", { name: "What the model is told" }), "You are my aunt.");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(fake.calls("saveStartingPoint")).toEqual([[null, "Aunt", "", "You are my aunt."]]);
    expect(fake.calls("setInstructions")).toEqual([[9, "You are my aunt."]]);
  });

  test("a_built_in_starting_point_goes_back_to_the_original", async () => {
    const fake = new Fake(thread(9, [], { instructions: point.instructions }));
    fake.library.startingPoints = [point];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Edit “Naming”" }));
    expect(screen.queryByRole("button", { name: "Delete" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Back to the original" }));
    expect(fake.calls("resetStartingPoint")).toEqual([[11]]);
  });
});

describe("search", () => {
  test("opens_the_conversation_at_the_message_found", async () => {
    const fake = two();
    fake.hits = [{ conversation: 6, message: 4, title: "Words for rust", snippet: ["", "Ochre", "."], updatedAt: 0 }];
    const { user } = await open(fake);
    await user.keyboard("{Control>}{Shift>}f{/Shift}{/Control}");
    await user.type(screen.getByRole("combobox", { name: "Search everything" }), "ochre");
    expect((await screen.findByRole("option")).querySelector("mark")?.textContent).toBe("Ochre");
    await user.keyboard("{Enter}");
    const found = await screen.findByText("Ochre.");
    expect(document.activeElement).toBe(found.closest("article"));
    expect(fake.calls("chooseAlternative")).toEqual([]);
  });

  test("chooses_the_branch_first_where_the_message_is_on_another", async () => {
    const fake = two();
    fake.hits = [{ conversation: 6, message: 44, title: "Words for rust", snippet: ["", "bloom", ""], updatedAt: 0 }];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Search" }));
    await user.type(screen.getByRole("combobox"), "bloom");
    await screen.findByRole("option");
    fake.failures.set("chooseAlternative", new TroubleError("notFound", "This message is gone."));
    await user.keyboard("{Enter}");
    expect(fake.calls("chooseAlternative")).toEqual([[44]]);
    expect((await screen.findByRole("alert")).textContent).toContain("This message is gone.");
  });

  test("says_when_nothing_is_found", async () => {
    const { user } = await open(two());
    await user.click(screen.getByRole("button", { name: "Search" }));
    await user.type(screen.getByRole("combobox"), "zzz");
    expect(await screen.findByText("Nothing found with these words.")).toBeTruthy();
  });
});

test("the_palette_opens_conversations_and_does_things_by_keyboard_alone", async () => {
  const fake = two();
  const { user } = await open(fake);
  await user.keyboard("{Control>}k{/Control}rust{Enter}");
  expect(screen.getByRole("button", { name: "Words for rust", description: "Rename" })).toBeTruthy();
  await user.keyboard("{Control>}k{/Control}open a model{Enter}");
  expect(fake.calls("chooseModel")).toHaveLength(1);
});

test("the_menu_of_the_system_does_what_it_says", async () => {
  const fake = two();
  await open(fake);
  await fake.chooseInMenu("openModel");
  expect(fake.calls("chooseModel")).toHaveLength(1);
  await fake.chooseInMenu("newConversation");
  expect(fake.calls("createConversation")).toHaveLength(1);
  await fake.chooseInMenu("search");
  expect(screen.getByRole("dialog", { name: "Search everything" })).toBeTruthy();
});

test("the_menu_is_walked_with_arrows_and_escape_gives_the_focus_back", async () => {
  const { user } = await open(two());
  const button = screen.getByRole("button", { name: "This conversation" });
  act(() => button.focus());
  await user.keyboard("{Enter}");
  expect(document.activeElement).toBe(screen.getByRole("menuitem", { name: "Rename" }));
  await user.keyboard("{ArrowDown}{End}");
  expect(document.activeElement?.textContent).toBe("Move to the trash");
  await user.keyboard("{Escape}");
  expect(document.activeElement).toBe(button);
  expect(screen.queryByRole("menu")).toBeNull();
});

test("a_menu_that_is_scrolled_stays_and_closes_when_what_is_below_it_moves", async () => {
  const { user } = await open(new Fake(thread(5, [userMessage(1, "Hello")])));
  await user.click(screen.getByRole("button", { name: "This conversation" }));
  fireEvent.scroll(screen.getByRole("menu"));
  expect(screen.getByRole("menu")).toBeTruthy();
  fireEvent.scroll(screen.getByRole("region", { name: "Conversation" }));
  expect(screen.queryByRole("menu")).toBeNull();
});

test("a_menu_takes_the_focus_only_once_it_can_be_seen", async () => {
  const { user } = await open(two());
  const hidden: string[] = [];
  const focus = HTMLElement.prototype.focus;
  // Here what is hidden takes the focus; in a web view it does not, and no key reaches the menu.
  HTMLElement.prototype.focus = function (options) {
    if (this.closest<HTMLElement>("[role=menu]")?.style.visibility === "hidden") hidden.push(this.textContent);
    focus.call(this, options);
  };
  try {
    await user.click(screen.getByRole("button", { name: "This conversation" }));
  } finally {
    HTMLElement.prototype.focus = focus;
  }
  expect(hidden).toEqual([]);
  expect(document.activeElement).toBe(screen.getByRole("menuitem", { name: "Rename" }));
});

test("a_library_that_cannot_be_read_says_so", async () => {
  const fake = two();
  fake.failures.set("library", new TroubleError("other", "A newer Sotto wrote this. Nothing was touched."));
  await open(fake);
  expect(screen.getByRole("alert").textContent).toContain("A newer Sotto wrote this.");
});

test("a_conversation_that_is_gone_leaves_the_list", async () => {
  const fake = two();
  const { user } = await open(fake);
  fake.failures.set("openConversation", new TroubleError("notFound", "This conversation is not here any more."));
  fake.library.conversations = fake.library.conversations.filter(({ id }) => id !== 6);
  await user.click(row("Words for rust")!);
  expect(row("Words for rust")).toBeNull();
  expect(screen.getByRole("alert").textContent).toContain("not here any more");
});

test("the_engine_line_says_no_more_than_was_proven", async () => {
  const fake = two();
  await open(fake);
  expect(within(library()).getByText("On this device · no network")).toBeTruthy();
  await fake.engineBecomes({ state: "ready", model: "Tiny", device: "CPU", barred: "unproven", holds: 12_000 });
  expect(within(library()).queryByText(/no network/)).toBeNull();
  expect(within(library()).getByText("On this device · bar not proven")).toBeTruthy();
});

test("only_the_beginning_of_a_long_library_is_in_the_page", async () => {
  const fake = two();
  const many = Array.from({ length: 1000 }, (_, i) => ({
    id: 1000 + i,
    project: null,
    position: null,
    title: `Old ${i}`,
    updatedAt: 0,
    hasDraft: false,
    untouched: false,
    leaves: false,
  }));
  fake.library.conversations.push(...many);
  await open(fake);
  expect(row("Opening lines")).toBeTruthy();
  expect(within(library()).getAllByRole("button", { name: /^Old/ }).length).toBeLessThanOrEqual(100);
});

describe("what hands expect", () => {
  test("a_dialog_asks_before_what_was_typed_would_be_gone", async () => {
    const { user } = await open(new Fake(thread(9)));
    await user.click(screen.getByRole("button", { name: "Make your own" }));
    await user.type(screen.getByRole("textbox", { name: "What the model is told" }), "You are my aunt.");
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Go on writing" }));
    await user.keyboard("{Enter}");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "What the model is told" }).value).toBe(
      "You are my aunt.",
    );
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("an_edit_left_by_escape_is_there_again", async () => {
    const { user } = await open(two());
    await user.click(screen.getByRole("button", { name: "Edit" }));
    await user.type(screen.getByRole("textbox", { name: "Edit your message" }), " and foam{Escape}");
    await user.click(screen.getByRole("button", { name: "Edit" }));
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit your message" }).value).toBe("Salt and foam");
  });

  test("a_letter_typed_at_nothing_is_written_in_the_composer", async () => {
    const { user, message } = await open(two());
    act(() => screen.getByRole("button", { name: "This conversation" }).focus());
    await user.keyboard("h");
    expect(message().value).toBe("h");
  });

  test("the_arrow_up_in_an_empty_composer_edits_the_last_message", async () => {
    const { user, message } = await open(two());
    await user.click(message());
    await user.keyboard("{ArrowUp}");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Edit your message" }));
  });

  test("right_click_on_a_line_has_its_actions_and_a_double_click_renames_it", async () => {
    const fake = two();
    const { user } = await open(fake);
    await user.pointer({ keys: "[MouseRight]", target: row("Words for rust")! });
    await user.click(screen.getByRole("menuitem", { name: "Rename" }));
    await user.keyboard("Ochre{Enter}");
    expect(fake.calls("renameConversation")).toEqual([[6, "Ochre"]]);
    await user.dblClick(row("Opening lines")!);
    await user.keyboard("Salt{Enter}");
    expect(fake.calls("renameConversation").at(-1)).toEqual([5, "Salt"]);
  });

  test("a_dropped_text_becomes_part_of_the_message_and_a_stranger_says_why_not", async () => {
    const fake = two();
    const { message } = await open(fake);
    fake.handed = {
      texts: [{ name: "chapter.md", text: "It rained." }],
      troubles: ["“a.exe” cannot become part of a message."],
    };
    await fake.filesAre("dropped");
    expect(message().value).toBe("chapter.md:\n\nIt rained.\n\n");
    expect(screen.getByText("“a.exe” cannot become part of a message.")).toBeTruthy();
  });

  test("tab_stops_once_in_the_left_pane", async () => {
    await open(two());
    const pane = screen.getByRole("navigation", { name: "Library" });
    const stops = () =>
      [...pane.querySelectorAll<HTMLElement>("button, [tabindex]")].filter((one) => one.tabIndex === 0);
    expect(stops()).toEqual([row("Opening lines")]);
  });

  test("arrows_reach_everything_in_the_left_pane_and_tab_comes_back_to_where_they_were", async () => {
    const { user, message } = await open(two());
    const pane = screen.getByRole("navigation", { name: "Library" });
    const all = [...pane.querySelectorAll<HTMLElement>("button:not(.fold), [role=separator]")];
    act(() => all[0]?.focus());
    const reached = [];
    for (const _ of all) {
      reached.push(document.activeElement);
      await user.keyboard("{ArrowDown}");
    }
    expect(reached).toEqual(all);
    act(() => screen.getByRole("button", { name: "Settings" }).focus());
    act(() => message().focus());
    while (!pane.contains(document.activeElement)) await user.tab({ shift: true });
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Settings" }));
  });

  test("keys_of_a_field_in_the_left_pane_stay_in_it", async () => {
    const { user } = await open(two());
    await user.dblClick(row("Opening lines")!);
    await user.keyboard("{Home}x");
    const field = within(library()).getByRole<HTMLInputElement>("textbox", { name: "Title" });
    expect(document.activeElement).toBe(field);
    expect(field.value).toContain("x");
  });

  test("several_lines_are_marked_and_thrown_away_together_with_one_way_back", async () => {
    const fake = new Fake(
      structuredClone(salt),
      structuredClone(rust),
      thread(7, [userMessage(9, "Foam")], { title: "Foam" }),
    );
    const { user } = await open(fake);
    await user.keyboard("{Control>}");
    await user.click(row("Foam")!);
    await user.keyboard("{/Control}");
    expect(fake.calls("openConversation"), "marking opens nothing").toEqual([[5]]);
    expect([...document.querySelectorAll("[data-marked]")].map(({ textContent }) => textContent)).toEqual([
      "Opening lines",
      "Foam",
    ]);
    await user.keyboard("{Delete}");
    expect(fake.calls("trash")).toEqual([[{ kind: "conversation", id: 5 }], [{ kind: "conversation", id: 7 }]]);
    expect([row("Opening lines"), row("Foam")]).toEqual([null, null]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(fake.calls("restore")).toEqual([[{ kind: "conversation", id: 5 }], [{ kind: "conversation", id: 7 }]]);
    expect([row("Opening lines"), row("Foam")]).not.toContain(null);
  });

  test("a_stretch_of_lines_is_marked_with_shift_and_moved_by_its_menu", async () => {
    const fake = new Fake(
      structuredClone(salt),
      structuredClone(rust),
      thread(7, [userMessage(9, "Foam")], { title: "Foam" }),
    );
    fake.library.projects = [project(1, "The Salt Road")];
    const { user } = await open(fake);
    await user.keyboard("{Shift>}");
    await user.click(row("Foam")!);
    await user.keyboard("{/Shift}");
    await user.pointer({ keys: "[MouseRight]", target: row("Words for rust")! });
    await user.click(screen.getByRole("menuitem", { name: "Move 3 conversations to The Salt Road" }));
    expect(
      fake
        .calls("moveConversation")
        .map(([id]) => id)
        .sort(),
    ).toEqual([5, 6, 7]);
    expect(document.querySelector("[data-marked]")).toBeNull();
  });
});

test("what_another_window_or_a_terminal_wrote_is_seen_at_once", async () => {
  const fake = two();
  await open(fake);
  expect(screen.getByText("Old salt.")).toBeTruthy();
  fake.put(thread(9, [userMessage(8, "Rain")], { title: "Asked in a terminal" }));
  fake.put({ ...structuredClone(salt), branch: [1, 2, 3], messages: [...salt.messages, userMessage(3, "And pepper")] });
  await fake.othersWrote();
  expect(row("Asked in a terminal")).toBeTruthy();
  expect(screen.getByText("And pepper")).toBeTruthy();
});
