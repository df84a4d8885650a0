/** The language of a text, by its script and by the small words that every text has. */

/** So much of a text says it. */
const LOOKED_AT = 4000;
/** So many of a language's own words, and so many times as many as of any other. */
const ENOUGH = 6;
const CLEARLY = 1.4;

const SCRIPTS: readonly [string, RegExp][] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["zh", /\p{Script=Han}/gu],
  ["uk", /[іїєґ]/giu],
  ["ru", /\p{Script=Cyrillic}/gu],
];
/** A share of the letters from which on a script is the text's. */
const MOSTLY = 0.05;

const SMALL: Record<string, string> = {
  cs: "a se na že je to v byl jako když ale jeho by jsem už",
  da: "og det er en at på ikke han hun var med til af jeg som den",
  de: "und der die das nicht war sich mit ein ich sie auf dem den es zu",
  en: "the and of to was in that it he she with his her had for not",
  es: "que de la el en y los se no las por con una su había",
  fi: "ja on oli ei hän se että mutta niin kun kuin minä ovat sen",
  fr: "le la les et des est dans une que qui elle il pas pour avait ne",
  it: "che di il la e non si un una con per era le della sono",
  nl: "de het een en van dat niet was hij zij met op zijn haar ik",
  pl: "się nie na że jest w do jak był ale jego po i to już",
  pt: "que de o a e não os se uma um com por do da era",
  sv: "och det att en som på inte han hon var med för jag är den",
};
const WORDS = new Map(Object.entries(SMALL).map(([tongue, words]) => [tongue, new Set(words.split(" "))]));

/** A tag such as "de"; "" where it is not clear. */
export function guessLanguage(text: string): string {
  const looked = text.slice(0, LOOKED_AT);
  const letters = looked.match(/\p{L}/gu)?.length ?? 0;
  for (const [tongue, sign] of SCRIPTS)
    if ((looked.match(sign)?.length ?? 0) > Math.max(ENOUGH, letters * MOSTLY)) return tongue;
  const words = looked.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counted = [...WORDS].map(
    ([tongue, small]) => [tongue, words.filter((word) => small.has(word)).length] as const,
  );
  counted.sort(([, one], [, other]) => other - one);
  const [first, second] = counted;
  if (!first || !second || first[1] < ENOUGH || first[1] < second[1] * CLEARLY) return "";
  return first[0];
}
