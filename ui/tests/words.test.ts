import { expect, test } from "vitest";
import { plural } from "../src/components/plural";
import { when } from "../src/components/when";
import { countWords, wholeWords } from "../src/components/words";

test("a_word_that_may_still_grow_is_held_back", () => {
  expect(wholeWords("The salt ca")).toBe("The salt ");
  expect(wholeWords("The salt came ")).toBe("The salt came ");
  expect(wholeWords("Th")).toBe("");
});

test("text_without_spaces_is_not_held_back", () => {
  expect(wholeWords("夜のパン屋")).toBe("夜のパン屋");
  expect(wholeWords("ขนมปัง")).toBe("ขนมปัง");
});

test("a_word_without_end_is_shown_at_last", () => {
  const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk";
  expect(wholeWords(`Die ${long}`)).toBe(`Die ${long}`);
});

test("words_are_counted_as_the_language_counts_them", () => {
  expect(countWords("The salt, came “first”.")).toBe(4);
  expect(countWords("")).toBe(0);
  expect(countWords("夜のパン屋")).toBeGreaterThan(1);
});

test("one_word_is_not_one_words", () => {
  expect(plural(1, "word")).toBe("1 word");
  expect(plural(2048, "word")).toBe("2,048 words");
});

test("a_moment_is_said_as_one_says_it", () => {
  const now = new Date(2026, 10, 19, 15, 0).getTime();
  expect(when(new Date(2026, 10, 19, 9, 5).getTime(), now)).toBe("09:05");
  expect(when(new Date(2026, 10, 17, 9, 5).getTime(), now)).toBe("Tuesday");
  expect(when(new Date(2026, 9, 3, 9, 5).getTime(), now)).toBe("3 Oct 2026");
});
