/** How many words: Chinese and Japanese by characters. The crate `manuscript` counts the same way. */
const PIECE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[\p{L}\p{N}\p{M}_])+(?:['’.,:·](?=[\p{L}\p{N}])(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[\p{L}\p{N}\p{M}_]+)*/gu;

export function countWords(text: string): number {
  return text.match(PIECE)?.length ?? 0;
}
