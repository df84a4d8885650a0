import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { LARGEST_PICTURE, type Picture } from "../src/backend/client";
import { answer, Fake, thread, userMessage } from "./fake";
import { GUIDE, SMALL } from "./fakeModels";
import { open } from "./open";

const HARBOUR: Picture = { id: 9, width: 1200, height: 800, wordsCost: "About 700 words." };
const talk = (more = {}) => thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.")], more);

function seeing(one = talk()): Fake {
  const fake = new Fake(one, thread(6, [userMessage(7, "Else")]));
  fake.models.installed = [
    { ...GUIDE, inUse: false },
    { ...SMALL, inUse: true },
  ];
  return fake;
}

function image(bytes = "pixels", size?: number): File {
  const file = new File([bytes], "harbour.png", { type: "image/png" });
  if (size !== undefined) Object.defineProperty(file, "size", { value: size });
  return file;
}

const attached = () => screen.queryByRole("list", { name: "Attached pictures" });
const shown = () => (attached() ? within(attached()!).getAllByRole("img") : []);
const data = (...files: File[]) => ({ files, types: ["Files"], items: [] });

describe("a picture", () => {
  test("is_attached_by_the_systems_own_dialog_with_what_it_costs", async () => {
    const fake = seeing();
    const { user, message } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Show a picture" }));
    expect(fake.calls("attachPictures")).toEqual([[5]]);
    expect(within(attached()!).getByRole<HTMLImageElement>("img", { name: "Picture, 1,200 by 800" }).src).toContain(
      "data:image/png",
    );
    expect(screen.getByText("About 700 words.")).toBeTruthy();
    expect(document.activeElement, "the user goes on writing").toBe(message());
  });

  test("is_pasted", async () => {
    const fake = seeing();
    const { message } = await open(fake);
    await act(async () => void fireEvent.paste(message(), { clipboardData: data(image()) }));
    await screen.findByRole("list", { name: "Attached pictures" });
    expect(fake.calls("pastePicture")).toEqual([[5, btoa("pixels")]]);
  });

  test("is_dropped_and_so_are_two", async () => {
    const fake = seeing();
    await open(fake);
    await act(
      async () =>
        void fireEvent.drop(screen.getByRole("region", { name: "Conversation" }), {
          dataTransfer: data(image("one"), image("two")),
        }),
    );
    await screen.findByRole("img", { name: "Picture 2 of 2, 1,200 by 800" });
    expect(fake.calls("pastePicture")).toEqual([
      [5, btoa("one")],
      [5, btoa("two")],
    ]);
  });

  test("dropped_beside_the_conversation_opens_nothing", async () => {
    const fake = seeing();
    await open(fake);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(drop, { dataTransfer: { ...data(image()), dropEffect: "copy" } });
    screen.getByRole("navigation").dispatchEvent(drop);
    expect(drop.defaultPrevented, "the web view would show the file instead of the window").toBe(true);
    expect(fake.calls("pastePicture")).toEqual([]);
  });

  test("pasted_words_stay_words", async () => {
    const fake = seeing();
    const { user, message } = await open(fake);
    await user.click(message());
    await user.paste("only words");
    expect(message().value).toBe("only words");
    expect(fake.calls("pastePicture")).toEqual([]);
  });

  test("that_is_too_large_is_refused_before_it_is_read", async () => {
    const fake = seeing();
    const { message } = await open(fake);
    await act(async () => void fireEvent.paste(message(), { clipboardData: data(image("", LARGEST_PICTURE + 1)) }));
    expect((await screen.findByRole("alert")).textContent).toContain(
      `This picture is too large (${LARGEST_PICTURE / 1e6 + 1} MB). Up to ${LARGEST_PICTURE / 1e6} MB works.`,
    );
    expect(fake.calls("pastePicture")).toEqual([]);
  });

  test("that_cannot_be_read_is_refused_with_a_sentence_and_the_others_stay", async () => {
    const fake = seeing(talk({ attached: [HARBOUR] }));
    fake.refusals = ["This picture is damaged. Another copy of it may work."];
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Show a picture" }));
    expect(screen.getByRole("alert").textContent).toContain("This picture is damaged.");
    expect(shown()).toHaveLength(1);
  });

  test("is_taken_away_again", async () => {
    const fake = seeing(talk({ attached: [HARBOUR] }));
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Take away: Picture, 1,200 by 800" }));
    expect(fake.calls("detachPicture")).toEqual([[5, 9]]);
    expect(attached()).toBeNull();
  });

  test("stays_with_its_draft_while_the_user_is_elsewhere", async () => {
    const { user } = await open(seeing(talk({ attached: [HARBOUR] })));
    expect(shown()).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Talk 6" }));
    expect(attached()).toBeNull();
    await user.click(screen.getByRole("button", { name: "Talk 5" }));
    expect(shown()).toHaveLength(1);
  });

  test("goes_with_the_message_even_without_a_word_and_leaves_the_composer", async () => {
    const fake = seeing(talk({ attached: [HARBOUR] }));
    const { user } = await open(fake);
    await user.click(screen.getByRole("button", { name: "Send" }));
    expect(fake.questions()[0]).toEqual({ type: "new", conversation: 5, text: "" });
    await fake.emit({
      type: "stored",
      thread: thread(5, [userMessage(3, "", { pictures: [HARBOUR] }), answer(4, "", { state: "streaming" })]),
    });
    expect(attached()).toBeNull();
    const mine = screen.getByRole("article", { name: "You" });
    expect(within(mine).getByRole("img", { name: "Picture, 1,200 by 800" })).toBeTruthy();
  });
});

describe("a model that cannot see", () => {
  const blind = () => {
    const fake = seeing(talk({ attached: [HARBOUR] }));
    fake.models.installed = [GUIDE, SMALL];
    return fake;
  };

  test("is_said_before_anything_is_sent_and_the_picture_is_kept", async () => {
    const fake = blind();
    const { user, message } = await open(fake);
    expect(screen.getByText(/The built-in guide cannot see pictures. Yours is kept here/)).toBeTruthy();
    await user.type(message(), "What is this?{Enter}");
    expect(fake.questions()).toEqual([]);
    expect(message().value).toBe("What is this?");
    expect(shown()).toHaveLength(1);
  });

  test("makes_room_for_one_that_can", async () => {
    const fake = blind();
    const { user, message } = await open(fake);
    await user.type(message(), "What is this?");
    await user.click(screen.getByRole("button", { name: "Switch to Small" }));
    expect(fake.calls("useModel")).toEqual([["small"]]);
    await user.type(message(), "{Enter}");
    expect(fake.questions()[0]).toEqual({ type: "new", conversation: 5, text: "What is this?" });
  });

  test("answers_words_as_ever_once_the_picture_is_taken_away", async () => {
    const fake = blind();
    const { user, message } = await open(fake);
    await user.click(screen.getByRole("button", { name: /^Take away/ }));
    await user.type(message(), "Then only words{Enter}");
    expect(fake.questions()).toHaveLength(1);
  });
});

test("a_picture_that_is_lost_says_so_in_its_place", async () => {
  const fake = seeing(thread(5, [userMessage(1, "Look", { pictures: [HARBOUR] }), answer(2, "Yes.")]));
  fake.failures.set("picture", new Error("gone"));
  await open(fake);
  expect(screen.getByRole("img", { name: "Picture, 1,200 by 800, not found" })).toBeTruthy();
  expect(screen.getByText("Yes.")).toBeTruthy();
});

describe("a remark", () => {
  const REMARK = "The first 8 messages no longer fit and were not read.";

  test("stands_under_its_answer_whenever_the_conversation_is_opened", async () => {
    await open(seeing(thread(5, [userMessage(1, "Hello"), answer(2, "Good evening.", { remark: REMARK })])));
    expect(within(screen.getByRole("article", { name: "Answer" })).getByText(REMARK)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("is_not_said_twice_when_the_answer_has_just_ended", async () => {
    const fake = seeing(thread(5));
    const { user, message } = await open(fake);
    await user.type(message(), "Hello{Enter}");
    await fake.emit({
      type: "stored",
      thread: thread(5, [userMessage(1, "Hello"), answer(2, "", { state: "streaming" })]),
    });
    await fake.emit({
      type: "finished",
      message: answer(2, "Good evening.", { remark: REMARK }),
      title: "Hello",
      trouble: REMARK,
      page: null,
    });
    expect(within(screen.getByRole("article", { name: "Answer" })).getAllByText(REMARK)).toHaveLength(1);
  });
});
