/** Which way a text runs, by its first letter that has a direction, as `dir="auto"` judges it. */

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and those after them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

export function directionOf(text: string): "rtl" | "ltr" {
  const letter = LETTER.exec(text)?.[0] ?? "";
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}
