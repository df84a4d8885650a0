/** Pictures on a page: they come in through the core alone, are undone and copied as one piece, and count no words. */
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { redo, undo } from "prosemirror-history";
import { DOMParser, DOMSerializer } from "prosemirror-model";
import { NodeSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, test } from "vitest";
import { stateOf } from "../src/editor/editor";
import { blocksFrom, markdownOf } from "../src/editor/markdown";
import { type PictureAttrs, picture as spec } from "../src/editor/picture";
import { changePicture, pictureIn, putPictures } from "../src/editor/pictures";
import { acceptOne, begin, proposalIn, show, showPage } from "../src/editor/proposals";
import { read, schema } from "../src/editor/schema";
import { wordsWithin } from "../src/editor/words";
import { openPage, page } from "./page";

const FILE = `${"a".repeat(64)}.png`;
const ATTRS: PictureAttrs = {
  file: FILE,
  width: 640,
  height: 480,
  alt: "A lamp",
  caption: "The last one",
  fit: "half",
  cover: false,
};
const lamp = (more: Partial<PictureAttrs> = {}) => schema.nodes.picture.create({ ...ATTRS, ...more });
const docOf = (...blocks: ReturnType<typeof lamp>[]) => schema.nodes.doc.create(null, blocks);
const words = (text: string) => schema.nodes.paragraph.create(null, schema.text(text));
const viewOf = (...blocks: ReturnType<typeof lamp>[]) =>
  new EditorView(document.createElement("div"), { state: stateOf(docOf(...blocks), "en") });
const kinds = (view: EditorView) => view.state.doc.children.map(({ type }) => type.name);

/** As a browser has it; jsdom has none. */
function carrying(parts: { files?: File[]; html?: string; text?: string }): object {
  const kept: Record<string, string> = { "text/html": parts.html ?? "", "text/plain": parts.text ?? "" };
  const types = Object.keys(kept).filter((type) => kept[type] !== "");
  return {
    files: parts.files ?? [],
    items: [],
    types: parts.files ? [...types, "Files"] : types,
    getData: (type: string) => kept[type] ?? "",
    setData: () => {},
    clearData: () => {},
  };
}

const png = () => new File(["pixels"], "lamp.png", { type: "image/png" });

test("what_is_no_picture_of_the_library_is_refused", () => {
  const doc = (attrs: object) => JSON.stringify({ type: "doc", content: [{ type: "picture", attrs }] });
  expect(read(doc(ATTRS)).firstChild?.attrs).toEqual(ATTRS);
  for (const wrong of [
    { file: "https://a.example/a.png" },
    { file: "../a.png" },
    { width: 0 },
    { height: 1.5 },
    { fit: "wide" },
    { alt: 1 },
  ])
    expect(() => read(doc({ ...ATTRS, ...wrong })), JSON.stringify(wrong)).toThrow();
});

test("a_picture_is_copied_whole_and_its_place_on_the_disk_is_told_to_nobody", () => {
  const place = document.createElement("div");
  place.append(DOMSerializer.fromSchema(schema).serializeFragment(docOf(lamp({ cover: true })).content));
  expect(place.innerHTML).not.toContain("src=");
  const back = DOMParser.fromSchema(schema).parse(place);
  expect(back.firstChild?.attrs).toEqual(ATTRS);
  expect(spec.leafText?.(lamp())).toBe("[Picture: A lamp]\nThe last one");
});

test("a_picture_counts_no_words_and_no_model_is_given_it", () => {
  const doc = docOf(words("One two."), lamp(), words("Three."));
  expect(wordsWithin(doc, 1000)).toBe(3);
  expect(markdownOf(doc.content)).toBe("One two.\n\nThree.");
});

test("it_stands_behind_the_paragraph_at_the_caret_and_one_undo_takes_it_back", () => {
  const view = viewOf(words("One"), words("Two"));
  putPictures(view, [{ file: FILE, width: 640, height: 480 }]);
  expect(kinds(view)).toEqual(["paragraph", "picture", "paragraph"]);
  expect(pictureIn(view.state)?.at).toBe(5);
  undo(view.state, view.dispatch);
  expect(kinds(view)).toEqual(["paragraph", "paragraph"]);
  redo(view.state, view.dispatch);
  expect(kinds(view)).toEqual(["paragraph", "picture", "paragraph"]);
});

test("an_empty_paragraph_makes_way_and_behind_the_last_picture_can_be_written_on", () => {
  const view = viewOf(schema.nodes.paragraph.create());
  putPictures(view, [
    { file: FILE, width: 640, height: 480 },
    { file: FILE, width: 640, height: 480 },
  ]);
  expect(kinds(view)).toEqual(["picture", "picture", "paragraph"]);
});

test("of_a_page_one_picture_is_the_cover", () => {
  const view = viewOf(lamp({ cover: true }), lamp());
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, 1)));
  changePicture(view, 1, { cover: true, alt: "x".repeat(5000) });
  expect(view.state.doc.children.map(({ attrs }) => attrs["cover"] as boolean)).toEqual([false, true]);
  expect((view.state.doc.child(1).attrs["alt"] as string).length).toBe(1000);
  expect(pictureIn(view.state)?.at).toBe(1);
});

test("what_is_typed_of_a_picture_in_one_go_is_undone_in_one_go", () => {
  const view = viewOf(words("One"), lamp({ alt: "" }), words("Two"));
  for (const alt of ["A", "A l", "A lamp"]) changePicture(view, 5, { alt });
  expect(pictureIn(view.state)?.attrs.alt).toBe("A lamp");
  undo(view.state, view.dispatch);
  expect(view.state.doc.child(1).attrs["alt"]).toBe("");
  redo(view.state, view.dispatch);
  expect(view.state.doc.child(1).attrs["alt"]).toBe("A lamp");
});

test("what_a_model_proposes_for_a_passage_takes_no_picture_away", () => {
  for (const proposed of ["One was.\n\nTwo was.", "All of it is another thing now", "- a\n- b\n\nand c\n\nand d"]) {
    const view = viewOf(words("One is."), lamp(), words("Two is."));
    begin(view, 1, view.state.doc.content.size - 1);
    show(view, proposed, { how: "model_here", who: "Tiny", edited: false });
    for (let left = 20; left > 0 && (proposalIn(view.state)?.changes?.length ?? 0) > 0; left -= 1) acceptOne(view);
    expect(
      kinds(view).filter((kind) => kind === "picture"),
      proposed,
    ).toHaveLength(1);
    expect(markdownOf(view.state.doc.content).replace(/\s+/g, " ")).toBe(
      markdownOf(docOf(...blocksFrom(proposed)).content).replace(/\s+/g, " "),
    );
  }
});

test("an_earlier_version_brings_its_pictures_back_and_takes_later_ones_away", () => {
  const view = viewOf(words("One"), lamp());
  showPage(view, docOf(words("One"), lamp({ file: `${"b".repeat(64)}.jpg` })));
  acceptOne(view);
  expect(view.state.doc.child(1).attrs["file"]).toBe(`${"b".repeat(64)}.jpg`);
  expect(view.state.doc.childCount).toBe(2);
});

test("a_picture_that_is_pasted_goes_through_the_core_and_is_stored_with_the_page", async () => {
  const fake = page("One");
  const { text } = await openPage(fake);
  fireEvent.paste(text, { clipboardData: carrying({ files: [png()] }) });
  await waitFor(() => expect(fake.calls("pastePagePicture")).toEqual([[501, btoa("pixels")]]));
  await waitFor(() => expect(fake.pages.find(501).document).toContain(FILE));
  const seen = await screen.findByRole<HTMLImageElement>("img");
  expect(seen.src).toBe("data:image/png;base64,AA==");
});

test("what_is_said_of_it_is_written_in_the_bar_below_it", async () => {
  const fake = page("One");
  const { text, user } = await openPage(fake);
  fireEvent.paste(text, { clipboardData: carrying({ files: [png()] }) });
  await user.type(await screen.findByRole("textbox", { name: /Description/ }), "A lamp");
  await user.type(screen.getByRole("textbox", { name: "Caption" }), "The last");
  await user.click(screen.getByRole("button", { name: "Half as wide" }));
  await user.click(screen.getByRole("button", { name: "Use as cover" }));
  const stored = () => JSON.parse(fake.pages.find(501).document) as { content: { attrs?: PictureAttrs }[] };
  await waitFor(() =>
    expect(stored().content[1]?.attrs).toEqual({ ...ATTRS, caption: "The last", fit: "half", cover: true }),
  );
  expect(screen.getByRole("img", { name: "A lamp" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(fake.pages.find(501).document).not.toContain(FILE));
});

test("a_picture_whose_file_is_gone_says_so_and_the_text_stays", async () => {
  const fake = page("One");
  fake.pages.lost.add(FILE);
  fake.pages.put(501, [{ type: "picture", attrs: { ...ATTRS } }, { type: "paragraph" }], { title: "The road" });
  await openPage(fake);
  expect(await screen.findByText("This picture is not here any more.")).toBeTruthy();
  expect(screen.getByText("The last one")).toBeTruthy();
});

test("one_that_cannot_be_taken_says_why_and_changes_nothing", async () => {
  const fake = page("One");
  fake.pages.noPicture = "This is no picture.";
  const { text } = await openPage(fake);
  fireEvent.paste(text, { clipboardData: carrying({ files: [png()] }) });
  expect(await screen.findByText("This is no picture.")).toBeTruthy();
  expect(fake.calls("savePage")).toEqual([]);
});

test("of_a_picture_from_elsewhere_the_words_stay_and_nothing_is_fetched", async () => {
  const fake = page("One");
  const { text, view } = await openPage(fake);
  const html = '<p>See <img src="https://a.example/spy.png" alt="the map"> here</p>';
  fireEvent.paste(text, { clipboardData: carrying({ html, text: "See here" }) });
  await waitFor(() => expect(view.state.doc.textContent).toContain("See the map here"));
  expect(kinds(view)).not.toContain("picture");
  expect(fake.calls("pastePagePicture")).toEqual([]);
  expect(text.innerHTML).not.toContain("a.example");
});

test("a_picture_that_a_browser_copied_comes_by_its_pixels_and_not_by_where_it_lies", async () => {
  const fake = page("One");
  const { text, view } = await openPage(fake);
  const html = '<meta charset="utf-8"><img src="https://a.example/lamp.png" alt="A lamp">';
  fireEvent.paste(text, { clipboardData: carrying({ files: [png()], html }) });
  await waitFor(() => expect(kinds(view)).toEqual(["paragraph", "picture", "paragraph"]));
  // Where the web view shows its page no files, the system's clipboard has them.
  fireEvent.paste(text, { clipboardData: carrying({ html }) });
  await waitFor(() => expect(fake.calls("pastePageClipboard")).toEqual([[501]]));
});

test("a_picture_within_what_was_pasted_comes_in_where_it_stood", async () => {
  const fake = page("One");
  const { text, view } = await openPage(fake);
  const html = '<p>Before</p><img alt="Dawn" src="data:image/png;base64,cGl4ZWxz"><p>After</p>';
  fireEvent.paste(text, { clipboardData: carrying({ html, text: "Before After" }) });
  await waitFor(() => expect(kinds(view)).toContain("picture"));
  expect(fake.calls("pastePagePicture")).toEqual([[501, "cGl4ZWxz"]]);
  const at = kinds(view).indexOf("picture");
  expect(view.state.doc.child(at).attrs["alt"]).toBe("Dawn");
  expect(view.state.doc.child(at - 1).textContent).toContain("Before");
});

test("a_picture_that_is_dropped_comes_onto_the_page_and_becomes_none_of_its_own", async () => {
  const fake = page("One");
  fake.pages.dropsPicture = true;
  const { view } = await openPage(fake);
  await fake.filesAre("dropped");
  await waitFor(() => expect(kinds(view)).toContain("picture"));
  expect(fake.calls("importFiles")).toEqual([]);
});

test("the_menu_asks_for_a_file", async () => {
  const fake = page("One");
  const { user, view } = await openPage(fake);
  await user.click(screen.getByRole("button", { name: "How it looks" }));
  await user.click(screen.getByRole("menuitem", { name: "Insert picture…" }));
  await waitFor(() => expect(kinds(view)).toContain("picture"));
  await act(async () => void undo(view.state, view.dispatch));
  expect(kinds(view)).toEqual(["paragraph"]);
});

test("of_one_paste_no_more_than_a_hundred_pictures_come_in", async () => {
  const fake = page("One");
  const { text, view } = await openPage(fake);
  const html = '<p>x</p><img alt="One more" src="data:image/png;base64,AA==">'.repeat(101);
  fireEvent.paste(text, { clipboardData: carrying({ html, text: "x" }) });
  await waitFor(() => expect(kinds(view)).toContain("picture"), { timeout: 15_000 });
  expect(fake.calls("pastePagePicture")).toHaveLength(100);
  expect(view.state.doc.textContent).toContain("One more");
});
